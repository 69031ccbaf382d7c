"""What comes up, in which order, within the limits of the learner's own day; and figures of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.review import selectors, services
from apps.review.enums import CardState
from apps.review.models import ReviewCard
from tests.factories import NOW
from tests.review.factories import later, learned, own_card, rate

pytestmark = pytest.mark.django_db


def limit(user: User, *, new: int = 10, reviews: int = 100) -> None:
    services.settings_save(
        owner=user,
        new_per_day=new,
        reviews_per_day=reviews,
        desired_retention=0.9,
        may_add_missed=False,
    )


def next_card(user: User, now: datetime = NOW) -> ReviewCard | None:
    summary = selectors.review_summary(user, now)
    return selectors.queue_next(user, summary, now)


def test_due_first_then_new_then_what_is_due_within_minutes(student: User) -> None:
    new = own_card(student)
    review = learned(own_card(student))
    step = own_card(student)
    rate(step, 3, now=review.due_at - timedelta(minutes=10))
    day = review.due_at
    asked = []
    for _each in range(4):
        card = next_card(student, day)
        asked.append(card)
        if card is None:
            break
        rate(card, 4, now=day)
    assert asked == [step, review, new, None]


def test_a_short_step_waits_unless_nothing_else_is_left(student: User) -> None:
    step, other = own_card(student), own_card(student)
    rate(step, 3)
    assert next_card(student, later(minutes=1)) == other
    rate(other, 4, now=later(minutes=1))
    assert next_card(student, later(minutes=1)) == step
    summary = selectors.review_summary(student, later(minutes=1))
    assert (summary.due, summary.learning, summary.soon, summary.in_steps) == (0, 0, 1, 1)
    step.refresh_from_db()
    assert next_card(student, step.due_at - timedelta(minutes=21)) is None


def test_reviews_come_up_from_the_learners_midnight(student: User) -> None:
    student.time_zone = "Asia/Karachi"  # five hours before UTC
    student.save(update_fields=["time_zone"])
    card = learned(own_card(student))
    midnight = card.due_at.replace(hour=19, minute=0, second=0) - timedelta(days=1)
    assert next_card(student, midnight - timedelta(seconds=1)) is None
    assert next_card(student, midnight) == card


def test_limits_of_a_day_begin_anew_at_midnight(student: User) -> None:
    limit(student, new=2, reviews=1)
    cards = [own_card(student) for _each in range(4)]
    for card in cards[:2]:
        rate(card, 4)
    assert selectors.review_summary(student, NOW).new == 0
    assert next_card(student) is None
    tomorrow = NOW + timedelta(hours=15)
    assert (selectors.review_summary(student, tomorrow).new, next_card(student, tomorrow)) == (
        2,
        cards[2],
    )
    cards[0].refresh_from_db()
    due = cards[0].due_at + timedelta(days=20)
    limit(student, new=0, reviews=1)
    summary = selectors.review_summary(student, due)
    assert (summary.reviews, summary.over_limit, summary.new, summary.due) == (1, 1, 0, 1)
    rate(cards[0], 4, now=due)
    after = selectors.review_summary(student, due)
    assert (after.reviews, after.over_limit, next_card(student, due)) == (0, 1, None)


def test_an_undone_rating_uses_up_no_limit(student: User) -> None:
    limit(student, new=1)
    card = own_card(student)
    rated = rate(card, 4)
    assert next_card(student) is None
    assert selectors.rating_to_undo(student, NOW) == rated.log
    assert rated.log is not None
    services.rating_undo(owner=student, log_id=rated.log.public_id, now=NOW)
    assert next_card(student) == card
    assert selectors.rating_to_undo(student, NOW) is None


def test_ratings_are_taken_back_one_after_the_other(student: User) -> None:
    """Also several of one card, and some of it taken back and given again."""
    first, second = own_card(student), own_card(student)
    before = [(card.state, card.step, card.due_at, card.reps) for card in (first, second)]
    logs = [rate(first, 1).log, rate(second, 3).log, rate(first, 3, now=later(minutes=2)).log]
    assert selectors.rating_to_undo(student, later(minutes=3)) == logs[2]
    services.rating_undo(owner=student, log_id=logs[2].public_id, now=later(minutes=3))  # type: ignore[union-attr]
    logs[2] = rate(first, 4, now=later(minutes=4)).log
    for log in reversed(logs):
        assert selectors.rating_to_undo(student, later(minutes=5)) == log
        assert log is not None
        for _device in range(2):
            services.rating_undo(owner=student, log_id=log.public_id, now=later(minutes=5))
    assert selectors.rating_to_undo(student, later(minutes=6)) is None
    for card in (first, second):
        card.refresh_from_db()
    after = [(card.state, card.step, card.due_at, card.reps) for card in (first, second)]
    assert after == before
    rate(first, 3)
    edited = rate(first, 3, now=later(minutes=20)).log
    assert edited is not None
    services.rating_undo(owner=student, log_id=edited.public_id, now=later(minutes=21))
    services.card_suspend(owner=student, card_id=first.public_id, now=later(minutes=22))
    assert selectors.rating_to_undo(student, later(minutes=23)) is None


def test_what_can_be_undone_and_for_how_long(student: User, classmate: User) -> None:
    card = own_card(student)
    rate(card, 3)
    assert selectors.rating_to_undo(classmate, NOW) is None
    assert selectors.rating_to_undo(student, later(hours=13)) is None
    services.card_suspend(owner=student, card_id=card.public_id, now=NOW)
    assert selectors.rating_to_undo(student, NOW) is None


def test_cards_put_aside_and_of_others_do_not_come_up(student: User, classmate: User) -> None:
    own_card(classmate)
    services.card_suspend(owner=student, card_id=own_card(student).public_id, now=NOW)
    summary = selectors.review_summary(student, NOW)
    assert (next_card(student), summary.due, summary.suspended) == (None, 0, 1)


def test_the_count_for_other_pages_is_that_of_review_at_any_time(
    student: User, classmate: User
) -> None:
    limit(student, new=2, reviews=1)
    own_card(classmate)
    cards = [own_card(student) for _each in range(6)]
    services.card_suspend(owner=student, card_id=cards[5].public_id, now=NOW)
    counts = set()
    for hours in (0, 1, 30, 24 * 40):
        for card in cards[:3]:
            rate(card, 4 if hours else 1, now=later(hours=hours))
            for minutes in (1, 5, 60, 60 * 24):
                now = later(hours=hours, minutes=minutes)
                due = selectors.cards_due_count(student, now)
                assert due == selectors.review_summary(student, now).due
                counts.add(due)
    assert len(counts) > 2


@pytest.mark.parametrize("count", [0, 1, 30])
def test_the_day_costs_two_queries(
    count: int, student: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    limit(student, new=7)
    for _each in range(count):
        own_card(student)
    # The cards with the settings; the ratings of the day.
    with django_assert_num_queries(2):
        summary = selectors.review_summary(student, NOW)
    # Both at once.
    with django_assert_num_queries(1):
        assert selectors.cards_due_count(student, NOW) == summary.due == min(7, count)
    # The card with its course and lesson.
    with django_assert_num_queries(1):
        card = selectors.queue_next(student, summary, NOW)
    assert (card is None) == (count == 0)


def test_the_next_thirty_days(student: User) -> None:
    student.time_zone = "America/New_York"
    student.save(update_fields=["time_zone"])
    overdue, soon = learned(own_card(student)), learned(own_card(student))
    own_card(student)  # new: it has no date
    far = learned(own_card(student))
    now = later(days=100)
    # Three in the morning in UTC is the evening before in New York.
    ReviewCard.objects.filter(pk=soon.pk).update(
        due_at=(now + timedelta(days=2)).replace(hour=3, minute=0)
    )
    ReviewCard.objects.filter(pk=far.pk).update(due_at=now + timedelta(days=31))
    assert overdue.due_at < now
    bars = selectors.forecast(student, now)
    assert [bar.count for bar in bars] == [1, 1, *[0] * 28]
    assert [bar.height for bar in bars[:3]] == [130.0, 130.0, 0.0]
    assert bars[0].day == now.date()


def test_statistics(student: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    now = NOW
    for ratings in ((4, 3), (4, 1)):
        card = own_card(student)
        for rating in ratings:
            now = card.due_at
            rate(card, rating, now=now, duration_seconds=10)
            card.refresh_from_db()
    undone = rate(own_card(student), 3, now=now).log
    assert undone is not None
    services.rating_undo(owner=student, log_id=undone.public_id, now=now)
    # What is due; when it was rated, how, and the cards.
    with django_assert_num_queries(4):
        found = selectors.statistics_of(student, later(days=15))
    assert (found.retention, found.reviewed, found.is_small, found.seconds) == (50, 2, True, 10)
    assert [count for _label, count in found.ratings] == [1, 0, 1, 2]
    assert (found.cards, found.known, found.done_count) == (3, 1, 4)
    nothing = selectors.statistics_of(student, later(days=300))
    assert (nothing.retention, nothing.seconds, nothing.done_count) == (None, None, 0)


def test_cards_are_counted_and_listed_by_kind(student: User, classmate: User) -> None:
    own_card(classmate)
    first, second = own_card(student), own_card(student)
    services.card_suspend(owner=student, card_id=first.public_id, now=NOW)
    counts = selectors.card_counts(student)
    assert {kind: count for kind, count in counts.items() if count} == {"": 2, "own": 2, "hand": 1}
    assert list(selectors.cards_listed(student)) == [second, first]
    assert list(selectors.cards_listed(student, kind="hand")) == [first]
    assert list(selectors.cards_listed(student, kind="term")) == []
    assert first.state == CardState.LEARNING
