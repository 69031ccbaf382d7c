"""A run as one text: who said what in answer to what, and where everybody stood."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.debates.enums import ArgumentState, EvidenceKind, StanceMoment
from apps.debates.models import Argument, Evidence, Participant
from apps.debates.transcripts import Standing, Statement, Transcript
from apps.debates.tree import Node, reading_order

if TYPE_CHECKING:
    from apps.debates.models import DebateRun


def transcript_of(run: DebateRun, *, is_named: bool) -> Transcript:
    """The run for its staff, by name or by number; what is not visible has no text.

    Queries: 6, however many arguments.
    """
    people = {
        person.pk: person
        for person in Participant.objects.filter(run=run)
        .select_related("user", "side")
        .prefetch_related("stances")
        .order_by("number")
    }
    names = {key: _name(person, is_named=is_named) for key, person in people.items()}
    rows = list(
        Argument.objects.filter(run=run)
        .select_related("side")
        .prefetch_related("evidence__reference", "evidence__paragraph")
        .order_by("pk")
    )
    numbers = {row.pk: number for number, row in enumerate(rows, start=1)}
    by_key = {row.pk: row for row in rows}
    nodes = [Node(row.pk, row.parent_id) for row in rows]
    return Transcript(
        motion=run.motion,
        class_title=run.classroom.title,
        sides=tuple(side.label for side in run.debate.sides.all()),
        statements=[
            _statement(by_key[placed.node.id], placed.depth, numbers, names)
            for placed in reading_order(nodes)
        ],
        standings=[_standing(person, names[person.pk]) for person in people.values()],
    )


def _name(person: Participant, *, is_named: bool) -> str:
    if is_named:
        return person.user.display_name or _("Somebody without a name")
    return _("Participant %(number)d") % {"number": person.number}


def _statement(
    row: Argument, depth: int, numbers: dict[int, int], names: dict[int, str]
) -> Statement:
    is_visible = row.state == ArgumentState.VISIBLE
    return Statement(
        number=numbers[row.pk],
        answers=numbers[row.parent_id] if row.parent_id else None,
        relation=row.relation,
        side=row.side.label if row.side else "",
        leaning=row.side.leaning if row.side else 0,
        author=names[row.author_id],
        posted_at=_time(row.posted_at),
        edited_at=_time(row.edited_at),
        state=row.state,
        text=row.text if is_visible else "",
        depth=depth,
        is_own_reasoning=row.is_own_reasoning,
        evidence=tuple(evidence_words(piece) for piece in row.evidence.all()) if is_visible else (),
        ratings=row.rating_count,
        mean_strength=row.rating_sum / row.rating_count if row.rating_count else None,
        moved=row.moved_count,
    )


def evidence_words(piece: Evidence) -> str:
    """The source in a line, with its place and the words quoted from it."""
    match piece.kind:
        case EvidenceKind.REFERENCE:
            source = str(piece.reference)
        case EvidenceKind.PARAGRAPH:
            number = piece.paragraph.number if piece.paragraph else ""
            source = _("the article, %(number)s") % {"number": number}
        case EvidenceKind.SECTION:
            place = piece.section_title or piece.section
            source = _("lesson %(place)s") % {"place": place}
        case _:
            source = piece.url
    quotation = f"“{piece.quotation}”" if piece.quotation else ""
    return ", ".join(filter(None, [source, piece.locator, quotation]))


def _standing(person: Participant, name: str) -> Standing:
    stances = {stance.moment: stance for stance in person.stances.all()}
    before, after = stances.get(StanceMoment.OPENING), stances.get(StanceMoment.CLOSING)
    return Standing(
        author=name,
        side=person.side.label if person.side else "",
        before=before.value if before else None,
        confidence_before=before.confidence if before else None,
        after=after.value if after else None,
        confidence_after=after.confidence if after else None,
    )


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
