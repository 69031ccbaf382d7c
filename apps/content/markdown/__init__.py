"""Markdown becomes HTML here and nowhere else: for pages, previews, admin, mail and export.

No database and no settings; the only thing taken from Django is the translation of messages.
"""

from apps.content.markdown.labels import (
    EMPTY_CONTEXT,
    FigureLabel,
    Footnote,
    ReferenceLabel,
    RenderContext,
    Rendered,
    TermLabel,
    footnote_backlinks,
)
from apps.content.markdown.render import MAX_CHARACTERS, render_markdown
from apps.content.markdown.sanitise import plain_text, sanitise

__all__ = [
    "EMPTY_CONTEXT",
    "MAX_CHARACTERS",
    "FigureLabel",
    "Footnote",
    "ReferenceLabel",
    "RenderContext",
    "Rendered",
    "TermLabel",
    "footnote_backlinks",
    "plain_text",
    "render_markdown",
    "sanitise",
]
