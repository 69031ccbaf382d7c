"""The reading room in Chromium: that it is well made everywhere, and what script adds to it.

Each tab fails its test on a content-security violation, a request to another host or an error.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.content import services
from apps.content.models import Course
from tests.browser import PHONE_PX, Tab
from tests.content import factories
from tests.factories import NOW
from tests.reader.conftest import LESSON, lessons_add
from tests.reader.crawling import crawl

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BUNDLED = "/courses/pakistan-russia-sco/"
PAGES = [
    "/",
    "/about/",
    "/language/",
    BUNDLED,
    f"{BUNDLED}lessons/history/the-invitation-of-1949/",
    f"{BUNDLED}lessons/prospects/energy-and-pakstream/",
    f"{BUNDLED}source/",
    f"{BUNDLED}source/P33/",
    f"{BUNDLED}bibliography/?doubtful=1",
    f"{BUNDLED}bibliography/khan1961/",
    f"{BUNDLED}glossary/",
    f"{BUNDLED}glossary/rats/",
    f"{BUNDLED}timeline/?actor=russia",
    f"{BUNDLED}actors/",
    f"{BUNDLED}actors/russia/",
    f"{BUNDLED}map/",
    f"{BUNDLED}search/?q=pipeline",
    f"{BUNDLED}search/?q=zzzz",
    f"{BUNDLED}lessons/none/",
]
MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"colour_scheme": "dark"},
    "phone, dark": {"width": PHONE_PX, "colour_scheme": "dark"},
    "phone, right to left": {"width": PHONE_PX, "locale": "ur"},
    "right to left": {"locale": "ur"},
}


@pytest.mark.parametrize(
    "mode",
    [
        # Between them every width, colour scheme and direction; the rest by make test-long.
        *("light", "phone, dark", "phone, right to left"),
        pytest.param("dark", marks=pytest.mark.long),
        pytest.param("right to left", marks=pytest.mark.long),
    ],
)
def test_pages_are_well_made(mode: str, bundled: Course, tab_open: Callable[..., Tab]) -> None:
    # The direction moves boxes; what axe looks at is the same in both.
    asks_axe = "right to left" not in mode or bool(os.environ.get("TEST_LONG"))
    assert faults_of(PAGES, tab_open(**MODES[mode]), asks_axe=asks_axe) == {}


@pytest.mark.long
@pytest.mark.parametrize("mode", ["light", "phone, dark", "right to left"])
def test_every_page_is_well_made(mode: str, bundled: Course, tab_open: Callable[..., Tab]) -> None:
    paths = list(crawl())
    assert len(paths) > 200
    assert faults_of(paths, tab_open(**MODES[mode])) == {}


def faults_of(paths: Iterable[str], tab: Tab, *, asks_axe: bool = True) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        page = tab.visit(path)
        faults = tab.axe() if asks_axe else []
        faults += [f"scrolls sideways by {tab.overflow_px()} px"] if tab.overflow_px() else []
        faults += small_targets(page)
        if faults:
            found[path] = faults
    return found


def small_targets(page: Page) -> list[str]:
    """Links and buttons under 24 px that are not part of a sentence (WCAG 2.2, 2.5.8)."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, input, select")]
        .filter((each) => {
          const box = each.getBoundingClientRect();
          const isInline = getComputedStyle(each).display === "inline";
          return box.width && !isInline && (box.height < 23.5 || box.width < 23.5);
        })
        .map((each) => `small target: ${each.outerHTML.slice(0, 120)}`)"""
    )
    return [fault for fault in found if "skip" not in fault]


def test_lesson_column_holds_sixty_to_seventy_five_characters(
    bundled: Course, desktop: Tab
) -> None:
    page = desktop.visit(f"{BUNDLED}lessons/history/the-invitation-of-1949/")
    lengths = page.evaluate(
        """() => {
          const lengths = [];
          const all = document.querySelectorAll(".edition .section > p:not(.sources)");
          for (const paragraph of all) {
            const height = parseFloat(getComputedStyle(paragraph).lineHeight);
            const lines = Math.round(paragraph.getBoundingClientRect().height / height);
            if (lines > 3) lengths.push(paragraph.innerText.length / (lines - 0.5));
          }
          return lengths;
        }"""
    )
    assert len(lengths) > 3
    assert 60 <= sum(lengths) / len(lengths) <= 75


# What opens in place


NOTE = "An invitation [@khan1961] of [[RATS]].[^note]\n\n[^note]: Nobody saw the letter."


@pytest.fixture
def noted(course: Course) -> str:
    """The path of a lesson with a citation, a term and a note, long enough to scroll."""
    long = "\n\n".join(["A long paragraph of the story. " * 30] * 4)
    factories.lesson_publish(
        course,
        factories.section("first", long),
        factories.section("second", NOTE, heading="What they saw"),
        factories.section("third", long),
        slug="noted",
    )
    return "/courses/sco/lessons/history/noted/"


@pytest.mark.parametrize("width", [1280, PHONE_PX])
@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        ("citation", "Work cited", "Pakistan Horizon"),
        ("term", "Term", "A body of the SCO"),
        ("footnote-ref", "Note", "Nobody saw the letter."),
    ],
)
def test_link_opens_in_place_by_keyboard(
    kind: str, title: str, text: str, width: int, noted: str, tab_open: Callable[..., Tab]
) -> None:
    tab = tab_open(width=width, height=700)
    page = tab.visit(noted)
    link = page.locator(f"#second .{kind}").first
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    expect(dialog).to_be_focused()
    expect(dialog).to_contain_text(text)
    assert page.url.endswith(noted)
    box, line, window = dialog.bounding_box(), link.bounding_box(), page.viewport_size
    assert box is not None
    assert line is not None
    assert window is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= window["width"]
    assert 0 <= box["y"] <= box["y"] + box["height"] <= window["height"]
    assert box["y"] >= line["y"] + line["height"] or box["y"] + box["height"] <= line["y"]
    if width == PHONE_PX:
        assert box["y"] + box["height"] == window["height"]  # a sheet at the foot
    assert tab.axe() == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_popover_closes_by_its_button_and_leads_to_the_end_matter(noted: str, desktop: Tab) -> None:
    page = desktop.visit(noted)
    link = page.locator("#second .citation").first
    dialog = page.get_by_role("dialog")
    link.click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    link.click()
    dialog.get_by_role("link", name="Show it at the end of the lesson").click()
    expect(dialog).to_be_hidden()
    assert page.url.endswith("#ref-khan1961")
    assert page.evaluate("document.querySelector(':target').id") == "ref-khan1961"


def test_popover_holds_no_second_copy_of_an_id(noted: str, desktop: Tab) -> None:
    page = desktop.visit(noted)
    page.locator("#second .footnote-ref").click()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))


def test_links_work_without_script(noted: str, tab_open: Callable[..., Tab]) -> None:
    tab = tab_open(has_javascript=False)
    page = tab.visit(noted)
    page.locator("#second .footnote-ref").click()
    assert page.url.endswith("#fn-second-1")
    page.locator("#fn-second-1 .footnote-back").click()
    assert "#fn" in page.url
    assert not page.url.endswith("#fn-second-1")
    page.locator("#second .citation").first.click()
    assert page.url.endswith("#ref-khan1961")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_outline_folds_on_a_phone_and_stands_open_on_a_desk(
    noted: str, tab_open: Callable[..., Tab]
) -> None:
    wide = tab_open(has_javascript=False).visit(noted)
    expect(wide.get_by_role("link", name="What they saw", exact=True)).to_be_visible()
    narrow = tab_open(width=PHONE_PX, has_javascript=False).visit(noted)
    expect(narrow.get_by_role("link", name="What they saw", exact=True)).to_be_hidden()
    narrow.get_by_text("Outline of the course").click()
    narrow.get_by_role("link", name="What they saw", exact=True).click()
    assert narrow.url.endswith("#second")


def test_outline_is_open_to_software_wherever_it_is_seen(noted: str, desktop: Tab) -> None:
    page = desktop.visit(noted)
    is_open = page.locator(".outline__fold[open]")
    expect(is_open).to_have_count(1)
    page.set_viewport_size({"width": PHONE_PX, "height": 700})
    expect(is_open).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 700})
    expect(is_open).to_have_count(1)


# What this device remembers


def test_reading_position_is_offered_quietly(noted: str, desktop: Tab) -> None:
    page = desktop.visit(noted)
    expect(page.locator(".opening__continue")).to_be_hidden()
    page.evaluate("document.getElementById('third').scrollIntoView()")
    page.evaluate(
        """() => new Promise((done) => {
          const look = () =>
            localStorage.getItem("reading:")?.includes('"resume":"third"')
              ? done()
              : requestAnimationFrame(look);
          look();
        })"""
    )
    desktop.visit("/courses/sco/")
    page.get_by_role("link", name="Continue: The invitation of 1949").click()
    assert page.url.endswith(noted)
    page.locator(".opening__continue").get_by_role("link", name="Third").click()
    assert page.url.endswith("#third")
    expect(page.locator("#third")).to_be_in_viewport()


def test_theme_is_kept_on_this_device(noted: str, desktop: Tab) -> None:
    page = desktop.visit(noted)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    desktop.visit(LESSON)
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="Light").click()
    assert page.evaluate("localStorage.getItem('theme')") is None  # as the device has it
    assert page.evaluate(ground) == light


def test_citation_is_copied(course: Course, desktop: Tab) -> None:
    page = desktop.visit("/courses/sco/bibliography/khan1961/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as BibTeX").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@article{khan1961")


# A person


def test_name_stands_in_the_masthead(
    noted: str, student: User, tab_open: Callable[..., Tab]
) -> None:
    tab = tab_open(user=student)
    for _time in ("rendered", "stored"):
        page = tab.visit(noted)
        expect(page.locator("summary", has_text="Bilal Ahmed")).to_be_visible()


def test_keyboard_reaches_the_text_first(noted: str, desktop: Tab) -> None:
    page = desktop.visit(noted)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_long_course_keeps_a_short_page(course: Course, desktop: Tab) -> None:
    lessons_add(course, 40)
    services.course_save(
        course=Course.objects.get(), fields={"title": "W" * 150}, editor=None, now=NOW
    )
    desktop.visit(LESSON)
    assert desktop.overflow_px() == 0


# On paper


def test_handout_has_the_text_and_its_sources_alone(noted: str, desktop: Tab) -> None:
    page = desktop.visit(noted)
    page.emulate_media(media="print")
    for words in ("Pakistan Horizon", "Nobody saw the letter.", "A body of the SCO"):
        expect(page.get_by_text(words).first).to_be_visible()
    for part in (".masthead", ".coursebar", ".outline", ".turning", ".colophon", ".breadcrumbs"):
        expect(page.locator(part)).to_be_hidden()
