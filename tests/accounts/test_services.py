from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from apps.accounts import services
from apps.accounts.errors import EmailTaken
from apps.accounts.models import School, SchoolInstructor, User
from apps.core.models import Event
from tests import factories
from tests.accounts.steps import totp_add

pytestmark = pytest.mark.django_db


Events = Callable[[], list[tuple[str, Any, Any, Any, bool]]]


@pytest.fixture
def events(db: None) -> Events:
    """A function that says what was told since the test began; ask for it last, after the cast."""
    begin = Event.objects.count()

    def told() -> list[tuple[str, Any, Any, Any, bool]]:
        fields = ("kind", "subject_id", "school_id", "actor_id", "is_tombstone")
        return list(Event.objects.order_by("id").values_list(*fields)[begin:])

    return told


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("root@quaid.example")


def test_user_create_makes_a_reader(
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
    events: Events,
) -> None:
    with django_assert_num_queries(6):  # the person, the event; two savepoints opened and closed
        user = services.user_create(
            email=" Ayesha@Quaid.Example",
            password="a password",
            display_name=" Ayesha ",
            language="ur",
            time_zone="Asia/Karachi",
            now=now,
        )
    user.refresh_from_db()
    assert (user.email, user.display_name) == ("ayesha@quaid.example", "Ayesha")
    assert (user.language, user.time_zone, user.date_joined) == ("ur", "Asia/Karachi", now)
    assert (user.is_staff, user.is_editor, user.is_superuser) == (False, False, False)
    assert user.check_password("a password")
    assert events() == [("person.created", user.public_id, None, user.public_id, False)]


def test_user_create_without_password_lets_nobody_in(now: datetime) -> None:
    user = services.user_create(email="a@b.example", password=None, display_name="", now=now)
    assert not user.has_usable_password()


def test_user_create_of_a_taken_address_writes_nothing(
    student: User, now: datetime, events: Events
) -> None:
    with pytest.raises(EmailTaken):
        services.user_create(
            email=student.email.upper(), password=None, display_name="Somebody", now=now
        )
    assert events() == []


@pytest.mark.parametrize(
    "fields", [{"time_zone": "Mars/Olympus"}, {"language": "tlh"}, {"email": "nobody"}]
)
def test_user_create_of_nonsense_is_refused(fields: dict[str, str], now: datetime) -> None:
    person: dict[str, Any] = {"email": "a@b.example", "password": None, "display_name": ""}
    with pytest.raises(ValidationError):
        services.user_create(**{**person, **fields}, now=now)


def test_user_save_names_who_did_it(
    student: User, administrator: User, now: datetime, events: Events
) -> None:
    student.display_name = "Bilal A."
    services.user_save(user=student, actor=administrator, now=now)
    assert events() == [("person.changed", student.public_id, None, administrator.public_id, False)]


def test_email_confirm_leaves_one_address(student: User) -> None:
    EmailAddress.objects.create(user=student, email="old@quaid.example", verified=True)
    services.email_confirm(user=student)
    addresses = EmailAddress.objects.filter(user=student)
    assert list(addresses.values_list("email", "verified", "primary")) == [
        (student.email, True, True)
    ]


def test_email_confirm_of_another_accounts_address_is_refused(
    student: User, classmate: User
) -> None:
    EmailAddress.objects.filter(user=student).delete()
    EmailAddress.objects.create(user=classmate, email=student.email, verified=True)
    with pytest.raises(EmailTaken):
        services.email_confirm(user=student)


def test_profile_save_writes_three_fields(student: User, now: datetime, events: Events) -> None:
    services.profile_save(
        user=student, display_name=" Bilal ", language="ru", time_zone="Europe/Moscow", now=now
    )
    student.refresh_from_db()
    assert (student.display_name, student.language, student.time_zone) == (
        "Bilal",
        "ru",
        "Europe/Moscow",
    )
    assert [event[0] for event in events()] == ["person.changed"]


def test_profile_save_of_an_unknown_zone_writes_nothing(
    student: User, now: datetime, events: Events
) -> None:
    with pytest.raises(ValidationError):
        services.profile_save(
            user=student, display_name="B", language="en", time_zone="../zone", now=now
        )
    student.refresh_from_db()
    assert (student.display_name, student.time_zone) == ("Bilal Ahmed", "UTC")
    assert events() == []


def test_second_factor_remove_takes_every_kind(
    student: User,
    classmate: User,
    administrator: User,
    now: datetime,
    events: Events,
) -> None:
    totp_add(student)
    totp_add(classmate)
    services.second_factor_remove(user=student, actor=administrator, now=now)
    assert not Authenticator.objects.filter(user=student).exists()
    assert Authenticator.objects.filter(user=classmate).count() == 2
    assert [event[0] for event in events()] == ["person.second_factor_removed"]


def test_school_create_and_change_tell_of_the_school(now: datetime, events: Events) -> None:
    school = services.school_create(name="Quaid", slug="quaid", now=now)
    school.name = "Quaid High School"
    services.school_save(school=school, actor=None, now=now)
    assert events() == [
        ("school.created", school.public_id, school.public_id, None, False),
        ("school.changed", school.public_id, school.public_id, None, False),
    ]


def test_school_create_of_a_taken_slug_is_refused(school: School, now: datetime) -> None:
    with pytest.raises(ValidationError):
        services.school_create(name="Another", slug=school.slug, now=now)


def test_school_delete_leaves_a_tombstone(
    school: School,
    administrator: User,
    now: datetime,
    events: Events,
) -> None:
    public_id = school.public_id
    services.school_delete(school=school, actor=administrator, now=now)
    assert events() == [("school.deleted", public_id, public_id, administrator.public_id, True)]


def test_school_ensure_default_makes_one_school_once(now: datetime, events: Events) -> None:
    first = services.school_ensure_default(now=now)
    assert services.school_ensure_default(now=now) == first
    assert School.objects.count() == 1
    assert [event[0] for event in events()] == ["school.created"]


def test_school_ensure_default_takes_the_school_that_is_there(
    school: School, now: datetime
) -> None:
    assert services.school_ensure_default(now=now) == school


def test_instructor_add_twice_is_once(
    school: School, student: User, now: datetime, events: Events
) -> None:
    for _ in range(2):
        services.instructor_add(school=school, user=student, actor=None, now=now)
    student.refresh_from_db()
    assert student.is_staff
    assert SchoolInstructor.objects.filter(school=school, user=student).count() == 1
    assert events() == [("instructor.added", student.public_id, school.public_id, None, False)]


def test_instructor_remove_closes_the_admin(
    school: School,
    other_school: School,
    student: User,
    now: datetime,
    events: Events,
) -> None:
    instructorships = [
        services.instructor_add(school=place, user=student, actor=None, now=now)
        for place in (school, other_school)
    ]
    is_staff = []
    for instructor in instructorships:
        services.instructor_remove(instructor=instructor, actor=None, now=now)
        student.refresh_from_db()
        is_staff.append(student.is_staff)
    assert is_staff == [True, False]
    assert events()[-1] == (
        "instructor.removed",
        student.public_id,
        other_school.public_id,
        None,
        True,
    )


def test_instructor_remove_leaves_an_editor_in_the_admin(school: School, now: datetime) -> None:
    editor = factories.instructor_create(school, is_editor=True)
    services.instructor_remove(instructor=editor.instructorships.get(), actor=None, now=now)
    editor.refresh_from_db()
    assert editor.is_staff
