"""Two at once, with real threads: row locks and constraints decide on PostgreSQL."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from apps.accounts.models import User
from apps.review import services
from apps.review.models import ReviewLog
from apps.review.services import Rated
from apps.review.services import cards as card_services
from tests.factories import NOW
from tests.quizzes.factories import question_create
from tests.quizzes.test_races import together
from tests.review.factories import own_card, practised, readable_course

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


def test_a_double_click_rates_once(student: User) -> None:
    for _round in range(ROUNDS):
        card, client_id = own_card(student), uuid4()
        rate = partial(
            services.card_rate,
            owner=student,
            card_id=card.public_id,
            rating=3,
            version=1,
            client_id=client_id,
            now=NOW,
        )
        done: list[Rated] = together(*[rate] * 4)
        assert sorted(each.outcome for each in done) == ["applied", *["repeated"] * 3]
        assert len({each.log for each in done}) == 1
        card.refresh_from_db()
        assert (card.reps, card.version, card.logs.count()) == (1, 2, 1)


def test_two_devices_rate_once(student: User) -> None:
    for _round in range(ROUNDS):
        card = own_card(student)
        done: list[Rated] = together(
            *(
                partial(
                    services.card_rate,
                    owner=student,
                    card_id=card.public_id,
                    rating=rating,
                    version=1,
                    client_id=uuid4(),
                    now=NOW,
                )
                for rating in (1, 2, 3, 4)
            )
        )
        assert sorted(each.outcome for each in done) == ["applied", *["stale"] * 3]
        applied = next(each.log for each in done if each.log)
        card.refresh_from_db()
        assert (card.reps, card.logs.get()) == (1, applied)


def test_undoing_twice_at_once_undoes_one_rating(student: User) -> None:
    for _round in range(ROUNDS):
        card = own_card(student)
        rated = services.card_rate(
            owner=student,
            card_id=card.public_id,
            rating=4,
            version=1,
            client_id=uuid4(),
            now=NOW,
        )
        assert rated.log is not None
        undo = partial(services.rating_undo, owner=student, log_id=rated.log.public_id, now=NOW)
        together(*[undo] * 3)
        card.refresh_from_db()
        assert (card.reps, card.version) == (0, 3)


def test_adding_twice_at_once_adds_once(student: User) -> None:
    course = readable_course()
    practised(student, *(question_create(course) for _each in range(3)))
    terms = partial(services.cards_add_terms, owner=student, course=course, unit=None, now=NOW)
    missed = partial(services.cards_add_missed, owner=student, now=NOW)
    file = partial(services.cards_import, owner=student, text="a\tb\nc\td\n", course=None, now=NOW)
    together(terms, terms, missed, missed, file, file)
    assert student.review_cards.count() == 6
    assert ReviewLog.objects.count() == 0


def test_the_last_room_is_taken_once(student: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_services, "MAX_CARDS", 2)
    first = own_card(student)
    write = partial(own_card, student, "One more")
    put = partial(services.cards_import, owner=student, text="a\tb\n", course=None, now=NOW)
    for _round in range(ROUNDS):
        done = together(write, put, write, put)
        assert [each for each in done if each == "too_many_cards"] == ["too_many_cards"] * 3
        assert student.review_cards.count() == 2
        student.review_cards.exclude(pk=first.pk).delete()
