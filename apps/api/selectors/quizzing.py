"""Reads of the bank, of what classes are given and of attempts, each from what its caller may see.

Persons alone write questions and answer them; a school's program follows how far a class is.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.api.models import ApiClient
from apps.api.selectors import by_key, classroom_of, course_by_key, course_in
from apps.classrooms.enums import STAFF_ROLES, Role
from apps.classrooms.models import Classroom, Enrolment
from apps.content.models import Course
from apps.core.errors import NotFound
from apps.quizzes import selectors as quizzes
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import (
    Assignment,
    Attempt,
    Contest,
    Question,
    Quiz,
    QuizItem,
    Response,
)

_LESSON_PATH = Case(
    When(lesson__isnull=True, then=Value("")),
    default=Concat("lesson__unit__slug", Value("/"), "lesson__slug", output_field=CharField()),
    output_field=CharField(),
)

# Classes


def classroom_as(caller: Any, key: str) -> tuple[Classroom, bool]:
    """A class, and whether the caller is of its staff, as the school's program is.

    Raises: NotFound for who is not in it.  Queries: 1.
    """
    if isinstance(caller, ApiClient):
        return classroom_of(caller, key), True
    mine = Enrolment.objects.active().filter(user=caller, classroom=OuterRef("pk"))
    rows = Classroom.objects.visible_to(caller).select_related("course")
    rows = rows.annotate(viewer_role=Subquery(mine.values("role")[:1]))
    row = by_key(
        rows.defer("course__outline", "course__loaded_manifest"), key, _("There is no such class.")
    )
    return row, row.viewer_role in STAFF_ROLES


def classroom_attended(student: User, key: str) -> Classroom:
    """A class that the person is a student of.  Raises: NotFound.  Queries: 1."""
    rows = Classroom.objects.for_roles(student, [Role.STUDENT])
    row: Classroom = by_key(rows, key, _("There is no such class."))
    return row


def assignments_in(classroom: Classroom, *, is_staff: bool) -> QuerySet[Assignment]:
    """What a class is given; to students, once it is published."""
    rows = Assignment.objects.filter(classroom=classroom)
    return rows if is_staff else rows.filter(published_at__isnull=False)


def assignment_as(classroom: Classroom, public_id: UUID, *, is_staff: bool) -> Assignment:
    """One of these.  Raises: NotFound.  Queries: 1."""
    rows = assignments_in(classroom, is_staff=is_staff).select_related("classroom")
    row: Assignment | None = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("There is no such quiz in your class."))
    return row


def quiz_to_give(classroom: Classroom, public_id: UUID) -> Quiz:
    """A quiz of the class's course.  Raises: NotFound.  Queries: 1."""
    quiz: Quiz | None = quizzes.quizzes_to_give(classroom).filter(public_id=public_id).first()
    if quiz is None:
        raise NotFound(_("There is no such quiz."))
    return quiz


# Attempts


def attempts_in(assignment: Assignment) -> QuerySet[Any]:
    """Every attempt of an assignment, with the school's own id of its student."""
    mine = Enrolment.objects.filter(classroom=assignment.classroom_id, user=OuterRef("student"))
    return Attempt.objects.filter(assignment=assignment).annotate(
        student_sis_id=Subquery(mine.values("sis_id")[:1])
    )


def attempts_of(student: User) -> QuerySet[Attempt]:
    """One's own attempts; through a school's program, those of its classes and practice."""
    return Attempt.objects.filter(_is_in_reach(student), student=student)


def attempt_of(student: User, public_id: UUID) -> Attempt:
    """One's own attempt.  Raises: NotFound.  Queries: 1, and 1 through a school's program."""
    check_reach(student, public_id)
    return quizzes.attempt_of(student, public_id)


def attempt_for(viewer: User, public_id: UUID) -> Attempt:
    """The same, or one of a class where the viewer is on the staff.  Raises: NotFound."""
    check_reach(viewer, public_id)
    return quizzes.attempt_for(viewer, public_id)


def check_reach(person: User, attempt_id: UUID) -> None:
    """Raises: NotFound where a school's program acts for a person and this is another school's.

    Queries: 0; 1 through a program.
    """
    if person.through_school_id is None:
        return
    if not Attempt.objects.filter(_is_in_reach(person), public_id=attempt_id).exists():
        raise NotFound(_("There is no such attempt."))


def response_of(student: User, attempt_id: UUID, position: int) -> Response:
    """One item of one's own attempt.  Raises: NotFound.  Queries: 1, or 2."""
    check_reach(student, attempt_id)
    row = (
        Response.objects.filter(
            attempt__public_id=attempt_id, attempt__student=student, position=position
        )
        .select_related("attempt__assignment__classroom__school", "attempt__quiz__course")
        .defer("attempt__quiz__course__outline", "attempt__quiz__course__loaded_manifest")
        .first()
    )
    if row is None:
        raise NotFound(_("The attempt has no such item."))
    return row


