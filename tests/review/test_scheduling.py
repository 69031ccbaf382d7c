"""Scheduling is the library's: its own published vectors, and what holds for every history.

The vectors are those of open-spaced-repetition/py-fsrs, tests/test_basic.py as shipped with 6.3.2.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from unittest.mock import patch

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.review import scheduling
from apps.review.scheduling import AGAIN, EASY, GOOD, HARD, LEARNING, RELEARNING, REVIEW, Memory

START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

ratings = st.sampled_from(scheduling.RATINGS)
shares = st.floats(0.7, 0.97)
# (rating, seconds after the last one): from a double click to ten years.
histories = st.lists(st.tuples(ratings, st.integers(0, 315_000_000)), min_size=1, max_size=12)


def through(*acts: tuple[int, timedelta], share: float = 0.9) -> Memory:
    """A new card after ratings, each some time after the last one."""
    memory, now = Memory(due_at=START), START
    for rating, later in acts:
        now += later
        memory = scheduling.rated(memory, rating, now=now, desired_retention=share)
    return memory


def test_vector_intervals_of_thirteen_ratings() -> None:
    """test_review_card: each rating when the card is due."""
    memory, now, days = Memory(due_at=START), START, []
    for rating in [GOOD] * 6 + [AGAIN] * 2 + [GOOD] * 5:
        memory = scheduling.rated(memory, rating, now=now)
        days.append((memory.due_at - now).days)
        now = memory.due_at
    assert days == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_vector_memory_state() -> None:
    """test_memo_state."""
    acts = [(AGAIN, 0), (GOOD, 0), (GOOD, 1), (GOOD, 3), (GOOD, 8), (GOOD, 21)]
    memory = through(*((rating, days * DAY) for rating, days in acts))
    assert memory.stability == pytest.approx(53.62691, abs=1e-4)
    assert memory.difficulty == pytest.approx(6.3574867, abs=1e-4)


def test_vector_easy_ten_times_at_once() -> None:
    """test_repeated_correct_reviews."""
    assert through(*[(EASY, timedelta(microseconds=1))] * 10).difficulty == 1.0


@pytest.mark.parametrize(
    ("rated", "state", "step", "later"),
    [
        # test_good_learning_steps, test_again_…, test_hard_…
        ([GOOD], LEARNING, 1, 10 * MINUTE),
        ([AGAIN], LEARNING, 0, MINUTE),
        ([HARD], LEARNING, 0, 5.5 * MINUTE),
        # test_review_state, test_relearning
        ([GOOD, GOOD, GOOD, AGAIN], RELEARNING, 0, 10 * MINUTE),
        ([GOOD, GOOD, GOOD, AGAIN, AGAIN], RELEARNING, 0, 10 * MINUTE),
        # test_relearning_card_rate_hard_one_relearning_step
        ([EASY, AGAIN, HARD], RELEARNING, 0, 15 * MINUTE),
    ],
)
def test_vector_short_steps(rated: list[int], state: int, step: int, later: timedelta) -> None:
    memory, now = Memory(due_at=START), START
    for rating in rated:
        now = memory.due_at
        memory = scheduling.rated(memory, rating, now=now)
    assert (memory.state, memory.step, memory.due_at - now) == (state, step, later)


@pytest.mark.parametrize("rated", [[EASY], [GOOD, GOOD], [GOOD, GOOD, GOOD, AGAIN, AGAIN, GOOD]])
def test_vector_graduation(rated: list[int]) -> None:
    """test_easy_learning_steps, test_good_learning_steps, test_relearning."""
    memory, now = Memory(due_at=START), START
    for rating in rated:
        now = memory.due_at
        memory = scheduling.rated(memory, rating, now=now)
    assert (memory.state, memory.step) == (REVIEW, None)
    assert memory.due_at - now >= DAY


def test_vector_stability_never_below_its_bound() -> None:
    """test_stability_lower_bound, with a hundredth of its thousand rounds for each day."""
    memory = Memory(due_at=START)
    for _each in range(1000):
        memory = scheduling.rated(memory, AGAIN, now=memory.due_at + DAY)
        assert memory.stability is not None
        assert memory.stability >= fsrs.scheduler.STABILITY_MIN


@pytest.mark.parametrize(("seed", "days"), [(42, 12), (12345, 11)])
def test_vector_spread(seed: int, days: int) -> None:
    """test_fuzz: the third interval of GOOD, with the number that the library's seed draws."""
    drawn = Random(seed).random()  # the intervals before are too short to be moved
    memory, now = Memory(due_at=START), START
    for rating in (GOOD, GOOD, GOOD):
        now = memory.due_at
        with patch.object(scheduling, "draw", lambda _name: drawn):
            memory = scheduling.rated(memory, rating, now=now, spread="card:2")
    assert (memory.due_at - now).days == days


