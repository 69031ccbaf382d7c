"""Debates by the API: who is told what, and when."""

from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.models import DebateRun, Participant, Rating
from apps.debates.services import Mark, Source
from apps.grades.models import GradeItem
from apps.grades.services import item_release
from tests.api.debates.asking import CANARY, at, send, whole
from tests.debates.factories import WORDS, debate_create, during, join, post, run_create, windows
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]


def test_a_debate_is_held_by_the_api(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    teacher, ayesha, bilal = map(client_of, (instructor, student, classmate))
    debate = debate_create(classroom)
    offered = teacher.get(f"/api/v1/classrooms/{classroom.public_id}/debates").json()["results"]
    assert [row["motion"] for row in offered] == [debate.motion]
    phases = [
        {
            "kind": each.kind,
            "opens_at": each.opens_at.isoformat(),
            "closes_at": each.closes_at.isoformat(),
        }
        for each in windows()
    ]
    wish = {"debate_id": offered[0]["id"], "phases": phases, "rules": {"is_anonymous": True}}
    made = send(teacher, "post", f"/api/v1/classrooms/{classroom.public_id}/debate-runs", wish)
    assert (made.status_code, made.json()["phase"]) == (201, "arguing")
    run = DebateRun.objects.get(public_id=made.json()["id"])
    for client, side, value in ((ayesha, "for", 2), (bilal, "against", -1)):
        assert client.get(at(run, "arguments")).status_code == 404
        stance = {"value": value, "confidence": 3, "side": side}
        answer = send(client, "put", at(run, "stances/opening"), stance)
        assert (answer.status_code, answer.json()["side"]) == (200, side)
    evidence = [{"reference": "khan1961", "locator": "pp. 3-5"}, {"paragraph": "P01"}]
    opening = send(
        ayesha,
        "post",
        at(run, "arguments"),
        {"relation": "opening", "text": WORDS, "evidence": evidence},
    )
    assert opening.status_code == 201
    assert [piece["kind"] for piece in opening.json()["evidence"]] == ["reference", "paragraph"]
    argument = opening.json()["id"]
    answered = send(
        bilal,
        "post",
        at(run, "arguments"),
        {
            "relation": "rebuttal",
            "parent_id": argument,
            "text": WORDS,
            "is_own_reasoning": True,
        },
    )
    assert (answered.status_code, answered.json()["parent_id"]) == (201, argument)
    place = at(run, "arguments", argument)
    assert send(bilal, "put", f"{place}/rating", {"strength": 4}).json() == {"strength": 4}
    assert send(bilal, "put", f"{place}/moved").status_code == 200
    seen = bilal.get(place).json()
    assert (seen["my_rating"], seen["has_moved_me"], seen["strength"], seen["moved"]) == (
        4,
        True,
        4.0,
        1,
    )
    reported = send(bilal, "post", f"{place}/reports", {"reason": "Look."})
    assert reported.status_code == 201
    act = send(teacher, "post", f"{place}/moderation", {"kind": "dismiss", "reason": "Fine."})
    assert (act.status_code, act.json()["actor"]) == (201, instructor.display_name)
    log = teacher.get(at(run, "moderation")).json()["results"]
    assert [(row["argument_id"], row["kind"]) for row in log] == [(argument, "dismiss")]
    (report,) = teacher.get(at(run, "reports")).json()["results"]
    assert report["decided_at"] is not None
    with time_machine.travel(during("closing"), tick=False):
        closing = {"value": 1, "confidence": 4, "moved_by": argument}
        answer = send(bilal, "put", at(run, "stances/closing"), closing)
        assert (answer.status_code, answer.json()["moved_by"]) == (200, argument)
    results = teacher.get(at(run, "results")).json()
    assert (results["pairs"], results["rose"], results["matrix"][2][4]) == (1, 1, 1)
    assert results["movers"] == [argument]
    people = teacher.get(at(run, "participants")).json()["results"]
    assert {(row["side"], row["arguments"], row["rebuttals"]) for row in people} == {
        ("for", 1, 0),
        ("against", 0, 1),
    }
    (mine,) = (row for row in people if row["side"] == "for")
    scores = at(run, "participants", mine["id"], "scores")
    tag = teacher.get(scores).headers["ETag"]
    marks = {name: {"level": 3} for name in ("claim", "evidence", "rebuttal", "concession")}
    marked = send(teacher, "put", scores, marks, if_match=tag)
    assert (marked.status_code, marked.json()["claim"]) == (200, {"level": 3, "comment": ""})
    assert send(teacher, "put", scores, marks, if_match=tag).status_code == 412


def test_a_program_is_told_no_mark_that_is_held(
    run: DebateRun, author: Participant, instructor: User, lms: Client, client_of: ClientOf
) -> None:
    marks = {name: Mark(3, "Canary") for name in ("claim", "evidence", "rebuttal", "concession")}
    services.scores_save(participant=author, marks=marks, marker=instructor, now=NOW)
    people, scores = at(run, "participants"), at(run, "participants", author.public_id, "scores")
    assert lms.get(people).json()["results"][0]["points"] is None
    assert client_of(instructor).get(people).json()["results"][0]["points"] == 12
    assert lms.get(scores).json()["claim"] is None
    item = GradeItem.objects.get(source_id=run.public_id)
    item_release(item=item, actor=instructor, now=NOW)
    assert lms.get(scores).json()["claim"] == {"level": 3, "comment": "Canary"}


def test_nothing_that_is_argued_changes_what_is_told_before_the_stance(
    run: DebateRun, author: Participant, classmate: User, instructor: User, client_of: ClientOf
) -> None:
    """Not by a word, a count, an order, a tag or another error."""
    client = client_of(classmate)
    missing = at(run, "arguments", "11111111-1111-4111-8111-111111111111")
    before = whole(client, run, missing)
    argument = post(author, text=f"{WORDS} {CANARY}")
    services.argument_moderate(
        argument=argument, kind="lock", reason=CANARY, actor=instructor, now=NOW
    )
    assert whole(client, run, missing) == before
    place = at(run, "arguments", argument.public_id)
    for address in (place, f"{place}/moderation"):
        assert client.get(address).content == client.get(missing).content
    for method, address, body in (
        ("post", at(run, "arguments"), {"relation": "opening", "text": WORDS}),
        ("patch", place, {"text": WORDS}),
        ("delete", place, {}),
        ("put", f"{place}/rating", {"strength": 5}),
        ("put", f"{place}/moved", {}),
        ("post", f"{place}/reports", {"reason": "Why"}),
    ):
        answer = send(client, method, address, body)
        assert answer.status_code == 404, address
        assert CANARY not in answer.content.decode()


def test_others_arguments_wait_for_the_first_of_ones_own_where_that_is_asked(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor, posts_first=True)
    theirs = post(join(run, student), text=f"{WORDS} {CANARY}")
    own = join(run, classmate)
    client = client_of(classmate)
    place = at(run, "arguments", theirs.public_id)
    assert client.get(at(run, "arguments")).status_code == 404
    assert client.get(place).status_code == 404
    assert send(client, "put", f"{place}/rating", {"strength": 5}).status_code == 404
    post(own)
    assert CANARY in client.get(at(run, "arguments")).content.decode()


def test_classmates_learn_no_name_in_an_anonymous_debate(
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    client_of: ClientOf,
    lms: Client,
) -> None:
    run = run_create(classroom, instructor, is_anonymous=True)
    student.display_name = CANARY
    student.save()
    author = join(run, student)
    argument = post(author)
    join(run, classmate)
    place = at(run, "arguments", argument.public_id)
    told = whole(client_of(classmate), run, place)
    secrets = (CANARY, str(student.public_id), str(author.public_id), student.email)
    for address, (_status, body, _tag) in told.items():
        assert not [secret for secret in secrets if secret in body], address
    number = f"Participant {author.number}"
    assert client_of(classmate).get(place).json()["author"] == number
    for client in (client_of(instructor), lms, client_of(student)):
        row = client.get(place).json()
        assert (row["author"], row["user_id"]) == (CANARY, str(student.public_id))
    # Nor is anybody found by asking.
    for query in (f"author={CANARY}", f"user_id={student.public_id}", "order=author"):
        assert client_of(classmate).get(f"{at(run, 'arguments')}?{query}").status_code == 400


@pytest.mark.parametrize("kind", ["hide", "remove", "withdraw"])
def test_words_that_are_gone_are_gone_from_every_answer(
    kind: str,
    run: DebateRun,
    author: Participant,
    classmate: User,
    instructor: User,
    client_of: ClientOf,
    lms: Client,
) -> None:
    source = Source(url="https://example.org/canary", quotation=f"{CANARY} quoted")
    argument = post(author, text=f"{WORDS} {CANARY}", sources=[source])
    reader = join(run, classmate)
    services.argument_rate(argument=argument, participant=reader, strength=5, now=during("arguing"))
    if kind == "withdraw":
        services.argument_withdraw(argument=argument, participant=author, now=during("arguing"))
    else:
        services.argument_moderate(
            argument=argument, kind=kind, reason="Why", actor=instructor, now=NOW
        )
    place = at(run, "arguments", argument.public_id)
    sees = {"hide": {"staff", "author"}, "remove": set(), "withdraw": {"author"}}[kind]
    for role, client in (
        ("classmate", client_of(classmate)),
        ("staff", client_of(instructor)),
        ("staff", lms),
        ("author", client_of(author.user)),
    ):
        told = whole(client, run, place, f"{place}/moderation")
        has_words = any("canary" in body or CANARY in body for _s, body, _t in told.values())
        assert has_words is (role in sees), role
        row = client.get(place).json()
        if not has_words:
            assert (row["text"], row["evidence"], row["strength"], row["ratings"]) == (
                "",
                [],
                None,
                None,
            )
    rating = send(client_of(classmate), "put", f"{place}/rating", {"strength": 1})
    assert rating.status_code == 404
    assert Rating.objects.get().strength == 5
