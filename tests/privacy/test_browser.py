"""The page of privacy in Chromium: a copy, and the way to being erased and back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates.models import Argument
from apps.privacy import services
from apps.privacy.models import ErasureRequest
from tests.browser import PHONE_PX, Tab
from tests.debates.factories import join, post, run_create
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODES: dict[str, dict[str, Any]] = {
    "desk, light, no script": {"has_javascript": False},
    "phone, dark": {"width": PHONE_PX, "colour_scheme": "dark"},
}


@pytest.mark.parametrize("mode", MODES)
def test_somebody_takes_a_copy_and_asks_to_be_erased(
    mode: str,
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    tab_open: Callable[..., Tab],
) -> None:
    run = run_create(classroom, instructor)
    mine = post(join(run, student))
    post(join(run, classmate), mine)
    tab = tab_open(user=student, **MODES[mode])
    faults = []

    def look() -> None:
        if "no script" not in mode:
            faults.extend(tab.axe())

    page = tab.visit("/privacy/")
    page.get_by_role("button", name="Make a copy").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("main")).to_contain_text("Your copy is being made.")
    assert services.exports_make_due(now=timezone.now()) == 1
    page = tab.visit("/privacy/")
    look()
    with page.expect_download() as download:
        page.get_by_role("link", name="Your copy of").click()
    assert download.value.suggested_filename.endswith(".zip")

    page.get_by_role("link", name="What goes, what stays, and how to ask").click()
    look()
    page.get_by_role("link", name="Read them once more").click()
    look()
    page.get_by_label("Text").fill("Said without a name.")
    page.get_by_role("button", name="Save these words").click()
    expect(page.get_by_role("main")).to_contain_text("Said without a name.")
    assert Argument.objects.get(pk=mine.pk).text == "Said without a name."

    page.get_by_role("link", name="Erase me").click()
    page.get_by_label("Your e-mail address, typed out").fill("student@quaid.example")
    page.get_by_role("button", name="Erase me").click()
    expect(page.get_by_role("main")).to_contain_text("You will be erased on")
    look()
    page.get_by_role("button", name="I have changed my mind").click()
    expect(page.locator("body")).to_contain_text("You stay. Nothing was erased.")
    assert not ErasureRequest.objects.exists()
    assert faults == []
