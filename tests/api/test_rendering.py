import json
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from apps.api.v1.rendering import Renderer

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()  # also beyond 64 bits
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.uuids()
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(min_value=0, max_value=1_000, places=2)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_every_value_is_rendered_as_the_framework_does(value: Any) -> None:
    assert json.loads(Renderer().render({"is": value})) == json.loads(
        JSONRenderer().render({"is": value})
    )


@pytest.mark.parametrize(
    ("data", "media_type", "expected"),
    [
        (None, None, b""),
        ({"a": 1}, "application/json", b'{"a":1}'),
        ({"a": 1}, "application/json; indent=1", b'{\n "a": 1\n}'),
    ],
)
def test_nothing_is_nothing_and_indents_are_kept(
    data: Any, media_type: str | None, expected: bytes
) -> None:
    assert Renderer().render(data, media_type) == expected
