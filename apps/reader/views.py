"""The reading room's pages: HTTP in, HTML out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reader/home.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "reader/about.html")


@require_safe
def language(request: HttpRequest) -> HttpResponse:
    """The one page of the reading room with a form that changes something: the language."""
    wish = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wish, allowed_hosts=None)
    return render(request, "reader/language.html", {"next": wish if is_ours else "/"})
