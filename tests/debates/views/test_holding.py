"""A debate from its prompt to released marks, and when each part of it is taken."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates.models import Argument, Debate, DebateRun, Participant, Side
from apps.grades.models import GradeItem
from apps.grades.services import item_release
from tests.debates.factories import WORDS, debate_create, during
from tests.debates.views.pages import CANARY, ClientOf, address, page, send
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_whole_debate_from_prompt_to_released_marks(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    debate = debate_create(classroom)
    teacher, ayesha, bilal = map(client_of, (instructor, student, classmate))
    dates: dict[str, str] = {}
    for kind in ("opening", "arguing", "rebutting", "closing"):
        start = during(kind).strftime("%Y-%m-%dT00:00")
        dates |= {f"{kind}_opens_at": start, f"{kind}_closes_at": start.replace("T00:00", "T23:59")}
    rules: dict[str, Any] = {
        "evidence_rule": "labelled",
        "side_rule": "chosen",
        "min_words": 10,
        "max_words": 100,
        "arguments_owed": 1,
        "rebuttals_owed": 1,
        "peer_reviews_owed": 1,
    }
    made = send(
        teacher,
        reverse("debates:run-create", args=[classroom.public_id, debate.public_id]),
        **rules,
        **dates,
    )
    assert made.status_code == 302
    run = DebateRun.objects.get()
    sides = {side.key: side.pk for side in Side.objects.filter(debate=debate)}
    for client, key, value in ((ayesha, "for", 2), (bilal, "against", -1)):
        answer = send(
            client, address("stance", run), "opening", value=value, confidence=3, side=sides[key]
        )
        assert answer.status_code == 302
    send(ayesha, address("argue", run), text=f"{WORDS} {CANARY}", is_own_reasoning="on")
    opening = Argument.objects.get()
    assert CANARY in page(bilal, address("run", run))
    evidence = {"e0-url": "https://example.org/treaty", "e0-locator": "art. 2"}
    send(bilal, address("answer", run, opening), relation="rebuttal", text=WORDS, **evidence)
    rebuttal = Argument.objects.get(parent=opening)
    assert rebuttal.evidence.get().locator == "art. 2"
    send(ayesha, address("rate", run, rebuttal), strength=4)
    send(ayesha, address("moved", run, rebuttal), is_moved=1)
    rebuttal.refresh_from_db()
    assert (rebuttal.rating_sum, rebuttal.moved_count) == (4, 1)
    closed = send(
        ayesha,
        address("closing", run),
        "closing",
        value=-1,
        confidence=4,
        moved_by=str(rebuttal.public_id),
    )
    assert closed.status_code == 302
    marked = {f"{name}_level": 3 for name in ("claim", "evidence", "rebuttal", "concession")}
    author = Participant.objects.get(user=student)
    assess = reverse("debates:assess", args=[classroom.public_id, run.public_id, author.public_id])
    assert send(teacher, assess, "reflecting", **marked).status_code == 302
    mine = reverse("grades:mine", args=[classroom.public_id])
    assert run.motion not in ayesha.get(mine).content.decode()
    item = GradeItem.objects.get(source_kind="debate_run")
    item_release(item=item, actor=instructor, now=NOW)
    assert run.motion in ayesha.get(mine).content.decode()
    shown = page(teacher, address("results", run), "reflecting")
    assert "Of 1 who gave both stances, 0 moved towards the motion, 1 away from it" in shown


def test_class_page_says_which_debate_runs(
    run: DebateRun, student: User, client_of: ClientOf
) -> None:
    home = reverse("classrooms:classroom", args=[run.classroom.public_id])
    asked = 'class="activity__title" href="{}"'.format(address("run", run))
    assert asked in page(client_of(student), home)
    with time_machine.travel(during("reflecting") + timedelta(days=30), tick=False):
        assert asked not in client_of(student).get(home).content.decode()


@pytest.mark.parametrize(
    ("kind", "hours", "said"),
    [
        ("opening", -2, "It begins on 2 Mar 2026"),
        ("arguing", 0, "Arguments are taken until 4 Mar 2026"),
        ("reflecting", 24, "It is over"),
    ],
)
def test_pages_say_until_when_something_is_taken(
    kind: str, hours: int, said: str, run: DebateRun, student: User, client_of: ClientOf
) -> None:
    client = client_of(student)
    listed = reverse("debates:runs", args=[run.classroom.public_id])
    with time_machine.travel(during(kind) + timedelta(hours=hours), tick=False):
        for url in (address("run", run), listed):
            assert said in client.get(url).content.decode()


def test_author_writes_a_motion_alone_in_the_admin(
    classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    form = client.get(reverse("admin:debates_debate_add")).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    data = {
        name: value for name, value in shown.items() if value is not None and value is not False
    }
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    answer = client.post(
        reverse("admin:debates_debate_add"),
        {
            **data,
            "course": classroom.course.pk,
            "motion": "Is a pipeline politics?",
            **{f"sides-{key}": value for key, value in inline.items()},
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    debate = Debate.objects.get()
    assert (debate.slug, debate.sides.count()) == ("is-a-pipeline-politics", 2)


def test_form_of_a_run_proposes_the_rules_of_its_debate(
    classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    debate = debate_create(classroom, rebuttals_owed=7, is_anonymous=True, side_rule="balanced")
    address = reverse("debates:run-create", args=[classroom.public_id, debate.public_id])
    client = client_of(instructor)
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert (shown["rebuttals_owed"], shown["is_anonymous"], shown["side_rule"]) == (
        7,
        True,
        "balanced",
    )
    sent = {name: value for name, value in shown.items() if not name.endswith("_at")} | {
        name: value.strftime("%Y-%m-%dT%H:%M")
        for name, value in shown.items()
        if name.endswith("_at")
    }
    assert client.post(address, sent).status_code == 302
    run = DebateRun.objects.get()
    assert (run.rebuttals_owed, run.phases.count()) == (7, 5)
