"""A course kept on the device, in Chromium: read and written offline, sent once, nobody's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.core.signals import request_started
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.content import selectors as content
from apps.content import services
from apps.content.models import Course
from apps.notes.models import Note
from apps.privacy import services as privacy
from tests.browser import PHONE_PX, Tab, until
from tests.content import factories
from tests.factories import NOW
from tests.reader.conftest import LESSON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      texts.push(name + request.url + JSON.stringify([...answer.headers]) + (await answer.text()));
    }
  }
  return texts;
}"""
SELECT = """() => {
  const text = document.querySelector(".edition .section p").firstChild;
  getSelection().setBaseAndExtent(text, 0, text, 17);
}"""
SENT = """() => new Promise((done) => {
  const look = () => (localStorage.getItem("notes:unsent") ? setTimeout(look, 50) : done());
  look();
})"""
STORE = "(notes) => localStorage.setItem('notes:unsent', JSON.stringify(notes))"
# Paths that lie in a course's cache.
ARRIVED = """async () => {
  const paths = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith("course|")) continue;
    for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
  }
  return paths;
}"""
AN_HOUR_LATER = """async () => {
  for (const name of await caches.keys()) await (await caches.open(name)).delete("/checked/sco");
}"""
RENEWED = """async (before) => {
  for (;;) {
    const courses = (await caches.keys()).filter((name) => name.startsWith("course|"));
    if (courses.length === 1 && !before.includes(courses[0])) return;
    await new Promise((again) => setTimeout(again, 50));
  }
}"""
OWN = "(id) => Object.entries(localStorage).flat().filter((each) => each.includes(id))"


def highlight(page: Page) -> None:
    expect(page.locator(".notes-open")).to_be_visible()
    page.evaluate(SELECT)
    page.get_by_role("button", name="Highlight").click()


def assert_nothing_personal(page: Page, student: User) -> None:
    texts = page.evaluate(KEPT)
    assert len(texts) > 30
    personal = (
        student.display_name,
        student.email,
        student.public_id.hex,
        'type="hidden" name="csrf',
    )
    assert [text[:200] for text in texts if any(each in text for each in personal)] == []


def log_out(tab: Tab, student: User) -> None:
    """Who logs out leaves nothing of theirs on the device."""
    assert tab.page.evaluate(OWN, student.public_id.hex) != []
    tab.visit("/accounts/logout/")
    tab.page.get_by_role("main").get_by_role("button", name="Log out").click()
    tab.page.wait_for_url(tab.base_url + "/")
    assert tab.page.evaluate(OWN, student.public_id.hex) == []
    assert tab.page.evaluate(OWN, str(student.public_id)) == []


def test_course_is_kept_read_and_annotated_offline(
    course: Course, student: User, tab_open: Callable[..., Tab]
) -> None:
    factories.lesson_publish(course, slug="second", title="What came of it")
    factories.lesson_publish(course, slug="third", title="Much later")
    tab = tab_open(user=student)
    page = tab.visit("/courses/sco/")
    assert page.evaluate("caches.keys()") == []  # nobody gets a worker without asking
    keep = page.get_by_role("button", name="Keep this course on this device")
    assert tab.axe() == []
    keep.click()
    remove = page.get_by_role("button", name="Remove from this device")
    expect(remove).to_be_focused(timeout=60_000)
    expect(page.locator(".keeping__status")).to_contain_text("Kept on this device: 15 pages")
    assert tab.axe() == []

    assert_nothing_personal(page, student)

    # Read, turn the page, and write beside it.
    page.context.set_offline(offline=True)
    tab.visit(LESSON)
    banner = page.get_by_text("You are reading the copy kept on this device.")
    expect(banner).to_be_visible()
    assert tab.axe() == []
    page.get_by_role("link", name="What came of it").last.click()
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
    expect(banner).to_be_visible()
    highlight(page)
    expect(page.locator("[data-unsent]")).to_have_count(1)
    assert Note.objects.count() == 0
    page.context.set_offline(offline=False)
    expect(page.locator(".note-item:not([data-unsent])")).to_have_count(1)
    assert list(Note.objects.values_list("lesson__slug", "exact")) == [
        ("second", "The first contact")
    ]

    # The tab is closed before the network is back; any page of the site sends it.
    page.context.set_offline(offline=True)
    tab.visit("/courses/sco/lessons/history/third/")
    highlight(page)
    expect(page.locator("[data-unsent]")).to_have_count(1)
    tab.visit("/classes/")
    expect(page.get_by_role("heading", name="This page needs a connection")).to_be_visible()
    expect(page.get_by_role("link", name="The SCO")).to_be_visible()
    assert tab.axe() == []
    page.context.set_offline(offline=False)
    tab.visit("/about/")
    page.evaluate(SENT)
    assert sorted(Note.objects.values_list("lesson__slug", flat=True)) == ["second", "third"]

    log_out(tab, student)
    tab.visit("/courses/sco/")
    remove.click()
    expect(keep).to_be_focused()
    assert page.evaluate("caches.keys()") == []
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )


