"""What is written comes back the same, whatever stands in it; what is not carried is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.quizzes.exchange import FORMATS, Hint, QuestionDraft
from apps.quizzes.exchange.record import named
from apps.quizzes.types import TYPES

PIECES = ["->", "{", "}", "%50%", "~", "=", "#", "####", "::", "\\", "\n", "//", "[html]", "<b>"]
PIECES += ["&amp;", "]]>", "*", "_", "\u200f", "ا", "😀", "\r", "\x0b", "'", '"', ",", ";", "{{1}}"]
TEXT = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    min_size=1,
    max_size=6,
).map("".join).filter(lambda text: text.strip() and "\0" not in text)  # fmt: skip
CREDIT = st.sampled_from(["0", "0.5", "0.25", "0.3333333"])
BASE = {"feedback": "Why", "source": "P06"}


def rows(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    texts = st.lists(st.tuples(TEXT, TEXT), min_size=3, max_size=5)
    return texts.map(
        lambda pairs: [
            {"id": f"o{place}", name: text, "feedback": told, "source": f"P0{place + 5}"}
            for place, (text, told) in enumerate(pairs)
        ]
    )


def keyed(listed: list[dict[str, Any]], keys: int) -> list[dict[str, Any]]:
    return [{**row, "is_key": place < keys} for place, row in enumerate(listed)]


SPECS = st.one_of(
    rows("text").map(
        lambda r: ("single_choice", {"rule": "one_best", "shuffle": False, "options": keyed(r, 1)})
    ),
    st.tuples(rows("text"), st.sampled_from(TYPES["multiple_response"].RULES)).map(
        lambda x: ("multiple_response", {"rule": x[1], "shuffle": True, "options": keyed(x[0], 2)})
    ),
    st.tuples(TEXT, st.booleans()).map(
        lambda x: (
            "true_false",
            {
                "rule": "answer_only",
                "is_true": x[1],
                "feedback_true": x[0],
                "feedback_false": "No",
                "source": "P10",
                "justification": "none",
            },
        )
    ),
    st.tuples(TEXT, TEXT, CREDIT).map(
        lambda x: (
            "short_text",
            {
                "ignore": ["case", "spacing"],
                "answers": [
                    {"text": x[0], "credit": "1", **BASE},
                    {"text": x[1], "credit": x[2], **BASE},
                ],
                "pattern": "",
                "feedback_other": "Other",
                "max_length": 100,
            },
        )
    ),
    st.tuples(st.integers(-9999, 9999), CREDIT).map(
        lambda x: (
            "numeric",
            {
                "form": "number",
                "answers": [
                    {
                        "value": str(x[0]),
                        "tolerance": "0.1",
                        "tolerance_is": "relative",
                        "credit": "1",
                        **BASE,
                    },
                    {"low": "1", "high": "10000", "credit": x[1], **BASE},
                ],
                "units": [{"name": "km", "factor": "1"}, {"name": "m", "factor": "0.001"}],
                "unit_rule": "required",
            },
        )
    ),
    rows("text").map(
        lambda r: ("ordering", {"rule": "pairs", "first": "Old", "last": "New", "items": r})
    ),
    st.tuples(rows("prompt"), st.lists(TEXT, min_size=6, max_size=6)).map(
        lambda x: (
            "matching",
            {
                "rule": "each_pair",
                "pairs": [{**r, "answer": a} for r, a in zip(x[0], x[1], strict=False)],
                "distractors": [{"id": "z", "text": x[1][5], **BASE}],
            },
        )
    ),
    rows("text").map(
        lambda r: (
            "categorise",
            {
                "rule": "each_item",
                "categories": [{"id": "a", "text": "East"}, {"id": "b", "text": "West"}],
                "items": [{**row, "category": "ab"[n % 2]} for n, row in enumerate(r)],
            },
        )
    ),
    st.tuples(rows("text"), TEXT).map(
        lambda x: (
            "gap_fill",
            {
                "rule": "each_gap",
                "text": "One {{1}} and {{2}}.",
                "ignore": ["case"],
                "gaps": [
                    {"id": "1", "form": "choice", "options": keyed(x[0], 1)},
                    {"id": "2", "form": "text", "answers": [{"text": x[1], "credit": "1", **BASE}]},
                ],
            },
        )
    ),
)
DRAFTS = st.builds(
    lambda made, stem, hint, told, aims: QuestionDraft(
        slug="asked-here",
        kind=made[0],
        spec=made[1],
        stem=stem,
        lesson="history/the-invitation-of-1949",
        anchor="invitation",
        objectives=aims,
        sources=("P06", "P07"),
        tags=("cold-war",),
        difficulty="hard",
        bloom="analyse",
        hints=(Hint(hint, "0.25"),),
        explanation=told,
    ),
    SPECS,
    TEXT,
    TEXT,
    TEXT,
    # The last are longer than a tag of Moodle may be.
    st.sampled_from([(), ("first-contact", "turning-point"), ("a" * 30, "b" * 30)]),
).filter(lambda draft: not TYPES[draft.kind].check_spec(draft.spec))


@pytest.mark.parametrize("name", list(FORMATS))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(draft=DRAFTS)
def test_export_then_import_is_lossless(name: str, draft: QuestionDraft) -> None:
    written = FORMATS[name].write([draft])
    reading = FORMATS[name].read(written.text.encode())
    if any(loss.code == "not-carried" for loss in written.losses):
        assert draft.kind == "gap_fill" or "(" in written.losses[0].detail
        assert reading.drafts == ()
    else:
        assert reading.faults == ()
        assert reading.drafts == (draft,)


@pytest.mark.parametrize("name", list(FORMATS))
@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300) | TEXT.map(str.encode))
def test_reading_never_raises(name: str, data: bytes) -> None:
    reading = FORMATS[name].read(data)
    for draft in reading.drafts:
        assert TYPES[draft.kind].check_spec(named(draft, "P01").spec) == []


def test_what_was_edited_since_is_kept_and_said() -> None:
    draft = QuestionDraft(
        slug="peak",
        kind="single_choice",
        stem="Which?",
        sources=("P06",),
        spec={
            "rule": "one_best",
            "shuffle": True,
            "options": [
                {"id": "k", "text": "High", "is_key": True, "feedback": "Yes", "source": "P06"},
                {"id": "l", "text": "Low", "is_key": False, "feedback": "No", "source": "P07"},
            ],
        },
    )
    text = FORMATS["gift"].write([draft]).text
    reading = FORMATS["gift"].read(text.replace("~Low", "~Lower"))
    (found,) = reading.drafts
    assert [row["source"] for row in found.spec["options"]] == ["P06", ""]
    assert "edited" in {loss.code for loss in reading.losses}
