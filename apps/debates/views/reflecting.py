"""A student's own part: what they gave, what they think of it, and what others thought."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.debates import selectors, services
from apps.debates.forms import ReflectionForm, ReviewForm
from apps.debates.views.places import participant_at


@page
def mine(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """One's own part; POST keeps the reflection."""
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    part = selectors.part_of(seat, participant, now)
    kept = {"text": part.reflection.text} if part.reflection else {}
    form = ReflectionForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        try:
            check_pace(request, "debate_write")
            services.reflection_write(participant=participant, **form.cleaned_data, now=now)
            messages.success(request, _("Your reflection is kept."))
            return redirect("debates:mine", public_id, run_id)
        except DomainError as error:
            refuse(form, error)
    context = {"classroom": seat.run.classroom, "seat": seat, "part": part, "form": form}
    return render(request, "debates/mine.html", context)


@page
def reviews(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """POST deals the classmates to review; asked for by GET it leads to one's own part."""
    now = timezone.now()
    _seat, participant = participant_at(request, public_id, run_id, now=now)
    if request.method == "POST":
        try:
            dealt = services.reviews_deal(participant=participant, now=now)
            if len(dealt) < participant.run.peer_reviews_owed:
                messages.info(request, _("Too few classmates have argued yet: come back later."))
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("debates:mine", public_id, run_id)


@page
def review(request: HttpRequest, public_id: UUID, run_id: UUID, review_id: UUID) -> HttpResponse:
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    due = selectors.review_for(participant, review_id)
    form = ReviewForm(request.POST or None, initial={**due.levels, "comment": due.comment})
    if form.is_valid():
        try:
            comment = form.cleaned_data["comment"]
            services.review_write(review=due, levels=form.levels, comment=comment, now=now)
            messages.success(request, _("Your review is kept."))
            return redirect("debates:mine", public_id, run_id)
        except DomainError as error:
            refuse(form, error)
    context = {
        "classroom": seat.run.classroom,
        "seat": seat,
        "name": selectors.name_in(seat.run, due.reviewed),
        "side": due.reviewed.side,
        "arguments": selectors.reviewable(due.reviewed),
        "form": form,
    }
    return render(request, "debates/review.html", context)
