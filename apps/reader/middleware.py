"""Answer the reading room's pages from stored bytes, at the price of one row.

Stands right after WhiteNoise. What it does not know how to answer goes down the whole stack.
Source: docs/decisions/0010-published-pages.md
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any

import django
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import Resolver404, get_urlconf, resolve
from django.utils import translation
from django.utils.http import parse_etags

from apps.accounts.models import User
from apps.reader import selectors
from apps.reader.published import Encoding, Page, PageStore, Piece

# Pages that are the same for everybody but for the account slot: no form, no message, no search.
PUBLISHED = frozenset(
    {
        "home",
        "course",
        "lesson",
        "source",
        "paragraph",
        "bibliography",
        "reference",
        "glossary",
        "term",
        "timeline",
        "actors",
        "actor",
        "map",
    }
)
MAX_BYTES = 16 * 1024 * 1024  # about 1,000 lessons in each process
# A response's own: its length and coding, its request's id, and what it says about keeping it.
_NOT_STORED = frozenset({"content-length", "content-encoding", "x-request-id", "etag", "vary"})
VARY = "Accept-Encoding, Accept-Language, Cookie"


class PublishedPageMiddleware:
    """One row tells the page's version; then a 304, or stored bytes with their stored headers.

    Below this middleware a published page is always made for a visitor who is not signed in, so
    that nothing personal can be stored. Who is signed in gets the same bytes with their account
    slot in it. Queries: 1, and 2 for session and person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed("In development a template may change while the site runs.")
        self.get_response = get_response
        self.sessions = SessionMiddleware(get_response)
        self.pages = PageStore(MAX_BYTES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        target = _target(request.path_info, get_urlconf() or settings.ROOT_URLCONF)
        if (
            target is None
            or request.method not in {"GET", "HEAD"}
            or request.META.get("QUERY_STRING")
            or "messages" in request.COOKIES  # shown once, by a page of its own
        ):
            return self.get_response(request)
        request.get_host()  # a forged Host is refused here as it is further down
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        reader = selectors.reader_of(key) if key else None
        if reader or not key:
            return self.answer(request, target, reader)
        # Not plainly somebody's session: Django decides, and takes back a cookie that is none.
        self.sessions.process_request(request)
        user = get_user(request)
        response = self.answer(request, target, user if isinstance(user, User) else None)
        return self.sessions.process_response(request, response)

    def answer(self, request: HttpRequest, target: Target, user: User | None) -> HttpResponse:
        language = user.language if user else translation.get_language_from_request(request)
        slot = _slot_of(user, language) if user else None
        encoding = _encoding(request, may_brotli=slot is None)
        tag_of = partial(_etag, request.path_info, language, encoding, slot)
        page = self.pages.get(request.path_info, language)
        asked = request.META.get("HTTP_IF_NONE_MATCH", "")
        version = None
        if page or asked:
            version = selectors.page_version(*target)
            if version is None:
                return self.get_response(request)
            if asked and _is_among(tag_of(version), asked):
                return _labelled(HttpResponseNotModified(), tag_of(version), slot)
        if page is None or page.version != version:
            made = self.get_response(_anonymous(request, language))
            version = getattr(made, "published_version", None)
            if version is None or made.status_code != 200 or made.cookies:
                return made if user is None else self.get_response(request)
            page = Page.of(made.content, version=version, headers=_stored_headers(made))
            self.pages.put(request.path_info, language, page)
        body = page.body(encoding, slot)
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=page.headers)
        response.headers["Content-Length"] = str(len(body))
        if encoding != "identity":
            response.headers["Content-Encoding"] = encoding
        return _labelled(response, tag_of(page.version), slot)


Target = tuple[str, dict[str, Any]]


@lru_cache(maxsize=4096)
def _target(path: str, urlconf: str) -> Target | None:
    """The name and arguments of the published page at `path`, if it is one."""
    try:
        match = resolve(path, urlconf)
    except Resolver404:
        return None
    if match.namespace != "reader" or match.url_name not in PUBLISHED:
        return None
    return match.url_name, match.kwargs


def _anonymous(request: HttpRequest, language: str) -> HttpRequest:
    """The same request by nobody in particular, for the whole page uncompressed."""
    inner = copy.copy(request)
    inner.META = {
        name: value
        for name, value in request.META.items()
        if name not in {"HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH"}
    }
    inner.COOKIES = {settings.LANGUAGE_COOKIE_NAME: language}
    return inner


def _stored_headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name.lower() not in _NOT_STORED}


def _slot_of(user: User, language: str) -> Piece:
    reader = str(user.public_id).replace("-", "")  # text, as SQLite keeps it, or a UUID
    return _slot(user.get_short_name(), language, reader, is_staff=user.is_staff)


@lru_cache(maxsize=1024)
def _slot(name: str, language: str, reader: str, *, is_staff: bool) -> Piece:
    """The account slot of somebody who is signed in; `reader` is what scripts know them by."""
    context = {"is_known": True, "is_staff": is_staff, "name": name, "reader": reader}
    with translation.override(language):
        return Piece.of(render_to_string("components/_account.html", context).encode())


def _encoding(request: HttpRequest, *, may_brotli: bool) -> Encoding:
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    codings = {
        name.strip().lower()
        for name, _semicolon, quality in (part.partition(";") for part in accepted.split(","))
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    }
    if may_brotli and "br" in codings:
        return "br"
    return "gzip" if "gzip" in codings else "identity"


def _etag(path: str, language: str, encoding: str, slot: Piece | None, version: str) -> str:
    """Strong: it names these very bytes, and is known before they are made."""
    parts = (path, language, encoding, version, release_fingerprint())
    digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=16)
    if slot is not None:
        digest.update(slot.deflated)
    return f'"{digest.hexdigest()}"'


def _is_among(etag: str, asked: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2): proxies that recompress mark tags as weak."""
    return asked.strip() == "*" or etag in {tag.removeprefix("W/") for tag in parse_etags(asked)}


def _labelled(response: HttpResponse, etag: str, slot: Piece | None) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Vary"] = VARY
    response.headers["Cache-Control"] = "no-cache" if slot is None else "private, no-cache"
    return response


@cache
def release_fingerprint() -> str:
    """Changes with every file of this installation that a page could be made of."""
    digest = hashlib.sha256(django.__version__.encode())
    for folder in ("apps", "config", "locale", "static", "templates"):
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(str(file.relative_to(settings.BASE_DIR)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
