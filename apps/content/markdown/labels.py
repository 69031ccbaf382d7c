"""What a text may refer to, and what came of rendering it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext as _

from apps.content.problems import Problem


@dataclass(frozen=True, slots=True)
class ReferenceLabel:
    """How a work is cited: `authors` in brackets ("Hussain & Fatima"), `narrative` in a sentence
    ("Hussain and Fatima"; empty where it is the same), `year` as printed ("2021a").
    """

    key: str
    authors: str
    year: str
    narrative: str = ""
    is_retracted: bool = False


@dataclass(frozen=True, slots=True)
class TermLabel:
    slug: str
    term: str


@dataclass(frozen=True, slots=True)
class FigureLabel:
    """`width` and `height` in pixels; None where the file does not say."""

    url: str
    alt: str
    credit: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class RenderContext:
    """Everything that a text of one course may name.

    terms: by case-folded term, alias or slug.  lessons: {"unit/slug": its anchors}, and those of
    them that readers cannot open yet in `unpublished`.
    objectives: {"unit/slug": keys of its objectives}; questions name them.
    id_prefix: the section's anchor; ids of footnotes begin with it.
    is_standalone: the text stands on a page of its own, so that citations and terms lead to the
    bibliography and the glossary; otherwise to the end matter of the lesson.
    """

    course_slug: str = ""
    references: Mapping[str, ReferenceLabel] = field(default_factory=dict)
    terms: Mapping[str, TermLabel] = field(default_factory=dict)
    paragraphs: frozenset[str] = frozenset()
    lessons: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unpublished: frozenset[str] = frozenset()
    objectives: Mapping[str, frozenset[str]] = field(default_factory=dict)
    figures: Mapping[str, FigureLabel] = field(default_factory=dict)
    id_prefix: str = "text"
    first_footnote: int = 1
    is_standalone: bool = False


EMPTY_CONTEXT = RenderContext()


@dataclass(frozen=True, slots=True)
class Footnote:
    """`html` is sanitised; `referrers` are the ids of the places in the text that refer to it."""

    id: str
    number: int
    html: str
    referrers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """`html` is sanitised and holds no footnotes; each other list is in order of first use."""

    html: str = ""
    footnotes: tuple[Footnote, ...] = ()
    citations: tuple[str, ...] = ()  # keys of known references
    terms: tuple[str, ...] = ()  # slugs of known terms
    paragraphs: tuple[str, ...] = ()  # numbers of known paragraphs
    lessons: tuple[str, ...] = ()  # "unit/slug" or "unit/slug#anchor" of known lessons
    figures: tuple[str, ...] = ()  # files of known figures
    problems: tuple[Problem, ...] = ()
    words: int = 0

    @property
    def html_with_footnotes(self) -> str:
        """The text and its own footnotes, for a place without end matter."""
        if not self.footnotes:
            return self.html
        items = "".join(
            f'<li id="{note.id}">{note.html}{footnote_backlinks(note)}</li>'
            for note in self.footnotes
        )
        return f'{self.html}<ol class="footnotes">{items}</ol>'


def footnote_backlinks(note: Footnote) -> str:
    """Links from a footnote to each place that refers to it."""
    label = escape(_("Back to note %(number)s in the text") % {"number": note.number})
    return " ".join(
        f'<a class="footnote-back" href="#{referrer}" role="doc-backlink" aria-label="{label}">'
        "↩</a>"
        for referrer in note.referrers
    )
