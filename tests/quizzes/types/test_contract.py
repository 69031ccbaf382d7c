"""What holds for every type, over specs and answers of every kind."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from inspect import getmembers, isfunction, signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import BadResponse, Grade, Labels, QuestionType
from tests.quizzes.types.strategies import JSON, SPECS, raw_answers

CANARY = "canary-5b1d"
SHOWN = {  # what of a spec students see; by the last names of the path, "*" for any id
    "single_choice": ["options.*.text"],
    "multiple_response": ["options.*.text"],
    "true_false": ["reasons.*.text"],
    "short_text": [],
    "numeric": ["units.*.name"],
    "ordering": ["first", "last", "items.*.text"],
    "matching": ["pairs.*.prompt", "pairs.*.answer", "distractors.*.text"],
    "gap_fill": ["text", "gaps.*.options.*.text"],
    "categorise": ["categories.*.text", "items.*.text"],
    "locate": [],
    "select_evidence": ["claim", "passages.*.text"],
    "essay": ["guidance", "rubric.*.title", "rubric.*.description"],
}
seeds = st.text("0123456789abcdef", min_size=8, max_size=16)
each_type = pytest.mark.parametrize("name", TYPES)


@each_type
def test_module_implements_contract(name: str) -> None:
    kind = TYPES[name]
    wanted = dict(getmembers(QuestionType, isfunction))
    wanted = {key: value for key, value in wanted.items() if not key.startswith("_")}
    for method, declared in wanted.items():
        asked = [each for each in signature(declared).parameters if each != "self"]
        assert list(signature(getattr(kind, method)).parameters) == asked, method
    assert name == kind.NAME
    assert kind.RULES


@each_type
@given(data=st.data())
def test_check_spec_accepts_what_can_be_asked(name: str, data: st.DataObject) -> None:
    assert TYPES[name].check_spec(data.draw(SPECS[name])) == []


@each_type
@given(spec=JSON)
def test_check_spec_never_raises(name: str, spec: Any) -> None:
    assert TYPES[name].check_spec(spec)


@each_type
@given(data=st.data())
def test_check_spec_never_raises_on_a_spoilt_spec(name: str, data: st.DataObject) -> None:
    """One value anywhere becomes anything; what is still accepted can be used."""
    spec, kind = data.draw(SPECS[name]), TYPES[name]
    steps = list(_places(spec))
    *way, last = data.draw(st.sampled_from(steps))
    spoilt = deepcopy(spec)
    inner: Any = spoilt
    for step in way:
        inner = inner[step]
    inner[last] = data.draw(JSON)
    faults = kind.check_spec(spoilt)
    assert all(isinstance(fault.path, str) and fault.message for fault in faults)
    if not faults:
        labels = Labels("seed")
        kind.view(spoilt, labels)
        kind.review(spoilt, kind.fix(spoilt))


def _places(value: Any) -> Iterator[tuple[Any, ...]]:
    """Every way into nested JSON."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inner:
        yield (key,)
        if isinstance(each, dict | list):
            yield from ((key, *rest) for rest in _places(each))


@each_type
@given(data=st.data())
def test_check_spec_reports_each_missing_name(name: str, data: st.DataObject) -> None:
    spec = data.draw(SPECS[name])
    paths = {fault.path for fault in TYPES[name].check_spec({})}
    assert paths
    assert paths <= set(spec) | {"options", "answers", "marks"}


@each_type
@given(data=st.data(), seed=seeds)
def test_parse_undoes_unparse(name: str, data: st.DataObject, seed: str) -> None:
    kind, spec, labels = TYPES[name], data.draw(SPECS[name]), Labels(seed)
    raw = data.draw(raw_answers(name, spec, labels))
    response = kind.parse(spec, raw, labels)
    assert kind.parse(spec, kind.unparse(spec, response, labels), labels) == response
    assert json.loads(json.dumps(response)) == response


@each_type
@given(data=st.data(), seed=seeds)
def test_grade_is_a_share_and_the_same_again(name: str, data: st.DataObject, seed: str) -> None:
    kind, spec, labels = TYPES[name], data.draw(SPECS[name]), Labels(seed)
    response = kind.parse(spec, data.draw(raw_answers(name, spec, labels)), labels)
    grade = kind.grade(spec, response)
    assert 0 <= grade.ratio <= 1
    assert grade == kind.grade(json.loads(json.dumps(spec)), json.loads(json.dumps(response)))


@each_type
@given(data=st.data())
def test_fix_earns_everything(name: str, data: st.DataObject) -> None:
    kind, spec = TYPES[name], data.draw(SPECS[name])
    response = kind.fix(spec)
    if response:
        assert kind.grade(spec, response).ratio == 1
        labels = Labels("seed")
        assert kind.parse(spec, kind.unparse(spec, response, labels), labels) == response
    else:
        is_by_hand = name == "essay" or spec.get("justification") == "write"
        assert is_by_hand


