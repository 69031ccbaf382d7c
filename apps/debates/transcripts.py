"""A whole debate as Markdown, as tables, and in the Argument Interchange Format.  Pure.

The format is that of AIFdb's JSON: information nodes (I) for what is said, locutions (L) for who
said it, joined by illocutions (YA); inferences (RA) and conflicts (CA) between what is said,
transitions (TA) between locutions (Chesnevar et al. 2006; Janier, Lawrence and Reed 2014).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.classrooms.roster import neutralise

CONFLICTS = frozenset({"rebuttal"})
INFERENCES = frozenset({"support", "concession"})
_ACTS = {"question": "Pure Questioning", "concession": "Agreeing"}
COLUMNS = (
    "number",
    "answers",
    "relation",
    "side",
    "author",
    "posted_at",
    "edited_at",
    "state",
    "text",
    "own_reasoning",
    "evidence",
    "ratings",
    "mean_strength",
    "moved",
)
STANCE_COLUMNS = ("author", "side", "before", "confidence_before", "after", "confidence_after")


@dataclass(frozen=True, slots=True)
class Statement:
    """An argument. text: Markdown, "" where it is not there any more.

    number: by the order of writing, from 1.  answers: the number that it answers.
    leaning: of its side: 1 for the motion, -1 against it, 0 neither.  Times: ISO 8601, UTC.
    """

    number: int
    answers: int | None
    relation: str
    side: str
    leaning: int
    author: str
    posted_at: str
    edited_at: str
    state: str
    text: str
    depth: int
    is_own_reasoning: bool = False
    evidence: tuple[str, ...] = ()
    ratings: int = 0
    mean_strength: float | None = None
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stood: stances -3 to 3, confidence 1 to 5; None where not given."""

    author: str
    side: str
    before: int | None
    confidence_before: int | None
    after: int | None
    confidence_after: int | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """statements: in reading order."""

    motion: str
    class_title: str
    sides: tuple[str, ...]
    statements: Sequence[Statement]
    standings: Sequence[Standing] = field(default_factory=tuple)


def as_markdown(transcript: Transcript) -> str:
    """The debate to read: a heading for each argument, deeper ones quoted by number."""
    lines = [f"# {_line(transcript.motion)}", "", _line(transcript.class_title), ""]
    lines += [f"- {_line(side)}" for side in transcript.sides]
    for each in transcript.statements:
        place = f" to {each.answers}" if each.answers else ""
        side = f" · {_line(each.side)}" if each.side else ""
        lines += ["", f"## {each.number}. {each.relation.capitalize()}{place}{side}", ""]
        lines += [f"*{_line(each.author)}, {each.posted_at}*", ""]
        lines += [each.text or f"[{each.state}]"]
        lines += _evidence_lines(each)
    return "\n".join(lines) + "\n"


def _evidence_lines(statement: Statement) -> list[str]:
    if statement.evidence:
        return ["", "Evidence:", "", *(f"- {_line(piece)}" for piece in statement.evidence)]
    return ["", "Own reasoning."] if statement.is_own_reasoning and statement.text else []


def _line(text: str) -> str:
    return " ".join(text.split())


def as_csv(transcript: Transcript) -> str:
    """A row for each argument, with COLUMNS; cells that a spreadsheet would run are made text."""
    return _table(COLUMNS, (_row(each) for each in transcript.statements))


def stances_as_csv(transcript: Transcript) -> str:
    """A row for each participant, with STANCE_COLUMNS."""
    rows = (
        [
            each.author,
            each.side,
            *(
                "" if value is None else value
                for value in (
                    each.before,
                    each.confidence_before,
                    each.after,
                    each.confidence_after,
                )
            ),
        ]
        for each in transcript.standings
    )
    return _table(STANCE_COLUMNS, rows)


def _row(each: Statement) -> list[Any]:
    return [
        each.number,
        each.answers or "",
        each.relation,
        each.side,
        each.author,
        each.posted_at,
        each.edited_at,
        each.state,
        each.text,
        "yes" if each.is_own_reasoning else "no",
        "\n".join(each.evidence),
        each.ratings,
        "" if each.mean_strength is None else f"{each.mean_strength:.2f}",
        each.moved,
    ]


def _table(columns: Sequence[str], rows: Iterator[list[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(neutralise(cell) if isinstance(cell, str) else cell for cell in row)
    return out.getvalue()


def as_aif(transcript: Transcript) -> dict[str, Any]:
    """{"nodes", "edges", "locutions", "participants"}, as AIFdb reads them."""
    graph = _Graph()
    graph.node("motion", "I", transcript.motion)
    authors = sorted({each.author for each in transcript.statements})
    person = {name: str(place) for place, name in enumerate(authors, start=1)}
    for each in transcript.statements:
        _say(graph, each, person[each.author])
    graph.participants = [
        {"participantID": person[name], "firstname": name, "surname": ""} for name in authors
    ]
    return {
        "nodes": graph.nodes,
        "edges": graph.edges,
        "locutions": graph.locutions,
        "participants": graph.participants,
    }


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[dict[str, str]] = []
        self.edges: list[dict[str, str]] = []
        self.locutions: list[dict[str, str]] = []
        self.participants: list[dict[str, str]] = []

    def node(self, key: str, kind: str, text: str, timestamp: str = "") -> str:
        self.nodes.append({"nodeID": key, "type": kind, "text": text, "timestamp": timestamp})
        return key

    def edge(self, source: str, target: str) -> None:
        number = str(len(self.edges) + 1)
        self.edges.append({"edgeID": number, "fromID": source, "toID": target})

    def through(self, source: str, key: str, kind: str, text: str, target: str) -> None:
        """`source` to `target` by a node of relation."""
        self.node(key, kind, text)
        self.edge(source, key)
        self.edge(key, target)


def _say(graph: _Graph, each: Statement, person: str) -> None:
    number = each.number
    text = each.text or f"[{each.state}]"
    said = graph.node(f"I{number}", "I", text, each.posted_at)
    spoken = graph.node(f"L{number}", "L", f"{each.author}: {text}", each.posted_at)
    graph.locutions.append(
        {"nodeID": spoken, "personID": person, "timestamp": each.posted_at, "source": ""}
    )
    graph.through(spoken, f"YA{number}", "YA", _ACTS.get(each.relation, "Asserting"), said)
    target = f"I{each.answers}" if each.answers else "motion"
    if each.answers:
        graph.through(f"L{each.answers}", f"TA{number}", "TA", "Default Transition", spoken)
    if each.relation in CONFLICTS or (each.relation == "opening" and each.leaning < 0):
        graph.through(said, f"CA{number}", "CA", "Default Conflict", target)
    elif each.relation in INFERENCES or (each.relation == "opening" and each.leaning > 0):
        graph.through(said, f"RA{number}", "RA", "Default Inference", target)
    for place, piece in enumerate(each.evidence, start=1):
        source = graph.node(f"I{number}e{place}", "I", piece)
        graph.through(source, f"RA{number}e{place}", "RA", "Argument from evidence", said)
