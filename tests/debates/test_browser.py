"""A debate in Chromium: held whole by five people, by keyboard, and every page is well made."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.models import DebateRun, Participant
from apps.grades.models import GradeItem
from tests.browser import PHONE_PX, Tab
from tests.classrooms.factories import students_add
from tests.debates.factories import KINDS, debate_create, post, windows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TabOpen = Callable[..., Tab]
DAY = timedelta(days=1)
CLAIM = "The treaty obliges its members to consult each other and to nothing more than that."
STANCES = (
    ("agree", "for"),
    ("strongly agree", "for"),
    ("disagree", "against"),
    ("undecided", "against"),
)


def turn_to(run: DebateRun, kind: str) -> None:
    """Move the dates so that it is the time for `kind`, by the server's clock."""
    start = timezone.now() - timedelta(hours=1) - KINDS.index(kind) * DAY
    for place, each in enumerate(KINDS):
        run.phases.filter(kind=each).update(
            opens_at=start + place * DAY, closes_at=start + (place + 1) * DAY
        )


def set_debate(page: Page) -> None:
    """The instructor's form, from the list of debates, with the dates that it proposes."""
    page.get_by_role("link", name="Set a debate").click()
    page.get_by_role("link", name="Is it a counterweight?").click()
    page.get_by_label("classmates to review").fill("1")
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("The debate is set.")).to_be_visible()


def take_stance(page: Page, stance: str, side: str = "") -> None:
    page.get_by_label(stance, exact=True).check()
    page.get_by_label("3: fairly sure").check()
    if side:
        page.get_by_label(side.capitalize(), exact=True).check()
    page.get_by_role("button", name="Record").click()


def write(page: Page, text: str, *, kind: str = "") -> None:
    if kind:
        page.get_by_label(kind, exact=True).check()
    page.get_by_label("Your argument").fill(text)
    page.get_by_label("This is my own reasoning").check()
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_text(text)).to_be_visible()


def choose_levels(page: Page, level: str) -> None:
    for criterion in ("Claim", "Evidence", "Rebuttal", "Concession"):
        page.get_by_label(criterion, exact=True).select_option(level)


def find_source(tab: Tab, query: str, label: str) -> None:
    """By keyboard alone, among what the one field finds."""
    field = tab.page.get_by_role("combobox", name="Find a work, a paragraph or a section")
    field.press_sequentially(query)
    expect(tab.page.get_by_role("option", name=label)).to_be_visible()
    assert tab.axe() == []
    field.press("ArrowDown")
    field.press("Enter")
    expect(tab.page.get_by_role("button", name="Choose another")).to_be_focused()
    expect(tab.page.get_by_label("or paragraph of the article").first).to_be_hidden()


def argue(tabs: list[Tab], path: str) -> None:
    for number, tab in enumerate(tabs, start=1):
        page = tab.visit(path)
        page.get_by_role("link", name="Write an argument").click()
        if number == 1:
            find_source(tab, "khan1961", "Khan (1961)")
        write(page, f"{CLAIM} So says student {number}.")
    waiting = tabs[-1].visit(path).locator(".balance").get_by_role("listitem")
    expect(waiting.filter(has_text="not rated yet")).to_have_count(3)
    expect(tabs[-1].page.get_by_role("link", name="Khan (1961)")).to_be_visible()


def rebut(tabs: list[Tab], path: str) -> None:
    """Each rates, is moved by and rebuts the next; the last reports the first."""
    for number, tab in enumerate(tabs, start=1):
        page = tab.visit(path)
        expect(page.locator(".balance")).to_be_visible()  # it comes last, and moves what is below
        other = page.get_by_role("article").filter(has_text=f"So says student {number % 4 + 1}.")
        other.get_by_label("Strength").select_option("4")
        other.get_by_role("button", name="Rate").click()
        other.get_by_role("button", name="This moved me").click()
        other.get_by_role("link", name="Answer").click()
        write(page, f"{CLAIM} But student {number} doubts it.", kind="rebuttal")
    page = tabs[-1].visit(path)
    first = page.get_by_role("article").filter(has_text="So says student 1.")
    first.get_by_role("link", name="Report").first.click()
    page.get_by_label("What is wrong with it?").fill("It cites nothing.")
    page.get_by_role("button", name="Send").click()


def warn(teacher: Page) -> None:
    teacher.get_by_role("link", name="Moderation").click()
    expect(teacher.get_by_text("It cites nothing.")).to_be_visible()
    teacher.get_by_role("link", name="Decide").click()
    teacher.get_by_label("warn its author").check()
    teacher.get_by_label("Reason").fill("Show where the treaty says so.")
    teacher.get_by_role("button", name="Do it").click()


