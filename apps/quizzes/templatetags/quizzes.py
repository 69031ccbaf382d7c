"""How pages of quizzes write times and shares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django import template
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.quizzes import policies, selectors
from apps.quizzes.enums import Disclosure
from apps.quizzes.models import Assignment, Attempt

register = template.Library()


@register.filter
def duration(seconds: int) -> str:
    """5400 → “1 hour 30 minutes”; what is left of a minute is rounded up."""
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    said = []
    if hours:
        said.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest or not hours:
        said.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(said)


@register.filter
def percent(ratio: Decimal) -> str:
    """Decimal("0.125") → “12.5%”."""
    return f"{number_format((ratio * 100).normalize(), use_l10n=True)}%"


@register.filter
def points(value: Decimal) -> str:
    """Decimal("1.50") → “1.5 points”."""
    number = floatformat(value, -2)
    return ngettext("%(number)s point", "%(number)s points", 1 if value == 1 else 2) % {
        "number": number
    }


@register.filter
def whose(attempt: Attempt) -> str:
    """The student's name, or that it is not told while the attempt waits to be marked."""
    return _("name not shown") if policies.is_nameless(attempt) else str(attempt.student)


def shown_when(when: str, at: datetime | None) -> str:
    """When something of an attempt is shown, for its student."""
    if when == Disclosure.MOMENT:
        if at is None:
            return _("never")
        return _("from %(moment)s") % {"moment": date_format(localtime(at), "DATETIME_FORMAT")}
    return str(Disclosure(when).label)


@register.simple_tag
def shown_together(given: Assignment) -> list[str]:
    """When the parts of an attempt are shown, those together that come together."""
    parts = (
        (_("points"), given.score_when, given.score_at),
        (_("what was right"), given.correctness_when, given.correctness_at),
        (_("feedback"), given.feedback_when, given.feedback_at),
        (_("the right answers"), given.key_when, given.key_at),
    )
    groups: dict[str, list[str]] = {}
    for part, when, at in parts:
        groups.setdefault(shown_when(when, at), []).append(part)
    return [
        _("%(moment)s: %(parts)s") % {"moment": moment, "parts": get_text_list(these, _("and"))}
        for moment, these in groups.items()
    ]


@register.simple_tag
def class_activities(classroom: Classroom, user: User) -> list[dict[str, str]]:
    """What a class asks of somebody now: title, url and detail of each.  Queries: 4."""
    now = timezone.now()
    if classroom.viewer_enrolment.is_staff:
        rows = selectors.given_quizzes(classroom, now)
        return [
            {"title": given.assignment.title, "url": url, "detail": detail}
            for given in rows
            for url, detail in _staff_duties(given)
        ]
    return [
        {
            "title": assigned.assignment.title,
            "url": selectors.assignment_path(assigned.assignment),
            "detail": _student_detail(assigned),
        }
        for assigned in selectors.assigned_quizzes(classroom, user, now)
        if assigned.state in {"planned", "running", "late", "open"}
    ]


def _staff_duties(given: selectors.GivenQuiz) -> Iterator[tuple[str, str]]:
    classroom = given.assignment.classroom.public_id
    if given.waiting:
        words = ngettext("%(count)d answer to mark", "%(count)d answers to mark", given.waiting)
        url = reverse("quizzes:marking", args=[classroom, given.assignment.public_id])
        yield url, words % {"count": given.waiting}
    if given.objections:
        words = ngettext("%(count)d objection", "%(count)d objections", given.objections)
        yield reverse("quizzes:objections", args=[classroom]), words % {"count": given.objections}


def _student_detail(assigned: selectors.AssignedQuiz) -> str:
    window = assigned.window
    for name, moment in (
        (_("opens %(moment)s"), window.opens_at if assigned.state == "planned" else None),
        (_("due %(moment)s"), window.due_at),
        (_("closes %(moment)s"), window.closes_at),
    ):
        if moment is not None:
            return name % {"moment": date_format(localtime(moment), "DATETIME_FORMAT")}
    return _("you have begun") if assigned.state == "running" else _("open")
