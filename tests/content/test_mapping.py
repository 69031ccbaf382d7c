import json
import re
import zlib
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content import mapping
from apps.content.mapping import Box, Site, State

RECORD = json.loads(mapping.OUTLINES.read_text(encoding="utf-8"))
MEMBERS = ("BY", "CN", "IN", "IR", "KG", "KZ", "PK", "RU", "TJ", "UZ")


def state(iso: str, name: str = "", status: str = "member") -> State:
    return State(iso.lower(), name or iso, iso, status, status.title())


def site(name: str, longitude: float, latitude: float, kind: str = "city") -> Site:
    return Site(name.lower(), name, kind, kind.title(), longitude, latitude)


@pytest.mark.parametrize("city", RECORD["cities"], ids=lambda city: str(city["name"]))
def test_project_as_d3(city: dict[str, float]) -> None:
    assert mapping.project(city["longitude"], city["latitude"]) == pytest.approx(
        city["xy"], abs=1e-3
    )


def test_project_centre() -> None:
    view = RECORD["view"]
    assert mapping.project(view["longitude"], view["latitude"]) == pytest.approx(
        (view["x"], view["y"])
    )


@given(st.floats(-60, 200), st.floats(-20, 85))
def test_project_any_point_of_the_hemisphere(longitude: float, latitude: float) -> None:
    """Equal-area: nothing within a quarter of the globe is further away than its chord."""
    x, y = mapping.project(longitude, latitude)
    view = RECORD["view"]
    assert (x - view["x"]) ** 2 + (y - view["y"]) ** 2 <= (2 * view["scale"]) ** 2 + 1e-6


@given(st.floats(-20, 179), st.floats(-20, 85))
def test_unproject_undoes_project(longitude: float, latitude: float) -> None:
    found = mapping.unproject(*mapping.project(longitude, latitude))
    assert found == pytest.approx((longitude, latitude), abs=1e-6)


def test_unproject_centre_and_edge() -> None:
    view = RECORD["view"]
    assert mapping.unproject(view["x"], view["y"]) == (view["longitude"], view["latitude"])
    assert mapping.unproject(view["x"] + 2 * view["scale"] + 1, view["y"]) is None


def test_outlines_small_and_complete() -> None:
    countries = {country["iso"]: country for country in RECORD["countries"]}
    assert set(MEMBERS) <= set(countries)
    assert len(zlib.compress(mapping.OUTLINES.read_bytes(), 9)) <= 25_000
    assert all(re.fullmatch(r"(M0 0)(m[-0-9. ]+z)+", c["path"]) for c in RECORD["countries"])


def test_outlines_hold_their_capitals() -> None:
    """The box of a country's outline holds its capital: outlines and points share one frame."""
    for iso, longitude, latitude in [
        ("PK", 73.06, 33.69),
        ("RU", 37.62, 55.76),
        ("BY", 27.6, 53.9),
    ]:
        (country,) = [c for c in RECORD["countries"] if c["iso"] == iso]
        xs, ys = zip(*_points(country["path"]), strict=True)
        x, y = mapping.project(longitude, latitude)
        assert min(xs) < x < max(xs)
        assert min(ys) < y < max(ys)


def _points(path: str) -> list[tuple[float, float]]:
    points = []
    at = (0.0, 0.0)
    for ring in path.removeprefix("M0 0").removesuffix("z").split("z"):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", ring)]
        steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        at = start = (at[0] + steps[0][0], at[1] + steps[0][1])
        for dx, dy in steps[1:]:
            at = (at[0] + dx, at[1] + dy)
            points.append(at)
        at = start
    return points


def test_claimed_as_the_page_says() -> None:
    """templates/reader/map.html tells readers exactly this."""
    assert mapping.claimed() == {
        "Aksai Chin": "CN",
        "Arunachal Pradesh": "IN",
        "Crimea": "RU",
        "Donetsk": "UA",
        "Gilgit": "PK",
        "Muzaffarabad": "PK",
        "Pulwama": "IN",
        "Shaksgam Valley": "CN",
        "Siachen Glacier": "",
        "Srinagar": "IN",
        "Taiwan": "TW",
    }


def test_draw_states_and_ground() -> None:
    drawing = mapping.draw([state("PK", "Pakistan"), state("US"), state("")], [])
    assert [shape.state.name for shape in drawing.sheet.shapes] == ["Pakistan"]
    assert drawing.sheet.shapes[0].path not in drawing.ground
    assert drawing.ground.count("M0 0") == len(RECORD["countries"]) - 1
    assert drawing.statuses == [("member", "Member")]
    assert drawing.closeup is None


def test_draw_statuses_in_the_order_of_a_legend() -> None:
    states = [state("AF", status="observer"), state("TM", status=""), state("CN")]
    assert [status for status, _label in mapping.draw(states, []).statuses] == [
        "member",
        "observer",
        "",
    ]


def test_draw_places_on_the_sheet_they_fit() -> None:
    places = [
        site("Moscow", 37.62, 55.76),
        site("Karachi", 67.01, 24.86, "port"),
        site("Canberra", 149.1, -35.3),
    ]
    drawing = mapping.draw([], places)
    assert [marker.site.name for marker in drawing.sheet.markers] == ["Moscow"]
    assert drawing.closeup is not None
    assert [marker.site.name for marker in drawing.closeup.markers] == ["Karachi"]
    x, y = mapping.project(67.01, 24.86)
    marker = drawing.closeup.markers[0]
    assert marker.x / drawing.zoom + drawing.window.left == pytest.approx(x, abs=0.05)
    assert marker.y / drawing.zoom + drawing.window.top == pytest.approx(y, abs=0.05)
    assert drawing.kinds == [("city", "City"), ("port", "Port")]


def test_draw_crowd_at_one_point() -> None:
    """Names find room around their common marker, and then apart, at the end of a line."""
    drawing = mapping.draw([], [site(f"Moscow {n}", 37.62, 55.76) for n in range(6)])
    labels = [marker.label for marker in drawing.sheet.markers]
    assert all(labels)
    assert {label.leader is None for label in labels if label} == {True, False}


def test_draw_name_wider_than_its_state() -> None:
    (shape,) = mapping.draw([state("AM", "A very long name for Armenia")], []).sheet.shapes
    assert shape.label is None


PLACES = st.lists(
    st.builds(
        site,
        name=st.text(min_size=1, max_size=24),
        longitude=st.floats(20, 140),
        latitude=st.floats(0, 70),
    ),
    max_size=30,
    unique_by=lambda place: place.slug,
)


@given(PLACES)
def test_draw_no_name_covers_another(places: list[Site]) -> None:
    drawing = mapping.draw([state(iso, f"State {iso}") for iso in MEMBERS], places)
    for sheet in filter(None, (drawing.sheet, drawing.closeup)):
        labels = [shape.label for shape in sheet.shapes] + [m.label for m in sheet.markers]
        boxes = [label.box for label in labels if label]
        edge = Box(0, 0, sheet.width, sheet.height)
        assert all(edge.holds(box) for box in boxes)
        assert not any(one.meets(other) for one, other in combinations(boxes, 2))
        points = [Box(m.x - 1, m.y - 1, m.x + 1, m.y + 1) for m in sheet.markers]
        assert not any(box.meets(point) for box in boxes for point in points)


def test_box_meets_and_holds() -> None:
    row = [Box(left, 0, left + 2, 2) for left in (0, 1, 3)]
    assert [one.meets(other) for one, other in pairwise(row)] == [True, False]
    assert Box(0, 0, 5, 5).holds(row[2])
    assert not row[2].holds(Box(0, 0, 5, 5))
