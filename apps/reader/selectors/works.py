"""The article paragraph by paragraph, and the works that it and the lessons cite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.content.enums import EvidenceKind, ReferenceStatus
from apps.content.models import Actor, GlossaryTerm, Reference, SourceParagraph, TimelineEvent
from apps.core.errors import NotFound
from apps.reader.selectors.courses import CourseFrame, course_frame
from apps.reader.selectors.uses import SectionLink, course_uses


@dataclass(frozen=True, slots=True)
class ParagraphItem:
    paragraph: SourceParagraph
    taught_in: list[SectionLink]


@dataclass(frozen=True, slots=True)
class ParagraphPage:
    """previous, next: numbers; empty at either end."""

    frame: CourseFrame
    paragraph: SourceParagraph
    taught_in: list[SectionLink]
    works: list[Reference]
    terms: list[GlossaryTerm]
    actors: list[Actor]
    events: list[TimelineEvent]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class WorkItem:
    work: Reference
    cited_in: list[SectionLink]
    paragraphs: list[str]


@dataclass(frozen=True, slots=True)
class Bibliography:
    """kinds: (value, label, number of works) of those that the course has."""

    frame: CourseFrame
    items: list[WorkItem]
    total: int
    kinds: list[tuple[str, str, int]]
    doubtful: int


@dataclass(frozen=True, slots=True)
class ReferencePage:
    frame: CourseFrame
    work: Reference
    cited_in: list[SectionLink]
    recommended_in: list[SectionLink]
    paragraphs: list[SourceParagraph]


def paragraphs_by_heading(course: str) -> tuple[CourseFrame, list[tuple[str, list[ParagraphItem]]]]:
    """The article in order, under its own headings.  Raises: NotFound.  Queries: 2 and uses."""
    frame = course_frame(course)
    uses = course_uses(frame)
    rows = SourceParagraph.objects.filter(article__course=frame.pk).order_by("position")
    groups = [
        (heading, [ParagraphItem(row, uses.paragraphs.get(row.number, [])) for row in group])
        for heading, group in groupby(rows.defer("text"), key=lambda row: row.heading)
    ]
    return frame, groups


def paragraph_page(course: str, number: str) -> ParagraphPage:
    """One paragraph and everything that rests on it.  Raises: NotFound.  Queries: 7 and uses."""
    frame = course_frame(course)
    paragraphs = SourceParagraph.objects.filter(article__course=frame.pk)
    paragraph = paragraphs.filter(number=number).first()
    if paragraph is None:
        raise NotFound(_("The article has no such paragraph."))
    numbers = list(paragraphs.order_by("position").values_list("number", flat=True))
    index = numbers.index(number)
    return ParagraphPage(
        frame=frame,
        paragraph=paragraph,
        taught_in=course_uses(frame).paragraphs.get(number, []),
        works=list(paragraph.cites.order_by("sort_key", "key")),
        terms=list(paragraph.glossaryterms.order_by("term")),
        actors=list(paragraph.actors.order_by("name")),
        events=list(paragraph.timelineevents.order_by("starts_on", "ends_on", "slug")),
        previous=numbers[index - 1] if index else "",
        next=numbers[index + 1] if index + 1 < len(numbers) else "",
    )


def bibliography(course: str, *, kind: str, is_doubtful: bool) -> Bibliography:
    """The works of a course, those of one kind of evidence, or those that have a source note.

    kind: an EvidenceKind, or "" for all.  is_doubtful: only works with a note, missing from the
    article's own list, corrected or retracted.
    Raises: NotFound.  Queries: 3 and uses.
    """
    frame = course_frame(course)
    uses = course_uses(frame)
    works = list(Reference.objects.filter(course=frame.pk).order_by("sort_key", "key"))
    doubted = [work for work in works if _is_doubtful(work)]
    shown = [work for work in (doubted if is_doubtful else works) if not kind or work.kind == kind]
    cited: dict[int, list[str]] = {}
    pairs = SourceParagraph.objects.filter(article__course=frame.pk, cites__isnull=False)
    for work_pk, number in pairs.order_by("position").values_list("cites", "number"):
        cited.setdefault(work_pk, []).append(number)
    counts = dict.fromkeys(EvidenceKind.values, 0)
    for work in works:
        counts[work.kind] += 1
    return Bibliography(
        frame=frame,
        items=[
            WorkItem(work, uses.references.get(work.key, []), cited.get(work.pk, []))
            for work in shown
        ],
        total=len(works),
        kinds=[
            (value, str(label), counts[value])
            for value, label in EvidenceKind.choices
            if counts[value]
        ],
        doubtful=len(doubted),
    )


def _is_doubtful(work: Reference) -> bool:
    return bool(work.note) or not work.is_listed or work.status != ReferenceStatus.CURRENT


def reference_page(course: str, key: str) -> ReferencePage:
    """One work and where it is cited.  Raises: NotFound.  Queries: 3 and uses."""
    frame = course_frame(course)
    work = Reference.objects.filter(course=frame.pk, key=key).first()
    if work is None:
        raise NotFound(_("The bibliography has no such work."))
    uses = course_uses(frame)
    return ReferencePage(
        frame=frame,
        work=work,
        cited_in=uses.references.get(key, []),
        recommended_in=uses.recommended.get(key, []),
        paragraphs=list(work.cited_by_paragraphs.order_by("position").defer("text")),
    )


def references_of(course: str, keys: Iterable[str] = ()) -> list[Reference]:
    """The works of a course in the bibliography's order, or those of `keys`.

    Raises: NotFound when the course, or every key, is unknown.  Queries: 2.
    """
    frame = course_frame(course)
    wanted = tuple(keys)
    chosen = Q(key__in=wanted) if wanted else Q()
    works = list(Reference.objects.filter(chosen, course=frame.pk).order_by("sort_key", "key"))
    if wanted and not works:
        raise NotFound(_("The bibliography has no such work."))
    return works
