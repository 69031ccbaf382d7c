"""Makers of cards and of what they are made from, through the product's services."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from apps.accounts.models import User
from apps.content import services as content
from apps.content.models import Course, TimelineEvent
from apps.quizzes import services as quizzes
from apps.quizzes.models import Attempt, Question
from apps.quizzes.services import Save
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Labels
from apps.review import services
from apps.review.models import ReviewCard
from apps.review.services import Rated, Text
from tests.content.factories import course_create, lesson_publish
from tests.factories import NOW
from tests.quizzes.factories import quiz_create

_numbers = count(1)


def readable_course(slug: str = "sco") -> Course:
    """A course with one published lesson, the term RATS and the date of an invitation."""
    course = course_create(slug=slug)
    lesson_publish(course)
    event_create(course)
    return course


def event_create(course: Course, **fields: Any) -> TimelineEvent:
    fields = {
        "slug": "invitation",
        "title": "The invitation to Moscow",
        "date": "1949-06",
        "description": "It was not taken up.",
        **fields,
    }
    return content.timeline_event_save(
        event=TimelineEvent(course=course), fields=fields, sources=["P01"], editor=None, now=NOW
    )


def own_card(owner: User, front: str = "", back: str = "A back.", **fields: Any) -> ReviewCard:
    text = Text(front or f"Front {next(_numbers)}?", back, fields.pop("tags", ()))
    return services.card_create(owner=owner, text=text, now=NOW, **fields)


def rate(card: ReviewCard, rating: int = 3, *, now: datetime = NOW, **fields: Any) -> Rated:
    """A rating of the card as it is now, unless `fields` say otherwise."""
    card.refresh_from_db()
    given = {"version": card.version, "client_id": uuid4(), **fields}
    return services.card_rate(
        owner=card.owner, card_id=card.public_id, rating=rating, now=now, **given
    )


def learned(card: ReviewCard, *, now: datetime = NOW) -> ReviewCard:
    """The card in review, rated “easy” once."""
    rate(card, 4, now=now)
    card.refresh_from_db()
    return card


def practised(student: User, *questions: Question, is_right: bool = False) -> Attempt:
    """A closed practice of these questions, wrongly answered unless asked otherwise."""
    quiz = quiz_create(questions[0].course, *questions)
    attempt = quizzes.practice_start(quiz=quiz, student=student, now=NOW)
    return answered(attempt, is_right=is_right)


def answered(attempt: Attempt, *, is_right: bool = False, now: datetime = NOW) -> Attempt:
    """The attempt handed in, with every item right, or with none answered."""
    saves = {}
    if is_right:
        for response in attempt.responses.select_related("version"):
            kind, version = TYPES[response.version.kind], response.version
            raw = kind.unparse(version.spec, kind.fix(version.spec), Labels(response.seed))
            saves[response.position] = Save(raw=raw, sequence=1, seconds=3)
    quizzes.attempt_submit(
        attempt_id=attempt.public_id, student=attempt.student, saves=saves, now=now
    )
    attempt.refresh_from_db()
    return attempt


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)
