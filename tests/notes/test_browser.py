"""Notes in Chromium: a passage is selected, kept, drawn and found again; and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Lesson
from apps.notes.models import Note
from apps.notes.passages import section_texts
from tests.browser import PHONE_PX, Tab
from tests.content import factories as content
from tests.notes.factories import PASSAGE, confuse, edition_of, note_create, republish, share

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LESSON = "/courses/class-course/lessons/history/invitation/"
PLACES = "/notes/lessons/class-course/history/invitation/"
SELECT = """(words) => {
  const text = document.querySelector(".edition");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    node.parentElement.scrollIntoView({ block: "center" });
    getSelection().setBaseAndExtent(node, at, node, at + words.length);
    return true;
  }
  return false;
}"""
DRAWN = "(kind) => [...(CSS.highlights.get(`note-${kind}`) ?? [])].map(String)"
# What is drawn, without the link of a heading and the number of a footnote.
LETTERS = """() => [...CSS.highlights.get("note-highlight")].map((range) => {
  const part = range.cloneContents();
  for (const out of part.querySelectorAll(".anchor, .footnote-ref")) out.remove();
  return part.textContent;
})"""
# Every kind of text that Markdown makes: what the two extractors must agree on.
RICH = """A *word*, **another** [@khan1961, pp. 33-35] of [[RATS]]; a note[^one] 😀 کیا.

> Quoted
> twice.

1. First
2. Second `code  here`

```
  block   of
code
```

| A | B |
|---|---|
| 1 | 2 |

Term
: Its meaning.

Line\\
break and\u00a0space.

