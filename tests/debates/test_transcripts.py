"""A debate as a file: complete, without what is gone, and by name only where asked."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import selectors, services
from apps.debates.models import DebateRun, Participant
from apps.debates.network import circle, network
from apps.debates.services import Source
from apps.debates.transcripts import COLUMNS, Statement, Transcript, as_aif, as_csv, as_markdown
from tests.debates.factories import WORDS, during, join, post, run_create
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
KINDS = ("markdown", "arguments", "stances", "aif")
CANARY = "zanzibarcanary"


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    return run_create(classroom, instructor)


@pytest.fixture
def author(run: DebateRun, student: User) -> Participant:
    return join(run, student)


@pytest.fixture
def reader(run: DebateRun, classmate: User) -> Participant:
    return join(run, classmate, value=-1, key="against")


def file(client: Client, run: DebateRun, kind: str, query: str = "") -> str:
    ids = [run.classroom.public_id, run.public_id, kind]
    answer = client.get(reverse("debates:export", args=ids) + query)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.content.decode()


def test_every_file_holds_what_is_visible_and_nothing_that_is_gone(
    run: DebateRun,
    author: Participant,
    reader: Participant,
    instructor: User,
    client_of: ClientOf,
) -> None:
    opening = post(author, text=f"{WORDS} Said first.")
    post(reader, opening, text=f"{WORDS} Said second.")
    for kind in ("hide", "remove"):
        gone = post(author, text=f"{WORDS} {CANARY}")
        services.argument_moderate(
            argument=gone, kind=kind, reason="Why", actor=instructor, now=NOW
        )
    withdrawn = post(author, text=f"{WORDS} {CANARY}")
    services.argument_withdraw(argument=withdrawn, participant=author, now=during("arguing"))
    client = client_of(instructor)
    for kind in KINDS:
        text = file(client, run, kind)
        assert CANARY not in text
        assert ("Said first." in text) == ("Said second." in text) == (kind != "stances")


def test_names_are_in_a_file_only_where_asked(
    run: DebateRun, author: Participant, instructor: User, client_of: ClientOf
) -> None:
    author.user.display_name = CANARY
    author.user.save()
    post(author)
    client = client_of(instructor)
    for kind in KINDS:
        assert CANARY not in file(client, run, kind)
        assert CANARY in file(client, run, kind, "?names=1")
        assert f"Participant {author.number}" in file(client, run, kind)


def test_rows_carry_answers_evidence_and_tallies(
    run: DebateRun, author: Participant, reader: Participant
) -> None:
    link = Source(url="https://example.org/treaty", locator="art. 2", quotation="Consult")
    opening = post(author, sources=[link], is_own_reasoning=False)
    services.argument_rate(argument=opening, participant=reader, strength=4, now=during("arguing"))
    post(reader, opening)
    rows = list(csv.DictReader(io.StringIO(as_csv(selectors.transcript_of(run, is_named=False)))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["evidence"] == "https://example.org/treaty, art. 2, “Consult”"
    assert (rows[0]["ratings"], rows[0]["mean_strength"]) == ("1", "4.00")
    assert (rows[1]["answers"], rows[1]["relation"]) == ("1", "rebuttal")


def statement(number: int, **fields: object) -> Statement:
    given = {
        "answers": None,
        "relation": "opening",
        "side": "For",
        "leaning": 1,
        "author": "Participant 3",
        "posted_at": "2026-01-01T00:00:00Z",
        "edited_at": "",
        "state": "visible",
        "text": "Because.",
        "depth": 0,
    }
    return Statement(number=number, **{**given, **fields})  # type: ignore[arg-type]


def test_graph_joins_what_is_said_by_inference_and_conflict() -> None:
    graph = as_aif(
        Transcript(
            "A motion?",
            "A class",
            ("For", "Against"),
            [
                statement(1, evidence=("A treaty",)),
                statement(2, answers=1, relation="rebuttal", author="Participant 5"),
                statement(3, answers=2, relation="concession"),
                statement(4, answers=1, relation="question"),
                statement(5, leaning=-1),
                statement(6, leaning=0),
            ],
        )
    )
    kinds = {node["nodeID"]: node["type"] for node in graph["nodes"]}
    assert len(kinds) == len(graph["nodes"])
    assert {edge[end] for edge in graph["edges"] for end in ("fromID", "toID")} <= set(kinds)
    paths = {(edge["fromID"], edge["toID"]) for edge in graph["edges"]}
    assert {("I1", "RA1"), ("RA1", "motion"), ("I2", "CA2"), ("CA2", "I1")} <= paths
    assert {("I5", "CA5"), ("CA5", "motion"), ("I3", "RA3"), ("RA3", "I2")} <= paths
    assert {("I1e1", "RA1e1"), ("RA1e1", "I1"), ("L1", "TA2"), ("TA2", "L2")} <= paths
    # A question asserts nothing of what it asks, and a side that leans nowhere neither.
    assert not {"RA4", "CA4", "RA6", "CA6"} & set(kinds)
    assert [each["firstname"] for each in graph["participants"]] == [
        "Participant 3",
        "Participant 5",
    ]
    json.dumps(graph)


def test_no_cell_is_a_formula_and_no_name_breaks_a_heading() -> None:
    debate = Transcript(
        "A motion\n# of two lines",
        "=A class",
        ("For",),
        [statement(1, text="=HYPERLINK(1)", author="+\n# Somebody")],
    )
    for row in csv.reader(io.StringIO(as_csv(debate))):
        assert not any(cell.startswith(("=", "+", "@", "-")) for cell in row)
    assert [line for line in as_markdown(debate).splitlines() if line.startswith("#")] == [
        "# A motion # of two lines",
        "## 1. Opening · For",
    ]


def test_transcript_takes_as_many_queries_for_many(
    run: DebateRun, author: Participant, reader: Participant
) -> None:
    counts = []
    for _round in range(2):
        for _number in range(3):
            post(reader, post(author))
        with CaptureQueriesContext(connection) as queries:
            selectors.transcript_of(run, is_named=True)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_network_counts_people_not_themselves() -> None:
    found = network([1, 2, 3, 4], [(1, 2), (1, 2), (2, 1), (3, 3), (3, 1), (9, 1)])
    assert found.links == {(1, 2): 2, (2, 1): 1, (3, 1): 1}
    assert (found.mutual, found.unanswered, found.apart) == (1, [3, 4], [4])


def test_circle_holds_everybody_apart() -> None:
    for count in (0, 1, 2, 200):
        spots = circle(range(count))
        assert len({(spot.x, spot.y) for spot in spots}) == count
        assert all(0 <= spot.x <= 400 and 0 <= spot.y <= 400 for spot in spots)


def test_replies_are_counted_by_person(
    run: DebateRun, author: Participant, reader: Participant
) -> None:
    post(reader, post(author))
    shown = selectors.replies(run)
    assert [(each.written, each.answers, each.heard) for each in shown.shares] in (
        [(1, 0, 1), (1, 1, 0)],
        [(1, 1, 0), (1, 0, 1)],
    )
    assert (shown.mutual, shown.unanswered, shown.apart, len(shown.links)) == (0, 1, 0, 1)
