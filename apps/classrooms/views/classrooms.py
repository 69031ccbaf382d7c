from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.classrooms import policies, selectors, services
from apps.classrooms.enums import Role
from apps.classrooms.forms import ClassroomCreateForm, ClassroomForm, JoinForm, join_initial
from apps.classrooms.views.pages import action, page, refuse, welcome
from apps.core.errors import DomainError


@page
def home(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    context = {"page": selectors.my_classes(user), "form": JoinForm()}
    return render(request, "classrooms/home.html", context)


@page
def join(request: HttpRequest) -> HttpResponse:
    """GET shows the code of a link and changes nothing; POST joins."""
    user = check_signed_in(request.user)
    if request.method != "POST":
        form = JoinForm(initial=join_initial(request.GET.get("code", "")[:40]))
        return render(request, "classrooms/join.html", {"form": form})
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            check_pace(request, "classroom_join")
            row = services.classroom_join(
                code=form.cleaned_data["code"], user=user, now=timezone.now()
            )
            messages.success(request, welcome(row))
            return redirect("classrooms:classroom", row.classroom.public_id)
        except DomainError as error:
            form.add_error("code", error.message)
    return render(request, "classrooms/join.html", {"form": form})


@page
def create(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    if not policies.may_create_classes(user):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ClassroomCreateForm(data, user=user, offered=selectors.courses_offered(user))
    if form.is_valid():
        fields = form.cleaned_data
        school, course = fields.pop("course")
        try:
            classroom = services.classroom_create(
                school=school, course=course, fields=fields, actor=user, now=timezone.now()
            )
            return redirect("classrooms:classroom", classroom.public_id)
        except DomainError as error:
            refuse(form, error)
    return render(request, "classrooms/create.html", {"form": form})


@page
def classroom(request: HttpRequest, public_id: UUID) -> HttpResponse:
    shown = selectors.classroom_for(request.user, public_id)
    context = {
        "classroom": shown,
        "tab": "overview",
        "page": selectors.overview(shown, timezone.now()),
    }
    return render(request, "classrooms/overview.html", context)


@page
def settings(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    form = ClassroomForm.of(classroom, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.classroom_save(
                classroom=classroom, fields=form.cleaned_data, actor=user, now=timezone.now()
            )
            messages.success(request, _("The settings are saved."))
            return redirect("classrooms:settings", public_id)
        except DomainError as error:
            refuse(form, error)
    code = selectors.join_code_of(classroom, timezone.now())
    context = {"classroom": classroom, "tab": "settings", "form": form, "code": code}
    return render(request, "classrooms/settings.html", context)


@action("classrooms:settings")
def archive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    services.classroom_archive(classroom=classroom, actor=user, now=timezone.now())
    messages.success(request, _("The class has ended. It stays here to be read."))
    return redirect("classrooms:settings", public_id)


@action("classrooms:settings")
def unarchive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    services.classroom_unarchive(classroom=classroom, actor=user, now=timezone.now())
    messages.success(request, _("The class runs again."))
    return redirect("classrooms:settings", public_id)


@action("classrooms:settings")
def code_renew(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    services.join_code_renew(classroom=classroom, actor=user, now=timezone.now())
    messages.success(request, _("There is a new join code; the old one opens nothing any more."))
    return redirect("classrooms:settings", public_id)


@action("classrooms:settings")
def code_close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = selectors.classroom_for(user, public_id, [Role.INSTRUCTOR])
    services.join_code_close(classroom=classroom, actor=user, now=timezone.now())
    messages.success(request, _("The join code is closed."))
    return redirect("classrooms:settings", public_id)
