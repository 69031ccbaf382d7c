"""Gaps: embedded answers, {1:SHORTANSWER:=Lahore~%50%Karachi}, and words by number. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from string import ascii_lowercase
from typing import Any, NamedTuple

from apps.quizzes.exchange import prose
from apps.quizzes.exchange.loss import Report, Unreadable
from apps.quizzes.exchange.neutral import HUNDRED, Answer, Neutral, Prose
from apps.quizzes.exchange.quantities import credit, decimal_text, fraction
from apps.quizzes.types.texts import normalise

# More than any type takes, so that its check says how many there are.
IDS = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]
STEM = "Fill the gaps."
MAX_PATTERN = 500

_ITEM = re.compile(
    r"\{\s*(?P<weight>[0-9]*)\s*:\s*(?P<kind>[A-Z_]{2,20})\s*:(?P<body>(?:\\[\s\S]|[^\\{}])*)\}"
)
_WORD = re.compile(r"\[\[([0-9]{1,3})\]\]")
MARK = re.compile(r"\{\{([0-9]{1,2})\}\}")
_PLACE = re.compile(r"xgap([0-9]+)gapx")
_WEIGHT = re.compile(r"%(-?[0-9]+(?:[.,][0-9]*)?)%")
_WRITTEN = {"SHORTANSWER": "", "SA": "", "MW": "", "SHORTANSWER_C": "c", "SAC": "c", "MWC": "c"}
_NUMBER = frozenset({"NUMERICAL", "NM"})
_CHOSEN = re.compile(r"(MULTICHOICE|MC)(_?[VHS]+)?")
_WILD = re.compile(r"(?<!\\)\*")


class Item(NamedTuple):
    """One embedded question."""

    kind: str
    weight: str
    answers: tuple[Answer, ...]


def option(ident: str, answer: Answer, report: Report, *, is_key: bool) -> dict[str, Any]:
    return {
        "id": ident,
        "text": prose.line(answer.text, report),
        "is_key": is_key,
        "feedback": prose.line(answer.feedback, report),
        "source": answer.source,
    }


def distinct(rows: list[dict[str, Any]], name: str, report: Report) -> list[dict[str, Any]]:
    """Without those that read the same as one before, and have the same worth."""
    seen: dict[str, object] = {}
    kept = []
    for row in rows:
        plain = normalise(row[name], ("case",))
        worth = (row.get("is_key"), row.get("credit"))
        if seen.get(plain, ()) == worth:
            report.lose("twin", row[name])
            continue
        seen[plain] = worth
        kept.append(row)
    return kept


def written(answers: Sequence[Answer], ignore: Sequence[str], report: Report) -> dict[str, Any]:
    """Accepted answers, with the pattern that their wild cards make."""
    rows, patterns, other = [], [], ""
    seen: set[str] = set()
    for answer in answers:
        text, feedback = prose.words(answer.text, report), prose.line(answer.feedback, report)
        if text == "*" and answer.fraction <= 0:
            other = other or feedback
            continue
        if answer.fraction < 0:
            report.lose("negative", f"{decimal_text(answer.fraction)} %")
        share = credit(answer.fraction)
        parts = [each.replace("\\*", "*") for each in _WILD.split(text)]
        if len(parts) > 1:
            if share == "1":
                patterns.append(".*".join(re.escape(each) for each in parts))
            if share != "1" or feedback:
                report.lose("wildcard", f"{text} ({share})")
        literal = "".join(parts).strip()
        plain = normalise(literal, ignore)
        if plain in seen or not plain:
            report.lose("twin" if plain else "wildcard", text)
            continue
        seen.add(plain)
        row = {"text": literal, "credit": share, "feedback": feedback, "source": answer.source}
        rows.append(row)
    if not any(row["credit"] == "1" for row in rows):
        raise Unreadable("No answer gives the full mark.")
    pattern = "|".join(patterns)
    if len(pattern) > MAX_PATTERN:
        report.lose("wildcard", pattern)
        pattern = ""
    return {"answers": rows, "pattern": pattern, "feedback_other": other}


def parse(body: str, form: str, report: Report) -> tuple[Answer, ...]:
    """The answers of an embedded question.

    =right, %50%half right, wrong; #feedback; ~ between them; \\ before these where they are text.
    """
    found = []
    for part in split(body, "~"):
        text, *rest = split(part.strip(), "#", 1)
        share = Decimal(0)
        if text.startswith("="):
            share, text = HUNDRED, text[1:]
        elif weight := _WEIGHT.match(text):
            share, text = fraction(weight[1].replace(",", "."), report), text[weight.end() :]
        answer = Prose(_unslashed(text).strip(), form)
        feedback = Prose(_unslashed(rest[0] if rest else "").strip(), form)
        if answer.text:
            found.append(Answer(answer, share, feedback))
    return tuple(found)


def split(text: str, mark: str, most: int = -1) -> list[str]:
    """Where the mark stands without a backslash, and not in a character's number, &#125;."""
    parts, start = [], 0
    for found in re.finditer(rf"\\[\s\S]|&(?:amp;)?#(?=\w+;)|{re.escape(mark)}", text):
        if found[0] == mark and most:
            parts.append(text[start : found.start()])
            start, most = found.end(), most - 1
    return [*parts, text[start:]]


def _unslashed(text: str) -> str:
    return re.sub(r"\\([}#~/\"\\=%])", r"\1", text)


