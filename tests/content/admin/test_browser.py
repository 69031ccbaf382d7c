"""Every page of the admin in a browser: no violation, no other host, accessible, light enough."""

import gzip
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response

from apps.accounts.models import User
from apps.content.models import Course
from tests.browser import PHONE_PX, Tab
from tests.content.admin.objects import course_objects

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Tab]
MAX_BYTES = 300_000
MODELS = (
    "course", "unit", "lesson", "sourceparagraph", "reference", "glossaryterm", "timelineevent",
    "actor", "place", "figure",
)  # fmt: skip
TRANSFERRED = ("sourceparagraph", "reference", "glossaryterm", "timelineevent", "actor", "place")


def addresses(course: Course) -> Iterator[str]:
    """Every page that is opened by a link."""
    rows = course_objects(course)
    yield reverse("admin:index")
    yield reverse("admin:app_list", args=["content"])
    yield reverse("courseware:coverage", args=[course.slug])
    for model in MODELS:
        yield reverse(f"admin:content_{model}_changelist")
        ends = ["change", "history"] + (["delete"] if model != "course" else [])
        if model != "sourceparagraph":
            yield reverse(f"admin:content_{model}_add")
        for end in ends:
            yield reverse(f"admin:content_{model}_{end}", args=[rows[model].pk])
    for model in TRANSFERRED:
        yield reverse(f"admin:content_{model}_import")
        yield reverse(f"admin:content_{model}_export")
    for end in ("outline", "changes", "recheck"):
        yield reverse(f"admin:content_course_{end}", args=[course.pk])
    lesson = rows["lesson"].pk
    for end in ("preview", "publish", "editions"):
        yield reverse(f"admin:content_lesson_{end}", args=[lesson])
    yield reverse("admin:content_lesson_compare", args=[lesson]) + "?old=1"
    yield reverse("admin:content_lesson_restore", args=[lesson]) + "?edition=1"


def one_of_each_template(course: Course) -> Iterator[str]:
    rows = course_objects(course)
    yield reverse("admin:index")
    yield reverse("courseware:coverage", args=[course.slug])
    yield reverse("admin:content_course_outline", args=[course.pk])
    yield reverse("admin:content_course_changes", args=[course.pk])
    yield reverse("admin:content_reference_changelist")
    yield reverse("admin:content_reference_import")
    yield reverse("admin:content_reference_export")
    for model in ("course", "lesson", "reference", "timelineevent"):
        yield reverse(f"admin:content_{model}_change", args=[rows[model].pk])
    for end in ("publish", "editions"):
        yield reverse(f"admin:content_lesson_{end}", args=[rows["lesson"].pk])


def test_crawl_meets_no_violation_and_scrolls_one_way(
    tab_open: Open, instructor: User, course: Course
) -> None:
    """The tab itself fails the test on a violation, an error of a script or another host."""
    tab = tab_open(user=instructor, width=PHONE_PX)
    wide = {}
    for path in addresses(course):
        tab.visit(path)
        wide[path] = tab.overflow_px()
    assert {path: pixels for path, pixels in wide.items() if pixels > 0} == {}


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    tab_open: Open, instructor: User, course: Course, colour_scheme: str
) -> None:
    tab = tab_open(user=instructor, colour_scheme=colour_scheme)
    found = []
    for path in one_of_each_template(course):
        tab.visit(path)
        found += [f"{path}: {fault}" for fault in tab.axe() if is_serious(fault)]
    assert found == []


def is_serious(fault: str) -> bool:
    return "(serious)" in fault or "(critical)" in fault


def test_page_transfers_little(tab_open: Open, instructor: User, course: Course) -> None:
    """Counted as compressed, as every server of ours sends it."""
    rows = course_objects(course)
    for model in ("lesson", "reference", "course"):
        path = reverse(f"admin:content_{model}_change", args=[rows[model].pk])
        sent = transferred(tab_open(user=instructor), path)
        assert 0 < sent <= MAX_BYTES, (model, sent)


def transferred(tab: Tab, path: str) -> int:
    responses: list[Response] = []

    def received(response: Response) -> None:
        responses.append(response)

    tab.page.on("response", received)
    tab.visit(path).wait_for_load_state("networkidle")
    return sum(map(size, responses))


def size(response: Response) -> int:
    return len(gzip.compress(response.body())) if response.ok else 0


def test_draft_is_looked_at_with_the_readers_own_sheets(
    tab_open: Open, instructor: User, course: Course
) -> None:
    """A heading in the panel has the face, size and colour that it has on the student's page."""
    lesson = course_objects(course)["lesson"]
    tab = tab_open(user=instructor)
    page = tab.visit(reverse("admin:content_lesson_change", args=[lesson.pk]))
    page.locator("[data-student-view-page] .section h2").first.wait_for()
    panel = look(page, IN_PANEL)
    tab.visit(f"/courses/{course.slug}/lessons/{lesson.unit.slug}/{lesson.slug}/")
    assert panel == look(page, "document")


IN_PANEL = "document.querySelector('[data-student-view-page]').shadowRoot"
LOOK = """root => ['.section h2', '.section p', '.citation', '.objectives > h2'].map((selector) => {
  const style = getComputedStyle(root.querySelector(selector));
  return [style.fontFamily, style.fontWeight, style.color, style.textDecorationLine].join(' ');
})"""


def look(page: Page, root: str) -> list[str]:
    found: list[str] = page.evaluate(f"({LOOK})({root})")
    assert urlsplit(page.url).path
    return found
