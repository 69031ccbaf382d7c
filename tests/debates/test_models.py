"""What the database itself refuses."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates.enums import ArgumentState, ModerationKind, Relation, StanceMoment
from apps.debates.models import (
    Argument,
    Debate,
    DebateRun,
    Draft,
    Evidence,
    ModerationAction,
    Participant,
    Rating,
    Stance,
)
from tests.factories import NOW


@pytest.fixture
def participant(classroom: Classroom, student: User) -> Participant:
    debate = Debate.objects.create(course=classroom.course, slug="nato", motion="A counterweight?")
    run = DebateRun.objects.create(debate=debate, classroom=classroom, motion=debate.motion)
    return Participant.objects.create(run=run, user=student, number=7, joined_at=NOW)


@pytest.fixture
def argument(participant: Participant) -> Argument:
    return argument_create(participant)


def argument_create(author: Participant, **fields: Any) -> Argument:
    given = {
        "relation": Relation.OPENING,
        "text": "Because.",
        "html": "<p>Because.</p>",
        "words": 1,
    }
    return Argument.objects.create(
        run=author.run, author=author, posted_at=NOW, **{**given, **fields}
    )


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def test_stance_twice_and_out_of_range(participant: Participant) -> None:
    given = {"participant": participant, "confidence": 3, "recorded_at": NOW}
    Stance.objects.create(moment=StanceMoment.OPENING, value=2, **given)
    for moment, value in ((StanceMoment.OPENING, 1), (StanceMoment.CLOSING, 4)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Stance.objects.create(moment=moment, value=value, **given)


def test_opening_stance_moved_by_an_argument(participant: Participant, argument: Argument) -> None:
    with refuses("debates_stance_moved_at_close"), transaction.atomic():
        Stance.objects.create(
            participant=participant,
            moment=StanceMoment.OPENING,
            value=0,
            confidence=1,
            moved_by=argument,
            recorded_at=NOW,
        )


def test_rating_twice(participant: Participant, argument: Argument) -> None:
    Rating.objects.create(argument=argument, participant=participant, strength=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(argument=argument, participant=participant, strength=1)


def test_second_draft_of_an_opening(participant: Participant) -> None:
    given = {"participant": participant, "relation": Relation.OPENING, "saved_at": NOW}
    Draft.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(**given)


def test_opening_with_a_parent_and_reply_without(
    participant: Participant, argument: Argument
) -> None:
    for relation, parent in ((Relation.OPENING, argument), (Relation.REBUTTAL, None)):
        with refuses("debates_argument_root"), transaction.atomic():
            argument_create(participant, relation=relation, parent=parent)


def test_removed_argument_that_keeps_its_text(argument: Argument) -> None:
    with refuses("debates_argument_removed_empty"), transaction.atomic():
        Argument.objects.filter(pk=argument.pk).update(state=ArgumentState.REMOVED)


def test_evidence_of_no_source_and_of_two(argument: Argument) -> None:
    for fields in ({}, {"url": "https://sco.example/charter", "section": "unit/lesson#sco"}):
        with refuses("debates_evidence_one_source"), transaction.atomic():
            Evidence.objects.create(argument=argument, kind="link", **fields)


def test_act_of_moderation_stays_as_it_was(argument: Argument, instructor: User) -> None:
    act = ModerationAction.objects.create(
        run=argument.run,
        argument=argument,
        kind=ModerationKind.HIDE,
        reason="Off the motion",
        actor=instructor,
        happened_at=NOW,
    )
    with refuses("log of moderation cannot be changed"), transaction.atomic():
        ModerationAction.objects.update(reason="None")
    with refuses("log of moderation cannot be changed"), transaction.atomic():
        ModerationAction.objects.all().delete()
    ModerationAction.objects.update(actor=None)
    act.refresh_from_db()
    assert (act.reason, act.actor) == ("Off the motion", None)


def test_act_of_moderation_without_a_reason(argument: Argument) -> None:
    with refuses("debates_moderation_reason"), transaction.atomic():
        ModerationAction.objects.create(
            run=argument.run, argument=argument, kind="hide", reason="", happened_at=NOW
        )