def reflect(tabs: list[Tab], path: str) -> None:
    """Each reviews a classmate and writes what they take from it."""
    for number, tab in enumerate(tabs, start=1):
        page = tab.visit(f"{path}mine/")
        if number == 1:  # the first to ask is dealt for with the whole class
            page.get_by_role("button", name="Give me 1 classmate to review").click()
        page.get_by_role("region", name="Classmates to review").get_by_role("link").click()
        choose_levels(page, "4")
        page.get_by_label("What was done well").fill(f"Clear. Reviewed by student {number}.")
        page.get_by_role("button", name="Keep the review").click()
        page.get_by_label("What you take from this debate").fill(f"I weigh it anew, {number}.")
        page.get_by_role("button", name="Keep it").click()
        expect(page.get_by_text("Your reflection is kept.")).to_be_visible()


def mark(staff: Tab, path: str) -> None:
    for number, person in enumerate(Participant.objects.order_by("pk"), start=1):
        page = staff.visit(f"{path}assessment/{person.public_id}/")
        expect(page.get_by_text(f"I weigh it anew, {number}.")).to_be_visible()
        choose_levels(page, "3")
        page.get_by_role("button", name="Keep the marks").click()


def test_five_people_hold_a_debate_from_prompt_to_released_marks(
    classroom: Classroom, instructor: User, tab_open: TabOpen
) -> None:
    students = students_add(classroom, 4, actor=instructor)
    debate_create(classroom)
    places = f"/classes/{classroom.public_id}/"
    staff = tab_open(user=instructor)
    set_debate(staff.visit(f"{places}debates/"))
    run = DebateRun.objects.get()
    path = f"{places}debates/{run.public_id}/"

    turn_to(run, "opening")
    tabs = [tab_open(user=student) for student in students]
    for tab, (stance, side) in zip(tabs, STANCES, strict=True):
        page = tab.visit(path)
        expect(page.get_by_role("heading", name="Arguments")).to_have_count(0)
        take_stance(page, stance, side)
        expect(page.get_by_text("Your stance is recorded.")).to_be_visible()
    turn_to(run, "arguing")
    argue(tabs, path)
    turn_to(run, "rebutting")
    rebut(tabs, path)
    warn(staff.visit(path))
    expect(tabs[0].visit(path).get_by_text("Show where the treaty says so.")).to_be_visible()
    turn_to(run, "closing")
    for tab in tabs:
        page = tab.visit(path)
        page.get_by_role("link", name="Record your closing stance").click()
        take_stance(page, "lean to agree")
        expect(page.get_by_text("Your closing stance is recorded.").first).to_be_visible()
    turn_to(run, "reflecting")
    reflect(tabs, path)

    mark(staff, path)
    marks = tabs[0].page.get_by_role("heading", name="Your marks")
    tabs[0].visit(f"{path}mine/")
    expect(marks).to_have_count(0)
    item = GradeItem.objects.get(source_id=run.public_id)
    page = staff.visit(f"{places}grades/")
    page.get_by_role("link", name=item.title).first.click()
    page.get_by_role("button", name="Release").first.click()
    tabs[0].visit(f"{path}mine/")
    expect(marks).to_be_visible()
    page = staff.visit(f"{path}results/")
    expect(page.get_by_text("Of 4 who gave both stances")).to_be_visible()


def tab_to(page: Page, name: str, *, limit: int = 80) -> None:
    """Press Tab until what has the focus is called `name`."""
    for _press in range(limit):
        page.keyboard.press("Tab")
        called = page.evaluate(
            """() => { const at = document.activeElement;
                return (at.labels?.[0] ?? at).textContent.trim().replace(/\\s+/g, " "); }"""
        )
        if called.startswith(name):
            return
    raise AssertionError(f"Tab never came to {name!r}")


def test_a_debate_is_held_by_keyboard_alone(
    classroom: Classroom, instructor: User, student: User, tab_open: TabOpen
) -> None:
    run, _people = held(classroom, instructor)
    turn_to(run, "arguing")
    page = tab_open(user=student).visit(f"/classes/{classroom.public_id}/debates/{run.public_id}/")
    press = page.keyboard.press
    tab_to(page, "strongly agree")
    press("Space")
    press("ArrowDown")
    tab_to(page, "1: a guess")
    press("Space")
    tab_to(page, "For")
    press("Space")
    tab_to(page, "Record my stance")
    press("Enter")
    expect(page.get_by_text("Your stance is recorded.")).to_be_visible()

    tab_to(page, "1 answer")
    press("Enter")
    expect(page.get_by_role("article")).to_have_count(2)
    press("Enter")
    expect(page.get_by_role("article")).to_have_count(4)

    tab_to(page, "Answer")
    press("Enter")
    page.wait_for_url("**/answer/")
    tab_to(page, "support")
    press("ArrowDown")
    tab_to(page, "Your argument")
    with page.expect_response("**/draft/") as kept:
        page.keyboard.type(CLAIM)
    assert kept.value.status == 200
    expect(page.get_by_text("Others have said something like this")).to_be_visible()
    tab_to(page, "This is my own reasoning")
    press("Space")
    tab_to(page, "Post")
    press("Enter")
    page.wait_for_url("**/#argument-*")
    assert Participant.objects.get(user=student).arguments.get().relation == "rebuttal"


