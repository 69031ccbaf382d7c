"""Notes beside a lesson: what a script fetches, and a page that needs none."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.notes import selectors, services
from apps.notes.errors import InvalidNote
from apps.notes.forms import NoteForm
from apps.notes.models import Note
from apps.notes.selectors import LessonSeat
from apps.notes.views.places import is_script, refused


@page
def panel(request: HttpRequest, course: str, unit: str, lesson: str) -> HttpResponse:
    """One's notes and those of one's classes, for the script beside the lesson."""
    user = check_signed_in(request.user)
    seat = selectors.lesson_seat(user, course, unit, lesson)
    form = NoteForm(classes=seat.offered, sections=None, auto_id="notes-%s")
    context = {"page": selectors.lesson_notes(user, seat), "form": form, "reader": user}
    return render(request, "notes/partials/_panel.html", context)


@page
def lesson(request: HttpRequest, course: str, unit: str, lesson: str) -> HttpResponse:
    """The lesson's sections sentence by sentence, one's notes, and a form; POST takes a note."""
    user = check_signed_in(request.user)
    seat = selectors.lesson_seat(user, course, unit, lesson)
    if request.method == "POST" and is_script(request):
        return _take(request, seat)
    shown = selectors.lesson_sections(user, seat)
    first = {"kind": "note", "section": request.GET.get("section"), "edition": seat.edition_number}
    first["exact"] = shown.sentence(request.GET.get("section", ""), request.GET.get("sentence", ""))
    form = NoteForm(
        request.POST or None, classes=seat.offered, sections=shown.headings, initial=first
    )
    if form.is_valid():
        try:
            note = _create(request, seat, form)
            messages.success(request, _("Your note is kept."))
            return redirect(f"{_address(seat)}#note-{note.public_id}")
        except DomainError as error:
            refuse(form, error)
    return render(request, "notes/lesson.html", {"page": shown, "form": form})


def _take(request: HttpRequest, seat: LessonSeat) -> HttpResponse:
    form = NoteForm(request.POST, classes=seat.offered, sections=None)
    try:
        if not form.is_valid():
            faults = "; ".join(str(fault) for each in form.errors.values() for fault in each)
            raise InvalidNote(faults)
        note = _create(request, seat, form)
    except DomainError as error:
        return refused(error)
    return JsonResponse({"id": note.public_id}, status=201)


def _create(request: HttpRequest, seat: LessonSeat, form: NoteForm) -> Note:
    user = check_signed_in(request.user)
    given = form.cleaned_data
    check_pace(request, "note_write")
    return services.note_create(
        author=user,
        edition=selectors.edition_of(seat, given["edition"]),
        passage=form.passage,
        kind=given["kind"],
        body=given["body"],
        audience=selectors.audience_for(user, given["audience"]),
        client_id=given["client_id"],
        now=timezone.now(),
    )


def _address(seat: LessonSeat) -> str:
    return reverse("notes:lesson", args=seat.path)
