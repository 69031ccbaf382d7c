from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.policies import check_signed_in
from apps.classrooms import selectors, services
from apps.classrooms.enums import STAFF_ROLES, Role
from apps.classrooms.forms import EnrolmentForm, PeopleForm
from apps.classrooms.models import Classroom, Enrolment
from apps.classrooms.views.pages import action, page, refuse
from apps.core.errors import DomainError


@page
def people(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = selectors.classroom_for(request.user, public_id, STAFF_ROLES)
    wish = PeopleForm(request.GET).understood()
    context = {
        "classroom": classroom,
        "tab": "people",
        "page": selectors.people_page(classroom, **wish),
        "wish": wish,
        "roles": Role.choices,
    }
    is_part = request.headers.get("HX-Target") == "members"
    template = "partials/_members.html" if is_part else "people.html"
    return render(request, f"classrooms/{template}", context)


@page
def roster_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    classroom = selectors.classroom_for(request.user, public_id, [Role.INSTRUCTOR])
    name = slugify(classroom.title) or "class"
    return HttpResponse(
        selectors.roster_file(classroom),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-people.csv"'},
    )


@page
def enrolment(request: HttpRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    user, classroom, row = _asked(request, public_id, person_id)
    form = EnrolmentForm(request.POST if request.method == "POST" else None, enrolment=row)
    if form.is_valid():
        try:
            services.enrolment_save(
                enrolment=row, actor=user, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return redirect("classrooms:people", public_id)
        except DomainError as error:
            refuse(form, error)
    context = {
        "classroom": classroom,
        "tab": "people",
        "enrolment": row,
        "form": form,
        "grants": selectors.grants_of(row),
    }
    return render(request, "classrooms/enrolment.html", context)


@action("classrooms:people")
def enrolment_remove(request: HttpRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    user, _classroom, row = _asked(request, public_id, person_id)
    services.enrolment_remove(enrolment=row, actor=user, now=timezone.now())
    messages.success(request, _("%(name)s is no longer in the class.") % {"name": row.user})
    if row.user == user:
        return redirect("classrooms:home")
    return redirect("classrooms:people", public_id)


@action("classrooms:people")
def enrolment_restore(request: HttpRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    user, classroom, row = _asked(request, public_id, person_id)
    services.enrolment_add(
        classroom=classroom, user=row.user, role=row.role, actor=user, now=timezone.now()
    )
    messages.success(request, _("%(name)s is in the class again.") % {"name": row.user})
    return redirect("classrooms:people", public_id)


def _asked(
    request: HttpRequest, public_id: UUID, person_id: UUID
) -> tuple[User, Classroom, Enrolment]:
    """Who asks, their class, and the person of it; an instructor alone gets that far."""
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    return user, classroom, selectors.enrolment_in(classroom, person_id)
