"""Words as the search knows them: folded, stemmed, asked for and marked. Pure.

Both databases index the same stream of terms, made here, so that they find the same texts. Each
word stands in it twice: as it is written, folded, behind an equals sign (`=exercises`), which is
what quoted phrases and the beginning of a word are matched with, and as its stem (`exercis`).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import snowballstemmer

Stem = Callable[[str], str]

WRITTEN = "="  # stands before a word that is not stemmed
MAX_QUERY_CHARACTERS = 200
MAX_QUERY_WORDS = 24
MAX_WORD_CHARACTERS = 100  # PostgreSQL refuses a lexeme of more than 2 KB
VOCABULARY = 20_000  # words remembered: those of a few courses
MAX_FIELD_WORDS = 5_000  # and counts positions up to 16,383 in the three fields together
SNIPPET_WORDS = 36

# Course languages with a stemmer; in any other, such as Urdu, whole words are found.
_STEMMERS = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "pt": "portuguese",
    "ru": "russian",
}
# Accents, Arabic vowel points and joiners belong to the word that they stand in.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*(?:['’]s(?![^\W_]))?")
_POSSESSIVE = re.compile(r"['’]s$")
_QUOTED_OR_PLAIN = re.compile(r'["“”„«»]([^"“”„«»]*)["“”»]|([^"“”„«»]+)')
# What Urdu and Arabic keyboards write differently; the stroke that only stretches a word; the
# dotless i.
_SAME_LETTER = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "ە": "ہ", "ـ": "", "ı": "i"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query, found by its stem or as written; `is_open` while it is being typed."""

    written: str
    stem: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stood in quotation marks: found as written, one after another."""

    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for; without `parts` when the input held no word."""

    parts: tuple[Word | Phrase, ...]

    def asks_for(self, written: str, stem: str) -> bool:
        """Whether a word of a text is one that should be marked."""
        return any(
            written in part.written
            if isinstance(part, Phrase)
            else stem == part.stem
            or written == part.written
            or (part.is_open and written.startswith(part.written))
            for part in self.parts
        )


@lru_cache(VOCABULARY)
def fold(word: str) -> str:
    """Letters and digits alone, without case, accents or vowel points; may be empty.

    й stays whole: it is a letter, and the Russian stemmer looks for it.
    """
    parts = (
        part
        for letter in unicodedata.normalize("NFC", word)
        for part in (letter if letter in "йЙ" else unicodedata.normalize("NFKD", letter))
    )
    letters = "".join(part for part in parts if part.isalnum())
    return letters.casefold().translate(_SAME_LETTER)[:MAX_WORD_CHARACTERS]


_THREAD = threading.local()


def stemmer(language: str) -> Stem:
    """The stemming function of a course's language, for this thread: Snowball's keep state."""
    algorithm = _STEMMERS.get(language.partition("-")[0].lower())
    if algorithm is None:
        return str
    own = _THREAD.__dict__
    if algorithm not in own:
        reduce = snowballstemmer.stemmer(algorithm).stemWord
        own[algorithm] = lru_cache(VOCABULARY)(lambda word: reduce(word) or word)
    stem: Stem = own[algorithm]
    return stem


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word of a text: where it starts, where it ends, and its folded form."""
    for match in _WORD.finditer(text):
        if folded := fold(_POSSESSIVE.sub("", match[0])):
            yield match.start(), match.end(), folded


def terms(text: str, stem: Stem) -> list[str]:
    """What an index holds of a text: its words as written, in order, and then their stems."""
    written = [word for _start, _end, word in words(text)][:MAX_FIELD_WORDS]
    return [WRITTEN + word for word in written] + [stem(word) for word in written]


def parse_query(text: str, stem: Stem) -> Query:
    """Read what a person typed; every input is a query, if only an empty one.

    "Words in quotation marks" are a phrase, any other word stands for itself and its inflections,
    and the last one also for words that begin with it.
    """
    parts: list[Word | Phrase] = []
    left = MAX_QUERY_WORDS
    for match in _QUOTED_OR_PLAIN.finditer(text[:MAX_QUERY_CHARACTERS]):
        found = [word for _start, _end, word in words(match[0])][:left]
        left -= len(found)
        if match[1] is None:
            parts += [Word(word, stem(word)) for word in found]
        elif found:
            parts.append(Phrase(tuple(found)))
    if parts and isinstance(last := parts[-1], Word):
        parts[-1] = Word(last.written, last.stem, is_open=True)
    return Query(tuple(parts))


def mark(text: str, query: Query, stem: Stem) -> str:
    """The whole text as HTML, escaped, with what the query asks for in <mark>."""
    return _marked(text, _asked_for(text, query, stem), 0, len(text))


def snippet(text: str, query: Query, stem: Stem) -> str:
    """The stretch of a text that answers the query best, as HTML, escaped, with <mark>."""
    spans = list(words(text))
    asked = {
        index: word
        for index, (_start, _end, word) in enumerate(spans)
        if query.asks_for(word, stem(word))
    }
    first = _best_start(asked)
    shown = spans[first : first + SNIPPET_WORDS]
    if not shown:
        return ""
    starts = 0 if first == 0 else shown[0][0]
    ends = len(text) if first + SNIPPET_WORDS >= len(spans) else shown[-1][1]
    marked = [spans[index][:2] for index in asked if first <= index < first + SNIPPET_WORDS]
    html = _marked(text, marked, starts, ends)
    return f"{'… ' if starts else ''}{html}{' …' if ends < len(text) else ''}"


def _asked_for(text: str, query: Query, stem: Stem) -> list[tuple[int, int]]:
    return [(start, end) for start, end, word in words(text) if query.asks_for(word, stem(word))]


def _best_start(asked: dict[int, str]) -> int:
    """The word a snippet starts with: a few before the stretch with most different answers."""
    best, most = 0, (0, 0)
    positions = list(asked)
    for index, position in enumerate(positions):
        inside = [at for at in positions[index:] if at < position + SNIPPET_WORDS - 6]
        score = (len({asked[at] for at in inside}), len(inside))
        if score > most:
            best, most = max(0, position - 6), score
    return best


def _marked(text: str, spans: list[tuple[int, int]], starts: int, ends: int) -> str:
    pieces, at = [], starts
    for start, end in spans:
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*pieces, escape(text[at:ends])])
