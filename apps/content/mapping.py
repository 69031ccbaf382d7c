"""The map of Eurasia: outlines, places and names, as coordinates for an SVG. Pure.

The outlines come from `eurasia.json`, which tools/map/build.mjs makes of Natural Earth. Two
sheets are drawn of the same shapes: the whole, and the part where most places crowd, four times
as large. Names are put where they cover neither a marker nor each other.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any, Literal

STATUSES = ("member", "observer", "partner", "")  # as a legend lists them
OUTLINES = Path(__file__).with_name("eurasia.json")
# In units of the sheet, as in static/css/map.css.
PLACE_SIZE = 15.0
STATE_SIZE = 15.0
MARKER = 6.0  # a marker's half width, with air
GAP = 3.0  # between a marker and its name
OVERHANG = 1.3  # how many times as wide as its state's widest stretch a name may be

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class State:
    """iso: ISO 3166-1 alpha-2.  status: in the SCO: member, observer, partner, or "" for none."""

    slug: str
    name: str
    iso: str
    status: str
    status_label: str


@dataclass(frozen=True, slots=True)
class Site:
    """longitude, latitude: degrees east and north."""

    slug: str
    name: str
    kind: str
    kind_label: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A name: where its baseline begins, stands in the middle or ends; `box` is what it covers.

    leader: the end of a thin line from the marker, where the name stands apart from it.
    """

    x: float
    y: float
    anchor: Anchor
    box: Box
    leader: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A state on a sheet. label: None where its name has no room."""

    state: State
    path: str
    label: Label | None


@dataclass(frozen=True, slots=True)
class Marker:
    """A place on a sheet. label: None where its name has no room."""

    site: Site
    x: float
    y: float
    label: Label | None


@dataclass(frozen=True, slots=True)
class Sheet:
    width: float
    height: float
    shapes: list[Shape]
    markers: list[Marker]


@dataclass(frozen=True, slots=True)
class Drawing:
    """ground: the countries that the course does not speak of, as one path.

    statuses, kinds: what the legend explains, each with its label.
    window: which part of the sheet `closeup` enlarges, and `zoom` how many times.
    closeup: None when no place lies there.
    """

    ground: str
    statuses: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    sheet: Sheet
    window: Box
    zoom: float
    closeup: Sheet | None

    @property
    def fine(self) -> float:
        """How small a pattern is made for the close-up, so that it looks as on the sheet."""
        return 1 / self.zoom

    @property
    def shift(self) -> str:
        """What moves the window's corner to the origin, as SVG's translate() takes it."""
        return f"{-self.window.left} {-self.window.top}"


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a point of the Earth stands on the sheet.

    Lambert's azimuthal equal-area projection of the sphere, as d3.geoAzimuthalEqualArea draws it.
    Source: Snyder, Map Projections: A Working Manual (1987), equations 22-4, 22-5 and 24-2.
    """
    view = _outlines()["view"]
    turned = radians(longitude - view["longitude"])
    phi, centre = radians(latitude), radians(view["latitude"])
    nearness = sin(centre) * sin(phi) + cos(centre) * cos(phi) * cos(turned)
    scale = view["scale"] * sqrt(2 / (1 + nearness))
    east = cos(phi) * sin(turned)
    north = cos(centre) * sin(phi) - sin(centre) * cos(phi) * cos(turned)
    return view["x"] + scale * east, view["y"] - scale * north


def unproject(x: float, y: float) -> tuple[float, float] | None:
    """Which longitude and latitude a point of the sheet shows; None off the edge of the Earth.

    static/js/quiz-map.js computes the same where somebody clicks.
    Source: Snyder (1987), equations 20-14, 20-15, 20-18 and 24-16.
    """
    view = _outlines()["view"]
    east, north = (x - view["x"]) / view["scale"], (view["y"] - y) / view["scale"]
    distance = hypot(east, north)
    if distance > 2:
        return None
    if distance == 0:
        return view["longitude"], view["latitude"]
    angle, centre = 2 * asin(distance / 2), radians(view["latitude"])
    latitude = asin(cos(angle) * sin(centre) + north * sin(angle) * cos(centre) / distance)
    turned = atan2(
        east * sin(angle),
        distance * cos(centre) * cos(angle) - north * sin(centre) * sin(angle),
    )
    longitude = degrees(turned) + view["longitude"]
    return (longitude + 180) % 360 - 180, degrees(latitude)


def draw(states: Iterable[State], sites: Iterable[Site]) -> Drawing:
    """The two sheets. A state or place outside them is left to the table under the map."""
    outlines = _outlines()
    view, frame = outlines["view"], outlines["frame"]
    by_iso = {state.iso: state for state in states if state.iso}
    known = [
        (by_iso[country["iso"]], country)
        for country in outlines["countries"]
        if country["iso"] in by_iso
    ]
    whole = Box(0, 0, view["width"], view["height"])
    window = Box(frame["x"], frame["y"], frame["x"] + frame["width"], frame["y"] + frame["height"])
    zoom = view["width"] / frame["width"]
    placed = [(site, *project(site.longitude, site.latitude)) for site in sites]
    outside = [row for row in placed if _is_in(whole, row) and not _is_in(window, row)]
    inside = [
        (site, (x - window.left) * zoom, (y - window.top) * zoom)
        for site, x, y in placed
        if _is_in(window, (site, x, y))
    ]
    rooms = [(state, country["path"], country["room"]) for state, country in known]
    sheet = _sheet(whole, rooms, outside, _edges(window) if inside else [])
    framed = [
        (state, country["path"], _enlarged(country["frame_room"], window, zoom))
        for state, country in known
        if country["frame_room"]
    ]
    return Drawing(
        ground="".join(c["path"] for c in outlines["countries"] if c["iso"] not in by_iso),
        statuses=sorted(
            {(state.status, state.status_label) for state, _country in known},
            key=lambda pair: STATUSES.index(pair[0]),
        ),
        kinds=sorted({(row[0].kind, row[0].kind_label) for row in [*outside, *inside]}),
        sheet=sheet,
        window=window,
        zoom=zoom,
        closeup=_sheet(Box(0, 0, frame["width"] * zoom, frame["height"] * zoom), framed, inside, [])
        if inside
        else None,
    )


