"""What each of Moodle's types is here: (our type, its spec). Pure.

A spec that holds "stem" says that the stem is not simply the question's text. Sources are "": a
foreign file names no paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from itertools import chain, combinations
from typing import Any

from apps.quizzes.exchange import clozes, prose
from apps.quizzes.exchange.clozes import IDS, distinct, option, written
from apps.quizzes.exchange.loss import Report, Unreadable
from apps.quizzes.exchange.neutral import HUNDRED, Answer, Neutral, Pair, Prose
from apps.quizzes.exchange.quantities import credit, decimal_text, number
from apps.quizzes.types.texts import normalise

Spec = dict[str, Any]
FALSE = frozenset({"false", "0", ""})
TENTH = Decimal("0.1")
MAX_COMBINED = 8

cloze, words_in_gaps = clozes.cloze, clozes.words_in_gaps


def choice(question: Neutral, report: Report) -> tuple[str, Spec]:
    if len(question.answers) < 2:
        raise Unreadable("A choice needs two answers.")
    is_multiple = question.facts.get("single", "true") in FALSE
    if question.wish == "select_evidence":
        return _evidence(question, report)
    if is_multiple:
        return "multiple_response", _multiple(question, report)
    return "single_choice", _single(question, report)


def _shuffle(question: Neutral) -> bool:
    return question.facts.get("shuffleanswers", "true") not in FALSE


def _single(question: Neutral, report: Report) -> Spec:
    fractions = [answer.fraction for answer in question.answers]
    best = max(fractions)
    if best <= 0:
        raise Unreadable("No answer is right.")
    if best != HUNDRED:
        report.lose("fraction", f"the best answer gave {decimal_text(best)} %")
    shares = [fraction * HUNDRED / best for fraction in fractions]
    _report_negative(fractions, report)
    is_weighted = sum(share > 0 for share in shares) > 1 or question.facts.get("rule") == "weighted"
    options = [
        option(ident, answer, report, is_key=share == HUNDRED)
        | ({"credit": credit(share)} if is_weighted else {})
        for ident, answer, share in zip(IDS, question.answers, shares, strict=False)
    ]
    rule = "weighted" if is_weighted else "one_best"
    return {
        "rule": rule,
        "shuffle": _shuffle(question),
        "options": distinct(options, "text", report),
    }


def _multiple(question: Neutral, report: Report) -> Spec:
    fractions = [answer.fraction for answer in question.answers]
    if not any(fraction > 0 for fraction in fractions):
        raise Unreadable("No answer is right.")
    rule, is_exact = nearest_rule(fractions)
    if not is_exact:
        marks = ", ".join(decimal_text(fraction) for fraction in fractions)
        report.lose("rule", f"{rule} for {marks} %")
    options = [
        option(ident, answer, report, is_key=answer.fraction > 0)
        for ident, answer in zip(IDS, question.answers, strict=False)
    ]
    return {
        "rule": rule,
        "shuffle": _shuffle(question),
        "options": distinct(options, "text", report),
    }


def nearest_rule(fractions: list[Decimal]) -> tuple[str, bool]:
    """The rule of multiple_response that gives most nearly Moodle's marks, whatever is chosen."""
    keys = [fraction for fraction in fractions if fraction > 0]
    others = [fraction for fraction in fractions if fraction <= 0]
    each, less = HUNDRED / len(keys), -HUNDRED / max(len(others), 1)
    if all(abs(fraction - each) < TENTH for fraction in keys) and all(
        abs(fraction - less) < TENTH for fraction in others
    ):
        return "right_minus_wrong", True
    apart = dict.fromkeys(("right_minus_wrong", "each_option", "all_or_nothing"), 0.0)
    for chosen in _selections(len(fractions)):
        marks = (
            float(min(max(sum(fractions[place] for place in chosen), Decimal(0)), HUNDRED)) / 100
        )
        right = sum(fractions[place] > 0 for place in chosen)
        wrong = len(chosen) - right
        taken = wrong / len(others) if others else 0
        ours = {
            "right_minus_wrong": max(right / len(keys) - taken, 0),
            "each_option": (right + len(others) - wrong) / len(fractions),
            "all_or_nothing": float(right == len(keys) and not wrong),
        }
        for rule, share in ours.items():
            apart[rule] += (share - marks) ** 2
    best = min(apart, key=lambda rule: apart[rule])
    return best, apart[best] < 1e-6


