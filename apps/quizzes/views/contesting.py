"""A student objects to an item, with the passage that speaks for them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.views.pages import page
from apps.core.errors import DomainError
from apps.quizzes import policies, selectors, services
from apps.quizzes.enums import AttemptState
from apps.quizzes.errors import InvalidDraft
from apps.quizzes.forms.contests import ContestForm
from apps.quizzes.views.answering import posts


@page
def contest(request: HttpRequest, attempt_id: UUID, position: int) -> HttpResponse:
    student = check_signed_in(request.user)
    attempt = selectors.attempt_of(student, attempt_id)
    if attempt.state == AttemptState.OPEN or not policies.may_contest(attempt.assignment):
        raise Http404
    now = timezone.now()
    sitting = selectors.sitting_review(attempt, now=now)
    item = sitting.item(position)
    data = request.POST if request.method == "POST" else None
    form = ContestForm(data, course=attempt.quiz.course)
    if form.is_valid():
        item.response.attempt = attempt
        try:
            services.contest_open(
                response=item.response, **form.cleaned_data, student=student, now=now
            )
            messages.success(request, _("Your objection is with your instructor."))
            return redirect("quizzes:attempt-review", attempt_id)
        except InvalidDraft as error:
            for fault in error.faults:
                form.add_error(fault.path, fault.message)
        except DomainError as error:
            form.add_error(None, error.message)
    return render(request, "quizzes/contest.html", {"sitting": sitting, "item": item, "form": form})


@posts
def contest_withdraw(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    student = check_signed_in(request.user)
    contest = selectors.contest_of(student, contest_id)
    try:
        services.contest_withdraw(contest=contest, student=student, now=timezone.now())
        messages.success(request, _("Your objection is withdrawn."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("quizzes:attempt-review", contest.response.attempt.public_id)
