"""When two texts are the same answer. Pure.

`tidy` undoes what no reader sees: which of two equal codes a keyboard sent, which digits, how many
spaces. `normalise` then lets go of what the author of a question said makes no difference.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

IGNORABLE = ("case", "spacing", "diacritics", "punctuation")

# The same letter from an Arabic, a Persian and an Urdu keyboard; tatweel only stretches a word.
_KEYBOARDS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ھ": "ہ", "ة": "ہ", "ۀ": "ہ", "ۃ": "ہ", "ـ": None}
)
# Letters with a stroke and ligatures, which Unicode does not take apart.
_STROKES = str.maketrans(
    {"ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "Ħ": "H"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ð": "d", "Ð": "D"}
)
# Marks beside letters that count as letters: hamza, ayn and the soft sign of transliterations.
_MARKS = frozenset("ʹʺʻʼʽʾʿˈ˝`´^")
# Below this class a combining mark is part of its letter (an Indian vowel sign), not an accent.
_ACCENT = 10
_ROUNDS = 4  # letting go of one thing may uncover another: "İ" in small letters bears a dot


def is_storable(text: str) -> bool:
    """Whether PostgreSQL and JSON take it: without NUL and half characters."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def tidy(text: str) -> str:
    """Compatible forms, ASCII digits, one kind of letter for each keyboard, single spaces."""
    text = unicodedata.normalize("NFKC", text).translate(_KEYBOARDS)
    text = "".join(_plain(letter) for letter in text)
    return unicodedata.normalize("NFKC", " ".join(text.split()))


def ascii_digits(text: str) -> str:
    """Digits of every script as 0 to 9."""
    return "".join(_digit(letter) for letter in text)


def normalise(text: str, ignore: Iterable[str] = IGNORABLE) -> str:
    """What is left of a text when these differences are none: the same for all equal answers.

    spacing: white space anywhere; otherwise a run of it is one space. Always idempotent.
    """
    ignored = frozenset(ignore)
    for _round in range(_ROUNDS):
        before, text = text, _let_go(tidy(text), ignored)
        if text == before:
            break
    return text


def _let_go(text: str, ignored: frozenset[str]) -> str:
    if "case" in ignored:
        text = text.casefold()
    if "diacritics" in ignored:
        apart = unicodedata.normalize("NFKD", text.translate(_STROKES))
        text = "".join(c for c in apart if unicodedata.combining(c) < _ACCENT)
    if "punctuation" in ignored:
        text = "".join(c for c in text if c not in _MARKS and unicodedata.category(c)[0] != "P")
    if "spacing" in ignored:
        text = "".join(text.split())
    return tidy(text)


def _plain(letter: str) -> str:
    # Invisible: joiners and marks of direction.
    return "" if unicodedata.category(letter) == "Cf" else _digit(letter)


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
