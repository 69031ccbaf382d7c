"""One's own cards: a list, and each with what can be done to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import action, page, refuse
from apps.core.errors import DomainError
from apps.review import prose, selectors, services
from apps.review.enums import OriginKind, SuspendedBy
from apps.review.forms import EditCardForm, NewCardForm
from apps.review.services import Text

KINDS = [("", gettext_lazy("all")), *OriginKind.choices, *SuspendedBy.choices]


@page
def cards(request: HttpRequest) -> HttpResponse:
    """Queries: 3, and those of `selectors.faces`."""
    user = check_signed_in(request.user)
    kind = request.GET.get("kind", "")
    rows = Paginator(selectors.cards_listed(user, kind=kind), selectors.PAGE)
    shown = rows.get_page(request.GET.get("page"))
    counts = selectors.card_counts(user)
    context = {
        "page": shown,
        "faces": selectors.faces(user, list(shown.object_list), timezone.now()),
        "kind": kind,
        "kinds": [(value, label, counts[value]) for value, label in KINDS if counts[value]],
    }
    return render(request, "review/cards.html", context)


@page
def card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    row = selectors.card_of(user, card_id)
    (face,) = selectors.faces(user, [row], timezone.now())
    return render(request, "review/card.html", {"face": face, "card": row})


@page
def card_create(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    first = {"course": request.GET.get("course", "")}
    form = NewCardForm(request.POST or None, initial=first)
    if form.is_valid():
        course = form.cleaned_data["course"]
        try:
            check_pace(request, "review_write")
            services.card_create(owner=user, text=_text(form), course=course, now=timezone.now())
            messages.success(request, _("Kept. It comes up among the new cards."))
            return redirect("review:card-create")
        except DomainError as error:
            refuse(form, error)
    return render(request, "review/card_form.html", {"form": form, "card": None})


@page
def card_edit(request: HttpRequest, card_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    now = timezone.now()
    row = selectors.card_of(user, card_id)
    (face,) = selectors.faces(user, [row], now)
    if not face.is_shown:
        return redirect("review:card", card_id)
    form = EditCardForm(request.POST or None, initial=_first(face))
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            check_pace(request, "review_write")
            services.card_edit(
                owner=user, card_id=card_id, text=_text(form), version=version, now=now
            )
            messages.success(request, _("Saved."))
            return redirect("review:card", card_id)
        except DomainError as error:
            # What was typed may be sent again, over the card as it is now.
            form = EditCardForm({**request.POST.dict(), "version": row.version})
            refuse(form, error)
    return render(request, "review/card_form.html", {"form": form, "card": row, "face": face})


@action("review:cards")
def card_follow(request: HttpRequest, card_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    row = selectors.card_of(user, card_id)
    services.card_follow(owner=user, card_id=card_id, version=row.version)
    messages.success(request, _("The card shows the course’s text again."))
    return redirect("review:card", card_id)


@action("review:cards")
def card_suspend(request: HttpRequest, card_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    services.card_suspend(owner=user, card_id=card_id, now=timezone.now())
    messages.success(request, _("Put aside: it does not come up until you take it back."))
    return redirect("review:queue" if request.POST.get("then") == "queue" else "review:cards")


@action("review:cards")
def card_resume(request: HttpRequest, card_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    services.card_resume(owner=user, card_id=card_id)
    messages.success(request, _("It comes up again."))
    return redirect("review:card", card_id)


@page
def card_delete(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Asks first; the POST deletes."""
    user = check_signed_in(request.user)
    row = selectors.card_of(user, card_id)
    if request.method == "POST":
        services.card_delete(owner=user, card_id=card_id, now=timezone.now())
        messages.success(request, _("The card is deleted."))
        return redirect("review:cards")
    (face,) = selectors.faces(user, [row], timezone.now())
    return render(request, "review/card_delete.html", {"face": face, "card": row})


def _text(form: NewCardForm | EditCardForm) -> Text:
    given = form.cleaned_data
    return Text(given["front"], given["back"], tuple(given["tags"].split()))


def _first(face: selectors.Face) -> dict[str, Any]:
    """The form of a card as it stands: one's own Markdown, else that of what is shown."""
    card = face.card
    sides = {"front": card.front, "back": card.back}
    if not card.has_own_text:
        sides = {
            "front": prose.words_of(face.listed),
            "back": prose.words_of(face.back),
        }
    return {**sides, "tags": " ".join(card.tags), "version": card.version}
