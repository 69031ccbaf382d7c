"""One column: its marks, who sees it; and one student's grade in it, with its ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.policies import check_signed_in
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import action, page
from apps.core.errors import DomainError
from apps.grades import policies, selectors, services
from apps.grades.enums import GradeEventKind
from apps.grades.errors import GradesChanged
from apps.grades.forms import DecisionForm, ItemForm, MarksForm, refuse
from apps.grades.models import CurrentGrade, GradeItem

_LABELS = {
    GradeEventKind.OVERRIDE: gettext_lazy("Let other points stand"),
    GradeEventKind.OVERRIDE_END: gettext_lazy("Let the source’s points stand again"),
    GradeEventKind.EXCUSE: gettext_lazy("Excuse: count it for nothing"),
    GradeEventKind.EXCUSE_END: gettext_lazy("Count it again"),
    GradeEventKind.CLEAR: gettext_lazy("Clear: back to no grade"),
}
_DEEDS: Mapping[str, Callable[..., Any]] = {
    GradeEventKind.OVERRIDE: services.grade_override,
    GradeEventKind.OVERRIDE_END: services.grade_override_end,
    GradeEventKind.EXCUSE: services.grade_excuse,
    GradeEventKind.EXCUSE_END: services.grade_excuse_end,
    GradeEventKind.CLEAR: services.grade_clear,
}


@page
def item_create(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, policies.DECIDING)
    return _item_form(request, public_id, GradeItem(classroom=classroom))


@page
def item_settings(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    classroom = classroom_for(request.user, public_id, policies.DECIDING)
    item = selectors.item_in(classroom, item_id)
    if not policies.is_entered_by_hand(item):
        raise Http404
    return _item_form(request, public_id, item)


@page
def item(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Every student's points; those of an item entered by hand can be entered here."""
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.SEEING)
    row = selectors.item_in(classroom, item_id)
    rows = selectors.grades_in(row)
    context = {"classroom": classroom, "item": row, "rows": rows}
    if policies.is_entered_by_hand(row):
        form = MarksForm(request.POST if request.method == "POST" else None, item=row, rows=rows)
        context["form"] = form
        if form.is_valid():
            try:
                services.marks_save(item=row, marks=form.marks(), actor=user, now=timezone.now())
                messages.success(request, _("The marks are saved."))
                return redirect("grades:item", public_id, item_id)
            except GradesChanged as error:
                form.refuse_changed(error)
            except DomainError as error:
                refuse(form, error)
    return render(request, "grades/item.html", context)


@action("grades:gradebook")
def item_release(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    row = selectors.item_in(classroom, item_id)
    services.item_release(item=row, actor=user, now=timezone.now())
    messages.success(request, _("Students see “%(title)s” now.") % {"title": row.title})
    return redirect("grades:item", public_id, item_id)


@action("grades:gradebook")
def item_hold(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    row = selectors.item_in(classroom, item_id)
    services.item_hold(item=row, actor=user, now=timezone.now())
    messages.success(request, _("Students no longer see “%(title)s”.") % {"title": row.title})
    return redirect("grades:item", public_id, item_id)


@action("grades:gradebook")
def item_delete(request: HttpRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Of a column that is entered by hand; an activity's goes with its activity."""
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    row = selectors.item_in(classroom, item_id)
    if not policies.is_entered_by_hand(row):
        raise Http404
    services.item_delete(item=row, actor=user, now=timezone.now())
    messages.success(request, _("“%(title)s” is taken away.") % {"title": row.title})
    return redirect("grades:gradebook", public_id)


@page
def grade(request: HttpRequest, public_id: UUID, item_id: UUID, person_id: UUID) -> HttpResponse:
    """One grade with all that happened to it; an instructor's POST decides about it."""
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.SEEING)
    is_instructor = classroom.viewer_enrolment.is_instructor
    if request.method == "POST" and not is_instructor:
        raise Http404
    row = selectors.item_in(classroom, item_id)
    person = selectors.student_in(classroom, person_id)
    current = selectors.grade_of(row, person.user_id)
    form = DecisionForm(
        request.POST if request.method == "POST" else None, kinds=_kinds(row, current)
    )
    if form.is_valid():
        said = form.cleaned_data
        points = {"points": said["points"]} if said["kind"] == GradeEventKind.OVERRIDE else {}
        try:
            _DEEDS[said["kind"]](
                item=row,
                student=person.user,
                reason=said["reason"],
                actor=user,
                now=timezone.now(),
                **points,
            )
            messages.success(request, _("It is done, and in the ledger."))
            return redirect("grades:grade", public_id, item_id, person_id)
        except DomainError as error:
            refuse(form, error)
    context = {
        "classroom": classroom,
        "item": row,
        "enrolment": person,
        "grade": current,
        "events": selectors.ledger(row, person.user),
        "form": form if is_instructor and form.fields["kind"].choices else None,  # type: ignore[attr-defined]
    }
    return render(request, "grades/grade.html", context)


def _kinds(item: GradeItem, current: CurrentGrade | None) -> list[tuple[str, Any]]:
    possible = {
        GradeEventKind.OVERRIDE: policies.may_override(item),
        GradeEventKind.OVERRIDE_END: policies.may_end_override(current),
        GradeEventKind.EXCUSE: policies.may_excuse(item, current),
        GradeEventKind.EXCUSE_END: policies.may_end_excuse(item, current),
        GradeEventKind.CLEAR: policies.may_clear(item, current),
    }
    return [(kind.value, _LABELS[kind]) for kind, is_possible in possible.items() if is_possible]


def _item_form(request: HttpRequest, public_id: UUID, item: GradeItem) -> HttpResponse:
    user = check_signed_in(request.user)
    form = ItemForm(request.POST if request.method == "POST" else None, item=item)
    if form.is_valid():
        try:
            saved = services.item_save(
                item=item, fields=form.cleaned_data, actor=user, now=timezone.now()
            )
            messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
            return redirect("grades:item", public_id, saved.public_id)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
    context = {"classroom": item.classroom, "item": item if item.pk else None, "form": form}
    return render(request, "grades/item_form.html", context)
