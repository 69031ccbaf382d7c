"""What a file of Anki's would do, line by line, before anything is done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.review import anki, prose
from apps.review.enums import OriginKind
from apps.review.models import ReviewCard
from apps.review.selectors.cards import cards_of

# What is wrong with a line, for codes of anki.Fault and of this module.
FAULTS: Mapping[str, str | Promise] = {
    "depth": _("The lists or boxes of this note stand more than %(detail)s deep in each other."),
    "elements": _("A side of this note has more than %(detail)s lines, list items or other parts."),
    "file-elements": _(
        "Up to this note the file has more than %(detail)s lines, list items and other parts; "
        "divide it."
    ),
    "file-marks": _(
        "Up to this note the file has more than %(detail)s line breaks and signs such as *, _ "
        "or &; divide it."
    ),
    "column": _("The header names a column that cannot be: %(detail)s."),
    "empty": _("The file holds no notes."),
    "empty-side": _("One side of this note is empty, without pictures and sounds."),
    "encoding": _("The file is not text in UTF-8."),
    "gaps": _("This note has more gaps than %(detail)s cards can ask; divide it."),
    "guid": _("The name of this note is too long: %(detail)s…"),
    "nul": _("This line holds a character that is not text."),
    "one-field": _("This note has one field; a card needs a front and a back."),
    "quotes": _("The quotation marks of this record do not match."),
    "separator": _("The header names a separator that is not known: %(detail)s."),
    "text": _("%(detail)s"),
    "too-long": _("The file is larger than 2 MB; divide it."),
    "too-long-field": _("A field of this record is too long."),
    "too-many": _("There are more than %(detail)s notes; divide the file."),
    "twice": _("This note stands in the file already, on line %(detail)s."),
}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Act = Literal["new", "changed", "same", "kept"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A note as a card. act: "changed" gives `card` this text; "kept" leaves a card that follows
    something of the course as it is.
    """

    line: int
    front: str
    back: str
    tags: tuple[str, ...]
    guid: str
    origin_id: UUID
    act: Act
    card: ReviewCard | None


@dataclass(slots=True)
class Plan:
    """faults, left_out: (line, what is wrong).

    Nothing is imported while there are faults; what is left out keeps nothing else out.
    """

    rows: list[Planned] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)

    def count(self, act: Act) -> int:
        return sum(row.act == act for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        return {act: self.count(act) for act in ("new", "changed", "same", "kept")}


def import_plan(owner: User, text: str) -> Plan:
    """What importing this text would do for this person.  Queries: 1."""
    sheet = anki.read(text)
    plan = Plan(
        faults=[(each.line, said(each.code, each.detail)) for each in sheet.faults],
        left_out=[(each.line, said(each.code, each.detail)) for each in sheet.left_out],
    )
    if plan.faults:
        return plan
    sides = _sides(sheet, plan)
    if plan.faults:
        return plan
    # Apart from the file's own: another's stored cards are no reason to refuse it.
    spare = prose.Budget()
    origins = [
        origin_of(note.guid, front) for note, (front, _back) in zip(sheet.notes, sides, strict=True)
    ]
    mine = _mine(owner, [note.guid for note in sheet.notes], origins)
    seen: dict[UUID, int] = {}
    for note, (front, back), origin_id in zip(sheet.notes, sides, origins, strict=True):
        if not front or not back:  # a picture alone, for one
            plan.left_out.append((note.line, said("empty-side")))
            continue
        card = mine.get(note.guid) or mine.get(str(origin_id))
        name = card.public_id if card else origin_id
        if name in seen:
            plan.faults.append((note.line, said("twice", str(seen[name]))))
            continue
        seen[name] = note.line
        act = _act(card, front, back, note.tags, spare)
        plan.rows.append(
            Planned(note.line, front, back, note.tags, note.guid, origin_id, act, card)
        )
    plan.left_out.sort()
    if not plan.rows and not plan.faults:
        plan.faults, plan.left_out = plan.left_out, []
    return plan


def origin_of(guid: str, front: str) -> UUID:
    """What an imported card is known by: the file's name for it, else its front, as Anki does."""
    return uuid5(NAMESPACE_URL, f"anki:guid:{guid}" if guid else f"anki:front:{front}")


def said(code: str, detail: str = "") -> str:
    """What is wrong, in the reader's language."""
    return str(FAULTS[code]) % {"detail": detail}


def _mine(owner: User, guids: Sequence[str], origins: Sequence[UUID]) -> dict[str, ReviewCard]:
    """One's own cards that a file means, by each name that it may have for them."""
    ids = [UUID(guid) for guid in guids if _UUID.fullmatch(guid)]
    is_imported = Q(origin_kind=OriginKind.IMPORTED, origin_id__in=list(origins))
    found: dict[str, ReviewCard] = {}
    for card in cards_of(owner).filter(Q(public_id__in=ids) | is_imported):
        found[str(card.public_id)] = card
        if card.origin_kind == OriginKind.IMPORTED:
            found[str(card.origin_id)] = card
    return found


def _sides(sheet: anki.Sheet, plan: Plan) -> list[tuple[str, str]]:
    """Both sides of every note as Markdown; what costs too much to read is put to the faults."""
    budget, found = prose.Budget(), []
    read = prose.to_markdown if sheet.is_html else prose.from_plain
    for note in sheet.notes:
        try:
            found.append((read(note.front, budget), read(note.back, budget)))
        except prose.TooMuchMarkup as error:
            plan.faults.append((note.line, said(error.code, f"{error.most:,}")))
            if error.code.startswith("file-"):
                break
    return found


def _act(
    card: ReviewCard | None, front: str, back: str, tags: Sequence[str], budget: prose.Budget
) -> Act:
    if card is None:
        return "new"
    if card.origin_kind not in {OriginKind.OWN, OriginKind.IMPORTED}:
        return "kept"
    is_same = list(card.tags) == list(tags) and (
        (card.front, card.back) == (front, back) or _reads_as(card, front, back, budget)
    )
    return "same" if is_same else "changed"


def _reads_as(card: ReviewCard, front: str, back: str, budget: prose.Budget) -> bool:
    """What was written by hand and comes back from a file may differ in its Markdown alone.

    Where finding out would cost too much, it does not: the card is given the file's text.
    """
    try:
        stored = [
            prose.to_markdown(prose.portable(each), budget)
            for each in (card.front_html, card.back_html)
        ]
    except prose.TooMuchMarkup:
        return False
    return stored == [front, back]
