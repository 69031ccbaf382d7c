"""When a card comes up again. The one module that knows the fsrs library; pure: no Django.

The numbers are the library's own. What is added: a day is the learner's, so that a card rated in
the afternoon may be asked the next morning as a day later; and the spread of intervals is drawn
from the card itself, so that a page shows the interval that the rating will set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from fsrs import Card, Rating, Scheduler, State
from fsrs.scheduler import FUZZ_RANGES

AGAIN, HARD, GOOD, EASY = (each.value for each in Rating)
RATINGS = (AGAIN, HARD, GOOD, EASY)
LEARNING, REVIEW, RELEARNING = (each.value for each in State)

DEFAULT_RETENTION = 0.9
MAXIMUM_DAYS = 36_500  # the library's own
# A card is a leech when it was forgotten so often, and again after every few more.
LEECH_LAPSES, LEECH_EVERY = 8, 4
# A page left open over lunch says nothing about a card.
MAX_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS knows of a card. A new one is learning at step 0, without numbers.

    step: None in review.  stability: days.  difficulty: 1 to 10.  due_at: aware.
    """

    due_at: datetime
    state: int = LEARNING
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    last_reviewed_at: datetime | None = None


def rated(
    memory: Memory,
    rating: int,
    *,
    now: datetime,
    desired_retention: float = DEFAULT_RETENTION,
    days_since: int | None = None,
    spread: str = "",
) -> Memory:
    """The card after a rating of 1 to 4: the same for the same arguments, for ever.

    days_since: whole days since the last review as the learner counts them; None counts spans of
    24 hours, as the library does.
    spread: names the card and how often it was rated; it moves intervals of days a little, so that
    cards learned together do not always come together. "" moves nothing.
    """
    now = now.astimezone(UTC)
    card = Card(
        card_id=0,
        state=State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at.astimezone(UTC),
        last_review=_last(memory, now, days_since),
    )
    found, _log = _scheduler(desired_retention).review_card(card, Rating(rating), now)
    interval = found.due - now
    if spread and found.state == State.Review:
        interval = timedelta(days=_spread_days(interval.days, spread))
    return Memory(
        due_at=now + interval,
        state=found.state.value,
        step=found.step,
        stability=found.stability,
        difficulty=found.difficulty,
        last_reviewed_at=now,
    )


def outcomes(
    memory: Memory,
    *,
    now: datetime,
    desired_retention: float = DEFAULT_RETENTION,
    days_since: int | None = None,
    spread: str = "",
) -> dict[int, Memory]:
    """{rating: the card after it}, for each of the four."""
    return {
        rating: rated(
            memory,
            rating,
            now=now,
            desired_retention=desired_retention,
            days_since=days_since,
            spread=spread,
        )
        for rating in RATINGS
    }


def retrievability(memory: Memory, *, now: datetime) -> float:
    """The likelihood, in [0, 1], that it is remembered now; 0 for a new card."""
    card = Card(
        card_id=0,
        state=State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at,
        last_review=memory.last_reviewed_at,
    )
    return float(_scheduler(DEFAULT_RETENTION).get_card_retrievability(card, now))


def is_lapse(memory: Memory, rating: int) -> bool:
    """Whether something that had been learned was forgotten."""
    return memory.state == REVIEW and rating == AGAIN


def is_leech(lapses: int) -> bool:
    """Whether the lapse that made it so many is one too many."""
    return lapses >= LEECH_LAPSES and (lapses - LEECH_LAPSES) % LEECH_EVERY == 0


def _scheduler(desired_retention: float) -> Scheduler:
    return Scheduler(desired_retention=desired_retention, enable_fuzzing=False)


def _last(memory: Memory, now: datetime, days_since: int | None) -> datetime | None:
    """The last review, moved so that the library counts the learner's days."""
    last = memory.last_reviewed_at
    if last is None or days_since is None:
        return last
    return now - timedelta(days=days_since)


def _spread_days(days: int, spread: str) -> int:
    """An interval moved within the library's own bounds, by a draw that `spread` decides."""
    if days < FUZZ_RANGES[0]["start"]:
        return days
    delta = 1.0 + sum(
        each["factor"] * max(min(float(days), each["end"]) - each["start"], 0.0)
        for each in FUZZ_RANGES
    )
    high = min(round(days + delta), MAXIMUM_DAYS)
    low = min(max(2, round(days - delta)), high)
    return min(round(draw(spread) * (high - low + 1) + low), MAXIMUM_DAYS)


def draw(spread: str) -> float:
    """A number in [0, 1) that looks drawn by lot, the same for the same name."""
    return int.from_bytes(blake2b(spread.encode(), digest_size=6).digest()) / 2**48
