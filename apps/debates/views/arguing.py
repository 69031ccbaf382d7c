"""Writing an argument, and saying something of another's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError, TooOften
from apps.debates import policies, selectors, services
from apps.debates.enums import Relation
from apps.debates.forms import (
    ComposeForm,
    DraftForm,
    EditForm,
    RatingForm,
    ReasonForm,
    SourceQueryForm,
    evidence_forms,
)
from apps.debates.models import Argument, Draft
from apps.debates.selectors import Seat
from apps.debates.views.outlines import place_of
from apps.debates.views.places import participant_at


@page
def argue(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """An answer to the motion."""
    return _compose(request, public_id, run_id, None)


@page
def answer(request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID) -> HttpResponse:
    """A support, rebuttal, concession or question."""
    return _compose(request, public_id, run_id, argument_id)


@page
def draft(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """POST keeps what is being written, and tells what others have said that is nearly this."""
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    given = form.cleaned_data
    parent = selectors.argument_for(seat, given["under"]) if given["under"] else None
    relation = given["relation"] or Relation.OPENING
    try:
        check_pace(request, "debate_draft")
        services.draft_save(
            participant=participant, parent=parent, relation=relation, text=given["text"], now=now
        )
    except DomainError as error:
        status = error.http_status if isinstance(error, TooOften) else 409
        return HttpResponse(error.message, status=status, content_type="text/plain")
    return _page(request, seat, "partials/_likes", likes=selectors.similar_to(given["text"], seat))


@page
def sources(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """What a query finds among works, paragraphs and sections, for the script of the composer."""
    seat, _participant = participant_at(request, public_id, run_id, now=timezone.now())
    form = SourceQueryForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    check_pace(request, "debate_search")
    found = selectors.sources_found(seat.run.classroom.course, query)
    return _page(request, seat, "partials/_sources", found=found)


@page
def balance(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """What a student may answer next; its items alone where a script asks for them."""
    seat, participant = participant_at(request, public_id, run_id, now=timezone.now())
    is_part = request.headers.get("X-Requested-With") == "fetch"
    shown = selectors.balance_of(seat, participant)
    return _page(request, seat, "partials/_balance" if is_part else "balance", balance=shown)


@page
def edit(request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID) -> HttpResponse:
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    argument = selectors.argument_for(seat, argument_id)
    policies.check_is_own_or_missing(argument, participant)
    first = {"text": argument.text, "revision": argument.revision}
    form = EditForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            check_pace(request, "debate_write")
            services.argument_edit(
                argument=argument, participant=participant, **form.cleaned_data, now=now
            )
            return redirect(place_of(seat, argument))
        except DomainError as error:
            refuse(form, error)
    return _page(request, seat, "edit", form=form, argument=argument)


@page
def withdraw(
    request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID
) -> HttpResponse:
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    argument = selectors.argument_for(seat, argument_id)
    policies.check_is_own_or_missing(argument, participant)
    if request.method == "POST":
        try:
            services.argument_withdraw(argument=argument, participant=participant, now=now)
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(place_of(seat, argument))
    return _page(request, seat, "withdraw", argument=argument)


@page
def rate(request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID) -> HttpResponse:
    """A rating by POST; asked for by GET it leads back to the argument."""
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    argument = selectors.argument_for(seat, argument_id)
    form = RatingForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            check_pace(request, "debate_judge")
            services.argument_rate(
                argument=argument, participant=participant, **form.cleaned_data, now=now
            )
        except DomainError as error:
            messages.error(request, error.message)
    elif request.method == "POST":
        messages.error(request, _("Rate from 1 to 5."))
    return redirect(place_of(seat, argument))


@page
def moved(request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID) -> HttpResponse:
    """“This moved me” by POST, taken back with `is_moved` empty."""
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    argument = selectors.argument_for(seat, argument_id)
    if request.method == "POST":
        try:
            check_pace(request, "debate_judge")
            services.argument_mark_moved(
                argument=argument,
                participant=participant,
                is_moved=bool(request.POST.get("is_moved")),
                now=now,
            )
        except DomainError as error:
            messages.error(request, error.message)
    return redirect(place_of(seat, argument))


@page
def report(request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID) -> HttpResponse:
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    argument = selectors.argument_for(seat, argument_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            check_pace(request, "debate_report")
            services.argument_report(
                argument=argument, participant=participant, **form.cleaned_data, now=now
            )
            messages.success(request, _("A moderator will look at it."))
            return redirect(place_of(seat, argument))
        except DomainError as error:
            refuse(form, error)
    return _page(request, seat, "report", form=form, argument=argument)


def _compose(
    request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID | None
) -> HttpResponse:
    """Post, or with `draft` keep a draft and show what others have said that is nearly this."""
    now = timezone.now()
    seat, participant = participant_at(request, public_id, run_id, now=now)
    parent = selectors.argument_for(seat, argument_id) if argument_id else None
    data = request.POST if request.method == "POST" else None
    draft = Draft.objects.filter(participant=participant, parent=parent).first()
    kept = {"text": draft.text, "relation": draft.relation} if draft else {}
    form = ComposeForm(data, is_opening=parent is None, initial=kept)
    pieces = evidence_forms(data, seat.run.classroom.course_id)
    likes: list[Argument] = []
    are_valid = [piece.is_valid() for piece in (form, *pieces)]  # every fault is said at once
    if all(are_valid):
        text, relation = form.cleaned_data["text"], form.relation_chosen
        try:
            if "draft" in request.POST:
                check_pace(request, "debate_draft")
                services.draft_save(
                    participant=participant, parent=parent, relation=relation, text=text, now=now
                )
                likes = selectors.similar_to(text, seat)
                messages.success(request, _("Your draft is kept."))
            else:
                check_pace(request, "debate_write")
                posted = services.argument_post(
                    participant=participant,
                    parent=parent,
                    relation=relation,
                    text=text,
                    is_own_reasoning=form.cleaned_data["is_own_reasoning"],
                    sources=[piece.source for piece in pieces if piece.source is not None],
                    now=now,
                )
                return redirect(place_of(seat, posted))
        except DomainError as error:
            refuse(form, error)
    return _page(request, seat, "compose", form=form, pieces=pieces, parent=parent, likes=likes)


def _page(request: HttpRequest, seat: Seat, name: str, **context: Any) -> HttpResponse:
    context |= {"classroom": seat.run.classroom, "seat": seat}
    return render(request, f"debates/{name}.html", context)
