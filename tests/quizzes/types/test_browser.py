"""Every type of question in Chromium: well made, and answered by keyboard without JavaScript."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.content import mapping
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Labels
from tests.browser import PHONE_PX, Tab
from tests.quizzes.types import gallery

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.quizzes.types.gallery"),
]

PREFIXES = sorted(gallery.questions())
ESSAY = {"text": "A text of my own."}


@pytest.fixture(autouse=True)
def nothing_received() -> Iterator[None]:
    gallery.received.clear()
    yield
    gallery.received.clear()


def right_answers() -> dict[str, dict[str, Any]]:
    return {
        prefix: TYPES[row["type"]].fix(row["spec"]) or ESSAY
        for prefix, row in gallery.questions().items()
    }


def raw_answers() -> dict[str, dict[str, Any]]:
    return {
        prefix: TYPES[row["type"]].unparse(row["spec"], right_answers()[prefix], Labels("gallery"))
        for prefix, row in gallery.questions().items()
    }


def test_bank_has_every_type() -> None:
    assert {row["type"] for row in gallery.questions().values()} == set(TYPES)


@pytest.mark.parametrize(
    "mode",
    [
        {},
        {"width": PHONE_PX, "colour_scheme": "dark"},
        {"width": PHONE_PX, "locale": "ur"},
        {"width": PHONE_PX, "has_javascript": False},
    ],
    ids=["light", "phone and dark", "phone, right to left", "phone without script"],
)
def test_widgets_are_well_made(mode: dict[str, Any], tab_open: Callable[..., Tab]) -> None:
    tab = tab_open(**mode)
    page = tab.visit("/gallery/")
    # axe is a script itself.
    faults = tab.axe() if mode.get("has_javascript", True) else []
    assert faults == []
    assert tab.overflow_px() == 0
    assert small_targets(page) == []


def small_targets(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main :is(input, select, textarea, button)")]
        .filter((each) => {
          const box = (each.closest("label") ?? each).getBoundingClientRect();
          return box.width && (box.height < 24 || box.width < 24);
        })
        .map((each) => each.outerHTML.slice(0, 120))"""
    )
    return found


def test_answered_by_keyboard_without_script(tab_open: Callable[..., Tab]) -> None:
    """Each field is focused and given what a keyboard can give: Space, a letter, text."""
    page = tab_open(has_javascript=False).visit("/gallery/")
    for prefix, raw in raw_answers().items():
        for name, value in raw.items():
            give(page, f"{prefix}.{name}", value)
    send(page)
    assert gallery.received == right_answers()
    # What was sent is shown again, and can be sent again as it is.
    send(page)
    assert gallery.received == right_answers()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def give(page: Page, name: str, value: Any) -> None:
    if name.endswith(".order"):
        stem = name.removesuffix(".order")
        value = {label: str(place) for place, label in enumerate(value, 1)}
        name = f"{stem}.positions"
    if isinstance(value, dict):
        for label, each in value.items():
            give(page, f"{name}.{label}", each)
        return
    for each in value if isinstance(value, list) else [value]:
        field = page.locator(f'[name="{name}"][value="{each}"]:is([type=radio], [type=checkbox])')
        if field.count():
            field.focus()
            page.keyboard.press("Space")
            continue
        field = page.locator(f'[name="{name}"]')
        field.focus()
        if field.evaluate("field => field.tagName") == "SELECT":
            values = field.locator("option").evaluate_all("all => all.map(each => each.value)")
            for _step in range(values.index(each)):
                page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type(each)


def test_readonly_cannot_be_changed(desktop: Tab) -> None:
    page = desktop.visit("/gallery/?readonly")
    fields = page.locator("main :is(input:not([type=hidden]), select, textarea)")
    assert fields.count() > 20
    assert (
        page.locator("main form :is(input:not([type=hidden]), select, textarea):enabled").count()
        == 0
    )
    assert page.locator(".ordering__move").count() == 0


def test_ordering_moved_by_buttons(desktop: Tab) -> None:
    page = desktop.visit("/gallery/")
    rows = page.locator(".ordering__row")
    texts = [text.strip() for text in page.locator(".ordering__text").all_inner_texts()]
    rows.nth(1).locator(".ordering__move").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ordering__text").first).to_have_text(texts[1])
    expect(rows.first.locator(".ordering__move").first).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("1")
    numbers = page.locator(".ordering__position").evaluate_all("all => all.map(e => e.value)")
    assert numbers == [str(place) for place in range(1, len(texts) + 1)]
    send(page)
    order = gallery.received["ordering"]["order"]
    known = {item["id"]: item["text"] for item in gallery.questions()["ordering"]["spec"]["items"]}
    assert [known[each] for each in order] == [texts[1], texts[0], *texts[2:]]


def test_ordering_moved_by_a_position(desktop: Tab) -> None:
    page = desktop.visit("/gallery/")
    texts = page.locator(".ordering__text").all_inner_texts()
    page.locator(".ordering__position").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert sorted(page.locator(".ordering__text").all_inner_texts()) == sorted(texts)
    numbers = page.locator(".ordering__position").evaluate_all("all => all.map(e => e.value)")
    assert numbers == [str(place) for place in range(1, len(texts) + 1)]


def test_mark_chosen_on_the_map(desktop: Tab) -> None:
    page = desktop.visit("/gallery/")
    mark = page.locator("[data-plot=mark] [data-mark]").nth(1)
    label = mark.get_attribute("data-mark")
    mark.locator(".plot__target").click()
    expect(page.locator(f'input[name="locate-mark.mark"][value="{label}"]')).to_be_checked()


@pytest.mark.parametrize("share", [(0.2, 0.3), (0.5, 0.5), (0.4, 0.8), (0.9, 0.1)])
def test_point_clicked_as_python_reads_it(share: tuple[float, float], desktop: Tab) -> None:
    page = desktop.visit("/gallery/")
    svg = page.locator("[data-plot=point]")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    assert box
    at = {"x": box["width"] * share[0], "y": box["height"] * share[1]}
    svg.click(position=at)  # type: ignore[arg-type]
    view = mapping.view()
    scale = view["width"] / box["width"]
    expected = mapping.unproject(at["x"] * scale, at["y"] * scale)
    found = [
        float(page.locator(f'[name="locate-point.{name}"]').input_value())
        for name in ("longitude", "latitude")
    ]
    assert found == pytest.approx(expected, abs=0.3)  # a click is a whole pixel


def test_ground_is_the_map_itself() -> None:
    outlines = json.loads(mapping.OUTLINES.read_text(encoding="utf-8"))
    path = "".join(country["path"] for country in outlines["countries"])
    svg = (gallery.COURSE.parents[1] / "static" / "img" / "eurasia.svg").read_text(encoding="utf-8")
    assert f' d="{path}"' in svg
