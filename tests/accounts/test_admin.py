import time
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from apps.accounts import services
from apps.accounts.models import School, SchoolInstructor, User
from apps.core.models import Event
from tests.accounts.steps import is_signed_in, log_in, totp_add, totp_code

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/accounts/user/"
SCHOOLS = "/admin/accounts/school/"


@pytest.fixture
def administrator(db: None) -> User:
    user = User.objects.create_superuser("root@quaid.example", "correct-horse-battery")
    services.email_confirm(user=user)
    return user


@pytest.fixture
def office(administrator: User, client_of: Callable[[User], Client]) -> Client:
    """A browser of the installation's administrator."""
    return client_of(administrator)


def person_form(user: User, **changes: str) -> dict[str, str]:
    form = {"email": user.email, "display_name": user.display_name}
    return {**form, "language": user.language, "time_zone": user.time_zone, **changes}


# The door


def test_admin_sends_a_stranger_to_the_one_log_in_page(client: Client) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"
    assertContains(response, "Forgotten your password?")


def test_admin_takes_no_password_of_its_own(client: Client, administrator: User) -> None:
    form = {"username": administrator.email, "password": "correct-horse-battery"}
    assert client.post("/admin/login/", form).status_code == 302
    assert not is_signed_in(client)


def test_admin_asks_for_the_second_factor(client: Client, administrator: User) -> None:
    secret = totp_add(administrator)
    form = {"login": administrator.email, "password": "correct-horse-battery", "next": "/admin/"}
    client.post("/accounts/login/", form)
    assert client.get("/admin/").status_code == 302
    with time_machine.travel(time.time(), tick=False):
        response = client.post("/accounts/login/second-factor/", {"code": totp_code(secret)})
    assertRedirects(response, "/admin/")


def test_admin_refuses_a_student(client: Client, student: User) -> None:
    log_in(client, student.email)
    assert client.get("/admin/login/").status_code == 403


def test_admin_changes_a_password_on_the_one_page(office: Client) -> None:
    assertRedirects(office.get("/admin/password_change/"), "/accounts/password/change/")


def test_admin_shows_no_other_way_to_people() -> None:
    registered = {model._meta.label for model in admin.site._registry}
    assert {"accounts.User", "accounts.School"} <= registered
    assert not registered & {
        "account.EmailAddress",
        "mfa.Authenticator",
        "usersessions.UserSession",
        "auth.Group",
    }


# Who manages people


@pytest.mark.parametrize("address", [PEOPLE, f"{PEOPLE}add/", SCHOOLS, f"{SCHOOLS}add/"])
def test_people_and_schools_are_the_administrators_alone(
    address: str,
    cast: dict[str, User | AnonymousUser],
    client_of: Callable[[User | AnonymousUser], Client],
    office: Client,
) -> None:
    statuses = {role: client_of(user).get(address).status_code for role, user in cast.items()}
    assert statuses == {
        "instructor": 403,
        "student": 302,
        "classmate": 302,
        "outsider": 302,
        "anonymous": 302,
    }
    assert office.get(address).status_code == 200