def test_what_is_new_comes_in_without_moving_what_is_read(
    classroom: Classroom, instructor: User, tab_open: TabOpen
) -> None:
    run, people = held(classroom, instructor)
    turn_to(run, "arguing")
    tab = tab_open(user=people[1].user)
    page = tab.visit(f"/classes/{classroom.public_id}/debates/{run.public_id}/")
    expect(page.locator(".balance")).to_be_visible()
    page.evaluate("window.isSamePage = true")
    first = run.arguments.earliest("pk")
    own = page.locator(f"#argument-{first.public_id} > article")
    own.get_by_label("Strength").select_option("2")
    own.get_by_role("button", name="Rate again").click()
    expect(own).to_contain_text("strength 2.0 of 5 from 1 rating")
    expect(own.get_by_role("button", name="Rate again")).to_be_focused()

    page.get_by_text("1 answer", exact=True).last.click()  # folded by its reader
    shown = page.get_by_role("article").filter(visible=True)
    expect(shown).to_have_count(3)
    new = post(people[0], None, text=f"{CLAIM} And it is new.", now=timezone.now())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator(f"#argument-{new.public_id} > article")).to_be_focused()
    expect(shown).to_have_count(4)
    assert page.evaluate("window.isSamePage")
    assert tab.axe() == []


def held(classroom: Classroom, instructor: User) -> tuple[DebateRun, list[Participant]]:
    """A debate of three students, arrived at its reflection."""
    start = timezone.now() - 4 * DAY - timedelta(hours=1)
    run = services.run_open(
        debate=debate_create(classroom),
        classroom=classroom,
        windows=windows(start),
        rules={"peer_reviews_owed": 1},
        actor=instructor,
        now=start,
    )
    sides = {side.key: side for side in run.debate.sides.all()}
    people = [
        services.stance_open(
            run=run,
            student=student,
            value=value,
            confidence=3,
            side=sides[key],
            now=start,
        )
        for student, value, key in zip(
            students_add(classroom, 3, actor=instructor),
            (2, -1, 3),
            ("for", "against", "for"),
            strict=True,
        )
    ]
    then = start + DAY
    first = post(people[0], now=then)
    second = post(people[1], first, now=then)
    post(people[2], second, relation="concession", now=then)
    post(people[1], now=then)
    services.argument_rate(argument=first, participant=people[1], strength=4, now=then)
    services.argument_report(argument=second, participant=people[0], reason="Rude.", now=then)
    for person in people:
        services.stance_close(
            participant=person, value=1, confidence=4, moved_by=None, now=start + 3 * DAY
        )
        services.reviews_deal(participant=person, now=timezone.now())
    return run, people


@pytest.mark.parametrize("mode", ["desk, light", "phone, dark"])
def test_every_page_of_a_debate_is_well_made(
    mode: str, classroom: Classroom, instructor: User, tab_open: TabOpen
) -> None:
    run, people = held(classroom, instructor)
    look = {} if mode == "desk, light" else {"width": PHONE_PX, "colour_scheme": "dark"}
    base = f"/classes/{classroom.public_id}/debates/"
    path = f"{base}{run.public_id}/"
    argument = people[1].arguments.earliest("pk")
    student = ("", "map/", "sides/", "argue/", "mine/", f"arguments/{argument.public_id}/answer/")
    staff = ("", "moderation/", "assessment/", "results/", "export/", "dates/")
    faults = {}
    for user, paths in (
        (people[0].user, [base, *(path + each for each in student)]),
        (
            instructor,
            [
                f"{base}new/",
                f"{base}new/{run.debate.public_id}/",
                *(path + each for each in staff),
                f"{path}assessment/{people[0].public_id}/",
                f"{path}arguments/{argument.public_id}/moderate/",
            ],
        ),
    ):
        tab = tab_open(user=user, **look)
        for each in paths:
            tab.visit(each)
            faults[each] = [*tab.axe(), *(["scrolls sideways"] if tab.overflow_px() else [])]
    assert {each: found for each, found in faults.items() if found} == {}
