"""From our idea of a question to Moodle's, with everything that has no place there. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from apps.quizzes.exchange import aside, clozes, prose
from apps.quizzes.exchange.incoming import OURS, RULED, draft_of, report_for, spare
from apps.quizzes.exchange.loss import Loss, NotCarried, Report, Unreadable
from apps.quizzes.exchange.neutral import HUNDRED, Answer, Neutral, Pair, Prose
from apps.quizzes.exchange.quantities import decimal_text, percent, spread
from apps.quizzes.exchange.record import QuestionDraft

MAX_LINE = 2000
LONGEST_TAG = 50  # of Moodle; it cuts longer ones
FIVE = Decimal("0.00001")
ZERO = Decimal(0)

Emit = Callable[[Neutral], str]
Read = Callable[[str], Neutral]


def write(
    drafts: Iterable[QuestionDraft], emit: Emit, read: Read, *, is_moodle: bool = True
) -> tuple[list[str], list[Loss]]:
    """Each question as text, and what cannot be carried.

    emit: a question as text.  Raises: NotCarried.
    read: the same text as a question again.  Raises: Unreadable.
    is_moodle: whether Moodle's scoring and length of tags count.
    What reading does not give back is kept aside in the text; `aside` says how.
    """
    texts, losses = [], []
    for draft in drafts:
        report = report_for(0, draft.slug)
        try:
            texts.append(_write(draft, emit, read, report, is_moodle=is_moodle))
        except NotCarried as error:
            report.found.clear()
            report.lose("not-carried", error)
        losses += report.losses
    return texts, losses


def _write(draft: QuestionDraft, emit: Emit, read: Read, report: Report, *, is_moodle: bool) -> str:
    question = neutral_of(draft, report, is_moodle=is_moodle)
    if not is_moodle:
        report.forget("scoring")
    try:
        found = draft_of(read(emit(question)), report_for(0))
    except Unreadable as error:
        raise NotCarried(f"{draft.kind} ({error})") from error
    kept = aside.difference(found.as_data(), draft.as_data())
    if names := aside.names(kept):
        report.lose("kept-aside", ", ".join(names))
    return emit(replace(question, aside=spare(kept)))


def neutral_of(draft: QuestionDraft, report: Report, *, is_moodle: bool = True) -> Neutral:
    """The question as Moodle would ask it.  Raises: NotCarried."""
    if draft.kind not in _WRITERS:
        raise NotCarried(draft.kind)
    fields = _WRITERS[draft.kind](draft.spec, report)
    own = _own_tags(draft, LONGEST_TAG if is_moodle else MAX_LINE)
    costs = {hint.cost for hint in draft.hints}
    facts = {
        "defaultgrade": draft.points,
        "penalty": costs.pop() if len(costs) == 1 else "0",
        **fields.pop("facts", {}),
    }
    return Neutral(
        name=draft.slug,
        idnumber=draft.slug,
        explanation=Prose(draft.explanation),
        hints=tuple(Prose(hint.text) for hint in draft.hints),
        tags=(*draft.tags, *own),
        wish=draft.kind,
        facts=facts,
        **{"text": Prose(draft.stem), **fields, **_question_text(draft)},
    )


def _own_tags(draft: QuestionDraft, longest: int) -> list[str]:
    """What survives in Moodle as tags, and has columns in a table."""
    own = {
        "type": draft.kind if draft.kind in {"categorise", "select_evidence"} else "",
        "sources": "+".join(draft.sources),
        "difficulty": draft.difficulty,
        "bloom": draft.bloom,
        "lesson": draft.lesson,
        "anchor": draft.anchor,
        "objectives": "+".join(draft.objectives),
        "rule": str(draft.spec.get("rule", "")) if draft.kind in RULED else "",
    }
    tags = [f"{OURS}{name}={value}" for name, value in own.items() if value]
    return [tag for tag in tags if len(tag) <= longest and tag.isascii() and tag.isprintable()]


def _question_text(draft: QuestionDraft) -> dict[str, Prose]:
    spec = draft.spec
    if draft.kind == "select_evidence":
        return {"text": Prose(f"{draft.stem}\n\n> {spec['claim']}")}
    if draft.kind == "gap_fill":
        gaps = {gap["id"]: clozes.emit(gap, spec.get("ignore", ())) for gap in spec["gaps"]}
        text = clozes.MARK.sub(lambda mark: gaps[mark[1]], spec["text"])
        return {"text": Prose(f"{draft.stem}\n\n{text}")}
    return {}


Fields = dict[str, Any]


def _answer(row: Mapping[str, Any], fraction: Decimal, name: str = "text") -> Answer:
    return Answer(
        Prose(row[name]), fraction, Prose(row.get("feedback", "")), source=row.get("source", "")
    )


def _choice(spec: Mapping[str, Any], report: Report) -> Fields:
    del report
    weights = [
        percent(row["credit"]) if "credit" in row else HUNDRED * row["is_key"]
        for row in spec["options"]
    ]
    return _options(spec, spec["options"], weights, is_single=True)


def _multiple(spec: Mapping[str, Any], report: Report, name: str = "options") -> Fields:
    if spec.get("rule") != "right_minus_wrong":
        report.lose("scoring", spec.get("rule", "each_option"))
    rows = spec[name]
    keys = sum(row["is_key"] for row in rows)
    right = (HUNDRED / keys).quantize(FIVE)
    wrong = (-HUNDRED / max(len(rows) - keys, 1)).quantize(FIVE)
    weights = [right if row["is_key"] else wrong for row in rows]
    return _options(spec, rows, weights, is_single=False)


def _evidence(spec: Mapping[str, Any], report: Report) -> Fields:
    rows = spec["passages"]
    if sum(row["is_key"] for row in rows) > 1:
        return _multiple(spec, report, "passages")
    return _options(spec, rows, [HUNDRED * row["is_key"] for row in rows], is_single=True)


def _options(
    spec: Mapping[str, Any], rows: Any, weights: list[Decimal], *, is_single: bool
) -> Fields:
    return {
        "kind": "multichoice",
        "answers": tuple(_answer(row, weight) for row, weight in zip(rows, weights, strict=True)),
        "facts": {
            "single": "true" if is_single else "false",
            "shuffleanswers": "true" if spec.get("shuffle", True) else "false",
            "rule": spec.get("rule", ""),
        },
    }


def _true_false(spec: Mapping[str, Any], report: Report) -> Fields:
    if spec["justification"] != "none":
        report.lose("scoring", "the reason is not asked for")
    return {
        "kind": "truefalse",
        "answers": tuple(
            Answer(
                Prose(name),
                HUNDRED if spec["is_true"] == said else ZERO,
                Prose(spec.get(f"feedback_{name}", "")),
                source=spec.get("source", ""),
            )
            for name, said in (("true", True), ("false", False))
        ),
        "facts": {"rule": spec.get("rule", "")},
    }


def _short_text(spec: Mapping[str, Any], report: Report) -> Fields:
    del report
    answers = [
        _answer({**row, "text": row["text"].replace("*", "\\*")}, percent(row["credit"]))
        for row in spec["answers"]
    ]
    return {
        "kind": "shortanswer",
        "answers": (*answers, *_any_other(spec)),
        "facts": {"usecase": "0" if "case" in spec.get("ignore", ()) else "1"},
    }


def _any_other(spec: Mapping[str, Any]) -> list[Answer]:
    other = spec.get("feedback_other")
    return [Answer(Prose("*"), ZERO, Prose(other))] if other else []


def _numeric(spec: Mapping[str, Any], report: Report) -> Fields:
    if spec["form"] == "year_range":
        raise NotCarried("numeric (two years)")
    answers = []
    for row in spec["answers"]:
        value, about = spread(row)
        text = f"{row['low']}..{row['high']}" if "low" in row else value
        answers.append(
            Answer(
                Prose(text),
                percent(row["credit"]),
                Prose(row.get("feedback", "")),
                about,
                row.get("source", ""),
            )
        )
        if row.get("tolerance_is") == "relative":
            report.lose("scoring", f"{value} ± {about}, not a share of the number")
    units = spec.get("units", ())
    is_required = spec.get("unit_rule") == "required"
    return {
        "kind": "numerical",
        "answers": (*answers, *_any_other(spec)),
        "units": tuple((unit["name"], _inverse(unit["factor"])) for unit in units),
        "facts": {"unitgradingtype": "1", "unitpenalty": "0.5"} if is_required else {},
    }


def _inverse(factor: str) -> str:
    return decimal_text((1 / Decimal(factor)).quantize(Decimal("1e-10")))


def _ordering(spec: Mapping[str, Any], report: Report) -> Fields:
    rule = spec.get("rule", "pairs")
    if rule == "pairs":
        report.lose("scoring", rule)
    names = {"all_or_nothing": "ALL_OR_NOTHING", "positions": "ABSOLUTE_POSITION"}
    return {
        "kind": "ordering",
        "answers": tuple(_answer(row, HUNDRED) for row in spec["items"]),
        "facts": {"gradingtype": names.get(rule, "RELATIVE_TO_CORRECT"), "rule": rule},
    }


def _plain(text: str, report: Report) -> Prose:
    """Only plain text may stand in an answer to match."""
    found = prose.plain(text)
    if prose.escape(found) != text:
        report.lose("plain", text)
    return Prose(found, "plain")


def _matching(spec: Mapping[str, Any], report: Report) -> Fields:
    pairs = [
        Pair(
            Prose(row["prompt"]),
            _plain(row["answer"], report),
            row.get("source", ""),
            Prose(row.get("feedback", "")),
        )
        for row in spec["pairs"]
    ]
    others = [
        Pair(Prose(), _plain(row["text"], report), row.get("source", ""))
        for row in spec.get("distractors", ())
    ]
    _say_all_or_nothing(spec, report)
    return {"kind": "matching", "pairs": (*pairs, *others), "facts": {"shuffleanswers": "true"}}


def _categorise(spec: Mapping[str, Any], report: Report) -> Fields:
    names = {row["id"]: _plain(row["text"], report) for row in spec["categories"]}
    pairs = [
        Pair(
            Prose(row["text"]),
            names[row["category"]],
            row.get("source", ""),
            Prose(row.get("feedback", "")),
        )
        for row in spec["items"]
    ]
    used = {row["category"] for row in spec["items"]}
    others = [Pair(Prose(), text) for ident, text in names.items() if ident not in used]
    _say_all_or_nothing(spec, report)
    return {"kind": "matching", "pairs": (*pairs, *others), "facts": {"shuffleanswers": "true"}}


def _say_all_or_nothing(spec: Mapping[str, Any], report: Report) -> None:
    if spec.get("rule") == "all_or_nothing":
        report.lose("scoring", "all_or_nothing")


def _gap_fill(spec: Mapping[str, Any], report: Report) -> Fields:
    _say_all_or_nothing(spec, report)
    return {"kind": "multianswer"}


def _essay(spec: Mapping[str, Any], report: Report) -> Fields:
    del report
    return {
        "kind": "essay",
        "prose": {"graderinfo": Prose(spec["model_answer"])},
        "facts": {
            "responseformat": "editor",
            "minwordlimit": str(spec["min_words"]),
            "maxwordlimit": str(spec["max_words"]),
        },
    }


_WRITERS: Mapping[str, Callable[[Mapping[str, Any], Report], Fields]] = {
    "single_choice": _choice,
    "multiple_response": _multiple,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "ordering": _ordering,
    "matching": _matching,
    "categorise": _categorise,
    "gap_fill": _gap_fill,
    "select_evidence": _evidence,
    "essay": _essay,
}