@each_type
@given(data=st.data())
def test_nothing_earns_nothing(name: str, data: st.DataObject) -> None:
    kind, spec, labels = TYPES[name], data.draw(SPECS[name]), Labels("seed")
    assert kind.parse(spec, {}, labels) == {}
    assert kind.unparse(spec, {}, labels) == {}
    assert kind.tally(spec, {}) == []
    grade = kind.grade(spec, {})
    assert grade == Grade(Decimal(0))


@each_type
@given(data=st.data(), raw=JSON)
def test_hostile_answers_are_refused_or_read(name: str, data: st.DataObject, raw: Any) -> None:
    kind, spec, labels = TYPES[name], data.draw(SPECS[name]), Labels("seed")
    _read(kind, spec, raw, labels)


@each_type
@given(data=st.data())
def test_spoilt_answers_are_refused_or_read(name: str, data: st.DataObject) -> None:
    """An honest answer with one value replaced by anything, a name's or a label's included."""
    kind, spec, labels = TYPES[name], data.draw(SPECS[name]), Labels("seed")
    raw: Any = data.draw(raw_answers(name, spec, labels))
    field = next(iter(raw))
    spoilt = data.draw(JSON)
    inner = raw[field]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(list(inner)) | st.text())
        raw[field] = {**inner, key: spoilt}
    elif isinstance(inner, list) and data.draw(st.booleans()):
        raw[field] = [*inner, spoilt]
    else:
        raw[field] = spoilt
    _read(kind, spec, raw, labels)


def _read(kind: QuestionType, spec: Any, raw: Any, labels: Labels) -> None:
    try:
        response = kind.parse(spec, raw, labels)
    except BadResponse as refused:
        f"{refused.path}: {refused.message}".encode()  # both can be sent
        return
    assert isinstance(response, dict)
    json.dumps(response, ensure_ascii=False).encode()
    assert 0 <= kind.grade(spec, response).ratio <= 1
    kind.review(spec, response)
    assert kind.parse(spec, kind.unparse(spec, response, labels), labels) == response


@each_type
@given(data=st.data())
def test_answers_to_another_version_are_graded(name: str, data: st.DataObject) -> None:
    """A correction regrades by a new spec: its options may have other ids, or be fewer."""
    kind, old, new = TYPES[name], data.draw(SPECS[name]), data.draw(SPECS[name])
    labels = Labels("seed")
    response = kind.parse(old, data.draw(raw_answers(name, old, labels)), labels)
    assert 0 <= kind.grade(new, response).ratio <= 1
    assert all(part.ratio is None or 0 <= part.ratio <= 1 for part in kind.review(new, response))
    kind.unparse(new, response, labels)
    kind.tally(new, response)


def _marked(value: Any, shown: list[str], path: str = "") -> Any:
    """A spec with a canary in every text that students may not see."""
    if isinstance(value, dict):
        return {key: _marked(each, shown, f"{path}.{key}") for key, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, shown, f"{path}.*") for each in value]
    name = path.rpartition(".")[2]
    is_text = name.startswith("feedback") or name in {"text", "description", "title", "name"}
    is_secret = is_text or name in {"source", "model_answer", "pattern", "prompt", "place"}
    if is_secret and path.removeprefix(".") not in shown and isinstance(value, str):
        return f"{value}{CANARY}"
    return value


@each_type
@given(data=st.data(), seed=seeds)
def test_view_holds_no_secret(name: str, data: st.DataObject, seed: str) -> None:
    spec = _marked(data.draw(SPECS[name]), SHOWN[name])
    shown = json.dumps(TYPES[name].view(spec, Labels(seed)))
    assert CANARY not in shown
    for secret in ("is_key", "credit", "feedback", "source", "tolerance", 'category"'):
        assert f'"{secret}' not in shown


@each_type
@given(data=st.data(), seed=seeds)
def test_view_leads_only_to_texts(name: str, data: st.DataObject, seed: str) -> None:
    kind, spec = TYPES[name], data.draw(SPECS[name])
    known = {text.path for text in kind.texts(spec)}
    paths = list(_paths(kind.view(spec, Labels(seed))))
    assert set(paths) <= known
    assert len(known) == len(kind.texts(spec))
    shown = {path.rpartition(".")[2] for path in paths}
    assert not {each for each in shown if each.startswith("feedback")}


def _paths(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"path"}:
            yield value["path"]
        for each in value.values():
            yield from _paths(each)
    elif isinstance(value, list):
        for each in value:
            yield from _paths(each)


