from apps.content.outline import build_outline


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
    outline = build_outline([row("past", "b"), row("past", "a"), row("future", "c")])
    assert [unit["slug"] for unit in outline["units"]] == ["past", "future"]
    assert outline["units"][0] == {
        "slug": "past",
        "title": "Past",
        "summary": "",
        "lessons": [
            {"slug": "b", "title": "B", "minutes": 3, "checksum": "c"},
            {"slug": "a", "title": "A", "minutes": 3, "checksum": "c"},
        ],
    }


def test_course_without_published_lessons_has_an_empty_outline() -> None:
    assert build_outline([]) == {"units": []}
