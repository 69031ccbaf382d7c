from django.http import HttpRequest, HttpResponse

from apps.core.errors import NotFound


def assignments(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def assignment(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")
