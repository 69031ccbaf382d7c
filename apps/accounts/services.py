from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from apps.accounts import selectors
from apps.accounts.errors import EmailTaken, PasswordChanged
from apps.accounts.models import School, SchoolInstructor, User
from apps.core.services import event_append

DEFAULT_SCHOOL_SLUG = "school"


def user_create(
    *,
    email: str,
    password: str | None,
    display_name: str,
    language: str = settings.LANGUAGE_CODE,
    time_zone: str = "UTC",
    now: datetime,
) -> User:
    """Add a person who is nothing yet but a reader; their address is still to be confirmed.

    password: None for someone who will choose one by “forgotten password”.
    Raises: EmailTaken, ValidationError.  Queries: 2.
    """
    user = User(
        email=email.strip().lower(),
        display_name=display_name.strip(),
        language=language,
        time_zone=time_zone,
        date_joined=now,
    )
    user.set_password(password)
    return user_save(user=user, actor=None, now=now)


@transaction.atomic
def user_save(*, user: User, actor: User | None, now: datetime) -> User:
    """Write a new or changed person, their address in lower case.

    actor: the administrator; None when people act for themselves.
    Raises: EmailTaken, ValidationError.  Queries: 2.
    """
    is_new = user.pk is None
    user.email = user.email.lower()
    user.clean_fields()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise EmailTaken(_("Another account has this address.")) from error
    event_append(
        kind="person.created" if is_new else "person.changed",
        subject_id=user.public_id,
        school_id=None,
        actor_id=(actor or user).public_id,
        now=now,
    )
    return user


@transaction.atomic
def email_confirm(*, user: User) -> None:
    """Vouch for the person's address: from now on it is their only one, and confirmed.

    For accounts that the installation itself makes; everybody else follows the link in a letter.
    Raises: EmailTaken where another account has confirmed it.  Queries: 3.
    """
    addresses = EmailAddress.objects.filter(user=user)
    addresses.exclude(email=user.email).delete()
    try:
        with transaction.atomic():
            addresses.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )
    except IntegrityError as error:
        raise EmailTaken(_("Another account has this address.")) from error


@transaction.atomic
def profile_save(
    *, user: User, display_name: str, language: str, time_zone: str, now: datetime
) -> User:
    """Write what people say about themselves.  Raises: ValidationError.  Queries: 2."""
    user.display_name = display_name.strip()
    user.language = language
    user.time_zone = time_zone
    user.clean_fields()
    user.save(update_fields=["display_name", "language", "time_zone"])
    event_append(
        kind="person.changed",
        subject_id=user.public_id,
        school_id=None,
        actor_id=user.public_id,
        now=now,
    )
    return user


@transaction.atomic
def password_save(
    *, user: User, password: str | None, ends_keys: bool, actor: User | None = None, now: datetime
) -> list[str]:
    """Give the person a new password; every session that knew the old one ends with it.

    password: None for nobody's: they will choose one by “forgotten password”.
    ends_keys: whether what opens anything of theirs without a password ends too, here and now.
    actor: the administrator; None when people act for themselves.
    Returns: what was ended, in words for the letter.
    Locks: User.  Queries: 3, and those of the ends.
    """
    person_hold(user=user)
    user.set_password(password)
    user.save(update_fields=["password"])
    ended = selectors.keys_of(user, now) if ends_keys else []
    for _selector, path in settings.ACCOUNT_KEYS if ends_keys else ():
        end: Callable[..., None] = import_string(path)
        end(user=user, now=now)
    event_append(
        kind="person.password_changed",
        subject_id=user.public_id,
        school_id=None,
        actor_id=(actor or user).public_id,
        now=now,
    )
    return ended


def person_lock(*, user: User) -> None:
    """Hold the person's row to the end of the transaction: who makes a key of theirs does it.

    user: as this request loaded them. A request that began before their password was changed makes
    no key that would outlive the change.  Raises: PasswordChanged.  Queries: 1.
    """
    known = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if known.password != user.password:
        raise PasswordChanged(_("Your password has just been changed. Please log in again."))


def person_hold(*, user: User) -> None:
    """Hold the person's row to the end of the transaction: who counts what is theirs before more
    is added does it, so that two at once do not both find room for the last.  Queries: 1.
    """
    User.objects.select_for_update(no_key=True).values_list("pk", flat=True).get(pk=user.pk)


@transaction.atomic
def second_factor_remove(*, user: User, actor: User, now: datetime) -> None:
    """Take away every authenticator app, passkey and recovery code of someone who lost them.

    They sign in with their password alone until they set up a second factor again.  Queries: 2.
    """
    Authenticator.objects.filter(user=user).delete()
    event_append(
        kind="person.second_factor_removed",
        subject_id=user.public_id,
        school_id=None,
        actor_id=actor.public_id,
        now=now,
    )


@transaction.atomic
def school_save(*, school: School, actor: User | None, now: datetime) -> School:
    """Write a new or changed school.  Raises: ValidationError.  Queries: 3."""
    is_new = school.pk is None
    school.full_clean()
    school.save()
    event_append(
        kind="school.created" if is_new else "school.changed",
        subject_id=school.public_id,
        school_id=school.public_id,
        actor_id=actor.public_id if actor else None,
        now=now,
    )
    return school


def school_create(*, name: str, slug: str, actor: User | None = None, now: datetime) -> School:
    """Add a tenant.  Raises: ValidationError where the slug is taken.  Queries: 3."""
    return school_save(school=School(name=name, slug=slug), actor=actor, now=now)


@transaction.atomic
def school_delete(*, school: School, actor: User, now: datetime) -> None:
    """Remove a school with all that is its own; a tombstone stays."""
    event_append(
        kind="school.deleted",
        subject_id=school.public_id,
        school_id=school.public_id,
        actor_id=actor.public_id,
        now=now,
        is_tombstone=True,
    )
    school.delete()


def school_ensure_default(*, now: datetime) -> School:
    """The first school, made where there is none; a second call changes nothing.

    Two processes that start together make one: the slug is unique.  Queries: 1, or 5.
    """
    school = School.objects.order_by("pk").first()
    if school is not None:
        return school
    try:
        return school_create(name=_("Our school"), slug=DEFAULT_SCHOOL_SLUG, now=now)
    except (IntegrityError, ValidationError):
        return School.objects.get(slug=DEFAULT_SCHOOL_SLUG)


@transaction.atomic
def instructor_add(
    *, school: School, user: User, actor: User | None, now: datetime
) -> SchoolInstructor:
    """Let a person write this school's courses and enter the admin; twice is once.

    Queries: 2, or 5 when it changes something.
    """
    instructor, is_new = SchoolInstructor.objects.get_or_create(school=school, user=user)
    if is_new:
        if not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
        event_append(
            kind="instructor.added",
            subject_id=user.public_id,
            school_id=school.public_id,
            actor_id=actor.public_id if actor else None,
            now=now,
        )
    return instructor


@transaction.atomic
def instructor_remove(*, instructor: SchoolInstructor, actor: User | None, now: datetime) -> None:
    """Undo instructor_add; whoever then has nothing left to edit may not enter the admin."""
    user, school = instructor.user, instructor.school
    instructor.delete()
    keeps_admin = user.is_editor or user.is_superuser or user.instructorships.exists()
    if user.is_staff and not keeps_admin:
        user.is_staff = False
        user.save(update_fields=["is_staff"])
    event_append(
        kind="instructor.removed",
        subject_id=user.public_id,
        school_id=school.public_id,
        actor_id=actor.public_id if actor else None,
        now=now,
        is_tombstone=True,
    )
