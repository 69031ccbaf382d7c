"""What totals are for any marks: the rules of docs/grades.md, held against random gradebooks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.grades.totals import Column, Group, Totals, compute, mean, percent

WEIGHTS = st.decimals(0, 20, places=2)


@dataclass(frozen=True)
class Book:
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    marks: Mapping[int, Decimal]

    def totals(self) -> Totals:
        return compute(self.columns, self.groups, self.marks)

    def counted(self, group: int | None) -> dict[int, Fraction]:
        """{column: ratio} of what may count in a category."""
        return {
            column.key: Fraction(self.marks[column.key]) / Fraction(column.max_points)
            for column in self.columns
            if column.group == group
            and column.key in self.marks
            and column.weight
            and column.max_points
        }


@st.composite
def books(draw: st.DrawFn, *, weights: st.SearchStrategy[Decimal] = WEIGHTS) -> Book:
    groups = tuple(
        Group(key, draw(WEIGHTS), draw(st.integers(0, 3))) for key in range(draw(st.integers(0, 3)))
    )
    columns = tuple(
        Column(
            key,
            draw(st.decimals(0, 50, places=1)),
            draw(weights),
            draw(st.sampled_from([None, *(group.key for group in groups)])),
        )
        for key in range(draw(st.integers(0, 8)))
    )
    marks = {
        column.key: draw(st.decimals(0, column.max_points, places=2))
        for column in columns
        if draw(st.booleans())
    }
    return Book(columns, groups, marks)


@given(books())
def test_total_is_what_the_rules_say(book: Book) -> None:
    """Computed anew from the definition, mark by mark, without sharing a line with the code."""
    above = below = Fraction(0)
    found = book.totals()
    for key, ratio in book.counted(None).items():
        weight = Fraction(book.columns[key].weight)
        above, below = above + weight * ratio, below + weight
    for group in book.groups:
        kept = {k: r for k, r in book.counted(group.key).items() if k not in found.dropped}
        weights = {key: Fraction(book.columns[key].weight) for key in kept}
        if not kept:
            assert found.groups[group.key] is None
            continue
        earned = sum((weights[k] * kept[k] for k in kept), Fraction(0))
        ratio = earned / sum(weights.values(), Fraction(0))
        assert found.groups[group.key] == percent(ratio)
        above += Fraction(group.weight) * ratio
        below += Fraction(group.weight)
    assert found.total == (percent(above / below) if below else None)


@given(books())
def test_lowest_are_dropped_and_one_mark_stays(book: Book) -> None:
    found = book.totals()
    for group in book.groups:
        counted = book.counted(group.key)
        gone = {key: ratio for key, ratio in counted.items() if key in found.dropped}
        kept = {key: ratio for key, ratio in counted.items() if key not in found.dropped}
        assert len(gone) == max(0, min(group.drop_lowest, len(counted) - 1))
        if gone:
            assert max(gone.values()) <= min(kept.values())
    assert not found.dropped & set(book.counted(None))


@given(books(), st.randoms(use_true_random=False))
def test_order_of_items_does_not_matter(book: Book, chance: object) -> None:
    columns = list(book.columns)
    chance.shuffle(columns)  # type: ignore[attr-defined]
    assert replace(book, columns=tuple(columns)).totals().total == book.totals().total


@given(books(), st.integers(2, 9))
def test_weights_are_shares_of_each_other(book: Book, times: int) -> None:
    heavier = Book(
        tuple(replace(column, weight=column.weight * times) for column in book.columns),
        tuple(replace(group, weight=group.weight * times) for group in book.groups),
        book.marks,
    )
    assert heavier.totals() == book.totals()


@given(books())
def test_shares_add_up_to_the_total_but_for_rounding(book: Book) -> None:
    found = book.totals()
    if found.total is None:
        assert found.shares == {}
        return
    assert Decimal(0) <= found.total <= Decimal(100)
    slack = Decimal("0.005") * (len(found.shares) + 1)
    assert abs(sum(found.shares.values(), Decimal(0)) - found.total) <= slack


@given(books(weights=st.just(Decimal(1))), st.data())
def test_better_mark_never_lowers_the_total_of_equal_weights(
    book: Book, data: st.DataObject
) -> None:
    """With unequal weights it may: a heavy mark that is no longer the lowest counts again."""
    raised = [key for key, points in book.marks.items() if points < book.columns[key].max_points]
    if not raised:
        return
    key = data.draw(st.sampled_from(raised))
    better = data.draw(st.decimals(book.marks[key], book.columns[key].max_points, places=2))
    before = book.totals().total
    after = replace(book, marks={**book.marks, key: better}).totals().total
    assert (before is None) == (after is None)
    assert before is None or after is None or after >= before


@given(books())
def test_excused_counts_as_if_the_item_were_not_there(book: Book) -> None:
    without = replace(
        book, columns=tuple(column for column in book.columns if column.key in book.marks)
    )
    assert without.totals() == book.totals()


@pytest.mark.parametrize(("share", "total"), [(0, Decimal(0)), (1, Decimal(100))])
@given(book=books())
def test_nothing_and_everything(share: int, total: Decimal, book: Book) -> None:
    marks = {column.key: column.max_points * share for column in book.columns}
    assert replace(book, marks=marks).totals().total in {total, None}


@given(st.lists(st.decimals(0, 100, places=2), min_size=1))
def test_mean_is_rounded_once_halves_up(values: list[Decimal]) -> None:
    exact = sum(map(Fraction, values), Fraction(0)) / len(values)
    found = mean(values)
    assert found is not None
    assert Fraction(-1, 200) < Fraction(found) - exact <= Fraction(1, 200)