def test_instructor_changes_nobody(
    instructor: User, student: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(instructor)
    for address in (f"{PEOPLE}{student.pk}/change/", f"{PEOPLE}{student.pk}/password/"):
        assert client.get(address).status_code in {403, 404}
        assert client.post(address, person_form(student, is_superuser="on")).status_code in {
            403,
            404,
        }
    student.refresh_from_db()
    assert not student.is_superuser


def test_choices_of_an_instructor_are_their_own_schools(
    instructor: User, school: School, other_school: School, rf: object
) -> None:
    request = type("Request", (), {"user": instructor})()
    schools = admin.site.get_model_admin(School).get_queryset(request)
    people = admin.site.get_model_admin(User).get_queryset(request)
    assert (list(schools), list(people)) == ([school], [])


# People


def test_administrator_adds_a_person_who_can_log_in(office: Client) -> None:
    form = {
        "email": "New@Quaid.example",
        "display_name": "Noor",
        "usable_password": "true",
        "password1": "seven-quiet-lanterns",
        "password2": "seven-quiet-lanterns",
    }
    assert office.post(f"{PEOPLE}add/", form).status_code == 302
    user = User.objects.get(email="new@quaid.example")
    assert not user.is_staff
    assert EmailAddress.objects.get(user=user).verified
    assertRedirects(log_in(Client(), user.email, "seven-quiet-lanterns"), "/home/")


def test_administrator_moves_a_person_to_another_address(office: Client, student: User) -> None:
    form = person_form(student, email="Bilal@Quaid.example", is_active="on")
    assert office.post(f"{PEOPLE}{student.pk}/change/", form).status_code == 302
    student.refresh_from_db()
    assert student.email == "bilal@quaid.example"
    addresses = EmailAddress.objects.filter(user=student)
    assert list(addresses.values_list("email", "verified", "primary")) == [
        (student.email, True, True)
    ]


def test_administrator_cannot_give_a_taken_address(
    office: Client, student: User, classmate: User
) -> None:
    form = person_form(student, email="Classmate@quaid.example", is_active="on")
    response = office.post(f"{PEOPLE}{student.pk}/change/", form)
    assertContains(response, "Another account has this address.")


def test_administrator_removes_a_lost_second_factor(office: Client, student: User) -> None:
    totp_add(student)
    form = {"action": "second_factor_remove", "_selected_action": [student.pk]}
    response = office.post(PEOPLE, form, follow=True)
    assertContains(response, "1 person signs in by password alone now.")
    assert not Authenticator.objects.exists()
    history = office.get(f"{PEOPLE}{student.pk}/history/")
    assertContains(history, "Removed the second factor.")


def test_nobody_is_deleted_here_but_erased_on_a_page_of_its_own(
    office: Client, instructor: User, student: User, client_of: Callable[[User], Client]
) -> None:
    page = f"/privacy/people/{student.public_id}/"
    assertContains(office.get(f"{PEOPLE}{student.pk}/change/"), f'href="{page}"')
    deletion = f"{PEOPLE}{student.pk}/delete/"
    assertRedirects(office.post(deletion, {"post": "yes"}), page)
    chosen = {"action": "delete_selected", "_selected_action": [student.pk], "post": "yes"}
    office.post(PEOPLE, chosen)
    assert client_of(instructor).post(deletion, {"post": "yes"}).status_code == 404
    assert User.objects.filter(pk=student.pk, is_active=True).exists()


def test_list_of_people_is_found_by_name(office: Client, student: User, classmate: User) -> None:
    response = office.get(PEOPLE, {"q": "zainab"})
    assertContains(response, classmate.email)
    assert student.email not in response.content.decode()


# Schools


def school_form(school: School, **changes: str) -> dict[str, str]:
    form = {
        "name": school.name,
        "slug": school.slug,
        "instructorships-TOTAL_FORMS": "0",
        "instructorships-INITIAL_FORMS": "0",
    }
    return {**form, **changes}


def test_administrator_adds_an_instructor(office: Client, school: School, student: User) -> None:
    form = school_form(
        school,
        **{"instructorships-TOTAL_FORMS": "1", "instructorships-0-user": str(student.pk)},
    )
    assert office.post(f"{SCHOOLS}{school.pk}/change/", form).status_code == 302
    student.refresh_from_db()
    assert student.is_staff
    assert SchoolInstructor.objects.filter(school=school, user=student).exists()


def test_administrator_removes_an_instructor(
    office: Client, school: School, instructor: User
) -> None:
    User.objects.filter(pk=instructor.pk).update(is_editor=False)
    form = school_form(
        school,
        **{
            "instructorships-TOTAL_FORMS": "1",
            "instructorships-INITIAL_FORMS": "1",
            "instructorships-0-id": str(instructor.instructorships.get().pk),
            "instructorships-0-school": str(school.pk),
            "instructorships-0-DELETE": "on",
        },
    )
    assert office.post(f"{SCHOOLS}{school.pk}/change/", form).status_code == 302
    instructor.refresh_from_db()
    assert not instructor.is_staff


def test_administrator_adds_and_deletes_a_school(office: Client) -> None:
    office.post(f"{SCHOOLS}add/", school_form(School(name="Lyceum", slug="lyceum")))
    school = School.objects.get(slug="lyceum")
    office.post(f"{SCHOOLS}{school.pk}/delete/", {"post": "yes"})
    kinds = Event.objects.filter(subject_id=school.public_id).order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["school.created", "school.deleted"]
