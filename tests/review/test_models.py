"""What the database itself refuses."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.review.enums import CardState, OriginKind, Rating, SuspendedBy
from apps.review.models import ReviewCard, ReviewLog, ReviewRefusal, ReviewSettings
from tests.factories import NOW


def card_create(owner: User, **fields: Any) -> ReviewCard:
    return ReviewCard.objects.create(
        owner=owner, **{"origin_kind": OriginKind.OWN, "due_at": NOW, **fields}
    )


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def test_an_origin_makes_one_card_of_a_person(student: User, classmate: User) -> None:
    given: dict[str, Any] = {"origin_kind": OriginKind.TERM, "origin_id": uuid4()}
    card_create(student, **given)
    card_create(classmate, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        card_create(student, **given)
    card_create(student)
    card_create(student)
    assert student.review_cards.count() == 3


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("review_card_origin_known", {"origin_id": uuid4()}),
        ("review_card_origin_known", {"origin_kind": OriginKind.TERM}),
        ("review_card_step_unless_in_review", {"step": None}),
        ("review_card_memory_when_rated", {"reps": 1}),
        ("review_card_memory_when_rated", {"stability": 1.0}),
        ("review_card_memory_when_rated", {"state": CardState.RELEARNING}),
        (
            "review_card_memory_when_rated",
            {"reps": 1, "last_reviewed_at": NOW, "stability": 0.0, "difficulty": 5.0},
        ),
        (
            "review_card_memory_when_rated",
            {"reps": 1, "last_reviewed_at": NOW, "stability": 2.0, "difficulty": 10.5},
        ),
        ("review_card_suspended_by", {"suspended_at": NOW}),
        ("review_card_suspended_by", {"suspended_by": SuspendedBy.LEECH}),
    ],
)
def test_a_card_that_cannot_be(student: User, constraint: str, fields: dict[str, Any]) -> None:
    with refuses(constraint), transaction.atomic():
        card_create(student, **fields)


def test_a_rating_is_kept_once_and_outlives_its_card(student: User, classmate: User) -> None:
    card = card_create(student)
    given: dict[str, Any] = {
        "card": card,
        "rating": Rating.GOOD,
        "reviewed_at": NOW,
        "before": {},
        "version_after": 2,
        "client_id": uuid4(),
    }
    log = ReviewLog.objects.create(owner=student, **given)
    ReviewLog.objects.create(owner=classmate, **{**given, "card": card_create(classmate)})
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewLog.objects.create(owner=student, **given)
    with refuses("review_log_rating"), transaction.atomic():
        ReviewLog.objects.create(owner=student, **{**given, "client_id": uuid4(), "rating": 5})
    card.delete()
    log.refresh_from_db()
    assert log.card is None


@pytest.mark.parametrize("share", [0.69, 0.98])
def test_a_share_to_remember_that_makes_no_sense(student: User, share: float) -> None:
    with refuses("review_settings_retention"), transaction.atomic():
        ReviewSettings.objects.create(owner=student, desired_retention=share)


def test_a_person_takes_everything_along(student: User) -> None:
    card_create(student)
    ReviewSettings.objects.create(owner=student)
    ReviewRefusal.objects.create(
        owner=student, origin_kind=OriginKind.TERM, origin_id=uuid4(), refused_at=NOW
    )
    student.delete()
    left = (ReviewCard, ReviewLog, ReviewSettings, ReviewRefusal)
    assert [model.objects.count() for model in left] == [0, 0, 0, 0]
