from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quizzes.types import fields
from apps.quizzes.types.contract import BadResponse


def test_raw_from_form_every_kind_of_field() -> None:
    data = {
        "csrfmiddlewaretoken": ["x"],
        "i3.choice": ["aa", "bb"],
        "i3.choices": ["aa", "bb"],
        "i3.pairs.p1": ["a1"],
        "i3.pairs.p2": [""],
        "i3.gaps.1": ["Gwadar. Or so"],
        "i3.confidence": ["2"],
        "i31.choice": ["other item"],
        "i3": ["nothing"],
    }
    assert fields.raw_from_form(data, "i3") == {
        "choice": "bb",
        "choices": ["aa", "bb"],
        "pairs": {"p1": "a1", "p2": ""},
        "gaps": {"1": "Gwadar. Or so"},
    }


@given(
    st.dictionaries(
        st.from_regex(r"i1(\.[a-z]{0,9}){0,3}", fullmatch=True)
        | st.sampled_from(["i1.choice.x", "i1.pairs", "i1.order", "i1.items.", "i1..x"]),
        st.lists(st.text(max_size=3), max_size=3),
    )
)
def test_raw_from_form_of_anything(data: dict[str, list[str]]) -> None:
    raw = fields.raw_from_form(data, "i1")
    assert set(raw) <= fields.SINGLE | fields.REPEATED | fields.LABELLED
    assert all(isinstance(raw[name], dict) for name in raw if name in fields.LABELLED)


@pytest.mark.parametrize(
    "raw", [{"text": 1}, {"text": ["a"]}, {"text": "a\0"}, {"text": "\ud800"}, {"text": "a" * 11}]
)
def test_text_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(BadResponse) as refused:
        fields.text(raw, "text", 10)
    assert refused.value.path == "text"


def test_text_counts_a_line_end_once() -> None:
    """A browser's maxlength counts it so, and sends two characters."""
    assert fields.text({"text": "a\r\n" * 5}, "text", 10) == "a\n" * 5


def test_text_of_spaces_is_none() -> None:
    assert fields.text({"text": " \n "}, "text") == ""
    assert fields.text({}, "text") == ""


def test_several_twice() -> None:
    codes = {"aa": "a", "bb": "b"}
    assert fields.several({"choices": ["bb", "", "aa"]}, "choices", codes) == ["b", "a"]
    with pytest.raises(BadResponse):
        fields.several({"choices": ["aa", "aa"]}, "choices", codes)


def test_check_names_unknown() -> None:
    with pytest.raises(BadResponse):
        fields.check_names({"choice": "a", "score": "1"}, "choice")
    with pytest.raises(BadResponse):
        fields.check_names(["choice"], "choice")
