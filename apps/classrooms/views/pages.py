"""What the views of this app, and of those above it, have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.views.pace import paced, too_often
from apps.classrooms.enums import Role
from apps.classrooms.models import Enrolment
from apps.core.errors import DomainError, NotFound, TooOften

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page for the signed-in: what they may not see is a 404, and no computer keeps it.

    Where check_pace has refused, the answer is a 429, whether or not the view shows its form again.
    """

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, **kwargs)
        except NotFound as error:
            raise Http404(error.message) from error
        except TooOften as error:
            return too_often(request, error)
        return paced(request, response)

    return never_cache(login_required(require_http_methods(["GET", "HEAD", "POST"])(shown)))


def action(back: str) -> Callable[[View], View]:
    """A button's view: POST alone, and a rule's no is said on the page `back`.

    back: a URL name that takes `public_id` where the button's own address has it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def done(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except NotFound as error:
                raise Http404(error.message) from error
            except TooOften as error:
                return too_often(request, error)
            except DomainError as error:
                messages.error(request, error.message)
                place = {key: kwargs[key] for key in ("public_id",) if key in kwargs}
                return redirect(back, **place)

        return never_cache(login_required(require_POST(done)))

    return decorate


def welcome(enrolment: Enrolment) -> str:
    """What somebody is told as they come into a class; students, what becomes of their marks."""
    greeting = _("Welcome to the class.")
    if enrolment.role != Role.STUDENT:
        return greeting
    if enrolment.classroom.keeps_marks:
        marks = _("If you have yourself erased one day, your marks here stay, under no name.")
    else:
        marks = _("If you have yourself erased one day, your marks here go with you.")
    return f"{greeting} {marks}"


def refuse(form: Form, error: DomainError) -> None:
    """Show a rule's no in the form, at the field that it names."""
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, error.message)
