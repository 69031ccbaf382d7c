"""Where a second decides: the clock is the server's, and every edge is on the record."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.classrooms import services as classrooms
from apps.classrooms.models import Accommodation, Classroom
from apps.core.errors import DomainError
from apps.grades.models import CurrentGrade, GradeEvent
from apps.quizzes import selectors, services
from apps.quizzes.enums import AttemptState, ClosedBy
from apps.quizzes.models import Assignment, Attempt
from apps.quizzes.timing import GRACE, Window
from tests.factories import NOW
from tests.quizzes.factories import assignment_create, right_saves

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def started(assignment: Assignment, student: User, now: datetime) -> Attempt:
    return services.assignment_start(assignment=assignment, student=student, now=now)


def saved(attempt: Attempt, student: User, now: datetime, sequence: int = 1) -> str:
    """ "saved", or the code of the rule that refused."""
    try:
        services.answers_save(
            attempt_id=attempt.public_id,
            student=student,
            saves=right_saves(attempt, sequence=sequence),
            now=now,
        )
    except DomainError as error:
        return error.code
    return "saved"


def grant(classroom: Classroom, student: User, instructor: User, **fields: Any) -> None:
    classrooms.accommodation_save(
        enrolment=classroom.enrolments.get(user=student),
        activity_id=None,
        fields=fields,
        actor=instructor,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("offset", "answer"),
    [
        (-SECOND, "saved"),
        (timedelta(0), "saved"),
        (GRACE, "saved"),
        (GRACE + SECOND, "time_over"),
    ],
)
def test_answer_is_taken_until_the_end_and_what_the_network_may_take(
    offset: timedelta, answer: str, classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = assignment_create(classroom, instructor, time_limit_seconds=3600)
    attempt = started(assignment, student, NOW)
    assert saved(attempt, student, NOW + HOUR + offset) == answer


@pytest.mark.parametrize(
    ("offset", "answer"), [(-SECOND, "planned"), (timedelta(0), "open"), (SECOND, "open")]
)
def test_quiz_opens_at_its_second(
    offset: timedelta, answer: str, classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = assignment_create(classroom, instructor, opens_at=NOW + HOUR)
    now = NOW + HOUR + offset
    shown = selectors.assigned_quiz(classroom, student, assignment.public_id, now)
    assert shown.state == answer


def test_closing_ends_an_attempt_before_its_time_limit(
    classroom: Classroom, instructor: User, student: User
) -> None:
    closes = NOW + timedelta(minutes=30)
    assignment = assignment_create(classroom, instructor, time_limit_seconds=3600, closes_at=closes)
    attempt = started(assignment, student, closes - SECOND)
    assert attempt.closes_at == closes
    with pytest.raises(DomainError, match="closed on"):
        started(assignment, User.objects.get(email="classmate@quaid.example"), closes)


def test_granted_time_and_dates_are_this_student_s_alone(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    due = NOW + HOUR
    assignment = assignment_create(
        classroom, instructor, time_limit_seconds=600, due_at=due, closes_at=due
    )
    grant(classroom, student, instructor, time_ratio=Decimal("1.5"), due_at=due + timedelta(days=1))
    mine, theirs = started(assignment, student, NOW), started(assignment, classmate, NOW)
    assert (mine.closes_at, theirs.closes_at) == (
        NOW + timedelta(minutes=15),
        NOW + timedelta(minutes=10),
    )
    # Everybody's disclosure waits for the last one's closing.
    assert selectors.closing_of(assignment) == due + timedelta(days=1)


@pytest.mark.parametrize(
    ("late", "days"),
    [
        (timedelta(0), 0),
        (GRACE, 0),
        (GRACE + SECOND, 1),
        (timedelta(days=1), 1),
        (timedelta(days=1) + SECOND, 2),
    ],
)
def test_days_late_are_days_begun(late: timedelta, days: int) -> None:
    assert Window(due_at=NOW).days_late(NOW + late) == days


def test_time_limit_does_not_change_with_the_clocks_of_a_country() -> None:
    """An hour that begins while clocks are put back is an hour, whatever they show."""
    zone = ZoneInfo("Europe/London")
    before = datetime(2026, 10, 25, 1, 30, tzinfo=zone)  # half an hour before they are put back
    end = Window(time_limit_seconds=3600).attempt_end(before.astimezone(UTC))
    assert end is not None
    assert end - before.astimezone(UTC) == HOUR
    assert (end.astimezone(zone).hour, end.astimezone(zone).fold) == (1, 1)


def test_deadline_is_the_moment_that_the_class_s_zone_meant(
    classroom: Classroom, instructor: User
) -> None:
    """23:59 in Karachi stays that moment for a student in London before and after the change."""
    with timezone.override(ZoneInfo("Asia/Karachi")):
        due = timezone.make_aware(datetime(2026, 10, 25, 23, 59))  # noqa: DTZ001
    assignment = assignment_create(classroom, instructor, due_at=due)
    assignment.refresh_from_db()
    assert assignment.due_at == datetime(2026, 10, 25, 18, 59, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/London")):
        assert timezone.localtime(assignment.due_at).strftime("%H:%M") == "18:59"


def test_wrong_clock_of_a_device_decides_nothing(
    classroom: Classroom, instructor: User, student: User
) -> None:
    """A page counts its saves; a device years ahead or behind changes no time and no end."""
    assignment = assignment_create(classroom, instructor, time_limit_seconds=3600)
    attempt = started(assignment, student, NOW)
    far_ahead = int((NOW + timedelta(days=3650)).timestamp() * 1000)
    assert saved(attempt, student, NOW + SECOND, sequence=far_ahead) == "saved"
    row = attempt.responses.get()
    assert row.saved_at == NOW + SECOND
    assert saved(attempt, student, NOW + HOUR + GRACE + SECOND, sequence=far_ahead + 1) != "saved"


def test_what_is_over_is_closed_as_of_its_end_whenever_that_is_noticed(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = assignment_create(classroom, instructor, time_limit_seconds=600, due_at=NOW + HOUR)
    attempt = started(assignment, student, NOW)
    assert saved(attempt, student, NOW + SECOND) == "saved"
    end = attempt.closes_at
    assert end is not None
    assert services.attempts_close_due(now=end + GRACE) == 0
    services.attempts_close_due(now=end + timedelta(days=3))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.closed_by) == (AttemptState.GRADED, ClosedBy.DEADLINE)
    assert (attempt.submitted_at, attempt.days_late, attempt.points) == (end, 0, Decimal(1))


def test_new_dates_hold_for_who_has_begun_but_cut_nobody_short(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    assignment = assignment_create(
        classroom,
        instructor,
        due_at=NOW + HOUR,
        closes_at=NOW + 72 * HOUR,
        time_limit_seconds=3600,
        late_penalty_ratio=Decimal("0.25"),
        max_points=10,
    )
    late = started(assignment, student, NOW + 30 * HOUR)
    services.attempt_submit(
        attempt_id=late.public_id, student=student, saves=right_saves(late), now=NOW + 30 * HOUR
    )
    running = started(assignment, classmate, NOW + 30 * HOUR)

    def changed(**fields: Any) -> tuple[Decimal | None, int, datetime | None]:
        assignment.refresh_from_db()
        services.assignment_save(
            assignment=assignment,
            fields=fields,
            expected_revision=assignment.revision,
            actor=instructor,
            now=NOW + 31 * HOUR,
        )
        late.refresh_from_db()
        running.refresh_from_db()
        return grade_of(assignment, student), late.days_late, running.closes_at

    assert grade_of(assignment, student) == Decimal("5.00")  # two days begun
    assert changed(due_at=NOW + 20 * HOUR) == (Decimal("7.50"), 1, NOW + 31 * HOUR)
    assert changed(due_at=None, time_limit_seconds=7200) == (Decimal(10), 0, NOW + 32 * HOUR)
    assert changed(time_limit_seconds=60) == (Decimal(10), 0, NOW + 32 * HOUR)
    told = GradeEvent.objects.filter(item=assignment.grade_item, kind="regrade")
    assert {event.reason for event in told} == {"The dates of the quiz were changed."}


def test_what_is_granted_afterwards_counts_and_what_is_taken_back_does_not(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    assignment = assignment_create(
        classroom,
        instructor,
        due_at=NOW + HOUR,
        time_limit_seconds=3600,
        attempt_limit=2,
        late_penalty_ratio=Decimal("0.25"),
        max_points=10,
    )
    at = NOW + 2 * HOUR
    for person in (student, classmate):
        late = started(assignment, person, at)
        services.attempt_submit(
            attempt_id=late.public_id, student=person, saves=right_saves(late), now=at
        )
    running = started(assignment, student, at)
    granted = {"due_at": NOW + 3 * HOUR, "time_ratio": Decimal("1.5")}
    grant(classroom, student, instructor, **granted)
    assert services.accommodations_follow(now=at) == 1
    grades = [grade_of(assignment, person) for person in (student, classmate)]
    assert grades == [Decimal(10), Decimal("7.50")]
    running.refresh_from_db()
    assert running.closes_at == at + 1.5 * HOUR
    classrooms.accommodation_delete(
        accommodation=Accommodation.objects.get(), actor=instructor, now=at
    )
    assert services.accommodations_follow(now=at) == 1
    assert grade_of(assignment, student) == Decimal("7.50")
    running.refresh_from_db()
    assert running.closes_at == at + 1.5 * HOUR
    assert services.accommodations_follow(now=at) == 0


def grade_of(assignment: Assignment, student: User) -> Decimal | None:
    points: Decimal | None = CurrentGrade.objects.get(
        item=assignment.grade_item, student=student
    ).points
    return points
