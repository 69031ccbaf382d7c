"""The files, the site and the last load compared: every case of three values."""

import pytest

from apps.courseware.plan import Action, make_plan


def plan_of(
    base: str | None,
    ours: str | None,
    theirs: str | None,
    *,
    key: str = "term:a",
    replace_edits: bool = False,
    keep_edits: bool = False,
) -> str | None:
    plan = make_plan(
        base={} if base is None else {key: base},
        ours={} if ours is None else {key: ours},
        theirs={} if theirs is None else {key: theirs},
        replace_edits=replace_edits,
        keep_edits=keep_edits,
    )
    return plan.get(key)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "plain", "replacing", "keeping"),
    [
        (None, None, "x", "created", "created", "created"),
        (None, "x", None, "edited here", "edited here", "edited here"),
        (None, "x", "x", "kept", "kept", "kept"),
        (None, "y", "x", "conflict", "changed", "edited here"),
        ("x", "x", "x", "kept", "kept", "kept"),
        ("x", "x", "z", "changed", "changed", "changed"),
        ("x", "z", "z", "kept", "kept", "kept"),
        ("x", "y", "x", "edited here", "changed", "edited here"),
        ("x", "y", "z", "conflict", "changed", "edited here"),
        ("x", None, "x", "edited here", "created", "edited here"),
        ("x", None, "z", "conflict", "created", "edited here"),
        ("x", "x", None, "removed", "removed", "removed"),
        ("x", "y", None, "conflict", "removed", "edited here"),
        ("x", None, None, None, None, None),
    ],
)
def test_object(
    base: str | None,
    ours: str | None,
    theirs: str | None,
    plain: str | None,
    replacing: str | None,
    keeping: str | None,
) -> None:
    assert plan_of(base, ours, theirs) == plain
    assert plan_of(base, ours, theirs, replace_edits=True) == replacing
    assert plan_of(base, ours, theirs, keep_edits=True) == keeping


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "plain", "replacing"),
    [
        ("a b c", "a b c", "a b c", "kept", "kept"),
        ("a b c", "a b c", "a b x c", "kept", "kept"),
        ("a b c", "a mine b c", "a b c", "kept", "kept"),
        ("a b c", "a c", "a b c", "kept", "kept"),
        ("a b c", "a b c", "c a b", "changed", "changed"),
        ("a b c", "c b a", "a b c", "edited here", "changed"),
        ("a b c", "c b a", "a b x c", "edited here", "changed"),
        ("a b c", "c b a", "b a c", "conflict", "changed"),
        ("a b c", "c b a", "c b a", "kept", "kept"),
        (None, "b a", "a b", "changed", "changed"),
        ("a b", None, "a b", None, None),
        ("a b", "a b", None, None, None),
    ],
)
def test_order(
    base: str | None, ours: str | None, theirs: str | None, plain: str, replacing: str
) -> None:
    assert plan_of(base, ours, theirs, key="order:u/") == plain
    assert plan_of(base, ours, theirs, key="order:u/", replace_edits=True) == replacing


def test_every_object_of_either_side_is_in_the_plan() -> None:
    plan = make_plan(
        base={"term:c": "x"},
        ours={"term:b": "x"},
        theirs={"term:a": "x"},
        replace_edits=False,
        keep_edits=False,
    )
    assert plan == {"term:a": Action.CREATED, "term:b": Action.EDITED}
