"""Cards in and out, in Anki's text format."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.review import selectors, services
from apps.review.forms import ImportForm


@page
def cards_import(request: HttpRequest) -> HttpResponse:
    """A file, then what it would do, then the doing: three pages of one form."""
    user = check_signed_in(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    plan = None
    if request.method == "POST" and form.is_valid():
        try:
            check_pace(request, "review_import")
            if "confirmed" in request.POST:
                return _import(request, form)
            plan = services.plan_checked(user, form.cleaned_data["text"])
        except DomainError as error:
            refuse(form, error)
    return render(request, "review/import.html", {"form": form, "plan": plan})


def _import(request: HttpRequest, form: ImportForm) -> HttpResponse:
    done = services.cards_import(
        owner=check_signed_in(request.user),
        text=form.cleaned_data["text"],
        course=form.cleaned_data["course"],
        now=timezone.now(),
    )
    said = {"new": done.new, "changed": done.changed}
    messages.success(request, _("Imported: %(new)d new, %(changed)d changed.") % said)
    return redirect("review:cards")


@page
def export(request: HttpRequest) -> HttpResponse:
    """The file itself; a page that offers it stands on the list of cards."""
    user = check_signed_in(request.user)
    check_pace(request, "export")
    exported = selectors.cards_exported(user, timezone.now())
    response = HttpResponse(exported.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="majlis-cards.txt"'
    return response
