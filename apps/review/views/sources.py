"""Making cards: from a course's terms and dates, from what was missed, from notes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import action, page
from apps.core.errors import NotFound
from apps.review import selectors, services


@page
def sources(request: HttpRequest) -> HttpResponse:
    """The courses that cards can be made from."""
    check_signed_in(request.user)
    return render(request, "review/sources.html", {"courses": selectors.courses_readable()})


@page
def source(request: HttpRequest, course: str) -> HttpResponse:
    user = check_signed_in(request.user)
    offer = selectors.offers(user, selectors.course_of(course), timezone.now())
    return render(request, "review/source.html", {"offer": offer, "course": offer.course})


@action("review:sources")
def source_add(request: HttpRequest, course: str, kind: str) -> HttpResponse:
    """The terms, the dates, or what was missed of a course; terms and dates also of a unit."""
    user = check_signed_in(request.user)
    check_pace(request, "review_write")
    row = selectors.course_of(course)
    unit = selectors.unit_of(row, request.POST.get("unit", ""))
    now = timezone.now()
    if kind == "terms":
        added = services.cards_add_terms(owner=user, course=row, unit=unit, now=now)
    elif kind == "dates":
        added = services.cards_add_events(owner=user, course=row, unit=unit, now=now)
    elif kind == "missed":
        added = services.cards_add_missed(owner=user, course=row, now=now)
    else:
        raise NotFound(_("There is nothing of this kind to add."))
    _tell(request, added)
    return redirect("review:source", course)


@action("review:sources")
def missed_add(request: HttpRequest) -> HttpResponse:
    """What was missed, of every course."""
    user = check_signed_in(request.user)
    check_pace(request, "review_write")
    _tell(request, services.cards_add_missed(owner=user, now=timezone.now()))
    return redirect("review:home")


@action("review:cards")
def note_add(request: HttpRequest, note_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    check_pace(request, "review_write")
    card = services.card_add_note(owner=user, note_id=note_id, now=timezone.now())
    messages.success(request, _("Your note is a card now."))
    return redirect("review:card", card.public_id)


def _tell(request: HttpRequest, added: int) -> None:
    if added:
        words = ngettext("%(count)d card added.", "%(count)d cards added.", added)
        messages.success(request, words % {"count": added})
    else:
        messages.info(request, _("There was nothing new to add."))
