"""Opening, moderating, marking and understanding a debate."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.debates import policies, selectors, services
from apps.debates.forms import (
    MarkForm,
    ModerationForm,
    MotionForm,
    PhasesForm,
    RunForm,
    phases_initial,
)
from apps.debates.models import Reflection
from apps.debates.views.places import seat_at


@page
def run_choose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Which of the course's debates the class is to hold."""
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    context = {"classroom": classroom, "debates": selectors.debates_offered(classroom)}
    return render(request, "debates/staff/run_choose.html", context)


@page
def motion_write(
    request: HttpRequest, public_id: UUID, motion_id: UUID | None = None
) -> HttpResponse:
    """A motion of the school's own; one that no class holds yet may be written anew."""
    now, user = timezone.now(), check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    debate = selectors.debate_written(classroom, motion_id) if motion_id else None
    first = selectors.motion_words(debate) if debate else {}
    form = MotionForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            written = services.debate_write(
                debate=debate, classroom=classroom, **form.given, actor=user, now=now
            )
            return redirect("debates:run-create", public_id, written.public_id)
        except DomainError as error:
            refuse(form, error)
    context = {"classroom": classroom, "form": form, "debate": debate}
    return render(request, "debates/staff/motion.html", context)


@page
def run_create(request: HttpRequest, public_id: UUID, debate_id: UUID) -> HttpResponse:
    now, user = timezone.now(), check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    debate = selectors.debate_offered(classroom, debate_id)
    form = RunForm(request.POST or None, debate=debate, now=now)
    if form.is_valid():
        try:
            run = services.run_open(
                debate=debate,
                classroom=classroom,
                windows=form.windows,
                rules=form.rules,
                actor=user,
                now=now,
            )
            messages.success(request, _("The debate is set."))
            return redirect("debates:run", public_id, run.public_id)
        except DomainError as error:
            refuse(form, error)
    context = {"classroom": classroom, "form": form, "debate": debate}
    return render(request, "debates/staff/run_form.html", context)


@page
def dates(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """Set other dates for a debate that runs, or has not begun."""
    now, user = timezone.now(), check_signed_in(request.user)
    seat = seat_at(request, public_id, run_id, now=now, roles=policies.DECIDING)
    form = PhasesForm(request.POST or None, initial=phases_initial(seat.phases))
    if form.is_valid():
        try:
            services.run_reschedule(run=seat.run, windows=form.windows, actor=user, now=now)
            messages.success(request, _("The dates are changed."))
            return redirect("debates:run", public_id, run_id)
        except DomainError as error:
            refuse(form, error)
    context = {"classroom": seat.run.classroom, "seat": seat, "form": form}
    return render(request, "debates/staff/dates.html", context)


@page
def moderate(
    request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID
) -> HttpResponse:
    now, user = timezone.now(), check_signed_in(request.user)
    seat = seat_at(request, public_id, run_id, now=now, roles=policies.STAFF)
    argument = selectors.argument_for(seat, argument_id)
    form = ModerationForm(request.POST or None)
    if form.is_valid():
        try:
            services.argument_moderate(argument=argument, **form.cleaned_data, actor=user, now=now)
            messages.success(request, _("Done, and written into the log."))
            return redirect("debates:moderation", public_id, run_id)
        except DomainError as error:
            refuse(form, error)
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "argument": argument,
        "log": argument.moderation.select_related("actor"),
        "form": form,
    }
    return render(request, "debates/staff/moderate.html", context)


@page
def moderation(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    seat = seat_at(request, public_id, run_id, now=timezone.now(), roles=policies.STAFF)
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "waiting": selectors.reported(seat.run),
        "log": seat.run.moderation.select_related("actor", "argument").order_by("-pk")[:100],
    }
    return render(request, "debates/staff/moderation.html", context)


@page
def assessment(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    seat = seat_at(request, public_id, run_id, now=timezone.now(), roles=policies.STAFF)
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "people": selectors.assessed(seat.run),
        "absent": selectors.absent(seat.run),
    }
    return render(request, "debates/staff/assessment.html", context)


@page
def assess(
    request: HttpRequest, public_id: UUID, run_id: UUID, participant_id: UUID
) -> HttpResponse:
    now, user = timezone.now(), check_signed_in(request.user)
    seat = seat_at(request, public_id, run_id, now=now, roles=policies.STAFF)
    participant = selectors.participant_in(seat.run, participant_id)
    arguments, scores = selectors.contributions(participant)
    first = {f"{name}_level": score.level for name, score in scores.items()} | {
        f"{name}_comment": score.comment for name, score in scores.items()
    }
    again = selectors.comments_given(seat.run)
    form = MarkForm(request.POST or None, initial=first, again=again)
    if form.is_valid():
        try:
            services.scores_save(participant=participant, marks=form.marks, marker=user, now=now)
            messages.success(request, _("The marks are kept, and held until they are released."))
            following = selectors.next_unmarked(participant) if "next" in request.POST else None
            if following is not None:
                return redirect("debates:assess", public_id, run_id, following.public_id)
            return redirect("debates:assessment", public_id, run_id)
        except DomainError as error:
            refuse(form, error)
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "participant": participant,
        "arguments": arguments,
        "reflection": Reflection.objects.filter(participant=participant).first(),
        "reviews": [
            (each, selectors.review_levels(each)) for each in selectors.reviews_of(participant)
        ],
        "form": form,
    }
    return render(request, "debates/staff/assess.html", context)


@page
def results(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    seat = seat_at(request, public_id, run_id, now=timezone.now(), roles=policies.STAFF)
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "shown": selectors.results(seat.run),
        "replies": selectors.replies(seat.run),
    }
    return render(request, "debates/staff/results.html", context)
