"""What devices saw of lessons, joined with what is known, in one statement."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.content.models import Course, Lesson
from apps.core import services as core
from apps.learning import selectors
from apps.learning.enums import LessonState
from apps.learning.models import LessonProgress
from apps.learning.reading import Place, Report, is_read
from apps.quizzes.enums import QuizKind
from apps.quizzes.models import Attempt

_BATCH = 500
_READER = "learning"
# Two objects in, one with the keys of both out.
_JOIN = {
    "postgresql": "learning_lessonprogress.seen || excluded.seen",
    "sqlite": "json_patch(learning_lessonprogress.seen, excluded.seen)",
}
# The later bookmark counts, in whichever order they arrive.
_LATER = """
    excluded.resume_at IS NOT NULL AND (
        learning_lessonprogress.resume_at IS NULL
        OR (excluded.resume_at, excluded.resume_anchor)
           > (learning_lessonprogress.resume_at, learning_lessonprogress.resume_anchor)
    )
"""
_RECORD = f"""
    INSERT INTO learning_lessonprogress
        (reader_id, lesson_id, seen, resume_anchor, resume_at, first_opened_at, updated_at)
    VALUES {{rows}}
    ON CONFLICT (reader_id, lesson_id) DO UPDATE SET
        seen = {{joined}},
        resume_anchor = CASE WHEN {_LATER} THEN excluded.resume_anchor
                        ELSE learning_lessonprogress.resume_anchor END,
        resume_at = CASE WHEN {_LATER} THEN excluded.resume_at
                    ELSE learning_lessonprogress.resume_at END,
        updated_at = CASE WHEN excluded.updated_at > learning_lessonprogress.updated_at
                     THEN excluded.updated_at ELSE learning_lessonprogress.updated_at END
    RETURNING lesson_id, seen, read_at
"""  # noqa: S608 - constants of this module; every value is a parameter


@dataclass(frozen=True, slots=True)
class _Known:
    """A published lesson that was reported on, and the sections that it has now."""

    pk: int
    report: Report
    sections: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Stored:
    seen: frozenset[str]
    is_read: bool


def progress_record(
    *, reader: User, reports: Sequence[Report], now: datetime
) -> dict[Place, LessonState]:
    """Add what was seen; a report that comes twice, late or at the same time takes nothing away.

    Lessons that are not published and sections that the edition has not are passed over. A
    device's clock only orders the reader's own bookmarks, and is never later than `now`.
    Returns: the state of each lesson that was taken.
    Queries: 3, and 3 where a lesson may have become read.
    """
    known = _known(reports)
    if not known:
        return {}
    rows = _upsert(reader.pk, known, now)
    may_be_read = [
        each.pk
        for each in known
        if not rows[each.pk].is_read and set(each.sections) <= rows[each.pk].seen
    ]
    read = set(_settle(reader.pk, may_be_read, now)) if may_be_read else set()
    return {
        each.report.place: (
            LessonState.READ if rows[each.pk].is_read or each.pk in read else LessonState.BEGUN
        )
        for each in known
    }


@transaction.atomic
def progress_settle(*, now: datetime) -> int:
    """Note which lessons the check-ups handed in since the last call have completed; the worker's.

    Pages do not wait for it: selectors apply the rule themselves.
    Returns: how many attempts were looked at.  Locks: the outbox's cursor of this app.
    """
    events = core.events_take(reader=_READER, limit=_BATCH)
    handed_in = [each.subject_id for each in events if each.kind == "attempt.submitted"]
    pairs = set(
        Attempt.objects.filter(
            public_id__in=handed_in, quiz__kind=QuizKind.CHECK_UP, quiz__lesson__isnull=False
        ).values_list("student_id", "quiz__lesson_id")
    )
    for reader in {student for student, _lesson in pairs}:
        _settle(reader, [lesson for student, lesson in pairs if student == reader], now)
    return len(handed_in)


def _settle(reader: int, lessons: Collection[int], now: datetime) -> list[int]:
    """Note which of these lessons have become read, and say which.

    Only what is still unread is written: of two that find it out at once, the first moment stays.
    Queries: 3.
    """
    rows = LessonProgress.objects.filter(
        reader=reader, lesson__in=lessons, read_at__isnull=True
    ).select_related("lesson__unit__course")
    tried = selectors.check_ups_tried(reader, lessons)
    done = []
    for row in rows.defer("lesson__unit__course__loaded_manifest"):
        unit = row.lesson.unit
        sections = selectors.sections_of(unit.course.outline)
        if is_read(
            seen=row.seen,
            sections=sections.get((unit.slug, row.lesson.slug), []),
            has_check_up=row.lesson_id in tried,
            tried_at=tried.get(row.lesson_id),
            retracted_at=row.retracted_at,
        ):
            done.append(row.lesson_id)
    unread = LessonProgress.objects.filter(reader=reader, lesson__in=done, read_at__isnull=True)
    if done:
        unread.update(read_at=now)
    return done


def _known(reports: Sequence[Report]) -> list[_Known]:
    """In the order of their keys, so that two batches of one reader never wait in a circle."""
    wanted = {report.place: report for report in reports}
    if not wanted:
        return []
    names = Q()
    for place in wanted:
        names |= Q(unit__course__slug=place.course, unit__slug=place.unit, slug=place.lesson)
    rows = list(
        Lesson.objects.published()
        .filter(names)
        .order_by("pk")
        .values_list("pk", "unit__course_id", "unit__course__slug", "unit__slug", "slug")
    )
    courses = Course.objects.filter(pk__in={row[1] for row in rows}).values_list("pk", "outline")
    sections = {pk: selectors.sections_of(outline) for pk, outline in courses}
    return [
        _Known(pk, wanted[Place(course, unit, slug)], sections[course_pk].get((unit, slug), []))
        for pk, course_pk, course, unit, slug in rows
    ]


def _upsert(reader: int, known: Sequence[_Known], now: datetime) -> dict[int, _Stored]:
    """{lesson: what is known of it after joining}.

    Every row is inserted or joined under its own lock, so that nothing which another device adds
    meanwhile is lost.
    """
    moment = connection.ops.adapt_datetimefield_value
    json_type = "%s::jsonb" if connection.vendor == "postgresql" else "%s"
    values: list[Any] = []
    for each in known:
        sections = set(each.sections)
        seen = dict.fromkeys(sorted(each.report.seen & sections), 1)
        has_stopped = each.report.resume in sections and each.report.at is not None
        at = min(each.report.at, now) if has_stopped and each.report.at else None
        values += [
            *(reader, each.pk, json.dumps(seen), each.report.resume if has_stopped else ""),
            *(moment(at) if at else None, moment(now), moment(now)),
        ]
    row = f"(%s, %s, {json_type}, %s, %s, %s, %s)"
    statement = _RECORD.format(rows=", ".join([row] * len(known)), joined=_JOIN[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {
            # SQLite gives the object as text.
            lesson: _Stored(
                frozenset(json.loads(seen) if isinstance(seen, str) else seen), read_at is not None
            )
            for lesson, seen, read_at in cursor.fetchall()
        }
