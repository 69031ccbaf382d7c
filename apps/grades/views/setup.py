"""How a class's grades add up: categories, weights, what is dropped."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import action, page
from apps.core.errors import DomainError
from apps.grades import policies, selectors, services
from apps.grades.forms import CategoryForm, SetupForm, refuse
from apps.grades.models import GradeCategory


@page
def setup(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    form = SetupForm(
        request.POST if request.method == "POST" else None,
        categories=selectors.categories_of(classroom),
        items=selectors.weighed_items(classroom),
    )
    if form.is_valid():
        try:
            services.setup_save(
                classroom=classroom,
                categories=form.said("c"),
                items=form.said("i"),
                actor=user,
                now=timezone.now(),
            )
            messages.success(request, _("Everybody’s totals follow the new weights."))
            return redirect("grades:setup", public_id)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
    context = {"classroom": classroom, "form": form}
    return render(request, "grades/setup.html", context)


@page
def category_create(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    form = CategoryForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.category_save(
                category=GradeCategory(classroom=classroom),
                fields=form.cleaned_data,
                actor=user,
                now=timezone.now(),
            )
            messages.success(request, _("The category is made; choose what belongs to it."))
            return redirect("grades:setup", public_id)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
    return render(request, "grades/category_form.html", {"classroom": classroom, "form": form})


@action("grades:setup")
def category_delete(request: HttpRequest, public_id: UUID, category_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    classroom = classroom_for(user, public_id, policies.DECIDING)
    category = selectors.category_in(classroom, category_id)
    services.category_delete(category=category, actor=user, now=timezone.now())
    messages.success(request, _("The category is gone; its items count by themselves."))
    return redirect("grades:setup", public_id)
