"""Fields of a spec and back: a question that nobody changed stays the same, to the letter."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from apps.quizzes.admin.layouts import LAYOUTS, field_of, fields_of, spec_of
from apps.quizzes.types import TYPES
from tests.quizzes.factories import SPECS

BANK = Path(__file__).parents[3] / "courses" / "pakistan-russia-sco" / "questions"
QUESTIONS = [
    row
    for file in sorted(BANK.glob("*.yaml"))
    for row in yaml.safe_load(file.read_text(encoding="utf-8"))
]


def test_every_type_has_its_layout() -> None:
    assert set(LAYOUTS) == set(TYPES)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_bundled_questions_survive_their_form(kind: str) -> None:
    found = [row for row in QUESTIONS if row["type"] == kind]
    assert found
    for row in found:
        said = fields_of(LAYOUTS[kind], row["spec"])
        assert spec_of(LAYOUTS[kind], said, row["spec"]) == row["spec"], row["slug"]


@pytest.mark.parametrize("kind", SPECS)
def test_new_question_is_what_its_fields_say(kind: str) -> None:
    """Without a stored spec too, but for keys that were empty."""
    said = fields_of(LAYOUTS[kind], SPECS[kind])
    spec = {"places": None, **spec_of(LAYOUTS[kind], said, {})}
    del spec["places"]
    faults = [] if kind == "locate" else TYPES[kind].check_spec(spec)
    assert faults == []


def test_rows_without_an_id_get_a_free_one_and_empty_ones_do_not_count() -> None:
    said = {
        "options.0.text": "One",
        "options.0.id": "b",
        "options.1.text": "",
        "options.1.is_key": True,
        "options.2.text": "Two",
        "options.3.text": "Three",
    }
    spec = spec_of(LAYOUTS["single_choice"], said, {})
    assert [row["id"] for row in spec["options"]] == ["b", "a", "c"]


def test_bars_in_a_line_are_kept() -> None:
    rows = [{"credit": "0", "text": "a | b"}, {"credit": "1", "text": "c"}]
    criterion = {"id": "x", "title": "T", "description": "D", "weight": "1", "levels": rows}
    said = fields_of(LAYOUTS["essay"], {"rubric": [criterion]})
    assert spec_of(LAYOUTS["essay"], said, {})["rubric"][0]["levels"] == rows


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("rule", "rule"),
        ("options.b.feedback", "options.1.feedback"),
        ("options.0.text", "options.0.text"),
        ("options.b", "options.1.id"),
        ("options", "options.0.id"),
        ("elsewhere", ""),
    ],
)
def test_faults_are_shown_at_their_field(path: str, name: str) -> None:
    rows = {"options": [{"id": "a"}, {"id": "b"}]}
    assert field_of(LAYOUTS["single_choice"], path, rows) == name


@given(
    kind=st.sampled_from(sorted(LAYOUTS)),
    said=st.dictionaries(
        st.from_regex(
            r"(options|answers|items|rubric|gaps)\.[0-9]{1,3}\.[a-z_]{1,9}", fullmatch=True
        ),
        st.text(max_size=20) | st.booleans(),
        max_size=8,
    ),
)
def test_any_fields_are_read(kind: str, said: dict[str, Any]) -> None:
    spec_of(LAYOUTS[kind], said, {})
