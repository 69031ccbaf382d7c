"""A lesson as one structured value: what an edition keeps, the API serves and templates draw. Pure.

Everything that an edition needs is in it: the Markdown to restore it from, the HTML to show, the
works cited, the terms and the notes, so that reading it asks nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import NotRequired, TypedDict

from apps.content import objectives
from apps.content.drafts import LessonDraft, ReadingDraft, SectionDraft
from apps.content.markdown import RenderContext, Rendered, footnote_backlinks, render_markdown

FORMAT = 1
WORDS_PER_MINUTE = 200  # second-language readers of expository text; Brysbaert (2019) gives 238
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})


class SectionPart(TypedDict):
    id: str
    heading: str
    sources: list[str]
    markdown: str
    html: str


class NotePart(TypedDict):
    id: str
    number: int
    html: str  # with links back to each place that refers to it


class WorkPart(TypedDict):
    key: str
    html: str  # the APA entry
    kind: str
    kind_label: str
    note: str
    status: str


class TermPart(TypedDict):
    slug: str
    term: str
    html: str


class ReadingPart(TypedDict):
    key: str
    note: str
    html: str  # the APA entry


class UnitPart(TypedDict):
    slug: str
    title: str


class Document(TypedDict):
    format: int
    course: str
    unit: UnitPart
    slug: str
    title: str
    language: str
    direction: str  # "ltr" or "rtl"
    objectives: list[str]
    # The key of each objective, "" for none. Absent where none has one, as before there were keys.
    objective_keys: NotRequired[list[str]]
    sections: list[SectionPart]
    summary: list[str]
    questions: list[str]
    further_reading: list[ReadingPart]
    notes: list[NotePart]
    works: list[WorkPart]
    terms: list[TermPart]
    words: int
    reading_minutes: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a lesson stands."""

    course: str
    language: str
    unit_slug: str
    unit_title: str


def build(
    draft: LessonDraft,
    context: RenderContext,
    frame: Frame,
    works: Mapping[str, WorkPart],
    terms: Mapping[str, TermPart],
) -> Document:
    """The document of `draft`.

    works: every work of the course by key; terms: every term by slug. Those that the text uses
    are kept, works in the order of `works`, which is the bibliography's.
    """
    rendered = render_sections(draft.sections, context)
    cited = {key for part in rendered for key in part.citations}
    used = {slug for part in rendered for slug in part.terms}
    words = sum(part.words for part in rendered)
    aims = [objectives.parse(line) for line in draft.objectives]
    is_rtl = frame.language.split("-")[0] in RIGHT_TO_LEFT
    document: Document = {
        "format": FORMAT,
        "course": frame.course,
        "unit": {"slug": frame.unit_slug, "title": frame.unit_title},
        "slug": draft.slug,
        "title": draft.title,
        "language": frame.language,
        "direction": "rtl" if is_rtl else "ltr",
        "objectives": [aim.text for aim in aims],
        "sections": [
            {
                "id": section.anchor,
                "heading": section.heading,
                "sources": list(section.paragraphs),
                "markdown": section.body,
                "html": part.html,
            }
            for section, part in zip(draft.sections, rendered, strict=True)
        ],
        "summary": list(draft.summary),
        "questions": list(draft.questions),
        "further_reading": [
            {"key": reading.key, "note": reading.note, "html": works[reading.key]["html"]}
            for reading in draft.further_reading
            if reading.key in works
        ],
        "notes": list(_notes(rendered)),
        "works": [work for key, work in works.items() if key in cited],
        "terms": [term for slug, term in terms.items() if slug in used],
        "words": words,
        "reading_minutes": max(1, ceil(words / WORDS_PER_MINUTE)),
    }
    if any(aim.key for aim in aims):
        document["objective_keys"] = [aim.key for aim in aims]
    return document


def render_sections(sections: Iterable[SectionDraft], context: RenderContext) -> list[Rendered]:
    """Each section's text; footnotes are numbered through the lesson."""
    rendered: list[Rendered] = []
    first = 1
    for section in sections:
        own = replace(context, id_prefix=section.anchor, first_footnote=first)
        part = render_markdown(section.body, own)
        first += len(part.footnotes)
        rendered.append(part)
    return rendered


def _notes(rendered: Iterable[Rendered]) -> Iterable[NotePart]:
    for part in rendered:
        for note in part.footnotes:
            html = f"{note.html} {footnote_backlinks(note)}"
            yield {"id": note.id, "number": note.number, "html": html}


def checksum(document: Document, html: str) -> str:
    """SHA-256 of the document in canonical JSON and of its HTML, hexadecimal."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{text}\n{html}".encode()).hexdigest()


def draft_of(document: Document) -> LessonDraft:
    """The draft that `document` was made from."""
    aims = document["objectives"]
    keys = document.get("objective_keys") or [""] * len(aims)
    return LessonDraft(
        title=document["title"],
        slug=document["slug"],
        objectives=tuple(
            objectives.write(objectives.Objective(text, key))
            for text, key in zip(aims, keys, strict=True)
        ),
        summary=tuple(document["summary"]),
        questions=tuple(document["questions"]),
        sections=tuple(
            SectionDraft(
                anchor=section["id"],
                heading=section["heading"],
                body=section["markdown"],
                paragraphs=tuple(section["sources"]),
            )
            for section in document["sections"]
        ),
        further_reading=tuple(
            ReadingDraft(key=reading["key"], note=reading["note"])
            for reading in document["further_reading"]
        ),
    )
