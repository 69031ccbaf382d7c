"""Makers of debates, through the services that the product uses."""

from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.enums import Relation
from apps.debates.models import Argument, Debate, DebateRun, Participant, PeerReview, Side
from apps.debates.phases import Window
from tests.factories import NOW

DAY = timedelta(days=1)
KINDS = ("opening", "arguing", "rebutting", "closing", "reflecting")
WORDS = "The treaty binds its members to consult and to nothing more than that, as I read it."


def debate_create(classroom: Classroom, **fields: Any) -> Debate:
    debate = services.debate_save(
        debate=Debate(course=classroom.course, motion="Is it a counterweight?", **fields),
        editor=None,
        now=NOW,
    )
    services.sides_complete(debate=debate)
    return debate


def motion_write(classroom: Classroom, actor: User) -> Debate:
    """A motion of the class's school alone, which nobody holds yet."""
    return services.debate_write(
        debate=None,
        classroom=classroom,
        motion="Whose is the motion?",
        background="",
        labels=("Ours", "Theirs"),
        actor=actor,
        now=NOW,
    )


def windows(start: datetime = NOW) -> list[Window]:
    """Five phases of a day each."""
    return [
        Window(kind, start + place * DAY, start + (place + 1) * DAY)
        for place, kind in enumerate(KINDS)
    ]


def run_create(classroom: Classroom, actor: User, **rules: Any) -> DebateRun:
    return services.run_open(
        debate=debate_create(classroom),
        classroom=classroom,
        windows=windows(),
        rules=rules,
        actor=actor,
        now=NOW,
    )


def during(kind: str) -> datetime:
    return NOW + KINDS.index(kind) * DAY + timedelta(hours=1)


def join(
    run: DebateRun,
    student: User,
    *,
    value: int = 2,
    key: str = "for",
    now: datetime | None = None,
) -> Participant:
    return services.stance_open(
        run=run,
        student=student,
        value=value,
        confidence=3,
        side=Side.objects.get(debate=run.debate, key=key),
        now=now or during("opening"),
    )


def post(author: Participant, parent: Argument | None = None, **fields: Any) -> Argument:
    """An opening; a rebuttal of what is somebody else's; a support of what is one's own."""
    answer = Relation.REBUTTAL if parent and parent.author_id != author.pk else Relation.SUPPORT
    given: dict[str, Any] = {
        "relation": answer if parent else Relation.OPENING,
        "text": WORDS,
        "is_own_reasoning": True,
        "sources": [],
        "now": during("arguing"),
    }
    return services.argument_post(participant=author, parent=parent, **{**given, **fields})


def review_create(reviewer: Participant, reviewed: Participant) -> PeerReview:
    """A review dealt and not yet written."""
    return PeerReview.objects.create(reviewer=reviewer, reviewed=reviewed, dealt_at=NOW)
