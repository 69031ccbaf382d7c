"""What the pages say and do, and what they never show."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.models import User
from apps.classrooms import services
from apps.classrooms.models import Accommodation, Classroom, Enrolment, Invitation
from tests.classrooms.factories import classroom_create, students_add
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def path(classroom: Classroom, instructor: User) -> str:
    """The address of a class whose code is open now."""
    services.join_code_renew(classroom=classroom, actor=instructor, now=timezone.now())
    return f"/classes/{classroom.public_id}/"


def code_of(classroom: Classroom) -> str:
    code: str = classroom.join_codes.get(closed_at=None).code
    return code


# What students see


def test_overview_shows_students_names_and_no_addresses(
    path: str, classroom: Classroom, student: User, classmate: User, client_of: ClientOf
) -> None:
    User.objects.filter(pk=classmate.pk).update(display_name="")
    page = client_of(student).get(path)
    assertContains(page, "Bilal Ahmed")
    assertContains(page, "Somebody without a name")
    assertNotContains(page, "@")
    assertNotContains(page, classmate.email.split("@")[0] + "@")
    assertNotContains(page, code_of(classroom)[:4])


def test_overview_shows_a_student_their_own_grants_without_the_reason(
    path: str, enrolment: Enrolment, classmate: User, client_of: ClientOf
) -> None:
    Accommodation.objects.create(enrolment=enrolment, time_ratio="1.50", note="Private")
    page = client_of(enrolment.user).get(path)
    assertContains(page, "1.5 times the time")
    assertNotContains(page, "Private")
    assertNotContains(client_of(classmate).get(path), "What holds for you")


def test_overview_shows_staff_the_code(
    path: str, classroom: Classroom, assistant: User, client_of: ClientOf
) -> None:
    code = code_of(classroom)
    assertContains(client_of(assistant).get(path), f"{code[:4]}-{code[4:]}")


def test_people_shows_assistants_no_controls_and_no_grants(
    path: str, enrolment: Enrolment, assistant: User, instructor: User, client_of: ClientOf
) -> None:
    Accommodation.objects.create(enrolment=enrolment, extra_attempts=1)
    assertContains(client_of(instructor).get(f"{path}people/"), "accommodated")
    page = client_of(assistant).get(f"{path}people/")
    for words in ("accommodated", "people/import", "people/invite", str(enrolment.public_id)):
        assertNotContains(page, words)
    assertContains(page, enrolment.user.email)


def test_tabs_are_those_of_the_role(
    path: str, instructor: User, assistant: User, student: User, client_of: ClientOf
) -> None:
    for user, people, settings in (
        (instructor, True, True),
        (assistant, True, False),
        (student, False, False),
    ):
        text = client_of(user).get(path).content.decode()
        assert (f"{path}people/" in text, f"{path}settings/" in text) == (people, settings)


# Joining


def test_link_fills_the_box_and_joins_nobody(
    path: str, classroom: Classroom, outsider: User, client_of: ClientOf
) -> None:
    code = code_of(classroom)
    client = client_of(outsider)
    assertContains(client.get(f"/classes/join/?code={code}"), f"{code[:4]}-{code[4:]}")
    assert not Enrolment.objects.filter(user=outsider).exists()
    assertRedirects(client.post("/classes/join/", {"code": code}), path)


@pytest.mark.parametrize(
    ("keeps_marks", "words"), [(True, "stay, under no name"), (False, "go with you")]
)
def test_whoever_comes_in_is_told_what_becomes_of_marks(
    keeps_marks: bool,
    words: str,
    classroom: Classroom,
    instructor: User,
    outsider: User,
    client_of: ClientOf,
) -> None:
    """In the letter, beside the place that is kept, and as they come in; staff have no marks."""
    Classroom.objects.filter(pk=classroom.pk).update(keeps_marks=keeps_marks)
    for email, role in ((outsider.email, "student"), ("a@b.example", "assistant")):
        services.invitation_create(
            classroom=classroom, email=email, role=role, actor=instructor, now=NOW
        )
    services.invitations_send_due(now=NOW)
    told = [f"your marks in this class {words}" in str(letter.body) for letter in mail.outbox]
    assert told == [True, False]
    client = client_of(outsider)
    kept = "under no name" if keeps_marks else "takes their marks in this class with them"
    assertContains(client.get("/classes/"), kept)
    invitation = classroom.invitations.get(email=outsider.email)
    accept = f"/classes/invitations/{invitation.public_id}/accept/"
    assertContains(client.post(accept, follow=True), f"your marks here {words}")


def test_join_is_limited_for_a_person_and_spares_others(
    path: str, classroom: Classroom, outsider: User, foreign_instructor: User, client_of: ClientOf
) -> None:
    client = client_of(outsider)
    statuses = [
        client.post("/classes/join/", {"code": "ACDEFGHJ"}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(11)
    ]
    assert statuses == [200] * 10 + [429]
    right = {"code": code_of(classroom)}
    assert client.post("/classes/join/", right).status_code == 429
    assertRedirects(client_of(foreign_instructor).post("/classes/join/", right), path)


def test_join_is_limited_for_an_address(
    settings: Any,
    student: User,
    classmate: User,
    client_of: ClientOf,
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"classroom_join": "10/10m/user,3/m/ip"}
    statuses = [
        client_of(user).post("/classes/join/", {"code": "ACDEFGHJ"}).status_code
        for user in (student, classmate, student, classmate)
    ]
    assert statuses == [200, 200, 200, 429]


# Lists


def test_import_shows_a_plan_and_takes_it_at_the_second_post(
    path: str, classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    raw = "email;name\r\nnew@b.example;Жанна\r\n".encode("utf-16")
    page = client.post(f"{path}people/import/", {"file": SimpleUploadedFile("a.csv", raw)})
    assertContains(page, "Жанна")
    assert not Invitation.objects.exists()
    text = page.context["confirmation"].initial["text"]
    answer = client.post(f"{path}people/import/", {"confirm": "1", "text": text})
    assertRedirects(answer, f"{path}people/")
    assert Invitation.objects.get().display_name == "Жанна"


def test_import_believes_nothing_of_the_preview(
    path: str, instructor: User, client_of: ClientOf
) -> None:
    text = "email,role\na@b.example,student\nc@d.example,king\n"
    page = client_of(instructor).post(f"{path}people/import/", {"confirm": "1", "text": text})
    assertContains(page, "Line 3")
    assertContains(page, "“king” is no role")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04\xff\x00", "no text that can be read"),
        (b"a" * 600_000, "larger than 512 KB"),
        (b"", "names nobody"),
        (b"<script>alert(1)</script>,x\n", "must name the columns"),
    ],
)
def test_import_says_what_is_wrong_with_a_file(
    raw: bytes, words: str, path: str, instructor: User, client_of: ClientOf
) -> None:
    file = SimpleUploadedFile("a.csv", raw)
    page = client_of(instructor).post(f"{path}people/import/", {"file": file})
    assertContains(page, words)
    assertNotContains(page, "<script>alert")


def test_export_has_formulas_neutralised(
    path: str, instructor: User, student: User, client_of: ClientOf
) -> None:
    User.objects.filter(pk=student.pk).update(display_name='=HYPERLINK("x")')
    response = client_of(instructor).get(f"{path}people/people.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'student@quaid.example,"\'=HYPERLINK(""x"")",student,' in response.content.decode()


# People


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=zainab", ["Zainab Ali"]),
        ("q=ZAINÄB", ["Zainab Ali"]),
        ("q=student@", ["Bilal Ahmed"]),
        ("role=assistant", ["Sana Malik"]),
        ("q=nobody", []),
        ("role=king&page=x", ["Ayesha Khan", "Sana Malik", "Bilal Ahmed", "Zainab Ali"]),
    ],
)
def test_people_are_found_by_name_address_and_role(
    query: str, found: list[str], path: str, instructor: User, client_of: ClientOf
) -> None:
    page = client_of(instructor).get(f"{path}people/?{query}")
    assert [row.user.display_name for row in page.context["page"].members] == found


def test_instructor_changes_a_role_takes_out_and_lets_in_again(
    path: str, enrolment: Enrolment, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    person = f"{path}people/{enrolment.public_id}/"
    assertRedirects(client.post(person, {"role": "assistant"}), f"{path}people/")
    assertRedirects(client.post(f"{person}remove/"), f"{path}people/")
    enrolment.refresh_from_db()
    assert enrolment.removed_at is not None
    client.post(f"{person}restore/")
    again = Enrolment.objects.get(pk=enrolment.pk)
    assert (again.role, again.removed_at) == ("assistant", None)


def test_last_instructor_is_told_why_they_stay(
    path: str, classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    mine = classroom.enrolments.get(user=instructor)
    client = client_of(instructor)
    page = client.post(f"{path}people/{mine.public_id}/remove/", follow=True)
    assertContains(page, "A class needs an instructor")
    page = client.post(f"{path}people/{mine.public_id}/", {"role": "student"})
    assertContains(page, "A class needs an instructor")


def test_accommodation_is_entered_in_the_classs_time_zone(
    path: str, classroom: Classroom, enrolment: Enrolment, instructor: User, client_of: ClientOf
) -> None:
    Classroom.objects.filter(pk=classroom.pk).update(time_zone="Asia/Karachi")
    client = client_of(instructor)
    grants = f"{path}people/{enrolment.public_id}/accommodations/"
    client.post(grants, {"time_ratio": "1.5", "due_at": "2026-03-10T23:59"})
    row = Accommodation.objects.get()
    assert row.due_at == datetime(2026, 3, 10, 18, 59, tzinfo=UTC)
    assertContains(client.get(f"{grants}{row.public_id}/"), 'value="2026-03-10T23:59"')
    page = client.post(grants, {"note": "Nothing"})
    assertContains(page, "Say what is granted")
    client.post(f"{grants}{row.public_id}/delete/")
    assert not Accommodation.objects.exists()


def test_settings_are_saved_and_the_class_ends_and_runs_again(
    path: str, classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    fields = {"title": "Diplomacy", "language": "ur", "time_zone": "Asia/Karachi"}
    wrong = {**fields, "starts_on": "2026-03-02", "ends_on": "2026-03-01"}
    assertContains(client.post(f"{path}settings/", wrong), "cannot end before it begins")
    assertRedirects(client.post(f"{path}settings/", fields), f"{path}settings/")
    client.post(f"{path}settings/archive/")
    assertContains(client_of(student).get(path), "This class ended on")
    client.post(f"{path}settings/unarchive/")
    classroom.refresh_from_db()
    assert (classroom.title, classroom.archived_at) == ("Diplomacy", None)


def test_create_offers_the_schools_own_and_shared_courses_alone(
    instructor: User, classroom: Classroom, foreign_classroom: Classroom, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    page = client.get("/classes/new/")
    offered = [value for value, _title in page.context["form"].fields["course"].choices]
    assert offered == ["quaid/class-course"]
    fields = {"title": "New", "language": "en", "time_zone": "UTC"}
    assertContains(
        client.post("/classes/new/", {**fields, "course": "quaid/neva-course"}), "Select a valid"
    )
    client.post("/classes/new/", {**fields, "course": "quaid/class-course"})
    assert Classroom.objects.get(title="New").enrolments.get().user == instructor


def test_invitation_is_seen_and_accepted_under_classes(
    path: str, classroom: Classroom, instructor: User, outsider: User, client_of: ClientOf
) -> None:
    client_of(instructor).post(
        f"{path}people/invite/", {"email": outsider.email, "role": "student"}
    )
    row = Invitation.objects.get()
    client = client_of(outsider)
    assertContains(client.get("/classes/"), classroom.title)
    assertRedirects(client.post(f"/classes/invitations/{row.public_id}/accept/"), path)


# What pages cost


@pytest.mark.parametrize("count", [1, 30])
def test_pages_cost_the_same_with_one_and_with_thirty(
    count: int,
    path: str,
    classroom: Classroom,
    instructor: User,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for person in students_add(classroom, count, actor=instructor):
        row = classroom.enrolments.get(user=person)
        Accommodation.objects.create(enrolment=row, extra_attempts=1)
        services.invitation_create(
            classroom=classroom, email=f"new-{person.pk}@b.example", actor=instructor, now=NOW
        )
    client = client_of(instructor)
    # session, person, the class with the viewer's place, the names, the code, its quizzes,
    # its debates
    with django_assert_num_queries(7):
        client.get(path)
    # session, person, the class, its people with their grants, its invitations
    with django_assert_num_queries(5):
        client.get(f"{path}people/")
    # session, person, the class, its people
    with django_assert_num_queries(4):
        client.get(f"{path}people/people.csv")


@pytest.mark.parametrize("count", [1, 30])
def test_home_costs_the_same_with_one_and_with_thirty_classes(
    count: int,
    classroom: Classroom,
    foreign_classroom: Classroom,
    instructor: User,
    foreign_instructor: User,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        classroom_create(
            classroom.school, instructor, course=classroom.course, title=f"Class {number}"
        )
    services.invitation_create(
        classroom=foreign_classroom, email=instructor.email, actor=foreign_instructor, now=NOW
    )
    client = client_of(instructor)
    # session, person, the classes, the invitations, whether they teach somewhere
    with django_assert_num_queries(5):
        page = client.get("/classes/")
    assert len(page.context["page"].running) == count + 1


def test_people_come_a_hundred_to_a_page(
    path: str, classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    Enrolment.objects.bulk_create(
        Enrolment(classroom=classroom, user=user)
        for user in User.objects.bulk_create(
            User(email=f"p{n}@b.example", display_name=f"P {n}") for n in range(120)
        )
    )
    client = client_of(instructor)
    assertContains(client.get(f"{path}people/"), "Page 1 of 2")
    assert len(client.get(f"{path}people/?page=2").context["page"].members) == 24


def test_expired_code_is_shown_to_nobody(
    path: str, classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    classroom.join_codes.update(expires_at=timezone.now() - timedelta(seconds=1))
    assertContains(client_of(instructor).get(path), "No code opens this class now")
