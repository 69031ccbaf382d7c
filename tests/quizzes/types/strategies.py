"""Specs of every type, and answers to them, as hypothesis draws them."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Labels
from apps.quizzes.types.texts import normalise

Spec = dict[str, Any]
Draw = Callable[..., Any]

SOURCES = st.sampled_from(["P05", "P06", "P33", "P59"])
CREDITS = st.sampled_from(["0", "0.25", "0.5", "1"])
WORDS = st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=20).filter(
    lambda text: bool(normalise(text))
)
FEEDBACK = st.sampled_from(["", "Read the section again."])
# Anything that JSON can say, half characters and endless numbers included.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def texts(count: int) -> st.SearchStrategy[list[str]]:
    """So many, all different even without case, spaces and accents."""
    return st.lists(WORDS, min_size=count, max_size=count, unique_by=normalise)


def rows(draw: Draw, texts_: Sequence[str], name: str = "text") -> list[dict[str, Any]]:
    ids = draw(st.permutations("abcdefghijkl"[: len(texts_)]))
    return [
        {"id": ident, name: text, "feedback": draw(FEEDBACK), "source": draw(SOURCES)}
        for ident, text in zip(ids, texts_, strict=True)
    ]


def option_rows(draw: Draw, *, keys: int | None = 1) -> list[dict[str, Any]]:
    """keys: how many are right; None for any number."""
    found = rows(draw, draw(texts(draw(st.integers(2, 6)))))
    count = keys or draw(st.integers(1, len(found)))
    right = draw(st.permutations([row["id"] for row in found]))[:count]
    return [{**row, "is_key": row["id"] in right} for row in found]


def answer_rows(draw: Draw) -> list[dict[str, Any]]:
    found = draw(texts(draw(st.integers(1, 4))))
    return [
        {
            "text": text,
            "credit": draw(CREDITS) if place else "1",
            "feedback": draw(FEEDBACK),
            "source": draw(SOURCES),
        }
        for place, text in enumerate(found)
    ]


def rule(draw: Draw, name: str) -> str:
    chosen: str = draw(st.sampled_from(TYPES[name].RULES))
    return chosen


@st.composite
def single_choice(draw: Draw) -> Spec:
    found = rule(draw, "single_choice")
    listed = option_rows(draw)
    if found == "weighted":
        part = st.sampled_from(["0", "0.25", "0.5"])
        listed = [{**row, "credit": "1" if row["is_key"] else draw(part)} for row in listed]
    return {"rule": found, "shuffle": draw(st.booleans()), "options": listed}


@st.composite
def multiple_response(draw: Draw) -> Spec:
    return {"rule": rule(draw, "multiple_response"), "options": option_rows(draw, keys=None)}


@st.composite
def true_false(draw: Draw) -> Spec:
    justification = draw(st.sampled_from(["choose", "write", "none"]))
    spec: Spec = {
        "rule": "answer_only" if justification == "none" else rule(draw, "true_false"),
        "is_true": draw(st.booleans()),
        "feedback_true": draw(FEEDBACK),
        "feedback_false": draw(FEEDBACK),
        "source": draw(SOURCES),
        "justification": justification,
    }
    return spec | ({"reasons": option_rows(draw)} if justification == "choose" else {})


@st.composite
def short_text(draw: Draw) -> Spec:
    return {
        "ignore": ["case", "spacing", "diacritics", "punctuation"],
        "answers": answer_rows(draw),
        "pattern": draw(st.sampled_from(["", "[0-9]{4}", "(a|aa)+"])),
        "feedback_other": draw(FEEDBACK),
        "max_length": draw(st.integers(40, 80)),
    }


def number(low: int = -9999, high: int = 9999) -> st.SearchStrategy[str]:
    return st.decimals(low, high, places=2).map(str)


@st.composite
def numeric(draw: Draw) -> Spec:
    form = draw(st.sampled_from(["number", "year", "year_range"]))
    years = st.integers(-500, 2100).map(str)
    values = number() if form == "number" else years
    tolerances = st.sampled_from(["0", "0.5", "5"])
    answers = []
    for place in range(draw(st.integers(1, 3))):
        row = {
            "credit": draw(CREDITS) if place else "1",
            "feedback": draw(FEEDBACK),
            "source": draw(SOURCES),
        }
        if form == "year_range":
            start, end = sorted(draw(st.tuples(years, years)), key=int)
            row |= {"start": start, "end": end, "tolerance": draw(tolerances)}
        elif draw(st.booleans()):
            low, high = sorted(draw(st.tuples(values, values)), key=float)
            row |= {"low": low, "high": high}
        else:
            kind = draw(st.sampled_from(["absolute", "relative"]))
            row |= {"value": draw(values), "tolerance": draw(tolerances), "tolerance_is": kind}
        answers.append(row)
    spec: Spec = {"form": form, "answers": answers, "feedback_other": draw(FEEDBACK)}
    if form == "number" and draw(st.booleans()):
        spec["units"] = [{"name": "km", "factor": "1"}, {"name": "m", "factor": "0.001"}]
        spec["unit_rule"] = draw(st.sampled_from(["none", "optional", "required"]))
    return spec


@st.composite
def ordering(draw: Draw) -> Spec:
    listed = rows(draw, draw(texts(draw(st.integers(2, 6)))))
    return {"rule": rule(draw, "ordering"), "first": "Early", "last": "Late", "items": listed}


@st.composite
def matching(draw: Draw) -> Spec:
    count, wrong = draw(st.integers(2, 5)), draw(st.integers(0, 3))
    found = draw(texts(2 * count + wrong))
    pairs = rows(draw, found[:count], "prompt")
    pairs = [{**row, "answer": text} for row, text in zip(pairs, found[count:], strict=False)]
    others = [
        {**row, "id": f"x{row['id']}"} for row in rows(draw, found[2 * count : 2 * count + wrong])
    ]
    return {"rule": rule(draw, "matching"), "pairs": pairs, "distractors": others}


@st.composite
def gap_fill(draw: Draw) -> Spec:
    gaps: list[dict[str, Any]] = []
    for ident in draw(st.permutations(["1", "2", "3"]))[: draw(st.integers(1, 3))]:
        if draw(st.booleans()):
            gaps.append({"id": ident, "form": "choice", "options": option_rows(draw)})
        else:
            gaps.append(
                {
                    "id": ident,
                    "form": "text",
                    "answers": answer_rows(draw),
                    "feedback_other": draw(FEEDBACK),
                }
            )
    text = "Once " + ", then ".join(f"{{{{{gap['id']}}}}}" for gap in gaps) + "."
    ignore = ["case", "spacing", "diacritics", "punctuation"]
    return {"rule": rule(draw, "gap_fill"), "text": text, "ignore": ignore, "gaps": gaps}


@st.composite
def categorise(draw: Draw) -> Spec:
    names = draw(texts(draw(st.integers(2, 4))))
    categories = [{"id": f"c{place}", "text": text} for place, text in enumerate(names)]
    ids = st.sampled_from([row["id"] for row in categories])
    listed = rows(draw, draw(texts(draw(st.integers(2, 6)))))
    return {
        "rule": rule(draw, "categorise"),
        "categories": categories,
        "items": [{**row, "category": draw(ids)} for row in listed],
    }


@st.composite
def locate(draw: Draw) -> Spec:
    def place(slug: str) -> dict[str, str]:
        return {
            "place": slug,
            "name": slug.title(),
            "latitude": draw(number(-80, 80)),
            "longitude": draw(number(-170, 170)),
            "source": draw(SOURCES),
        }

    if draw(st.booleans()):
        return {
            "form": "point",
            **place("gwadar"),
            "full_km": 150,
            "half_km": draw(st.integers(150, 400)),
            "feedback_hit": draw(FEEDBACK),
            "feedback_miss": draw(FEEDBACK),
        }
    slugs = ["gwadar", "karachi", "moscow", "kabul", "astana"][: draw(st.integers(2, 5))]
    key = draw(st.sampled_from(slugs))
    marks = [
        {"id": slug[0] + slug[-1], "is_key": slug == key, "feedback": draw(FEEDBACK)} | place(slug)
        for slug in slugs
    ]
    return {"form": "mark", "marks": marks}


@st.composite
def select_evidence(draw: Draw) -> Spec:
    listed = option_rows(draw, keys=None)
    passages = [{**row, "lesson": "history/invitation", "anchor": "first"} for row in listed]
    return {"rule": rule(draw, "select_evidence"), "claim": "It was so.", "passages": passages}


@st.composite
def essay(draw: Draw) -> Spec:
    criteria = [
        {
            "id": ident,
            "title": "Claim",
            "description": "States a position.",
            "levels": [
                {"credit": "0", "text": "None."},
                {"credit": "0.5", "text": "Half."},
                {"credit": "1", "text": "Whole."},
            ],
            "weight": draw(st.sampled_from(["0.5", "1", "2"])),
        }
        for ident in "abc"[: draw(st.integers(1, 3))]
    ]
    return {
        "min_words": 80,
        "max_words": 250,
        "guidance": "Take a position.",
        "rubric": criteria,
        "model_answer": "A good answer.",
        "source": draw(SOURCES),
    }


SPECS: dict[str, st.SearchStrategy[Spec]] = {
    "single_choice": single_choice(),
    "multiple_response": multiple_response(),
    "true_false": true_false(),
    "short_text": short_text(),
    "numeric": numeric(),
    "ordering": ordering(),
    "matching": matching(),
    "gap_fill": gap_fill(),
    "categorise": categorise(),
    "locate": locate(),
    "select_evidence": select_evidence(),
    "essay": essay(),
}

_TYPED = WORDS | number() | st.sampled_from(["", "  ", "1,100 km", "1949", "25° N", "9e9999999"])


def some(draw: Draw, labels: Sequence[str]) -> list[str]:
    """A few of them in any order."""
    shuffled = draw(st.permutations(labels))
    found: list[str] = shuffled[: draw(st.integers(0, len(labels)))]
    return found


def label(draw: Draw, listed: Sequence[dict[str, Any]]) -> str:
    """One of them, or none."""
    chosen: str = draw(st.sampled_from(["", *(row["label"] for row in listed)]))
    return chosen


def true_false_raw(draw: Draw, view: Spec) -> Spec:
    raw = {"answer": draw(st.sampled_from(["", "true", "false"]))}
    if "reasons" in view:
        raw["reason"] = label(draw, view["reasons"])
    return raw | ({"text": draw(_TYPED)} if view["justification"] == "write" else {})


def ordering_raw(draw: Draw, view: Spec) -> Spec:
    found = [row["label"] for row in view["items"]]
    if draw(st.booleans()):
        return {"order": draw(st.permutations(found))}
    numbers = st.sampled_from(["", *(str(place + 1) for place in range(len(found)))])
    return {"positions": {each: draw(numbers) for each in found}}


def gap_fill_raw(draw: Draw, view: Spec) -> Spec:
    gaps = {
        gap["gap"]: label(draw, gap["options"]) if "options" in gap else draw(_TYPED)
        for gap in view["gaps"]
    }
    return {"gaps": gaps}


def locate_raw(draw: Draw, view: Spec) -> Spec:
    if "marks" in view:
        return {"mark": label(draw, view["marks"])}
    return {"latitude": draw(_TYPED), "longitude": draw(_TYPED)}


def numeric_raw(draw: Draw, view: Spec) -> Spec:
    both = ("start", "end") if view["form"] == "year_range" else ("value", "unit")
    return {field: draw(_TYPED) for field in both}


RAW: dict[str, Callable[[Draw, Spec], Spec]] = {
    "single_choice": lambda draw, view: {"choice": label(draw, view["options"])},
    "multiple_response": lambda draw, view: {
        "choices": some(draw, [row["label"] for row in view["options"]])
    },
    "true_false": true_false_raw,
    "short_text": lambda draw, _view: {"text": draw(_TYPED)},
    "numeric": numeric_raw,
    "ordering": ordering_raw,
    "matching": lambda draw, view: {
        "pairs": {row["label"]: label(draw, view["answers"]) for row in view["prompts"]}
    },
    "gap_fill": gap_fill_raw,
    "categorise": lambda draw, view: {
        "items": {row["label"]: label(draw, view["categories"]) for row in view["items"]}
    },
    "locate": locate_raw,
    "select_evidence": lambda draw, view: {
        "passages": some(draw, [row["label"] for row in view["passages"]])
    },
    "essay": lambda draw, _view: {"text": draw(_TYPED)},
}


@st.composite
def raw_answers(draw: Draw, name: str, spec: Spec, labels: Labels) -> dict[str, Any]:
    """What an honest form may send for a spec, by its view alone."""
    return RAW[name](draw, TYPES[name].view(spec, labels))
