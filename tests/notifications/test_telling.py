"""Who is told of what, and what they read: each kind once, and nobody who may not know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.classrooms import services as classrooms
from apps.classrooms.models import Classroom, Enrolment
from apps.content.models import SourceParagraph
from apps.core.models import EventCursor
from apps.core.services import event_append
from apps.debates import services as debates
from apps.debates.enums import ModerationKind
from apps.debates.models import DebateRun, Participant, RunPhase
from apps.debates.selectors import debates_agenda, parts_owed
from apps.grades import services as grades
from apps.notes import services as notes
from apps.notes.models import Note
from apps.notifications import services
from apps.notifications.models import Notification, Preference
from apps.notifications.selectors import lines_of
from apps.notifications.services.telling import READER, TELLERS
from apps.quizzes import services as quizzes
from apps.quizzes.enums import CorrectionKind
from apps.quizzes.models import Attempt, Contest
from tests.classrooms.factories import students_add
from tests.debates.factories import during, join, post, review_create, run_create
from tests.factories import NOW
from tests.notifications.factories import LATER, forget, grade_release, texts, told
from tests.quizzes.factories import (
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BOTH = ("Bilal Ahmed", "Zainab Ali")
TEAM = ("Ayesha Khan", "Sana Malik")


def submitted(attempt_of: Any, student: User, now: Any = NOW) -> Attempt:
    attempt = quizzes.assignment_start(assignment=attempt_of, student=student, now=now)
    return quizzes.attempt_submit(
        attempt_id=attempt.public_id, student=student, saves=right_saves(attempt), now=now
    )


# Quizzes


def test_students_of_the_class_are_told_of_a_quiz(
    classroom: Classroom, foreign_classroom: Classroom, instructor: User, student: User
) -> None:
    forget()
    assignment = assignment_create(classroom, instructor, title="The first quiz")
    assert told() == [(name, "assignment") for name in BOTH]
    assert texts(student) == ["Your class is given a quiz: “The first quiz”."]
    quizzes.assignment_withdraw(assignment=assignment, actor=instructor, now=NOW)
    assert texts(student) == []


def test_deadline_is_told_a_day_before_by_each_students_own_date(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    assignment = assignment_create(
        classroom, instructor, title="The first quiz", due_at=NOW + 72 * HOUR
    )
    classrooms.accommodation_save(
        enrolment=Enrolment.objects.get(user=student),
        activity_id=assignment.public_id,
        fields={"due_at": NOW + 120 * HOUR},
        actor=instructor,
        now=NOW,
    )
    forget()
    for hours in (47, 48, 48.1, 60, 95, 96, 97):
        services.deadlines_tell(now=NOW + timedelta(hours=hours))
        services.deadlines_tell(now=NOW + timedelta(hours=hours))
    found = Notification.objects.order_by("pk").values_list("recipient", "happened_at")
    assert list(found) == [(classmate.pk, NOW + 48 * HOUR), (student.pk, NOW + 96 * HOUR)]
    assert texts(classmate, NOW + 50 * HOUR) == [
        "“The first quiz” is due on 5 March 2026, 09:30 (UTC)."
    ]
    assert texts(classmate, NOW + 73 * HOUR) == [
        "“The first quiz” was due on 5 March 2026, 09:30 (UTC)."
    ]
    assert texts(student, NOW + 97 * HOUR) == [
        "“The first quiz” is due on 7 March 2026, 09:30 (UTC)."
    ]


def test_deadline_is_not_told_to_who_has_handed_in_and_again_when_it_is_moved(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    assignment = assignment_create(classroom, instructor, due_at=NOW + 20 * HOUR)
    submitted(assignment, student)
    forget()
    services.deadlines_tell(now=LATER)
    quizzes.assignment_save(
        assignment=assignment,
        fields={"due_at": NOW + 22 * HOUR},
        expected_revision=assignment.revision,
        actor=instructor,
        now=LATER,
    )
    services.deadlines_tell(now=LATER)
    rows = Notification.objects.filter(kind="deadline").values_list("recipient", flat=True)
    assert list(rows) == [classmate.pk, classmate.pk]


def test_staff_are_told_once_a_day_that_answers_wait(
    classroom: Classroom, instructor: User, assistant: User, student: User, classmate: User
) -> None:
    essay = question_create(classroom.course, "essay")
    quiz = quiz_create(classroom.course, essay)
    assignment = assignment_create(classroom, instructor, quiz, title="The essay")
    forget()
    for person in (student, classmate):
        submitted(assignment, person)
    assert told() == [(name, "marking") for name in TEAM]
    assert texts(assistant) == ["2 attempts at “The essay” wait to be marked."]
    for response in Attempt.objects.get(student=student).responses.all():
        quizzes.response_mark(
            response=response,
            marks={"claim": "1", "evidence": "1"},
            ratio=None,
            comment="",
            expected_marked_at=None,
            marker=instructor,
            now=LATER,
        )
    assert texts(assistant) == ["1 attempt at “The essay” waits to be marked."]
    assert told() == sorted([*((name, "marking") for name in TEAM), ("Bilal Ahmed", "grade")])
    assert texts(student) == ["Your grade for “The essay” is out."]


def contest_create(classroom: Classroom, instructor: User, student: User) -> Contest:
    attempt = submitted(assignment_create(classroom, instructor, title="The first quiz"), student)
    return quizzes.contest_open(
        response=attempt.responses.get(),
        text="A-CANARY-IN-AN-OBJECTION",
        paragraph=SourceParagraph.objects.filter(article__course=classroom.course).first(),
        reference=None,
        locator="",
        student=student,
        now=NOW,
    )


def test_objection_is_told_to_staff_and_its_decision_to_the_student(
    classroom: Classroom, instructor: User, assistant: User, student: User
) -> None:
    forget()
    contest = contest_create(classroom, instructor, student)
    services.events_tell(now=LATER)
    assert texts(assistant) == ["A student objects to item 1 of “The first quiz”."]
    forget()
    quizzes.contest_decline(contest=contest, decision="No.", instructor=instructor, now=NOW)
    assert told() == [("Bilal Ahmed", "decision")]
    assert texts(student) == ["Your objection to item 1 of “The first quiz” is answered."]
    assert texts(assistant) == []


def test_accepted_objection_corrects_the_grades_of_all(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    contest = contest_create(classroom, instructor, student)
    assignment = contest.response.attempt.assignment
    assert assignment is not None
    attempt = quizzes.assignment_start(assignment=assignment, student=classmate, now=NOW)
    quizzes.attempt_submit(attempt_id=attempt.public_id, student=classmate, now=NOW)
    forget()
    quizzes.contest_accept(
        contest=contest,
        decision="So it is.",
        kind=CorrectionKind.FULL,
        version=None,
        assignments=[assignment],
        instructor=instructor,
        now=LATER,
    )
    assert told() == [("Bilal Ahmed", "decision"), ("Zainab Ali", "correction")]
    assert texts(student) == ["Your objection to item 1 of “The first quiz” is accepted."]
    assert texts(classmate) == [
        "Your grade for “The first quiz” is changed; the reason stands beside it."
    ]


# Grades


def test_grade_is_told_when_released_and_never_while_held(
    classroom: Classroom, instructor: User, student: User
) -> None:
    forget()
    item = grade_release(classroom, instructor, student)
    assert told() == [("Bilal Ahmed", "grade")]
    assert texts(student) == ["Your grade for “Presentation” is out."]
    grades.item_hold(item=item, actor=instructor, now=LATER)
    assert (texts(student), told()) == ([], [("Bilal Ahmed", "grade")])
    # What changes while it is held is told by the release alone.
    grades.grade_override(
        item=item,
        student=student,
        points=Decimal(3),
        reason="Again.",
        actor=instructor,
        now=LATER,
    )
    assert (texts(student), len(told())) == ([], 1)
    grades.item_release(item=item, actor=instructor, now=LATER + HOUR)
    assert len(told(LATER + HOUR)) == 2
    assert texts(student) == ["Your grade for “Presentation” is out."]


def test_several_changes_found_together_are_one(
    classroom: Classroom, instructor: User, student: User
) -> None:
    item = grade_release(classroom, instructor, student)
    forget()
    for points in (3, 4):
        grades.grade_override(
            item=item,
            student=student,
            points=Decimal(points),
            reason="Again.",
            actor=instructor,
            now=LATER,
        )
    assert told() == [("Bilal Ahmed", "correction")]


# Debates


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    run = run_create(classroom, instructor)
    forget()
    return run


@pytest.fixture
def seats(run: DebateRun, student: User, classmate: User) -> tuple[Participant, Participant]:
    return join(run, student), join(run, classmate)


def test_answer_is_told_to_whom_it_answers_while_it_can_be_seen(
    seats: tuple[Participant, Participant], instructor: User, student: User, classmate: User
) -> None:
    author, other = seats
    opening = post(author)
    answer = post(other, opening)
    post(author, answer, now=during("arguing"))
    services.events_tell(now=during("arguing"))
    assert texts(student) == ["Your argument in “Is it a counterweight?” is answered."]
    row = Notification.objects.get(recipient=student)
    assert row.path.endswith(f"/arguments/{answer.public_id}/")
    debates.argument_moderate(
        argument=answer,
        kind=ModerationKind.HIDE,
        reason="A-CANARY-IN-A-REASON",
        actor=instructor,
        now=during("arguing"),
    )
    assert texts(student) == []
    services.events_tell(now=during("arguing"))
    assert texts(classmate) == [
        "Your argument in “Is it a counterweight?” is answered.",
        (
            "A moderator has hidden your argument in “Is it a counterweight?”;"
            " the reason stands beside it."
        ),
    ]


def test_answer_to_oneself_and_what_was_withdrawn_before_is_told_to_nobody(
    seats: tuple[Participant, Participant],
) -> None:
    author, other = seats
    opening = post(author)
    post(author, opening)
    answer = post(other, opening)
    debates.argument_withdraw(argument=answer, participant=other, now=during("arguing"))
    assert told() == []


@pytest.mark.parametrize("act", ["hide", "remove", "warn", "lock"])
def test_author_is_told_of_a_moderators_act(
    act: str, seats: tuple[Participant, Participant], instructor: User, student: User
) -> None:
    argument = post(seats[0])
    debates.argument_moderate(
        argument=argument, kind=act, reason="So.", actor=instructor, now=during("arguing")
    )
    assert told(during("arguing")) == [("Bilal Ahmed", "moderation")]
    assert len(texts(student)) == 1


def test_report_is_told_to_staff_until_it_is_decided(
    seats: tuple[Participant, Participant], instructor: User, assistant: User
) -> None:
    argument = post(seats[0])
    debates.argument_report(
        argument=argument,
        participant=seats[1],
        reason="A-CANARY-IN-A-REPORT",
        now=during("arguing"),
    )
    assert told(during("arguing")) == [(name, "report") for name in TEAM]
    assert texts(assistant) == ["An argument is reported in “Is it a counterweight?”."]
    debates.argument_moderate(
        argument=argument, kind="dismiss", reason="No.", actor=instructor, now=during("arguing")
    )
    assert (texts(assistant), len(told())) == ([], 2)


def test_phase_is_told_once_and_by_the_dates_that_hold(
    run: DebateRun, student: User, instructor: User
) -> None:
    for hours in (0, 1, 23, 24, 25):
        services.phases_tell(now=NOW + hours * HOUR)
    rows = Notification.objects.filter(recipient=student).order_by("pk")
    assert [row.detail for row in rows] == ["opening", "arguing"]
    assert texts(student, NOW + 25 * HOUR)[1] == (
        "“Is it a counterweight?” has come to a new phase, until 4 March 2026, 09:30 (UTC):"
        " arguments."
    )


def test_end_of_a_phase_is_told_to_those_who_still_owe_something(
    seats: tuple[Participant, Participant], student: User, classmate: User
) -> None:
    """Each phase lasts a day, so its end is told from its second half on."""
    post(seats[0])
    services.deadlines_tell(now=during("arguing"))
    assert Notification.objects.count() == 0
    ends = NOW + 48 * HOUR
    for hours in (11, 10, 1):
        services.deadlines_tell(now=ends - hours * HOUR)
    rows = Notification.objects.values_list("recipient", "kind", "detail")
    assert list(rows) == [(classmate.pk, "deadline", "arguing")]
    assert texts(classmate, ends - HOUR) == [
        "“Is it a counterweight?” waits for your part until 4 March 2026, 09:30 (UTC): arguments."
    ]

    def is_stale() -> list[bool]:
        rows = list(Notification.objects.all())
        return [line.is_stale for line in lines_of(classmate, rows, ends - HOUR)]

    assert is_stale() == [False]
    post(seats[1], now=ends - HOUR)
    assert is_stale() == [True]
    assert texts(classmate, ends) == [
        "“Is it a counterweight?”: the phase “arguments” ended on 4 March 2026, 09:30 (UTC)."
    ]


def test_what_is_owed_of_a_class_is_what_each_agenda_says(
    run: DebateRun,
    seats: tuple[Participant, Participant],
    student: User,
    classmate: User,
    instructor: User,
) -> None:
    (late,) = students_add(run.classroom, 1, actor=instructor)
    opening = post(seats[0])
    post(seats[1], opening)
    debates.argument_withdraw(argument=post(seats[1]), participant=seats[1], now=during("arguing"))
    review_create(seats[1], seats[0])
    people = [student, classmate, late]
    phases = list(RunPhase.objects.filter(run=run).select_related("run"))
    owed = parts_owed(phases, {run.classroom_id: [person.pk for person in people]})
    agendas = {
        person.pk: debates_agenda(person, [run.classroom_id], during("arguing"))[0]
        for person in people
    }
    assert owed == {
        (phase.pk, person)
        for phase in phases
        for person, agenda in agendas.items()
        if agenda.owes_in(phase.kind)
    }
    assert 0 < len(owed) < 15


# Whoever may not know


def test_who_left_or_is_inactive_is_told_nothing_and_reads_nothing_of_before(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    grade_release(classroom, instructor, student, classmate)
    services.events_tell(now=LATER)
    assert len(texts(student)) == 1
    enrolment = Enrolment.objects.get(user=student)
    classrooms.enrolment_remove(enrolment=enrolment, actor=instructor, now=LATER)
    classmate.is_active = False
    classmate.save()
    assert texts(student) == []
    grade_release(classroom, instructor, student, classmate, title="Another")
    assert Notification.objects.count() == 2
    services.events_tell(now=LATER)
    assert Notification.objects.count() == 2


def test_student_who_becomes_staff_reads_as_staff(
    classroom: Classroom, instructor: User, student: User
) -> None:
    grade_release(classroom, instructor, student)
    services.events_tell(now=LATER)
    Enrolment.objects.filter(user=student).update(role="assistant")
    assert texts(student) == []


def test_preferences_decide_where(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    forget()
    Preference.objects.create(user=student, kind="grade", in_site=False, by_email=True)
    Preference.objects.create(user=classmate, kind="grade", in_site=False, by_email=False)
    grade_release(classroom, instructor, student, classmate)
    services.events_tell(now=LATER)
    row = Notification.objects.get()
    assert (row.recipient, row.is_listed, row.letter_due_at is not None) == (student, False, True)


def test_what_is_found_days_later_is_told_in_the_site_alone(
    classroom: Classroom, instructor: User, student: User
) -> None:
    forget()
    grade_release(classroom, instructor, student)
    services.events_tell(now=NOW + timedelta(days=4))
    assert Notification.objects.get().letter_due_at is None


# The outbox


def test_an_event_of_nothing_that_exists_stops_nobody(
    classroom: Classroom, instructor: User, student: User
) -> None:
    forget()
    for kind in TELLERS:
        event_append(kind=kind, subject_id=uuid4(), school_id=None, actor_id=None, now=NOW)
    grade_release(classroom, instructor, student)
    assert told() == [("Bilal Ahmed", "grade")]


def test_reading_the_outbox_again_tells_nobody_twice(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    grade_release(classroom, instructor, student, classmate)
    first = told()
    EventCursor.objects.filter(reader=READER).delete()
    assert told() == first


@pytest.mark.parametrize("count", [1, 30, pytest.param(300, marks=pytest.mark.long)])
def test_fan_out_takes_the_same_queries_for_one_and_for_many(
    count: int, classroom: Classroom, instructor: User
) -> None:
    forget()
    people = students_add(classroom, count, actor=instructor)
    services.events_tell(now=NOW)
    grade_release(classroom, instructor, *people)
    with CaptureQueriesContext(connection) as queries:
        services.events_fan_out(now=LATER)
    # Savepoints aside, and SQLite's inserts of 60 rows each: the cursor (lock, events, save; on
    # PostgreSQL two that settle it); of released items: items, students, grades; of changed
    # grades: none that was released before; people, preferences.
    seen = [each["sql"] for each in queries if each["sql"].split()[0] in {"SELECT", "UPDATE"}]
    assert len(seen) == {"sqlite": 10, "postgresql": 12}[connection.vendor], seen
    assert Notification.objects.filter(kind="grade").count() == count


# Notes


def test_author_of_a_note_is_told_that_it_is_hidden(
    classroom: Classroom,
    instructor: User,
    student: User,
    client_of: Callable[[User], Client],
) -> None:
    forget()
    note = Note.objects.create(
        author=student,
        lesson_title="The invitation",
        section="invitation",
        heading="The invitation of 1949",
        kind="note",
        visibility="class",
        classroom=classroom,
        body="A-CANARY-IN-A-NOTE",
    )
    reason = "A-CANARY-IN-A-REASON"
    notes.note_hide(note=note, actor=instructor, reason=reason, now=NOW)
    assert told() == [("Bilal Ahmed", "note")]
    assert texts(student) == [
        "Your note on “The invitation” is hidden from your class; see the reason with it."
    ]
    assert reason in client_of(student).get(Notification.objects.get().path).content.decode()
    notes.note_show(note=note, actor=instructor, now=NOW)
    assert told() == [("Bilal Ahmed", "note"), ("Bilal Ahmed", "note")]
    assert texts(student) == ["Your note on “The invitation” is shown to your class again."]
