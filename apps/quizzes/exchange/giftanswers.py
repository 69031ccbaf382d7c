"""What stands between the braces of a GIFT question. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.quizzes.exchange.loss import Report, Unreadable
from apps.quizzes.exchange.neutral import HUNDRED, NOTHING, Answer, Pair, Prose
from apps.quizzes.exchange.quantities import fraction

_ESCAPED = re.compile(r"\\[\s\S]")
_WEIGHT = re.compile(r"%(-*[0-9]{1,3}(?:\.[0-9]*)?)%")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_ORDERING = re.compile(
    r">\s*(?P<count>[0-9]*)(?P<words>(?:[ \t]+[A-Za-z0-9_-]+)*)[ \t]*(?:\n|$)(?P<items>[\s\S]*)"
)
_GRADING = re.compile(r"ALL_OR_NOTHING|ABSOLUTE\w*|RELATIVE\w*|LONGEST\w*")


def _mask(text: str) -> str:
    """As long as the text, with nothing left where a backslash stands before something."""
    return _ESCAPED.sub("\0\0", text)


def find(text: str, mark: str) -> int:
    """Where a mark stands that is no text; -1 for nowhere."""
    return _mask(text).find(mark)


def cut(text: str, mark: str, *, is_last: bool = False) -> tuple[str, str, str]:
    """`partition` by the first mark that is no text, or the last."""
    plain = _mask(text)
    place = plain.rfind(mark) if is_last else plain.find(mark)
    if place < 0:
        return text, "", ""
    return text[:place], mark, text[place + len(mark) :]


def pieces(text: str, marks: str) -> list[tuple[str, str]]:
    """(mark, what follows it up to the next one); a mark of "" for what stands before the first."""
    plain, found, start, mark = _mask(text), [], 0, ""
    for match in re.finditer(f"[{re.escape(marks)}]", plain):
        found.append((mark, text[start : match.start()].strip()))
        mark, start = match[0], match.end()
    found.append((mark, text[start:].strip()))
    return [piece for piece in found if piece[1] or piece[0]]


def unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: _meaning(found[0]), text)


def _meaning(pair: str) -> str:
    if pair[1] == "n":
        return "\n"
    return pair[1] if pair[1] in "\\~=#{}:" else pair


def answers_of(body: str, form: str, report: Report) -> Mapping[str, Any]:
    """The kind of a question and its answers, by what they look like.  Raises: Unreadable."""
    plain = _mask(body)
    truth = cut(body, "#")[0].strip().upper()
    found: Mapping[str, Any]
    if not body:
        found = {"kind": "essay"}
    elif body.startswith("#"):
        found = {"kind": "numerical", "answers": _numbers(body[1:], form, report)}
    elif body.startswith(">"):
        found = _ordering(body, form)
    elif "~" in plain:
        found = _choice(body, form, report)
    elif "=" in plain and "->" in plain:
        found = {"kind": "matching", "pairs": _pairs(body, form)}
    elif truth in _TRUTH:
        found = {"kind": "truefalse", "answers": _truth(body, form, is_true=_TRUTH[truth])}
    else:
        answers = [_weighed(text, form, report) for _mark, text in pieces(body, "=")]
        found = {"kind": "shortanswer", "answers": tuple(answers)}
    return found


def _prose(text: str, form: str) -> Prose:
    text = text.strip()
    found = _FORMAT.match(text)
    if found:
        return Prose(unescape(text[found.end() :]).strip(), found[1])
    return Prose(unescape(text).strip(), form) if text else NOTHING


def _answer(text: str, share: Decimal, form: str, *, is_plain: bool = False) -> Answer:
    answer, _mark, feedback = cut(text, "#")
    found = Prose(unescape(answer).strip(), "plain") if is_plain else _prose(answer, form)
    return Answer(found, share, _prose(feedback, form))


def _weight(text: str, default: Decimal, report: Report) -> tuple[Decimal, str]:
    found = _WEIGHT.match(text)
    if not found:
        return default, text
    return fraction(found[1].replace("--", "-"), report), text[found.end() :]


def _weighed(text: str, form: str, report: Report) -> Answer:
    share, text = _weight(text, HUNDRED, report)
    return _answer(text, share, form, is_plain=True)


def _choice(body: str, form: str, report: Report) -> Mapping[str, Any]:
    found = pieces(body, "~=")
    answers = []
    for mark, text in found:
        if mark == "=":
            answers.append(_answer(text, HUNDRED, form))
        else:
            share, rest = _weight(text, Decimal(0), report)
            answers.append(_answer(rest, share, form))
    is_single = any(mark == "=" for mark, _text in found)
    facts = {"single": "true" if is_single else "false"}
    return {"kind": "multichoice", "answers": tuple(answers), "facts": facts}


def _pairs(body: str, form: str) -> tuple[Pair, ...]:
    pairs = []
    for _mark, text in pieces(body, "="):
        prompt, arrow, answer = cut(text, "->")
        if not arrow:
            raise Unreadable("Each pair of a matching question is written: = prompt -> answer")
        pairs.append(Pair(_prose(prompt, form), Prose(unescape(answer).strip(), "plain")))
    return tuple(pairs)


def _truth(body: str, form: str, *, is_true: bool) -> tuple[Answer, ...]:
    """{TRUE#told to who was wrong#told to who was right}"""
    _word, _mark, rest = cut(body, "#")
    wrong, _mark, right = cut(rest, "#")
    told = {is_true: _prose(right, form), not is_true: _prose(wrong, form)}
    return tuple(
        Answer(Prose(str(said).lower()), HUNDRED if said == is_true else Decimal(0), told[said])
        for said in (True, False)
    )


def _numbers(body: str, form: str, report: Report) -> tuple[Answer, ...]:
    answers = []
    for mark, text in pieces(body, "=~"):
        if mark == "~":
            _text, _mark, feedback = cut(text, "#")
            answers.append(Answer(Prose("*", "plain"), Decimal(0), _prose(feedback, form)))
        elif text:
            answers.append(_weighed(text, form, report))
    if not answers:
        raise Unreadable("A numerical question needs an answer.")
    return tuple(answers)


def _ordering(body: str, form: str) -> Mapping[str, Any]:
    """{>3 ALL VERTICAL ABSOLUTE_POSITION SHOW none, and then one item a line, in order}"""
    found = _ORDERING.fullmatch(body)
    lines = [line.strip() for line in found["items"].split("\n")] if found else []
    items = [line for line in lines if line]
    if not found or len(items) < 2:
        raise Unreadable("An order is written: {>2, and then its items, one a line}")
    words = found["words"].split()
    grading = next((word for word in words if _GRADING.fullmatch(word)), "")
    facts = {"selectcount": found["count"]}
    if grading:
        facts["gradingtype"] = grading
    if {"RANDOM", "CONTIGUOUS"} & set(words):
        facts["selecttype"] = "RANDOM"
    if {"HORIZONTAL", "H"} & set(words):
        facts["layouttype"] = "HORIZONTAL"
    answers = tuple(Answer(_prose(item, form)) for item in items)
    return {"kind": "ordering", "answers": answers, "facts": facts}
