"""The site as an app of the reader's device: manifest, worker, and what a course is made of.

Source: docs/decisions/0019-offline.md
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.accounts.models import User
from apps.reader import selectors
from apps.reader.middleware import release_fingerprint
from apps.reader.views.pages import page

# What an installed app is called under its picture, by the interface's language.
NAMES = {"en": "Majlis", "ru": "Маджлис", "ur": "مجلس"}
PAPER = "#fbf7ef"  # --paper of static/css/tokens.css
ICONS = (
    ("img/mark.svg", "any", "image/svg+xml", "any"),
    ("img/mark-whole.svg", "any", "image/svg+xml", "maskable"),
    ("img/mark-192.png", "192x192", "image/png", "any"),
    ("img/mark-512.png", "512x512", "image/png", "any"),
    ("img/mark-whole-512.png", "512x512", "image/png", "maskable"),
)
# What the offline page needs, and what the pages of a course need besides.
_SHELL = (
    *(f"css/{name}.css" for name in ("tokens", "base", "chrome", "parts", "reader", "cover")),
    "css/print.css",
    *(f"js/{name}.js" for name in ("theme", "device", "site", "offline")),
    "img/mark.svg",
)
_COURSE = (
    *(f"css/{name}.css" for name in ("edition", "forms", "lesson", "map", "notes", "timeline")),
    *(f"js/{name}.js" for name in ("lesson", "notes", "reading", "copy")),
)


@page
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """The web app manifest (W3C, Web Application Manifest) in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        content = {
            "id": "/",
            "name": NAMES.get(language, settings.SITE_NAME),
            "short_name": NAMES.get(language, settings.SITE_NAME),
            "description": _("Scholarly articles as courses, to read offline too."),
            "lang": language,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "start_url": reverse("reader:home"),
            "scope": "/",
            "display": "standalone",
            "theme_color": PAPER,
            "background_color": PAPER,
            "icons": [
                {"src": static(file), "sizes": sizes, "type": kind, "purpose": purpose}
                for file, sizes, kind, purpose in ICONS
            ],
        }
    return _tagged(
        request,
        release_fingerprint(),
        lambda: JsonResponse(content, content_type="application/manifest+json"),
    )


@page
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its file under what it is to know of this release.

    A browser compares the bytes, so each release is another worker, which keeps its shell anew.
    """
    return _tagged(request, release_fingerprint(), lambda: _script(_worker_source()))


@page
def offline(request: HttpRequest) -> HttpResponse:
    """What stands in for a page that cannot be reached: the courses kept on the device."""
    return render(request, "reader/offline.html")


@page
def offline_list(request: HttpRequest, course: str) -> HttpResponse:
    """The addresses of all that a course is made of.  Queries: 1; then 7, and 2 with figures."""
    version = selectors.download_version(course)
    return _tagged(request, version, lambda: JsonResponse(_list_of(selectors.kept_course(course))))


@never_cache
@page
def device(request: HttpRequest) -> HttpResponse:
    """Who is signed in on the device that asks, and the token for what it has to send."""
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"reader": None})
    return JsonResponse({"reader": user.public_id.hex, "token": get_token(request)})


def _list_of(kept: selectors.KeptCourse) -> dict[str, Any]:
    pages = [
        {
            "url": reverse(f"reader:{each.name}", kwargs=each.kwargs),
            "version": each.version,
            "bytes": each.size_bytes,
        }
        for each in kept.pages
    ]
    files = [{"url": static(file), "bytes": _size_of(file)} for file in (*_SHELL, *_COURSE)]
    files += [{"url": address, "bytes": size} for address, size in kept.figures]
    lessons = [each.kwargs for each in kept.pages if each.name == "lesson"]
    return {
        "course": kept.frame.slug,
        "title": kept.frame.title,
        "language": kept.frame.language,
        "direction": kept.frame.direction,
        "version": _version(kept.frame.version),
        "bytes": sum(each["bytes"] for each in (*pages, *files)),
        "pages": pages,
        "files": files,
        # A reader's own, for who is signed in: never part of what is kept for everybody.
        "own": [
            reverse("learning:progress", args=[kept.frame.slug]),
            *(reverse("notes:panel", kwargs=lesson) for lesson in lessons),
        ],
    }


def _version(version: str) -> str:
    """Another when the course, the release or the language of the interface is another."""
    return f"{version}.{release_fingerprint()}.{translation.get_language()}"


@cache
def _size_of(file: str) -> int:
    return (settings.BASE_DIR / "static" / file).stat().st_size


def _worker_source() -> str:
    known = {
        "release": release_fingerprint(),
        "offline": reverse("reader:offline"),
        "shell": [static(file) for file in _SHELL],
        "statics": settings.STATIC_URL,
    }
    source = (settings.BASE_DIR / "static/js/worker.js").read_text()
    return f"const SITE = {json.dumps(known)};\n{source}"


def _script(source: str) -> HttpResponse:
    return HttpResponse(source, content_type="text/javascript; charset=utf-8")


def _tagged(request: HttpRequest, version: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """304 by the version alone; else made anew. Asked again each time, as the tag costs little."""
    digest = hashlib.blake2b(f"{request.path}\n{_version(version)}".encode(), digest_size=16)
    etag = f'"{digest.hexdigest()}"'
    response: HttpResponse = get_conditional_response(request, etag=etag) or make()
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response
