"""What a class makes of each paragraph, told from counts."""

from hypothesis import given
from hypothesis import strategies as st

from apps.teaching import drawing, heat
from apps.teaching.heat import Answers, Measure, Taught

SECTIONS = [
    Taught(1, "spring", ("P01",)),
    Taught(1, "flow", ("P01", "P02")),
    Taught(2, "delta", ("P03",)),
]


def warm(**counts: object) -> dict[str, heat.Warmth]:
    given_counts = {"seen": {}, "confused": {}, "answers": {}, "cited": {}, "students": 8, **counts}
    rows = heat.warmths(["P01", "P02", "P03", "P04"], SECTIONS, **given_counts)  # type: ignore[arg-type]
    return {row.number: row for row in rows}


def test_paragraph_is_read_as_far_as_its_most_seen_section() -> None:
    rows = warm(seen={(1, "spring"): 2, (1, "flow"): 6})
    assert [(row.number, row.read) for row in rows.values()] == [
        ("P01", 0.75),
        ("P02", 0.75),
        ("P03", 0.0),
        ("P04", None),  # no section teaches it
    ]
    assert rows["P01"].levels[Measure.READ] == 4


def test_class_without_students_has_read_nothing_that_could_be_told() -> None:
    rows = warm(students=0, seen={(1, "spring"): 1})
    assert {row.read for row in rows.values()} == {None}
    assert {level for row in rows.values() for level in row.levels.values()} == {0}


def test_seen_by_more_than_are_in_the_class_is_everybody() -> None:
    assert warm(seen={(2, "delta"): 9})["P03"].read == 1.0  # somebody left meanwhile


def test_few_answers_say_nothing_and_are_counted() -> None:
    rows = warm(answers={"P01": Answers(9, 0.9), "P02": Answers(10, 0.6)})
    assert (rows["P01"].missed, rows["P01"].answers) == (None, 9)
    assert (rows["P02"].missed, rows["P02"].levels[Measure.MISSED]) == (0.6, 3)


def test_quarter_of_the_class_confused_is_the_darkest() -> None:
    rows = warm(confused={(1, "flow"): 2, (2, "delta"): 1})
    assert [rows[number].levels[Measure.CONFUSED] for number in ("P01", "P02", "P03")] == [4, 4, 3]


def test_citations_are_shaded_against_the_most_cited() -> None:
    rows = warm(cited={"P01": 4, "P02": 1})
    assert [row.levels[Measure.CITED] for row in rows.values()] == [4, 2, 0, 0]


def test_hardest_are_the_missed_and_the_confusing_worst_first() -> None:
    rows = warm(
        answers={"P01": Answers(20, 0.5), "P02": Answers(20, 0.8), "P03": Answers(20, 0.1)},
        confused={(2, "delta"): 1},
    )
    assert [row.number for row in heat.hardest(rows.values())] == ["P02", "P03", "P01"]
    assert [row.number for row in heat.hardest(rows.values(), most=1)] == ["P02"]
    assert heat.hardest(warm().values()) == []


@given(st.one_of(st.none(), st.floats(0, 8)))
def test_levels_are_quarters_of_what_there_is(share: float | None) -> None:
    found = heat.level(share)
    assert 0 <= found <= heat.LEVELS
    assert (found == 0) == (not share)
    if share:
        assert found == min(4, 1 + int(share * 4))


def test_picture_has_a_column_for_each_paragraph_and_a_row_for_each_measure() -> None:
    rows = heat.warmths(
        [f"P{n:02}" for n in range(1, 60)],
        [],
        students=0,
        seen={},
        confused={},
        answers={},
        cited={},
    )
    picture = drawing.draw(rows)
    assert len(picture.cells) == 59 * 4
    assert len({(cell.x, cell.y) for cell in picture.cells}) == 59 * 4
    assert [label.text for label in picture.columns][:3] == ["P01", "P06", "P11"]
    assert max(cell.x for cell in picture.cells) + picture.cell_width <= picture.width
    assert max(cell.y for cell in picture.cells) + picture.cell_height <= picture.height
