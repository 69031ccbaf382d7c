"""Lessons to take away. What a browser already has is not made again."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response

from apps.reader import downloads, selectors
from apps.reader.middleware import release_fingerprint
from apps.reader.views.pages import page


@page
def course_epub(request: HttpRequest, course: str) -> HttpResponse:
    version = selectors.download_version(course)
    return _answer(
        request, version, lambda: _epub(selectors.course_material(course), f"{course}.epub")
    )


@page
def lesson_epub(request: HttpRequest, course: str, unit: str, lesson: str) -> HttpResponse:
    version = selectors.download_version(course, unit, lesson)
    return _answer(
        request,
        version,
        lambda: _epub(selectors.lesson_material(course, unit, lesson), f"{lesson}.epub"),
    )


@page
def course_printable(request: HttpRequest, course: str) -> HttpResponse:
    version = selectors.download_version(course)
    return _answer(request, version, lambda: _printable(request, selectors.course_material(course)))


@page
def lesson_printable(request: HttpRequest, course: str, unit: str, lesson: str) -> HttpResponse:
    version = selectors.download_version(course, unit, lesson)
    return _answer(
        request,
        version,
        lambda: _printable(request, selectors.lesson_material(course, unit, lesson)),
    )


def _answer(request: HttpRequest, version: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """304 by the version alone, which is one row; else the download made anew."""
    parts = (request.path, version, translation.get_language(), release_fingerprint())
    digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=16)
    etag = f'"{digest.hexdigest()}"'
    response = get_conditional_response(request, etag=etag) or make()
    response.headers["ETag"] = etag
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _epub(material: downloads.Material, file: str) -> HttpResponse:
    content = downloads.epub_bytes(downloads.book(material))
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return HttpResponse(content, content_type=downloads.MEDIA_TYPE, headers=headers)


def _printable(request: HttpRequest, material: downloads.Material) -> HttpResponse:
    context = {"volume": downloads.printable(material), "course": material}
    return render(request, "reader/downloads/printable.html", context)
