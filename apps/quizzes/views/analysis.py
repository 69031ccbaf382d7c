from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.classrooms.enums import STAFF_ROLES
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page
from apps.quizzes import selectors


@page
def analysis(request: HttpRequest, public_id: UUID, assignment_id: UUID) -> HttpResponse:
    """What the answers tell of the quiz, for the staff of its class."""
    classroom = classroom_for(request.user, public_id, STAFF_ROLES)
    assignment = selectors.assignment_in(classroom, assignment_id)
    context = {
        "classroom": classroom,
        "assignment": assignment,
        "analysis": selectors.analysis_of(assignment),
    }
    return render(request, "quizzes/staff/analysis.html", context)
