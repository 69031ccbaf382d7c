"""The life of an attempt: started, saved, submitted once, corrected later."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.errors import NotFound
from apps.grades.enums import GradeEventKind
from apps.grades.models import CurrentGrade, GradeEvent
from apps.quizzes import services
from apps.quizzes.enums import AttemptState, ClosedBy, CorrectionKind
from apps.quizzes.errors import AttemptClosed, BadAnswer, CannotStart
from apps.quizzes.models import Assignment, Attempt, Correction
from tests.factories import NOW
from tests.quizzes.factories import (
    SPECS,
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
)

# Passages must stand in a lesson; the small course has none.
KINDS = [kind for kind in SPECS if kind not in {"select_evidence", "essay"}]


def given(classroom: Classroom, instructor: User, *kinds: str, **fields: object) -> Assignment:
    questions = [question_create(classroom.course, kind) for kind in kinds or KINDS]
    return assignment_create(
        classroom, instructor, quiz_create(classroom.course, *questions), **fields
    )


def grade_of(assignment: Assignment, student: User) -> Decimal | None:
    return CurrentGrade.objects.get(item=assignment.grade_item, student=student).points


def test_right_answers_to_every_type_earn_everything(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor)
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    saved = services.answers_save(
        attempt_id=attempt.public_id, student=student, saves=right_saves(attempt), now=NOW
    )
    assert saved.sequences == dict.fromkeys(range(1, len(KINDS) + 1), 1)
    done = services.attempt_submit(attempt_id=attempt.public_id, student=student, now=NOW)
    assert (done.state, done.points) == (AttemptState.GRADED, Decimal(len(KINDS)))
    assert grade_of(assignment, student) == Decimal(100)


def test_submitting_twice_gives_the_first_result(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "single_choice")
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    first = services.attempt_submit(attempt_id=attempt.public_id, student=student, now=NOW)
    again = services.attempt_submit(
        attempt_id=attempt.public_id,
        student=student,
        saves=right_saves(attempt),
        now=NOW + timedelta(seconds=5),
    )
    assert (again.points, again.submitted_at) == (first.points, NOW)
    scores = GradeEvent.objects.filter(item=assignment.grade_item, kind=GradeEventKind.SCORE)
    assert [event.points for event in scores] == [Decimal(0)]


def test_save_costs_the_same_whatever_the_number_of_items(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor)
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    saves = right_saves(attempt)
    counts = []
    for sequence, chosen in ((1, dict(list(saves.items())[:1])), (2, saves)):
        newer = {
            position: services.Save(raw=save.raw, sequence=sequence)
            for position, save in chosen.items()
        }
        with CaptureQueriesContext(connection) as queries:
            services.answers_save(
                attempt_id=attempt.public_id, student=student, saves=newer, now=NOW
            )
        counts.append(
            sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries)
        )
    # The attempt, locked; its responses with their versions; one update of them all.
    assert counts == [3, 3]


def test_older_save_that_arrives_late_changes_nothing(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "short_text")
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    for text, sequence in (("second", 2), ("first", 1)):
        services.answers_save(
            attempt_id=attempt.public_id,
            student=student,
            saves={1: services.Save(raw={"text": text}, sequence=sequence)},
            now=NOW,
        )
    assert attempt.responses.get().answer == {"text": "second"}


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(599, True), (600, True), (610, True), (611, False), (9999, False)]
)
def test_answers_are_taken_until_the_end_and_its_grace(
    classroom: Classroom, instructor: User, student: User, seconds: int, is_taken: bool
) -> None:
    assignment = given(classroom, instructor, "short_text", time_limit_seconds=600)
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    moment = NOW + timedelta(seconds=seconds)
    if is_taken:
        services.answers_save(
            attempt_id=attempt.public_id, student=student, saves=right_saves(attempt), now=moment
        )
    else:
        with pytest.raises(AttemptClosed):
            services.answers_save(
                attempt_id=attempt.public_id,
                student=student,
                saves=right_saves(attempt),
                now=moment,
            )
    assert bool(attempt.responses.get().answer) is is_taken


def test_worker_closes_what_is_over_with_what_was_saved(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "short_text", time_limit_seconds=600)
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    services.answers_save(
        attempt_id=attempt.public_id, student=student, saves=right_saves(attempt), now=NOW
    )
    assert services.attempts_close_due(now=NOW + timedelta(seconds=605)) == 0
    assert services.attempts_close_due(now=NOW + timedelta(hours=2)) == 1
    attempt.refresh_from_db()
    assert (attempt.closed_by, attempt.submitted_at) == (
        ClosedBy.DEADLINE,
        NOW + timedelta(seconds=600),
    )
    assert grade_of(assignment, student) == Decimal(100)


def test_limit_of_attempts_holds_and_the_open_one_is_returned(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "single_choice", attempt_limit=1)
    first = services.assignment_start(assignment=assignment, student=student, now=NOW)
    assert services.assignment_start(assignment=assignment, student=student, now=NOW) == first
    services.attempt_submit(attempt_id=first.public_id, student=student, now=NOW)
    with pytest.raises(CannotStart) as refusal:
        services.assignment_start(assignment=assignment, student=student, now=NOW)
    assert refusal.value.code == "no_attempts_left"


def test_strangers_find_nothing(
    classroom: Classroom, instructor: User, student: User, classmate: User, outsider: User
) -> None:
    assignment = given(classroom, instructor, "single_choice")
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    with pytest.raises(NotFound):
        services.assignment_start(assignment=assignment, student=outsider, now=NOW)
    for person in (classmate, outsider, instructor):
        with pytest.raises(NotFound):
            services.answers_save(
                attempt_id=attempt.public_id, student=person, saves=right_saves(attempt), now=NOW
            )
        with pytest.raises(NotFound):
            services.attempt_submit(attempt_id=attempt.public_id, student=person, now=NOW)
    assert attempt.responses.get().answer == {}


def test_option_that_is_not_there_is_refused_and_nothing_is_saved(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "short_text", "single_choice")
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    saves = right_saves(attempt) | {2: services.Save(raw={"choice": "a"}, sequence=1)}
    with pytest.raises(BadAnswer) as refusal:
        services.answers_save(attempt_id=attempt.public_id, student=student, saves=saves, now=NOW)
    assert refusal.value.path == "2.choice"
    assert {response.answer == {} for response in attempt.responses.all()} == {True}


def test_essay_waits_for_its_mark_and_then_counts(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "essay")
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    done = services.attempt_submit(
        attempt_id=attempt.public_id, student=student, saves=right_saves(attempt), now=NOW
    )
    assert (done.state, done.points) == (AttemptState.SUBMITTED, None)
    services.response_mark(
        response=attempt.responses.get(),
        marks={"claim": "1", "evidence": "0.5"},
        ratio=None,
        comment="Well argued.",
        expected_marked_at=None,
        marker=instructor,
        now=NOW,
    )
    assert grade_of(assignment, student) == Decimal(75)


def test_correction_regrades_with_its_reason_and_twice_is_once(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "single_choice", "short_text")
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    saves = {1: right_saves(attempt)[1]}
    services.attempt_submit(attempt_id=attempt.public_id, student=student, saves=saves, now=NOW)
    assert grade_of(assignment, student) == Decimal(50)
    question = attempt.responses.get(position=2).question
    preview = services.correction_preview(
        question=question, kind=CorrectionKind.VOID, version=None, assignments=[assignment]
    )
    assert [(change.before, change.after, change.max_after) for change in preview] == [
        (Decimal(1), Decimal(1), Decimal(1))
    ]
    correction = services.correction_make(
        question=question,
        kind=CorrectionKind.VOID,
        version=None,
        assignment=assignment,
        reason="The passage allows both readings.",
        actor=instructor,
        now=NOW,
    )
    services.correction_apply(correction=correction, now=NOW)
    events = GradeEvent.objects.filter(item=assignment.grade_item, student=student)
    assert [(event.kind, event.points, event.reason) for event in events] == [
        (GradeEventKind.SCORE, Decimal(50), ""),
        (GradeEventKind.REGRADE, Decimal(100), "The passage allows both readings."),
    ]


def test_correction_that_was_cut_off_is_finished_by_the_worker(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "single_choice")
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    services.attempt_submit(attempt_id=attempt.public_id, student=student, now=NOW)
    Correction.objects.create(
        question=attempt.responses.get().question,
        assignment=assignment,
        kind=CorrectionKind.FULL,
        reason="No option was right.",
        made_by=instructor,
        made_at=NOW,
    )
    assert services.corrections_finish(now=NOW) == 1
    assert services.corrections_finish(now=NOW) == 0
    assert grade_of(assignment, student) == Decimal(100)
    assert Attempt.objects.get().points == Decimal(1)