def _selections(count: int) -> Iterable[tuple[int, ...]]:
    """Everything that can be chosen; of many options only few at once."""
    most = count if count <= MAX_COMBINED else 2
    return chain.from_iterable(combinations(range(count), size) for size in range(1, most + 1))


def _report_negative(fractions: list[Decimal], report: Report) -> None:
    for fraction in fractions:
        if fraction < 0:
            report.lose("negative", f"{decimal_text(fraction)} %")


def _evidence(question: Neutral, report: Report) -> tuple[str, Spec]:
    """Written from select_evidence: the claim is the quotation that ends the question's text."""
    stem, _gap, claim = prose.block(question.text, report).rpartition("\n\n> ")
    passages = [
        option(ident, answer, report, is_key=answer.fraction > 0) | {"lesson": "", "anchor": ""}
        for ident, answer in zip(IDS, question.answers, strict=False)
    ]
    rule = "all_or_nothing" if question.facts.get("single") in FALSE else "right_minus_wrong"
    return "select_evidence", {"stem": stem, "rule": rule, "claim": claim, "passages": passages}


def true_false(question: Neutral, report: Report) -> tuple[str, Spec]:
    found: dict[bool, Answer] = {}
    for answer in question.answers:
        word = prose.words(answer.text, report).casefold()
        if word in {"true", "false"}:
            found[word == "true"] = answer
    if not found:
        raise Unreadable("Neither true nor false is right.")
    shares = {said: answer.fraction for said, answer in found.items()}
    is_true = shares.get(True, Decimal(0)) > shares.get(False, Decimal(0))
    if {Decimal(0), *shares.values()} != {Decimal(0), HUNDRED}:
        report.lose("fraction", ", ".join(f"{decimal_text(each)} %" for each in shares.values()))
    feedback = {said: prose.line(answer.feedback, report) for said, answer in found.items()}
    return "true_false", {
        "rule": "answer_only",
        "is_true": is_true,
        "feedback_true": feedback.get(True, ""),
        "feedback_false": feedback.get(False, ""),
        "source": found[max(found)].source,
        "justification": "none",
    }


def short_text(question: Neutral, report: Report) -> tuple[str, Spec]:
    ignore = [] if question.facts.get("usecase", "0") not in FALSE else ["case"]
    spec = {"ignore": ignore, **written(question.answers, ignore, report)}
    longest = max((len(row["text"]) for row in spec["answers"]), default=0)
    return "short_text", {**spec, "max_length": max(80, longest)}


def numeric(question: Neutral, report: Report) -> tuple[str, Spec]:
    answers, other = [], ""
    for answer in question.answers:
        text = prose.words(answer.text, report)
        feedback = prose.line(answer.feedback, report)
        if text in {"*", ""}:
            other = other or feedback
            if answer.fraction:
                report.lose("fraction", f"{decimal_text(answer.fraction)} % for any other answer")
            continue
        _report_negative([answer.fraction], report)
        answers.append(
            {
                **number(text, answer.tolerance, report),
                "credit": credit(answer.fraction),
                "feedback": feedback,
                "source": answer.source,
            }
        )
    if not any(row["credit"] == "1" for row in answers):
        raise Unreadable("No answer gives the full mark.")
    return "numeric", {"form": "number", "answers": answers, **_units(question, report)} | {
        "feedback_other": other
    }


def _units(question: Neutral, report: Report) -> Spec:
    facts, units = question.facts, []
    for name, multiplier in question.units:
        factor = Decimal(0)
        with suppress(ArithmeticError, ValueError):
            factor = round(1 / Decimal(multiplier), 10)
        if not name.strip() or not 0 < factor < 10**15:
            report.lose("unit", f"{name} {multiplier}")
            continue
        if factor * Decimal(multiplier) != 1:
            report.lose("unit", f"{name} {multiplier}")
        units.append({"name": name.strip(), "factor": decimal_text(factor)})
    is_graded = facts.get("unitgradingtype", "0") not in FALSE
    if is_graded and facts.get("unitpenalty", "0.5").rstrip("0") != "0.5":
        report.lose("unit", f"penalty {facts['unitpenalty']}")
    if facts.get("showunits", "0") in {"1", "2"}:
        report.lose("unit", "chosen from a list")
    rule = "required" if is_graded else "optional"
    return {"units": units, "unit_rule": rule} if units else {}


