"""Objections and corrections: looked at by the staff of a class, decided by its instructors."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.policies import check_signed_in
from apps.classrooms.enums import STAFF_ROLES, Role
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page
from apps.core.errors import DomainError
from apps.quizzes import selectors, services
from apps.quizzes.forms.corrections import CorrectionForm
from apps.quizzes.forms.faults import refuse
from apps.quizzes.models import Correction


@page
def objections(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, STAFF_ROLES)
    context = {"classroom": classroom, "objections": selectors.objections_in(classroom)}
    return render(request, "quizzes/staff/objections.html", context)


@page
def objection(request: HttpRequest, public_id: UUID, contest_id: UUID) -> HttpResponse:
    """GET for all of the staff; POST decides, or looks at what a decision would change."""
    user = check_signed_in(request.user)
    now = timezone.now()
    classroom = classroom_for(user, public_id, STAFF_ROLES)
    contest = selectors.objection_in(classroom, contest_id)
    may_decide = classroom.viewer_enrolment.is_instructor
    if request.method == "POST" and not may_decide:
        raise Http404
    attempt = selectors.attempt_for(user, contest.response.attempt.public_id)
    sitting = selectors.sitting_review(attempt, is_staff=True, now=now)
    data = request.POST if request.method == "POST" else None
    question, assignment = contest.response.question, contest.response.attempt.assignment
    if assignment is None:  # practice is never contested
        raise Http404
    reach = selectors.correction_reach(question, assignment, user)
    form = CorrectionForm(data, question=question, reach=reach)
    context = {
        "classroom": classroom,
        "contest": contest,
        "sitting": sitting,
        "item": sitting.item(contest.response.position),
        "form": form,
        "may_decide": may_decide,
    }
    go = request.POST.get("go", "")
    if go == "decline":
        del form.fields["kind"]
        form.fields.pop("version", None)
        form.fields.pop("scope", None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            if go == "decline":
                services.contest_decline(
                    contest=contest, decision=said["reason"], instructor=user, now=now
                )
                messages.success(request, _("The objection is declined; the student reads why."))
                return redirect("quizzes:objections", public_id)
            if go == "accept":
                made = services.contest_accept(
                    contest=contest,
                    decision=said["reason"],
                    kind=said["kind"],
                    version=said["version"],
                    assignments=form.assignments,
                    instructor=user,
                    now=now,
                )
                messages.success(request, _said_of(made))
                return redirect("quizzes:objections", public_id)
            context["changes"] = services.correction_preview(
                question=question,
                kind=said["kind"],
                version=said["version"],
                assignments=form.assignments,
            )
        except DomainError as error:
            refuse(form, error, {"decision": "reason"})
    return render(request, "quizzes/staff/objection.html", context)


@page
def correction(
    request: HttpRequest, public_id: UUID, assignment_id: UUID, question_id: UUID
) -> HttpResponse:
    """Change how a question counts, here or wherever one may: first looked at, then done."""
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, [Role.INSTRUCTOR])
    assignment = selectors.assignment_in(classroom, assignment_id)
    question = selectors.question_asked_in(assignment, question_id)
    reach = selectors.correction_reach(question, assignment, user)
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, question=question, reach=reach)
    context = {
        "classroom": classroom,
        "assignment": assignment,
        "question": question,
        "form": form,
    }
    if form.is_valid():
        said = form.cleaned_data
        change = {"kind": said["kind"], "version": said["version"]}
        change["assignments"] = form.assignments
        try:
            if request.POST.get("go") == "apply":
                made = services.corrections_make(
                    question=question,
                    **change,
                    reason=said["reason"],
                    actor=user,
                    now=timezone.now(),
                )
                messages.success(request, _said_of(made))
                return redirect("quizzes:assignment", public_id, assignment_id)
            context["changes"] = services.correction_preview(question=question, **change)
        except DomainError as error:
            refuse(form, error)
    return render(request, "quizzes/staff/correction.html", context)


def _said_of(corrections: list[Correction]) -> str:
    count = sum(correction.changed_count for correction in corrections)
    return ngettext(
        "The question counts anew: %(count)d grade changed.",
        "The question counts anew: %(count)d grades changed.",
        count,
    ) % {"count": count}
