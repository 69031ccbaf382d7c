"""A day's review in Chromium: by keyboard, without JavaScript, and every page well made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.content.models import Course
from apps.review import services
from apps.review.models import ReviewCard, ReviewLog
from tests.browser import PHONE_PX, Tab
from tests.quizzes.factories import question_create
from tests.review.factories import own_card, practised, readable_course

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TabOpen = Callable[..., Tab]


def stocked(student: User) -> Course:
    """A course of which the student has a missed question, a term and a date as cards."""
    course = readable_course()
    practised(student, question_create(course))
    now = timezone.now()
    services.cards_add_missed(owner=student, now=now)
    services.cards_add_terms(owner=student, course=course, unit=None, now=now)
    services.cards_add_events(owner=student, course=course, unit=None, now=now)
    return course


def test_a_day_by_keyboard_alone(student: User, tab_open: TabOpen) -> None:
    stocked(student)
    tab = tab_open(user=student)
    page = tab.visit("/review/")
    page.get_by_role("link", name="Begin").focus()
    page.keyboard.press("Enter")
    for place in range(3):
        expect(page.locator("[data-card]")).to_be_focused()
        page.wait_for_load_state()  # the focus is there before the script that hears keys
        page.keyboard.press(" ")
        page.wait_for_url("**/answer/**")
        expect(page.locator("[data-card]")).to_be_focused()
        page.wait_for_load_state()
        page.keyboard.press("4" if place else "3")
        page.wait_for_url("**/next/")
    # The first is in its short steps and comes up at once, for nothing else is left.
    expect(page.get_by_role("heading", name="missed question")).to_be_visible()
    page.get_by_role("button", name="Undo “Easy”").press("Enter")
    expect(page.get_by_text("Undone: the card is as it was.")).to_be_visible()
    logs = ReviewLog.objects.order_by("id")
    ratings = [(log.rating, log.undone_at is not None) for log in logs]
    assert ratings == [(3, False), (4, False), (4, True)]
    assert ReviewLog.objects.filter(duration_seconds__isnull=True).count() == 0


def test_without_javascript_and_with_two_clicks(student: User, tab_open: TabOpen) -> None:
    own_card(student, "Front?", "Back.")
    page = tab_open(user=student, has_javascript=False).visit("/review/next/")
    page.get_by_role("link", name="Show the answer").click()
    page.get_by_role("button", name="Good").dblclick()
    page.wait_for_url("**/next/")
    assert ReviewCard.objects.get().reps == 1


@pytest.mark.parametrize("mode", ["desk, light", "phone, dark"])
def test_every_page_of_review_is_well_made(mode: str, student: User, tab_open: TabOpen) -> None:
    stocked(student)
    card = ReviewCard.objects.get(origin_kind="question")
    look = {} if mode == "desk, light" else {"width": PHONE_PX, "colour_scheme": "dark"}
    tab = tab_open(user=student, **look)
    faults = {}
    for path in (
        "",
        "next/",
        f"cards/{card.public_id}/answer/",
        "statistics/",
        "settings/",
        "cards/",
        "cards/new/",
        f"cards/{card.public_id}/",
        f"cards/{card.public_id}/edit/",
        f"cards/{card.public_id}/delete/",
        "add/",
        "add/sco/",
        "import/",
    ):
        tab.visit(f"/review/{path}")
        faults[path] = [*tab.axe(), *(["scrolls sideways"] if tab.overflow_px() else [])]
    assert {path: found for path, found in faults.items() if found} == {}
