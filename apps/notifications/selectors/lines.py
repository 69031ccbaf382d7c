"""What notifications say, put together when they are read from what their reader may see now.

A notification whose subject is gone, held, hidden, or of a class that its reader has left says
nothing, and so is not shown. No line holds a name, a mark or a word of anybody's text: titles
and motions alone, which staff have written.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.classrooms.enums import STAFF_ROLES, Role
from apps.classrooms.models import Accommodation, Enrolment
from apps.classrooms.selectors import Accommodated
from apps.grades.models import CurrentGrade
from apps.notes.models import Note
from apps.notifications.enums import FOR_STAFF, Kind, SubjectKind
from apps.notifications.models import Notification
from apps.notifications.selectors.of_debates import of_arguments, of_runs
from apps.notifications.selectors.wording import Reader, Rows, Wording, moment_text, subject_ids
from apps.quizzes.enums import AttemptState, ContestState
from apps.quizzes.models import Assignment, Attempt, Contest
from apps.quizzes.selectors import window_of

# Whoever is in the class is told of these, whatever they are in it.
FOR_ALL = frozenset({Kind.REPLY, Kind.MODERATION, Kind.NOTE})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_GRANTED = ("time_ratio", "extra_attempts", "opens_at", "due_at", "closes_at")


@dataclass(frozen=True, slots=True)
class Line:
    """text: plain, of one line.  class_title: "" where it is about no class.

    is_stale: too late to write a letter about.
    """

    notification: Notification
    text: str
    class_title: str = ""
    is_stale: bool = False


def lines_of(user: User, rows: Rows, now: datetime) -> list[Line]:
    """What `rows`, all of `user`, say to them now, in the same order, without what says nothing.

    In the active language and time zone.
    Queries: 1, and for each kind of subject among the rows 1 (quizzes due: 3, debates due: 4).
    """
    enrolments = (
        Enrolment.objects.active()
        .filter(user=user, classroom__in={row.classroom_id for row in rows if row.classroom_id})
        .values_list("classroom_id", "role", "classroom__title")
    )
    places = {pk: (role, title) for pk, role, title in enrolments} if rows else {}
    reader = Reader(user, {pk: role for pk, (role, _title) in places.items()}, now)
    by_subject: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        if _is_for(row, reader):
            by_subject[row.subject_kind].append(row)
    said: Wording = {}
    for subject_kind, these in by_subject.items():
        if subject_kind in WORDINGS:
            said.update(WORDINGS[subject_kind](reader, these))
    return [
        Line(
            row,
            text=_one_line(said[row.pk][0]),
            class_title=_one_line(places[row.classroom_id][1]) if row.classroom_id else "",
            is_stale=said[row.pk][1],
        )
        for row in rows
        if row.pk in said
    ]


def _is_for(row: Notification, reader: Reader) -> bool:
    if row.classroom_id is None:
        return row.kind in FOR_ALL
    role = reader.roles.get(row.classroom_id)
    if row.kind in FOR_STAFF:
        return role in STAFF_ROLES
    return role is not None if row.kind in FOR_ALL else role == Role.STUDENT


def _one_line(text: str) -> str:
    """Without line breaks, other control characters and marks that turn the direction of a text."""
    kept = (" " if unicodedata.category(char) == "Cc" else char for char in text)
    return " ".join("".join(char for char in kept if char not in _TURNING).split())


# Quizzes


def _of_assignments(reader: Reader, rows: Rows) -> Wording:
    waiting = Count("attempts", filter=Q(attempts__state=AttemptState.SUBMITTED))
    found = {
        each.public_id: each
        for each in Assignment.objects.filter(
            public_id__in=subject_ids(rows), classroom__in=reader.roles, published_at__isnull=False
        ).annotate(waiting=waiting)
    }
    due = [row for row in rows if row.kind == Kind.DEADLINE and row.subject_id in found]
    said = _of_deadlines(reader, due, found) if due else {}
    for row in rows:
        each = found.get(row.subject_id)
        if each is None:
            continue
        if row.kind == Kind.ASSIGNMENT:
            said[row.pk] = (_("Your class is given a quiz: “%(title)s”.") % _titled(each), False)
        elif row.kind == Kind.MARKING and each.waiting:
            words = ngettext(
                "%(count)d attempt at “%(title)s” waits to be marked.",
                "%(count)d attempts at “%(title)s” wait to be marked.",
                each.waiting,
            )
            said[row.pk] = (words % {**_titled(each), "count": each.waiting}, False)
    return said


def _of_deadlines(reader: Reader, rows: Rows, found: Mapping[UUID, Assignment]) -> Wording:
    """By the reader's own dates.  Queries: 2."""
    handed_in = set(
        Attempt.objects.filter(assignment__in=found.values(), student=reader.user)
        .exclude(state=AttemptState.OPEN)
        .values_list("assignment_id", flat=True)
    )
    grants = _grants_of(reader)
    said: Wording = {}
    for row in rows:
        each = found[row.subject_id]
        window = window_of(each, _granted(grants, each))
        due = window.due_at or window.closes_at
        if due is None:
            continue
        words = {**_titled(each), "moment": moment_text(due)}
        if due <= reader.now:
            said[row.pk] = (_("“%(title)s” was due on %(moment)s.") % words, True)
        else:
            is_done = each.pk in handed_in
            said[row.pk] = (_("“%(title)s” is due on %(moment)s.") % words, is_done)
    return said


