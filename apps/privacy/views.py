from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.privacy import selectors


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/kept.html", {"holdings": selectors.holdings()})
