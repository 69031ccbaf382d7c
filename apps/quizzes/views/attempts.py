from django.http import HttpRequest, HttpResponse

from apps.core.errors import NotFound


def assignment_start(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def attempt(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def attempt_save(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def attempt_confirm(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def attempt_submit(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def attempt_review(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")


def hint_take(request: HttpRequest, **names: object) -> HttpResponse:
    raise NotFound("")
