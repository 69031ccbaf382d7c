"""Debates by the API: who is told what and when, and acts that keep to the site's rules."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.enums import ArgumentState
from apps.debates.models import Argument, Debate, DebateRun, Moved, Participant, Rating, Stance
from apps.debates.services import Mark, Source
from apps.grades.models import GradeItem
from apps.grades.services import item_release
from tests.api.conftest import personal_create
from tests.debates.factories import WORDS, debate_create, during, join, post, run_create, windows
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
CANARY = "zanzibar"


@pytest.fixture(autouse=True)
def _arguing() -> Any:
    with time_machine.travel(during("arguing"), tick=False):
        yield


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    return run_create(classroom, instructor)


@pytest.fixture
def author(run: DebateRun, student: User) -> Participant:
    return join(run, student)


def at(run: DebateRun, *parts: object) -> str:
    return "/".join(["/api/v1/debate-runs", str(run.public_id), *map(str, parts)])


def send(client: Client, method: str, address: str, body: Any = None, **headers: str) -> Any:
    return getattr(client, method)(
        address,
        body if body is not None else {},
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def whole(client: Client, run: DebateRun, *others: str) -> dict[str, tuple[int, str, str | None]]:
    """All that one caller is told of a debate: {address: status, body, ETag}."""
    found = {}
    for address in (
        at(run),
        *(at(run, each) for each in ("arguments", "stances/opening", "stances/closing")),
        *(at(run, each) for each in ("participants", "results", "moderation", "reports")),
        f"/api/v1/classrooms/{run.classroom.public_id}/debate-runs",
        *others,
    ):
        answer = client.get(address)
        found[address] = (answer.status_code, answer.content.decode(), answer.headers.get("ETag"))
    return found


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


def test_stance_is_recorded_once_and_the_same_again_changes_nothing(
    run: DebateRun, student: User, client_of: ClientOf
) -> None:
    client, address = client_of(student), at(run, "stances/opening")
    assert client.get(address).status_code == 404
    given = {"value": 2, "confidence": 3, "side": "for"}
    first = send(client, "put", address, given)
    again = send(client, "put", address, given)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() == client.get(address).json()
    other = send(client, "put", address, given | {"value": -2})
    assert (other.status_code, other.json()["code"]) == (409, "stance_recorded")
    assert Stance.objects.get().value == 2


def test_request_that_is_sent_again_argues_once(
    run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    client = client_of(author.user)
    wish = {"relation": "opening", "text": WORDS, "is_own_reasoning": True}
    answers = [
        send(client, "post", at(run, "arguments"), wish, idempotency_key="one") for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Argument.objects.count() == 1


def test_argument_is_changed_only_as_it_was_seen(
    run: DebateRun, author: Participant, classmate: User, client_of: ClientOf
) -> None:
    argument = post(author)
    client, place = client_of(author.user), at(run, "arguments", argument.public_id)
    seen = client.get(place)
    assert client.get(place, headers={"If-None-Match": seen.headers["ETag"]}).status_code == 304
    wish = {"text": f"{WORDS} Again."}
    assert send(client, "patch", place, wish).status_code == 428
    changed = send(client, "patch", place, wish, if_match=seen.headers["ETag"])
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert send(client, "patch", place, wish, if_match=seen.headers["ETag"]).status_code == 412
    assert client.get(place).headers["ETag"] == changed.headers["ETag"]
    join(run, classmate)
    theirs = client_of(classmate)
    for method in ("patch", "delete"):
        answer = send(theirs, method, place, wish, if_match=changed.headers["ETag"])
        assert answer.status_code == 404
    assert send(client, "delete", place, if_match=changed.headers["ETag"]).status_code == 204
    argument.refresh_from_db()
    assert argument.state == ArgumentState.WITHDRAWN


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"relation": "opening"}, 400),
        ({"relation": "loud", "text": WORDS}, 400),
        ({"relation": "opening", "text": WORDS}, 422),  # neither evidence nor label
        ({"relation": "opening", "text": "Few.", "is_own_reasoning": True}, 422),
        ({"relation": "rebuttal", "text": WORDS, "is_own_reasoning": True}, 422),
        ({"relation": "opening", "text": f"{WORDS}\0", "is_own_reasoning": True}, 400),
        ({"relation": "opening", "text": f"{WORDS}\ud800", "is_own_reasoning": True}, 400),
        ({"relation": "opening", "text": WORDS, "author": "me"}, 400),
        ({"relation": "opening", "text": WORDS, "rating_sum": 99}, 400),
        ({"relation": "opening", "text": WORDS, "posted_at": "2026-01-01T00:00:00Z"}, 400),
        ({"relation": "opening", "text": WORDS, "evidence": [{}]}, 422),
        ({"relation": "opening", "text": WORDS, "evidence": [{"reference": "no"}]}, 400),
        ({"relation": "opening", "text": WORDS, "evidence": [{"url": "javascript:alert(1)"}]}, 400),
        ({"relation": "opening", "text": WORDS, "evidence": [{"section": "a/b#c"}]}, 422),
        ({"relation": "opening", "text": WORDS, "evidence": [{"paragraph": "P01"}] * 7}, 400),
        ({"relation": "opening", "text": WORDS, "evidence": "P01"}, 400),
        ({"relation": "opening", "text": WORDS, "parent_id": "x"}, 400),
        ([], 400),
    ],
)
def test_argument_that_breaks_a_rule_is_refused(
    body: Any, status: int, run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    answer = send(client_of(author.user), "post", at(run, "arguments"), body)
    assert answer.status_code == status, answer.content
    assert not Argument.objects.exists()


def test_hostile_words_come_out_as_words(
    run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    text = (
        f"{WORDS} <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    )
    wish = {"relation": "opening", "text": text, "is_own_reasoning": True}
    row = send(client_of(author.user), "post", at(run, "arguments"), wish).json()
    assert row["text"] == text
    for part in ("<script", 'javascript:alert(1)"', "<img", 'onerror="'):
        assert part not in row["html"]


@pytest.mark.parametrize(
    "query",
    ["parent=x", "relation=loud", "state=secret", "is_root=%00", "cursor=x", "text=a", "author=1"],
)
def test_filter_that_is_none_is_refused(
    query: str, run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    address = f"{at(run, 'arguments')}?{query}"
    assert client_of(author.user).get(address).status_code in {200, 400}
    if "%00" not in query:
        assert client_of(author.user).get(address).status_code == 400


def test_tree_is_read_by_its_parents(
    run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    top = post(author)
    under = [post(author, top) for _each in range(3)]
    client, address = client_of(author.user), at(run, "arguments")
    rows = client.get(f"{address}?parent={top.public_id}&fields=id").json()["results"]
    assert {row["id"] for row in rows} == {str(each.public_id) for each in under}
    roots = client.get(f"{address}?is_root=true&fields=id,parent_id").json()["results"]
    assert roots == [{"id": str(top.public_id), "parent_id": None}]
    page = client.get(f"{address}?page_size=2").json()
    rest = client.get(page["next"]).json()
    assert len({row["id"] for row in [*page["results"], *rest["results"]]}) == 4


@pytest.mark.parametrize("count", [1, 200])
def test_list_of_arguments_costs_the_same_whatever_its_length(
    count: int,
    run: DebateRun,
    author: Participant,
    lms: Client,
    client_of: ClientOf,
    django_assert_num_queries: Any,
) -> None:
    post(author)
    rows = [
        Argument(
            run=run,
            author=author,
            side_id=author.side_id,
            relation="opening",
            text=WORDS,
            html=WORDS,
            words=17,
            posted_at=NOW,
        )
        for _each in range(count - 1)
    ]
    Argument.objects.bulk_create(rows)
    address = f"{at(run, 'arguments')}?page_size=200"
    lms.get(address)
    with django_assert_num_queries(5):  # token, count, run with class, rows, evidence
        answer = lms.get(address)
    assert len(answer.json()["results"]) == count
    person = client_of(author.user)
    person.get(address)
    with django_assert_num_queries(6):  # session and person instead of the token
        person.get(address)


@pytest.mark.parametrize("noun", ["participants", "reports", "moderation"])
def test_lists_for_the_staff_cost_four_queries(
    noun: str,
    run: DebateRun,
    author: Participant,
    classmate: User,
    instructor: User,
    lms: Client,
    django_assert_num_queries: Any,
) -> None:
    argument, reader = post(author), join(run, classmate)
    services.argument_report(
        argument=argument, participant=reader, reason="Look", now=during("arguing")
    )
    services.argument_moderate(
        argument=argument, kind="warn", reason="Why", actor=instructor, now=NOW
    )
    lms.get(at(run, noun))
    with django_assert_num_queries(4):  # token, count, run with class, rows
        answer = lms.get(at(run, noun))
    assert answer.json()["results"]


def test_runs_of_a_class_cost_five_queries(
    run: DebateRun, lms: Client, django_assert_num_queries: Any
) -> None:
    address = f"/api/v1/classrooms/{run.classroom.public_id}/debate-runs"
    lms.get(address)
    with django_assert_num_queries(5):  # token, count, class, rows, dates
        (row,) = lms.get(address).json()["results"]
    assert (row["phase"], len(row["phases"])) == ("arguing", 5)


def test_another_debate_s_argument_is_not_found(
    run: DebateRun, author: Participant, classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    other = post(join(run_create(classroom, instructor), author.user), text=f"{WORDS} {CANARY}")
    client = client_of(author.user)
    place = at(run, "arguments", other.public_id)
    assert client.get(place).status_code == 404
    wish = {"relation": "rebuttal", "parent_id": str(other.public_id), "text": WORDS}
    assert send(client, "post", at(run, "arguments"), wish).status_code == 404


def test_dates_are_changed_as_they_were_seen(
    run: DebateRun, instructor: User, assistant: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    tag = client.get(at(run)).headers["ETag"]
    later = {
        "phases": [
            {"kind": each.kind, "opens_at": str(each.opens_at), "closes_at": str(each.closes_at)}
            for each in windows(NOW + (during("closing") - NOW))[:2]
        ]
    }
    assert send(client_of(assistant), "patch", at(run), later, if_match=tag).status_code == 404
    changed = send(client, "patch", at(run), later, if_match=tag)
    assert (changed.status_code, changed.json()["phase"]) == (200, None)
    assert send(client, "patch", at(run), later, if_match=tag).status_code == 412
    wrong = {"phases": [later["phases"][0]]}
    tag = changed.headers["ETag"]
    refused = send(client, "patch", at(run), wrong, if_match=tag)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_debate")


def test_author_writes_a_debate_of_a_course(
    classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    address = f"/api/v1/courses/{classroom.course.slug}/debates"
    wish: dict[str, Any] = {
        "motion": "Whose river is it?",
        "rules": {"min_words": 5, "max_words": 50},
        "sides": [
            {"key": "for", "label": "Ours", "leaning": 1, "sources": [{"reference": "khan1961"}]},
            {"key": "against", "label": "Theirs", "leaning": -1},
        ],
    }
    made = send(client, "post", address, wish)
    assert (made.status_code, made.json()["slug"]) == (201, "whose-river-is-it")
    place = f"{address}/{made.json()['id']}"
    seen = client.get(place)
    assert seen.json()["sides"][0]["sources"] == [
        {"reference": "khan1961", "locator": "", "note": ""}
    ]
    tag = seen.headers["ETag"]
    for wrong in (
        {"rules": {"min_words": 60, "max_words": 50}},
        {"sides": [wish["sides"][0], wish["sides"][0]]},
        {"sides": [{"key": "for", "label": "x", "sources": [{"reference": "nobody"}]}]},
        {"sides": [{"key": "for", "label": "x", "actor": "nobody"}]},
    ):
        refused = send(client, "put", place, wish | wrong, if_match=tag)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_debate"), wrong
    changed = send(client, "put", place, wish | {"motion": "Whose was it?"}, if_match=tag)
    assert (changed.status_code, changed.json()["motion"]) == (200, "Whose was it?")
    gone = send(client, "delete", place, if_match=changed.headers["ETag"])
    assert (gone.status_code, Debate.objects.exists()) == (204, False)


def test_rating_by_the_api_replaces_and_counts(
    run: DebateRun, author: Participant, classmate: User, client_of: ClientOf
) -> None:
    argument = post(author)
    join(run, classmate)
    client, place = client_of(classmate), at(run, "arguments", argument.public_id)
    for strength in (2, 5):
        assert send(client, "put", f"{place}/rating", {"strength": strength}).status_code == 200
    for wrong in (0, 6, "x", None, 2.5):
        assert send(client, "put", f"{place}/rating", {"strength": wrong}).status_code == 400
    argument.refresh_from_db()
    assert (argument.rating_count, argument.rating_sum, Rating.objects.count()) == (1, 5, 1)
    own = send(client_of(author.user), "put", f"{place}/rating", {"strength": 5})
    assert (own.status_code, own.json()["code"]) == (409, "own_argument")
    assert send(client, "put", f"{place}/moved").status_code == 200
    assert send(client, "delete", f"{place}/moved").status_code == 204
    assert not Moved.objects.exists()


def test_phase_that_is_over_refuses(
    run: DebateRun, author: Participant, classmate: User, client_of: ClientOf
) -> None:
    argument = post(author)
    join(run, classmate)
    place = at(run, "arguments", argument.public_id)
    with time_machine.travel(during("reflecting"), tick=False):
        for client, method, address, body in (
            (client_of(classmate), "put", f"{place}/rating", {"strength": 5}),
            (
                client_of(classmate),
                "post",
                at(run, "arguments"),
                {"relation": "opening", "text": WORDS, "is_own_reasoning": True},
            ),
            (
                client_of(classmate),
                "put",
                at(run, "stances/closing"),
                {"value": 1, "confidence": 1},
            ),
        ):
            answer = send(client, method, address, body)
            assert (answer.status_code, answer.json()["code"]) == (409, "phase_closed"), address


@pytest.mark.parametrize("nouns", ["debates", "questions", "quizzes"])
def test_who_may_not_open_the_admin_writes_no_course(
    classroom: Classroom, instructor: User, nouns: str
) -> None:
    address = f"/api/v1/courses/{classroom.course.slug}/{nouns}"
    assert personal_create(instructor).get(address).status_code == 200
    User.objects.filter(pk=instructor.pk).update(is_staff=False)
    assert personal_create(instructor).get(address).status_code == 404


def test_draft_is_kept_found_again_and_discarded(
    run: DebateRun, author: Participant, student: User, classmate: User, client_of: ClientOf
) -> None:
    argument = post(join(run, classmate))
    mine, theirs = client_of(student), client_of(classmate)
    root, answer = at(run, "drafts", "motion"), at(run, "drafts", argument.public_id)
    assert send(mine, "put", root, {"text": f"{CANARY} "}).json()["text"] == f"{CANARY} "
    assert send(mine, "put", root, {"text": CANARY}).status_code == 200  # the newest stands
    kept = send(mine, "put", answer, {"text": "No,", "relation": "rebuttal"})
    assert kept.json()["parent_id"] == str(argument.public_id)
    listed = mine.get(at(run, "drafts")).json()["results"]
    assert [row["text"] for row in listed] == [CANARY, "No,"]
    assert (theirs.get(root).status_code, theirs.get(at(run, "drafts")).json()["results"]) == (
        404,
        [],
    )
    assert [send(mine, "delete", answer).status_code for _number in range(2)] == [204, 204]
    wish = {"relation": "opening", "text": WORDS, "is_own_reasoning": True}
    assert send(mine, "post", at(run, "arguments"), wish).status_code == 201
    assert mine.get(at(run, "drafts")).json()["results"] == []
    assert send(mine, "put", at(run, "drafts", "x"), {"text": ""}).status_code == 404


def test_classmates_review_each_other_without_names(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor, is_anonymous=True, peer_reviews_owed=1)
    for person in (student, classmate):
        post(join(run, person))
    mine, theirs = client_of(student), client_of(classmate)
    assert send(mine, "post", at(run, "reviews")).json()["code"] == "phase_closed"
    with time_machine.travel(during("reflecting"), tick=False):
        assert send(mine, "post", at(run, "reviews")).json() == {"reviews": 1, "lacking": 0}
        assert send(mine, "post", at(run, "reviews")).json() == {"reviews": 1, "lacking": 0}
        (due,) = mine.get(at(run, "reviews")).json()["results"]
        assert (due["levels"], due["written_at"]) == ({}, None)
        address = at(run, "reviews", due["id"])
        read = mine.get(address)
        assert len(read.json()["arguments"]) == 1
        assert classmate.display_name not in read.content.decode() + str(due)
        levels = {"claim": 3, "evidence": 4, "rebuttal": 2, "concession": 1}
        assert send(mine, "put", address, {**levels, "claim": 5}).status_code == 400
        done = send(mine, "put", address, {**levels, "comment": f"{CANARY} <b>"})
        assert (done.status_code, done.json()["levels"]) == (200, levels)
        assert theirs.get(address).status_code == 404
        assert theirs.get(at(run, "mine")).json()["received"] is None
        said = send(mine, "put", at(run, "reflection"), {"text": "So <script>alert(1)</script>"})
        assert (said.status_code, "<script" in said.json()["html"]) == (200, False)
        assert theirs.get(at(run, "reflection")).status_code == 404
    with time_machine.travel(during("reflecting") + timedelta(days=1), tick=False):
        told = theirs.get(at(run, "mine"))
        (received,) = told.json()["received"]
        assert [row["level"] for row in received["levels"]] == list(levels.values())
        assert (received["comment"], student.display_name in told.content.decode()) == (
            f"{CANARY} <b>",
            False,
        )
        assert mine.get(at(run, "mine")).json()["reflected_at"] is not None
        late = send(mine, "put", at(run, "reflection"), {"text": "Late"})
        assert late.json()["code"] == "phase_closed"