def sheet_of(edge: Box, placed: Sequence[tuple[Site, float, float]]) -> Sheet:
    """Sites that stand at x, y of a sheet, with their names: a drawing without states."""
    return _sheet(edge, [], placed, [])


def view() -> dict[str, float]:
    """How the map is projected: its centre, its scale, where the centre is, and its size."""
    found: dict[str, float] = _outlines()["view"]
    return found


def claimed() -> dict[str, str]:
    """Which outline each disputed place falls in: its country's code, or "" for none's."""
    found: dict[str, str] = _outlines()["claimed"]
    return found


@cache
def _outlines() -> dict[str, Any]:
    outlines: dict[str, Any] = json.loads(OUTLINES.read_text(encoding="utf-8"))
    return outlines


def _is_in(box: Box, row: tuple[Site, float, float]) -> bool:
    _site, x, y = row
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _enlarged(room: Sequence[float], window: Box, zoom: float) -> tuple[float, float, float]:
    x, y, width = room
    return (x - window.left) * zoom, (y - window.top) * zoom, width * zoom


def _sheet(
    edge: Box,
    shapes: Sequence[tuple[State, str, Sequence[float]]],
    sites: Sequence[tuple[Site, float, float]],
    kept_free: Sequence[Box],
) -> Sheet:
    """Names of places come first, the crowded ones before those with air; then names of states."""
    taken = [*kept_free, *(_around(x, y) for _site, x, y in sites)]
    labels: dict[str, Label] = {}
    crowded = sorted(sites, key=lambda row: _air(row, sites))
    for site, x, y in crowded:
        if label := _first_free(_beside(site.name, x, y), edge, taken):
            labels[site.slug] = label
            taken.append(label.box)
    drawn = []
    for state, path, (x, y, width) in shapes:
        label = None
        if _text_width(state.name, STATE_SIZE) <= OVERHANG * width:
            label = _first_free(_over(state.name, x, y), edge, taken)
        if label:
            taken.append(label.box)
        drawn.append(Shape(state, path, label))
    return Sheet(
        width=edge.right,
        height=edge.bottom,
        shapes=drawn,
        markers=[
            Marker(site, round(x, 1), round(y, 1), labels.get(site.slug)) for site, x, y in sites
        ],
    )


def _edges(box: Box) -> list[Box]:
    return [
        Box(box.left, box.top, box.right, box.top),
        Box(box.left, box.bottom, box.right, box.bottom),
        Box(box.left, box.top, box.left, box.bottom),
        Box(box.right, box.top, box.right, box.bottom),
    ]


def _air(row: tuple[Site, float, float], sites: Iterable[tuple[Site, float, float]]) -> float:
    site, x, y = row
    return min((hypot(x - a, y - b) for other, a, b in sites if other is not site), default=1e9)


def _first_free(candidates: Iterable[Label], edge: Box, taken: Sequence[Box]) -> Label | None:
    return next(
        (
            label
            for label in candidates
            if edge.holds(label.box) and not any(label.box.meets(box) for box in taken)
        ),
        None,
    )


def _around(x: float, y: float) -> Box:
    return Box(x - MARKER, y - MARKER, x + MARKER, y + MARKER)


def _beside(name: str, x: float, y: float) -> Iterator[Label]:
    """Right of the marker, left, above, below, at its corners; then further off, with a leader."""
    near, far = MARKER + GAP, MARKER + 4 * GAP
    steps: list[tuple[float, float, Anchor]] = [
        (near, 0, "start"),
        (-near, 0, "end"),
        (0, -near - 5, "middle"),
        (0, near + 5, "middle"),
        (near - 2, -near, "start"),
        (near - 2, near, "start"),
        (2 - near, -near, "end"),
        (2 - near, near, "end"),
    ]
    for dx, dy, anchor in steps:
        yield _label(name, PLACE_SIZE, x + dx, y + dy, anchor)
    for reach in (far, 2 * far, 3 * far):
        for dx, dy, anchor in steps[4:]:
            at = (x + dx / near * reach, y + dy / near * reach)
            label = _label(name, PLACE_SIZE, *at, anchor)
            yield replace(label, leader=(round(at[0], 1), round(at[1], 1)))


def _over(name: str, x: float, y: float) -> Iterator[Label]:
    """In the middle of a state, or a little off it."""
    for away in (0, 6, 12, 18, 24, 30):
        for dx, dy in ((0, -1), (0, 1), (-1, 0), (1, 0), (-1, -1), (1, -1), (-1, 1), (1, 1)):
            yield _label(name, STATE_SIZE, x + dx * away, y + dy * away, "middle")


def _label(name: str, size: float, x: float, y: float, anchor: Anchor) -> Label:
    """y: the middle of the line."""
    width = _text_width(name, size)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    box = Box(left, y - size * 0.62, left + width, y + size * 0.62)
    return Label(round(x, 1), round(y + size * 0.34, 1), anchor, box)


def _text_width(name: str, size: float) -> float:
    """About how wide a name is; a little too wide rather than too narrow."""
    marks = sum(unicodedata.combining(letter) != 0 for letter in name)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in name)
    return size * (0.56 * (len(name) - marks) + 0.5 * wide)
