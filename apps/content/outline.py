"""The outline of a course as the frame of every reader's page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict


class OutlineLesson(TypedDict):
    slug: str
    title: str
    minutes: int
    checksum: str


class OutlineUnit(TypedDict):
    slug: str
    title: str
    summary: str
    lessons: list[OutlineLesson]


class Outline(TypedDict):
    """Published lessons only, in reading order; a unit without one is left out."""

    units: list[OutlineUnit]


def build_outline(rows: Iterable[dict[str, object]]) -> Outline:
    """Group rows in order: unit_slug, unit_title, unit_summary, slug, edition_title, minutes, …"""
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
            }
        )
    return {"units": list(units.values())}
