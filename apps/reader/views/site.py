from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from apps.reader import selectors
from apps.reader.views.pages import page


@page
def about(request: HttpRequest) -> HttpResponse:
    """What this is, and under which licences its courses may be shared."""
    return render(request, "reader/about.html", {"page": selectors.home_page()})


@page
def language(request: HttpRequest) -> HttpResponse:
    """The one page of the reading room with a form that changes something."""
    wish = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wish, allowed_hosts=None)
    return render(request, "reader/language.html", {"next": wish if is_ours else "/"})
