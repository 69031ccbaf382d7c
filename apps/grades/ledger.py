"""What the rows of the ledger add up to. Pure arithmetic over one student's grade in one item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.grades.enums import GradeEventKind


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a grade stands. `points` is what counts: the override's, else the source's."""

    points: Decimal | None = None
    source_points: Decimal | None = None
    is_overridden: bool = False
    is_excused: bool = False


NOTHING = Standing()


def after(standing: Standing, kind: str, points: Decimal | None) -> Standing:
    """Where a grade stands once `kind` has happened to it.

    An override stands, whatever the source gives meanwhile, until it is ended; an exemption keeps
    the points beneath it. Clearing takes all of it away.
    Raises: ValueError for what happens to a whole item.
    """
    match kind:
        case GradeEventKind.SCORE | GradeEventKind.REGRADE | GradeEventKind.TOTAL:
            stands = standing.points if standing.is_overridden else points
            return replace(standing, points=stands, source_points=points)
        case GradeEventKind.OVERRIDE:
            return replace(standing, points=points, is_overridden=True)
        case GradeEventKind.OVERRIDE_END:
            return replace(standing, points=standing.source_points, is_overridden=False)
        case GradeEventKind.EXCUSE:
            return replace(standing, is_excused=True)
        case GradeEventKind.EXCUSE_END:
            return replace(standing, is_excused=False)
        case GradeEventKind.CLEAR:
            return NOTHING
    raise ValueError(f"{kind} happens to no student's grade")


def fold(events: Iterable[tuple[str, Decimal | None]]) -> Standing:
    """Where a grade stands after `events`, each (kind, points), in their order."""
    standing = NOTHING
    for kind, points in events:
        standing = after(standing, kind, points)
    return standing


def shown(events: Sequence[tuple[str, Decimal | None]], already: int) -> list[int]:
    """Which of one grade's events a student sees, by their places.

    already: how many came before the item was first released. Of those only what stood then: the
    last points of the source, and the override and the exemption that held. Drafts of a marker
    stay in the room where marking is done.
    """
    standing: dict[str, int] = {}
    for place, (kind, _points) in enumerate(events[:already]):
        match kind:
            case GradeEventKind.SCORE | GradeEventKind.REGRADE | GradeEventKind.TOTAL:
                standing["source"] = place
            case GradeEventKind.OVERRIDE | GradeEventKind.EXCUSE:
                standing[kind] = place
            case GradeEventKind.OVERRIDE_END:
                standing.pop(GradeEventKind.OVERRIDE, None)
            case GradeEventKind.EXCUSE_END:
                standing.pop(GradeEventKind.EXCUSE, None)
            case GradeEventKind.CLEAR:
                standing.clear()
    return [*sorted(standing.values()), *range(already, len(events))]
