"""Moodle's GIFT, both ways.

Source: docs.moodle.org, "GIFT format"; where it is silent, what Moodle's own importer does. Two
things are read that Moodle does not: an empty line between braces, and a question that begins
under another without an empty line. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from apps.quizzes.exchange import outgoing
from apps.quizzes.exchange.encoding import decoded
from apps.quizzes.exchange.giftanswers import answers_of, cut, find, unescape
from apps.quizzes.exchange.incoming import Intake, report_for
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
from apps.quizzes.exchange.neutral import Answer, Neutral, Prose
from apps.quizzes.exchange.quantities import decimal_text
from apps.quizzes.exchange.record import QuestionDraft

BLANK = "_____"
ARROW = "-\\>"
KEPT = "majlis:"

_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_RESERVED = re.compile(r"[\\#=~{}:]")
_WEIGHT = re.compile(r"%-*[0-9]")


@dataclass(slots=True)
class Block:
    """A piece between empty lines.  line: of its first line that is no comment."""

    line: int = 0
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def read(data: bytes | str) -> Reading:
    """Every question of a file, what was lost, and what could not be read. Never raises."""
    intake = Intake()
    text, encoding = decoded(data)
    if encoding:
        intake.losses.append(Loss(Where(1), "encoding", encoding))
    for block in _blocks(text, intake):
        report = report_for(block.line, _name(block.text)[0])
        try:
            question = parse(block, report)
        except Unreadable as error:
            intake.faults.append(Fault(report.where, str(error)))
            intake.losses += report.losses
        else:
            intake.add(question, report)
    return Reading(tuple(intake.drafts), tuple(intake.losses), tuple(intake.faults))


def write(drafts: Iterable[QuestionDraft]) -> Writing:
    """Questions as GIFT; what is not carried is said, and kept in comments where it can be."""
    texts, losses = outgoing.write(drafts, emit, _read_one)
    return Writing("\n".join(texts), tuple(losses))


def _read_one(text: str) -> Neutral:
    block = next(_blocks(text, Intake()))
    return parse(block, report_for(0))


def _blocks(text: str, intake: Intake) -> Iterator[Block]:
    """Blocks, with braces that stand open across an empty line closed again."""
    held: Block | None = None
    for block in _pieces(text, intake):
        if held is not None:
            opens, closes = find(block.text, "{"), find(block.text, "}")
            if closes >= 0 and (opens < 0 or closes < opens):
                held.lines += ["", *block.lines]
                held.comments += block.comments
                yield held
                held = None
                continue
            yield held
            held = None
        if find(block.text, "{") >= 0 and find(block.text, "}") < 0:
            held = block
        else:
            yield block
    if held is not None:
        yield held


def _pieces(text: str, intake: Intake) -> Iterator[Block]:
    block = Block()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        plain = line.strip()
        if plain.startswith("//"):
            block.comments.append(plain[2:].strip())
        elif plain.startswith("$CATEGORY:"):
            intake.losses.append(Loss(Where(number), "category", plain[10:].strip()))
        elif plain:
            if plain.startswith("::") and block.lines and block.lines[-1].rstrip().endswith("}"):
                yield block
                block = Block()
            block.line = block.line or number
            block.lines.append(line)
        else:
            if block.lines:
                yield block
            block = Block()


def parse(block: Block, report: Report) -> Neutral:
    """One question.  Raises: Unreadable."""
    name, text = _name(block.text)
    opens, closes = find(text, "{"), find(text, "}")
    if (opens < 0) != (closes < 0) or closes < opens:
        raise Unreadable("Braces do not match; write \\{ and \\} where they are text.")
    body = text[opens + 1 : closes] if opens >= 0 else ""
    after = text[closes + 1 :].strip() if opens >= 0 else ""
    if find(after, "{") >= 0 or find(after, "}") >= 0:
        raise Unreadable("A question has one pair of braces, and an empty line after it.")
    stem = text if opens < 0 else text[:opens] + (f"{BLANK} {after}" if after else "")
    whole, form = _formatted(stem, "moodle")
    if after and form == "markdown":
        whole = whole.replace(BLANK, "\\_____", 1)
    body, mark, general = cut(body, "####", is_last=True)
    remark = " ".join(block.comments)
    ident = _ID.search(remark)
    fields = answers_of(body.strip(), form, report) if opens >= 0 else {"kind": "description"}
    explanation, general_form = _formatted(general, form) if mark else ("", form)
    kept = [each for each in block.comments if each.startswith(KEPT)]
    return Neutral(
        name=name,
        line=block.line,
        text=Prose(whole, form),
        explanation=Prose(explanation, general_form),
        tags=tuple(each.replace("\\]", "]").strip() for each in _TAG.findall(remark)),
        idnumber=ident[1].replace("\\]", "]").strip() if ident else "",
        aside=kept[0].removeprefix(KEPT).strip() if kept else "",
        **fields,
    )


def _name(text: str) -> tuple[str, str]:
    """(name, the rest)"""
    if not text.startswith("::"):
        return "", text
    name, mark, rest = cut(text[2:], "::")
    return (" ".join(unescape(name).split()), rest.strip()) if mark else ("", text[2:].strip())


def _formatted(text: str, default: str) -> tuple[str, str]:
    text = text.strip()
    found = _FORMAT.match(text)
    if found:
        return unescape(text[found.end() :]).strip(), found[1]
    return unescape(text).strip(), default


def emit(question: Neutral) -> str:
    """One question, with an empty line after it.  Raises: NotCarried."""
    body = _body(question)
    general = question.explanation.text.strip()
    end = f"####{_text(general)}" if general else ""
    gap = "\n" if "\n" in body else ""
    marks = [f"[id:{question.idnumber}]", *(f"[tag:{_tag(tag)}]" for tag in question.tags)]
    lines = ["// " + " ".join(marks)]
    if question.aside:
        lines.append(f"// {KEPT} {question.aside}")
    stem = _text(question.text.text, is_first=True)
    lines.append(f"::{_escaped(question.name)}::{stem} {{{body}{gap}{end}{gap and end and gap}}}")
    return "\n".join(lines) + "\n"


def _body(question: Neutral) -> str:
    if question.kind not in _BODIES:
        raise NotCarried({"multianswer": "gap_fill"}.get(question.kind, question.kind))
    return _BODIES[question.kind](question)


def _options(question: Neutral) -> str:
    is_single = question.facts.get("single") == "true"
    return "".join(_option(answer, is_single=is_single) for answer in question.answers)


def _written(question: Neutral) -> str:
    return "".join(
        f"\n\t=%{decimal_text(answer.fraction)}%{_escaped(answer.text.text.strip())}"
        f"{_feedback(answer.feedback)}"
        for answer in question.answers
    )


def _pairs(question: Neutral) -> str:
    """An arrow inside a prompt is written with Markdown's backslash."""
    return "".join(
        f"\n\t={_text(pair.prompt.text.replace('->', ARROW))} -> "
        f"{_escaped(pair.answer.text.strip())}"
        for pair in question.pairs
    )


