from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.classrooms import selectors, services
from apps.classrooms.enums import Role
from apps.classrooms.errors import RosterRefused
from apps.classrooms.forms import InvitationForm, ListForm, RosterConfirmForm
from apps.classrooms.views.pages import action, page, refuse, welcome
from apps.core.errors import DomainError


@page
def invite(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            check_pace(request, "classroom_invite")
            row = services.invitation_create(
                classroom=classroom, actor=user, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("A letter goes to %(email)s.") % {"email": row.email})
            return redirect("classrooms:people", public_id)
        except DomainError as error:
            refuse(form, error)
    context = {"classroom": classroom, "tab": "people", "form": form}
    return render(request, "classrooms/invite.html", context)


@page
def roster_import(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Shows what a list would do, and at the second POST, of the list itself, does it."""
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    context = {"classroom": classroom, "tab": "people", "form": ListForm()}
    if request.method != "POST":
        return render(request, "classrooms/import.html", context)
    if "confirm" in request.POST:
        return _take(request, context)
    context["form"] = form = ListForm(request.POST, request.FILES)
    if form.is_valid():
        text = form.cleaned_data["text"]
        context["plan"] = selectors.roster_plan(classroom, text)
        context["confirmation"] = RosterConfirmForm(initial={"text": text})
    return render(request, "classrooms/import.html", context)


def _take(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The list of a preview, worked out again from its text."""
    user, classroom = check_signed_in(request.user), context["classroom"]
    confirmation = RosterConfirmForm(request.POST)
    if confirmation.is_valid():
        text = confirmation.cleaned_data["text"]
        try:
            services.enrolments_import(
                classroom=classroom, text=text, actor=user, now=timezone.now()
            )
            messages.success(request, _("The list is taken. Letters go to whoever is new."))
            return redirect("classrooms:people", classroom.public_id)
        except RosterRefused:
            context["plan"] = selectors.roster_plan(classroom, text)
        except DomainError as error:
            messages.error(request, error.message)
    return render(request, "classrooms/import.html", context)


@action("classrooms:people")
def invitation_withdraw(request: HttpRequest, public_id: UUID, invitation_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    row = selectors.invitation_in(classroom, invitation_id)
    services.invitation_withdraw(invitation=row, actor=user, now=timezone.now())
    messages.success(request, _("The invitation is taken back."))
    return redirect("classrooms:people", public_id)


@action("classrooms:home")
def invitation_accept(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    row = selectors.invitation_for(user, invitation_id)
    enrolment = services.invitation_accept(invitation=row, user=user, now=timezone.now())
    messages.success(request, welcome(enrolment))
    return redirect("classrooms:classroom", enrolment.classroom.public_id)


@action("classrooms:home")
def invitation_decline(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    row = selectors.invitation_for(user, invitation_id)
    services.invitation_decline(invitation=row, user=user, now=timezone.now())
    messages.success(request, _("You have declined the invitation."))
    return redirect("classrooms:home")
