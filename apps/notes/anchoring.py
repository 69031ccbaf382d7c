"""Where a passage stands in an edition other than its own. Pure.

First the very words: wherever they stand, told apart by what stands around them, so that a passage
may move within its section or to another. Then words nearly like them. A passage that is in doubt
is lost rather than laid on other words: the note is shown with its quotation, and says so.

All of it is bounded: pieces of at most PIECE characters are looked for, at most PIECES of them in
each section, which rapidfuzz does in time linear in the section.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Opcode

from apps.notes.passages import CONTEXT_CHARACTERS, SectionText, Selector

# As many letters in a row, of the passage and right beside it, are those that were meant.
SURE_CHARACTERS = 48
# Otherwise this share of what stood around it must stand there still: about one side.
ENOUGH_AROUND = 0.4
# How like its quotation a changed passage must be, in [0, 1] (Indel similarity): so that a third
# of it may be other words. Unrelated English prose is 0.5 to 0.6 alike.
ENOUGH_LIKE = 0.72
PIECE, PIECES = 48, 6
MAX_CANDIDATES = 12
_PIECE_CUTOFF = 65.0  # of rapidfuzz, in 0 to 100
_SLACK_RATIO = 0.35


class Fit(Enum):
    EXACT = "exact"  # the same words
    CHANGED = "changed"  # nearly the same words
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Place:
    """From `start` to `end` of the text of `section`; of a lost passage, `section` alone may hold.

    section: "" where the edition no longer has it.
    """

    fit: Fit
    section: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    section: SectionText
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.section.text[self.start : self.end]


@lru_cache(maxsize=4096)
def find(selector: Selector, sections: tuple[SectionText, ...]) -> Place:
    """The passage in `sections`, the texts of an edition. Remembered: neither ever changes."""
    if not selector.exact:
        here = any(each.anchor == selector.section for each in sections)
        return Place(Fit.EXACT, selector.section) if here else Place(Fit.LOST, "")
    found = _very_words(selector, sections)
    if found:
        return Place(Fit.EXACT, found.section.anchor, found.start, found.end)
    found = _like_words(selector, sections)
    if found:
        fit = Fit.EXACT if found.words == selector.exact else Fit.CHANGED
        return Place(fit, found.section.anchor, found.start, found.end)
    here = any(each.anchor == selector.section for each in sections)
    return Place(Fit.LOST, selector.section if here else "")


def _very_words(selector: Selector, sections: Sequence[SectionText]) -> _Candidate | None:
    """The same words where they stand as they stood; None where that is in doubt."""
    scored = [
        (_around(selector, each), _is_home(selector, each), -abs(each.start - selector.start), each)
        for each in _occurrences(selector.exact, sections)
    ]
    if not scored:
        return None
    around, _home, _distance, best = max(scored, key=lambda each: each[:3])
    return best if around >= ENOUGH_AROUND or _is_sure(selector, best, 1.0) else None


def _occurrences(words: str, sections: Sequence[SectionText]) -> Iterator[_Candidate]:
    for section in sections:
        at = section.text.find(words)
        while at >= 0:
            yield _Candidate(section, at, at + len(words))
            at = section.text.find(words, at + 1)


def _is_home(selector: Selector, found: _Candidate) -> bool:
    return found.section.anchor == selector.section


def _around(selector: Selector, found: _Candidate) -> float:
    """How much of what stood before and after the passage stands there still, in [0, 1].

    Nothing before the first word of a section, or after its last, is kept where that is so still.
    """
    before, after = _beside(found)
    kept = len(selector.prefix) * _kept(selector.prefix[::-1], before)
    kept += len(selector.suffix) * _kept(selector.suffix, after)
    asked = len(selector.prefix) + len(selector.suffix)
    if not asked:
        return 0.0 if before or after else 1.0
    return kept / asked


def _is_sure(selector: Selector, found: _Candidate, like: float) -> bool:
    """like: how like its quotation the passage is, in [0, 1]: so many of its letters count."""
    before, after = _beside(found)
    run = _run(selector.prefix[::-1], before) + _run(selector.suffix, after)
    return like * len(selector.exact) + run >= SURE_CHARACTERS


def _beside(found: _Candidate) -> tuple[str, str]:
    """What stands before the passage, backwards, and after it."""
    text = found.section.text
    before = text[max(0, found.start - CONTEXT_CHARACTERS) : found.start]
    return before[::-1], text[found.end : found.end + CONTEXT_CHARACTERS]


def _kept(side: str, beside: str) -> float:
    """The share of one side that still begins right there, or is nearly what stands there."""
    if not side:
        return 0.0
    near = Indel.normalized_similarity(side, beside[: len(side)])
    return max(_run(side, beside) / len(side), near if near >= ENOUGH_LIKE else 0.0)


def _run(side: str, beside: str) -> int:
    """How many letters both begin with."""
    pairs = enumerate(zip(side, beside, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(side), len(beside)))


def _like_words(selector: Selector, sections: Sequence[SectionText]) -> _Candidate | None:
    """The words most like the passage, if they are enough like it.

    A passage shorter than a sentence is looked for together with what stood around it.
    """
    is_short = len(selector.exact) < SURE_CHARACTERS
    before = selector.prefix if is_short else ""
    asked = before + selector.exact + (selector.suffix if is_short else "")
    best, most = None, ENOUGH_LIKE
    for window in _windows(asked, sections):
        found = _best_span(selector.exact, asked, len(before), window)
        like = _likeness(selector.exact, found)
        if is_short and not (
            _around(selector, found) >= ENOUGH_AROUND or _is_sure(selector, found, like)
        ):
            continue
        if like > most or (like == most and best and _is_home(selector, found)):
            best, most = found, like
    return best


def _best_span(exact: str, asked: str, before: int, window: _Candidate) -> _Candidate:
    """Where `exact` lies in a window: read off what is around it, then looked at by itself."""
    rough = _inside(window, _span(asked, window.words, before, before + len(exact)))
    margin = len(exact) // 2
    start, end = max(0, rough.start - margin), rough.end + margin
    near = _Candidate(window.section, start, end)
    fine = _inside(near, _span(exact, near.words, 0, len(exact)))
    return max(fine, rough, key=lambda each: _likeness(exact, each))


def _inside(window: _Candidate, span: tuple[int, int]) -> _Candidate:
    return _Candidate(window.section, window.start + span[0], window.start + span[1])


def _likeness(exact: str, found: _Candidate) -> float:
    return Indel.normalized_similarity(exact, found.words)


def _windows(asked: str, sections: Sequence[SectionText]) -> list[_Candidate]:
    """Stretches in which pieces of `asked` were found, the most promising first."""
    slack = int(len(asked) * _SLACK_RATIO) + 8
    scored: dict[tuple[str, int], tuple[float, _Candidate]] = {}
    for section in sections:
        for offset, piece in _pieces(asked):
            found = fuzz.partial_ratio_alignment(piece, section.text, score_cutoff=_PIECE_CUTOFF)
            if found is None:
                continue
            start = found.dest_start - offset
            window = _Candidate(section, max(0, start - slack), start + len(asked) + slack)
            key = (section.anchor, start // (slack + 1))
            score, first = scored.get(key, (0.0, window))
            scored[key] = (score + found.score, first)
    best = sorted(scored.values(), key=lambda each: -each[0])[:MAX_CANDIDATES]
    return [window for _score, window in best]


def _pieces(asked: str) -> list[tuple[int, str]]:
    """Pieces spread evenly over `asked`, its two ends among them, each with its offset."""
    last = max(0, len(asked) - PIECE)
    count = min(PIECES, 1 + -(-last // PIECE))
    offsets = {round(last * each / max(1, count - 1)) for each in range(count)}
    return [(offset, asked[offset : offset + PIECE]) for offset in sorted(offsets)]


def _span(asked: str, window: str, first: int, last: int) -> tuple[int, int]:
    """Where asked[first:last] lies in `window`, by the letters that both have in order.

    From the longest stretch of them outwards, as far as makes the two most alike: loose letters
    beyond are no part of it. The ends are then moved out to whole words.
    """
    shared = [
        _Stretch.of(block, first, last)
        for block in Indel.opcodes(asked, window)
        if block.tag == "equal" and block.src_end > first and block.src_start < last
    ]
    if not shared:
        return 0, 0
    longest = max(range(len(shared)), key=lambda at: shared[at].length)
    tail = _furthest(shared[longest:], last - first)
    head = _furthest([each.mirrored for each in shared[longest::-1]], last - first)
    start, end = -head.end, tail.end
    while start > 0 and window[start - 1].isalnum() and window[start].isalnum():
        start -= 1
    while end < len(window) and window[end - 1].isalnum() and window[end].isalnum():
        end += 1
    return start, end


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Letters of the window that the passage has too."""

    start: int
    end: int

    @classmethod
    def of(cls, block: Opcode, first: int, last: int) -> _Stretch:
        """As much of `block` as lies in the passage."""
        start = block.dest_start + max(0, first - block.src_start)
        return cls(start, block.dest_end - max(0, block.src_end - last))

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def mirrored(self) -> _Stretch:
        return _Stretch(-self.end, -self.start)


def _furthest(shared: Sequence[_Stretch], length: int) -> _Stretch:
    """How far to go from the first stretch, for a passage of `length`, to be most like it."""
    best, most, total = shared[0], 0.0, 0
    for each in shared:
        total += each.length
        like = total / (length + each.end - shared[0].start)
        if like > most:
            best, most = each, like
    return best
