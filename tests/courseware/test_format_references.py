"""references.json: works survive writing and reading, faults have their lines."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.courseware.format import FormatError, records, references
from apps.courseware.format.plaintext import forbidden_character
from tests.courseware import strategies as awkward
from tests.courseware.folders import REFERENCES


@given(st.dictionaries(st.sampled_from(["title", "note", "publisher", "page"]), awkward.texts()))
@example({"title": 'e\u0301 "quoted" \\ \u2028'})
def test_reference_survives_writing_and_reading(texts: dict[str, str]) -> None:
    csl = {"type": "book", "title": "T"} | {
        key: text for key, text in texts.items() if text.split()
    }
    reference = records.Reference(
        key="a",
        csl=references.canonical_csl(csl),
        kind="book",
        listed=True,
        note="",
        status="current",
    )
    try:
        text = references.emit((reference,))
    except FormatError:
        assert forbidden_character("".join(texts.values()))
        return
    again = references.parse(text, "references.json", [])
    assert again == (reference,)
    assert references.emit(again) == text


@given(note=awkward.texts())
def test_note_of_a_reference_survives(note: str) -> None:
    csl = {"type": "book", "title": "T"}
    reference = records.Reference(
        key="a", csl=csl, kind="book", listed=False, note=note, status="current"
    )
    assert references.parse(references.emit((reference,)), "references.json", []) == (reference,)


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ('"volume": "14"', '"volume": 14', []),
        ('"volume"', '"volum"', [(13, "The key “volum” is not one of CSL's.")]),
        ('"volume": "14"', '"volume": "\\u0007"', [(13, "“volume” holds a control character.")]),
        (
            '"id": "khan1961"',
            '"id": "Khan 1961"',
            [(3, "The id is missing or has the wrong form.")],
        ),
        (
            '"type": "book"',
            '"type": "tome"',
            [(30, "'tome' is not a type of CSL, such as article-journal.")],
        ),
        ('"title": "Deltas"', '"title": ""', [(37, "A reference has a title.")]),
        ('    "title": "Deltas",\n', "", [(28, "The key “title” is missing.")]),
        ('"listed": false', '"listed": "no"', [(47, "custom.listed is not true or false.")]),
        (
            '"note": "Cited, not listed."',
            '"notes": ""',
            [(48, "The key “notes” of custom is unknown.")],
        ),
        ('"listed": false', '"listed": NaN', [(28, "NaN is not a value here.")]),
        (
            '"listed": false',
            '"listed": 1.5',
            [(28, "The number 1.5 is not whole; write it in quotes.")],
        ),
        (
            '"title": "Deltas"',
            '"title": "A", "title": "B"',
            [(28, "The key “title” stands twice in this item.")],
        ),
        (
            '"title": "Deltas"',
            '"title": "Deltas',
            [(37, "This is not JSON: Invalid control character at.")],
        ),
        ("  },\n  {", "  }\n  {", [(28, "A comma or ] is missing here.")]),
    ],
)
def test_reference_faults_are_told_with_their_lines(
    old: str, new: str, faults: list[tuple[int, str]]
) -> None:
    found: list[Any] = []
    assert REFERENCES.count(old) == 1
    references.parse(REFERENCES.replace(old, new), "references.json", found)
    assert [(fault.line, fault.message) for fault in found] == faults


@pytest.mark.parametrize(
    "text", ["", "{}", "[" * 100_000, "[1, 2", '["a"] x', "[null]", "[1" + "0" * 5000 + "]"]
)
def test_json_that_is_no_list_of_items_never_raises(text: str) -> None:
    found: list[Any] = []
    assert references.parse(text, "references.json", found) == ()
    assert found
