import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts import fields


@pytest.mark.parametrize("name", ["UTC", "Asia/Karachi", "America/Argentina/Buenos_Aires"])
def test_validate_time_zone_accepts_a_name(name: str) -> None:
    fields.validate_time_zone(name)


@pytest.mark.parametrize(
    "name", ["", "Asia/Atlantis", "+05:00", "asia/karachi", "../../etc/passwd", "/etc/localtime"]
)
def test_validate_time_zone_refuses_anything_else(name: str) -> None:
    with pytest.raises(ValidationError):
        fields.validate_time_zone(name)


@given(st.text())
def test_validate_time_zone_never_fails_otherwise(name: str) -> None:
    if name not in fields.time_zone_names():
        with pytest.raises(ValidationError):
            fields.validate_time_zone(name)


def test_time_zones_by_area_are_sorted_and_valid() -> None:
    areas = fields.time_zones_by_area()
    assert [area for area, _names in areas] == sorted(fields.AREAS)
    for area, names in areas:
        assert list(names) == sorted(names)
        assert all(name.startswith(f"{area}/") for name in names)
        assert fields.time_zone_names() >= set(names)
    assert "Asia/Karachi" in dict(areas)["Asia"]
