"""How far a correction reaches: one class, all that an instructor runs, or a school's course."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.models import School, User
from apps.classrooms import services as classes
from apps.classrooms.models import Classroom
from apps.content.models import Course
from apps.grades.models import CurrentGrade
from apps.quizzes import selectors, services
from apps.quizzes.enums import CorrectionKind, CorrectionScope
from apps.quizzes.errors import InvalidDraft
from apps.quizzes.models import Assignment, Contest, Correction, Question
from tests.classrooms.factories import classroom_create
from tests.content.factories import course_create
from tests.factories import NOW, instructor_create
from tests.quizzes.factories import assignment_create, question_create, quiz_create

ClientOf = Callable[[User], Client]
CLASS, MINE, COURSE = CorrectionScope.CLASS, CorrectionScope.MINE, CorrectionScope.COURSE


def asked(classroom: Classroom, instructor: User, question: Question, student: User) -> Assignment:
    """A quiz of `question`, handed in empty by `student`."""
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, question), max_points=10
    )
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    services.attempt_submit(attempt_id=attempt.public_id, student=student, now=NOW)
    return assignment


def points(*assignments: Assignment) -> list[Decimal | None]:
    return [CurrentGrade.objects.get(item=given.grade_item).points for given in assignments]


@pytest.fixture
def colleague(school: School) -> User:
    return instructor_create(school, email="colleague@quaid.example", is_editor=False)


@pytest.fixture
def three(
    school: School, classroom: Classroom, instructor: User, colleague: User, student: User
) -> tuple[Question, list[Assignment]]:
    """One question, asked in two classes of `instructor` and in one of a colleague."""
    question = question_create(classroom.course)
    course = classroom.course
    second = classroom_create(school, instructor, course=course, students=[student])
    theirs = classroom_create(school, colleague, course=course, students=[student])
    return question, [
        asked(classroom, instructor, question, student),
        asked(second, instructor, question, student),
        asked(theirs, colleague, question, student),
    ]


def test_reach_of_a_schools_course(
    three: tuple[Question, list[Assignment]], instructor: User, assistant: User
) -> None:
    question, (first, second, _theirs) = three
    reach = selectors.correction_reach(question, first, instructor)
    assert reach.assignments == {CLASS: [first], MINE: [first, second], COURSE: [None]}
    assert reach.classes == {CLASS: 1, MINE: 2, COURSE: 3}
    assert selectors.correction_reach(question, first, assistant).scopes == [CLASS]


def test_classes_that_ended_are_left_as_they_are(
    three: tuple[Question, list[Assignment]], instructor: User
) -> None:
    question, (first, second, _theirs) = three
    classes.classroom_archive(classroom=second.classroom, actor=instructor, now=NOW)
    assert MINE not in selectors.correction_reach(question, first, instructor).scopes


def test_shared_course_is_corrected_by_each_teacher_for_their_own_classes(
    school: School, other_school: School, instructor: User, foreign_instructor: User,
    student: User, outsider: User,
) -> None:  # fmt: skip
    course = course_create(slug="shared")
    assert Course.objects.editable_by(instructor).filter(pk=course.pk).exists()
    question = question_create(course)
    ours = classroom_create(school, instructor, course=course, students=[student])
    theirs = classroom_create(other_school, foreign_instructor, course=course, students=[outsider])
    first = asked(ours, instructor, question, student)
    asked(theirs, foreign_instructor, question, outsider)
    assert selectors.correction_reach(question, first, instructor).scopes == [CLASS]


@pytest.mark.parametrize(
    ("scope", "after"), [(CLASS, [10, 0, 0]), (MINE, [10, 10, 0]), (COURSE, [10, 10, 10])]
)
def test_correction_changes_the_grades_of_its_scope_alone(
    scope: CorrectionScope,
    after: list[int],
    three: tuple[Question, list[Assignment]],
    instructor: User,
    client_of: ClientOf,
) -> None:
    question, given = three
    client = client_of(instructor)
    address = reverse(
        "quizzes:correction",
        args=[given[0].classroom.public_id, given[0].public_id, question.public_id],
    )
    assertContains(client.get(address), "all the classes that I run (2 classes)")
    said = {"kind": "full", "reason": "Two answers are right.", "scope": scope}
    told = f"{sum(after) // 10} attempt"
    assertContains(client.post(address, {**said, "go": "look"}), told)
    assert points(*given) == [0, 0, 0]
    assert client.post(address, {**said, "go": "apply"}).status_code == 302
    assert points(*given) == after


def test_scope_that_is_not_offered_is_refused(
    three: tuple[Question, list[Assignment]], colleague: User, client_of: ClientOf
) -> None:
    question, given = three
    address = reverse(
        "quizzes:correction",
        args=[given[2].classroom.public_id, given[2].public_id, question.public_id],
    )
    client = client_of(colleague)
    said = {"kind": "full", "reason": "Two answers are right.", "scope": MINE, "go": "apply"}
    assertNotContains(client.get(address), "all the classes that I run")
    assertContains(client.post(address, said), "Select a valid choice")
    assert points(*given) == [0, 0, 0]


def test_accepted_objection_reaches_all_of_ones_classes(
    three: tuple[Question, list[Assignment]], instructor: User, student: User, client_of: ClientOf
) -> None:
    _question, given = three
    attempt = given[1].attempts.get()
    contest = services.contest_open(
        response=attempt.responses.get(),
        text="Two answers are right.",
        paragraph=attempt.quiz.course.article.paragraphs.first(),
        reference=None,
        locator="",
        student=student,
        now=NOW,
    )
    address = reverse("quizzes:objection", args=[given[1].classroom.public_id, contest.public_id])
    said = {"kind": "full", "reason": "So it is.", "scope": MINE, "go": "accept"}
    assert client_of(instructor).post(address, said).status_code == 302
    assert points(*given) == [10, 10, 0]
    correction = Contest.objects.get().correction
    assert correction is not None
    assert correction.assignment == given[1]


def test_faulty_correction_of_several_classes_stores_none(
    three: tuple[Question, list[Assignment]], instructor: User
) -> None:
    question, given = three
    with pytest.raises(InvalidDraft):
        services.corrections_make(
            question=question,
            kind=CorrectionKind.FULL,
            version=None,
            assignments=list(given),
            reason=" ",
            actor=instructor,
            now=NOW,
        )
    assert not Correction.objects.exists()
