"""What a careful author of questions looks at again: advice, which stops nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from apps.content import objectives
from apps.courseware.checks.bank import keyed_paragraphs, options_of
from apps.courseware.format import CourseFiles, Fault, Reading
from apps.courseware.format.records import Question
from apps.quizzes.enums import QuizKind

LIKENESS = 0.85  # of two stems, from which they ask the same
LONGER = 1.25  # a key that is so much longer than any distractor gives itself away


def bank_advice(reading: Reading) -> Iterator[Fault]:
    files = reading.files
    for question in files.questions:
        yield from _options_advice(question)
    yield from _likeness_advice(files.questions)
    if files.questions:
        tested = keyed_paragraphs(files)
        taught = {
            number
            for lesson in files.lessons
            for section in lesson.sections
            for number in section.sources
        }
        for paragraph in files.paragraphs:
            if paragraph.number in taught and paragraph.number not in tested:
                yield paragraph.where.fault(
                    f"No question tests {paragraph.number}.",
                    "Write one whose key it decides.",
                    level="advice",
                )
        yield from _objective_advice(files)
    if files.quizzes:
        checked = {quiz.lesson for quiz in files.quizzes if quiz.kind == QuizKind.CHECK_UP}
        for lesson in files.lessons:
            if lesson.path not in checked and not lesson.draft:
                yield lesson.where.fault("The lesson has no check-up.", "", level="advice")


def _objective_advice(files: CourseFiles) -> Iterator[Fault]:
    """Each objective of a lesson that readers see and no offered question tests."""
    tested = {
        (question.lesson, key)
        for question in files.questions
        if not question.retired
        for key in question.objectives
    }
    for lesson in files.lessons:
        for place, line in enumerate(lesson.objectives):
            key = objectives.parse(line).key
            if not lesson.draft and (lesson.path, key) not in tested:
                yield lesson.where.fault(
                    "No question tests this objective.",
                    f"Name it in one: `objectives: [{key}]`."
                    if key
                    else "Put a key at its end, such as {#first-contact}, and name it in one.",
                    *("objectives", str(place)),
                    level="advice",
                )


def _options_advice(question: Question) -> Iterator[Fault]:
    listed = options_of(question)
    for path, option in _distractors(question.spec):
        if not option.get("feedback"):
            yield question.where.fault(
                "This distractor has no feedback.",
                "Say why it tempts, and what is right.",
                *("spec", *path),
                level="advice",
            )
    if question.type == "single_choice" and is_key_longest(question, by=LONGER):
        key = next(option for option in listed if option.get("is_key") is True)
        yield question.where.fault(
            "The key is much longer than the other options.",
            "Shorten it, or say more in the others.",
            *("spec", "options", str(listed.index(key))),
            level="advice",
        )


def is_key_longest(question: Question, *, by: float = 1.0) -> bool:
    """Whether some key is longer than `by` times every distractor."""
    lengths: dict[bool, list[int]] = {True: [0], False: [0]}
    for option in options_of(question):
        lengths[option.get("is_key") is True].append(len(str(option.get("text", ""))))
    return max(lengths[True]) > by * max(lengths[False])


def _distractors(spec: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(path, option) of everything that is no key, wherever it stands in the spec."""
    if isinstance(spec, dict):
        if spec.get("is_key") is False:
            yield path, spec
        for name, value in spec.items():
            yield from _distractors(value, (*path, name))
    elif isinstance(spec, list):
        for place, value in enumerate(spec):
            yield from _distractors(value, (*path, str(place)))


def _likeness_advice(questions: tuple[Question, ...]) -> Iterator[Fault]:
    of_lesson: defaultdict[str, list[Question]] = defaultdict(list)
    for question in questions:
        for other in of_lesson[question.lesson]:
            if are_alike(question.stem, other.stem):
                yield question.where.fault(
                    f"The question reads almost as “{other.slug}” does.",
                    "Ask something else, or put it in other words.",
                    "stem",
                    level="advice",
                )
        of_lesson[question.lesson].append(question)


def are_alike(one: str, other: str) -> bool:
    """Whether two texts share so much that a student would take them for the same."""
    matcher = SequenceMatcher(None, _plain(one), _plain(other), autojunk=False)
    return (
        matcher.real_quick_ratio() >= LIKENESS
        and matcher.quick_ratio() >= LIKENESS
        and matcher.ratio() >= LIKENESS
    )


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
