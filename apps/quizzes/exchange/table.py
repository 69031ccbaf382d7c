"""Questions as a table (CSV), both ways: for types that fit into a row.

A row is a question. `option`, `match`, `worth`, `feedback` and `source`, each with a number, are
its options: docs/question-exchange.md lists what they hold for each type. Pure.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from apps.quizzes.exchange import outgoing
from apps.quizzes.exchange.encoding import decoded
from apps.quizzes.exchange.incoming import OURS, Intake, report_for
from apps.quizzes.exchange.loss import (
    Fault,
    Loss,
    NotCarried,
    Reading,
    Report,
    Unreadable,
    Where,
    Writing,
)
from apps.quizzes.exchange.neutral import HUNDRED, Answer, Neutral, Pair, Prose
from apps.quizzes.exchange.quantities import decimal_text, fraction
from apps.quizzes.exchange.record import QuestionDraft

MAX_CHARACTERS = 20_000_000
MAX_CELL = 100_000
ROOM = 12
_FIRST = (
    *("slug", "type", "lesson", "anchor", "objectives", "sources", "tags"),
    *("difficulty", "bloom", "points"),
    *("rule", "shuffle", "stem", "answer"),
)
_LAST = ("feedback_other", "explanation", "hint_1", "hint_2", "hint_3", "cost", "majlis")
_EACH = ("option", "match", "worth", "feedback", "source")
COLUMNS = (
    *_FIRST,
    *(f"{name}_{place}" for place in range(1, ROOM + 1) for name in _EACH),
    *_LAST,
)
_KINDS = {
    "single_choice": "multichoice",
    "multiple_response": "multichoice",
    "true_false": "truefalse",
    "short_text": "shortanswer",
    "numeric": "numerical",
    "ordering": "ordering",
    "matching": "matching",
    "categorise": "matching",
    "essay": "essay",
}
_YES = frozenset({"yes", "y", "x", "true", "key", "1"})
_NO = frozenset({"", "no", "n", "false", "0"})
# What a spreadsheet would run as a formula.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")

Row = Mapping[str, str]


def read(data: bytes | str) -> Reading:
    """Every question of a table, what was lost, and what could not be read. Never raises."""
    intake = Intake()
    text, encoding = decoded(data)
    if encoding:
        intake.losses.append(Loss(Where(1), "encoding", encoding))
    if len(text) > MAX_CHARACTERS:
        fault = Fault(Where(1), f"The file has more than {MAX_CHARACTERS:,} characters.")
        return Reading((), tuple(intake.losses), (fault,))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    line = 1
    try:
        head = _head(next(rows, []), intake)
        line = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                _take(dict(zip(head, map(_revived, cells), strict=False)), line, intake)
            line = rows.line_num + 1
    except (csv.Error, Unreadable) as error:
        intake.faults.append(Fault(Where(line), str(error)))
    return Reading(tuple(intake.drafts), tuple(intake.losses), tuple(intake.faults))


def write(drafts: Iterable[QuestionDraft]) -> Writing:
    """Questions as CSV, one a row, formulas neutralised; what is not carried is said."""
    texts, losses = outgoing.write(drafts, _emit, _read_one, is_moodle=False)
    return Writing(_line(COLUMNS) + "".join(texts), tuple(losses))


def _head(cells: list[str], intake: Intake) -> list[str]:
    """The names of the columns.  Raises: Unreadable."""
    head = [name.strip().casefold() for name in cells]
    if not {"type", "stem"} <= set(head):
        raise Unreadable("The first line names the columns; at least: type, stem.")
    for name in head:
        if name and name not in COLUMNS:
            intake.losses.append(Loss(Where(1), "unknown", name))
    return head


def _take(row: Row, line: int, intake: Intake) -> None:
    report = report_for(line, row.get("slug", "").strip())
    try:
        question = _question(row, line, report)
    except Unreadable as error:
        intake.faults.append(Fault(report.where, str(error)))
        intake.losses += report.losses
    else:
        intake.add(question, report)


def _delimiter(text: str) -> str:
    """That of the first line: Excel writes what the country's settings say."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _revived(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _neutral(cell: str) -> str:
    """One kind of line end, which the writer quotes; and nothing to run."""
    plain = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{plain}" if _FORMULA.match(plain) else plain


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(_neutral(cell) for cell in cells)
    return out.getvalue()


def _question(row: Row, line: int, report: Report) -> Neutral:
    kind = row.get("type", "").strip().casefold()
    if any(len(cell) > MAX_CELL for cell in row.values()):
        raise Unreadable(f"A cell has more than {MAX_CELL:,} characters.")
    if kind not in _KINDS:
        raise Unreadable(f"A table has no questions of the type “{kind}”.")
    own = {name: row.get(name, "").strip() for name in ("lesson", "anchor", "difficulty", "bloom")}
    for name in ("objectives", "sources"):
        own[name] = "+".join(row.get(name, "").split())
    own["rule"] = row.get("rule", "").strip()
    facts = {
        "single": "false" if kind == "multiple_response" else "true",
        "shuffleanswers": row.get("shuffle", "").strip().casefold() or "true",
        "defaultgrade": row.get("points", "").strip() or "1",
        "penalty": row.get("cost", "").strip() or "0",
        "rule": own["rule"],
    }
    places = [place for place in range(1, ROOM + 1) if _is_used(row, place)]
    fields = _fields(kind, row, places, report)
    hints = tuple(Prose(row.get(f"hint_{place}", "")) for place in (1, 2, 3))
    return Neutral(
        kind=_KINDS[kind],
        wish=kind,
        name=row.get("slug", "").strip(),
        line=line,
        text=Prose(row.get("stem", "")),
        explanation=Prose(row.get("explanation", "")),
        hints=hints,
        tags=(*row.get("tags", "").split(), *(f"{OURS}{a}={b}" for a, b in own.items() if b)),
        facts={name: value for name, value in facts.items() if value},
        aside=row.get("majlis", ""),
        **fields,
    )