def cloze(question: Neutral, report: Report) -> tuple[str, dict[str, Any]]:
    """A text with embedded questions: the paragraphs before the first gap are the stem."""
    source, form = question.text.text, question.text.format
    items: list[Item] = []

    def place(found: re.Match[str]) -> str:
        items.append(Item(found["kind"], found["weight"], parse(found["body"], form, report)))
        return f"xgap{len(items)}gapx"

    marked = _ITEM.sub(place, source)
    if not items:
        raise Unreadable("The text has no gap.")
    if len({item.weight or "1" for item in items}) > 1:
        report.lose("gap-weight")
    cases = {_WRITTEN[item.kind] for item in items if item.kind in _WRITTEN}
    if len(cases) > 1:
        report.lose("response", "letter case mattered in some gaps only")
    ignore = [] if cases == {"c"} else ["case"]
    gaps = [_gap(str(count), item, ignore, report) for count, item in enumerate(items, 1)]
    return "gap_fill", {**_filled(marked, form, report), "ignore": ignore, "gaps": gaps}


def _gap(ident: str, item: Item, ignore: Sequence[str], report: Report) -> dict[str, Any]:
    if _CHOSEN.fullmatch(item.kind):
        best = max((answer.fraction for answer in item.answers), default=Decimal(0))
        if best <= 0:
            raise Unreadable(f"Gap {ident} has no right answer.")
        if any(answer.fraction not in {Decimal(0), HUNDRED} for answer in item.answers):
            report.lose("fraction", f"gap {ident}")
        key = next(each for each in item.answers if each.fraction == best)
        options = [
            option(name, answer, report, is_key=answer is key)
            for name, answer in zip(IDS, item.answers, strict=False)
        ]
        return {"id": ident, "form": "choice", "options": distinct(options, "text", report)}
    if item.kind in _NUMBER:
        answers = tuple(_numeral(answer, report) for answer in item.answers)
    elif item.kind in _WRITTEN:
        answers = item.answers
    else:
        raise Unreadable(f"Gap {ident} is of the type {item.kind}, which is not known here.")
    row = written(answers, ignore, report)
    if row.pop("pattern"):
        report.lose("wildcard", f"gap {ident}")
    return {"id": ident, "form": "text", **row}


def _numeral(answer: Answer, report: Report) -> Answer:
    text, _colon, margin = answer.text.text.partition(":")
    if margin.strip("0. "):
        report.lose("numerical-gap", answer.text.text)
    return Answer(Prose(text.strip(), answer.text.format), answer.fraction, answer.feedback)


def _filled(marked: str, form: str, report: Report) -> dict[str, Any]:
    text = prose.block(Prose(marked, form), report)
    if form != "markdown":
        text = text.replace("{{", "\\{\\{")
    stem, text = _halves(text)
    if not stem:
        report.lose("filled-in", "stem")
    text = _PLACE.sub(r"{{\1}}", text)
    return {"stem": stem or STEM, "rule": "each_gap", "text": text}


def _halves(text: str) -> tuple[str, str]:
    paragraphs = text.split("\n\n")
    first = next((n for n, each in enumerate(paragraphs) if _PLACE.search(each)), 0)
    return "\n\n".join(paragraphs[:first]).strip(), "\n\n".join(paragraphs[first:])


def words_in_gaps(question: Neutral, report: Report) -> tuple[str, dict[str, Any]]:
    """[[1]] is a gap for the first word; the words of its group are its choices."""
    found: list[int] = []

    def place(mark: re.Match[str]) -> str:
        found.append(int(mark[1]))
        return f"xgap{len(found)}gapx"

    marked = _WORD.sub(place, question.text.text)
    if not found:
        raise Unreadable("The text has no gap.")
    gaps = []
    for count, number in enumerate(found, 1):
        if not 1 <= number <= len(question.words):
            raise Unreadable(f"There is no word {number}.")
        key = question.words[number - 1]
        same = [word for word in question.words if word.group == key.group]
        options = [
            option(name, Answer(Prose(word.text, "html")), report, is_key=word is key)
            for name, word in zip(IDS, same, strict=False)
        ]
        gaps.append(
            {"id": str(count), "form": "choice", "options": distinct(options, "text", report)}
        )
        if not key.is_reusable:
            report.lose("drag-once")
    filled = _filled(marked, question.text.format, report)
    return "gap_fill", {**filled, "ignore": ["case"], "gaps": gaps}


def _slashed(text: str) -> str:
    return re.sub(r"[}#~/\"\\]", r"\\\g<0>", text)


def emit(gap: dict[str, Any], ignore: Sequence[str]) -> str:
    """A gap of ours as an embedded question; feedback is Markdown, as the text around it."""
    if gap["form"] == "choice":
        kind = "MULTICHOICE"
        rows = [(row, "=" if row["is_key"] else "") for row in gap["options"]]
    else:
        kind = "SHORTANSWER" if "case" in ignore else "SHORTANSWER_C"
        rows = [(row, _share(row["credit"])) for row in gap["answers"]]
    parts = [
        f"{mark}{_slashed(row['text'])}"
        + (f"#{_slashed(row['feedback'])}" * bool(row.get("feedback")))
        for row, mark in rows
    ]
    if gap.get("feedback_other"):
        parts.append(f"*#{_slashed(gap['feedback_other'])}")
    return f"{{1:{kind}:{'~'.join(parts)}}}"


def _share(written_: str) -> str:
    share = Decimal(written_) * HUNDRED
    return "=" if share == HUNDRED else f"%{decimal_text(share)}%"
