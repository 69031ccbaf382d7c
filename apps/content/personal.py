"""What content gives to a copy of everything about a person, and does when one is erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.content.models import Lesson, LessonEdition
from apps.core.exports import ExportTable, rows_of
from apps.core.services import words_redact

# Of each model with a history: what its rows are known by.
HISTORIES = {
    "content.HistoricalCourse": "title",
    "content.HistoricalSourceParagraph": "number",
    "content.HistoricalUnit": "title",
    "content.HistoricalReference": "key",
    "content.HistoricalLesson": "title",
    "content.HistoricalSection": "heading",
    "content.HistoricalGlossaryTerm": "term",
    "content.HistoricalActor": "name",
    "content.HistoricalTimelineEvent": "title",
    "content.HistoricalPlace": "name",
}


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "authorship/editions",
            _("Editions that you published, or will"),
            _("Lessons by their titles, with the lines that you wrote beside them."),
            ("content.LessonEdition", "content.Lesson"),
            [
                *rows_of(
                    LessonEdition.objects.filter(published_by=user).order_by("pk"),
                    id="public_id",
                    title="title",
                    edition="number",
                    at="published_at",
                    note="note",
                ),
                *rows_of(
                    Lesson.objects.filter(publish_by=user).order_by("pk"),
                    id="public_id",
                    title="title",
                    at="publish_at",
                    note="publish_note",
                ),
            ],
        ),
        ExportTable(
            "authorship/edits-of-courses",
            _("What you edited in courses"),
            _("Each change in the editors’ pages: of what, when, and why where you said it."),
            tuple(HISTORIES),
            _edits(user),
        ),
    ]


def _edits(user: User) -> Iterator[Mapping[str, Any]]:
    for label, title in HISTORIES.items():
        model = apps.get_model(label)
        rows = _history(label, user)
        has_note = any(field.name == "publish_note" for field in model._meta.fields)
        columns = {"note": "publish_note"} if has_note else {}
        for row in rows_of(
            rows,
            id="id",
            title=title,
            at="history_date",
            change="history_type",
            reason="history_change_reason",
            **columns,
        ):
            yield {"kind": str(model._meta.verbose_name), "note": "", **row}


def _history(label: str, user: User) -> QuerySet[Any]:
    return apps.get_model(label)._base_manager.filter(history_user=user).order_by("history_id")  # noqa: SLF001


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Leave what the person wrote for courses, as written by nobody who can be named.

    Why they changed something goes; what they said of an edition stays without their name.
    """
    words_redact(LessonEdition.objects.filter(published_by=user), "note", names=names)
    words_redact(Lesson.objects.filter(publish_by=user), "publish_note", names=names)
    scheduled = apps.get_model("content.HistoricalLesson")._base_manager  # noqa: SLF001
    words_redact(
        scheduled.filter(Q(publish_by_id=user.pk) | Q(history_user=user)).exclude(publish_note=""),
        "publish_note",
        names=names,
    )
    for label in HISTORIES:
        _history(label, user).exclude(history_change_reason=None).update(history_change_reason=None)
