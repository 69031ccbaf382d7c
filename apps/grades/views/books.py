"""The gradebook, what is taken from it and brought to it, and a student's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import ngettext

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.classrooms.forms import ListForm
from apps.classrooms.models import Classroom
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import action, page
from apps.core.errors import DomainError
from apps.grades import policies, selectors, services, sheets
from apps.grades.forms import SheetConfirmForm, refuse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page
def gradebook(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, policies.SEEING)
    wish = request.GET.get("q", "")[:100]
    context = {
        "classroom": classroom,
        "book": selectors.gradebook(classroom, name=wish),
        "wish": wish,
    }
    return render(request, "grades/gradebook.html", context)


@page
def mine(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.LEARNING)
    context = {"classroom": classroom, "report": selectors.grades_of(user, classroom)}
    return render(request, "grades/mine.html", context)


@page
def student(request: HttpRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, policies.SEEING)
    row = selectors.student_in(classroom, person_id)
    context = {
        "classroom": classroom,
        "enrolment": row,
        "report": selectors.grades_for_staff(row.user, classroom),
    }
    return render(request, "grades/student.html", context)


@action("grades:gradebook")
def release_all(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    count = services.items_release(classroom=classroom, actor=user, now=timezone.now())
    words = ngettext("%(count)d item is released.", "%(count)d items are released.", count)
    messages.success(request, words % {"count": count})
    return redirect("grades:gradebook", public_id)


@page
def export_csv(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, policies.SEEING)
    check_pace(request, "export")
    table = selectors.gradebook_table(classroom)
    return _file(classroom, sheets.csv_of(table), "text/csv; charset=utf-8", "csv")


@page
def export_xlsx(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, policies.SEEING)
    check_pace(request, "export")
    table = selectors.gradebook_table(classroom)
    return _file(classroom, sheets.xlsx_of(classroom.title, table), XLSX, "xlsx")


@page
def marks_import(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A list is looked at first; the same address records it when it comes back confirmed."""
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.MARKING)
    is_confirmed = "token" in request.POST
    form: ListForm | SheetConfirmForm = ListForm()
    if request.method == "POST":
        kind = SheetConfirmForm if is_confirmed else ListForm
        form = kind(request.POST, request.FILES)
    context: dict[str, Any] = {"classroom": classroom, "form": form}
    if form.is_valid():
        text = form.cleaned_data["text"]
        if is_confirmed:
            try:
                count = services.marks_import(
                    classroom=classroom,
                    text=text,
                    token=form.cleaned_data["token"],
                    actor=user,
                    now=timezone.now(),
                )
                words = ngettext(
                    "%(count)d mark is recorded.", "%(count)d marks are recorded.", count
                )
                messages.success(request, words % {"count": count})
                return redirect("grades:gradebook", public_id)
            except DomainError as error:
                refuse(form, error)
        plan = selectors.marks_plan(classroom, text)
        confirm = SheetConfirmForm(initial={"text": text, "token": plan.token})
        context |= {"plan": plan, "confirm": confirm}
    return render(request, "grades/import.html", context)


def _file(classroom: Classroom, body: str | bytes, kind: str, ending: str) -> HttpResponse:
    name = slugify(classroom.title) or "class"
    return HttpResponse(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}-grades.{ending}"'},
    )
