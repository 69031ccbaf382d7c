from apps.content.outline import Parts, build_outline, parts_of

PARTS: Parts = {"objectives": ["Explain it."], "sections": [{"id": "one", "heading": "One"}]}


def row(unit: str, slug: str, checksum: str = "c") -> dict[str, object]:
    return {
        "unit_slug": unit,
        "unit_title": unit.title(),
        "unit_summary": "",
        "slug": slug,
        "edition_title": slug.title(),
        "minutes": 3,
        "checksum": checksum,
    }


def test_lessons_are_grouped_by_unit_in_the_given_order() -> None:
    outline = build_outline([row("past", "b"), row("past", "a"), row("future", "c")], {"c": PARTS})
    assert [unit["slug"] for unit in outline["units"]] == ["past", "future"]
    assert outline["units"][0] == {
        "slug": "past",
        "title": "Past",
        "summary": "",
        "lessons": [
            {"slug": "b", "title": "B", "minutes": 3, "checksum": "c", **PARTS},
            {"slug": "a", "title": "A", "minutes": 3, "checksum": "c", **PARTS},
        ],
    }


def test_course_without_published_lessons_has_an_empty_outline() -> None:
    assert build_outline([], {}) == {"units": []}


def test_parts_are_read_back_from_an_outline_that_has_them() -> None:
    outline = build_outline([row("past", "b")], {"c": PARTS})
    assert parts_of(outline) == {"c": PARTS}
    del outline["units"][0]["lessons"][0]["sections"]  # type: ignore[misc]
    assert parts_of(outline) == parts_of({}) == {}
