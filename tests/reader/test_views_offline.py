"""The course as an app: manifest, worker, and the list of what a device keeps."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.content import services
from apps.content.models import Actor, Course
from apps.reader.views.keeping import PAPER
from tests.content import factories
from tests.factories import NOW
from tests.reader.conftest import LESSON, lessons_add
from tests.reader.test_downloads_pages import figure_replace

LIST = "/courses/sco/offline.json"
ADDRESSES = {
    "manifest": "/app/en.webmanifest",
    "worker": "/sw.js",
    "offline": "/offline/",
    "device": "/offline/device/",
    "offline-list": LIST,
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_everybody_reads_and_nobody_writes(
    address: str,
    course: Course,
    cast: dict[str, User | AnonymousUser],
    client_of: Callable[[User | AnonymousUser], Client],
) -> None:
    clients = {role: client_of(person) for role, person in cast.items()}
    assert {role: each.get(address).status_code for role, each in clients.items()} == (
        dict.fromkeys(cast, 200)
    )
    assert {role: each.post(address).status_code for role, each in clients.items()} == (
        dict.fromkeys(cast, 405)
    )


@pytest.mark.parametrize("address", ["/courses/none/offline.json", "/app/xx.webmanifest"])
def test_what_is_not_there_is_not_found(address: str, course: Course, client: Client) -> None:
    assert client.get(address).status_code == 404


def test_course_without_a_published_lesson_has_no_list(db: None, client: Client) -> None:
    factories.course_create(slug="empty")
    assert client.get("/courses/empty/offline.json").status_code == 404


# The manifest


@pytest.mark.parametrize(
    ("language", "name", "direction"),
    [("en", "Majlis", "ltr"), ("ur", "مجلس", "rtl"), ("ru", "Маджлис", "ltr")],
)
def test_manifest_speaks_the_pages_language(
    language: str, name: str, direction: str, db: None, client: Client
) -> None:
    page = client.get("/about/", headers={"Accept-Language": language}).content.decode()
    assert f'<link rel="manifest" href="/app/{language}.webmanifest">' in page
    response = client.get(f"/app/{language}.webmanifest", headers={"Accept-Language": "fr"})
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert (manifest["short_name"], manifest["lang"], manifest["dir"]) == (
        name,
        language,
        direction,
    )


def test_manifest_shows_files_and_colours_that_are_ours(db: None, client: Client) -> None:
    manifest = client.get("/app/en.webmanifest").json()
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    assert f"--paper: light-dark({PAPER}," in tokens
    assert manifest["theme_color"] == manifest["background_color"] == PAPER
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        file = settings.BASE_DIR / icon["src"].lstrip("/")
        if icon["type"] == "image/png":
            with Image.open(file) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]
        else:
            assert file.read_text().startswith("<svg ")


# The worker


def test_worker_is_a_script_of_the_root_that_is_asked_for_each_time(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/sw.js")
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    policy = response.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
    assert "unsafe" not in policy
    again = client.get("/sw.js", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_worker_names_the_release_and_files_that_are_there(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/sw.js")
    known = json.loads(first.content.decode().split("\n")[0].removeprefix("const SITE = ")[:-1])
    missing = [url for url in known["shell"] if not (settings.BASE_DIR / url.lstrip("/")).is_file()]
    assert (missing, known["offline"]) == ([], "/offline/")
    shown = client.get("/offline/").content.decode()
    assert statics_of(shown) - {*known["shell"]} == set()
    monkeypatch.setattr("apps.reader.views.keeping.release_fingerprint", lambda: "next")
    second = client.get("/sw.js", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.content != first.content


def statics_of(page: str) -> set[str]:
    return set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))


# What a course is made of


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_eight_queries_and_one_when_it_is_known(
    count: int, course: Course, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lessons_add(course, count - 1)
    # The version; the course, its lessons, events, paragraphs, works, terms and actors.
    with django_assert_num_queries(8):
        response = client.get(LIST)
    assert len([each for each in response.json()["pages"] if "/lessons/" in each["url"]]) == count
    with django_assert_num_queries(1):  # the version
        again = client.get(LIST, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_list_has_every_page_that_its_pages_lead_to(course: Course, client: Client) -> None:
    """And every file that they show: nothing of a kept course is missing but search."""
    services.actor_save(
        actor=Actor(course=course),
        fields={"slug": "russia", "name": "Russia", "kind": "state", "description": "A state."},
        editor=None,
        now=NOW,
    )
    figure_replace(course, factories.SVG)
    factories.lesson_publish(
        course, factories.section("picture", '![](figure:map.svg "Where it is")'), slug="pictured"
    )
    figure_replace(course, factories.SVG.replace(b"40 20", b"80 40"))  # the lesson shows the first
    kept = client.get(LIST).json()
    pages = {each["url"] for each in kept["pages"]}
    files = {each["url"] for each in kept["files"]}
    assert len(pages) == len(kept["pages"]) == 15
    linked: set[str] = set()
    for url in pages:
        text = client.get(url).content.decode()
        assert statics_of(text) - files - {"/static/img/mark.svg"} == set()
        assert set(re.findall(r'src="(/courses/[^"]+)"', text)) <= files
        linked |= set(re.findall(r'href="(/courses/sco/[^"#?]*)', text))
    left_out = re.compile(r"/(search|download|check-up|practice)|\.(bib|ris|json)$")
    assert {url for url in linked if not left_out.search(url)} == pages
    assert kept["bytes"] == sum(each["bytes"] for each in (*kept["pages"], *kept["files"]))


def test_list_is_another_after_an_edition_a_release_and_in_another_language(
    course: Course, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(**headers: str) -> str:
        return str(client.get(LIST, headers=headers).json()["version"])

    versions = [version(), version(**{"Accept-Language": "ur"})]
    factories.lesson_publish(course, slug="second")
    versions.append(version())
    monkeypatch.setattr("apps.reader.views.keeping.release_fingerprint", lambda: "next")
    versions.append(version())
    assert len(set(versions)) == len(versions)


def test_own_addresses_are_given_to_who_is_signed_in_alone(
    course: Course, client: Client, student: User
) -> None:
    own = client.get(LIST).json()["own"]
    assert len(own) == 2
    assert [client.get(url).status_code in {302, 401, 403} for url in own] == [True, True]
    client.force_login(student)
    assert [client.get(url).status_code for url in own] == [200, 200]


def test_device_learns_who_is_signed_in(
    client: Client, student: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    response = client.get("/offline/device/")
    assert response.json() == {"reader": None}
    assert "no-store" in response.headers["Cache-Control"]
    client.force_login(student)
    with django_assert_num_queries(2):  # session, person
        known: dict[str, Any] = client.get("/offline/device/").json()
    assert known["reader"] == student.public_id.hex
    assert len(known["token"]) == 64


def test_lesson_says_that_it_may_be_a_copy(course: Course, client: Client) -> None:
    """The worker uncovers the banner by these very words."""
    assert client.get(LESSON).content.decode().count("data-kept hidden") == 1
    assert client.get("/offline/").content.decode().count("data-kept hidden") == 1
