"""What the course promises of its bank, counted in its files."""

import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.courseware.checks.advice import are_alike
from apps.quizzes.types import TYPES

COURSE = Path(__file__).parents[2] / "courses" / "pakistan-russia-sco"


def rows(folder: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for file in sorted((COURSE / folder).glob("*.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        found += data if isinstance(data, list) else [data]
    return found


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    return rows("questions")


@pytest.fixture(scope="module")
def lessons() -> set[str]:
    files = (COURSE / "lessons").glob("*/*.md")
    return {f"{file.parent.name}/{file.stem.partition('-')[2]}" for file in files}


def options(question: dict[str, Any]) -> list[dict[str, Any]]:
    spec = question["spec"]
    return spec.get("options") or spec.get("reasons") or []


def test_bank_is_large_and_of_every_type(questions: list[dict[str, Any]]) -> None:
    kinds = Counter(question["type"] for question in questions)
    assert len(questions) >= 220
    assert set(kinds) == set(TYPES)
    assert min(kinds.values()) >= 8


def test_two_in_five_ask_for_more_than_recall(questions: list[dict[str, Any]]) -> None:
    above = sum(question["bloom"] != "remember" for question in questions)
    assert above >= 0.4 * len(questions)


def test_every_lesson_and_every_paragraph_is_tested(
    questions: list[dict[str, Any]], lessons: set[str]
) -> None:
    asked = Counter(question.get("lesson") for question in questions)
    assert {lesson for lesson in lessons if asked[lesson] < 4} == set()
    aims = {
        (f"{file.parent.name}/{file.stem.partition('-')[2]}", key)
        for file in (COURSE / "lessons").glob("*/*.md")
        for key in re.findall(r"(?m)^  - .* \{#([a-z0-9-]+)\}\"?$", file.read_text("utf-8"))
    }
    assert len(aims) > 3 * len(lessons)
    assert aims == {
        (question["lesson"], key)
        for question in questions
        for key in question.get("objectives", [])
    }
    keyed = {number for question in questions for number in question["sources"]}
    assert {f"P{number:02}" for number in range(5, 60)} <= keyed


def test_every_lesson_and_unit_has_its_quiz(lessons: set[str]) -> None:
    quizzes: defaultdict[str, set[str]] = defaultdict(set)
    for quiz in rows("quizzes"):
        quizzes[quiz["kind"]].add(quiz.get("lesson") or quiz.get("unit") or "")
    assert quizzes["check_up"] == lessons
    assert quizzes["unit"] == {lesson.partition("/")[0] for lesson in lessons}
    assert quizzes["final"]


def test_no_two_ask_the_same(questions: list[dict[str, Any]]) -> None:
    of_lesson: defaultdict[str, list[str]] = defaultdict(list)
    for question in questions:
        of_lesson[question.get("lesson", "")].append(question["stem"])
    alike = [
        pair for stems in of_lesson.values() for pair in combinations(stems, 2) if are_alike(*pair)
    ]
    assert alike == []


def test_key_is_found_neither_by_its_length_nor_by_its_place(
    questions: list[dict[str, Any]],
) -> None:
    """With four options, chance makes a quarter of the keys the longest, or the first."""
    choices = [question for question in questions if question["type"] == "single_choice"]
    longest, places = 0, Counter[int]()
    for question in choices:
        lengths = [len(option["text"]) for option in options(question)]
        key = next(place for place, each in enumerate(options(question)) if each["is_key"])
        places[key] += 1
        longest += lengths[key] == max(lengths)
    assert longest <= 0.4 * len(choices)
    assert max(places.values()) <= 0.4 * len(choices)


def test_every_choice_teaches_and_names_its_paragraph(questions: list[dict[str, Any]]) -> None:
    for question in questions:
        for option in options(question):
            assert option["feedback"], question["slug"]
            assert option["source"], question["slug"]
