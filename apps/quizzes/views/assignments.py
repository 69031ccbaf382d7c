"""The quizzes of a class for its staff; who sets them is an instructor."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page
from apps.core.errors import DomainError
from apps.quizzes import selectors, services
from apps.quizzes.forms.assignments import NAMES, AssignmentCreateForm, AssignmentForm
from apps.quizzes.forms.faults import refuse
from apps.quizzes.models import Assignment
from apps.quizzes.views.answering import posts


def staff_list(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    quizzes = selectors.given_quizzes(classroom, timezone.now())
    return render(request, "quizzes/staff/list.html", {"classroom": classroom, "quizzes": quizzes})


def staff_detail(request: HttpRequest, classroom: Classroom, assignment_id: UUID) -> HttpResponse:
    given = selectors.given_quiz(classroom, assignment_id, timezone.now())
    context = {
        "classroom": classroom,
        "given": given,
        "students": selectors.student_lines(given.assignment),
        "items": selectors.item_lines(given.assignment),
    }
    return render(request, "quizzes/staff/detail.html", context)


@page
def assignment_create(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, [Role.INSTRUCTOR])
    with timezone.override(ZoneInfo(classroom.time_zone)):
        data = request.POST if request.method == "POST" else None
        form = AssignmentCreateForm(data, quizzes=selectors.quizzes_to_give(classroom))
        if form.is_valid():
            fields = form.fields_said()
            quiz = fields.pop("quiz")
            try:
                row = services.assignment_create(
                    classroom=classroom, quiz=quiz, fields=fields, actor=user, now=timezone.now()
                )
                messages.success(request, _("Prepared. Students see it once you publish it."))
                return redirect("quizzes:assignment", public_id, row.public_id)
            except DomainError as error:
                refuse(form, error, NAMES)
        return render(request, "quizzes/staff/form.html", {"classroom": classroom, "form": form})


@page
def assignment_settings(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom, assignment = _given(request, public_id, assignment_id)
    with timezone.override(ZoneInfo(classroom.time_zone)):
        form = AssignmentForm.of(assignment, request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                services.assignment_save(
                    assignment=assignment,
                    fields=form.fields_said(),
                    expected_revision=form.cleaned_data["revision"] or 0,
                    actor=user,
                    now=timezone.now(),
                )
                messages.success(request, _("The quiz is saved."))
                return redirect("quizzes:assignment", public_id, assignment_id)
            except DomainError as error:
                refuse(form, error, NAMES)
        context = {"classroom": classroom, "assignment": assignment, "form": form}
        return render(request, "quizzes/staff/form.html", context)


@posts
def assignment_publish(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    _classroom, assignment = _given(request, public_id, assignment_id)
    services.assignment_publish(assignment=assignment, actor=user, now=timezone.now())
    messages.success(request, _("The students of the class see the quiz now."))
    return redirect("quizzes:assignment", public_id, assignment_id)


@posts
def assignment_withdraw(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    _classroom, assignment = _given(request, public_id, assignment_id)
    services.assignment_withdraw(assignment=assignment, actor=user, now=timezone.now())
    messages.success(request, _("Students no longer see the quiz."))
    return redirect("quizzes:assignment", public_id, assignment_id)


@posts
def assignment_delete(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    _classroom, assignment = _given(request, public_id, assignment_id)
    services.assignment_delete(assignment=assignment, actor=user, now=timezone.now())
    messages.success(request, _("The quiz is taken away from the class."))
    return redirect("quizzes:assignments", public_id)


def _given(
    request: HttpRequest, public_id: UUID, assignment_id: UUID
) -> tuple[Classroom, Assignment]:
    """Raises: NotFound for everybody but the class's instructors."""
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, [Role.INSTRUCTOR])
    return classroom, selectors.assignment_in(classroom, assignment_id)
