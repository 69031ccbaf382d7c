"""From an address to what its viewer may see of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.selectors import classroom_for
from apps.core.errors import NotFound
from apps.debates import policies, selectors
from apps.debates.models import Participant
from apps.debates.selectors import Seat


def seat_at(
    request: HttpRequest,
    public_id: UUID,
    run_id: UUID,
    *,
    now: datetime,
    roles: tuple[str, ...] = policies.SEEING,
) -> Seat:
    """Who looks at this run.  Raises: NotFound.  Queries: 6 at most."""
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, roles)
    run = selectors.run_in(classroom, run_id)
    return selectors.seat_of(run, user, is_staff=classroom.viewer_enrolment.is_staff, now=now)


def participant_at(
    request: HttpRequest, public_id: UUID, run_id: UUID, *, now: datetime
) -> tuple[Seat, Participant]:
    """A student who has recorded an opening stance.  Raises: NotFound."""
    seat = seat_at(request, public_id, run_id, now=now, roles=policies.LEARNING)
    if seat.participant is None:
        raise NotFound(_("First record where you stand."))
    return seat, seat.participant
