"""What may be done to a class, by whom it is decided, and what it leaves behind."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import School, User
from apps.classrooms import codes, services
from apps.classrooms.enums import Role
from apps.classrooms.errors import (
    AlreadyThere,
    ClassroomArchived,
    CodeRefused,
    IdTaken,
    InvalidDates,
    LastInstructor,
    NothingGranted,
    Removed,
    RosterRefused,
)
from apps.classrooms.models import Accommodation, Classroom, Enrolment, Invitation, JoinCode
from apps.core.errors import DomainError, NotFound
from apps.core.models import Event
from tests.accounts.steps import unconfirmed
from tests.classrooms.factories import classroom_create
from tests.content.factories import course_create
from tests.factories import NOW, person_create

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def code_of(classroom: Classroom) -> str:
    code: JoinCode = classroom.join_codes.get(closed_at=None)
    return code.code


def last_event() -> tuple[str, Any]:
    event = Event.objects.latest("id")
    return event.kind, event.subject_id


# Classes


def test_classroom_create_makes_its_maker_instructor_and_opens_a_code(
    classroom: Classroom, instructor: User
) -> None:
    row = classroom.enrolments.get(user=instructor)
    assert row.role == Role.INSTRUCTOR
    code = classroom.join_codes.get()
    assert len(code.code) == 8
    assert code.expires_at == NOW + timedelta(days=30)
    assert Event.objects.filter(kind="classroom.created", subject_id=classroom.public_id).exists()


def test_classroom_create_takes_a_shared_course(school: School, instructor: User) -> None:
    shared = course_create(slug="shared")
    assert classroom_create(school, instructor, course=shared).course == shared


def test_classroom_create_refuses_another_schools_course(
    school: School, other_school: School, instructor: User
) -> None:
    theirs = course_create(slug="theirs", school=other_school)
    with pytest.raises(NotFound):
        classroom_create(school, instructor, course=theirs)


def test_classroom_create_is_for_the_schools_instructors(
    other_school: School, instructor: User, student: User
) -> None:
    shared = course_create(slug="shared")
    for person in (instructor, student):
        with pytest.raises(NotFound):
            classroom_create(other_school, person, course=shared)
    assert not Classroom.objects.exists()


def test_classroom_save_writes_its_fields(classroom: Classroom, instructor: User) -> None:
    fields = {"title": "Diplomacy", "sis_id": "IR-1", "time_zone": "Asia/Karachi"}
    services.classroom_save(classroom=classroom, fields=fields, actor=instructor, now=NOW)
    classroom.refresh_from_db()
    assert (classroom.title, classroom.sis_id, classroom.time_zone) == (*fields.values(),)
    assert last_event() == ("classroom.changed", classroom.public_id)


def test_classroom_save_refuses_an_end_before_the_beginning(
    classroom: Classroom, instructor: User
) -> None:
    fields = {"starts_on": NOW.date(), "ends_on": (NOW - timedelta(days=1)).date()}
    with pytest.raises(InvalidDates) as caught:
        services.classroom_save(classroom=classroom, fields=fields, actor=instructor, now=NOW)
    assert caught.value.field == "ends_on"


def test_classroom_save_refuses_another_classs_id(classroom: Classroom, instructor: User) -> None:
    classroom_create(
        classroom.school, instructor, course=classroom.course, title="Other", sis_id="7"
    )
    with pytest.raises(IdTaken):
        services.classroom_save(
            classroom=classroom, fields={"sis_id": "7"}, actor=instructor, now=NOW
        )


def test_classroom_archive_closes_the_code_and_refuses_every_change(
    classroom: Classroom, enrolment: Enrolment, instructor: User, outsider: User
) -> None:
    code = code_of(classroom)
    services.classroom_archive(classroom=classroom, actor=instructor, now=NOW)
    services.classroom_archive(classroom=classroom, actor=instructor, now=LATER)
    classroom.refresh_from_db()
    assert classroom.archived_at == NOW
    assert Event.objects.filter(kind="classroom.archived").count() == 1
    with pytest.raises(CodeRefused):
        services.classroom_join(code=code, user=outsider, now=NOW)
    by: dict[str, Any] = {"actor": instructor, "now": NOW}
    changes: list[Callable[[], Any]] = [
        lambda: services.classroom_save(classroom=classroom, fields={}, **by),
        lambda: services.join_code_renew(classroom=classroom, **by),
        lambda: services.enrolment_add(classroom=classroom, user=outsider, **by),
        lambda: services.enrolment_save(enrolment=enrolment, role="student", sis_id="1", **by),
        lambda: services.enrolment_remove(enrolment=enrolment, **by),
        lambda: services.invitation_create(classroom=classroom, email="a@b.example", **by),
        lambda: services.enrolments_import(classroom=classroom, text="email\na@b.co\n", **by),
        lambda: services.accommodation_save(
            enrolment=enrolment, activity_id=None, fields={"extra_attempts": 1}, **by
        ),
    ]
    for change in changes:
        with pytest.raises(ClassroomArchived):
            change()
    services.classroom_unarchive(classroom=classroom, **by)
    assert not classroom.join_codes.filter(closed_at=None).exists()
    services.enrolment_add(classroom=classroom, user=outsider, **by)


# Codes


def test_join_code_renew_closes_the_old_code(
    classroom: Classroom, instructor: User, outsider: User
) -> None:
    old = code_of(classroom)
    new = services.join_code_renew(classroom=classroom, valid_days=2, actor=instructor, now=NOW)
    assert new.expires_at == NOW + timedelta(days=2)
    assert [code.code for code in classroom.join_codes.filter(closed_at=None)] == [new.code]
    with pytest.raises(CodeRefused):
        services.classroom_join(code=old, user=outsider, now=NOW)
    services.classroom_join(code=new.code, user=outsider, now=NOW)


def test_classroom_join_answers_alike_to_every_code_that_opens_nothing(
    classroom: Classroom,
    foreign_classroom: Classroom,
    instructor: User,
    foreign_instructor: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = person_create()
    closed, expired = code_of(foreign_classroom), code_of(classroom)
    services.join_code_close(classroom=foreign_classroom, actor=foreign_instructor, now=NOW)
    answers = set()
    for code in ("ACDEFGHJ", closed, expired, "", "x" * 40, "ΑΒΓ-ΔΕΖ"):
        # 4: a savepoint, the one look, the savepoint taken back and let go.
        with django_assert_num_queries(4), pytest.raises(CodeRefused) as caught:
            services.classroom_join(code=code, user=person, now=NOW + timedelta(days=30))
        answers.add((caught.value.message, caught.value.code))
    assert len(answers) == 1
    assert not Enrolment.objects.filter(user=person).exists()


@pytest.mark.parametrize(
    "spell",
    [
        str.lower,
        codes.spaced,
        lambda code: f" {code[:2]} {code[2:5]}–{code[5:]}\n".lower(),
        ".".join,
    ],
)
def test_classroom_join_takes_a_code_however_it_is_typed(
    spell: Callable[[str], str], classroom: Classroom, outsider: User
) -> None:
    row = services.classroom_join(code=spell(code_of(classroom)), user=outsider, now=NOW)
    assert (row.classroom, row.role) == (classroom, Role.STUDENT)
    assert last_event() == ("enrolment.added", row.public_id)


def test_classroom_join_twice_is_once_and_keeps_the_role(
    classroom: Classroom, assistant: User
) -> None:
    events = Event.objects.count()
    for _time in range(2):
        row = services.classroom_join(code=code_of(classroom), user=assistant, now=NOW)
        assert row.role == Role.ASSISTANT
    assert Event.objects.count() == events


def test_classroom_join_refuses_who_was_removed_until_an_instructor_takes_them_back(
    classroom: Classroom, enrolment: Enrolment, instructor: User, student: User
) -> None:
    services.enrolment_remove(enrolment=enrolment, actor=instructor, now=NOW)
    with pytest.raises(Removed):
        services.classroom_join(code=code_of(classroom), user=student, now=NOW)
    back = services.enrolment_add(classroom=classroom, user=student, actor=instructor, now=NOW)
    assert (back.pk, back.removed_at) == (enrolment.pk, None)


def test_classroom_join_takes_the_place_that_is_kept(
    classroom: Classroom, instructor: User, outsider: User
) -> None:
    services.invitation_create(
        classroom=classroom,
        email=outsider.email,
        role=Role.ASSISTANT,
        sis_id="7",
        actor=instructor,
        now=NOW,
    )
    row = services.classroom_join(code=code_of(classroom), user=outsider, now=NOW)
    assert (row.role, row.sis_id) == (Role.ASSISTANT, "7")
    assert not Invitation.objects.exists()


def test_code_alphabet_has_no_look_alikes() -> None:
    assert not set("01258OILZSBUV") & set(codes.ALPHABET)
    assert {codes.normalise(codes.spaced(code)) == code for code in [codes.code_make()]} == {True}


# People


def test_enrolment_save_changes_role_and_id(enrolment: Enrolment, instructor: User) -> None:
    row = services.enrolment_save(
        enrolment=enrolment, role=Role.ASSISTANT, sis_id="7", actor=instructor, now=NOW
    )
    assert (row.role, row.sis_id) == (Role.ASSISTANT, "7")
    assert last_event() == ("enrolment.changed", enrolment.public_id)


def test_enrolment_save_refuses_somebody_elses_id(
    classroom: Classroom, enrolment: Enrolment, classmate: User, instructor: User
) -> None:
    other = classroom.enrolments.get(user=classmate)
    by: dict[str, Any] = {"role": "student", "actor": instructor, "now": NOW}
    services.enrolment_save(enrolment=other, sis_id="7", **by)
    services.invitation_create(
        classroom=classroom, email="a@b.example", sis_id="8", actor=instructor, now=NOW
    )
    for taken in ("7", "8"):
        with pytest.raises(IdTaken):
            services.enrolment_save(enrolment=enrolment, sis_id=taken, **by)


def test_last_instructor_stays(classroom: Classroom, instructor: User, assistant: User) -> None:
    mine = classroom.enrolments.get(user=instructor)
    by: dict[str, Any] = {"actor": instructor, "now": NOW}
    with pytest.raises(LastInstructor):
        services.enrolment_remove(enrolment=mine, **by)
    with pytest.raises(LastInstructor):
        services.enrolment_save(enrolment=mine, role=Role.STUDENT, sis_id="", **by)
    theirs = classroom.enrolments.get(user=assistant)
    services.enrolment_save(enrolment=theirs, role=Role.INSTRUCTOR, sis_id="", **by)
    services.enrolment_remove(enrolment=mine, **by)
    assert list(classroom.enrolments.active().filter(role=Role.INSTRUCTOR)) == [theirs]


def test_enrolment_remove_takes_older_invitations_away(
    classroom: Classroom, enrolment: Enrolment, instructor: User, student: User
) -> None:
    Invitation.objects.create(classroom=classroom, email=student.email)
    services.enrolment_remove(enrolment=enrolment, actor=instructor, now=NOW)
    assert not Invitation.objects.exists()
    assert last_event() == ("enrolment.removed", enrolment.public_id)


# Invitations


def test_invitation_is_made_alike_with_and_without_an_account(
    classroom: Classroom,
    instructor: User,
    outsider: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    rows = [
        services.invitation_create(classroom=classroom, email=email, actor=instructor, now=NOW)
        for email in (outsider.email.upper(), "nobody@neva.example")
    ]
    assert [row.email for row in rows] == [outsider.email, "nobody@neva.example"]
    assert services.invitations_send_due(now=NOW) == 2
    first, second = (
        str(letter.body).replace(address, "…")
        for letter, address in zip(mail.outbox, [row.email for row in rows], strict=True)
    )
    assert first == second
    assert "http://testserver/classes/" in first
    assert "Ayesha Khan of Quaid High School" in first


def test_invitation_create_refuses_who_is_there_and_repeats_the_letter(
    classroom: Classroom, instructor: User, student: User
) -> None:
    by: dict[str, Any] = {"classroom": classroom, "actor": instructor, "now": NOW}
    with pytest.raises(AlreadyThere):
        services.invitation_create(email=student.email, **by)
    for role in (Role.STUDENT, Role.ASSISTANT):
        services.invitation_create(email="a@b.example", role=role, **by)
        services.invitations_send_due(now=NOW)
    assert Invitation.objects.get().role == Role.ASSISTANT
    assert len(mail.outbox) == 2


def test_letter_is_sent_once_and_in_the_classs_language(
    classroom: Classroom, instructor: User, settings: Settings
) -> None:
    services.classroom_save(
        classroom=classroom,
        fields={"title": "Line\nbreak", "language": "xx"},
        actor=instructor,
        now=NOW,
    )
    services.invitation_create(classroom=classroom, email="a@b.example", actor=instructor, now=NOW)
    assert [services.invitations_send_due(now=NOW) for _time in range(3)] == [1, 0, 0]
    assert mail.outbox[0].subject == "[Majlis] Your place in “Line break”"


def test_letter_that_could_not_be_sent_comes_up_again_and_is_given_up(
    classroom: Classroom, instructor: User, settings: Settings
) -> None:
    row = services.invitation_create(
        classroom=classroom, email="a@b.example", actor=instructor, now=NOW
    )
    Invitation.objects.update(updated_at=NOW)
    settings.EMAIL_BACKEND = "tests.classrooms.mailboxes.BrokenMailbox"
    assert services.invitations_send_due(now=NOW) == 0
    row.refresh_from_db()
    assert row.letter_due_at == NOW + timedelta(hours=1)
    assert services.invitations_send_due(now=NOW + timedelta(days=4)) == 0
    row.refresh_from_db()
    assert row.letter_due_at is None


def test_invitation_accept_uses_the_place_up(
    classroom: Classroom, instructor: User, outsider: User
) -> None:
    row = services.invitation_create(
        classroom=classroom, email=outsider.email, role="assistant", actor=instructor, now=NOW
    )
    enrolment = services.invitation_accept(invitation=row, user=outsider, now=NOW)
    assert (enrolment.user, enrolment.role) == (outsider, Role.ASSISTANT)
    with pytest.raises(NotFound):
        services.invitation_accept(invitation=row, user=outsider, now=NOW)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("way", ["declined", "withdrawn"])
def test_invitation_that_is_given_up_leaves_a_tombstone(
    way: str, classroom: Classroom, instructor: User, outsider: User
) -> None:
    row = services.invitation_create(
        classroom=classroom, email=outsider.email, actor=instructor, now=NOW
    )
    if way == "declined":
        services.invitation_decline(invitation=row, user=outsider, now=NOW)
    else:
        services.invitation_withdraw(invitation=row, actor=instructor, now=NOW)
    assert not Invitation.objects.exists()
    assert Event.objects.get(kind=f"invitation.{way}").is_tombstone


def test_unconfirmed_address_takes_no_place_by_the_code(
    classroom: Classroom, instructor: User
) -> None:
    person = unconfirmed(person_create(email="new@quaid.example"))
    services.invitation_create(
        classroom=classroom, email=person.email, role="instructor", actor=instructor, now=NOW
    )
    row = services.classroom_join(code=code_of(classroom), user=person, now=NOW)
    assert row.role == Role.STUDENT


# Lists


def take(classroom: Classroom, instructor: User, text: str) -> Any:
    return services.enrolments_import(classroom=classroom, text=text, actor=instructor, now=NOW)


def test_import_invites_every_address_and_gives_ids_to_who_is_there(
    classroom: Classroom, enrolment: Enrolment, instructor: User, outsider: User
) -> None:
    text = (
        "email,name,role,sis_id\n"
        f"{outsider.email},Olga,student,1\n"
        "new@quaid.example,New,assistant,2\n"
        f"{enrolment.user.email},,,3\n"
        f"{instructor.email},,,\n"
    )
    plan = take(classroom, instructor, text)
    assert (plan.invite_count, plan.change_count, plan.same_count) == (2, 1, 1)
    rows = Invitation.objects.order_by("email").values_list("email", "role", "sis_id")
    assert list(rows) == [
        ("new@quaid.example", "assistant", "2"),
        (outsider.email, "student", "1"),
    ]
    enrolment.refresh_from_db()
    assert enrolment.sis_id == "3"
    assert not Enrolment.objects.filter(user=outsider).exists()
    assert Event.objects.filter(kind="invitation.created").count() == 2


def test_import_does_nothing_where_one_line_is_wrong(
    classroom: Classroom, instructor: User
) -> None:
    events = Event.objects.count()
    with pytest.raises(RosterRefused) as caught:
        take(classroom, instructor, "email,role\na@b.example,student\nc@d.example,king\n")
    assert [(each.line, each.code) for each in caught.value.problems] == [(3, "role_unknown")]
    assert not Invitation.objects.exists()
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("email,role\nstudent@quaid.example,instructor\n", [(2, "role_differs")]),
        ("email\na@b\n", [(2, "email_malformed")]),
        ("email\nnobody\n", [(2, "email_malformed")]),
        ("email,id\nnew@b.example,7\n", [(2, "sis_id_taken")]),
        ("email,id\nnew@b.example,7\nstudent@quaid.example,\n", [(2, "sis_id_taken")]),
        ("email,id\nnew@b.example,7\nstudent@quaid.example,8\n", []),
    ],
)
def test_import_checks_the_list_against_the_class(
    text: str,
    expected: list[tuple[int, str]],
    classroom: Classroom,
    enrolment: Enrolment,
    instructor: User,
) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(sis_id="7")
    found = []
    try:
        take(classroom, instructor, text)
    except RosterRefused as error:
        found = [(each.line, each.code) for each in error.problems]
    assert found == expected


def test_import_lets_two_people_exchange_their_ids(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    first = f"email,id\n{student.email},1\n{classmate.email},2\na@b.example,3\nc@d.example,4\n"
    second = f"email,id\n{student.email},2\n{classmate.email},1\na@b.example,4\nc@d.example,3\n"
    take(classroom, instructor, first)
    take(classroom, instructor, second)
    rows = classroom.enrolments.filter(user__in=[student, classmate])
    assert dict(rows.values_list("user__email", "sis_id")) == {
        student.email: "2",
        classmate.email: "1",
    }
    assert dict(Invitation.objects.values_list("email", "sis_id")) == {
        "a@b.example": "4",
        "c@d.example": "3",
    }
    assert take(classroom, instructor, second).same_count == 4


@pytest.mark.parametrize("count", [1, 30])
def test_import_costs_the_same_for_one_and_for_thirty(
    count: int,
    classroom: Classroom,
    instructor: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    text = "email\n" + "".join(f"p{number}@b.example\n" for number in range(count))
    # 7: a savepoint and its end, class, people, invitations, the new ones, their events.
    with django_assert_num_queries(7):
        take(classroom, instructor, text)


# Accommodations


def test_accommodation_save_writes_one_row_for_each_scope(
    enrolment: Enrolment, instructor: User
) -> None:
    for ratio in ("1.5", "2"):
        services.accommodation_save(
            enrolment=enrolment,
            activity_id=None,
            fields={"time_ratio": Decimal(ratio), "note": "A letter of the doctor."},
            actor=instructor,
            now=NOW,
        )
    row = Accommodation.objects.get()
    assert (row.time_ratio, row.granted_by) == (Decimal(2), instructor)
    services.accommodation_delete(accommodation=row, actor=instructor, now=NOW)
    assert not Accommodation.objects.exists()
    assert Event.objects.get(kind="accommodation.deleted").is_tombstone


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"note": "Nothing else."}, NothingGranted),
        ({"opens_at": LATER, "closes_at": NOW}, InvalidDates),
        ({"due_at": LATER, "closes_at": NOW}, InvalidDates),
    ],
)
def test_accommodation_save_refuses_what_grants_nothing_or_makes_no_sense(
    fields: dict[str, Any], error: type[DomainError], enrolment: Enrolment, instructor: User
) -> None:
    with pytest.raises(error):
        services.accommodation_save(
            enrolment=enrolment, activity_id=None, fields=fields, actor=instructor, now=NOW
        )


def test_accommodation_save_knows_the_activities_of_the_class_alone(
    enrolment: Enrolment, instructor: User
) -> None:
    with pytest.raises(NotFound):
        services.accommodation_save(
            enrolment=enrolment,
            activity_id=uuid4(),
            fields={"extra_attempts": 1},
            actor=instructor,
            now=NOW,
        )
