"""Quizzes in Chromium: nothing written is lost, and every page is well made.

Each tab fails its test on a content-security violation, a request to another host or an error.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import SourceParagraph
from apps.quizzes import services
from apps.quizzes.enums import AttemptState, Layout
from apps.quizzes.models import Attempt, Response
from tests.browser import PHONE_PX, Tab
from tests.quizzes.factories import (
    SPECS,
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TabOpen = Callable[..., Tab]
MODES: dict[str, dict[str, Any]] = {
    "desk, light": {},
    "phone, dark": {"width": PHONE_PX, "colour_scheme": "dark"},
}
SAVED = "All answers are saved."
SENT = """(key) => new Promise((done) => {
  const look = () => (localStorage.getItem(key) ? setTimeout(look, 50) : done());
  look();
})"""


@pytest.fixture
def attempt(classroom: Classroom, instructor: User, student: User) -> Attempt:
    """A choice and an essay, open for an hour."""
    questions = [question_create(classroom.course, kind) for kind in ("single_choice", "essay")]
    assignment = assignment_create(
        classroom,
        instructor,
        quiz_create(classroom.course, *questions),
        time_limit_seconds=3600,
    )
    return services.assignment_start(assignment=assignment, student=student, now=timezone.now())


def path_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.public_id}/"


def answers_of(attempt: Attempt) -> list[Any]:
    return [row.answer for row in Response.objects.filter(attempt=attempt).order_by("position")]


def test_lost_network_and_a_closed_tab_lose_nothing(
    attempt: Attempt, student: User, tab_open: TabOpen
) -> None:
    tab = tab_open(user=student)
    page = tab.visit(path_of(attempt))
    status = page.locator("[data-status]")
    page.get_by_label("China").check()
    expect(status).to_have_text(SAVED)
    assert answers_of(attempt)[0] == {"choice": "c"}

    # The network goes; what is written meanwhile survives a reload once it is back.
    page.context.set_offline(True)
    page.get_by_role("textbox").fill("Written in a tunnel.")
    expect(status).to_contain_text("kept on this device")
    assert answers_of(attempt)[1] == {}
    page.context.set_offline(False)
    expect(status).to_have_text(SAVED)
    assert answers_of(attempt)[1] == {"text": "Written in a tunnel."}

    # The server is away while the tab is closed: the next look sends what was kept.
    page.route("**/save/", lambda route: route.abort())
    page.get_by_role("textbox").fill("Written while it was down.")
    expect(status).to_contain_text("kept on this device")
    page.goto("about:blank")
    page.unroute("**/save/")
    tab.visit(path_of(attempt))
    expect(page.get_by_role("textbox")).to_have_value("Written while it was down.")
    expect(status).to_have_text(SAVED)
    assert answers_of(attempt)[1] == {"text": "Written while it was down."}

    # And so does any other page of the site.
    page.route("**/save/", lambda route: route.abort())
    page.get_by_role("textbox").fill("Written at last.")
    expect(status).to_contain_text("kept on this device")
    page.goto("about:blank")
    page.unroute("**/save/")
    tab.visit("/about/")
    page.evaluate(SENT, f"sitting:{attempt.public_id}")
    assert answers_of(attempt)[1] == {"text": "Written at last."}


def test_signed_out_student_is_told_and_keeps_what_they_wrote(
    attempt: Attempt, student: User, tab_open: TabOpen
) -> None:
    page = tab_open(user=student).visit(path_of(attempt))
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("textbox").fill("Still here.")
    expect(page.locator("[data-status]")).to_contain_text("You have been signed out")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert answers_of(attempt)[1] == {"text": "Still here."}


def test_time_runs_out_and_what_was_written_is_handed_in(
    attempt: Attempt, student: User, tab_open: TabOpen
) -> None:
    page = tab_open(user=student).visit(path_of(attempt))
    # Of the seven seconds none goes to drawing the first page of a run.
    end = timezone.now() + timedelta(seconds=7)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=end)
    page.reload()
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"0:0\d"))
    page.get_by_role("textbox").fill("Just in time, these five words.")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    # An end that is moved while the page counts down to the old one holds.
    end += timedelta(seconds=2)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=end)
    page.wait_for_url("**/review/")
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.SUBMITTED
    assert attempt.submitted_at is not None
    assert attempt.submitted_at >= end
    assert answers_of(attempt)[1] == {"text": "Just in time, these five words."}


def test_quiz_is_taken_by_keyboard_alone(
    classroom: Classroom, instructor: User, student: User, tab_open: TabOpen
) -> None:
    questions = [question_create(classroom.course) for _ in range(2)]
    assignment = assignment_create(
        classroom,
        instructor,
        quiz_create(classroom.course, *questions),
        layout=Layout.ITEM_BY_ITEM,
    )
    page = tab_open(user=student).visit(
        f"/classes/{classroom.public_id}/quizzes/{assignment.public_id}/"
    )

    def reach(words: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText") == words:
                return
        pytest.fail(f"The keyboard does not reach {words!r}.")

    def follow(words: str) -> None:
        reach(words)
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")

    follow("Begin")
    for verb in ("Save and next", "Finish …"):
        page.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-status]")).to_have_text(SAVED)
        follow(verb)
    expect(page.get_by_role("main")).to_contain_text("Every question has an answer.")
    follow("Hand in")
    assert Attempt.objects.get().state == AttemptState.GRADED


@pytest.mark.parametrize("mode", MODES)
def test_pages_are_well_made(
    mode: str,
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    tab_open: TabOpen,
) -> None:
    now = timezone.now()
    questions = [question_create(classroom.course, kind) for kind in SPECS]
    assignment = assignment_create(
        classroom,
        instructor,
        quiz_create(classroom.course, *questions),
        attempt_limit=2,
        time_limit_seconds=3600,
        has_confidence=True,
        is_marked_anonymously=False,
    )
    running = services.assignment_start(assignment=assignment, student=student, now=now)
    done = services.assignment_start(assignment=assignment, student=classmate, now=now)
    services.attempt_submit(
        attempt_id=done.public_id, student=classmate, saves=right_saves(done), now=now
    )
    response = Response.objects.filter(attempt=done).earliest("position")
    contest = services.contest_open(
        response=response,
        text="Two of them are right.",
        paragraph=SourceParagraph.objects.first(),
        reference=None,
        locator="",
        student=classmate,
        now=now,
    )
    essay = next(row for row in done.responses.all() if row.version.kind == "essay")
    place = f"/classes/{classroom.public_id}/quizzes/"
    given = f"{place}{assignment.public_id}/"
    pages = {
        student: [
            place,
            given,
            path_of(running),
            f"{path_of(running)}confirm/",
            f"/courses/{classroom.course.slug}/practice/",
        ],
        classmate: [f"{path_of(done)}review/", f"{path_of(done)}items/2/contest/"],
        instructor: [
            place,
            given,
            f"{place}new/",
            f"{given}settings/",
            f"{given}marking/",
            f"{given}analysis/",
            f"{given}marking/{done.public_id}/{essay.position}/",
            f"{place}objections/",
            f"{place}objections/{contest.public_id}/",
            f"{given}questions/{questions[0].public_id}/",
        ],
    }
    for person, paths in pages.items():
        tab = tab_open(user=person, **MODES[mode])
        for path in paths:
            page = tab.visit(path)
            assert page.get_by_role("heading", level=1).count() == 1, path
            assert tab.axe() == [], path
            assert tab.overflow_px() == 0, path
