"""A debate as its students hold it, and its staff read it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.debates import policies, selectors, services
from apps.debates.enums import ArgumentState
from apps.debates.forms import BranchForm, ClosingForm, OpeningForm
from apps.debates.phases import moment_at
from apps.debates.views.outlines import outline_html, place_of
from apps.debates.views.places import participant_at, seat_at


@page
def runs(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, policies.SEEING)
    now = timezone.now()
    listed = [
        (run, moment_at(policies.windows_of(run), now)) for run in selectors.runs_of(classroom)
    ]
    return render(request, "debates/runs.html", {"classroom": classroom, "runs": listed})


@page
def run(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """Before the opening stance what there is to begin from; then the arguments."""
    seat = seat_at(request, public_id, run_id, now=timezone.now())
    has_begun = seat.viewer.is_staff or seat.participant is not None
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "sides": None if has_begun else selectors.sides_of(seat.run),
        "sees_outline": selectors.sees_outline(seat),
        "outline": outline_html(request, seat),
        "form": OpeningForm(run=seat.run) if seat.may_open else None,
    }
    return render(request, "debates/run.html", context)


@page
def sides(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    seat = seat_at(request, public_id, run_id, now=timezone.now())
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "sides": selectors.sides_of(seat.run),
    }
    return render(request, "debates/sides.html", context)


@page
def branch(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """More of the tree: the answers to `under`, or to the motion, from the one after `after`.

    A page; its items alone where a script asks for them.
    """
    seat = seat_at(request, public_id, run_id, now=timezone.now())
    form = BranchForm(request.GET)
    if not form.is_valid() or not selectors.sees_outline(seat):
        raise Http404
    given = form.cleaned_data
    under = selectors.node_for(seat, given["under"]) if given["under"] else None
    outline = outline_html(request, seat, under=under, after=given["after"] or 0)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(outline)
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "under": under if under and under.state == ArgumentState.VISIBLE else None,
        "outline": outline,
    }
    return render(request, "debates/branch.html", context)


@page
def picture(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """The tree as a picture, for those who would rather look."""
    seat = seat_at(request, public_id, run_id, now=timezone.now())
    if not selectors.sees_outline(seat):
        raise Http404
    shown = selectors.picture_of(seat.run)
    context = {"classroom": seat.run.classroom, "seat": seat, "picture": shown}
    return render(request, "debates/picture.html", context)


@page
def argument(
    request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID
) -> HttpResponse:
    """Leads to where an argument stands among the others."""
    seat = seat_at(request, public_id, run_id, now=timezone.now())
    if not selectors.sees_outline(seat):
        raise Http404
    return redirect(place_of(seat, selectors.node_for(seat, argument_id)))


@page
def news(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """What was written since a page was drawn, as js/debate.js asks for it.

    {"writes": …, "newest": …, "new": [{"id", "name", "url"}]}: arguments after `after`, a key.
    """
    seat = seat_at(request, public_id, run_id, now=timezone.now())
    form = BranchForm(request.GET)
    if not form.is_valid() or not selectors.sees_outline(seat):
        raise Http404
    after = form.cleaned_data["after"]
    new = [] if after is None else selectors.news_of(seat.run, after)
    listed = [
        {
            "id": each.public_id,
            "name": each.name,
            "url": reverse("debates:argument", args=[public_id, run_id, each.public_id]),
        }
        for each in new
    ]
    return JsonResponse({"writes": seat.run.writes, "newest": seat.run.newest, "new": listed})


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
    if seat.has_closed:
        return redirect("debates:run", public_id, run_id)
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