[^one]: Said below.
"""


def choose(page: Page, words: str) -> None:
    assert page.evaluate(SELECT, words)


def test_passages_are_marked_and_found_in_the_next_edition(
    student: User, lesson: Lesson, classroom: Classroom, tab_open: Callable[..., Tab]
) -> None:
    tab = tab_open(user=student)
    page = tab.visit(LESSON)
    bar = page.get_by_role("toolbar", name="The passage that you selected")
    choose(page, PASSAGE)  # before the notes are there, or after: the bar comes
    bar.get_by_role("button", name="Highlight").click()
    expect(page.locator("[data-count]")).to_have_text("1")
    assert page.evaluate(DRAWN, "highlight") == [PASSAGE]
    # By keyboard alone.
    choose(page, "three reasons")
    expect(bar).to_be_visible()
    page.keyboard.press("Alt+Shift+N")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("Which *three*?")
    page.get_by_label("Who reads it").select_option(label=f"All of {classroom.title}")
    assert tab.axe() == []
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".note-item--note em")).to_have_text("three")
    choose(page, "weighs")
    page.keyboard.press("Alt+Shift+C")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".note-item--confused:not([data-unsent])")).to_have_count(1)
    rows = Note.objects.order_by("pk").values_list("kind", "exact", "visibility", "body")
    assert list(rows) == [
        ("highlight", PASSAGE, "private", ""),
        ("note", "three reasons", "class", "Which *three*?"),
        ("confused", "weighs", "private", ""),
    ]
    page.keyboard.press("Escape")
    expect(page.locator(".notes-panel")).to_be_hidden()
    republish(
        lesson,
        (
            "invitation",
            f"Much came before. It was {PASSAGE}; the authors give three reasons for it.",
        ),
    )
    tab.visit(LESSON)
    page.get_by_role("button", name="Notes 3").click()
    assert page.evaluate(DRAWN, "highlight") == [PASSAGE]
    assert page.evaluate(DRAWN, "note") == ["three reasons"]
    lost = page.locator(".note-item--confused")
    expect(lost).to_contain_text("these words are gone")
    expect(lost).to_contain_text("weighs")
    assert tab.axe() == []


def test_notes_wait_on_the_device_while_the_site_is_away(
    student: User, lesson: Lesson, tab_open: Callable[..., Tab]
) -> None:
    tab = tab_open(user=student, width=PHONE_PX, height=640, colour_scheme="dark")
    page = tab.visit(LESSON)
    expect(page.locator(".notes-open")).to_be_visible()
    taken: list[str] = []

    def swallow(route: Route) -> None:
        """The first is stored and its answer lost on the way; the others never arrive."""
        if route.request.method != "POST":
            route.continue_()
            return
        if not taken:
            taken.append(route.fetch().text())
        route.abort()

    page.route(f"**{PLACES}", swallow)
    for words in (PASSAGE, "weighs"):
        choose(page, words)
        page.get_by_role("button", name="Highlight").click()
    page.get_by_role("button", name="Notes 2").click()
    expect(page.locator("[data-unsent]")).to_have_count(2)
    expect(page.locator("[data-unsent]").first).to_contain_text("kept on this device")
    assert tab.overflow_px() == 0
    assert tab.axe() == []
    page.unroute(f"**{PLACES}")
    tab.visit(LESSON)
    expect(page.locator(".note-item:not([data-unsent])")).to_have_count(2)
    assert page.evaluate("localStorage.getItem('notes:unsent')") is None
    assert sorted(Note.objects.values_list("exact", flat=True)) == [PASSAGE, "weighs"]


def test_what_the_site_refuses_stays_until_it_is_discarded(
    student: User, lesson: Lesson, tab_open: Callable[..., Tab]
) -> None:
    page = tab_open(user=student).visit(LESSON)
    expect(page.locator(".notes-open")).to_be_visible()
    page.evaluate("document.querySelector('#invitation p').textContent = 'Words of a plug-in.'")
    choose(page, "Words of a plug-in.")
    page.get_by_role("button", name="Note", exact=True).click()
    page.keyboard.type("My words.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("[data-unsent]")).to_contain_text("These words do not stand in the lesson.")
    page.get_by_role("button", name="Keep it for the section as a whole").click()
    expect(page.locator(".note-item--note:not([data-unsent])")).to_contain_text("My words.")
    assert list(Note.objects.values_list("exact", "body")) == [("", "My words.")]


def test_browser_and_server_read_the_same_text(
    classroom: Classroom, student: User, tab_open: Callable[..., Tab]
) -> None:
    lesson = content.lesson_publish(
        classroom.course, content.section("rich", RICH), content.section("plain", "Fish & chips.")
    )
    tab = tab_open(user=student)
    page = tab.page
    edition = edition_of(lesson)
    spans = [
        (each.anchor, start, each.text[start : start + 12])
        for each in section_texts(edition.html)
        for start in range(0, len(each.text) - 11, 6)
    ]
    Note.objects.bulk_create(
        Note(
            author=student,
            lesson=lesson,
            edition=edition,
            section=anchor,
            start=start,
            end=start + 12,
            exact=exact,
            kind="highlight",
        )
        for anchor, start, exact in spans
    )
    tab.visit(LESSON)
    expect(page.locator("[data-count]")).to_have_text(str(len(spans)))
    drawn = ["".join(words.split()) for words in page.evaluate(LETTERS)]
    assert drawn == ["".join(exact.split()) for _anchor, _start, exact in spans]


def test_pages_are_well_made_and_work_without_script(
    student: User,
    instructor: User,
    lesson: Lesson,
    classroom: Classroom,
    tab_open: Callable[..., Tab],
) -> None:
    share(student, lesson, classroom, body="A long note. " * 20)
    confuse(student, lesson)
    note = note_create(student, lesson)
    tab = tab_open(user=student, width=PHONE_PX, colour_scheme="dark", has_javascript=False)
    page = tab.visit(LESSON)
    page.get_by_role("link", name="Your notes on this lesson").click()
    page.get_by_text("sentences").first.click()
    page.get_by_role("link", name="It was accepted").click()
    page.get_by_role("textbox", name="Note").fill("By hand.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("By hand.")).to_be_visible()
    assert Note.objects.latest("pk").exact.startswith("It was accepted")
    faults: dict[str, list[object]] = {}
    pages: list[tuple[User, str]] = [
        (student, PLACES),
        (student, "/notes/"),
        (student, f"/notes/{note.public_id}/edit/"),
        (student, f"/notes/{note.public_id}/delete/"),
        (instructor, f"/notes/classes/{classroom.public_id}/"),
        (instructor, f"/notes/classes/{classroom.public_id}/confusions/"),
    ]
    for user in (student, instructor):
        for mode in ({"width": PHONE_PX, "colour_scheme": "dark"}, {"locale": "ur"}):
            seen = tab_open(user=user, **mode)
            for owner, address in pages:
                if owner == user:
                    seen.visit(address)
                    found = [*seen.axe(), *([seen.overflow_px()] if seen.overflow_px() else [])]
                    faults[address] = faults.get(address, []) + found
    assert {address: found for address, found in faults.items() if found} == {}
