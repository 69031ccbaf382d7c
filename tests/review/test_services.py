"""Ratings that count once, undoing, cards and settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.core.errors import DomainError, NotFound
from apps.review import scheduling, services
from apps.review.enums import CardState, OriginKind, SuspendedBy
from apps.review.errors import CannotUndo, CardChanged, InvalidCard, InvalidRating, TooMany
from apps.review.models import ReviewCard, ReviewLog, ReviewRefusal, ReviewSettings
from apps.review.scheduling import Memory
from apps.review.services import Text
from apps.review.services import cards as card_services
from apps.review.services.ratings import CHANGED, memory_of
from tests.factories import NOW
from tests.review.factories import later, learned, own_card, rate, readable_course

pytestmark = pytest.mark.django_db


def state_of(card: ReviewCard) -> dict[str, Any]:
    card.refresh_from_db()
    return {name: getattr(card, name) for name in CHANGED}


def test_a_rating_is_what_the_library_says_and_keeps_what_was(
    student: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    card = own_card(student)
    before = state_of(card)
    # The card under its lock, the rating if it came before, the settings; the card, the rating;
    # and the savepoint that stands here for the transaction.
    with django_assert_num_queries(7):
        rated = services.card_rate(
            owner=student,
            card_id=card.public_id,
            rating=4,
            version=1,
            client_id=uuid4(),
            duration_seconds=7,
            now=NOW,
        )
    card.refresh_from_db()
    spread = f"{card.public_id}:0"
    assert memory_of(card) == scheduling.rated(Memory(due_at=NOW), 4, now=NOW, spread=spread)
    assert (rated.outcome, card.version, card.reps, card.lapses) == ("applied", 2, 1, 0)
    log = ReviewLog.objects.get()
    assert rated.log == log
    assert (log.rating, log.duration_seconds, log.state_before) == (4, 7, None)
    assert log.before == {
        **before,
        "state": CardState.LEARNING,
        "due_at": NOW.isoformat(),
        "suspended_by": "",
    }


def test_the_same_rating_again_gives_the_first_result(student: User) -> None:
    card = own_card(student)
    client_id = uuid4()
    first = rate(card, 3, client_id=client_id)
    stood = state_of(card)
    again = rate(card, 1, client_id=client_id, version=1, now=later(minutes=1))
    assert (again.outcome, again.log) == ("repeated", first.log)
    assert (state_of(card), ReviewLog.objects.count()) == (stood, 1)


def test_a_rating_of_a_card_as_it_no_longer_is_changes_nothing(student: User) -> None:
    card = own_card(student)
    rate(card, 3)
    stood = state_of(card)
    stale = rate(card, 1, version=1)
    assert (stale.outcome, stale.log) == ("stale", None)
    services.card_suspend(owner=student, card_id=card.public_id, now=NOW)
    assert rate(card, 3).outcome == "stale"
    card.refresh_from_db()
    assert (card.reps, ReviewLog.objects.count()) == (1, 1)
    assert stood["due_at"] == card.due_at


def test_what_cannot_be_rated(student: User, classmate: User) -> None:
    card = own_card(student)
    for rating in (0, 5, -1):
        with pytest.raises(InvalidRating):
            rate(card, rating)
    with pytest.raises(NotFound):
        services.card_rate(
            owner=classmate,
            card_id=card.public_id,
            rating=3,
            version=1,
            client_id=uuid4(),
            now=NOW,
        )
    assert ReviewLog.objects.count() == 0


def test_the_time_a_card_takes_is_cut(student: User) -> None:
    for given, kept in ((None, None), (-5, 0), (3, 3), (100_000, scheduling.MAX_SECONDS)):
        rated = rate(own_card(student), 3, duration_seconds=given)
        assert rated.log is not None
        assert rated.log.duration_seconds == kept


@pytest.mark.parametrize("rating", [1, 2, 3, 4])
def test_undoing_puts_everything_back_once(student: User, rating: int) -> None:
    card = learned(own_card(student))
    stood = state_of(card)
    rated = rate(card, rating, now=later(days=9))
    assert rated.log is not None
    for moment in (10, 11):
        services.rating_undo(owner=student, log_id=rated.log.public_id, now=later(days=moment))
        assert state_of(card) == stood
    assert card.version == 4
    assert ReviewLog.objects.get(pk=rated.log.pk).undone_at == later(days=10)
    # A page that showed the card before all this rates nothing.
    assert rate(card, 3, version=2).outcome == "stale"
    again = rate(card, rating, now=later(days=9))
    assert again.outcome == "applied"


def test_what_cannot_be_undone(student: User, classmate: User) -> None:
    card = own_card(student)
    first, _second = rate(card, 3), rate(card, 3)
    assert first.log is not None
    with pytest.raises(CannotUndo):
        services.rating_undo(owner=student, log_id=first.log.public_id, now=NOW)
    with pytest.raises(NotFound):
        services.rating_undo(owner=classmate, log_id=first.log.public_id, now=NOW)
    services.card_delete(owner=student, card_id=card.public_id, now=NOW)
    with pytest.raises(CannotUndo):
        services.rating_undo(owner=student, log_id=first.log.public_id, now=NOW)


def test_a_leech_is_put_aside_and_taken_back(student: User) -> None:
    card = learned(own_card(student))
    now = NOW
    asides = []
    for lapses in range(1, 13):
        now += timedelta(days=400)
        asides.append(rate(card, 1, now=now).is_leech)
        card.refresh_from_db()
        assert (card.lapses, card.state) == (lapses, CardState.RELEARNING)
        if card.suspended_at:
            assert (card.suspended_at, card.suspended_by) == (now, SuspendedBy.LEECH)
            services.card_resume(owner=student, card_id=card.public_id)
        rate(card, 3, now=now + timedelta(minutes=10))
    assert [number for number, is_leech in enumerate(asides, 1) if is_leech] == [8, 12]
    log = ReviewLog.objects.filter(rating=1).order_by("id")[7]
    assert log.before["suspended_by"] == ""


def test_days_are_the_learners_own(student: User) -> None:
    """Rated at half past nine in UTC, asked at half past seven the day after: a day later."""
    card = learned(own_card(student))
    rate(card, 3, now=later(hours=22))
    card.refresh_from_db()
    expected = scheduling.rated(
        scheduling.rated(Memory(due_at=NOW), 4, now=NOW),
        3,
        now=later(hours=22),
        days_since=1,
    )
    assert card.stability == expected.stability


def test_settings_space_cards(student: User) -> None:
    saved: dict[str, Any] = {"new_per_day": 5, "reviews_per_day": 50, "may_add_missed": True}
    services.settings_save(owner=student, desired_retention=0.97, **saved)
    strict, card = learned(own_card(student)), own_card(student)
    services.settings_save(owner=student, desired_retention=0.7, **saved)
    assert learned(card).due_at - NOW > strict.due_at - NOW
    assert ReviewSettings.objects.get().new_per_day == 5
    for wrong in (
        {"desired_retention": 0.69},
        {"desired_retention": 0.98},
        {"new_per_day": -1},
        {"new_per_day": 201},
        {"reviews_per_day": 2001},
    ):
        with pytest.raises(InvalidCard):
            services.settings_save(owner=student, **{**saved, "desired_retention": 0.9, **wrong})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (Text("", "x"), "invalid_card"),
        (Text("x", " \n "), "invalid_card"),
        (Text("x" * 5_001, "x"), "invalid_card"),
        (Text("x", "x" * 20_001), "invalid_card"),
        (Text("x", "x", ("t" * 61,)), "invalid_card"),
        (Text("x", "x", tuple(f"t{number}" for number in range(21))), "invalid_card"),
    ],
)
def test_a_text_that_is_not_kept(student: User, text: Text, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        services.card_create(owner=student, text=text, now=NOW)
    assert refused.value.code == code
    assert student.review_cards.count() == 0


def test_a_card_is_written_and_changed(student: User, classmate: User) -> None:
    course = readable_course()
    card = own_card(student, "What is [[RATS]]?", "A **body**.", tags=("a b", "a"), course=course)
    assert card.tags == ["a", "b"]
    assert 'class="term"' in card.front_html
    assert card.back_html == "<p>A <strong>body</strong>.</p>\n"
    changed = services.card_edit(
        owner=student, card_id=card.public_id, text=Text("New", "Side"), version=1, now=NOW
    )
    assert (changed.front_html, changed.tags, changed.version) == ("<p>New</p>\n", [], 2)
    with pytest.raises(CardChanged):
        services.card_edit(
            owner=student, card_id=card.public_id, text=Text("a", "b"), version=1, now=NOW
        )
    with pytest.raises(NotFound):
        services.card_edit(
            owner=classmate, card_id=card.public_id, text=Text("a", "b"), version=2, now=NOW
        )
    with pytest.raises(InvalidCard):
        services.card_follow(owner=student, card_id=card.public_id, version=2)


def test_putting_aside_twice_and_back_twice(student: User) -> None:
    card = own_card(student)
    for _each in range(2):
        services.card_suspend(owner=student, card_id=card.public_id, now=NOW)
    card.refresh_from_db()
    assert (card.suspended_by, card.version) == (SuspendedBy.HAND, 2)
    for _each in range(2):
        services.card_resume(owner=student, card_id=card.public_id)
    card.refresh_from_db()
    assert (card.suspended_at, card.suspended_by, card.version) == (None, "", 3)


def test_nobody_keeps_cards_without_end(student: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_services, "MAX_CARDS", 1)
    own_card(student)
    with pytest.raises(TooMany):
        own_card(student)


def test_deleting_a_card_of_ones_own_refuses_nothing(student: User) -> None:
    card = own_card(student)
    services.card_delete(owner=student, card_id=card.public_id, now=NOW)
    assert ReviewRefusal.objects.count() == 0
    assert not ReviewCard.objects.filter(origin_kind=OriginKind.OWN).exists()
