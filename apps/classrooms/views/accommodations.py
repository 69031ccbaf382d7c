from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms import selectors, services
from apps.classrooms.enums import Role
from apps.classrooms.forms import AccommodationCreateForm, AccommodationForm
from apps.classrooms.models import Accommodation, Classroom, Enrolment
from apps.classrooms.views.pages import action, page, refuse
from apps.core.errors import DomainError


@page
def accommodation_create(request: HttpRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    """GET may name an activity: ?activity=<public id>."""
    classroom, row = _person(request, public_id, person_id)
    activities = selectors.activities_of(classroom)
    wanted = request.GET.get("activity", "")
    chosen = next((each.public_id for each in activities if str(each.public_id) == wanted), None)
    with timezone.override(ZoneInfo(classroom.time_zone)):
        form = AccommodationCreateForm(
            request.POST if request.method == "POST" else None,
            activities=activities,
            activity_id=chosen,
        )
        return _answer(request, classroom, row, form)


@page
def accommodation(
    request: HttpRequest, public_id: UUID, person_id: UUID, accommodation_id: UUID
) -> HttpResponse:
    classroom, row = _person(request, public_id, person_id)
    shown = selectors.accommodation_in(row, accommodation_id)
    with timezone.override(ZoneInfo(classroom.time_zone)):
        form = AccommodationForm(
            request.POST if request.method == "POST" else None, accommodation=shown
        )
        return _answer(request, classroom, row, form, shown)


@action("classrooms:people")
def accommodation_delete(
    request: HttpRequest, public_id: UUID, person_id: UUID, accommodation_id: UUID
) -> HttpResponse:
    _classroom, row = _person(request, public_id, person_id)
    services.accommodation_delete(
        accommodation=selectors.accommodation_in(row, accommodation_id),
        actor=check_signed_in(request.user),
        now=timezone.now(),
    )
    messages.success(request, _("From now on everybody’s rule holds."))
    return redirect("classrooms:enrolment", public_id, person_id)


def _answer(
    request: HttpRequest,
    classroom: Classroom,
    row: Enrolment,
    form: AccommodationForm,
    shown: Accommodation | None = None,
) -> HttpResponse:
    """Save what is right, or show the form.  shown: None for a new one."""
    if form.is_valid():
        fields = form.cleaned_data
        activity_id = fields.pop("activity", shown.activity_id if shown else None)
        try:
            services.accommodation_save(
                enrolment=row,
                activity_id=activity_id,
                fields=fields,
                actor=check_signed_in(request.user),
                now=timezone.now(),
            )
            messages.success(request, _("Saved."))
            return redirect("classrooms:enrolment", classroom.public_id, row.public_id)
        except DomainError as error:
            refuse(form, error)
    context = {
        "classroom": classroom,
        "tab": "people",
        "enrolment": row,
        "form": form,
        "accommodation": shown,
    }
    return render(request, "classrooms/accommodation.html", context)


def _person(request: HttpRequest, public_id: UUID, person_id: UUID) -> tuple[Classroom, Enrolment]:
    """A class and one of its people, for its instructors."""
    classroom = selectors.classroom_for(request.user, public_id, [Role.INSTRUCTOR])
    return classroom, selectors.enrolment_in(classroom, person_id)
