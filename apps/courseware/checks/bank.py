"""Questions and quizzes: each as its own app judges it, and what they name in each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from apps.content.markdown import RenderContext, plain_text, render_markdown
from apps.courseware.checks.names import one_of, repeated, unknown
from apps.courseware.checks.texts import render_context
from apps.courseware.drafts import question_draft
from apps.courseware.format import CourseFiles, Fault, Reading
from apps.courseware.format.folder import COURSE
from apps.courseware.format.records import Question, Quiz, QuizItem
from apps.quizzes.checks import question_faults
from apps.quizzes.enums import Difficulty, Layout, QuizKind
from apps.quizzes.types.places import Place

_CITATION = re.compile(
    r'<span class="citation-group">.*?</span>|<a class="citation"[^>]*>.*?</a>', re.DOTALL
)
_SPACE_BEFORE = re.compile(r" +([.,;:!?)])")


def bank_faults(reading: Reading) -> Iterator[Fault]:
    """A fault where the file could not even be read is not reported a second time."""
    told = {(fault.file, fault.line) for fault in reading.faults}
    for fault in (*_question_faults(reading), *_quiz_faults(reading)):
        if (fault.file, fault.line) not in told:
            yield fault


def _question_faults(reading: Reading) -> Iterator[Fault]:
    files = reading.files
    yield from repeated(files.questions, "slug", lambda item: item.slug)
    context = question_context(files)
    places = {
        item.slug: Place(item.name, str(item.latitude), str(item.longitude))
        for item in files.places
    }
    sections = _Sections(files, context)
    for question in files.questions:
        faults, _html = question_faults(question_draft(question), context, places)
        for fault in faults:
            if not _is_unsure(fault.path, reading):
                path = fault.path.split(".")
                yield question.where.fault(fault.message, "Correct it.", *path)
        if question.type == "select_evidence":
            yield from _passage_faults(question, sections, reading)


def question_context(files: CourseFiles) -> RenderContext:
    return replace(render_context(files), is_standalone=True, id_prefix="question")


def _is_unsure(path: str, reading: Reading) -> bool:
    """Whether the fault names something that may stand in a file which could not be read."""
    if path in {"lesson", "anchor", "objectives"}:
        return _are_lessons_unsure(reading)
    if path in {"sources", "spec"}:
        return "paragraphs.yaml" in reading.unread
    return path.endswith(".place") and "places.yaml" in reading.unread


def _are_lessons_unsure(reading: Reading) -> bool:
    return any(name == COURSE or name.startswith("lessons/") for name in reading.unread)


class _Sections:
    """The words of each section as readers see them, without its citations."""

    def __init__(self, files: CourseFiles, context: RenderContext) -> None:
        self.bodies = {
            (lesson.path, section.anchor): section.body
            for lesson in files.lessons
            for section in lesson.sections
        }
        self.context = context
        self.words = cache(self._words)

    def _words(self, lesson: str, anchor: str) -> str:
        return self.plain(self.bodies[lesson, anchor])

    def plain(self, markdown: str) -> str:
        html = _CITATION.sub("", render_markdown(markdown, self.context).html)
        return _SPACE_BEFORE.sub(r"\1", " ".join(plain_text(html).split()))


def _passage_faults(question: Question, sections: _Sections, reading: Reading) -> Iterator[Fault]:
    """A passage is a quotation: it stands in the section, word for word."""
    passages = question.spec.get("passages")
    for place, passage in enumerate(passages if isinstance(passages, list) else ()):
        texts = [passage.get(name) for name in ("lesson", "anchor", "text")]
        if not all(isinstance(text, str) and text for text in texts):
            continue
        lesson, anchor, text = texts
        path = ("spec", "passages", str(place))
        if (lesson, anchor) not in sections.bodies:
            if not _are_lessons_unsure(reading):
                yield question.where.fault(
                    f"There is no section “{lesson}#{anchor}”.", "Correct it.", *path, "anchor"
                )
        elif sections.plain(text) not in sections.words(lesson, anchor):
            yield question.where.fault(
                f"This does not stand in {lesson}#{anchor}.",
                "Quote the section word for word, without its citations.",
                *path,
                "text",
            )


def _quiz_faults(reading: Reading) -> Iterator[Fault]:
    files = reading.files
    yield from repeated(
        (quiz for quiz in files.quizzes if quiz.kind == QuizKind.CHECK_UP),
        "lesson",
        lambda quiz: quiz.lesson,
    )
    lessons = {lesson.path for lesson in files.lessons}
    units = {unit.slug for unit in files.course.units}
    for quiz in files.quizzes:
        yield from one_of(quiz, "kind", QuizKind)
        yield from one_of(quiz, "layout", Layout)
        if not _are_lessons_unsure(reading):
            yield from unknown(quiz, "lesson", lessons, "lesson")
        if COURSE not in reading.unread:
            yield from unknown(quiz, "unit", units, "unit")
        for kind, key in ((QuizKind.CHECK_UP, "lesson"), (QuizKind.UNIT, "unit")):
            if quiz.kind == kind and not getattr(quiz, key):
                yield quiz.where.fault(
                    f"A quiz of the kind {kind.value} names its {key}.",
                    f"Write `{key}:`.",
                    "kind",
                )
        if not quiz.items:
            yield quiz.where.fault("The quiz has no items.", "Write at least one.", "items")
        yield from _item_faults(quiz, reading)
        if not any(name.startswith("questions/") for name in reading.unread):
            yield from _draw_faults(quiz, files)


def _item_faults(quiz: Quiz, reading: Reading) -> Iterator[Fault]:
    yield from repeated(quiz.items, "question", lambda item: item.question)
    questions = {question.slug: question for question in reading.files.questions}
    units = {unit.slug for unit in reading.files.course.units}
    are_questions_known = not any(name.startswith("questions/") for name in reading.unread)
    for item in quiz.items:
        if bool(item.question) == bool(item.draw):
            yield item.where.fault(
                "An item is a question or a draw.", "Write `question:` or `draw:`, one of them."
            )
        if item.question and (item.tags or item.unit or item.difficulty):
            yield item.where.fault(
                "Tags, unit and difficulty say what to draw.", "Remove them here.", "question"
            )
        if are_questions_known:
            yield from unknown(item, "question", questions, "question")
        if item.question in questions and questions[item.question].retired:
            yield item.where.fault(
                f"The question “{item.question}” is retired, so the quiz leaves it out.",
                "Take it out, or offer the question again.",
                "question",
                level="unfinished",
            )
        if COURSE not in reading.unread:
            yield from unknown(item, "unit", units, "unit")
        yield from one_of(item, "difficulty", Difficulty)


def _draw_faults(quiz: Quiz, files: CourseFiles) -> Iterator[Fault]:
    """Whether each draw finds enough questions, whatever the fixed items and earlier draws took."""
    fixed = {item.question for item in quiz.items if item.question}
    earlier: list[tuple[int, frozenset[str]]] = []
    for item in quiz.items:
        if not item.draw or item.question:
            continue
        matching = candidates(item, files) - fixed
        taken = sum(min(count, len(others & matching)) for count, others in earlier)
        earlier.append((item.draw, matching))
        if len(matching) < item.draw:
            yield item.where.fault(
                f"{item.draw} questions are drawn, and {len(matching)} are left that fit.",
                "Draw fewer, or ask for less.",
                "draw",
            )
        elif len(matching) - taken < item.draw:
            yield item.where.fault(
                f"{item.draw} questions are drawn from {len(matching)}, of which earlier draws "
                f"may take {taken}.",
                "Draw fewer, or let the draws not overlap.",
                "draw",
            )


def candidates(item: QuizItem, files: CourseFiles) -> frozenset[str]:
    """The offered questions that a draw may take."""
    return frozenset(
        question.slug
        for question in files.questions
        if not question.retired
        and set(item.tags) <= set(question.tags)
        and item.unit in {"", question.lesson.partition("/")[0]}
        and item.difficulty in {"", question.difficulty}
    )


def keyed_paragraphs(files: CourseFiles) -> Mapping[str, list[Question]]:
    """{paragraph: the offered questions whose key it decides}"""
    found: dict[str, list[Question]] = defaultdict(list)
    for question in files.questions:
        if not question.retired:
            for number in question.sources:
                found[number].append(question)
    return found


def options_of(question: Question) -> list[Mapping[str, Any]]:
    """The options of a choice question; of other types none."""
    listed = question.spec.get("options")
    if question.type not in {"single_choice", "multiple_response"} or not isinstance(listed, list):
        return []
    return [option for option in listed if isinstance(option, dict)]