def _grants_of(reader: Reader) -> dict[tuple[int, UUID | None], dict[str, Any]]:
    """{(class, activity or None): what it says}.  Queries: 1."""
    rows = Accommodation.objects.filter(
        enrolment__user=reader.user, enrolment__classroom__in=reader.roles
    )
    return {
        (classroom, activity): {
            name: value for name, value in zip(_GRANTED, said, strict=True) if value is not None
        }
        for classroom, activity, *said in rows.values_list(
            "enrolment__classroom_id", "activity_id", *_GRANTED
        )
    }


def _granted(
    grants: dict[tuple[int, UUID | None], dict[str, Any]], each: Assignment
) -> Accommodated:
    in_class = grants.get((each.classroom_id, None), {})
    here = grants.get((each.classroom_id, each.public_id), {})
    return Accommodated(**{**in_class, **here})


def _titled(each: Assignment) -> dict[str, Any]:
    return {"title": each.title}


def _of_contests(reader: Reader, rows: Rows) -> Wording:
    found = {
        each.public_id: each
        for each in Contest.objects.filter(
            public_id__in=subject_ids(rows),
            response__attempt__assignment__classroom__in=reader.roles,
        ).select_related("response__attempt__assignment")
    }
    said: Wording = {}
    for row in rows:
        each = found.get(row.subject_id)
        if each is None or each.response.attempt.assignment is None:
            continue
        words = {
            "title": each.response.attempt.assignment.title,
            "number": each.response.position,
        }
        is_own = each.response.attempt.student_id == reader.user.pk
        if row.kind == Kind.OBJECTION and each.state == ContestState.OPEN:
            text = _("A student objects to item %(number)d of “%(title)s”.") % words
            said[row.pk] = (text, False)
        elif row.kind == Kind.DECISION and is_own and each.state in _DECIDED:
            said[row.pk] = (_DECIDED[each.state]() % words, False)
    return said


_DECIDED: dict[str, Callable[[], str]] = {
    ContestState.ACCEPTED: lambda: _(
        "Your objection to item %(number)d of “%(title)s” is accepted."
    ),
    ContestState.DECLINED: lambda: _(
        "Your objection to item %(number)d of “%(title)s” is answered."
    ),
}


# Grades


def _of_grades(reader: Reader, rows: Rows) -> Wording:
    """Released ones, by the release that holds: an item held meanwhile says nothing of before."""
    found = {
        each.public_id: each
        for each in CurrentGrade.objects.filter(
            public_id__in=subject_ids(rows),
            student=reader.user,
            item__classroom__in=reader.roles,
            item__released_at__isnull=False,
            item__retired_at__isnull=True,
        ).select_related("item")
    }
    said: Wording = {}
    for row in rows:
        each = found.get(row.subject_id)
        item = each.item if each else None
        if item is None or item.released_at is None or row.happened_at < item.released_at:
            continue
        if row.kind == Kind.GRADE:
            if each and each.points is None and not each.is_excused:
                continue  # cleared meanwhile
            text = _("Your grade for “%(title)s” is out.")
        else:
            text = _("Your grade for “%(title)s” is changed; the reason stands beside it.")
        said[row.pk] = (text % {"title": item.title}, False)
    return said


# Notes


def _of_notes(reader: Reader, rows: Rows) -> Wording:
    found = {
        public_id: (title, hidden_at is not None)
        for public_id, title, hidden_at in Note.objects.filter(
            public_id__in=subject_ids(rows), author=reader.user, classroom__in=reader.roles
        ).values_list("public_id", "lesson_title", "hidden_at")
    }
    said: Wording = {}
    for row in rows:
        title, is_hidden = found.get(row.subject_id, ("", False))
        if row.subject_id not in found or is_hidden != (row.detail == "hidden"):
            continue
        if is_hidden:
            text = _("Your note on “%(title)s” is hidden from your class; see the reason with it.")
        else:
            text = _("Your note on “%(title)s” is shown to your class again.")
        said[row.pk] = (text % {"title": title}, False)
    return said


WORDINGS: dict[str, Callable[[Reader, Rows], Wording]] = {
    SubjectKind.ASSIGNMENT: _of_assignments,
    SubjectKind.CONTEST: _of_contests,
    SubjectKind.GRADE: _of_grades,
    SubjectKind.ARGUMENT: of_arguments,
    SubjectKind.DEBATE_RUN: of_runs,
    SubjectKind.NOTE: _of_notes,
}
