"""Cards in and out, in Anki's text format."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.classrooms.views.pages import page, refuse
from apps.core.errors import DomainError
from apps.review import selectors, services
from apps.review.errors import TooOften
from apps.review.forms import ImportForm


@page
def cards_import(request: HttpRequest) -> HttpResponse:
    """A file, then what it would do, then the doing: three pages of one form."""
    user = check_signed_in(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    plan = None
    if request.method == "POST" and form.is_valid():
        try:
            _check_pace(request)
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


def _check_pace(request: HttpRequest) -> None:
    """Raises: TooOften, by settings.ACCOUNT_RATE_LIMITS["review_import"]."""
    user = check_signed_in(request.user)
    if not ratelimit.consume(request, action="review_import", user=user):
        raise TooOften(_("That was many files at once; go on in an hour."))


@page
def export(request: HttpRequest) -> HttpResponse:
    """The file itself; a page that offers it stands on the list of cards."""
    user = check_signed_in(request.user)
    exported = selectors.cards_exported(user, timezone.now())
    response = HttpResponse(exported.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="majlis-cards.txt"'
    return response
