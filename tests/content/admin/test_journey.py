"""An instructor without training, in a browser: what they see and what comes of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.content.models import Lesson
from tests.browser import Tab
from tests.content.factories import lesson_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Tab]


def edit(tab: Tab, lesson: Lesson) -> Page:
    page = tab.visit(f"/admin/content/lesson/{lesson.pk}/change/")
    expect(page.locator("[data-student-view-status]")).to_contain_text("words")
    return page


def bodies(lesson: Lesson) -> list[str]:
    return list(lesson.sections.order_by("position").values_list("anchor", flat=True))


def student_view(page: Page) -> str:
    text: str = page.evaluate(
        "document.querySelector('[data-student-view-page]').shadowRoot.textContent"
    )
    return text


def test_lesson_is_found_from_the_index(tab_open: Open, instructor: User, lesson: Lesson) -> None:
    page = tab_open(user=instructor).visit("/admin/")
    page.get_by_role("main").get_by_role("link", name="The SCO").click()
    page.get_by_role("main").get_by_role("link", name="The invitation of 1949").click()
    expect(page.get_by_label("Title:")).to_have_value("The invitation of 1949")


def test_typing_shows_what_students_will_see(
    tab_open: Open, instructor: User, lesson: Lesson
) -> None:
    page = edit(tab_open(user=instructor), lesson)
    page.locator("#id_sections-0-body").fill("A **new** sentence [@khan1961] and [@nobody].")
    expect(page.locator("[data-problems]")).to_contain_text("nobody")
    assert "A new sentence (Khan, 1961)" in student_view(page)
    page.locator("[data-problems]").get_by_role("link", name="Go there").first.click()
    expect(page.locator("#id_sections-0-body")).to_be_in_viewport()
    assert lesson.sections.get(anchor="invitation").body.startswith("The first contact")


def test_citation_is_inserted_by_the_picker(
    tab_open: Open, instructor: User, lesson: Lesson
) -> None:
    page = edit(tab_open(user=instructor), lesson)
    area = page.locator("#id_sections-1-body")
    area.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Others agree ")
    page.locator("#sections-1").get_by_role("button", name="Cite a work").click()
    page.get_by_label("Search by any word").fill("hussain fatima")
    page.get_by_label("Pages (optional)").fill("p. 7")
    page.get_by_role("button", name="Choose", exact=True).click()
    expect(area).to_have_value("He chose [@khan1961]. Others agree [@hussain-fatima2015, p. 7]")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft")
    assert lesson.sections.get(anchor="choice").body.endswith("[@hussain-fatima2015, p. 7]")


def test_picker_works_by_keyboard_and_escape(
    tab_open: Open, instructor: User, lesson: Lesson
) -> None:
    page = edit(tab_open(user=instructor), lesson)
    page.locator("#sections-0").get_by_role("button", name="Choose a paragraph").press("Enter")
    page.keyboard.type("P02")
    page.keyboard.press("Enter")
    expect(page.locator("#id_sections-0-sources")).to_have_value("P01 P02")
    page.locator("#sections-0").get_by_role("button", name="Choose a paragraph").press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#picker")).to_be_hidden()
    page.locator("#sections-0").get_by_role("button", name="Remove P01").click()
    expect(page.locator("#id_sections-0-sources")).to_have_value("P02")


def test_toolbar_writes_markdown_that_can_be_undone(
    tab_open: Open, instructor: User, lesson: Lesson
) -> None:
    page = edit(tab_open(user=instructor), lesson)
    area = page.locator("#id_sections-1-body")
    area.fill("one")
    area.select_text()
    page.keyboard.press("Control+b")
    expect(area).to_have_value("**one**")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("one")
    page.locator("#sections-1").get_by_role("button", name="List").click()
    expect(area).to_have_value("- one")
    page.locator("#sections-1").get_by_role("button", name="Footnote").click()
    expect(area).to_have_value("- one[^note-1]\n\n[^note-1]: Words of the footnote.")


def test_section_is_dragged_and_a_new_one_is_added(
    tab_open: Open, instructor: User, lesson: Lesson
) -> None:
    page = edit(tab_open(user=instructor), lesson)
    first, second = page.locator("#sections-0 .grip"), page.locator("#sections-1 .grip")
    second.scroll_into_view_if_needed()
    box = second.bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 8, box["y"] - 8, steps=4)
    expect(page.locator("#id_sections-0-body")).to_be_hidden()  # only the bars are left
    goal = first.bounding_box()
    assert goal
    page.mouse.move(goal["x"] + 8, goal["y"] + 12, steps=10)
    page.mouse.move(goal["x"] + 8, goal["y"] + 4, steps=4)
    page.mouse.up()
    expect(page.locator("#id_sections-1-position")).to_have_value("1")
    page.get_by_role("button", name="Add another Section").click()
    page.locator("#id_sections-2-heading").fill("What came next")
    expect(page.locator("#id_sections-2-anchor")).to_have_value("what-came-next")
    page.locator("#id_sections-2-body").fill("A partnership.")
    page.locator("#sections-2").get_by_role("button", name="Move this section up").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft")
    assert bodies(lesson) == ["choice", "what-came-next", "invitation"]


def test_lesson_is_published_compared_and_restored(
    tab_open: Open, instructor: User, lesson: Lesson
) -> None:
    page = edit(tab_open(user=instructor), lesson)
    page.locator("#id_sections-0-body").fill("Quite another text [@khan1961].")
    page.get_by_role("button", name="Save, then check and publish").click()
    expect(page.get_by_role("heading", name="Publish “The invitation of 1949”")).to_be_visible()
    expect(page.locator("ins").first).to_contain_text("Quite another text")
    page.get_by_label("What has changed").fill("A clearer beginning")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published as edition 2")
    page.get_by_role("link", name="Editions").click()
    expect(page.locator("#content-main table")).to_contain_text("A clearer beginning")
    page.get_by_label("compare edition 1", exact=True).check()
    page.get_by_label("with edition 2", exact=True).check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".difference del").first).to_contain_text("The first contact was")
    page.go_back()
    page.get_by_role("row", name="compare edition 1").get_by_role("link", name="Restore").click()
    page.get_by_role("button", name="Yes, restore it into the draft").click()
    expect(page.locator("#id_sections-0-body")).to_have_value(
        "The first contact was an invitation [@khan1961, pp. 33-35] of [[RATS]]."
    )
    current = lesson_of(lesson).published_edition
    assert current is not None
    assert current.number == 2


def test_second_of_two_editors_loses_nothing(
    tab_open: Open, instructor: User, colleague: User, lesson: Lesson
) -> None:
    mine, hers = edit(tab_open(user=instructor), lesson), edit(tab_open(user=colleague), lesson)
    hers.locator("#id_sections-0-body").fill("Her text [@khan1961].")
    hers.get_by_role("button", name="Save draft").click()
    expect(hers.locator(".messagelist")).to_contain_text("Saved as a draft")
    mine.locator("#id_sections-0-body").fill("My text [@khan1961].")
    mine.get_by_label("Title:").fill("My title")
    mine.get_by_role("button", name="Save draft").click()
    notice = mine.get_by_role("alert")
    expect(notice).to_contain_text("Maryam Ali saved this lesson")
    expect(notice).to_contain_text("Her text")
    expect(mine.locator("#id_sections-0-body")).to_have_value("My text [@khan1961].")
    assert lesson.sections.get(anchor="invitation").body == "Her text [@khan1961]."
    section = notice.locator(".conflict-part", has_text="Her text")
    section.get_by_role("button", name="Put their text into my form").click()
    expect(mine.locator("#id_sections-0-body")).to_have_value("Her text [@khan1961].")
    mine.locator("#id_sections-0-body").fill("Her text and mine [@khan1961].")
    mine.get_by_role("button", name="Save what stands below over theirs").click()
    expect(mine.locator(".messagelist")).to_contain_text("Saved as a draft")
    assert lesson_of(lesson).title == "My title"
    assert lesson.sections.get(anchor="invitation").body == "Her text and mine [@khan1961]."


def test_preview_opens_as_a_whole_page(tab_open: Open, instructor: User, lesson: Lesson) -> None:
    page = edit(tab_open(user=instructor), lesson)
    page.get_by_label("Title:").fill("A title not yet saved")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview as a student").click()
    preview = opened.value
    expect(preview.get_by_role("heading", level=1)).to_have_text("A title not yet saved")
    expect(preview.get_by_role("status").first).to_contain_text(
        "This is the draft", ignore_case=True
    )
    preview.close()


def test_lesson_is_edited_without_javascript(
    tab_open: Open, instructor: User, lesson: Lesson
) -> None:
    tab = tab_open(user=instructor, has_javascript=False)
    page = tab.visit(f"/admin/content/lesson/{lesson.pk}/change/")
    page.locator("#id_sections-0-position").fill("2")
    page.locator("#id_sections-1-position").fill("1")
    page.locator("#id_sections-0-sources").fill("p02, P01")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft")
    assert bodies(lesson) == ["choice", "invitation"]
    sources = lesson.sections.get(anchor="invitation").sources.order_by("position")
    assert list(sources.values_list("paragraph__number", flat=True)) == ["P02", "P01"]
