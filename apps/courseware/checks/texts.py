"""Markdown: what a text names must exist, and it must render. One judge: content.checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from apps.content import checks, objectives
from apps.content.drafts import LessonDraft, ReadingDraft, SectionDraft
from apps.content.markdown import (
    FigureLabel,
    ReferenceLabel,
    RenderContext,
    TermLabel,
    render_markdown,
)
from apps.content.problems import Problem
from apps.courseware.format import CourseFiles, Fault, Reading, Where
from apps.courseware.format.faults import Level
from apps.courseware.format.folder import COURSE, REFERENCES
from apps.courseware.format.records import Lesson

# Found by names.py or coverage.py as well, at a better place or with another weight.
_ELSEWHERE = frozenset(
    """no-title no-sections no-heading bad-anchor duplicate-anchor unknown-source unknown-reading
    repeated-source repeated-reading no-sources too-many-sources unpublished-lesson""".split()  # noqa: SIM905
)
# Where a file could not be read, what it holds is not known, and a link into it is not wrong.
_ASKS = {
    "unknown-key": REFERENCES,
    "unknown-term": "glossary.yaml",
    "unknown-paragraph": "paragraphs.yaml",
    "unknown-figure": "figures.yaml",
    "uncited-paragraph": "paragraphs.yaml",
    "uncited-work": "paragraphs.yaml",
}


_NO_PATH: tuple[str, ...] = ()


def text_faults(reading: Reading) -> Iterator[Fault]:
    files = reading.files
    context = render_context(files)
    for items, key in (
        (files.glossary, "definition"),
        (files.actors, "description"),
        (files.timeline, "description"),
        (files.places, "description"),
    ):
        for item in items:
            problems = render_markdown(getattr(item, key), context).problems
            yield from markdown_faults(problems, item.where, (key,), reading)
    cites = {paragraph.number: paragraph.cites for paragraph in files.paragraphs}
    for lesson in files.lessons:
        yield from _lesson_faults(lesson, context, cites, reading)


def _lesson_faults(
    lesson: Lesson, context: RenderContext, cites: dict[str, tuple[str, ...]], reading: Reading
) -> Iterator[Fault]:
    wheres = {section.anchor: section.where for section in lesson.sections}
    for problem in checks.check_lesson(lesson_draft(lesson), context, cites):
        where, path = lesson.where, _NO_PATH
        if problem.place in wheres:
            where, path = wheres[problem.place], ("body",)
        elif problem.code in {"bad-objective-key", "repeated-objective-key"}:
            path = ("objectives", _objective_place(lesson, problem.subject))
        for fault in markdown_faults([problem], where, path, reading):
            # A draft may name what is not there yet: it is loaded, and not published.
            is_unfinished = lesson.draft and fault.level == "error"
            yield replace(fault, level="unfinished") if is_unfinished else fault


def _objective_place(lesson: Lesson, subject: str) -> str:
    """Of the last objective that is the subject, or has it as its key."""
    places = [
        place
        for place, line in enumerate(lesson.objectives)
        if subject in {line, objectives.parse(line).key}
    ]
    return str(places[-1])


def markdown_faults(
    problems: Any, where: Where, path: tuple[str, ...], reading: Reading
) -> Iterator[Fault]:
    start = where.lines.get(path, where.line)
    for problem in problems:
        if problem.code in _ELSEWHERE or _is_unsure(problem, reading):
            continue
        # A section's text stands in the file as it is, so its lines can be counted.
        line = start + max(problem.line - 1, 0) if path == ("body",) else start
        level: Level = "error" if problem.is_error else "advice"
        remedy = "Correct it." if problem.is_error else ""
        yield Fault(where.file, line, problem.message, remedy, level)


def _is_unsure(problem: Problem, reading: Reading) -> bool:
    if problem.code in {"unknown-lesson", "unknown-anchor"}:
        return any(name == COURSE or name.startswith("lessons/") for name in reading.unread)
    return _ASKS.get(problem.code) in reading.unread


def lesson_draft(lesson: Lesson) -> LessonDraft:
    """The lesson as content's checks and services take it."""
    return LessonDraft(
        title=lesson.title,
        slug=lesson.slug,
        objectives=lesson.objectives,
        summary=lesson.summary,
        questions=lesson.questions,
        sections=tuple(
            SectionDraft(
                anchor=section.anchor,
                heading=section.heading,
                body=section.body,
                paragraphs=section.sources,
            )
            for section in lesson.sections
        ),
        further_reading=tuple(
            ReadingDraft(key=work.key, note=work.note) for work in lesson.further_reading
        ),
    )


def render_context(files: CourseFiles) -> RenderContext:
    """Everything that a text of these files may name; enough to check with, not to publish."""
    terms: dict[str, TermLabel] = {}
    for term in files.glossary:
        label = TermLabel(term.slug, term.term)
        terms |= {name.casefold(): label for name in (term.slug, *term.aliases, term.term)}
    lessons: dict[str, frozenset[str]] = {}
    for lesson in files.lessons:
        lessons[lesson.path] = frozenset(section.anchor for section in lesson.sections)
    return RenderContext(
        course_slug=files.course.slug,
        references={item.key: ReferenceLabel(item.key, item.key, "") for item in files.references},
        terms=terms,
        paragraphs=frozenset(item.number for item in files.paragraphs),
        lessons=lessons,
        objectives={
            lesson.path: frozenset(objectives.keys_of(lesson.objectives))
            for lesson in files.lessons
        },
        figures={
            item.file: FigureLabel(f"figures/{item.file}", item.alt, item.credit, None, None)
            for item in files.figures
        },
    )
