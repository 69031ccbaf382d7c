"""All of a person's notes: to search, change, delete and take along."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.notes import selectors, services
from apps.notes.errors import NoteChanged
from apps.notes.forms import ChangeForm, FilterForm
from apps.notes.models import Note
from apps.notes.notebook import as_markdown


@page
def mine(request: HttpRequest) -> HttpResponse:
    """Every note of one's own, searched and filtered, a page at a time."""
    user = check_signed_in(request.user)
    form = FilterForm(request.GET)
    form.offer(selectors.my_lessons(user))
    shown = selectors.my_notes(user, form.asked, page=request.GET.get("page"))
    return render(request, "notes/mine.html", {"page": shown, "form": form})


@page
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, as one Markdown file."""
    user = check_signed_in(request.user)
    check_pace(request, "export")
    form = FilterForm(request.GET)
    form.offer(selectors.my_lessons(user))
    text = as_markdown(
        _("My notes"),
        selectors.notebook_of(user, form.asked),
        host=settings.SITE_URL,
        open_words=_("to the passage"),
    )
    return HttpResponse(
        text,
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="notes.md"'},
    )


@page
def edit(request: HttpRequest, note_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    note = selectors.note_for(user, note_id)
    current = selectors.audience_value(note)
    form = ChangeForm(
        request.POST or None,
        classes=selectors.classes_offered(user, note),
        initial={
            "kind": note.kind,
            "body": note.body,
            "audience": current,
            "shown": services.words_mark(note.body),
        },
    )
    elsewhere = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            check_pace(request, "note_edit")
            is_same = given["audience"] == current
            services.note_update(
                note=note,
                kind=given["kind"] if given["kind"] != note.kind else None,
                body=given["body"],
                audience=None if is_same else selectors.audience_for(user, given["audience"]),
                shown=given["shown"] or None,
                now=timezone.now(),
            )
            messages.success(request, _("Your note is changed."))
            return redirect(_back(request, note))
        except NoteChanged as error:
            refuse(form, error)
            # Both texts stand on the page now: the next "Keep it" is by somebody who saw both.
            elsewhere = error.body
            form.data = {**request.POST.dict(), "shown": services.words_mark(elsewhere)}
        except DomainError as error:
            refuse(form, error)
    context = {"note": note, "form": form, "back_url": _back(request, note)}
    context["elsewhere"] = elsewhere
    return render(request, "notes/edit.html", context)


@page
def delete(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Asks once, then deletes for good."""
    note = selectors.note_for(check_signed_in(request.user), note_id)
    back = _back(request, note)
    if request.method == "POST":
        services.note_delete(note=note, now=timezone.now())
        messages.success(request, _("Your note is deleted."))
        return redirect(back)
    return render(request, "notes/delete.html", {"note": note, "back_url": back})


def _back(request: HttpRequest, note: Note) -> str:
    """To the lesson for those who came from it (`?from=lesson`), else to the list."""
    lesson = selectors.section_url(note) if request.GET.get("from") == "lesson" else ""
    return lesson or reverse("notes:mine")
