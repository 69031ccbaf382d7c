"""Parts of the map of Eurasia, to ask where a place is. Pure; apps/content/mapping.py draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.content.mapping import Box, Sheet, Site, project, sheet_of, view

WIDTH = 640.0
SMALLEST = 240.0  # units of the map that a plot shows at least, so that coasts tell where
AIR = 1.5  # how many times as wide as its points a plot is
MERIDIANS, PARALLELS = range(20, 161, 20), range(10, 81, 10)
STEP = 2  # degrees between the points of a curve


@dataclass(frozen=True, slots=True)
class Line:
    """A meridian or parallel. x, y: where its name stands, in units of the plot."""

    path: str
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A part of the map, `window`, enlarged `zoom` times; `view` is how the map is projected."""

    sheet: Sheet
    window: Box
    zoom: float
    view: dict[str, float]
    lines: list[Line]

    @property
    def shift(self) -> str:
        """What moves the window's corner to the origin, as SVG's translate() takes it."""
        return f"{-self.window.left} {-self.window.top}"


def around(sites: Sequence[Site]) -> Plot:
    """Points with their names on the part of the map around them all."""
    points = [project(site.longitude, site.latitude) for site in sites]
    return _plot(sites, _around(points, _whole()), [])


def whole(sites: Sequence[Site]) -> Plot:
    """The whole map with its meridians and parallels, to read a point's degrees from."""
    window = _whole()
    return _plot(sites, window, list(_lines(WIDTH / window.width, window)))


def _plot(sites: Sequence[Site], window: Box, lines: list[Line]) -> Plot:
    zoom = WIDTH / window.width
    edge = Box(0, 0, WIDTH, round(window.height * zoom, 1))
    placed = [(site, *project(site.longitude, site.latitude)) for site in sites]
    moved = [(site, (x - window.left) * zoom, (y - window.top) * zoom) for site, x, y in placed]
    return Plot(sheet_of(edge, moved), window, zoom, view(), lines)


def _whole() -> Box:
    return Box(0, 0, view()["width"], view()["height"])


def _around(points: Sequence[tuple[float, float]], sheet: Box) -> Box:
    """A part of the sheet in its own proportions, with room about the points, inside the sheet."""
    lefts, tops = zip(*points, strict=True)
    wide = max(max(lefts) - min(lefts), (max(tops) - min(tops)) * sheet.width / sheet.height)
    width = min(max(wide * AIR, SMALLEST), sheet.width)
    height = width * sheet.height / sheet.width
    left = (min(lefts) + max(lefts) - width) / 2
    top = (min(tops) + max(tops) - height) / 2
    left = min(max(left, 0), sheet.width - width)
    top = min(max(top, 0), sheet.height - height)
    return Box(*(round(each, 1) for each in (left, top, left + width, top + height)))


def _lines(zoom: float, sheet: Box) -> Iterator[Line]:
    """Meridians are named where they leave at the foot, parallels where they come in."""
    for longitude in MERIDIANS:
        curve = _inside([(longitude, north) for north in range(0, 87, STEP)], zoom, sheet)
        if len(curve) > 1:
            yield Line(_path(curve), f"{longitude}° E", curve[0][0] + 3, curve[0][1] - 4)
    for latitude in PARALLELS:
        curve = _inside([(east, latitude) for east in range(0, 179, STEP)], zoom, sheet)
        if len(curve) > 1:
            yield Line(_path(curve), f"{latitude}° N", curve[0][0] + 3, curve[0][1] - 4)


def _inside(
    degrees: Sequence[tuple[int, int]], zoom: float, sheet: Box
) -> list[tuple[float, float]]:
    points = [project(longitude, latitude) for longitude, latitude in degrees]
    return [
        (round(x * zoom, 1), round(y * zoom, 1))
        for x, y in points
        if 0 <= x <= sheet.width and 0 <= y <= sheet.height
    ]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)
