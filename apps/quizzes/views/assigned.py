"""The quizzes of a class: for its students here, for its staff in views/assignments.py."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.accounts.policies import check_signed_in
from apps.classrooms.enums import Role
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page
from apps.quizzes import selectors, services
from apps.quizzes.views import assignments as staff
from apps.quizzes.views.answering import posts


@page
def assignments(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id)
    if classroom.viewer_enrolment.is_staff:
        return staff.staff_list(request, classroom)
    quizzes = selectors.assigned_quizzes(classroom, user, timezone.now())
    context = {"classroom": classroom, "quizzes": quizzes}
    return render(request, "quizzes/assignments.html", context)


@page
def assignment(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id)
    if classroom.viewer_enrolment.is_staff:
        return staff.staff_detail(request, classroom, assignment_id)
    assigned = selectors.assigned_quiz(classroom, user, assignment_id, timezone.now())
    context = {
        "classroom": classroom,
        "assigned": assigned,
        "instructions": selectors.instructions_html(assigned.assignment, classroom.course),
    }
    return render(request, "quizzes/assignment.html", context)


@posts
def assignment_start(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    student = check_signed_in(request.user)
    classroom = classroom_for(student, public_id, [Role.STUDENT])
    now = timezone.now()
    assigned = selectors.assigned_quiz(classroom, student, assignment_id, now)
    attempt = services.assignment_start(assignment=assigned.assignment, student=student, now=now)
    return redirect("quizzes:attempt", attempt.public_id)
