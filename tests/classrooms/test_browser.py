"""Classes in Chromium: a whole journey, and that every page is well made.

Each tab fails its test on a content-security violation, a request to another host or an error.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.classrooms import services
from apps.classrooms.models import Classroom, Enrolment, Invitation
from tests.browser import PHONE_PX, Tab
from tests.content.factories import course_create

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODES: dict[str, dict[str, Any]] = {
    "desk, light": {},
    "phone, dark": {"width": PHONE_PX, "colour_scheme": "dark"},
}


@pytest.mark.parametrize("has_javascript", [True, False])
def test_instructor_begins_a_class_and_a_student_joins_it(
    has_javascript: bool, instructor: User, student: User, tab_open: Callable[..., Tab]
) -> None:
    course_create(slug="shared")
    tab = tab_open(user=instructor, has_javascript=has_javascript)
    page = tab.visit("/classes/new/")
    page.get_by_label("Name of the class").fill("Diplomacy")
    page.get_by_role("button", name="Begin the class").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Diplomacy")
    code = page.locator("#the-code").inner_text()

    page.get_by_role("link", name="People").click()
    page.get_by_role("link", name="Import a list").click()
    for text, answer in (
        ("email,role\na@b.example,king\n", "Nobody was added"),
        ("email,role\na@b.example,student\n", "This will happen"),
    ):
        page.get_by_label("Or paste the list").fill(text)
        page.get_by_role("main").get_by_role("button", name="Look").click()
        expect(page.get_by_role("main")).to_contain_text(answer)
    assert not Invitation.objects.exists()
    page.get_by_role("button", name="Take the list").click()
    expect(page.get_by_role("main")).to_contain_text("a@b.example")

    theirs = tab_open(user=student, width=PHONE_PX, has_javascript=has_javascript)
    phone = theirs.visit("/classes/")
    phone.get_by_label("Join code").fill(code.lower().replace("-", " "))
    phone.get_by_role("button", name="Join", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Diplomacy")


@pytest.mark.parametrize("mode", MODES)
def test_pages_are_well_made(
    mode: str,
    classroom: Classroom,
    foreign_classroom: Classroom,
    instructor: User,
    foreign_instructor: User,
    student: User,
    tab_open: Callable[..., Tab],
) -> None:
    row: Enrolment = classroom.enrolments.get(user=student)
    services.join_code_renew(classroom=classroom, actor=instructor, now=timezone.now())
    services.accommodation_save(
        enrolment=row,
        activity_id=None,
        fields={"extra_attempts": 2, "time_ratio": 2, "note": "A letter."},
        actor=instructor,
        now=timezone.now(),
    )
    for email, place, host in (
        ("somebody.with.a.long.address@quaid.example", classroom, instructor),
        (instructor.email, foreign_classroom, foreign_instructor),
    ):
        services.invitation_create(classroom=place, email=email, actor=host, now=timezone.now())
    base = f"/classes/{classroom.public_id}/"
    person = f"{base}people/{row.public_id}/"
    paths = {
        instructor: [
            "/classes/",
            "/classes/join/",
            "/classes/new/",
            base,
            f"{base}people/",
            f"{base}people/invite/",
            f"{base}people/import/",
            f"{base}settings/",
            person,
            f"{person}accommodations/",
        ],
        student: ["/classes/", base],
    }
    found = {}
    for user, addresses in paths.items():
        tab = tab_open(user=user, **MODES[mode])
        for address in addresses:
            tab.visit(address)
            faults = tab.axe()
            faults += [f"scrolls by {tab.overflow_px()} px"] if tab.overflow_px() else []
            if faults:
                found[address] = faults
    assert found == {}
