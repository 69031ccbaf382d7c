import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content import objectives
from apps.content.objectives import Objective

KEYS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)


@given(st.text(min_size=1), st.just("") | KEYS)
def test_what_is_written_is_read_again(text: str, key: str) -> None:
    assert objectives.write(objectives.parse(text)) == text
    if not text[-1].isspace():
        line = objectives.write(Objective(text, key))
        assert objectives.parse(line) == Objective(text, key) or not key


@pytest.mark.parametrize(
    ("line", "is_misread"),
    [
        ("Retell it. {#first-contact}", False),
        ("Retell it.", False),
        ("Name the {set} of states.", False),
        ("Retell it.{#first-contact}", True),
        ("Retell it. {#First}", True),
        ("Retell it. {#first", True),
        ("{#first} Retell it.", True),
        ("Retell it. {#a} {#b}", True),
        (f"Retell it. {{#{'k' * 41}}}", True),
    ],
)
def test_a_mark_that_cannot_be_read_is_told(line: str, is_misread: bool) -> None:
    assert objectives.is_misread(line) is is_misread
