"""Debates by the API: what students do keeps to the site's rules."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates.enums import ArgumentState
from apps.debates.models import Argument, DebateRun, Moved, Participant, Rating, Stance
from tests.api.debates.asking import CANARY, at, send
from tests.debates.factories import WORDS, during, join, post, run_create
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]


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


def test_draft_tells_what_is_nearly_the_same_and_keeps_evidence(
    run: DebateRun, author: Participant, student: User, classmate: User, client_of: ClientOf
) -> None:
    said = post(join(run, classmate))
    mine, root = client_of(student), at(run, "drafts", "motion")
    piece = {"reference": "unheard-of", "locator": "p. 3"}
    wish = {"text": f"{WORDS} Indeed.", "is_own_reasoning": True, "evidence": [piece]}
    kept = send(mine, "put", root, wish).json()
    assert kept["similar"] == [str(said.public_id)]
    assert (kept["evidence"], kept["is_own_reasoning"]) == ([piece], True)
    assert mine.get(root).json() == kept
    other = send(mine, "put", root, {"text": "Else?"}).json()
    assert (other["similar"], other["evidence"]) == ([], [])
    too_many = {"text": "", "evidence": [{}] * 7}
    assert send(mine, "put", root, too_many).status_code == 400


def test_evidence_of_an_argument_is_mended_alone(
    run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    argument = post(author)
    client, place = client_of(author.user), at(run, "arguments", argument.public_id)
    seen = client.get(place).headers["ETag"]
    wish = {"evidence": [{"url": "https://example.org/treaty", "locator": "art. 2"}]}
    answer = send(client, "patch", place, wish, if_match=seen)
    assert answer.status_code == 200
    assert (answer.json()["text"], answer.json()["is_own_reasoning"]) == (WORDS, False)
    assert [piece["locator"] for piece in answer.json()["evidence"]] == ["art. 2"]
    none = send(client, "patch", place, {"evidence": []}, if_match=answer.headers["ETag"])
    assert (none.status_code, none.json()["code"]) == (422, "invalid_argument")


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