def _is_in_reach(person: User) -> Q:
    school = person.through_school_id
    if school is None:
        return Q()
    is_practice = Q(assignment__isnull=True) & (
        Q(quiz__course__school=school) | Q(quiz__course__school__isnull=True)
    )
    return Q(assignment__classroom__school=school) | is_practice


def course_practised(person: User, key: str) -> Course:
    """A course whose quizzes the person may practise: any; of a program's school, its own.

    Raises: NotFound.  Queries: 1.
    """
    course = course_by_key(key)
    through = person.through_school_id
    if through is not None and course.school_id not in {None, through}:
        raise NotFound(_("There is no such course."))
    return course


def practices_in(course: Course) -> QuerySet[Quiz]:
    """The quizzes of a course that may be practised."""
    return Quiz.objects.filter(course=course, is_practice=True)


# Objections


def contests() -> QuerySet[Any]:
    """Objections, each with `user_id` unless its attempt waits to be marked without names."""
    attempt = "response__attempt"
    is_nameless = Q(
        **{f"{attempt}__assignment__is_marked_anonymously": True},
        **{f"{attempt}__state": AttemptState.SUBMITTED},
    )
    who = Case(When(is_nameless, then=None), default=F(f"{attempt}__student__public_id"))
    return Contest.objects.annotate(user_id=who)


def contests_in(classroom: Classroom) -> QuerySet[Any]:
    """The objections of a class."""
    return contests().filter(response__attempt__assignment__classroom=classroom)


def contest_on(response: Response) -> Contest:
    """Raises: NotFound.  Queries: 1."""
    contest = Contest.objects.filter(response=response).first()
    if contest is None:
        raise NotFound(_("There is no such objection."))
    return contest


# The bank


def course_edited(person: User, key: str) -> Course:
    """A course that the person may edit in the admin.  Raises: NotFound.  Queries: 1."""
    rows = Course.objects.editable_by(person)
    if not person.is_staff:
        rows = rows.none()
    if person.through_school_id is not None:
        rows = rows.filter(school=person.through_school_id)
    return course_in(rows, key)


def questions_in(course: Course) -> QuerySet[Any]:
    """The whole bank, each with `lesson_path`, "" for none."""
    return Question.objects.filter(course=course).annotate(lesson_path=_LESSON_PATH)


def question_in(course: Course, key: str) -> Question:
    """A question by its slug or its id.  Raises: NotFound.  Queries: 1."""
    row: Question = _one(
        Question.objects.filter(course=course), key, _("There is no such question.")
    )
    row.course = course
    return row


def question_again(question: Question) -> Question:
    """The same as it is now, with all that `question_draft` reads.  Queries: 2."""
    row: Question = quizzes.questions_of(question.course).get(pk=question.pk)
    row.course = question.course
    return row


def quizzes_in(course: Course) -> QuerySet[Any]:
    """The quizzes of a course, each with `lesson_path` and `unit_slug`, "" for none."""
    return Quiz.objects.filter(course=course).annotate(
        lesson_path=_LESSON_PATH,
        unit_slug=Coalesce("unit__slug", Value(""), output_field=CharField()),
    )


def quiz_in(course: Course, key: str) -> Quiz:
    """A quiz by its slug or its id.  Raises: NotFound.  Queries: 1."""
    row: Quiz = _one(Quiz.objects.filter(course=course), key, _("There is no such quiz."))
    row.course = course
    return row


def quiz_items(pks: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """{quiz's pk: its items in order, as an author writes them}.  Queries: 1."""
    rows = QuizItem.objects.filter(quiz__in=pks).order_by("quiz", "position")
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.values(
        *("quiz", "points", "question__slug", "draw_count", "draw_tags"),
        *("draw_unit__slug", "draw_difficulty"),
    ):
        found.setdefault(row["quiz"], []).append(
            {
                "points": row["points"],
                "question": row["question__slug"] or "",
                "draw": row["draw_count"] or 0,
                "tags": row["draw_tags"],
                "unit": row["draw_unit__slug"] or "",
                "difficulty": row["draw_difficulty"],
            }
        )
    return found


def _one(rows: QuerySet[Any], key: str, refusal: str) -> Any:
    is_it = Q(slug=key)
    with suppress(ValueError):
        is_it |= Q(public_id=UUID(key))
    row = rows.filter(is_it).first()
    if row is None:
        raise NotFound(refusal)
    return row
