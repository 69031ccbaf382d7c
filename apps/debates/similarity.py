"""Arguments that say nearly the same, so that people build rather than repeat."""

from collections.abc import Iterable, Mapping

from apps.content.search.text import words

_ENOUGH = 0.25


def trigrams(text: str) -> frozenset[str]:
    """Three letters at a time of each word, with its edges, as search folds words."""
    return frozenset(
        padded[start : start + 3]
        for _start, _end, word in words(text)
        for padded in (f" {word} ",)
        for start in range(len(padded) - 2)
    )


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Dice's coefficient, in [0, 1]: 0 where nothing is shared or nothing is said."""
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def similar(text: str, others: Mapping[int, str], *, limit: int = 3) -> list[int]:
    """The keys of the others most like `text`, best first; none that is hardly like it."""
    own = trigrams(text)
    scored: Iterable[tuple[float, int]] = (
        (likeness(own, trigrams(other)), key) for key, other in others.items()
    )
    best = sorted((-score, key) for score, key in scored if score >= _ENOUGH)
    return [key for _score, key in best[:limit]]