def _order(question: Neutral) -> str:
    kind = question.facts["gradingtype"]
    items = "".join(f"\n{_text(answer.text.text)}" for answer in question.answers)
    return f">{len(question.answers)} ALL VERTICAL {kind} SHOW none{items}\n"


def _option(answer: Answer, *, is_single: bool) -> str:
    text = _text(answer.text.text)
    if is_single and answer.fraction == 100:
        mark = "="
    elif answer.fraction or _WEIGHT.match(text):
        mark = f"~%{decimal_text(answer.fraction)}%"
    else:
        mark = "~"
    return f"\n\t{mark}{text}{_feedback(answer.feedback)}"


def _true_false(question: Neutral) -> str:
    right, wrong = sorted(question.answers, key=lambda answer: answer.fraction, reverse=True)
    told = [_text(wrong.feedback.text), _text(right.feedback.text)]
    while told and not told[-1]:
        told.pop()
    return "".join([right.text.text.upper(), *(f"#{each}" for each in told)])


def _numeral(answer: Answer) -> str:
    text = answer.text.text
    if text == "*":
        return f"\n\t~{_feedback(answer.feedback)}"
    margin = "" if ".." in text or answer.tolerance in {None, "0"} else f":{answer.tolerance}"
    share = "" if answer.fraction == Decimal(100) else f"%{decimal_text(answer.fraction)}%"
    return f"\n\t={share}{text}{margin}{_feedback(answer.feedback)}"


def _feedback(prose: Prose) -> str:
    return f"#{_text(prose.text)}" if prose.text.strip() else ""


def _text(text: str, *, is_first: bool = False) -> str:
    """A Markdown text; the first of a question says so, the others follow it."""
    escaped = _escaped(text.strip())
    return f"[markdown]{escaped}" if is_first or _FORMAT.match(escaped) else escaped


def _escaped(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _RESERVED.sub(lambda found: f"\\{found[0]}", plain).replace("\n", "\\n")


def _tag(tag: str) -> str:
    return " ".join(tag.split()).replace("]", "\\]")


_BODIES: Mapping[str, Callable[[Neutral], str]] = {
    "multichoice": _options,
    "truefalse": _true_false,
    "shortanswer": _written,
    "numerical": lambda question: "#" + "".join(map(_numeral, question.answers)),
    "matching": _pairs,
    "ordering": _order,
    "essay": lambda question: "",  # noqa: ARG005 - nothing stands between its braces
}
