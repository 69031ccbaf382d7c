"""What was written in a debate since somebody looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from apps.debates.enums import ArgumentState
from apps.debates.models import Argument
from apps.debates.selectors.pictures import place_name

if TYPE_CHECKING:
    from apps.debates.models import DebateRun

_MANY = 20


@dataclass(frozen=True, slots=True)
class New:
    """An argument by its place: neither its words nor its author are told."""

    public_id: UUID
    name: str


def news_of(run: DebateRun, after: int) -> list[New]:
    """The newest arguments with a key above `after`, the first written first.

    For somebody who may see the arguments; `run` is as run_in found it.
    Queries: 0 where nothing is new, else 1.
    """
    if run.newest <= after:
        return []
    rows = Argument.objects.filter(run=run).order_by("pk")
    columns = ("pk", "public_id", "parent_id", "relation", "side__label", "state")
    found = list(rows.values_list(*columns))
    numbers = {row[0]: number for number, row in enumerate(found, start=1)}
    return [
        New(public_id, place_name(numbers[pk], relation, numbers.get(parent), side or ""))
        for pk, public_id, parent, relation, side, state in found
        if pk > after and state == ArgumentState.VISIBLE
    ][-_MANY:]