@pytest.mark.parametrize(
    ("name", "rows", "field"),
    [
        ("single_choice", "options", "is_key"),
        ("multiple_response", "options", "is_key"),
        ("true_false", "reasons", "is_key"),
        ("select_evidence", "passages", "is_key"),
        ("locate", "marks", "is_key"),
        ("categorise", "items", "category"),
    ],
)
@given(data=st.data(), seed=seeds)
def test_view_is_the_same_whatever_is_right(
    name: str, rows: str, field: str, data: st.DataObject, seed: str
) -> None:
    spec = data.draw(SPECS[name].filter(lambda spec: rows in spec))
    values = data.draw(st.permutations([row[field] for row in spec[rows]]))
    changed = [{**row, field: value} for row, value in zip(spec[rows], values, strict=True)]
    other = {**spec, rows: changed}
    assert TYPES[name].view(spec, Labels(seed)) == TYPES[name].view(other, Labels(seed))


@given(spec=SPECS["ordering"], seed=seeds)
def test_view_of_ordering_is_the_same_whatever_the_order(spec: Any, seed: str) -> None:
    other = {**spec, "items": spec["items"][::-1]}
    assert TYPES["ordering"].view(spec, Labels(seed)) == TYPES["ordering"].view(other, Labels(seed))


@given(spec=SPECS["matching"], seed=seeds)
def test_labels_of_a_pair_share_nothing(spec: Any, seed: str) -> None:
    view = TYPES["matching"].view(spec, Labels(seed))
    prompts = {row["label"] for row in view["prompts"]}
    answers = {row["label"] for row in view["answers"]}
    assert not prompts & answers
    assert len(answers) == len(spec["pairs"]) + len(spec["distractors"])


def _labels(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for key, each in value.items() if key == "label")
        for each in value.values():
            yield from _labels(each)
    elif isinstance(value, list):
        for each in value:
            yield from _labels(each)


@each_type
@given(data=st.data())
def test_labels_differ_between_seeds(name: str, data: st.DataObject) -> None:
    spec = data.draw(SPECS[name])
    one, two = (set(_labels(TYPES[name].view(spec, Labels(seed)))) for seed in ("one", "two"))
    assert not one & two
    assert all(len(label) == 10 for label in one)


@given(spec=SPECS["ordering"])
def test_order_of_a_view_depends_on_the_seed_alone(spec: Any) -> None:
    random.seed()
    view = TYPES["ordering"].view
    assert view(spec, Labels("same")) == view(deepcopy(spec), Labels("same"))


@each_type
@given(data=st.data(), seed=seeds)
def test_review_leads_only_to_texts(name: str, data: st.DataObject, seed: str) -> None:
    kind, spec, labels = TYPES[name], data.draw(SPECS[name]), Labels(seed)
    response = kind.parse(spec, data.draw(raw_answers(name, spec, labels)), labels)
    known = {text.path for text in kind.texts(spec)} | {""}
    sources = {*kind.sources(spec), ""}
    for part in kind.review(spec, response):
        words = [part.label] if part.label else []
        words += [*part.answer, *part.key, *(each for each, _source in part.feedback)]
        assert {each.path for each in words} <= known
        assert {source for _words, source in part.feedback} <= sources
        assert part.ratio is None or isinstance(part.ratio, Decimal)


@each_type
@given(data=st.data(), seed=seeds)
def test_tally_counts_what_choices_list(name: str, data: st.DataObject, seed: str) -> None:
    kind, spec, labels = TYPES[name], data.draw(SPECS[name]), Labels(seed)
    choices = kind.choices(spec)
    codes = [choice.code for choice in choices]
    assert len(set(codes)) == len(codes)
    known = {text.path for text in kind.texts(spec)} | {""}
    assert {choice.words.path for choice in choices} <= known
    response = kind.parse(spec, data.draw(raw_answers(name, spec, labels)), labels)
    counted = kind.tally(spec, response)
    written = {f"{gap['id']}." for gap in spec.get("gaps", ()) if gap["form"] == "text"}
    listed = [code for code in counted if not code.startswith(tuple(written))]
    if choices:
        assert set(listed if written else counted) <= set(codes)
    fixed = set(kind.tally(spec, kind.fix(spec)))
    if kind.fix(spec) and choices and name != "single_choice":
        assert {choice.code for choice in choices if choice.is_key} <= fixed | {
            choice.code for choice in choices if choice.part == "reason"
        }


@each_type
@given(data=st.data())
def test_rule_text_names_the_type(name: str, data: st.DataObject) -> None:
    assert TYPES[name].rule_text(data.draw(SPECS[name])).startswith(f"{name}.")
