"""The outline of a course as the frame of every reader's page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NotRequired, TypedDict


class OutlineSection(TypedDict):
    id: str
    heading: str


class OutlineLesson(TypedDict):
    """`checksum` is the edition's: where it is the same, so are its sections and objectives."""

    slug: str
    title: str
    minutes: int
    checksum: str
    objectives: list[str]
    objective_keys: NotRequired[list[str]]  # as in the edition's document
    sections: list[OutlineSection]


class OutlineUnit(TypedDict):
    slug: str
    title: str
    summary: str
    lessons: list[OutlineLesson]


class Outline(TypedDict):
    """Published lessons only, in reading order; a unit without one is left out."""

    units: list[OutlineUnit]


class Parts(TypedDict):
    """What an edition's document says that the outline repeats."""

    objectives: list[str]
    objective_keys: NotRequired[list[str]]
    sections: list[OutlineSection]


def parts(
    objectives: list[str], keys: list[str] | None, sections: Iterable[Mapping[str, Any]]
) -> Parts:
    """keys: None where the edition names none."""
    found: Parts = {
        "objectives": objectives,
        "sections": [{"id": each["id"], "heading": each["heading"]} for each in sections],
    }
    if keys:
        found["objective_keys"] = keys
    return found


def parts_of(outline: Mapping[str, Any]) -> dict[str, Parts]:
    """{checksum: parts} of the lessons that stand in an outline with their parts."""
    return {
        lesson["checksum"]: parts(
            lesson["objectives"], lesson.get("objective_keys"), lesson["sections"]
        )
        for unit in outline.get("units", [])
        for lesson in unit["lessons"]
        if "sections" in lesson
    }


def build_outline(rows: Iterable[dict[str, object]], known: Mapping[str, Parts]) -> Outline:
    """Group rows in order: unit_slug, unit_title, unit_summary, slug, edition_title, minutes, …

    known: the parts of each row's checksum.
    """
    units: dict[str, OutlineUnit] = {}
    for row in rows:
        unit = units.setdefault(
            str(row["unit_slug"]),
            {
                "slug": str(row["unit_slug"]),
                "title": str(row["unit_title"]),
                "summary": str(row["unit_summary"]),
                "lessons": [],
            },
        )
        unit["lessons"].append(
            {
                "slug": str(row["slug"]),
                "title": str(row["edition_title"]),
                "minutes": int(str(row["minutes"])),
                "checksum": str(row["checksum"]),
                **known[str(row["checksum"])],
            }
        )
    return {"units": list(units.values())}