@given(histories, shares)
def test_every_history_is_scheduled_as_the_library_does(
    history: list[tuple[int, int]], share: float
) -> None:
    scheduler = fsrs.Scheduler(desired_retention=share, enable_fuzzing=False)
    card, memory, now = fsrs.Card(card_id=1, due=START), Memory(due_at=START), START
    for rating, seconds in history:
        now += timedelta(seconds=seconds)
        card, _log = scheduler.review_card(card, fsrs.Rating(rating), now)
        memory = scheduling.rated(memory, rating, now=now, desired_retention=share)
        assert memory == Memory(
            due_at=card.due,
            state=card.state.value,
            step=card.step,
            stability=card.stability,
            difficulty=card.difficulty,
            last_reviewed_at=card.last_review,
        )


@given(histories, st.floats(0, 1, exclude_max=True))
def test_the_spread_is_the_librarys_for_the_same_draw(
    history: list[tuple[int, int]], drawn: float
) -> None:
    scheduler = fsrs.Scheduler()
    card, memory, now = fsrs.Card(card_id=1, due=START), Memory(due_at=START), START
    with (
        patch.object(fsrs.scheduler, "random", lambda: drawn),
        patch.object(scheduling, "draw", lambda _name: drawn),
    ):
        for rating, seconds in history:
            now += timedelta(seconds=seconds)
            card, _log = scheduler.review_card(card, fsrs.Rating(rating), now)
            memory = scheduling.rated(memory, rating, now=now, spread="a card")
            assert (memory.due_at, memory.stability) == (card.due, card.stability)


@given(histories, st.uuids(), shares)
def test_outcomes_are_what_the_ratings_do_and_never_fall(
    history: list[tuple[int, int]], name: object, share: float
) -> None:
    memory, now = Memory(due_at=START), START
    for reps, (rating, seconds) in enumerate(history):
        now += timedelta(seconds=seconds)
        spread = f"{name}:{reps}"
        offered = scheduling.outcomes(memory, now=now, desired_retention=share, spread=spread)
        for better, worse in pairwise(reversed(scheduling.RATINGS)):
            assert offered[better].due_at >= offered[worse].due_at
        memory = scheduling.rated(memory, rating, now=now, desired_retention=share, spread=spread)
        assert memory == offered[rating]
        assert memory.due_at > now
        assert 0 < scheduling.retrievability(memory, now=now + DAY) <= 1


@given(st.text(), st.text())
def test_lots_lie_below_one_and_differ_by_name(one: str, other: str) -> None:
    lots = scheduling.draw(one), scheduling.draw(other)
    assert all(0 <= lot < 1 for lot in lots)
    assert (lots[0] == lots[1]) == (one == other)


def test_days_are_counted_as_the_learner_does() -> None:
    """Rated at three in the afternoon, asked at nine the next morning: a day later."""
    memory = through((GOOD, 0 * DAY), (GOOD, 10 * MINUTE))
    morning = START + timedelta(hours=20)
    as_counted = scheduling.rated(memory, GOOD, now=morning, days_since=1)
    whole_day = scheduling.rated(memory, GOOD, now=START + 10 * MINUTE + DAY)
    assert as_counted.stability == whole_day.stability
    assert as_counted.stability != scheduling.rated(memory, GOOD, now=morning).stability
    assert as_counted.last_reviewed_at == morning


def test_a_new_card_is_not_remembered() -> None:
    assert scheduling.retrievability(Memory(due_at=START), now=START) == 0


def test_lapses_and_leeches() -> None:
    asked = SimpleNamespace(
        new=Memory(due_at=START), known=through((EASY, 0 * DAY)), again=through((AGAIN, 0 * DAY))
    )
    lapses = [scheduling.is_lapse(each, AGAIN) for each in vars(asked).values()]
    assert lapses == [False, True, False]
    assert not scheduling.is_lapse(asked.known, HARD)
    assert [count for count in range(21) if scheduling.is_leech(count)] == [8, 12, 16, 20]
