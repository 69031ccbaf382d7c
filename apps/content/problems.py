"""Everything that can be wrong with a text, in one list: code, severity and words.

An error stops publishing (or saving, where a thing has no draft); a warning is advice. The words
are translated when they are read, so that an editor sees them in their own language whatever the
language of the course.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext_lazy as _

Severity = Literal["error", "warning"]

ERRORS = {
    # Markdown
    "too-long": _("The text has more than %(subject)s characters; divide it."),
    "too-many-problems": _("There are more problems than are listed here."),
    "too-deep": _("Lists or quotations are nested too deeply here; some text would be lost."),
    "table-too-large": _("The tables of this text have more than %(subject)s cells; divide it."),
    "unknown-key": _("No reference has the key “%(subject)s”."),
    "unknown-term": _("The glossary has no term “%(subject)s”."),
    "unknown-paragraph": _("The article has no paragraph “%(subject)s”."),
    "unknown-lesson": _("There is no lesson “%(subject)s”; write unit/lesson."),
    "unknown-anchor": _("The lesson has no section “%(subject)s”."),
    "unknown-figure": _("There is no figure “%(subject)s”."),
    "unknown-footnote": _("The footnote “%(subject)s” is not written anywhere in this section."),
    "missing-alt": _("The figure “%(subject)s” has no alternative text."),
    "figure-inline": _("Put the figure “%(subject)s” in a paragraph of its own."),
    "forbidden-link": _(
        "“%(subject)s” is not a link that may stand here; use https:, http:, mailto:, source:, "
        "lesson: or glossary:."
    ),
    "forbidden-image": _("“%(subject)s” is not a figure of this course; write figure:file.svg."),
    "heading-level": _("A heading inside a section begins with ### or more."),
    "heading-skip": _("This heading skips a level."),
    "unclosed": _("“%(subject)s” is opened here and never closed."),
    # A lesson
    "no-title": _("The lesson has no title."),
    "no-sections": _("The lesson has no sections."),
    "no-heading": _("The section has no heading."),
    "bad-anchor": _("The anchor “%(subject)s” is not made of small letters, digits and hyphens."),
    "reserved-anchor": _("The anchor “%(subject)s” is used by the page itself; take another."),
    "duplicate-anchor": _("Two sections have the anchor “%(subject)s”."),
    "bad-objective-key": _(
        "“%(subject)s”: a key stands at the end and is made of small letters, digits and hyphens, "
        "at most 40: {#key}."
    ),
    "repeated-objective-key": _("Two objectives have the key “%(subject)s”."),
    "empty-section": _("The section has no text."),
    "unknown-source": _("The section names the paragraph “%(subject)s”, which does not exist."),
    "unknown-reading": _("Further reading names “%(subject)s”, which is not a reference."),
    "repeated-source": _("The section names the paragraph “%(subject)s” twice."),
    "repeated-reading": _("Further reading names “%(subject)s” twice."),
    # A thing that is saved without a draft
    "bad-value": _("%(subject)s"),
}

WARNINGS = {
    "unused-footnote": _("The footnote “%(subject)s” is not referred to."),
    "uncited-paragraph": _(
        "%(subject)s: this paragraph cites works, and the section cites none of these."
    ),
    "uncited-work": _(
        "A paragraph that the section names cites %(subject)s; the section does not."
    ),
    "no-sources": _("The section names no paragraph of the article."),
    "too-many-sources": _(
        "The section names %(subject)s paragraphs; three is the most that is clear."
    ),
    "unpublished-lesson": _("The lesson “%(subject)s” is not published yet."),
    "retracted-work": _("%(subject)s has been retracted."),
    "short-lesson": _("The lesson has %(subject)s words; 350 to 800 are usual."),
    "long-lesson": _("The lesson has %(subject)s words; 350 to 800 are usual."),
    "hard-to-read": _("The text suits readers of about %(subject)s years; shorter sentences help."),
    "objectives-count": _("A lesson has two to four objectives; this one has %(subject)s."),
    "lost-objective": _(
        "Questions test the objective “%(subject)s”, which the lesson no longer names."
    ),
    "summary-count": _("A summary has two to four points; this one has %(subject)s."),
    "questions-count": _("A lesson asks two or three questions; this one asks %(subject)s."),
    "sections-count": _("A lesson has two to five sections; this one has %(subject)s."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `line` counts from 1 in the text, 0 where no line is to blame.

    `place` is the anchor of the section, or empty for the lesson as a whole. `subject` is what
    the message names: a key, a term, a number.
    """

    code: str
    line: int = 0
    subject: str = ""
    place: str = ""

    @property
    def severity(self) -> Severity:
        return "error" if self.code in ERRORS else "warning"

    @property
    def is_error(self) -> bool:
        return self.code in ERRORS

    @property
    def message(self) -> str:
        words = ERRORS.get(self.code) or WARNINGS[self.code]
        return str(words) % {"subject": self.subject}

    def at(self, place: str) -> Problem:
        return replace(self, place=place)
