"""Debates by the API: what those who teach read and write."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.models import Debate, DebateRun, Participant
from tests.api.conftest import personal_create
from tests.api.debates.asking import CANARY, at, send
from tests.debates.factories import WORDS, during, join, post, run_create, windows
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]


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


@pytest.mark.parametrize("nouns", ["debates", "questions", "quizzes"])
def test_who_may_not_open_the_admin_writes_no_course(
    classroom: Classroom, instructor: User, nouns: str
) -> None:
    address = f"/api/v1/courses/{classroom.course.slug}/{nouns}"
    assert personal_create(instructor).get(address).status_code == 200
    User.objects.filter(pk=instructor.pk).update(is_staff=False)
    assert personal_create(instructor).get(address).status_code == 404
