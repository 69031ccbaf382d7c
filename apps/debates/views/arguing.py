"""Writing an argument, and saying something of another's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError, TooOften
from apps.debates import policies, selectors, services
from apps.debates.enums import Relation
from apps.debates.errors import InvalidArgument
from apps.debates.forms import (
    ComposeForm,
    DraftForm,
    EditForm,
    EvidenceForm,
    RatingForm,
    ReasonForm,
    SourceQueryForm,
    evidence_forms,
)
from apps.debates.models import Argument, Draft, Participant
from apps.debates.selectors import Seat
from apps.debates.services import Source
from apps.debates.views.outlines import place_of
from apps.debates.views.places import participant_at, seat_at


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
    """POST keeps what is being written, and tells what is found out about it."""
    seat, participant = participant_at(request, public_id, run_id, now=timezone.now())
    form = DraftForm(request.POST)
    pieces = evidence_forms(request.POST, seat.run.classroom.course_id)
    if not form.is_valid() or not _is_begun(form, pieces):
        return HttpResponseBadRequest()
    under = form.cleaned_data["under"]
    parent = selectors.argument_for(seat, under) if under else None
    try:
        likes = _keep(request, seat, participant, parent, pieces)
    except DomainError as error:
        status = error.http_status if isinstance(error, TooOften) else 409
        return HttpResponse(error.message, status=status, content_type="text/plain")
    return _page(request, seat, "partials/_told", likes=likes, pieces=pieces)


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
    data = request.POST if request.method == "POST" else None
    form = EditForm(data, initial=model_to_dict(argument))
    given = services.evidence_given(argument.evidence.all())
    pieces = evidence_forms(data, seat.run.classroom.course_id, given)
    if _are_valid(form, *pieces):
        try:
            check_pace(request, "debate_write")
            services.argument_edit(
                argument=argument,
                participant=participant,
                **form.cleaned_data,
                sources=_sources(pieces),
                now=now,
            )
            return redirect(place_of(seat, argument))
        except DomainError as error:
            refuse(form, error)
    return _page(request, seat, "edit", form=form, pieces=pieces, argument=argument)


@page
def history(request: HttpRequest, public_id: UUID, run_id: UUID, argument_id: UUID) -> HttpResponse:
    """What an argument said before, to whoever may read what it says now."""
    seat = seat_at(request, public_id, run_id, now=timezone.now())
    argument = selectors.argument_for(seat, argument_id)
    earlier = selectors.earlier_of(argument)
    return _page(request, seat, "history", argument=argument, earlier=earlier)


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
    """Post; with `draft` keep a draft and look into it, with `discard` forget it."""
    seat, participant = participant_at(request, public_id, run_id, now=timezone.now())
    parent = selectors.argument_for(seat, argument_id) if argument_id else None
    if "discard" in request.POST:
        services.draft_discard(participant=participant, parent=parent)
        return redirect("debates:run", public_id, run_id)
    kept = Draft.objects.filter(participant=participant, parent=parent).first()
    first = model_to_dict(kept) if kept else {}
    data = request.POST if request.method == "POST" else None
    relations = policies.relations_to(parent, participant)
    form = ComposeForm(data, relations=relations, initial=first)
    pieces = evidence_forms(data, seat.run.classroom.course_id, kept.evidence if kept else ())
    likes: list[Argument] = []
    try:
        if "draft" in request.POST:
            likes = _keep(request, seat, participant, parent, pieces)
            # As it is kept, and not as it would be posted: what is missing is no fault yet.
            form = ComposeForm(relations=relations, initial=request.POST.dict())
            messages.success(request, _("Your draft is kept."))
        elif _are_valid(form, *pieces):
            return redirect(place_of(seat, _post(request, participant, parent, form, pieces)))
    except DomainError as error:
        refuse(form, error)
    context = {"form": form, "pieces": pieces, "parent": parent, "likes": likes, "draft": kept}
    return _page(request, seat, "compose", **context)


def _post(
    request: HttpRequest,
    participant: Participant,
    parent: Argument | None,
    form: ComposeForm,
    pieces: list[EvidenceForm],
) -> Argument:
    """Raises: as services.argument_post, and TooOften."""
    check_pace(request, "debate_write")
    return services.argument_post(
        participant=participant,
        parent=parent,
        relation=form.relation_chosen,
        text=form.cleaned_data["text"],
        is_own_reasoning=form.cleaned_data["is_own_reasoning"],
        sources=_sources(pieces),
        key=form.cleaned_data["key"],
        now=timezone.now(),
    )


def _keep(
    request: HttpRequest,
    seat: Seat,
    participant: Participant,
    parent: Argument | None,
    pieces: list[EvidenceForm],
) -> list[Argument]:
    """Keep a draft, look for its quotations, and for what others have said that is nearly this.

    Raises: InvalidArgument, TooOften.
    """
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise InvalidArgument(_("This is too long to be kept."))
    if not _is_begun(form, pieces):
        raise InvalidArgument(_("Nothing is written yet."))
    check_pace(request, "debate_draft")
    text = form.cleaned_data["text"]
    services.draft_save(
        participant=participant,
        parent=parent,
        relation=form.cleaned_data["relation"] or Relation.OPENING,
        text=text,
        is_own_reasoning=form.cleaned_data["is_own_reasoning"],
        evidence=[piece.given for piece in pieces if piece.given],
        now=timezone.now(),
    )
    for piece in pieces:
        _look_for_quotation(seat, piece)
    return selectors.similar_to(text, seat, answers=parent)


def _is_begun(form: DraftForm, pieces: list[EvidenceForm]) -> bool:
    return bool(form.cleaned_data["text"] or any(piece.given for piece in pieces))


def _look_for_quotation(seat: Seat, piece: EvidenceForm) -> None:
    """Say of a piece that is whole what argument_post would find out about its quotation."""
    source = piece.source if piece.is_valid() else None
    if source is None or not source.quotation:
        return
    try:
        [made] = services.evidence_made(seat.run, [source])
    except InvalidArgument:
        return
    piece.verdict = {True: "found", False: "missing", None: "unknown"}[made.is_quotation_found]


def _sources(pieces: list[EvidenceForm]) -> list[Source]:
    return [piece.source for piece in pieces if piece.source is not None]


def _are_valid(*forms: Form) -> bool:
    """Whether all are; each is asked, so that every fault is said at once."""
    return not [form for form in forms if not form.is_valid()]


def _page(request: HttpRequest, seat: Seat, name: str, **context: Any) -> HttpResponse:
    context |= {"classroom": seat.run.classroom, "seat": seat}
    return render(request, f"debates/{name}.html", context)
