"""What a class makes of each paragraph of the article: four measures, in five shades. Pure.

Source: docs/class-needs.md
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

# Below so many answers a share says more of chance than of the paragraph.
ENOUGH = 10
LEVELS = 4  # above none

# (primary key of the lesson, anchor)
SectionKey = tuple[int, str]


class Measure(StrEnum):
    READ = "read"
    CONFUSED = "confused"
    MISSED = "missed"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class Taught:
    """A section of a published lesson and the paragraphs it names."""

    lesson: int
    anchor: str
    paragraphs: tuple[str, ...]

    @property
    def key(self) -> SectionKey:
        return (self.lesson, self.anchor)


@dataclass(frozen=True, slots=True)
class Answers:
    """Of questions whose key a paragraph decides. missed: the share of their points not earned."""

    count: int
    missed: float


@dataclass(frozen=True, slots=True)
class Warmth:
    """One paragraph. read, missed: shares in [0, 1], None where nothing can be said.

    confused: students.  cited: arguments that rest on it.  answers: how many `missed` is from.
    """

    number: str
    read: float | None
    confused: int
    missed: float | None
    answers: int
    cited: int
    levels: Mapping[Measure, int]

    def value(self, measure: Measure) -> float | None:
        values = (self.read, self.confused, self.missed, self.cited)
        return dict(zip(Measure, values, strict=True))[measure]


def warmths(
    numbers: Sequence[str],
    sections: Iterable[Taught],
    *,
    students: int,
    seen: Mapping[SectionKey, int],
    confused: Mapping[SectionKey, int],
    answers: Mapping[str, Answers],
    cited: Mapping[str, int],
) -> list[Warmth]:
    """Every paragraph of `numbers`, in that order.

    seen, confused: {section: students}. Where several sections teach a paragraph, the one that
    most students saw, or were confused by, counts: the same people may stand behind each.
    cited: {paragraph: arguments}.
    """
    read: defaultdict[str, int] = defaultdict(int)
    lost: defaultdict[str, int] = defaultdict(int)
    taught: set[str] = set()
    for section in sections:
        for number in section.paragraphs:
            taught.add(number)
            read[number] = max(read[number], seen.get(section.key, 0))
            lost[number] = max(lost[number], confused.get(section.key, 0))
    most_cited = max(cited.values(), default=0)
    found = []
    for number in numbers:
        share = min(1.0, read[number] / students) if students and number in taught else None
        known = answers.get(number)
        enough = known is not None and known.count >= ENOUGH
        missed = known.missed if known is not None and enough else None
        mentions = cited.get(number, 0)
        found.append(
            Warmth(
                number=number,
                read=share,
                confused=lost[number],
                missed=missed,
                answers=known.count if known else 0,
                cited=mentions,
                levels={
                    Measure.READ: level(share),
                    # A quarter of a class that is confused is the most there is.
                    Measure.CONFUSED: level(4 * lost[number] / students if students else None),
                    Measure.MISSED: level(missed),
                    Measure.CITED: level(mentions / most_cited if most_cited else None),
                },
            )
        )
    return found


def level(share: float | None) -> int:
    """0 for nothing, then 1 to 4 by quarters; a share above 1 is all there is."""
    if not share or share <= 0:
        return 0
    return min(LEVELS, 1 + int(share * LEVELS)) if share < 1 else LEVELS


def hardest(rows: Iterable[Warmth], *, most: int = 5) -> list[Warmth]:
    """Paragraphs to teach again: missed by half or more, or confusing, the worst first."""

    def trouble(row: Warmth) -> float:
        return max(row.missed or 0, row.levels[Measure.CONFUSED] / LEVELS)

    # Half of the points missed, or an eighth of the class confused.
    troubled = [row for row in rows if trouble(row) >= 0.5]
    return sorted(troubled, key=lambda row: (-trouble(row), row.number))[:most]
