from django.http import HttpRequest, HttpResponse

from apps.reader import selectors
from apps.reader.forms import TimelineForm
from apps.reader.views.pages import page, published


@page
def glossary(request: HttpRequest, course: str) -> HttpResponse:
    frame, letters = selectors.glossary(course)
    context = {"course": frame, "letters": letters}
    return published(request, "reader/glossary.html", frame.version, context)


@page
def term(request: HttpRequest, course: str, slug: str) -> HttpResponse:
    shown = selectors.term_page(course, slug)
    context = {"page": shown, "course": shown.frame}
    return published(request, "reader/term.html", shown.frame.version, context)


@page
def timeline(request: HttpRequest, course: str) -> HttpResponse:
    wish = TimelineForm(request.GET).understood()
    shown = selectors.timeline(
        course, actor=wish["actor"] or "", first_year=wish["first"], last_year=wish["last"]
    )
    context = {"page": shown, "course": shown.frame, "wish": wish}
    return published(request, "reader/timeline.html", shown.frame.version, context)


@page
def actors(request: HttpRequest, course: str) -> HttpResponse:
    frame, kinds = selectors.actors_by_kind(course)
    context = {"course": frame, "kinds": kinds}
    return published(request, "reader/actors.html", frame.version, context)


@page
def actor(request: HttpRequest, course: str, slug: str) -> HttpResponse:
    shown = selectors.actor_page(course, slug)
    context = {"page": shown, "course": shown.frame}
    return published(request, "reader/actor.html", shown.frame.version, context)


@page
def map_of_places(request: HttpRequest, course: str) -> HttpResponse:
    shown = selectors.map_page(course)
    context = {"page": shown, "course": shown.frame}
    return published(request, "reader/map.html", shown.frame.version, context)
