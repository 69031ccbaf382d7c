"""What a class shares, what confuses it, and what its staff hide."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.enums import STAFF_ROLES
from apps.classrooms.selectors import classroom_for
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.notes import selectors, services
from apps.notes.forms import FilterForm, ReasonForm


@page
def class_notes(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What its members share with the class."""
    classroom = classroom_for(request.user, public_id)
    form = FilterForm(request.GET)
    form.offer(selectors.class_lessons(classroom))
    shown = selectors.class_notes(classroom, form.asked, page=request.GET.get("page"))
    context = {"classroom": classroom, "page": shown, "form": form}
    return render(request, "notes/class.html", context)


@page
def confusions(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What confused how many, for staff."""
    classroom = classroom_for(request.user, public_id, STAFF_ROLES)
    context = {"classroom": classroom, "sections": selectors.confusions_page(classroom)}
    return render(request, "notes/confusions.html", context)


@page
def hide(request: HttpRequest, public_id: UUID, note_id: UUID) -> HttpResponse:
    """Take a note from the class, with a reason that its author sees."""
    classroom = classroom_for(request.user, public_id, STAFF_ROLES)
    note = selectors.shared_note_for(classroom, note_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            services.note_hide(
                note=note,
                actor=check_signed_in(request.user),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
            messages.success(request, _("The note is hidden; its author sees why."))
            return redirect("notes:class", public_id)
        except DomainError as error:
            refuse(form, error)
    context = {"classroom": classroom, "note": note, "form": form}
    return render(request, "notes/hide.html", context)


@page
def show(request: HttpRequest, public_id: UUID, note_id: UUID) -> HttpResponse:
    """POST gives a hidden note back to the class; by GET it leads to the list."""
    classroom = classroom_for(request.user, public_id, STAFF_ROLES)
    note = selectors.shared_note_for(classroom, note_id)
    if request.method == "POST":
        try:
            services.note_show(note=note, actor=check_signed_in(request.user), now=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("notes:class", public_id)