def matching(question: Neutral, report: Report) -> tuple[str, Spec]:
    rows: list[tuple[str, str, Pair]] = []
    spare: list[tuple[str, str, Pair]] = []
    for pair in question.pairs:
        answer = prose.line(pair.answer, report)
        prompt = prose.line(pair.prompt, report)
        (rows if prompt else spare).append((prompt, answer, pair))
    if len(rows) < 2:
        raise Unreadable("A matching question needs two pairs.")
    _report_order(question, report)
    answers = [normalise(answer, ("case",)) for _prompt, answer, _pair in rows]
    if question.wish == "categorise" or len(set(answers)) < len(answers):
        return "categorise", _categories(rows, spare, report)
    pairs = [
        {
            "id": ident,
            "prompt": prompt,
            "answer": answer,
            "feedback": prose.line(pair.feedback, report),
            "source": pair.source,
        }
        for ident, (prompt, answer, pair) in zip(IDS, rows, strict=False)
    ]
    distractors = [
        {"id": f"x{place}", "text": answer, "feedback": "", "source": pair.source}
        for place, (_prompt, answer, pair) in enumerate(spare, 1)
    ]
    return "matching", {"rule": "each_pair", "pairs": pairs, "distractors": distractors}


def _report_order(question: Neutral, report: Report) -> None:
    if question.facts.get("shuffleanswers", "true") in FALSE:
        report.lose("layout", "answers in a fixed order")


def _categories(
    rows: list[tuple[str, str, Pair]], spare: list[tuple[str, str, Pair]], report: Report
) -> Spec:
    known: dict[str, tuple[str, str]] = {}
    for _prompt, answer, _pair in [*rows, *spare]:
        known.setdefault(normalise(answer, ("case",)), (IDS[len(known) % len(IDS)], answer))
    items = [
        {
            "id": f"i{place}",
            "text": prompt,
            "category": known[normalise(answer, ("case",))][0],
            "feedback": prose.line(pair.feedback, report),
            "source": pair.source,
        }
        for place, (prompt, answer, pair) in enumerate(rows, 1)
    ]
    categories = [{"id": ident, "text": text} for ident, text in known.values()]
    return {"rule": "each_item", "categories": categories, "items": items}


_GRADING = {
    "-1": "all_or_nothing", "ALL_OR_NOTHING": "all_or_nothing", "ALL": "all_or_nothing",
    "0": "positions", "ABSOLUTE_POSITION": "positions", "ABSOLUTE": "positions",
}  # fmt: skip


def ordering(question: Neutral, report: Report) -> tuple[str, Spec]:
    if len(question.answers) < 2:
        raise Unreadable("An order needs two items.")
    grading = question.facts.get("gradingtype", "")
    rule = _GRADING.get(grading, "pairs")
    if rule == "pairs":
        report.lose("rule", f"{rule} for {grading or 'the usual one'}")
    if question.facts.get("selecttype", "") not in {"", "0", "ALL"}:
        report.lose("subset", question.facts.get("selectcount", ""))
    report.lose("filled-in", "first, last")
    items = [
        {
            "id": ident,
            "text": prose.line(answer.text, report),
            "feedback": prose.line(answer.feedback, report),
            "source": answer.source,
        }
        for ident, answer in zip(IDS, question.answers, strict=False)
    ]
    return "ordering", {"rule": rule, "first": "First", "last": "Last", "items": items}


GUIDANCE = "Answer in your own words."
CRITERION = {
    "id": "answer",
    "title": "Answer",
    "description": "Answers the question.",
    "levels": [
        {"credit": "0", "text": "Not answered."},
        {"credit": "0.5", "text": "Answered in part."},
        {"credit": "1", "text": "Answered in full."},
    ],
    "weight": "1",
}


def essay(question: Neutral, report: Report) -> tuple[str, Spec]:
    model = prose.block(question.prose.get("graderinfo", Prose()), report)
    report.lose("filled-in", "guidance, rubric" if model else "guidance, rubric, model_answer")
    template = question.prose.get("responsetemplate", Prose()).text.strip()
    if template:
        report.lose("response", f"template “{template[:40]}”")
    if question.facts.get("attachments", "0") not in FALSE:
        report.lose("attachments")
    form = question.facts.get("responseformat", "editor")
    if form != "editor":
        report.lose("response", form)
    low = _whole(question.facts.get("minwordlimit", ""), 0)
    high = _whole(question.facts.get("maxwordlimit", ""), 500)
    return "essay", {
        "min_words": low,
        "max_words": max(low, high, 1),
        "guidance": GUIDANCE,
        "rubric": [CRITERION],
        "model_answer": model or "There is none yet.",
        "source": "",
    }


def _whole(text: str, default: int) -> int:
    return min(int(text), 5000) if re.fullmatch(r"[0-9]{1,9}", text) else default
