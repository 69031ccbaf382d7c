"""Both sides of cards, as their owner may see them now. Pages, files and API show no other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.models import User
from apps.content.markdown import plain_text
from apps.content.models import Lesson
from apps.quizzes.models import Question
from apps.review.enums import OriginKind
from apps.review.models import ReviewCard
from apps.review.selectors.questions import asked, questions_of, withheld_from
from apps.review.selectors.wordings import wordings

Status = Literal["shown", "withheld", "gone"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is taught and the paragraph that it rests on; "" where there is none to read."""

    lesson_title: str = ""
    lesson_path: str = ""
    paragraph: str = ""
    paragraph_path: str = ""


NOTHING = SafeString("")
NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A card as it may be shown. Withheld or gone, it has neither side.

    widget: of a question, for its type's template; None otherwise, and once the text is one's own.
    listed: the front without a template: in lists and files.
    is_outdated: the question was changed after its owner changed the card.
    """

    card: ReviewCard
    status: Status = "shown"
    front: SafeString = NOTHING
    listed: SafeString = NOTHING
    back: SafeString = NOTHING
    widget: Mapping[str, Any] | None = None
    is_outdated: bool = False
    place: Place = NOWHERE

    @property
    def is_shown(self) -> bool:
        return self.status == "shown"

    @property
    def title(self) -> str:
        """The front in words, for lists."""
        return plain_text(self.front)


def faces(owner: User, cards: Sequence[ReviewCard], now: datetime) -> list[Face]:
    """Both sides of one's own cards, in their order.

    cards: rows of `cards_of`.  Queries: 1 for each kind of origin among them, and where there are
    questions those of `withheld_from`.
    """
    return faces_given(owner, cards, withheld_given(owner, cards, now))


def withheld_given(owner: User, cards: Sequence[ReviewCard], now: datetime) -> frozenset[UUID]:
    """What is withheld at present, looked up only when a card could be."""
    if not any(card.origin_kind == OriginKind.QUESTION for card in cards):
        return frozenset()
    return withheld_from(owner, now)


def faces_given(owner: User, cards: Sequence[ReviewCard], withheld: Collection[UUID]) -> list[Face]:
    """As `faces`, with what is withheld known.  Queries: 1 for each kind of origin among them."""
    origins = [
        (card.origin_kind, card.origin_id)
        for card in cards
        if card.origin_id is not None and not card.has_own_text
    ]
    questions = {}
    if any(card.origin_kind == OriginKind.QUESTION for card in cards):
        questions = questions_of(
            card.origin_id
            for card in cards
            if card.origin_kind == OriginKind.QUESTION and card.origin_id
        )
    current = wordings(origins, owner.pk)
    found = []
    for card in cards:
        if card.origin_kind == OriginKind.QUESTION:
            question = questions.get(card.origin_id) if card.origin_id else None
            found.append(_question_face(card, question, withheld))
        elif card.has_own_text or card.origin_id not in current:
            found.append(_own_face(card))
        else:
            said = current[card.origin_id]
            found.append(
                Face(
                    card=card,
                    front=said.front_html,
                    listed=said.front_html,
                    back=said.back_html,
                    place=_place(card, card.lesson, card.anchor, card.paragraph),
                )
            )
    return found


def _question_face(card: ReviewCard, question: Question | None, withheld: Collection[UUID]) -> Face:
    if question is None:
        return _own_face(card) if card.has_own_text else Face(card=card, status="gone")
    if question.public_id in withheld:
        return Face(card=card, status="withheld")
    version = question.current_version
    sources = version.sources if version else []
    place = _place(card, question.lesson, question.anchor, sources[0] if sources else "")
    if card.has_own_text:
        is_outdated = version is not None and version.public_id != card.text_version_id
        return _own_face(card, is_outdated=is_outdated, place=place)
    said = asked(question, card.public_id.hex)
    return Face(
        card=card,
        front=said.stem,
        listed=format_html("{}{}", said.stem, said.listed),
        back=said.back,
        widget=said.widget,
        place=place,
    )


def _own_face(card: ReviewCard, *, is_outdated: bool = False, place: Place | None = None) -> Face:
    front = mark_safe(card.front_html)
    return Face(
        card=card,
        front=front,
        listed=front,
        back=mark_safe(card.back_html),
        is_outdated=is_outdated,
        place=place or _place(card, card.lesson, card.anchor, card.paragraph),
    )


def _place(card: ReviewCard, lesson: Lesson | None, anchor: str, paragraph: str) -> Place:
    if card.course is None:
        return NOWHERE
    slug, title, path = card.course.slug, "", ""
    if lesson is not None and lesson.published_edition_id is not None:
        title = lesson.title
        path = reverse("reader:lesson", args=[slug, lesson.unit.slug, lesson.slug])
        path = f"{path}#{anchor}" if anchor else path
    source = reverse("reader:paragraph", args=[slug, paragraph]) if paragraph else ""
    return Place(title, path, paragraph, source)
