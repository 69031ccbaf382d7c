"""Reading in Chromium: nothing of it is lost, and every device of a reader knows it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Lesson
from apps.learning import services
from apps.learning.models import LessonProgress
from tests.browser import PHONE_PX, Tab, until
from tests.content.factories import lesson_publish, section
from tests.debates.factories import run_create
from tests.factories import NOW, PASSWORD
from tests.learning.factories import ANCHORS, check_up_create, practise
from tests.quizzes.factories import assignment_create, question_create

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COURSE = "/courses/class-course/"
LESSON = f"{COURSE}lessons/history/invitation/"
TabOpen = Callable[..., Tab]
# Observers are told in the order in which they were made, so that the page's come first.
SCROLL_TO = """
(id) => new Promise((done) => {
  const section = document.getElementById(id);
  section.scrollIntoView({ block: "end", behavior: "instant" });
  new IntersectionObserver((_entries, observer) => {
    observer.disconnect();
    done();
  }).observe(section);
})
"""


@pytest.fixture
def lesson(classroom: Classroom) -> Lesson:
    """Three sections that do not fit into one window together."""
    body = "\n\n".join(["The first contact was an invitation [@khan1961]."] * 20)
    return lesson_publish(
        classroom.course, *(section(anchor, body, heading=anchor.title()) for anchor in ANCHORS)
    )


def open_lesson(tab: Tab) -> Page:
    """The lesson, its clock standing still but for what a test lets pass."""
    tab.page.clock.install()
    page = tab.visit(LESSON)
    expect(page.locator(".reading__text")).to_be_visible()
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=10))
    return page


def scroll_to(page: Page, anchor: str) -> None:
    """Scroll to the end of a section, and wait until the page's own observers know of it."""
    page.evaluate(SCROLL_TO, anchor)


def read_on(page: Page, *anchors: str) -> None:
    """Scroll to the end of each section and stay there for as long as reading it takes."""
    for anchor in anchors:
        scroll_to(page, anchor)
        page.clock.run_for(45_000)


def kept(page: Page, reader: str = "") -> str:
    return str(page.evaluate("key => localStorage.getItem(key) ?? ''", f"reading:{reader}"))


def test_a_closed_tab_loses_nothing_and_another_device_goes_on(
    lesson: Lesson, student: User, tab_open: TabOpen
) -> None:
    tab = tab_open(user=student)
    page = open_lesson(tab)
    # The network goes; the tab is closed; the network comes back.
    page.context.set_offline(offline=True)
    read_on(page, "one", "two")
    assert '"two"' in kept(page, student.public_id.hex)
    page.close()
    assert not LessonProgress.objects.exists()
    tab.page.context.set_offline(offline=False)
    tab.page = tab.page.context.new_page()
    page = tab.visit(COURSE)
    until(page, LessonProgress.objects.exists)
    row = LessonProgress.objects.get(reader=student)
    assert {"one", "two"} <= set(row.seen)
    until(page, lambda: kept(page, student.public_id.hex) == "")

    other = tab_open(user=student, width=PHONE_PX, colour_scheme="dark")
    page = other.visit(COURSE)
    expect(page.get_by_role("img", name="begun")).to_have_count(1)
    page.get_by_role("link", name="Continue: The invitation of 1949").click()
    stopped = page.locator(".opening__continue").get_by_role("link")
    expect(stopped).to_have_text(row.resume_anchor.title())
    stopped.click()
    assert page.url.endswith(f"#{row.resume_anchor}")
    assert (other.axe(exclude=".popover"), other.overflow_px()) == ([], 0)


def test_sections_are_seen_by_who_stays_and_not_by_who_leafs_through(
    lesson: Lesson, student: User, tab_open: TabOpen
) -> None:
    page = open_lesson(tab_open(user=student))
    for anchor in ANCHORS:
        scroll_to(page, anchor)
        page.clock.run_for(1_000)
    page.clock.run_for(45_000)  # at the end of the last one

    def has(**known: object) -> bool:
        page.clock.run_for(20_000)  # until the next batch
        return LessonProgress.objects.filter(**known).exists()

    until(page, lambda: has(seen__has_key="three"))
    assert LessonProgress.objects.get().seen == {"three": 1}
    read_on(page, "two", "one")
    until(page, lambda: has(read_at__isnull=False))
    page.reload()
    expect(page.locator(".outline__lessons").get_by_role("img", name="read")).to_have_count(1)


def test_of_a_visitor_nothing_leaves_the_device_until_they_take_it_over(
    lesson: Lesson, student: User, tab_open: TabOpen
) -> None:
    tab = tab_open()
    sent = []
    tab.page.on("request", lambda request: sent.append(request.method + request.url))
    page = open_lesson(tab)
    read_on(page, "one")
    assert '"one"' in kept(page)
    assert [each for each in sent if "progress" in each] == []
    # The same browser, logged in.
    signed_in = tab_open(user=student)
    signed_in.visit(COURSE)
    state = page.context.storage_state()
    memory = {row["name"]: row["value"] for row in state["origins"][0]["localStorage"]}
    page = signed_in.visit("/home/")
    expect(page.locator("[data-takeover]")).to_be_hidden()
    page.evaluate("value => localStorage.setItem('reading:', value)", memory["reading:"])
    page.reload()
    page.get_by_role("button", name="It was me: take it over").click()
    expect(page.get_by_role("link", name="Go on reading")).to_be_visible()
    assert LessonProgress.objects.get(reader=student).seen == {"one": 1}
    assert kept(page) == ""


@pytest.mark.parametrize(
    "mode", [{}, {"width": PHONE_PX, "colour_scheme": "dark"}], ids=["light", "phone, dark"]
)
def test_own_pages_are_well_made(
    mode: dict[str, object],
    lesson: Lesson,
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    tab_open: TabOpen,
) -> None:
    questions = [
        question_create(classroom.course, lesson="history/invitation") for _each in range(5)
    ]
    practise(student, check_up_create(lesson, *questions), right=False)
    services.lesson_declare(reader=student, lesson=lesson, now=NOW)
    assignment_create(classroom, instructor)
    run_create(classroom, instructor)
    tab = tab_open(user=student, **mode)
    found = {}
    for path in ("/home/", "/home/class-course/", "/home/calendar/address/"):
        tab.visit(path)
        found[path] = (tab.axe(), tab.overflow_px())
    tab.page.get_by_role("button", name="Make an address").click()
    tab.page.get_by_label("Password").fill(PASSWORD)
    tab.page.get_by_role("button", name="Continue").click()
    address = tab.page.get_by_label("Address of your calendar").input_value()
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.get_by_role("button", name="Copy the address").click()
    expect(tab.page.get_by_role("status")).to_have_text("Copied")
    assert tab.page.evaluate("navigator.clipboard.readText()") == address
    found["made"] = (tab.axe(), tab.overflow_px())
    tab.visit("/home/class-course/")
    tab.page.get_by_role("button", name="I have not read it after all").press("Enter")
    expect(tab.page.get_by_text("you took it back")).to_be_visible()
    found["taken back"] = (tab.axe(), tab.overflow_px())
    assert found == dict.fromkeys(found, ([], 0))
