"""Marking by hand: the answers of a quiz question by question, without names where so set."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.enums import STAFF_ROLES
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page
from apps.core.errors import DomainError
from apps.quizzes import selectors, services
from apps.quizzes.forms.faults import refuse
from apps.quizzes.forms.marking import MarkForm


@page
def marking(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, STAFF_ROLES)
    assignment = selectors.assignment_in(classroom, assignment_id)
    context = {
        "classroom": classroom,
        "assignment": assignment,
        "piles": selectors.marking_piles(assignment),
    }
    return render(request, "quizzes/staff/marking.html", context)


@page
def mark(
    request: HttpRequest, public_id: UUID, assignment_id: UUID, attempt_id: UUID, position: int
) -> HttpResponse:
    marker = check_signed_in(request.user)
    now = timezone.now()
    classroom = classroom_for(marker, public_id, STAFF_ROLES)
    assignment = selectors.assignment_in(classroom, assignment_id)
    place = selectors.marking_place(assignment, attempt_id, position)
    sitting = selectors.sitting_review(
        selectors.attempt_for(marker, attempt_id), is_staff=True, now=now
    )
    item = sitting.item(position)
    form = MarkForm(request.POST if request.method == "POST" else None, response=item.response)
    if form.is_valid():
        try:
            services.response_mark(
                response=item.response,
                marks=form.marks,
                ratio=form.ratio,
                comment=form.cleaned_data["comment"],
                expected_marked_at=form.cleaned_data["marked_at"],
                marker=marker,
                now=now,
            )
        except DomainError as error:
            refuse(form, error, {"ratio": "percent"})
        else:
            return _next(request, public_id, assignment_id, place.to_mark)
    context = {
        "classroom": classroom,
        "assignment": assignment,
        "place": place,
        "sitting": sitting,
        "item": item,
        "form": form,
    }
    return render(request, "quizzes/staff/mark.html", context)


def _next(
    request: HttpRequest,
    public_id: UUID,
    assignment_id: UUID,
    answer: selectors.MarkedAnswer | None,
) -> HttpResponse:
    if answer is None:
        messages.success(request, _("The mark is saved. Nothing waits any more."))
        return redirect("quizzes:marking", public_id, assignment_id)
    messages.success(request, _("The mark is saved. This is the next answer."))
    return redirect("quizzes:mark", public_id, assignment_id, answer.attempt_id, answer.position)
