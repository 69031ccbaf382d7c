from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from apps.quizzes.types import marks, places
from apps.quizzes.types.contract import SpecFault
from apps.quizzes.types.earth import degrees, distance_km
from tests.quizzes.types.strategies import SPECS

GWADAR = places.Place("Gwadar", "25.13", "62.32")


def test_filled_and_stripped() -> None:
    spec = {"form": "mark", "marks": [{"id": "a", "place": "gwadar"}, {"id": "b", "place": "x"}]}
    filled = places.filled(spec, {"gwadar": GWADAR})
    where = {"name": "Gwadar", "latitude": "25.13", "longitude": "62.32"}
    assert filled["marks"] == [{"id": "a", "place": "gwadar"} | where, {"id": "b", "place": "x"}]
    assert places.stripped(filled) == spec
    assert places.slugs(spec) == ["gwadar", "x"]


@pytest.mark.parametrize("name", SPECS)
def test_other_specs_pass_unchanged(name: str) -> None:
    @given(SPECS[name])
    def check(spec: Any) -> None:
        if not places.slugs(spec):
            assert places.filled(spec, {"gwadar": GWADAR}) == spec
            assert places.stripped(spec) == spec

    check()


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("25.13", "latitude", "25.13"),
        ("25,13", "latitude", "25.13"),
        ("25.13°", "latitude", "25.13"),
        ("25.13° N", "latitude", "25.13"),
        ("25.13 s", "latitude", "-25.13"),
        ("62°E", "longitude", "62"),
        ("62 W", "longitude", "-62"),
        ("−62", "longitude", "-62"),
        ("90", "latitude", "90"),
        ("180", "longitude", "180"),
        ("90.01", "latitude", None),
        ("181", "longitude", None),
        ("25 E", "latitude", None),
        ("-25 S", "latitude", None),
        ("", "latitude", None),
        ("north", "latitude", None),
        ("°", "latitude", None),
    ],
)
def test_degrees(text: str, name: str, expected: str | None) -> None:
    assert degrees(text, name) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        (("0", "0"), ("0", "1"), 111.2),  # a degree of the equator: 6371 * pi / 180
        (("0", "0"), ("0", "180"), 20015.1),  # half way round: 6371 * pi
        (("90", "0"), ("-90", "77"), 20015.1),
        (("25.13", "62.32"), ("25.13", "62.32"), 0.0),
        (("0", "179.5"), ("0", "-179.5"), 111.2),
    ],
)
def test_distance_km(here: tuple[str, str], there: tuple[str, str], km: float) -> None:
    one, two = ((Decimal(a), Decimal(b)) for a, b in (here, there))
    assert distance_km(one, two) == distance_km(two, one) == km


def test_marks_split() -> None:
    html = '<p>A <em>{{1}}</em>-kilometre <a title="{{9}}">line</a> to {{2}}.</p>'
    assert marks.split(html) == [
        ("<p>A <em>", "1"),
        ('</em>-kilometre <a title="{{9}}">line</a> to ', "2"),
        (".</p>", ""),
    ]


def test_marks_check() -> None:
    found = list(marks.check("{{1}} {{1}} {{3}}", ["1", "2"]))
    assert found == [
        SpecFault("text", "{{1}} stands more than once."),
        SpecFault("text", "There is no gap 3."),
        SpecFault("gaps.2", "{{2}} is not in the text."),
    ]