class Asked:
    """What the site is asked for; it breaks down where `breaks_after` pages were given."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.breaks_after: int | None = None

    def __call__(self, environ: dict[str, Any], **_signal: Any) -> None:
        path = environ["PATH_INFO"]
        if not path.startswith("/courses/sco/") or "HTTP_COOKIE" in environ:
            return
        if self.breaks_after is not None and len(self.paths) >= self.breaks_after:
            raise RuntimeError(path)
        self.paths.append(path)


@pytest.fixture
def asked() -> Iterator[Asked]:
    asked = Asked()
    request_started.connect(asked)
    yield asked
    request_started.disconnect(asked)


def test_download_goes_on_where_it_broke_off_and_follows_a_new_edition(
    course: Course, asked: Asked, tab_open: Callable[..., Tab]
) -> None:
    lesson = factories.lesson_publish(course, slug="second", title="What came of it")
    tab = tab_open()
    page = tab.visit("/courses/sco/")
    keep = page.get_by_role("button", name="Keep this course on this device")
    remove = page.get_by_role("button", name="Remove from this device")
    asked.breaks_after = len(asked.paths) + 8
    keep.click()
    expect(page.locator(".keeping__status")).to_contain_text("The connection broke off")
    expect(keep).to_be_focused()
    arrived = page.evaluate(ARRIVED)
    assert 0 < len(arrived) < 12
    page.context.set_offline(offline=True)
    tab.visit(LESSON)  # half a course is no course
    expect(page.get_by_role("heading", name="This page needs a connection")).to_be_visible()
    page.context.set_offline(offline=False)

    asked.breaks_after = None
    tab.visit("/courses/sco/")
    asked.paths.clear()
    keep.click()
    expect(remove).to_be_focused(timeout=30_000)
    assert set(asked.paths) & set(arrived) == set()
    whole = page.evaluate(ARRIVED)
    pages = [path for path in asked.paths if path.endswith("/")]
    assert sorted([*arrived, *pages]) == sorted(path for path in whole if path.endswith("/"))

    # A new edition comes out: the next page read online, an hour later, brings it.
    draft = replace(content.lesson_draft(lesson), title="What really came of it")
    factories.save(lesson, draft)
    services.lesson_publish(lesson=lesson, editor=None, now=NOW)
    page.evaluate(AN_HOUR_LATER)
    before = page.evaluate("caches.keys()")
    tab.visit(LESSON)
    page.evaluate(RENEWED, before)
    page.context.set_offline(offline=True)
    tab.visit("/courses/sco/lessons/history/second/")
    expect(page.get_by_role("heading", name="What really came of it")).to_be_visible()
    page.context.set_offline(offline=False)


def test_what_is_unsent_is_told_at_log_out_and_goes_with_who_is_erased(
    course: Course, student: User, classmate: User, tab_open: Callable[..., Tab]
) -> None:
    unsent = {
        person: {"reader": str(person.public_id), "url": "/nowhere/", "fields": {"client_id": "x"}}
        for person in (student, classmate)
    }
    # One that waits, one that the site refused, and one of somebody else who uses the device.
    mine = [unsent[student], {**unsent[student], "refused": "Too long."}]
    everything = [*mine, unsent[classmate]]
    for case in ("log out", "session ends", "erased"):
        tab = tab_open(user=student)
        page = tab.visit("/privacy/")
        # What was refused is lost as well, and is told of alone.
        page.evaluate(STORE, everything[1:] if case == "log out" else everything)
        if case == "log out":
            tab.visit("/accounts/logout/")
            button = page.get_by_role("main").get_by_role("button", name="Log out")
            button.click()
            expect(page.get_by_role("alert")).to_be_focused()
            expect(page.get_by_role("alert")).to_contain_text("could not be sent yet")
            assert tab.axe() == []
            button.click()
            page.wait_for_url(tab.base_url + "/")
            left = [unsent[classmate]]
        elif case == "session ends":
            page.context.clear_cookies()
            tab.visit("/about/")
            left = everything
        else:
            privacy.erasure_request(user=student, now=timezone.now())
            tab.visit("/privacy/")
            page.evaluate("localStorage.setItem('reading:' + localStorage.reader, '{}')")
            privacy.erasure_run(user=student, now=timezone.now())
            page.context.clear_cookies()
            tab.visit("/about/")
            left = [unsent[classmate]]
        until(page, partial(page.evaluate, "localStorage.getItem('reader') === null"))
        assert page.evaluate("JSON.parse(localStorage['notes:unsent'])") == left
        assert case != "erased" or page.evaluate(OWN, student.public_id.hex) == []


def test_control_fits_a_phone_in_the_dark(course: Course, tab_open: Callable[..., Tab]) -> None:
    tab = tab_open(width=PHONE_PX, height=640, colour_scheme="dark")
    page = tab.visit("/courses/sco/")
    expect(page.get_by_role("button", name="Keep this course on this device")).to_be_visible()
    assert tab.axe() == []
    assert tab.overflow_px() == 0
