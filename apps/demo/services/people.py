import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import ProtectedError

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.demo import policies
from apps.demo.enums import Role
from apps.demo.selectors import PEOPLE, DemoPerson

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike


@dataclass(frozen=True)
class DemoAccount:
    email: str
    role: Role
    # None: made by an earlier run, which alone could say it.
    password: str | None


@transaction.atomic
def demo_accounts_create(
    *, is_loopback: bool, now: datetime, is_reset: bool = False
) -> list[DemoAccount]:
    """Make the demo's people who are absent, each with a confirmed address and a random password.

    is_loopback: whether this machine alone can reach the site.
    is_reset: give a new password to those who are there already.
    Returns: everybody, in a fixed order; with a password only who got one now.
    Raises: DemoRefused.
    """
    policies.check_may_have_demo(is_loopback=is_loopback)
    return [_account_ensure(person, is_reset=is_reset, now=now) for person in PEOPLE]


@transaction.atomic
def demo_accounts_delete(*, now: datetime) -> list[str]:
    """Remove the demo's people, so that the site may be opened to others.

    What they wrote and published stays, under nobody's name.  Returns: the addresses that are gone.
    """
    people = list(User.objects.filter(email__in=[person.email for person in PEOPLE]).order_by("pk"))
    addresses = [user.email for user in people]
    for user in people:
        _account_remove(user, now=now)
    return addresses


def _account_remove(user: User, *, now: datetime) -> None:
    """Delete the account; where others' work hangs on it, leave one without name or way in."""
    try:
        with transaction.atomic():
            accounts.user_delete(user=user, actor=user, now=now)
    except ProtectedError:
        EmailAddress.objects.filter(user=user).delete()
        user.instructorships.all().delete()
        user.email, user.display_name = f"gone-{user.public_id.hex}@majlis.invalid", ""
        user.set_unusable_password()
        user.is_active = user.is_staff = user.is_editor = False
        accounts.user_save(user=user, actor=None, now=now)


def _account_ensure(person: DemoPerson, *, is_reset: bool, now: datetime) -> DemoAccount:
    user = User.objects.filter(email=person.email).first()
    if user is not None and not is_reset:
        return DemoAccount(person.email, person.role, password=None)
    password = _password()
    if user is None:
        _account_create(person, password, now=now)
    else:
        user.set_password(password)
        accounts.user_save(user=user, actor=None, now=now)
    return DemoAccount(person.email, person.role, password)


def _account_create(person: DemoPerson, password: str, *, now: datetime) -> None:
    user = accounts.user_create(
        email=person.email,
        password=password,
        display_name=person.name,
        time_zone=person.time_zone,
        now=now,
    )
    accounts.email_confirm(user=user)
    if person.role == Role.INSTRUCTOR:
        user.is_editor = True
        accounts.user_save(user=user, actor=None, now=now)
        school = accounts.school_ensure_default(now=now)
        accounts.instructor_add(school=school, user=user, actor=None, now=now)


def _password() -> str:
    """About 74 bits, easy to read aloud and to type."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))
