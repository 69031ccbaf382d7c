"""What the answers of a numeric question hold: bounds, units, years. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from apps.quizzes.types import shape
from apps.quizzes.types.contract import Response, Spec, SpecFault
from apps.quizzes.types.numbers import EXACT, parse, quantity

Answer = Mapping[str, Any]

FORMS = ("number", "year", "year_range")
UNIT_RULES = ("none", "optional", "required")

_NUMBER = shape.decimal()
_TOLERANCE = shape.decimal("0")
_COMMON = {"credit": shape.CREDIT, "source": shape.SOURCE}
_BOUNDS = shape.record({**_COMMON, "low": _NUMBER, "high": _NUMBER}, {"feedback": shape.FEEDBACK})
_VALUE = shape.record(
    {**_COMMON, "value": _NUMBER},
    {
        "feedback": shape.FEEDBACK,
        "tolerance": _TOLERANCE,
        "tolerance_is": shape.one_of("absolute", "relative"),
    },
)
_SPAN = shape.record(
    {**_COMMON, "start": _NUMBER, "end": _NUMBER},
    {"feedback": shape.FEEDBACK, "tolerance": _TOLERANCE},
)
_UNIT = shape.record(
    {"name": shape.LINE, "factor": shape.decimal(above="0")},
)
_BEFORE_CHRIST = re.compile(r"(BCE?|v\. ?Chr\.?|до н\. ?э\.?|ق ?م)", re.IGNORECASE)
_OF_OUR_ERA = re.compile(r"(CE|AD|н\. ?э\.?|ء)", re.IGNORECASE)


def check(spec: object) -> Iterator[SpecFault]:
    """Every fault of a numeric spec."""
    form = shape.field(spec, "form")
    answer = _check_span if form == "year_range" else _check_bounded
    yield from shape.record(
        {"form": shape.one_of(*FORMS), "answers": shape.rows(answer, 1, 20)},
        {
            "units": shape.rows(_UNIT, 1, 12),
            "unit_rule": shape.one_of(*UNIT_RULES),
            "feedback_other": shape.FEEDBACK,
        },
    )(spec, "")
    answers = shape.record_list(shape.field(spec, "answers"))
    if answers and not any(shape.decimal_of(row.get("credit")) == 1 for row in answers):
        yield SpecFault("answers", "No answer has credit 1.")
    listed = shape.field(spec, "units")
    yield from shape.check_distinct(
        (
            (f"units.{place}.name", unit.get("name"))
            for place, unit in enumerate(shape.record_list(listed))
        ),
        ignore=(),
    )
    if form in ("year", "year_range") and listed is not None:
        yield SpecFault("units", "A year has no unit.")
    if shape.field(spec, "unit_rule") == "required" and listed is None:
        yield SpecFault("units", "This is missing.")


def _check_bounded(value: object, path: str) -> Iterator[SpecFault]:
    has_bounds = isinstance(value, Mapping) and ("low" in value or "high" in value)
    yield from (_BOUNDS if has_bounds else _VALUE)(value, path)
    yield from _check_order(value, "low", "high", path)


def _check_span(value: object, path: str) -> Iterator[SpecFault]:
    yield from _SPAN(value, path)
    yield from _check_order(value, "start", "end", path)


def _check_order(value: object, low: str, high: str, path: str) -> Iterator[SpecFault]:
    first, last = (shape.decimal_of(shape.field(value, name)) for name in (low, high))
    if first is not None and last is not None and first > last:
        yield SpecFault(shape.under(path, high), f"This is less than {low}.")


def units(spec: Spec) -> Sequence[Answer]:
    """The units that may be given, the base unit first; [] when none is asked for."""
    return spec.get("units", []) if spec.get("unit_rule", "optional") != "none" else []


def is_unit_required(spec: Spec) -> bool:
    return bool(spec.get("unit_rule") == "required")


def has_unit(response: Response) -> bool:
    return bool(response.get("unit") or quantity(response.get("value", "")).unit)


def in_base_unit(spec: Spec, response: Response) -> Decimal | None:
    """The number that was given; None when there is none, or its unit is not one of the spec's."""
    if spec["form"] == "year":
        return year(response.get("value", ""))
    value, beside = quantity(response.get("value", ""))
    given = response.get("unit", "") or beside
    if beside and given != beside:
        return None
    if value is None or not given:
        return value
    unit = _find_unit(units(spec), given)
    return None if unit is None else EXACT.multiply(value, Decimal(unit["factor"]))


def _find_unit(known: Sequence[Answer], given: str) -> Answer | None:
    """By its name; in any letter case where that leaves one (MW is not mW)."""
    same = [unit for unit in known if unit["name"] == given]
    alike = [unit for unit in known if unit["name"].casefold() == given.casefold()]
    return next(iter(same or (alike if len(alike) == 1 else [])), None)


def year(text: str) -> Decimal | None:
    """A year of our era, or a negative one before it: "1949", "1949 CE", "326 BC"."""
    sign = -1 if _BEFORE_CHRIST.search(text) else 1
    value = parse(_OF_OUR_ERA.sub("", _BEFORE_CHRIST.sub("", text)))
    if value is None or value != EXACT.to_integral_value(value):
        return None
    return value * sign


def holds(answer: Answer, value: Decimal) -> bool:
    """Whether a value lies between an answer's bounds, both included."""
    if "low" in answer:
        return Decimal(answer["low"]) <= value <= Decimal(answer["high"])
    middle, tolerance = Decimal(answer["value"]), Decimal(answer.get("tolerance", "0"))
    if answer.get("tolerance_is") == "relative":
        tolerance = EXACT.multiply(tolerance, middle.copy_abs())
    return EXACT.abs(EXACT.subtract(value, middle)) <= tolerance


def is_near(answer: Answer, name: str, text: str) -> bool:
    """Whether a typed year is an answer's start or end, within its tolerance."""
    given = year(text)
    tolerance = Decimal(answer.get("tolerance", "0"))
    return given is not None and abs(EXACT.subtract(given, Decimal(answer[name]))) <= tolerance


def keys(spec: Spec) -> list[str]:
    """The answers that earn everything, with the base unit: "1100 km", "20–30"."""
    unit = f" {units(spec)[0]['name']}" if units(spec) else ""
    return [
        (answer["value"] if "value" in answer else f"{answer['low']}–{answer['high']}") + unit
        for answer in spec["answers"]
        if Decimal(answer["credit"]) == 1
    ]
