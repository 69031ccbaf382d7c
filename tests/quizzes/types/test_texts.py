import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quizzes.types.texts import IGNORABLE, ascii_digits, is_storable, normalise, tidy

anything = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Liaquat Ali Khan", "liaquat  ali\tkhan "),
        ("PakStream", "Pak-Stream"),
        ("Pakistan’s", "Pakistan's"),
        ("one-fourth", "one fourth"),
        ("Büyükkara", "Buyukkara"),
        ("Łódź", "lodz"),
        ("Æsir", "aesir"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ﬁle", "file"),
        ("ＳＣＯ", "sco"),
        ("１９４９", "1949"),
        ("۱۹۴۹", "1949"),
        ("١٩٤٩", "1949"),
        ("Россия", "РОССИЯ"),
        ("Орёл", "Орел"),
        ("پاکستان", "پاكستان"),
        ("مجلس", "مَجلِس"),
        ("علی", "علي"),
        ("آزادی", "ازادی"),
        ("شنگھائی", "شنگهائی"),
        ("می\u200cروم", "میروم"),
        ("پاکـــستان", "پاکستان"),
        ("Ṭālibān", "Taliban"),
        ("Qurʾān", "Quran"),
    ],
)
def test_normalise_same_answer(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other", "ignore"),
    [
        ("SCO", "sco", ["spacing"]),
        ("Pak Stream", "PakStream", ["case"]),
        ("Büyükkara", "Buyukkara", ["case"]),
        ("one-fourth", "onefourth", ["case"]),
        ("Russia", "Prussia", IGNORABLE),
        ("की", "का", IGNORABLE),  # an Indian vowel sign is no accent
        ("Россия", "Poccия", IGNORABLE),  # Latin letters that look like Cyrillic are others
    ],
)
def test_normalise_different_answers(one: str, other: str, ignore: list[str]) -> None:
    assert normalise(one, ignore) != normalise(other, ignore)


def test_normalise_spacing_kept_is_one_space() -> None:
    assert normalise("  Pak \u00a0 Stream\n", ["case"]) == "pak stream"


@given(anything, st.sets(st.sampled_from(IGNORABLE)))
def test_normalise_idempotent(text: str, ignore: set[str]) -> None:
    once = normalise(text, ignore)
    assert normalise(once, ignore) == once


def test_normalise_idempotent_for_every_letter() -> None:
    letters = filter(is_storable, map(chr, range(sys.maxunicode + 1)))
    unstable = [
        letter
        for letter in letters
        if unicodedata.category(letter) not in {"Cn", "Co", "Lo"}
        and (once := normalise(letter)) != normalise(once)
    ]
    assert unstable == []


@given(anything)
def test_tidy_idempotent(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_ascii_digits_leaves_the_rest() -> None:
    assert ascii_digits("۱۲ km²") == "12 km²"


@pytest.mark.parametrize(("text", "expected"), [("a", True), ("\0", False), ("\ud800", False)])
def test_is_storable(text: str, expected: bool) -> None:
    assert is_storable(text) is expected
