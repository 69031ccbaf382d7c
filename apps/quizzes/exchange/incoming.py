"""From Moodle's idea of a question to ours. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any

from apps.quizzes.exchange import aside, prose, readers
from apps.quizzes.exchange.loss import Fault, Loss, NotCarried, Report, Unreadable, Where
from apps.quizzes.exchange.neutral import Neutral
from apps.quizzes.exchange.quantities import decimal_text
from apps.quizzes.exchange.readers import Spec
from apps.quizzes.exchange.record import (
    BLOOM,
    DIFFICULTIES,
    MAX_TAG,
    Hint,
    QuestionDraft,
    from_data,
    lacks_source,
    named,
    slug_of,
)
from apps.quizzes.types import TYPES

OURS = "majlis:"
# Their rules do not show in how they are written.
RULED = frozenset(
    ["multiple_response", "ordering", "matching", "categorise", "gap_fill", "select_evidence"]
)
MAX_HINTS = 3
MAX_POINTS = 1000
DEFAULT_COST = Decimal("0.33")
CENT = Decimal("0.01")

_READERS: Mapping[str, Callable[[Neutral, Report], tuple[str, Spec]]] = {
    "multichoice": readers.choice,
    "truefalse": readers.true_false,
    "shortanswer": readers.short_text,
    "numerical": readers.numeric,
    "matching": readers.matching,
    "ddmatch": readers.matching,
    "ordering": readers.ordering,
    "essay": readers.essay,
    "multianswer": readers.cloze,
    "gapselect": readers.words_in_gaps,
    "ddwtos": readers.words_in_gaps,
}
_OWN = re.compile(rf"{OURS}([a-z]+)=(.*)", re.DOTALL)
_FLAGS = ("shownumcorrect", "clearwrong")


class Intake:
    """Collects what one file gives: each question is read by itself, and none stops another."""

    def __init__(self) -> None:
        self.drafts: list[QuestionDraft] = []
        self.losses: list[Loss] = []
        self.faults: list[Fault] = []
        self._slugs: set[str] = set()

    def add(self, question: Neutral, report: Report) -> None:
        """Offer the question, or say why not; what `report` holds is reported either way."""
        try:
            draft = self._unique(draft_of(question, report, len(self._slugs) + 1), report)
        except Unreadable as error:
            self.faults.append(Fault(report.where, str(error)))
        except NotCarried as error:
            report.lose("unsupported", error)
        else:
            spec = named(draft, "P01").spec  # a source may still be named
            found = TYPES[draft.kind].check_spec(spec)
            self.faults += [Fault(report.where, each.message, each.path) for each in found]
            if not found:
                self.drafts.append(draft)
        self.losses += report.losses

    def _unique(self, draft: QuestionDraft, report: Report) -> QuestionDraft:
        slug, number = draft.slug, 1
        while slug in self._slugs:
            number += 1
            slug = f"{draft.slug[:110]}-{number}"
        self._slugs.add(slug)
        if slug != draft.slug:
            report.lose("slug-taken", slug)
        return replace(draft, slug=slug)


def draft_of(question: Neutral, report: Report, number: int = 1) -> QuestionDraft:
    """What a question says, with what was kept aside for us put back.

    Raises: Unreadable; NotCarried, for a type that is not here.
    """
    own, tags = _tags(question, report)
    question = replace(question, wish=question.wish or own.get("type", ""))
    if question.kind not in _READERS:
        raise NotCarried(question.kind)
    kind, spec = _READERS[question.kind](question, report)
    if kind in RULED and own.get("rule") in TYPES[kind].RULES:
        spec["rule"] = own["rule"]
        report.forget("rule")
    stem = str(spec.pop("stem", "")) or prose.block(question.text, report)
    if not stem:
        raise Unreadable("Nothing is left of the question's text.")
    draft = QuestionDraft(
        slug=_slug(question, stem, report, number),
        kind=kind,
        stem=stem,
        spec=spec,
        lesson=own.get("lesson", ""),
        anchor=own.get("anchor", ""),
        objectives=tuple(each for each in own.get("objectives", "").split("+") if each),
        sources=tuple(each for each in own.get("sources", "").split("+") if each),
        tags=tags,
        difficulty=_known(own.get("difficulty"), DIFFICULTIES, "medium"),
        bloom=_known(own.get("bloom"), BLOOM, "remember"),
        hints=_hints(question, report),
        explanation=prose.block(question.explanation, report),
        points=_points(question, report),
        line=question.line,
    )
    draft = _with_aside(draft, question.aside, report)
    _report_settings(question, report)
    if lacks_source(draft.spec):
        report.lose("no-source")
    return draft


def _with_aside(draft: QuestionDraft, kept: str, report: Report) -> QuestionDraft:
    if not kept:
        return draft
    try:
        patch = json.loads(kept)
        data, left = aside.restore(draft.as_data(), patch)
        restored = from_data(data, draft.line)
        faults = TYPES[restored.kind].check_spec(named(restored, "P01").spec)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        report.lose("kept-unreadable")
        return draft
    if not left:
        report.forget("filled-in")
        if "factor" in aside.names(patch):
            report.forget("unit")
    else:
        report.lose("edited", ", ".join(left))
    if faults and not TYPES[draft.kind].check_spec(named(draft, "P01").spec):
        report.lose("kept-unreadable")
        return draft
    return restored


def _slug(question: Neutral, stem: str, report: Report, number: int) -> str:
    if question.idnumber and slug_of(question.idnumber) == question.idnumber:
        if slug_of(question.name) not in {"", question.idnumber}:
            report.lose("name", f"{question.name} → {question.idnumber}")
        return question.idnumber
    if question.idnumber:
        report.lose("idnumber", question.idnumber)
    slug = slug_of(question.name) or slug_of(stem, 60) or f"question-{number}"
    if question.name and slug != question.name:
        report.lose("name", f"{question.name} → {slug}")
    return slug


def _tags(question: Neutral, report: Report) -> tuple[dict[str, str], tuple[str, ...]]:
    """What our own tags say, and the other ones as ours are written."""
    own: dict[str, str] = {}
    tags: dict[str, None] = {}
    for tag in question.tags:
        found = _OWN.fullmatch(tag)
        if found:
            own[found[1]] = found[2]
            continue
        name = slug_of(tag, MAX_TAG)
        if name != tag:
            report.lose("tag", f"{tag} → {name}" if name else tag)
        if name:
            tags[name] = None
    return own, tuple(tags)


def _known(value: str | None, names: tuple[str, ...], default: str) -> str:
    return value if value in names else default


def _hints(question: Neutral, report: Report) -> tuple[Hint, ...]:
    """Each further try costs the penalty there; here each hint does."""
    penalty = question.facts.get("penalty", "")
    hints = [prose.line(each, report) for each in question.hints]
    hints = [each for each in hints if each]
    if len(hints) > MAX_HINTS:
        report.lose("hints", len(hints))
    if not hints and not _is_zero(penalty):
        report.lose("penalty", penalty)
    try:
        cost = Decimal(penalty)
    except InvalidOperation:
        cost = DEFAULT_COST
    cost = round(cost if 0 <= cost <= 1 else DEFAULT_COST, 2)
    kept = hints[:MAX_HINTS]
    # All of them together cost no more than the item.
    most = (Decimal(1) / max(len(kept), 1)).quantize(CENT, rounding=ROUND_DOWN)
    if cost > most:
        report.lose("number", f"penalty {penalty}")
    text = decimal_text(min(cost, most))
    return tuple(Hint(each, text) for each in kept)


def _points(question: Neutral, report: Report) -> str:
    written = question.facts.get("defaultgrade", "1")
    try:
        points = Decimal(written)
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or not 0 <= points <= MAX_POINTS:
        report.lose("number", f"defaultgrade {written}")
        return "1"
    return decimal_text(round(points, 2))


def _is_zero(number: str) -> bool:
    return not number.strip("0. ")


def _report_settings(question: Neutral, report: Report) -> None:
    """Everything that Moodle has a setting for and we have not."""
    facts = question.facts
    if facts.get("hidden", "0") not in {"", "0", "false"}:
        report.lose("hidden")
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        if (each := question.prose.get(name)) and each.text.strip():
            report.lose("overall-feedback", prose.line(each, report)[:80])
    for name in _FLAGS:
        if facts.get(name, "0") not in {"0", "false"}:
            report.lose("hint-options", name)
    for name, usual in (
        ("answernumbering", ("", "abc", "none")),
        ("layouttype", ("", "VERTICAL", "0")),
        ("numberingstyle", ("", "none")),
        ("showstandardinstruction", ("", "0")),
    ):
        if facts.get(name, "") not in usual:
            report.lose("layout", f"{name} {facts[name]}")
    for name in sorted(name for name in facts if name.startswith("?")):
        report.lose("unknown", name[1:])


def report_for(line: int, name: str = "") -> Report:
    return Report(Where(line, name))


def spare(kept: Any) -> str:
    """A difference as it stands in a file: one line of ASCII; "" for none."""
    return json.dumps(kept, separators=(",", ":")) if kept else ""
