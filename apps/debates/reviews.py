"""Which student reviews which.  Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from random import Random


def deal(
    reviewers: Sequence[int],
    argued: Sequence[int],
    dealt: Collection[tuple[int, int]],
    owed: int,
    lot: Random,
) -> Iterator[tuple[int, int]]:
    """(reviewer, reviewed) that each of `reviewers` lacks of `owed`.

    Those who `argued` sit in a ring by lot, and each reviews the next ones: so all are reviewed
    equally often when all are dealt for at once. Somebody outside the ring, and whoever comes
    when some have been `dealt` already, reviews those who were reviewed least.
    """
    ring = list(argued)
    lot.shuffle(ring)
    seat = {person: place for place, person in enumerate(ring)}
    received = Counter(reviewed for _reviewer, reviewed in dealt)
    # The ring first: the others even out what it leaves.
    for reviewer in sorted(reviewers, key=lambda person: person not in seat):
        known = {reviewed for person, reviewed in dealt if person == reviewer}
        after = seat.get(reviewer, -1) + 1
        others = [person for person in ring[after:] + ring[:after] if person != reviewer]
        if dealt or reviewer not in seat:
            others.sort(key=lambda person: received[person])
        chosen = [person for person in others if person not in known][: max(0, owed - len(known))]
        received.update(chosen)
        yield from ((reviewer, person) for person in chosen)
