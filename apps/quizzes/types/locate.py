"""Locate: which lettered mark on the map, or which point, is a place.

Raw answer: {"mark": label} or {"latitude": str, "longitude": str}.
Stored: {"mark": id}, or the two numbers as typed; what is none earns nothing and is not refused.

mark   1 for the key, otherwise 0.
point  1 within full_km of the place, a half within half_km, both included; otherwise 0.

Letters go from west to east: by where a mark is, never by what it is. The stored spec holds where
each place is (places.filled).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from string import ascii_uppercase
from typing import Any

from apps.quizzes.types import fields, options, scores, shape
from apps.quizzes.types.contract import (
    Choice,
    Grade,
    Labels,
    Response,
    ReviewPart,
    Spec,
    SpecFault,
    Text,
    Words,
)
from apps.quizzes.types.earth import LIMITS, degrees, distance_km

NAME = "locate"
RULES = ("mark", "point")  # the form decides

_PLACE = {
    "place": shape.SLUG,
    "name": shape.LINE,
    "latitude": shape.decimal("-90", "90"),
    "longitude": shape.decimal("-180", "180"),
    "source": shape.SOURCE,
}
_MARK = shape.record(
    {**_PLACE, "id": shape.IDENT, "is_key": shape.boolean}, {"feedback": shape.FEEDBACK}
)
_MARKS = shape.record(
    {"form": shape.one_of(*RULES), "marks": shape.rows(_MARK, 2, 12)},
)
_KM = shape.whole(1, 20_000)
_POINT = shape.record(
    {**_PLACE, "form": shape.one_of("point"), "full_km": _KM, "half_km": _KM},
    {"feedback_hit": shape.FEEDBACK, "feedback_miss": shape.FEEDBACK},
)


def check_spec(spec: Spec) -> list[SpecFault]:
    if shape.field(spec, "form") == "point":
        return [*_POINT(spec, ""), *_check_circles(spec)]
    marks = shape.field(spec, "marks")
    twins = shape.check_distinct(shape.column(marks, "marks", "place"))
    return [*_MARKS(spec, ""), *options.check_keys(marks, "marks"), *twins]


def _check_circles(spec: Spec) -> Iterator[SpecFault]:
    full, half = spec.get("full_km"), spec.get("half_km")
    if isinstance(full, int) and isinstance(half, int) and full > half:
        yield SpecFault("half_km", "This is less than full_km.")


def texts(spec: Spec) -> list[Text]:
    if spec["form"] == "point":
        names = ("feedback_hit", "feedback_miss")
        return [text for name in names for text in options.feedback_text(spec, "", name)]
    return [
        text
        for mark in spec["marks"]
        for text in options.feedback_text(mark, f"marks.{mark['id']}")
    ]


def sources(spec: Spec) -> list[str]:
    return options.sources([spec] if spec["form"] == "point" else spec["marks"])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": NAME, "form": spec["form"]}
    if spec["form"] == "mark":
        shown["marks"] = [
            {
                "label": labels.of(mark["id"]),
                "letter": letter,
                "latitude": mark["latitude"],
                "longitude": mark["longitude"],
            }
            for letter, mark in _lettered(spec).items()
        ]
    return shown


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{spec['form']}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    if spec["form"] == "mark":
        fields.check_names(raw, "mark")
        mark = fields.one(raw, "mark", options.codes(spec["marks"], labels))
        return {"mark": mark} if mark else {}
    fields.check_names(raw, *LIMITS)
    found = {name: fields.text(raw, name, fields.MAX_TYPED).strip() for name in LIMITS}
    return {name: value for name, value in found.items() if value}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec
    return {"mark": labels.of(response["mark"])} if "mark" in response else dict(response)


def grade(spec: Spec, response: Response) -> Grade:
    if spec["form"] == "mark":
        return Grade(scores.whole(response.get("mark") in options.keys(spec["marks"])))
    distance = _distance_km(spec, response)
    if distance is None or distance > spec["half_km"]:
        return scores.graded(Fraction(0))
    return scores.graded(Fraction(1) if distance <= spec["full_km"] else Fraction(1, 2))


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    ratio = grade(spec, response).ratio
    if spec["form"] == "point":
        typed = ", ".join(response[name] for name in LIMITS if name in response)
        name = "feedback_hit" if ratio else "feedback_miss"
        return [
            ReviewPart(
                answer=(Words(text=typed),) if typed else (),
                ratio=ratio,
                feedback=options.feedback(spec, "", name) if typed else (),
                key=(Words(text=f"{spec['name']}: {spec['latitude']}, {spec['longitude']}"),),
            )
        ]
    mark = options.find(spec["marks"], response.get("mark"))
    letters = {each["id"]: letter for letter, each in _lettered(spec).items()}
    return [
        ReviewPart(
            answer=(Words(text=letters[mark["id"]]),) if mark else (),
            ratio=ratio,
            feedback=options.feedback(mark, f"marks.{mark['id']}") if mark else (),
            key=tuple(
                Words(text=f"{letter}: {each['name']}")
                for letter, each in _lettered(spec).items()
                if each["is_key"]
            ),
        )
    ]


def choices(spec: Spec) -> list[Choice]:
    return [
        Choice(mark["id"], Words(text=f"{letter}: {mark['name']}"), is_key=mark["is_key"])
        for letter, mark in (_lettered(spec).items() if spec["form"] == "mark" else ())
    ]


def tally(spec: Spec, response: Response) -> list[str]:
    if spec["form"] == "mark":
        return [response["mark"]] if "mark" in response else []
    point = [degrees(response.get(name, ""), name) for name in LIMITS]
    return [", ".join("?" if each is None else f"{each:.0f}" for each in point)] if response else []


def fix(spec: Spec) -> dict[str, Any]:
    if spec["form"] == "mark":
        return {"mark": options.keys(spec["marks"])[0]}
    return {name: spec[name] for name in LIMITS}


def _lettered(spec: Spec) -> dict[str, Mapping[str, Any]]:
    """{letter: mark}, from west to east and then from south to north."""
    marks = sorted(
        spec["marks"], key=lambda mark: (Decimal(mark["longitude"]), Decimal(mark["latitude"]))
    )
    return dict(zip(ascii_uppercase, marks, strict=False))


def _distance_km(spec: Spec, response: Response) -> float | None:
    latitude, longitude = (degrees(response.get(name, ""), name) for name in LIMITS)
    if latitude is None or longitude is None:
        return None
    place = (Decimal(spec["latitude"]), Decimal(spec["longitude"]))
    return distance_km((latitude, longitude), place)
