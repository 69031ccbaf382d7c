"""Pages from stored bytes: what each costs, that none is stale, and that none is anybody's."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import brotli
import pytest
from django.conf import settings
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import User
from apps.content import services
from apps.content.models import Actor, Course, GlossaryTerm, Lesson
from apps.reader.middleware import PUBLISHED, VARY, PublishedPageMiddleware
from tests import factories as people
from tests.content import factories
from tests.factories import NOW
from tests.reader.conftest import LESSON, lessons_add

Site = Callable[..., Client]

ADDRESSES = {
    "home": {},
    "course": {"course": "sco"},
    "lesson": {"course": "sco", "unit": "history", "lesson": "invitation"},
    "source": {"course": "sco"},
    "paragraph": {"course": "sco", "number": "P01"},
    "bibliography": {"course": "sco"},
    "reference": {"course": "sco", "key": "khan1961"},
    "glossary": {"course": "sco"},
    "term": {"course": "sco", "slug": "rats"},
    "timeline": {"course": "sco"},
    "actors": {"course": "sco"},
    "actor": {"course": "sco", "slug": "russia"},
    "map": {"course": "sco"},
}


@pytest.fixture
def actor(course: Course) -> None:
    services.actor_save(
        actor=Actor(course=course),
        fields={"slug": "russia", "name": "Russia", "kind": "state", "description": "A state."},
        editor=None,
        now=NOW,
    )


def text_of(response: Any) -> str:
    body: bytes = response.content
    coding = response.headers.get("Content-Encoding")
    if coding == "gzip":
        body = gzip.decompress(body)
    if coding == "br":
        body = brotli.decompress(body)
    return body.decode()


def test_addresses_name_every_published_page() -> None:
    assert set(ADDRESSES) == PUBLISHED


# What a page costs


@pytest.mark.parametrize("count", [1, 200])
def test_lesson_costs_one_query_anonymous(
    count: int, course: Course, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lessons_add(course, count - 1)
    visitor = site()
    for _time in ("rendered", "stored"):
        with django_assert_num_queries(1):  # the edition with its frame; then its version
            assert visitor.get(LESSON).status_code == 200


@pytest.mark.parametrize("count", [1, 200])
def test_lesson_costs_three_queries_signed_in(
    count: int,
    course: Course,
    student: User,
    site: Site,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lessons_add(course, count - 1)
    reader = site(student)
    for _time in ("rendered", "stored"):
        with django_assert_num_queries(3):  # session, person, and as above
            assert reader.get(LESSON).status_code == 200


def test_lesson_costs_two_queries_once_after_each_publication(
    course: Course, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor = site()
    visitor.get(LESSON)
    services.course_outline_refresh(course=course)
    with django_assert_num_queries(2):  # the version has changed; the edition with its frame
        visitor.get(LESSON)
    with django_assert_num_queries(1):
        visitor.get(LESSON)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_stored_page_costs_one_query_and_no_template(
    name: str,
    actor: None,
    site: Site,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    path = reverse(f"reader:{name}", kwargs=ADDRESSES[name])
    visitor = site()
    first = visitor.get(path)
    with django_assert_num_queries(1):  # its version
        second = visitor.get(path)
    assert (second.status_code, second.templates) == (200, [])
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)


# Never stale


def test_stored_lesson_shows_what_is_published_next(course: Course, site: Site) -> None:
    visitor = site()
    before = visitor.get(LESSON)
    lesson = factories.lesson_of(Lesson.objects.get())
    factories.save(lesson, replace(factories.draft(), title="A new title"))
    assert visitor.get(LESSON).content == before.content  # a draft is nobody's business
    services.lesson_publish(lesson=factories.lesson_of(lesson), editor=None, now=NOW)
    assert "A new title" in text_of(visitor.get(LESSON))
    asked = visitor.get(LESSON, headers={"If-None-Match": before.headers["ETag"]})
    assert asked.status_code == 200


def test_stored_lesson_is_gone_when_withdrawn(course: Course, site: Site) -> None:
    visitor = site()
    before = visitor.get(LESSON)
    lesson = factories.lesson_of(Lesson.objects.get())
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    assert visitor.get(LESSON).status_code == 404
    asked = visitor.get(LESSON, headers={"If-None-Match": before.headers["ETag"]})
    assert asked.status_code == 404


def test_stored_list_shows_a_change_of_its_rows(course: Course, site: Site) -> None:
    visitor = site()
    visitor.get("/courses/sco/glossary/")
    services.term_save(
        term=GlossaryTerm.objects.get(),
        fields={"definition": "Rewritten."},
        editor=None,
        now=NOW,
    )
    assert "Rewritten." in text_of(visitor.get("/courses/sco/glossary/"))


def test_course_that_was_made_anew_has_other_tags(course: Course, site: Site) -> None:
    before = site().get("/courses/sco/")
    Course.objects.update(public_id=uuid4())  # as after a new installation at the same address
    asked = site().get("/courses/sco/", headers={"If-None-Match": before.headers["ETag"]})
    assert asked.status_code == 200


# Not modified


def test_not_modified_before_anything_is_rendered(
    course: Course, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tag = Client().get(LESSON).headers["ETag"]
    with django_assert_num_queries(1):  # the version; this process has never made the page
        response = site().get(LESSON, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (response.status_code, response.content, response.templates) == (304, b"", [])
    assert response.headers["ETag"] == tag
    assert response.headers["Vary"] == VARY
    assert response.headers["Cache-Control"] == "no-cache"


def test_tag_of_one_reader_is_not_another_readers(
    course: Course, student: User, classmate: User, site: Site
) -> None:
    visitors = [site(), site(student), site(classmate), site(accept_language="ur")]
    codings = [site(accept_encoding=coding) for coding in ("gzip", "br")]
    tags = [visitor.get(LESSON).headers["ETag"] for visitor in (*visitors, *codings)]
    assert len(set(tags)) == 6
    assert site(student).get(LESSON, headers={"If-None-Match": tags[0]}).status_code == 200
    again = site(student).get(LESSON, headers={"If-None-Match": tags[1]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "private, no-cache")


# Nobody's page


def test_page_made_for_somebody_holds_nothing_of_theirs(
    course: Course, instructor: User, site: Site
) -> None:
    own = site(instructor).get(LESSON)
    assert "Ayesha Khan" in text_of(own)
    assert own.headers["Cache-Control"] == "private, no-cache"
    visitor = site().get(LESSON)
    assert visitor.headers["Cache-Control"] == "no-cache"
    assert "Ayesha Khan" not in text_of(visitor)
    assert "csrf" not in text_of(visitor).lower()
    assert text_of(visitor) == text_of(Client().get(LESSON))


def test_two_people_share_bytes_but_not_names(
    course: Course, student: User, classmate: User, site: Site
) -> None:
    texts = [text_of(site(person).get(LESSON)) for person in (student, classmate)]
    assert "Zainab Ali" not in texts[0]
    mine = texts[0].replace("Bilal Ahmed", "Zainab Ali")
    assert mine.replace(student.public_id.hex, classmate.public_id.hex) == texts[1]


@pytest.mark.parametrize("coding", ["", "gzip", "br, gzip"])
def test_name_in_the_account_slot_is_escaped(coding: str, course: Course, site: Site) -> None:
    person = people.person_create(name="<b>&amp;</b>")
    text = text_of(site(person, accept_encoding=coding).get(LESSON))
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in text
    assert "<b>&amp;</b>" not in text


def test_response_with_a_cookie_is_not_stored(course: Course) -> None:
    def stack(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse("<!--account--><!--/account-->")
        response.published_version = "1"  # type: ignore[attr-defined]
        response.set_cookie("theirs", "1")
        return response

    middleware = PublishedPageMiddleware(stack)
    response = middleware(RequestFactory().get(LESSON))
    assert (response.cookies["theirs"].value, len(middleware.pages)) == ("1", 0)


def test_message_is_shown_once_and_never_stored(course: Course, site: Site) -> None:
    storage, said = CookieStorage(RequestFactory().get("/")), HttpResponse()
    storage.add(SUCCESS, "You are signed out.")
    storage.update(said)
    visitor = site()
    visitor.get(LESSON)
    visitor.cookies["messages"] = said.cookies["messages"].value
    assert "You are signed out." in text_of(visitor.get(LESSON))
    assert "You are signed out." not in text_of(visitor.get(LESSON))


# Sessions


@pytest.mark.parametrize("key", ["forged", "'; DROP TABLE x; --", "a" * 32])
def test_forged_session_cookie_is_nobody(key: str, course: Course, site: Site) -> None:
    visitor = site()
    page = text_of(visitor.get(LESSON))
    visitor.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: key})
    response = visitor.get(LESSON)
    assert (response.status_code, text_of(response)) == (200, page)
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0  # taken back


def test_expired_session_is_nobody(course: Course, student: User, site: Site) -> None:
    reader = site(student)
    Session.objects.update(expire_date=NOW.replace(year=2000))
    assert "Bilal Ahmed" not in text_of(reader.get(LESSON))


def test_session_ended_elsewhere_is_nobody(course: Course, student: User, site: Site) -> None:
    reader = site(student)
    assert "Bilal Ahmed" in text_of(reader.get(LESSON))
    Session.objects.all().delete()
    assert "Bilal Ahmed" not in text_of(reader.get(LESSON))


def test_session_from_before_a_new_password_is_nobody(
    course: Course, student: User, site: Site
) -> None:
    reader = site(student)
    student.set_password("another-long-password")
    student.save()
    assert "Bilal Ahmed" not in text_of(reader.get(LESSON))


def test_session_under_an_older_key_is_kept_and_renewed(
    course: Course, student: User, site: Site, settings: Settings
) -> None:
    reader = site(student)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 5
    response = reader.get(LESSON)
    assert "Bilal Ahmed" in text_of(response)
    assert response.cookies[settings.SESSION_COOKIE_NAME].value  # under the new key
    settings.SECRET_KEY_FALLBACKS = []
    assert "Bilal Ahmed" in text_of(reader.get(LESSON))


def test_session_of_nobody_is_kept(course: Course, site: Site) -> None:
    visitor = site()
    session = SessionStore()
    session["seen"] = True
    session.save()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    response = visitor.get(LESSON)
    assert "Log in" in text_of(response)
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_session_of_a_backend_that_is_no_more_is_nobody(
    course: Course, student: User, site: Site, settings: Settings
) -> None:
    reader = site(student)
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    assert "Bilal Ahmed" not in text_of(reader.get(LESSON))


def test_closed_account_is_nobody(course: Course, student: User, site: Site) -> None:
    reader = site(student)
    User.objects.filter(pk=student.pk).update(is_active=False)
    assert "Bilal Ahmed" not in text_of(reader.get(LESSON))


# Languages


def test_language_follows_cookie_before_header(course: Course, site: Site) -> None:
    visitor = site(accept_language="ru")
    assert '<html lang="ru"' in text_of(visitor.get(LESSON))
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "ur"
    page = visitor.get(LESSON)
    assert '<html lang="ur"' in text_of(page)
    assert 'dir="rtl"' in text_of(page)
    assert page.headers["Content-Language"] == "ur"
    assert '<html lang="en"' in text_of(site().get(LESSON))


def test_language_of_a_person_is_their_own(course: Course, site: Site) -> None:
    person = people.person_create(language="ur")
    reader = site(person, accept_language="ru")
    assert '<html lang="ur"' in text_of(reader.get(LESSON))


# The answer as such


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("br, gzip", "br"),
        ("gzip", "gzip"),
        ("gzip;q=0, br;q=0.5", "br"),
        ("br;q=0", None),
        ("", None),
    ],
)
def test_coding_is_one_that_was_accepted(
    accepted: str, sent: str | None, course: Course, site: Site
) -> None:
    response = site(accept_encoding=accepted).get(LESSON)
    assert response.headers.get("Content-Encoding") == sent
    assert response.headers["Content-Length"] == str(len(response.content))
    assert text_of(response) == text_of(site().get(LESSON))


def test_head_has_the_headers_and_no_body(course: Course, site: Site) -> None:
    visitor = site()
    for _time in ("rendered", "stored"):
        head = visitor.head(LESSON)
        assert head.content == b""
        assert dict(head.headers) == dict(visitor.get(LESSON).headers)


def test_stored_page_keeps_every_header_of_the_stack(course: Course, site: Site) -> None:
    visitor = site()
    visitor.get(LESSON)
    headers = visitor.get(LESSON).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Vary"] == VARY
    assert "X-Request-ID" not in headers  # it would be another request's


def test_forged_host_is_refused_though_the_page_is_stored(course: Course, site: Site) -> None:
    visitor = site()
    visitor.get(LESSON)
    assert visitor.get(LESSON, headers={"Host": "evil.example"}).status_code == 400


def test_query_string_goes_down_the_stack(course: Course, student: User, site: Site) -> None:
    visitor = site()
    for _time in range(2):
        assert "X-Request-ID" in visitor.get("/courses/sco/timeline/?first=1949").headers
    response = site(student).get("/courses/sco/timeline/?first=1949")
    assert "Bilal Ahmed" in text_of(response)
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_not_found_names_who_is_reading(course: Course, student: User, site: Site) -> None:
    response = site(student).get("/courses/sco/source/P99/")
    assert response.status_code == 404
    assert "Bilal Ahmed" in text_of(response)


def test_post_is_refused(course: Course, site: Site) -> None:
    visitor = site()
    visitor.get(LESSON)
    assert visitor.post(LESSON).status_code == 405