def _is_used(row: Row, place: int) -> bool:
    return any(row.get(f"{name}_{place}", "").strip() for name in ("option", "match"))


def _fields(kind: str, row: Row, places: list[int], report: Report) -> dict[str, Any]:
    if kind == "true_false":
        return {"answers": _truth(row)}
    if kind == "essay":
        return {"prose": {"graderinfo": Prose(row.get("answer", ""))}}
    if kind in {"matching", "categorise"}:
        return {
            "pairs": tuple(
                Pair(
                    Prose(row.get(f"option_{place}", "")),
                    Prose(row.get(f"match_{place}", "")),
                    row.get(f"source_{place}", "").strip(),
                    Prose(row.get(f"feedback_{place}", "")),
                )
                for place in places
            )
        }
    answers = [
        Answer(
            Prose(row[f"option_{place}"]),
            _worth(kind, row.get(f"worth_{place}", ""), report),
            Prose(row.get(f"feedback_{place}", "")),
            source=row.get(f"source_{place}", "").strip(),
        )
        for place in places
        if row.get(f"option_{place}", "").strip()
    ]
    if other := row.get("feedback_other", ""):
        answers.append(Answer(Prose("*"), Decimal(0), Prose(other)))
    return {"answers": tuple(answers)}


def _worth(kind: str, cell: str, report: Report) -> Decimal:
    """ "yes", "no", or a share between 0 and 1; a written answer without a word is right."""
    plain = cell.strip().casefold()
    if plain in _YES or kind == "ordering":
        return HUNDRED
    if not plain and kind in {"short_text", "numeric"}:
        return HUNDRED
    if plain in _NO:
        return Decimal(0)
    return fraction(plain.replace(",", "."), report) * HUNDRED


def _truth(row: Row) -> tuple[Answer, ...]:
    answer = row.get("answer", "").strip().casefold()
    if answer not in {"true", "false"}:
        raise Unreadable("The column “answer” of a true or false question says TRUE or FALSE.")
    return tuple(
        Answer(
            Prose(name),
            HUNDRED if name == answer else Decimal(0),
            Prose(row.get(f"feedback_{place}", "")),
            source=row.get("source_1", "").strip(),
        )
        for place, name in enumerate(("true", "false"), 1)
    )


def _emit(question: Neutral) -> str:
    """One row.  Raises: NotCarried."""
    if _KINDS.get(question.wish) != question.kind:
        raise NotCarried(question.wish)
    own = dict(
        tag.removeprefix(OURS).split("=", 1) for tag in question.tags if tag.startswith(OURS)
    )
    row = {
        "slug": question.name,
        "type": question.wish,
        **own,
        **{name: own.get(name, "").replace("+", " ") for name in ("objectives", "sources")},
        "tags": " ".join(tag for tag in question.tags if not tag.startswith(OURS)),
        "points": question.facts["defaultgrade"],
        "cost": question.facts["penalty"],
        "rule": question.facts.get("rule", own.get("rule", "")),
        "shuffle": question.facts.get("shuffleanswers", ""),
        "stem": question.text.text,
        "explanation": question.explanation.text,
        "majlis": question.aside,
        **{f"hint_{place}": hint.text for place, hint in enumerate(question.hints[:3], 1)},
        **_cells(question),
    }
    return _line(row.get(name, "") for name in COLUMNS)


def _cells(question: Neutral) -> dict[str, str]:
    if question.kind == "truefalse":
        right = next(answer for answer in question.answers if answer.fraction)
        told = {
            f"feedback_{place}": each.feedback.text
            for place, each in enumerate(question.answers, 1)
        }
        return {"answer": right.text.text.upper(), "source_1": right.source, **told}
    if question.kind == "essay":
        return {"answer": question.prose["graderinfo"].text}
    if len(question.pairs) > ROOM or len(question.answers) > ROOM + 1:
        raise NotCarried(f"{question.wish} with more than {ROOM} options")
    cells: dict[str, str] = {}
    for place, pair in enumerate(question.pairs, 1):
        cells |= {
            f"option_{place}": pair.prompt.text,
            f"match_{place}": pair.answer.text,
            f"feedback_{place}": pair.feedback.text,
            f"source_{place}": pair.source,
        }
    for place, answer in enumerate(question.answers, 1):
        if answer.text.text == "*":
            cells["feedback_other"] = answer.feedback.text
            continue
        margin = answer.tolerance if answer.tolerance not in {None, "0"} else ""
        is_range = ".." in answer.text.text
        cells |= {
            f"option_{place}": answer.text.text + (f":{margin}" if margin and not is_range else ""),
            f"worth_{place}": _share(question, answer),
            f"feedback_{place}": answer.feedback.text,
            f"source_{place}": answer.source,
        }
    return cells


def _share(question: Neutral, answer: Answer) -> str:
    if question.kind == "ordering":
        return ""
    if question.facts.get("single") == "false":
        return "yes" if answer.fraction > 0 else "no"
    return decimal_text(answer.fraction / HUNDRED)


def _read_one(text: str) -> Neutral:
    cells = next(csv.reader(io.StringIO(text, newline="")))
    row = dict(zip(COLUMNS, map(_revived, cells), strict=True))
    return _question(row, 0, report_for(0))
