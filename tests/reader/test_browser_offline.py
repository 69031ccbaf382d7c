"""A course kept on the device, in Chromium: read and written offline, sent once, nobody's."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.content.models import Course
from apps.notes.models import Note
from tests.browser import PHONE_PX, Tab
from tests.content import factories
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


def test_control_fits_a_phone_in_the_dark(course: Course, tab_open: Callable[..., Tab]) -> None:
    tab = tab_open(width=PHONE_PX, height=640, colour_scheme="dark")
    page = tab.visit("/courses/sco/")
    expect(page.get_by_role("button", name="Keep this course on this device")).to_be_visible()
    assert tab.axe() == []
    assert tab.overflow_px() == 0
