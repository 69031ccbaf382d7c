"""Taking a quiz: one page, its saves, and what may be seen afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.views.pages import page
from apps.core.errors import DomainError
from apps.quizzes import policies, selectors, services
from apps.quizzes.enums import AttemptState, Confidence
from apps.quizzes.forms.answers import saves_from_form, saves_from_json
from apps.quizzes.models import Attempt
from apps.quizzes.selectors import Sitting
from apps.quizzes.timing import is_over
from apps.quizzes.views.answering import answers_json, posts


@page
def attempt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The items to be answered; its POST keeps them, then does what the button says."""
    student = check_signed_in(request.user)
    now = timezone.now()
    row = _as_it_stands(selectors.attempt_of(student, attempt_id), now)
    if row.state != AttemptState.OPEN:
        return redirect("quizzes:attempt-review", attempt_id)
    sitting = selectors.sitting_open(row, now)
    if request.method == "POST":
        return _keep(request, sitting, now)
    shown = sitting.items
    if sitting.is_item_by_item:
        wanted = request.GET.get("item", "")
        places = [item for item in sitting.items if str(item.position) == wanted]
        shown = places or sitting.items[:1]
    context = {
        "sitting": sitting,
        "shown": shown,
        "seconds_left": _seconds_left(row.closes_at, now),
        "confidences": Confidence.choices,
    }
    return render(request, "quizzes/attempt.html", context)


@answers_json
def attempt_save(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """JSON in, JSON out: what a page's script sends while somebody writes.  Queries: 5."""
    student = check_signed_in(request.user)
    now = timezone.now()
    saved = services.answers_save(
        attempt_id=attempt_id, student=student, saves=saves_from_json(request.body), now=now
    )
    return JsonResponse(
        {
            "sequences": saved.sequences,
            "seconds_left": _seconds_left(saved.closes_at, now),
            "saved_at": saved.saved_at,
        }
    )


@page
def attempt_confirm(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    student = check_signed_in(request.user)
    now = timezone.now()
    row = _as_it_stands(selectors.attempt_of(student, attempt_id), now)
    if row.state != AttemptState.OPEN:
        return redirect("quizzes:attempt-review", attempt_id)
    context = {
        "sitting": selectors.sitting_open(row, now),
        "seconds_left": _seconds_left(row.closes_at, now),
    }
    return render(request, "quizzes/confirm.html", context)


@posts
def attempt_submit(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    student = check_signed_in(request.user)
    services.attempt_submit(attempt_id=attempt_id, student=student, now=timezone.now())
    return redirect("quizzes:attempt-review", attempt_id)


@page
def attempt_review(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    viewer = check_signed_in(request.user)
    now = timezone.now()
    row = _as_it_stands(selectors.attempt_for(viewer, attempt_id), now)
    is_staff = row.student_id != viewer.pk
    if row.state == AttemptState.OPEN and not is_staff:
        return redirect("quizzes:attempt", attempt_id)
    if row.state == AttemptState.OPEN:
        return _not_yet(request, row, _("The student is still writing this attempt."))
    if is_staff and policies.is_nameless(row):
        words = _("This attempt is marked without names. Look at it once it is marked.")
        return _not_yet(request, row, words)
    sitting = selectors.sitting_review(row, is_staff=is_staff, now=now)
    context = {
        "sitting": sitting,
        "is_staff": is_staff,
        "may_contest": not is_staff and policies.may_contest(row.assignment),
    }
    return render(request, "quizzes/review.html", context)


def _not_yet(request: HttpRequest, attempt: Attempt, words: str) -> HttpResponse:
    """For staff of the class: to what is marked of the quiz, with the reason."""
    messages.info(request, words)
    return redirect("quizzes:marking", *selectors.places_of(attempt))


def _as_it_stands(attempt: Attempt, now: datetime) -> Attempt:
    """The attempt, closed as of its end when its time is over."""
    if attempt.state == AttemptState.OPEN and is_over(attempt.closes_at, now):
        services.attempt_close_over(attempt_id=attempt.public_id, student=attempt.student, now=now)
        attempt.refresh_from_db()
    return attempt


def _keep(request: HttpRequest, sitting: Sitting, now: datetime) -> HttpResponse:
    """Save what the page holds; then go on, take a hint, check an item, or finish."""
    verb, _dot, place = request.POST.get("go", "").partition(".")
    attempt_id, student = sitting.attempt.public_id, sitting.attempt.student
    try:
        saves = saves_from_form(sitting, request.POST, now)
        if verb == "submit":
            services.attempt_submit(attempt_id=attempt_id, student=student, saves=saves, now=now)
            return redirect("quizzes:attempt-review", attempt_id)
        services.answers_save(attempt_id=attempt_id, student=student, saves=saves, now=now)
        if verb == "confirm":
            return redirect("quizzes:attempt-confirm", attempt_id)
        item, _dot, number = place.partition(".")
        position = int(item) if item.isascii() and item.isdigit() and len(item) < 5 else 0
        if verb == "hint":
            known = int(number) if number in {"1", "2", "3", "4", "5", "6", "7", "8", "9"} else 0
            services.hint_take(
                attempt_id=attempt_id, student=student, position=position, number=known, now=now
            )
        elif verb == "check":
            services.response_check(
                attempt_id=attempt_id, student=student, position=position, now=now
            )
        elif verb != "item":
            messages.success(request, _("Your answers are saved."))
    except DomainError as error:
        messages.error(request, error.message)
        position = 0
    address = reverse("quizzes:attempt", args=[attempt_id])
    if not position:
        return redirect(address)
    return redirect(f"{address}?item={position}#i{position}")


def _seconds_left(closes_at: datetime | None, now: datetime) -> float | None:
    return None if closes_at is None else max(0.0, (closes_at - now).total_seconds())
