"""Comparing versions: whatever is shown as kept, taken out and put in adds up to both texts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.admin.comparison import (
    WORDS_LIMIT,
    Part,
    Run,
    abridge,
    compare_parts,
    compare_text,
)

words = st.lists(
    st.sampled_from(["Lahore", "Moscow", "в 1949", "\n", "\n\n", "a", " "]), max_size=40
)
texts = words.map(" ".join)


@given(texts, texts)
def test_runs_add_up_to_both_texts(old: str, new: str) -> None:
    runs = compare_text(old, new)
    assert "".join(run.text for run in runs if run.kind != "added") == old
    assert "".join(run.text for run in runs if run.kind != "removed") == new


@given(texts)
def test_same_text_has_no_change(text: str) -> None:
    assert compare_text(text, text) == ((Run("same", text),) if text else ())


def test_one_word_is_one_change() -> None:
    assert compare_text("In 1949 he went.\n", "In 1950 he went.\n") == (
        Run("same", "In "),
        Run("removed", "1949 "),
        Run("added", "1950 "),
        Run("same", "he went.\n"),
    )


@settings(deadline=None, max_examples=3)
@given(st.integers(min_value=1, max_value=3))
def test_very_long_passage_is_compared_whole(times: int) -> None:
    old = "start " + "x " * WORDS_LIMIT * times + "end"
    new = "start " + "y " * WORDS_LIMIT * times + "end"
    assert [run.kind for run in compare_text(old, new)] == ["same", "removed", "added", "same"]


def test_long_unchanged_stretches_are_cut_around_changes() -> None:
    runs = abridge(compare_text("a " * 400 + "old", "a " * 400 + "new"), around=10)
    assert runs == (Run("same", "… a a a a a "), Run("removed", "old"), Run("added", "new"))


def parts(*keys: str) -> list[Part]:
    return [Part(key, key.title(), f"Text of {key}.") for key in keys]


def test_parts_are_matched_by_key() -> None:
    new = [*parts("b", "a"), Part("d", "D", "New."), Part("e", "E", "Changed.")]
    found = compare_parts(parts("a", "b", "c", "e"), new)
    assert {part.key: part.status for part in found} == {
        "a": "same",
        "b": "moved",
        "c": "removed",
        "d": "added",
        "e": "changed",
    }


def test_removed_part_stands_where_it_was() -> None:
    assert [part.key for part in compare_parts(parts("a", "b", "c"), parts("a", "c"))] == list(
        "abc"
    )
    assert [part.key for part in compare_parts(parts("a", "b"), parts("b"))] == list("ab")


def test_new_heading_over_the_same_text_is_a_change() -> None:
    found = compare_parts([Part("a", "Old", "Text.")], [Part("a", "New", "Text.")])
    assert found[0].status == "changed"
