"""The rules that need no database, as properties."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.debates import (
    anonymity,
    phases,
    picture,
    quotations,
    reviews,
    shifts,
    sides,
    similarity,
    tree,
    visibility,
)
from apps.debates.enums import PhaseKind
from apps.debates.phases import Window
from apps.debates.shifts import Pair
from apps.debates.tree import Node
from apps.debates.visibility import Viewer
from tests.factories import NOW

DAY = timedelta(days=1)
WINDOWS = [
    Window(kind, NOW + day * DAY, NOW + (day + 1) * DAY) for day, kind in enumerate(phases.ORDER)
]
SENTENCES = st.lists(
    st.sampled_from(["the", "sco", "is", "no", "answer", "to", "nato", "yet"]), min_size=1
).map(" ".join)


def test_order_names_every_phase() -> None:
    assert tuple(PhaseKind.values) == phases.ORDER


@given(st.integers(-10, 10 * 24 * 60))
def test_phase_at_is_the_day_of_the_clock(minutes: int) -> None:
    day = minutes // (24 * 60)
    expected = phases.ORDER[day] if 0 <= day < len(phases.ORDER) else None
    assert phases.phase_at(WINDOWS, NOW + timedelta(minutes=minutes)) == expected


def test_faults_find_overlap_order_and_emptiness() -> None:
    opening, arguing = WINDOWS[:2]
    assert phases.faults(WINDOWS) == []
    assert phases.faults([arguing, opening]) == ["opening"]
    assert phases.faults([opening, Window("arguing", NOW, NOW + DAY)]) == ["arguing"]
    assert phases.faults([Window("opening", NOW, NOW)]) == ["opening"]
    assert phases.faults([Window("lunch", NOW, NOW + DAY)]) == ["lunch"]


def test_phases_allow_what_they_are_for() -> None:
    kinds = [*phases.ORDER, None]
    assert [each for each in kinds if phases.may_post("opening", each)] == ["arguing"]
    assert [each for each in kinds if phases.may_post("rebuttal", each)] == ["arguing", "rebutting"]
    assert [each for each in kinds if phases.may_rate(each)] == ["arguing", "rebutting", "closing"]
    assert [each for each in kinds if phases.may_record("closing", each)] == ["closing"]
    assert [each for each in kinds if phases.may_record("opening", each)] == list(phases.ORDER)


@given(st.booleans(), st.booleans())
def test_student_without_stance_sees_nothing_of_others(has_posted: bool, posts_first: bool) -> None:
    viewer = Viewer(participant_id=1, has_stance=False, has_posted=has_posted)
    for state in ("visible", "hidden", "withdrawn", "removed"):
        assert not visibility.sees_text(viewer, state=state, author_id=2, posts_first=posts_first)


@pytest.mark.parametrize(
    ("state", "own", "staff", "classmate"),
    [
        ("visible", True, True, True),
        ("hidden", True, True, False),
        ("withdrawn", True, False, False),
        ("removed", False, False, False),
    ],
)
def test_text_seen_by_state(state: str, own: bool, staff: bool, classmate: bool) -> None:
    viewers = (
        Viewer(participant_id=1),
        Viewer(is_staff=True),
        Viewer(participant_id=2, has_stance=True),
    )
    seen = [
        visibility.sees_text(viewer, state=state, author_id=1, posts_first=False)
        for viewer in viewers
    ]
    assert seen == [own, staff, classmate]


def test_arguments_seen_after_posting_where_asked() -> None:
    assert not visibility.sees_arguments(Viewer(has_stance=True), posts_first=True)
    assert visibility.sees_arguments(Viewer(has_stance=True, has_posted=True), posts_first=True)


@given(st.integers(0, 300), st.integers())
def test_numbers_are_never_dealt_twice(people: int, seed: int) -> None:
    lot, taken = Random(seed), set[int]()
    for _person in range(people):
        taken.add(anonymity.number_deal(taken, lot))
    assert len(taken) == people


def test_author_named_to_staff_and_themselves_alone_when_anonymous() -> None:
    assert not anonymity.is_named(is_anonymous=True, is_own=False, is_staff=False)
    assert anonymity.is_named(is_anonymous=True, is_own=True, is_staff=False)
    assert anonymity.is_named(is_anonymous=True, is_own=False, is_staff=True)
    assert anonymity.is_named(is_anonymous=False, is_own=False, is_staff=False)


@given(st.integers(1, 5), st.integers(0, 100), st.integers())
def test_balanced_sides_differ_by_one_at_most(count: int, people: int, seed: int) -> None:
    lot, sizes = Random(seed), dict.fromkeys(range(count), 0)
    for _person in range(people):
        sizes[sides.balanced(sizes, lot)] += 1
    assert max(sizes.values()) - min(sizes.values()) <= 1


@given(st.integers(-3, 3), st.integers(0, 9), st.integers(0, 9), st.integers())
def test_against_leans_away_from_the_stance(stance: int, pro: int, contra: int, seed: int) -> None:
    sizes = {1: pro, 2: contra}
    side = sides.against({1: 1, 2: -1}, sizes, stance, Random(seed))
    if stance:
        assert side == (2 if stance > 0 else 1)
    else:
        assert sizes[side] == min(sizes.values())


def test_drawn_reaches_every_side() -> None:
    lot = Random(1)
    assert {sides.drawn([1, 2, 3], lot) for _draw in range(100)} == {1, 2, 3}


@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.booleans()), max_size=60))
def test_reading_order_keeps_branches_together(rows: list[tuple[float, bool]]) -> None:
    nodes = [
        Node(number, int(place * number) or None, is_locked)
        for number, (place, is_locked) in enumerate(rows, start=1)
    ]
    placed = list(tree.reading_order(nodes))
    path: list[tree.Placed] = []
    for each in placed:
        del path[each.depth :]
        assert each.node.parent_id == (path[-1].node.id if path else None)
        assert each.is_locked == (each.node.is_locked or bool(path and path[-1].is_locked))
        path.append(each)
    assert sorted(each.node.id for each in placed) == [node.id for node in nodes]


def test_reading_order_of_a_thread_deeper_than_the_stack() -> None:
    nodes = [Node(number, number - 1 or None) for number in range(1, 5001)]
    assert [each.depth for each in tree.reading_order(nodes)] == list(range(5000))


@given(SENTENCES, SENTENCES)
def test_likeness_is_symmetric_and_whole_for_the_same(first: str, second: str) -> None:
    one, other = similarity.trigrams(first), similarity.trigrams(second)
    assert similarity.likeness(one, other) == similarity.likeness(other, one)
    assert similarity.likeness(one, one) == 1


def test_similar_gives_the_nearest_first_and_no_stranger() -> None:
    others = {
        1: "Gas pipelines are commerce.",
        2: "India's membership limits what the SCO can do for Pakistan.",
        3: "The membership of India limits Pakistan in the SCO.",
    }
    text = "India's membership of the SCO limits what it can do for Pakistan"
    assert similarity.similar(text, others) == [2, 3]


@given(SENTENCES, SENTENCES, SENTENCES)
def test_every_part_of_a_source_is_found(before: str, quoted: str, after: str) -> None:
    source = f"{before}, “{quoted.upper()}”\n{after}."
    assert quotations.is_found(quoted, source)
    assert quotations.is_found(f"{before} […] {after}", source)


def test_quotation_of_other_words_is_not_found() -> None:
    assert quotations.is_found("no answer", "The SCO is an answer.") is False
    assert quotations.is_found("answer … SCO", "The SCO is an answer.") is False
    assert quotations.is_found("answ", "The SCO is an answer.") is False
    assert quotations.is_found("…", "The SCO is an answer.") is False
    assert quotations.is_found("anything", "") is None


@given(st.lists(st.builds(Pair, *[st.integers(-3, 3)] * 2, *[st.integers(1, 5)] * 2)))
def test_shift_counts_everybody_once(pairs: list[Pair]) -> None:
    found = shifts.shift(pairs)
    cells = Counter((pair.before, pair.after) for pair in pairs)
    assert found.rose + found.fell + found.stayed == len(pairs)
    for row, before in zip(found.matrix, shifts.POINTS, strict=True):
        assert list(row) == [cells[before, after] for after in shifts.POINTS]
    assert (found.mean_change is None) == (not pairs)


def test_shift_means() -> None:
    found = shifts.shift([Pair(-3, 1, 2, 5), Pair(2, 2, 4, 3)])
    assert (found.mean_change, found.mean_confidence_change) == (2, 1)


@given(
    argued=st.integers(0, 12), silent=st.integers(0, 5), owed=st.integers(0, 5), seed=st.integers()
)
def test_reviews_are_even_distinct_and_of_others(
    argued: int, silent: int, owed: int, seed: int
) -> None:
    people = list(range(argued + silent))
    pairs = list(reviews.deal(people, people[:argued], frozenset(), owed, Random(seed)))
    assert len(set(pairs)) == len(pairs)
    assert all(reviewer != reviewed < argued for reviewer, reviewed in pairs)
    given_by = Counter(reviewer for reviewer, _reviewed in pairs)
    received = Counter(reviewed for _reviewer, reviewed in pairs)
    for person in people:
        candidates = argued - (person < argued)
        assert given_by[person] == min(owed, candidates)
    times = [received[person] for person in people[:argued]]
    assert max(times, default=0) - min(times, default=0) <= 1
    again = list(reviews.deal(people, people[:argued], frozenset(pairs), owed, Random(seed)))
    assert again == []


@given(
    parents=st.lists(st.integers(0, 30), max_size=60),
    limit=st.integers(1, 20),
    closed=st.integers(0, 60),
)
def test_a_tree_in_parts_holds_every_argument_once(
    parents: list[int], limit: int, closed: int
) -> None:
    """Following every way to more, from the motion on, shows each argument exactly once."""
    nodes = [
        Node(key, parent if 0 < parent < key else None, is_locked=key == closed)
        for key, parent in enumerate(parents, start=1)
    ]
    whole = {placed.node.id: placed.is_locked for placed in tree.reading_order(nodes)}
    seen: dict[int, bool] = {}

    def follow(under: int | None, after: int) -> None:
        tops, more = tree.first_of(nodes, under=under, after=after, limit=limit)
        drawn = len(seen)
        waiting = list(tops)
        while waiting:
            shown = waiting.pop()
            assert shown.node.id not in seen
            seen[shown.node.id] = shown.is_locked
            waiting += shown.children
            if shown.hidden:
                last = shown.children[-1].node.id if shown.children else 0
                follow(shown.node.id, last)
        if more:
            assert len(seen) > drawn
            follow(under, tops[-1].node.id)

    follow(None, 0)
    assert seen == whole


@given(parents=st.lists(st.integers(0, 200), max_size=200))
def test_picture_puts_no_two_at_one_place_and_all_inside(parents: list[int]) -> None:
    nodes = [
        (key, parent if 0 < parent < key else None) for key, parent in enumerate(parents, start=1)
    ]
    drawn = picture.layout(nodes)
    places = {(spot.x, spot.y) for spot in drawn.spots}
    assert len(places) == len(nodes)
    assert all(0 < x < drawn.width and 0 < y < drawn.height for x, y in places)
    assert all(spot.above_x < spot.x for spot in drawn.spots)


def test_picture_of_a_thousand_in_one_thread_is_drawn() -> None:
    drawn = picture.layout([(key, key - 1 or None) for key in range(1, 1_001)])
    assert len(drawn.spots) == 1_000


def test_stronger_is_larger() -> None:
    sizes = [picture.radius(strength) for strength in (None, 1, 2.5, 5)]
    assert sizes == sorted(sizes)
