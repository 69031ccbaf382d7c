"""What a card says of a term, a date or a note: as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.content.models import GlossaryTerm, TimelineEvent
from apps.content.words import edtf_text
from apps.notes.models import Note
from apps.quizzes.exchange.prose import escape as as_markdown
from apps.review.enums import OriginKind


@dataclass(frozen=True, slots=True)
class Wording:
    """Both sides, as Markdown and as HTML that apps.content.markdown has sanitised."""

    front: str
    back: str
    front_html: SafeString
    back_html: SafeString


def of_term(term: GlossaryTerm) -> Wording:
    return Wording(
        as_markdown(term.term),
        term.definition,
        format_html("<p>{}</p>", term.term),
        _safe(term.html),
    )


def of_event(event: TimelineEvent) -> Wording:
    when = edtf_text(event.date)
    front = _("When: %(event)s") % {"event": event.title}
    return Wording(
        as_markdown(front),
        "\n\n".join(part for part in (f"**{as_markdown(when)}**", event.description) if part),
        format_html("<p>{}</p>", front),
        format_html("<p><strong>{}</strong></p>{}", when, _safe(event.html)),
    )


def of_note(note: Note) -> Wording:
    """A note asks for what was written at its passage; a highlight for the passage itself."""
    place = note.heading or note.lesson_title
    if not note.body:
        front = _("What does “%(place)s” say that you marked?") % {"place": place}
        return Wording(
            as_markdown(front),
            as_markdown(note.exact),
            format_html("<p>{}</p>", front),
            format_html("<blockquote><p>{}</p></blockquote>", note.exact),
        )
    front = note.exact or _("What did you note at “%(place)s”?") % {"place": place}
    return Wording(as_markdown(front), note.body, format_html("<p>{}</p>", front), _safe(note.html))


def wordings(origins: Iterable[tuple[str, UUID]], owner_id: int) -> dict[UUID, Wording]:
    """{origin's public id: what its card says now}; what is gone is left out.

    Queries: 1 for each kind among them.
    """
    wanted: dict[str, set[UUID]] = {}
    for kind, public_id in origins:
        wanted.setdefault(kind, set()).add(public_id)
    found: dict[UUID, Wording] = {}
    for kind, (rows, say) in _readers(owner_id).items():
        if kind in wanted:
            found |= {row.public_id: say(row) for row in rows.filter(public_id__in=wanted[kind])}
    return found


def _readers(owner_id: int) -> Mapping[str, tuple[Any, Any]]:
    return {
        OriginKind.TERM: (GlossaryTerm.objects.all(), of_term),
        OriginKind.EVENT: (TimelineEvent.objects.all(), of_event),
        OriginKind.NOTE: (Note.objects.filter(author=owner_id), of_note),
    }


def _safe(html: str) -> SafeString:
    return mark_safe(html)
