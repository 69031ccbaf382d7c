"""What stands in the way of publishing a lesson, and what is worth a second look. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from apps.content import objectives
from apps.content.drafts import LessonDraft, SectionDraft
from apps.content.markdown import RenderContext, Rendered, plain_text, render_markdown
from apps.content.problems import Problem

WORDS = range(350, 801)
# Ids of the end matter of every edition (templates/content/edition.html) and of the page around it.
RESERVED = {"objectives", "summary", "questions", "further-reading", "notes", "works", "terms"}
RESERVED |= {"main", "title", "popover", "popover-title"}
RESERVED_STARTS = ("ref-", "term-", "fn-", "fnref-")
HARD_AT_AGE = 18  # years; first-year students read in a second language

_ANCHOR = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def check_lesson(
    draft: LessonDraft,
    context: RenderContext,
    paragraph_citations: Mapping[str, Sequence[str]],
) -> list[Problem]:
    """Everything that is wrong with `draft`, sections in order; errors stop publishing.

    paragraph_citations: {paragraph's number: keys of the works that it cites}.
    """
    problems: list[Problem] = []
    if not draft.title.strip():
        problems.append(Problem("no-title"))
    if not draft.sections:
        problems.append(Problem("no-sections"))
    rendered = [
        render_markdown(section.body, replace(context, id_prefix=section.anchor or "section"))
        for section in draft.sections
    ]
    anchors = [section.anchor for section in draft.sections]
    for index, (section, text) in enumerate(zip(draft.sections, rendered, strict=True)):
        problems.extend(p.at(section.anchor) for p in _section(section, text, context))
        problems.extend(
            p.at(section.anchor) for p in _citations(section, text, paragraph_citations)
        )
        if section.anchor in anchors[:index]:
            problems.append(
                Problem("duplicate-anchor", subject=section.anchor, place=section.anchor)
            )
    problems.extend(_objectives(draft))
    problems.extend(_readings(draft, context))
    problems.extend(_counts(draft, sum(text.words for text in rendered)))
    age = reading_age(" ".join(plain_text(text.html) for text in rendered))
    if age > HARD_AT_AGE:
        problems.append(Problem("hard-to-read", subject=str(age)))
    return problems


def _section(section: SectionDraft, text: Rendered, context: RenderContext) -> Iterator[Problem]:
    if not section.heading.strip():
        yield Problem("no-heading")
    if not _ANCHOR.fullmatch(section.anchor):
        yield Problem("bad-anchor", subject=section.anchor)
    elif section.anchor in RESERVED or section.anchor.startswith(RESERVED_STARTS):
        yield Problem("reserved-anchor", subject=section.anchor)
    if not section.body.strip():
        yield Problem("empty-section")
    if not section.paragraphs:
        yield Problem("no-sources")
    if len(section.paragraphs) > 3:
        yield Problem("too-many-sources", subject=str(len(section.paragraphs)))
    for index, number in enumerate(section.paragraphs):
        if number not in context.paragraphs:
            yield Problem("unknown-source", subject=number)
        if number in section.paragraphs[:index]:
            yield Problem("repeated-source", subject=number)
    yield from text.problems


def _citations(
    section: SectionDraft, text: Rendered, paragraph_citations: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    cited = set(text.citations)
    for number in section.paragraphs:
        works = paragraph_citations.get(number, ())
        if works and cited.isdisjoint(works):
            yield Problem("uncited-paragraph", subject=number)
        else:
            for key in works:
                if key not in cited:
                    yield Problem("uncited-work", subject=key)


def _objectives(draft: LessonDraft) -> Iterator[Problem]:
    seen: set[str] = set()
    for line in draft.objectives:
        if objectives.is_misread(line):
            yield Problem("bad-objective-key", subject=line)
        key = objectives.parse(line).key
        if key in seen:
            yield Problem("repeated-objective-key", subject=key)
        seen |= {key} - {""}


def _readings(draft: LessonDraft, context: RenderContext) -> Iterator[Problem]:
    keys = [reading.key for reading in draft.further_reading]
    for index, key in enumerate(keys):
        if key not in context.references:
            yield Problem("unknown-reading", subject=key)
        if key in keys[:index]:
            yield Problem("repeated-reading", subject=key)


def _counts(draft: LessonDraft, words: int) -> Iterator[Problem]:
    if words < WORDS.start:
        yield Problem("short-lesson", subject=str(words))
    if words >= WORDS.stop:
        yield Problem("long-lesson", subject=str(words))
    for code, least, most, values in (
        ("sections-count", 2, 5, draft.sections),
        ("objectives-count", 2, 4, draft.objectives),
        ("summary-count", 2, 4, draft.summary),
        ("questions-count", 2, 3, draft.questions),
    ):
        if not least <= len(values) <= most:
            yield Problem(code, subject=str(len(values)))


def reading_age(text: str) -> int:
    """The age in years at which an English text reads easily; 0 for a text under 100 words.

    Flesch-Kincaid grade plus five. Source: Kincaid et al. (1975), Naval Technical Training
    Command Research Branch Report 8-75. Syllables are counted as groups of vowels.
    """
    words = re.findall(r"[a-z]+", text.casefold())
    if len(words) < 100:
        return 0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    syllables = sum(max(1, len(_VOWELS.findall(word.removesuffix("e")))) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return max(5, round(grade) + 5)
