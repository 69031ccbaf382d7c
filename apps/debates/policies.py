"""Who may do what in a debate. A class's people are told apart by classrooms.selectors."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.classrooms.enums import STAFF_ROLES, Role
from apps.core.errors import NotFound
from apps.debates import phases
from apps.debates.enums import ArgumentState, Relation
from apps.debates.errors import ArgumentGone, BranchLocked, OwnArgument, PhaseClosed

if TYPE_CHECKING:
    from apps.debates.models import Argument, DebateRun, Participant

# Assistants moderate and assess in their own class; instructors alone open and reschedule.
SEEING = (*STAFF_ROLES, Role.STUDENT)
STAFF = STAFF_ROLES
DECIDING = (Role.INSTRUCTOR,)
LEARNING = (Role.STUDENT,)


def phase_of(run: DebateRun, now: datetime) -> str | None:
    """What the run is at by the server's clock.  Queries: 1, or 0 where phases are prefetched."""
    return phases.phase_at(windows_of(run), now)


def windows_of(run: DebateRun) -> list[phases.Window]:
    return [
        phases.Window(phase.kind, phase.opens_at, phase.closes_at) for phase in run.phases.all()
    ]


def check_may_record(run: DebateRun, moment: str, now: datetime) -> None:
    if not phases.may_record(moment, phase_of(run, now)):
        raise PhaseClosed(_("This is not the time for it: look at the dates of the debate."))


def check_may_post(run: DebateRun, relation: str, now: datetime) -> None:
    if not phases.may_post(relation, phase_of(run, now)):
        raise PhaseClosed(_("Such an argument is not taken at this time."))


def relations_to(parent: Argument | None, participant: Participant) -> list[Relation]:
    """How the participant may answer `parent`; nothing for the motion, which is opened.

    Nobody rebuts themselves: rebuttals are owed, and what is one's own one may change.
    """
    if parent is None:
        return []
    answers: list[Relation] = [kind for kind in Relation if kind != Relation.OPENING]
    if parent.author_id == participant.pk:
        answers.remove(Relation.REBUTTAL)
    return answers


def check_may_rate(run: DebateRun, now: datetime) -> None:
    if not phases.may_rate(phase_of(run, now)):
        raise PhaseClosed(_("Arguments are not rated at this time."))


def check_may_reflect(run: DebateRun, now: datetime) -> None:
    if not phases.may_reflect(phase_of(run, now)):
        raise PhaseClosed(_("This is for the phase of reflection: look at the dates."))


def check_is_anothers(argument: Argument, participant: Participant) -> None:
    if argument.author_id == participant.pk:
        raise OwnArgument(_("This is an argument of your own."))


def check_is_own(argument: Argument, participant: Participant) -> None:
    if argument.author_id != participant.pk:
        raise OwnArgument(_("This argument is somebody else's."))


def check_is_own_or_missing(argument: Argument, participant: Participant) -> None:
    """Raises: NotFound: a page for an author is nobody else's."""
    if argument.author_id != participant.pk:
        raise NotFound(_("There is no such argument."))


def check_is_there(argument: Argument) -> None:
    if argument.state != ArgumentState.VISIBLE:
        raise ArgumentGone(_("This argument is no longer there."))


def check_is_unlocked(argument: Argument) -> None:
    """Raises: BranchLocked where it, or anything above it, is locked.  Queries: 1 a level."""
    above: Argument | None = argument
    while above is not None:
        if above.is_locked:
            raise BranchLocked(_("A moderator has closed this branch."))
        above = above.parent
