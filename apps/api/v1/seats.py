"""From a request to a run of a debate, and to what its caller may see and do there."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from apps.accounts.models import User
from apps.api import selectors
from apps.api.v1.access import caller_of, client_of, person_of
from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom
from apps.core.errors import NotFound
from apps.debates import selectors as debates
from apps.debates.models import Participant
from apps.debates.selectors import Seat, Sight


def person_at(request: Request) -> User:
    """The person, for what no program does by itself.  Raises: PermissionDenied."""
    if client_of(request) is not None:
        words = "Only a person can do this: use a token that acts for one."
        raise PermissionDenied(words, "person_needed")
    return person_of(request)


def sight_at(request: Request, run: UUID) -> Sight:
    """A run, as anybody of its class sees it, or the school's program.

    Raises: NotFound.  Queries: 1.
    """
    classrooms = selectors.classrooms_of(caller_of(request))
    client = client_of(request)
    user = None if client else person_of(request)
    return debates.sight_of(run, classrooms=classrooms, user=user, is_staff=client is not None)


def staff_sight_at(request: Request, run: UUID) -> Sight:
    """As sight_at, for the class's staff and the school's program alone.  Raises: NotFound."""
    sight = sight_at(request, run)
    if not sight.viewer.is_staff:
        raise NotFound(_("There is no such debate."))
    return sight


def outline_sight_at(request: Request, run: UUID) -> Sight:
    """As sight_at, for those who may see the arguments.

    Raises: NotFound, as the site does before the opening stance.
    """
    sight = sight_at(request, run)
    if not debates.sees_outline(sight):
        raise NotFound(_("There is no such debate."))
    return sight


def student_seat_at(request: Request, run: UUID) -> Seat:
    """The seat of one of the class's students, before their opening stance or after it.

    Raises: NotFound.  Queries: 3.
    """
    person = person_at(request)
    sight = sight_at(request, run)
    if sight.viewer.is_staff:
        raise NotFound(_("There is no such debate."))
    return debates.seat_of(sight.run, person, is_staff=False, now=timezone.now())


def participant_at(request: Request, run: UUID) -> tuple[Seat, Participant]:
    """A student who has recorded an opening stance.  Raises: NotFound.  Queries: 3."""
    seat = student_seat_at(request, run)
    if seat.participant is None:
        raise NotFound(_("First record where you stand."))
    return seat, seat.participant


def run_deciding_at(request: Request, run: UUID) -> Sight:
    """As sight_at, for the class's instructors.  Raises: NotFound.  Queries: 1."""
    person = person_at(request)
    classrooms = Classroom.objects.for_roles(person, [Role.INSTRUCTOR])
    return debates.sight_of(run, classrooms=classrooms, user=person)
