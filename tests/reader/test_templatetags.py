import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.content.dates import parse_edtf
from apps.content.words import edtf_text
from apps.reader.templatetags.reader import edtf_precision, opening, roman


@pytest.mark.parametrize(
    ("date", "text", "precision"),
    [
        ("2017-06-09", "9 June 2017", "to the day"),
        ("2017-06", "June 2017", "to the month"),
        ("2017", "2017", "to the year"),
        ("196X", "the 1960s", "to the decade"),
        ("1979/1988", "1979–1988", "a period"),
        ("2016-09/2017-06-09", "September 2016–9 June 2017", "a period"),
        ("1965~", "about 1965", "approximate"),
        ("196X~", "about the 1960s", "approximate"),
    ],
)
def test_date_is_as_precise_as_it_is_known(date: str, text: str, precision: str) -> None:
    assert (edtf_text(date), edtf_text(parse_edtf(date))) == (text, text)
    assert edtf_precision(parse_edtf(date)) == precision


def test_date_speaks_the_readers_language() -> None:
    with translation.override("ru"):
        assert edtf_text("2017-06-09") == "9 июня 2017 г."


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (39, "XXXIX"), (40, "40"), (0, "0")],
)
def test_roman(number: int, text: str) -> None:
    assert roman(number) == text


def test_opening_keeps_whole_sentences() -> None:
    text = "One two three. Four five? Six."
    assert [opening(text, words) for words in (1, 4, 5, 6)] == [
        "One two three.",
        "One two three.",
        "One two three. Four five?",
        text,
    ]


@given(st.text(), st.integers(0, 20))
def test_opening_is_a_beginning(text: str, words: int) -> None:
    assert " ".join(text.split()).startswith(" ".join(opening(text, words).split()))
