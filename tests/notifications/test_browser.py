"""Notices in Chromium: the number in the masthead, the list, opening, and the settings."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.notifications import services
from apps.notifications.models import Notification, Rhythm
from tests.browser import DESKTOP_PX, PHONE_PX, Tab
from tests.notifications.factories import grade_release
from tests.quizzes.factories import assignment_create

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


UNREAD = "/notifications/unread/"
LOOK_AGAIN = """async () => {
  sessionStorage.removeItem("unread");
  document.dispatchEvent(new Event("visibilitychange"));
  await fetch("/about/");
}"""
NAMES = {PHONE_PX: "Ayesha Khan", DESKTOP_PX: "Syeda Fatima Zahra Bukhari Naqvi"}


def are_names_whole(page: Page) -> bool:
    """Whether the masthead has room for a name beside the number, on a phone and on a desk."""
    shown = page.locator(".menu__name")
    found = []
    for width, name in NAMES.items():
        page.set_viewport_size({"width": width, "height": 900})
        shown.evaluate("(element, name) => (element.textContent = name)", name)
        found.append(shown.evaluate("element => element.scrollWidth <= element.clientWidth"))
    shown.evaluate("element => (element.textContent = 'Bilal Ahmed')")
    return all(found)


def test_what_is_new_is_counted_opened_and_chosen(
    classroom: Classroom,
    instructor: User,
    student: User,
    tab_open: Callable[..., Tab],
) -> None:
    now = timezone.now()
    grade_release(classroom, instructor, student, title="A presentation on the pipeline")
    assignment_create(
        classroom, instructor, title="The first quiz", due_at=now + timedelta(hours=5)
    )
    services.events_tell(now=now)
    services.deadlines_tell(now=now)

    tab = tab_open(user=student)
    page = tab.visit("/classes/")
    menu = page.locator("summary", has_text="Bilal Ahmed")
    link = page.get_by_role("link", name="Notices")
    expect(menu).to_have_text("Bilal Ahmed 3 new notices (your pages)")
    expect(link).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(link).to_have_accessible_name("Notices 3 new")
    assert (tab.axe(), are_names_whole(page)) == ([], True)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(link).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("main").click(position={"x": 1, "y": 1})
    expect(link).to_be_hidden()
    menu.click()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_text("3 new")
    assert (tab.axe(), tab.overflow_px()) == ([], 0)
    page.get_by_role("button", name="Mark as read: “The first quiz” is due").click()
    expect(page.get_by_role("heading", name="Earlier")).to_be_visible()
    expect(menu).to_have_text("Bilal Ahmed 2 new notices (your pages)")
    page.get_by_role("link", name="Your grade for “A presentation on the pipeline” is out.").click()
    expect(page).to_have_url(f"{tab.base_url}/classes/{classroom.public_id}/grades/mine/")
    assert Notification.objects.filter(read_at=None, recipient=student).count() == 1

    phone = tab_open(user=student, width=PHONE_PX, height=640, colour_scheme="dark")
    page = phone.visit("/notifications/")
    menu = page.locator("summary", has_text="Bilal Ahmed")
    menu.click()
    assert (phone.axe(), phone.overflow_px()) == ([], 0)
    menu.click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("1 is marked as read.")).to_be_visible()
    expect(menu.get_by_text("new notices")).to_be_hidden()
    page.get_by_role("link", name="How you are told").click()
    assert (phone.axe(), phone.overflow_px()) == ([], 0)
    page.get_by_label("A grade is released: by e-mail").uncheck()
    page.get_by_label("Once a week").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("From now on you are told in this way.")).to_be_visible()
    expect(page.get_by_label("A grade is released: by e-mail")).not_to_be_checked()
    assert Rhythm.objects.get(user=student).frequency == "weekly"


def test_page_that_is_left_open_asks_no_more_once_nobody_is_signed_in(
    student: User, tab_open: Callable[..., Tab]
) -> None:
    tab = tab_open(user=student)
    with tab.page.expect_response(f"**{UNREAD}"):
        page = tab.visit("/about/")
    page.context.clear_cookies()  # logged out elsewhere
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(f"**{UNREAD}"):
        page.evaluate(LOOK_AGAIN)
    page.evaluate(LOOK_AGAIN)
    assert [url for url in asked if url.endswith(UNREAD)] == [tab.base_url + UNREAD]


def test_list_and_letters_link_work_without_javascript(
    classroom: Classroom, instructor: User, student: User, tab_open: Callable[..., Tab]
) -> None:
    grade_release(classroom, instructor, student)
    services.events_tell(now=timezone.now())
    tab = tab_open(user=student, has_javascript=False)
    page = tab.visit("/")
    page.locator("summary", has_text="Bilal Ahmed").click()
    page.get_by_role("link", name="Notices").click()
    page.get_by_role("button", name="Mark as read", exact=False).first.click()
    expect(page.get_by_role("heading", name="Earlier")).to_be_visible()
    nobody = tab_open(has_javascript=False)
    page = nobody.visit(services.unsubscribe_url(student).removeprefix("http://testserver"))
    page.get_by_role("button", name="No more letters").click()
    expect(page.get_by_role("heading", name="No more letters", exact=True)).to_be_visible()
    assert Rhythm.objects.get(user=student).frequency == "never"
