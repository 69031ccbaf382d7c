"""A student's own pages: where they stand, and what is next."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.views.pages import page
from apps.learning import selectors, services


@page
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    shown = selectors.home_of(check_signed_in(request.user), now)
    return render(request, "learning/home.html", {"page": shown, "now": now})


@page
def course(request: HttpRequest, course: str) -> HttpResponse:
    shown = selectors.course_page(check_signed_in(request.user), course, timezone.now())
    return render(request, "learning/course.html", {"page": shown, "course": shown.course})


@page
def lesson_read(request: HttpRequest, course: str, unit: str, lesson: str) -> HttpResponse:
    """“I have read it”, and the way back."""
    reader = check_signed_in(request.user)
    row = selectors.lesson_published(course, unit, lesson)
    if request.method == "POST" and request.POST.get("is_read") == "1":
        services.lesson_declare(reader=reader, lesson=row, now=timezone.now())
        messages.success(request, _("Marked as read: %(lesson)s") % {"lesson": row.title})
    elif request.method == "POST":
        services.lesson_retract(reader=reader, lesson=row, now=timezone.now())
        messages.success(request, _("No longer marked as read: %(lesson)s") % {"lesson": row.title})
    return redirect("learning:course", course)
