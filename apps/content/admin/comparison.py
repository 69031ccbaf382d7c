"""What changed between two texts, word by word, in a form that a person can read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

Kind = Literal["same", "removed", "added"]
Status = Literal["same", "changed", "removed", "added", "moved"]

# Comparing is quadratic at worst; beyond this many words in one changed passage, whole passages
# are shown as removed and added, which is linear.
WORDS_LIMIT = 2_000
LINES_LIMIT = 4_000
_WORDS = re.compile(r"\s+|\S+\s?")


@dataclass(frozen=True, slots=True)
class Run:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One named piece of a lesson: `key` finds its counterpart in another version."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PartComparison:
    key: str
    label: str
    status: Status
    runs: tuple[Run, ...]
    old: str
    new: str


def compare_parts(old: Sequence[Part], new: Sequence[Part]) -> list[PartComparison]:
    """Every part of both versions in the new order, removed ones where they used to stand.

    A part is "moved" when its text is the same and its neighbours are not.
    """
    before, after = {part.key: part for part in old}, {part.key: part for part in new}
    stayed = _kept_in_order([part.key for part in old], [part.key for part in new])
    return [
        _compare_part(before.get(key), after.get(key), is_moved=key not in stayed)
        for key in _merged_order([part.key for part in old], [part.key for part in new])
    ]


def compare_text(old: str, new: str) -> tuple[Run, ...]:
    """The runs that turn `old` into `new`: joined without the added ones they are `old`."""
    runs: list[Run] = []
    for kind, before, after in _blocks(
        old.splitlines(keepends=True), new.splitlines(keepends=True), LINES_LIMIT
    ):
        if kind == "same":
            runs.append(Run("same", "".join(after)))
            continue
        for word_kind, removed, added in _blocks(
            _WORDS.findall("".join(before)), _WORDS.findall("".join(after)), WORDS_LIMIT
        ):
            if word_kind == "same":
                runs.append(Run("same", "".join(added)))
                continue
            runs += [
                Run(run_kind, "".join(words))
                for run_kind, words in (("removed", removed), ("added", added))
                if words
            ]  # type: ignore[arg-type]
    return tuple(_joined(runs))


def abridge(runs: Sequence[Run], around: int = 120) -> tuple[Run, ...]:
    """The same runs with long unchanged stretches cut down to what surrounds a change."""
    cut: list[Run] = []
    for index, run in enumerate(runs):
        text = run.text
        if run.kind == "same" and len(text) > 2 * around + 20:
            head = text[:around] + " " if index > 0 else ""
            tail = " " + text[-around:] if index < len(runs) - 1 else ""
            text = f"{head}…{tail}"
        cut.append(Run(run.kind, text))
    return tuple(cut)


def _blocks(
    old: list[str], new: list[str], limit: int
) -> Iterator[tuple[Literal["same", "changed"], list[str], list[str]]]:
    if len(old) > limit or len(new) > limit:
        # Only the common beginning and end, then everything between as one change.
        start = next(
            (i for i, (a, b) in enumerate(zip_longest(old, new)) if a != b),
            max(len(old), len(new)),
        )
        end = 0
        while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
            end += 1
        yield "same", old[:start], new[:start]
        yield "changed", old[start : len(old) - end], new[start : len(new) - end]
        yield "same", old[len(old) - end :], new[len(new) - end :]
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield ("same" if tag == "equal" else "changed"), old[a:b], new[c:d]


def _joined(runs: list[Run]) -> Iterator[Run]:
    kind: Kind = "same"
    text = ""
    for run in runs:
        if run.kind == kind:
            text += run.text
            continue
        if text:
            yield Run(kind, text)
        kind, text = run.kind, run.text
    if text:
        yield Run(kind, text)


def _compare_part(old: Part | None, new: Part | None, *, is_moved: bool) -> PartComparison:
    before, after = old.text if old else "", new.text if new else ""
    status: Status
    if old is None:
        status = "added"
    elif new is None:
        status = "removed"
    elif before != after or old.label != new.label:
        status = "changed"
    else:
        status = "moved" if is_moved else "same"
    kept = new or old
    assert kept is not None  # noqa: S101 - for the type checker: a key comes from one of the two
    return PartComparison(
        key=kept.key,
        label=kept.label,
        status=status,
        runs=compare_text(before, after),
        old=before,
        new=after,
    )


def _kept_in_order(old: list[str], new: list[str]) -> set[str]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return {key for block in matcher.get_matching_blocks() for key in old[block.a :][: block.size]}


def _merged_order(old: list[str], new: list[str]) -> list[str]:
    order = list(new)
    for index, key in enumerate(old):
        if key not in order:
            after = next((k for k in reversed(old[:index]) if k in order), None)
            order.insert(order.index(after) + 1 if after else 0, key)
    return order
