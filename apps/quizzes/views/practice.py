from django.http import HttpRequest, HttpResponse

from apps.core.errors import NotFound


def response_check(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def practices(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def practice(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def practice_start(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")
