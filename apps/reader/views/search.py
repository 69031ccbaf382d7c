from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.reader import selectors
from apps.reader.forms import SearchForm
from apps.reader.views.pages import page


@page
def search(request: HttpRequest, course: str) -> HttpResponse:
    wish = SearchForm(request.GET).understood()
    shown = selectors.search_page(
        course, query=wish["q"] or "", kind=wish["kind"] or "", page=wish["page"] or 1
    )
    context = {"page": shown, "course": shown.frame, "wish": wish}
    return render(request, "reader/search.html", context)
