"""The day's review: one card a page, shown, then revealed, then rated."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.views.pages import action, page, refuse
from apps.core.errors import DomainError
from apps.review import selectors, services
from apps.review.enums import Rating
from apps.review.forms import RatingForm, SettingsForm
from apps.review.models import ReviewCard

_SALT = "review.shown"


@page
def home(request: HttpRequest) -> HttpResponse:
    """Where review stands today, and what is to come.  Queries: 7 at most without questions."""
    user = check_signed_in(request.user)
    now = timezone.now()
    withheld = selectors.withheld_from(user, now)
    forecast = selectors.forecast(user, now)
    context = {
        "summary": selectors.review_summary(user, now, without=withheld),
        "waiting": len(withheld),
        "forecast": forecast,
        "has_dates": any(bar.count for bar in forecast),
    }
    return render(request, "review/home.html", context)


@page
def queue(request: HttpRequest) -> HttpResponse:
    """The front of the card that comes next; without one, that the day is done."""
    user = check_signed_in(request.user)
    now = timezone.now()
    withheld = selectors.withheld_from(user, now)
    summary = selectors.review_summary(user, now, without=withheld)
    card = selectors.queue_next(user, summary, now, without=withheld)
    context = {
        "summary": summary,
        "waiting": len(withheld),
        "undo": selectors.rating_to_undo(user, now),
    }
    if card is None:
        return render(request, "review/done.html", context)
    (face,) = selectors.faces_given(user, [card], withheld)
    context |= {"face": face, "shown": _showing(card, now)}
    return render(request, "review/front.html", context)


@page
def answer(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Both sides, and the four buttons with what each would do."""
    user = check_signed_in(request.user)
    now = timezone.now()
    card = selectors.card_of(user, card_id)
    (face,) = selectors.faces(user, [card], now)
    if not face.is_shown:
        return redirect("review:card", card_id)
    outcomes = services.outcomes_of(card, selectors.settings_of(user), user.time_zone, now)
    context = {
        "face": face,
        "buttons": [(rating, outcomes[rating.value].due_at - now) for rating in Rating],
        "client_id": uuid4(),
        "shown": request.GET.get("shown", ""),
        "undo": selectors.rating_to_undo(user, now),
    }
    return render(request, "review/answer.html", context)


@action("review:queue")
def card_rate(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """A rating, once; then the next card, whatever became of it."""
    user = check_signed_in(request.user)
    form = RatingForm(request.POST)
    if not form.is_valid():
        messages.info(request, _("That rating could not be read; the card comes up again."))
        return redirect("review:queue")
    given = form.cleaned_data
    shown = given.pop("shown")
    rated = services.card_rate(
        owner=user,
        card_id=card_id,
        duration_seconds=_seconds_since(shown, card_id, given["version"]),
        now=timezone.now(),
        **given,
    )
    if rated.outcome == "stale":
        messages.info(
            request,
            _("That card was rated or changed elsewhere meanwhile; nothing is counted twice."),
        )
    if rated.is_leech:
        return redirect("review:card", card_id)
    return redirect("review:queue")


@action("review:queue")
def rating_undo(request: HttpRequest, log_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    card = services.rating_undo(owner=user, log_id=log_id, now=timezone.now())
    messages.success(request, _("Undone: the card is as it was."))
    return redirect("review:answer", card.public_id)


@page
def statistics(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    context = {"statistics": selectors.statistics_of(user, timezone.now())}
    return render(request, "review/statistics.html", context)


@page
def settings(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    first = SettingsForm.first(selectors.settings_of(user))
    form = SettingsForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            services.settings_save(owner=user, **form.chosen)
            messages.success(request, _("Saved."))
            return redirect("review:home")
        except DomainError as error:
            refuse(form, error)
    return render(request, "review/settings.html", {"form": form})


def _showing(card: ReviewCard, now: datetime) -> str:
    """That the server showed this card at this moment, signed: no time of a browser's counts."""
    return signing.dumps([card.public_id.hex, card.version, int(now.timestamp())], salt=_SALT)


def _seconds_since(shown: str, card_id: UUID, version: int) -> int | None:
    """How long ago the server showed the front of this card; None when it cannot be told."""
    try:
        card, said, moment = signing.loads(shown, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    if (card, said) != (card_id.hex, version):
        return None
    return int(timezone.now().timestamp()) - int(moment)
