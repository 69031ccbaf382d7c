"""How a note is spoken of on pages and in files. Its lesson, unit and course are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.notes.enums import Kind, Visibility
from apps.notes.notebook import Leaf

if TYPE_CHECKING:
    from apps.notes.models import Note

_QUOTED_WHOLE = 80
_END_WORDS = 4


def lesson_url(note: Note) -> str:
    """The lesson's page; "" where readers cannot open it any more."""
    lesson = note.lesson
    if lesson is None or lesson.published_edition_id is None:
        return ""
    return reverse("reader:lesson", args=[lesson.unit.course.slug, lesson.unit.slug, lesson.slug])


def section_url(note: Note) -> str:
    page = lesson_url(note)
    return page and f"{page}#{note.section}"


def passage_url(note: Note) -> str:
    """The lesson at the passage: a browser that knows text fragments marks its words, any other
    opens the section.  Source: WICG, URL Fragment Text Directives
    """
    section = section_url(note)
    return section and f"{section}{_text_directive(note.exact)}"


def _text_directive(words: str) -> str:
    if not words:
        return ""
    if len(words) <= _QUOTED_WHOLE:
        return f":~:text={_quoted(words)}"
    parts = words.split(" ")
    ends = " ".join(parts[:_END_WORDS]), " ".join(parts[-_END_WORDS:])
    return f":~:text={','.join(map(_quoted, ends))}"


def _quoted(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


def audience_words(note: Note) -> str:
    """Who reads it besides its author."""
    if note.visibility == Visibility.PRIVATE:
        is_counted = note.kind == Kind.CONFUSED
        return _("only you, and counted without your name") if is_counted else _("only you")
    if note.classroom is None:
        return _("only you, since the class is gone")
    words = {
        Visibility.INSTRUCTORS: _("shared with those who teach %(title)s"),
        Visibility.CLASS: _("shared with %(title)s"),
    }
    return words[Visibility(note.visibility)] % {"title": note.classroom.title}


def leaf_of(note: Note) -> Leaf:
    """A note for the notebook."""
    facts = [note.get_kind_display(), date_format(localtime(note.created_at), "DATE_FORMAT")]
    facts += [", ".join(note.sources)] if note.sources else []
    return Leaf(
        heading=note.heading,
        quotation=note.exact,
        body=note.body,
        link=passage_url(note),
        facts=(*facts, audience_words(note)),
    )
