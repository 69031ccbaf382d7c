"""What a whole class has read, counted by the database, and who has stopped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connections, router
from django.db.models import F, Max, Model, OuterRef, QuerySet, Subquery

from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom, Enrolment
from apps.debates.models import Argument, Participant
from apps.learning.models import LessonProgress
from apps.quizzes.models import Attempt

_COURSE = OuterRef("classroom__course")
# Each engine has its own name for a row for each key of an object.
_KEYS = {
    "postgresql": "jsonb_object_keys(progress.seen) AS section(key)",
    "sqlite": "json_each(progress.seen) AS section",
}
_SEEN = """
    SELECT progress.lesson_id, section.key, count(*)
    FROM classrooms_enrolment enrolment
    JOIN learning_lessonprogress progress ON progress.reader_id = enrolment.user_id
    JOIN content_lesson lesson ON lesson.id = progress.lesson_id
    JOIN content_unit unit ON unit.id = lesson.unit_id
    CROSS JOIN {keys}
    WHERE enrolment.classroom_id = %s AND enrolment.role = %s AND enrolment.removed_at IS NULL
    AND unit.course_id = %s
    GROUP BY progress.lesson_id, section.key
"""


def sections_seen(classroom: Classroom) -> dict[tuple[int, str], int]:
    """{(lesson, anchor): how many students of the class have seen it}; what nobody saw is absent.

    The lesson by its primary key. Anchors of earlier editions are counted too.  Queries: 1,
    which reads the class's own rows by index, whatever the table holds of others.
    """
    connection = connections[router.db_for_read(LessonProgress)]
    statement = _SEEN.format(keys=_KEYS[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(statement, [classroom.pk, Role.STUDENT.value, classroom.course_id])
        return {(lesson, anchor): count for lesson, anchor, count in cursor.fetchall()}


def activity_of(classrooms: Collection[Classroom]) -> list[tuple[Enrolment, datetime | None]]:
    """Each student's enrolment with when they last read, answered or argued; None for never.

    With it comes the person. Reading and practice count where they are of the class's course.
    Queries: 1, whatever the classes.
    """
    person, classroom, course = OuterRef("user"), OuterRef("classroom"), _COURSE
    reading = LessonProgress.objects.filter(reader=person, lesson__unit__course=course)
    attempts = Attempt.objects.filter(student=person, quiz__course=course)
    taking_part = Participant.objects.filter(user=person, run__classroom=classroom)
    arguing = Argument.objects.filter(author__user=person, run__classroom=classroom)
    rows = (
        Enrolment.objects.students()
        .filter(classroom__in=classrooms)
        .select_related("user")
        .annotate(
            read=_latest(reading, "reader", "updated_at"),
            began=_latest(attempts, "student", "started_at"),
            handed_in=_latest(attempts, "student", "submitted_at"),
            joined=_latest(taking_part, "user", "joined_at"),
            argued=_latest(arguing, "author__user", "posted_at"),
        )
    )
    return [
        (
            row,
            max(
                filter(None, (row.read, row.began, row.handed_in, row.joined, row.argued)),
                default=None,
            ),
        )
        for row in rows
    ]


def _latest(rows: QuerySet[Model], person: str, moment: str) -> Subquery:
    by_person = rows.order_by().values(person)
    return Subquery(by_person.annotate(latest=Max(F(moment))).values("latest"))
