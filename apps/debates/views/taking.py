"""A debate as its students hold it, and its staff read it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.debates import policies, selectors, services
from apps.debates.forms import ClosingForm, OpeningForm
from apps.debates.views.places import participant_at, seat_at


@page
def runs(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, policies.SEEING)
    now = timezone.now()
    listed = [(run, policies.phase_of(run, now)) for run in selectors.runs_of(classroom)]
    return render(request, "debates/runs.html", {"classroom": classroom, "runs": listed})


@page
def run(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    seat = seat_at(request, public_id, run_id, now=timezone.now())
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "sides": selectors.sides_of(seat.run),
        "outline": selectors.outline(seat),
        "owed": selectors.owed_by(seat.participant) if seat.participant else None,
        "form": OpeningForm(run=seat.run) if seat.may_open else None,
    }
    return render(request, "debates/run.html", context)


@page
def stance(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """The opening stance, before anything else of the debate is shown."""
    now = timezone.now()
    student = check_signed_in(request.user)
    seat = seat_at(request, public_id, run_id, now=now, roles=policies.LEARNING)
    if seat.participant is not None:
        return redirect("debates:run", public_id, run_id)
    form = OpeningForm(request.POST or None, run=seat.run)
    if form.is_valid():
        try:
            given = {"side": None, **form.cleaned_data}
            services.stance_open(run=seat.run, student=student, **given, now=now)
            messages.success(request, _("Your stance is recorded. Here is the debate."))
            return redirect("debates:run", public_id, run_id)
        except DomainError as error:
            refuse(form, error)
    context = {"classroom": seat.run.classroom, "seat": seat, "form": form}
    return render(request, "debates/stance.html", context)


@page
def closing(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    if seat.closing is not None:
        raise Http404
    form = ClosingForm(request.POST or None, offered=selectors.movers_of(seat))
    if form.is_valid():
        try:
            services.stance_close(participant=participant, **form.cleaned_data, now=now)
            messages.success(request, _("Your closing stance is recorded."))
            return redirect("debates:run", public_id, run_id)
        except DomainError as error:
            refuse(form, error)
    context = {"classroom": seat.run.classroom, "seat": seat, "form": form}
    return render(request, "debates/stance.html", context)
