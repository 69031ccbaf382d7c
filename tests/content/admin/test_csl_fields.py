"""A work as fields and back: nothing is lost, whatever a file holds."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from apps.content.admin import csl_fields

BUNDLED = Path(settings.COURSES_DIR) / "pakistan-russia-sco" / "references.json"

text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30)
name = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("family", "given", "suffix", "literal", "dropping-particle"), text),
)
dates = st.fixed_dictionaries(
    {"date-parts": st.lists(st.lists(st.integers(-500, 2100), max_size=3), max_size=2)},
    optional={"circa": st.just(1)},
)
items = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["book", "article-journal", "patent"]),
        "title": text,
        "volume": text,
        "number": text,
        "author": st.lists(name, max_size=3),
        "editor": st.lists(name, max_size=2),
        "issued": dates,
        "accessed": dates,
    },
)


@given(items)
def test_splitting_and_merging_gives_the_item_back(item: dict[str, Any]) -> None:
    fields, rest = csl_fields.split(item)
    assert csl_fields.merge(fields, rest) == item


def test_bundled_works_need_no_raw_field_but_one() -> None:
    leftovers = []
    for item in json.loads(BUNDLED.read_text(encoding="utf-8")):
        csl = {key: value for key, value in item.items() if key not in {"id", "custom"}}
        fields, rest = csl_fields.split(csl)
        leftovers += sorted(rest)
        assert csl_fields.merge(fields, rest) == csl
    assert leftovers == ["number"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Khan, H. U. R.", {"family": "Khan", "given": "H. U. R."}),
        ("Nye, J. S., Jr.", {"family": "Nye", "given": "J. S.", "suffix": "Jr."}),
        ("Plato,", {"family": "Plato"}),
        ("IIS", {"literal": "IIS"}),
        (
            "{Ministry of Foreign Affairs, Islamabad}",
            {"literal": "Ministry of Foreign Affairs, Islamabad"},
        ),
    ],
)
def test_names_are_read_as_a_bibliography_writes_them(line: str, expected: dict[str, str]) -> None:
    item = csl_fields.merge({"author": line}, {})
    assert item == {"author": [expected]}
    assert csl_fields.split(item) == ({"author": line}, {})


def test_what_stands_in_both_places_is_refused() -> None:
    with pytest.raises(csl_fields.FieldError) as refused:
        csl_fields.merge({"author": "Khan, H."}, {"author": []})
    assert refused.value.field == "author"


def test_impossible_date_is_refused() -> None:
    with pytest.raises(csl_fields.FieldError, match="is not a date"):
        csl_fields.merge({"issued": "last year"}, {})
