"""One's own cards as a file for Anki, with nothing that is withheld at present."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.review import anki, prose
from apps.review.enums import OriginKind
from apps.review.selectors.cards import cards_of
from apps.review.selectors.faces import Face, faces


@dataclass(frozen=True, slots=True)
class Exported:
    """left_out: how many cards wait until a quiz of a class is over, or lost what they showed."""

    text: str
    count: int
    left_out: int


def cards_exported(owner: User, now: datetime) -> Exported:
    """All of a person's cards in Anki's text format.  Queries: 1 and those of `faces`."""
    found = faces(owner, list(cards_of(owner)), now)
    shown = [face for face in found if face.is_shown]
    text = anki.write(_note(face) for face in shown)
    return Exported(text, len(shown), len(found) - len(shown))


def _note(face: Face) -> anki.Note:
    card = face.card
    tags = card.tags
    if card.origin_kind not in {OriginKind.OWN, OriginKind.IMPORTED} and card.course:
        tags = list(dict.fromkeys([*tags, card.course.slug, card.origin_kind]))
    return anki.Note(
        front=prose.portable(face.listed),
        back=prose.portable(face.back),
        tags=tuple(tags),
        guid=card.guid or str(card.public_id),
    )
