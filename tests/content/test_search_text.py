import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.search.text import (
    MAX_QUERY_CHARACTERS,
    MAX_QUERY_WORDS,
    SNIPPET_WORDS,
    Phrase,
    Query,
    Word,
    fold,
    mark,
    parse_query,
    snippet,
    stemmer,
    terms,
    words,
)

ENGLISH = stemmer("en")
RUSSIAN = stemmer("ru")
URDU = stemmer("ur")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("İspir", "ispir"),
        ("Sadı", "SADI"),
        ("Müller", "muller"),
        ("Straße", "STRASSE"),
        ("Ёлка", "елка"),
        ("مَجْلِس", "مجلس"),
        ("پاكستاني", "پاکستانی"),
        ("معاہدہ", "معاهده"),
        ("ﷺ", "صلی اللہ علیہ وسلم".replace(" ", "")),
        ("½", "12"),
    ],
)
def test_fold_same_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_fold_keeps_short_i() -> None:
    assert fold("ВОЙНА") == "война" == fold("вои\u0306на")


@given(st.text())
def test_fold_any_text(text: str) -> None:
    folded = fold(text)
    assert folded == fold(folded)
    assert folded == "" or folded.isalnum()


def test_words_possessive() -> None:
    assert [word for *_span, word in words("Pakistan's and Bhutto’s 1,100 km, P33_x")] == [
        "pakistan",
        "and",
        "bhutto",
        "1",
        "100",
        "km",
        "p33",
        "x",
    ]


@given(st.text())
def test_words_any_text(text: str) -> None:
    end_before = 0
    for start, end, word in words(text):
        assert end_before <= start < end <= len(text)
        assert word == fold(word) != ""
        end_before = end


def test_terms_both_forms() -> None:
    assert terms("Military exercises", ENGLISH) == [
        "=military",
        "=exercises",
        "militari",
        "exercis",
    ]


def test_stemmer_russian() -> None:
    assert RUSSIAN(fold("российских")) == RUSSIAN(fold("Российский"))


def test_stemmer_none_for_urdu() -> None:
    assert URDU("پاکستانی") == "پاکستانی"


@given(st.text(alphabet="абвгдеийклмностуя", min_size=1, max_size=6))
def test_stemmer_never_empty(word: str) -> None:
    assert RUSSIAN(word) != ""


def test_parse_query_words_and_phrase() -> None:
    assert parse_query('exercises "Shanghai Spirit" pak', ENGLISH) == Query(
        (
            Word("exercises", "exercis"),
            Phrase(("shanghai", "spirit")),
            Word("pak", "pak", is_open=True),
        )
    )


def test_parse_query_phrase_last_is_closed() -> None:
    assert parse_query("oil “New Delhi”", ENGLISH) == Query(
        (Word("oil", "oil"), Phrase(("new", "delhi")))
    )


def test_parse_query_quote_never_closed() -> None:
    assert parse_query('"oil and', ENGLISH) == parse_query("oil and", ENGLISH)


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", '"', '""""', "*", "-", "(((", "«»", "'; --", "…"]
)
def test_parse_query_without_a_word(text: str) -> None:
    assert parse_query(text, ENGLISH) == Query(())


@given(st.text(max_size=400))
def test_parse_query_any_text(text: str) -> None:
    written = [
        word
        for part in parse_query(text, ENGLISH).parts
        for word in (part.written if isinstance(part, Phrase) else (part.written, part.stem))
    ]
    assert all(word.isalnum() for word in written)


def test_parse_query_is_bounded() -> None:
    query = parse_query("a " * 10_000, ENGLISH)
    assert len(query.parts) == MAX_QUERY_WORDS
    assert parse_query("x" * 10_000, ENGLISH).parts[0] == Word("x" * 100, "x" * 100, is_open=True)
    assert MAX_QUERY_CHARACTERS == 200


def test_mark_inflection_prefix_and_possessive() -> None:
    query = parse_query("exercise pak", ENGLISH)
    assert mark("Pakistan's exercises <b>", query, ENGLISH) == (
        "<mark>Pakistan&#x27;s</mark> <mark>exercises</mark> &lt;b&gt;"
    )


def test_mark_urdu_with_vowel_points() -> None:
    query = parse_query("مجلس", URDU)
    assert mark("ایک مَجْلِس ہے", query, URDU) == "ایک <mark>مَجْلِس</mark> ہے"


def test_snippet_best_stretch() -> None:
    text = "oil " + "filler " * 100 + "steel and oil at Karachi" + " filler" * 100
    found = snippet(text, parse_query("steel oil Karachi", ENGLISH), ENGLISH)
    assert found.startswith("… filler")
    assert found.endswith("filler …")
    assert "<mark>steel</mark> and <mark>oil</mark> at <mark>Karachi</mark>" in found


def test_snippet_no_word_in_the_body() -> None:
    assert snippet("Only this.", parse_query("that", ENGLISH), ENGLISH) == "Only this."
    assert snippet("", parse_query("that", ENGLISH), ENGLISH) == ""


@given(st.text(), st.text(max_size=40))
def test_snippet_any_text(text: str, typed: str) -> None:
    """Apart from <mark> there is no markup, and what is shown stands in the text."""
    query = parse_query(typed, ENGLISH)
    html = snippet(text, query, ENGLISH)
    bare = re.sub(r"</?mark>", "", html)
    assert not set("<>\"'") & set(bare)
    shown = unescape(bare)
    assert shown.removeprefix("… ").removesuffix(" …") in text or shown in text
    assert len(list(words(shown))) <= SNIPPET_WORDS


@given(st.text(), st.text(max_size=40))
def test_mark_any_text(text: str, typed: str) -> None:
    html = mark(text, parse_query(typed, ENGLISH), ENGLISH)
    assert unescape(re.sub(r"</?mark>", "", html)) == text
