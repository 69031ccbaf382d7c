"""Each rule's arithmetic, worked by hand."""

from decimal import Decimal
from typing import Any

import pytest

from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Grade, Labels

THIRD, TWO_THIRDS = Decimal("0.333333"), Decimal("0.666667")


def option(ident: str, *, is_key: bool = False, **more: str) -> dict[str, Any]:
    return {"id": ident, "text": ident, "is_key": is_key, "source": "P06", **more}


def ratio(name: str, spec: dict[str, Any], response: dict[str, Any]) -> Decimal:
    assert TYPES[name].check_spec(spec) == []
    return TYPES[name].grade(spec, response).ratio


@pytest.mark.parametrize(("choice", "expected"), [("a", "1"), ("b", "0.5"), ("c", "0")])
def test_single_choice_weighted(choice: str, expected: str) -> None:
    options = [
        option("a", is_key=True, credit="1"),
        option("b", credit="0.5"),
        option("c", credit="0"),
    ]
    spec = {"rule": "weighted", "options": options}
    assert ratio("single_choice", spec, {"choice": choice}) == Decimal(expected)


@pytest.mark.parametrize(("choice", "expected"), [("a", 1), ("b", 0), ("gone", 0)])
def test_single_choice_one_best(choice: str, expected: int) -> None:
    spec = {"options": [option("a", is_key=True), option("b")]}
    assert ratio("single_choice", spec, {"choice": choice}) == expected


@pytest.mark.parametrize(
    ("rule", "chosen", "expected"),
    [
        # a, b right; c, d, e wrong
        ("each_option", "ab", "1"),
        ("each_option", "a", "0.8"),  # a ticked; c, d, e left
        ("each_option", "ac", "0.6"),
        ("each_option", "abcde", "0.4"),
        ("each_option", "cde", "0"),
        ("each_option", "", "0"),
        ("right_minus_wrong", "ab", "1"),
        ("right_minus_wrong", "a", "0.5"),
        ("right_minus_wrong", "abc", "0.666667"),  # 2/2 - 1/3
        ("right_minus_wrong", "ac", "0.166667"),  # 1/2 - 1/3
        ("right_minus_wrong", "abcde", "0"),
        ("right_minus_wrong", "c", "0"),
        ("all_or_nothing", "ab", "1"),
        ("all_or_nothing", "a", "0"),
        ("all_or_nothing", "abc", "0"),
    ],
)
def test_multiple_response(rule: str, chosen: str, expected: str) -> None:
    options = [option(each, is_key=each in "ab") for each in "abcde"]
    spec = {"rule": rule, "options": options}
    response = {"choices": list(chosen)} if chosen else {}
    assert ratio("multiple_response", spec, response) == Decimal(expected)


def test_multiple_response_where_all_are_right() -> None:
    spec = {"rule": "right_minus_wrong", "options": [option(e, is_key=True) for e in "abcd"]}
    assert ratio("multiple_response", spec, {"choices": ["a"]}) == Decimal("0.25")


@pytest.mark.parametrize(
    ("rule", "answer", "reason", "expected"),
    [
        ("both", "false", "a", "1"),
        ("both", "false", "b", "0"),
        ("both", "true", "a", "0"),
        ("half_each", "false", "a", "1"),
        ("half_each", "false", "b", "0.5"),
        ("half_each", "true", "a", "0"),  # the right reason for the wrong answer is a guess
        ("answer_only", "false", "b", "1"),
        ("answer_only", "true", "a", "0"),
    ],
)
def test_true_false_chosen(rule: str, answer: str, reason: str, expected: str) -> None:
    spec = {
        "rule": rule,
        "is_true": False,
        "source": "P10",
        "justification": "choose",
        "reasons": [option("a", is_key=True), option("b")],
    }
    response = {"answer": answer, "reason": reason}
    assert ratio("true_false", spec, response) == Decimal(expected)


@pytest.mark.parametrize(
    ("rule", "response", "expected"),
    [
        ("both", {"answer": "true", "text": "So."}, Grade(Decimal(0), needs_marking=True)),
        ("both", {"answer": "false", "text": "So."}, Grade(Decimal(0))),
        ("both", {"answer": "true"}, Grade(Decimal(0))),
        ("half_each", {"answer": "true", "text": "S"}, Grade(Decimal("0.5"), needs_marking=True)),
        ("half_each", {"answer": "true"}, Grade(Decimal("0.5"))),
        ("answer_only", {"answer": "true", "text": "So."}, Grade(Decimal(1))),
    ],
)
def test_true_false_written(rule: str, response: dict[str, str], expected: Grade) -> None:
    spec = {"rule": rule, "is_true": True, "source": "P10", "justification": "write"}
    assert TYPES["true_false"].check_spec(spec) == []
    assert TYPES["true_false"].grade(spec, response) == expected


def accepted(text: str, credit: str = "1", **more: str) -> dict[str, str]:
    return {"text": text, "credit": credit, "source": "P06", **more}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("liaquat ALI khan", "1"),
        ("لیاقت علی خان", "1"),
        ("لياقت علي خان", "1"),  # from an Arabic keyboard
        ("Лиакат Али-Хан", "1"),
        ("Liaquat", "0.5"),
        ("Zulfikar Ali Bhutto", "0"),
        ("１９４９", "1"),  # by the pattern
        ("1949 or so", "0"),
        ("PM Khan", "1"),
        ("pm KHAN", "1"),
        ("xPM Khan", "0"),
    ],
)
def test_short_text(typed: str, expected: str) -> None:
    answers = [
        accepted("Liaquat Ali Khan"),
        accepted("لیاقت علی خان"),
        accepted("Лиакат Али Хан"),
        accepted("Liaquat", "0.5"),
        accepted("Zulfikar Ali Bhutto", "0"),
    ]
    ignore = ["case", "spacing", "diacritics", "punctuation"]
    spec = {"ignore": ignore, "answers": answers, "pattern": "19[0-9]{2}|PM Khan"}
    assert ratio("short_text", spec, {"text": typed}) == Decimal(expected)


def test_short_text_case_matters() -> None:
    spec = {"ignore": [], "answers": [accepted("SCO")], "pattern": "S\\.C\\.O\\."}
    assert [ratio("short_text", spec, {"text": t}) for t in ("SCO", "sco", "S.C.O.", "s.c.o.")] == [
        *(1, 0, 1, 0)
    ]


def test_short_text_pattern_is_linear() -> None:
    """A backtracking engine would need longer than the universe for this."""
    spec = {"answers": [accepted("x")], "pattern": "(a*)*(a|aa)*b|((a+)+)+c", "max_length": 200}
    assert ratio("short_text", spec, {"text": "a" * 200}) == 0


@pytest.mark.parametrize("pattern", ["(", "a{1001}", "(?=a)", "\\1", "[", "*"])
def test_short_text_pattern_refused(pattern: str) -> None:
    faults = TYPES["short_text"].check_spec({"answers": [accepted("x")], "pattern": pattern})
    assert [(fault.path, fault.message) for fault in faults] == [
        ("pattern", "RE2 cannot read this pattern.")
    ]


def number(credit: str = "1", **bounds: str) -> dict[str, str]:
    return {"credit": credit, "source": "P33", **bounds}


@pytest.mark.parametrize(
    ("bounds", "typed", "expected"),
    [
        ({"value": "1100"}, "1,100", 1),
        ({"value": "1100"}, "1.1e3", 1),
        ({"value": "1100"}, "۱۱۰۰", 1),
        ({"value": "1100"}, "1100.0000000001", 0),
        ({"value": "1100", "tolerance": "50", "tolerance_is": "absolute"}, "1150", 1),
        ({"value": "1100", "tolerance": "50", "tolerance_is": "absolute"}, "1050", 1),
        ({"value": "1100", "tolerance": "50", "tolerance_is": "absolute"}, "1150.1", 0),
        ({"value": "-200", "tolerance": "0.1", "tolerance_is": "relative"}, "-220", 1),
        ({"value": "-200", "tolerance": "0.1", "tolerance_is": "relative"}, "-180", 1),
        ({"value": "-200", "tolerance": "0.1", "tolerance_is": "relative"}, "-220.01", 0),
        ({"value": "0.3", "tolerance": "0.1"}, "0.2", 1),  # floats would say no
        ({"low": "1979", "high": "1988"}, "1979", 1),
        ({"low": "1979", "high": "1988"}, "1988", 1),
        ({"low": "1979", "high": "1988"}, "1978.999", 0),
        ({"value": "0"}, "-0", 1),
        ({"value": "1"}, "1e999999999", 0),
        ({"value": "1"}, "1e-999999999", 0),
        ({"value": "1"}, "9" * 100, 0),
        ({"value": "1"}, "NaN", 0),
        ({"value": "1"}, "one", 0),
        ({"value": "1"}, "1 km", 0),  # no unit is known
    ],
)
def test_numeric_bounds(bounds: dict[str, str], typed: str, expected: int) -> None:
    spec = {"form": "number", "answers": [number(**bounds)]}
    assert ratio("numeric", spec, {"value": typed}) == expected


@pytest.mark.parametrize(
    ("rule", "response", "expected"),
    [
        ("optional", {"value": "1100"}, "1"),
        ("optional", {"value": "1100", "unit": "km"}, "1"),
        ("optional", {"value": "1100 km"}, "1"),
        ("optional", {"value": "1100 KM"}, "1"),
        ("optional", {"value": "1,100,000", "unit": "m"}, "1"),
        ("optional", {"value": "1100", "unit": "m"}, "0"),
        ("optional", {"value": "1100", "unit": "miles"}, "0"),
        ("optional", {"value": "1100 m", "unit": "km"}, "0"),
        ("optional", {"value": "1700", "unit": "km"}, "0.5"),
        ("required", {"value": "1100", "unit": "km"}, "1"),
        ("required", {"value": "1100 km"}, "1"),
        ("required", {"value": "1100"}, "0.5"),
        ("required", {"value": "1700"}, "0.25"),
        ("none", {"value": "1100"}, "1"),
        ("none", {"value": "1100", "unit": "km"}, "0"),
    ],
)
def test_numeric_units(rule: str, response: dict[str, str], expected: str) -> None:
    spec = {
        "form": "number",
        "answers": [number(value="1100"), number("0.5", value="1700")],
        "units": [{"name": "km", "factor": "1"}, {"name": "m", "factor": "0.001"}],
        "unit_rule": rule,
    }
    assert ratio("numeric", spec, response) == Decimal(expected)


def test_numeric_unit_by_its_exact_name_first() -> None:
    units = [{"name": "MW", "factor": "1"}, {"name": "mW", "factor": "0.000000001"}]
    spec = {"form": "number", "answers": [number(value="5")], "units": units}
    given = [{"value": "5", "unit": unit} for unit in ("MW", "mW", "mw")]
    assert [ratio("numeric", spec, each) for each in given] == [1, 0, 0]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1949", 1),
        ("1949 CE", 1),
        ("AD 1949", 1),
        ("1949 ء", 1),
        ("1949.0", 1),
        ("1949.5", 0),
        ("-1949", 0),
        ("1949 BC", 0),
        ("49", 0),
    ],
)
def test_numeric_year(typed: str, expected: int) -> None:
    spec = {"form": "year", "answers": [number(value="1949")]}
    assert ratio("numeric", spec, {"value": typed}) == expected


def test_numeric_year_before_our_era() -> None:
    spec = {"form": "year", "answers": [number(value="-326")]}
    typed = ["326 BC", "326 BCE", "-326", "326 до н. э.", "326"]
    assert [ratio("numeric", spec, {"value": t}) for t in typed] == [1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("1979", "1988", "1"),
        ("1980", "1987", "1"),  # a year off is allowed
        ("1979", "1991", "0.5"),
        ("1970", "1988", "0.5"),
        ("1977", "1985", "0.5"),  # another answer, at half credit
        ("1977", "1977", "0.25"),
        ("1970", "1999", "0"),
        ("1988", "1979", "0"),
        ("1979", "", "0.5"),
        ("1979", "1989", "1"),
        ("1979", "1990", "0"),  # a foreseen mistake that fits at both ends decides
    ],
)
def test_numeric_year_range(start: str, end: str, expected: str) -> None:
    answers = [
        number(start="1979", end="1988", tolerance="1"),
        number("0.5", start="1977", end="1985"),
        number("0", start="1979", end="1990"),
    ]
    response = {name: value for name, value in (("start", start), ("end", end)) if value}
    spec = {"form": "year_range", "answers": answers}
    assert ratio("numeric", spec, response) == Decimal(expected)


@pytest.mark.parametrize(
    ("rule", "order", "expected"),
    [
        # six pairs of abcd
        ("pairs", "abcd", "1"),
        ("pairs", "abdc", "0.833333"),
        ("pairs", "dabc", "0.5"),
        ("pairs", "dacb", "0"),  # 2/6 is less than a half
        ("pairs", "dcba", "0"),
        ("positions", "abcd", "1"),
        ("positions", "abdc", "0.5"),
        ("positions", "dabc", "0"),
        ("all_or_nothing", "abcd", "1"),
        ("all_or_nothing", "abdc", "0"),
    ],
)
def test_ordering(rule: str, order: str, expected: str) -> None:
    items = [{"id": each, "text": each, "source": "P06"} for each in "abcd"]
    spec = {"rule": rule, "first": "Early", "last": "Late", "items": items}
    assert ratio("ordering", spec, {"order": list(order)}) == Decimal(expected)


@pytest.mark.parametrize(
    ("rule", "positions", "expected"),
    [
        ("pairs", {"a": "1", "b": "2", "c": "3"}, "0.5"),  # three of six pairs; d is nowhere
        ("pairs", {"a": "1", "b": "2"}, "0"),
        ("pairs", {"a": "1", "b": "2", "c": "3", "d": "3"}, "0.833333"),  # a tie is no order
        ("positions", {"a": "1", "b": "2"}, "0.5"),
        ("positions", {"a": "1", "b": "2", "c": "3", "d": "3"}, "0.75"),
        ("all_or_nothing", {"a": "1", "b": "2", "c": "3"}, "0"),
    ],
)
def test_ordering_unfinished(rule: str, positions: dict[str, str], expected: str) -> None:
    items = [{"id": each, "text": each, "source": "P06"} for each in "abcd"]
    spec = {"rule": rule, "first": "Early", "last": "Late", "items": items}
    assert ratio("ordering", spec, {"positions": positions}) == Decimal(expected)


def test_ordering_by_positions_becomes_an_order() -> None:
    items = [{"id": each, "text": each, "source": "P06"} for each in "abc"]
    spec = {"first": "Early", "last": "Late", "items": items}
    labels = Labels("seed")
    raw = {"positions": {labels.of(each): n for each, n in zip("abc", "312", strict=True)}}
    assert TYPES["ordering"].parse(spec, raw, labels) == {"order": ["b", "c", "a"]}


@pytest.mark.parametrize(
    ("rule", "pairs", "expected"),
    [
        ("each_pair", {"a": "a", "b": "b", "c": "c"}, Decimal(1)),
        ("each_pair", {"a": "a", "b": "c", "c": "b"}, THIRD),
        ("each_pair", {"a": "a", "b": "b", "c": "x"}, TWO_THIRDS),
        ("each_pair", {"a": "a", "b": "a", "c": "a"}, THIRD),
        ("all_or_nothing", {"a": "a", "b": "b"}, Decimal(0)),
        ("all_or_nothing", {"a": "a", "b": "b", "c": "c"}, Decimal(1)),
    ],
)
def test_matching(rule: str, pairs: dict[str, str], expected: Decimal) -> None:
    rows = [{"id": e, "prompt": f"p{e}", "answer": f"a{e}", "source": "P18"} for e in "abc"]
    wrong = [{"id": "x", "text": "none", "source": "P18"}]
    spec = {"rule": rule, "pairs": rows, "distractors": wrong}
    assert ratio("matching", spec, {"pairs": pairs}) == expected


@pytest.mark.parametrize(
    ("rule", "gaps", "expected"),
    [
        ("each_gap", {"1": "1,100", "2": "a"}, "1"),
        ("each_gap", {"1": "1000", "2": "a"}, "0.75"),  # 0.5 and 1
        ("each_gap", {"2": "a"}, "0.5"),
        ("each_gap", {"1": "1100", "2": "b"}, "0.5"),
        ("each_gap", {"1": "5"}, "0"),
        ("all_or_nothing", {"1": "1000", "2": "a"}, "0"),
        ("all_or_nothing", {"1": "1100", "2": "a"}, "1"),
    ],
)
def test_gap_fill(rule: str, gaps: dict[str, str], expected: str) -> None:
    spec = {
        "rule": rule,
        "text": "A {{1}}-kilometre pipeline to {{2}}.",
        "ignore": ["punctuation"],
        "gaps": [
            {"id": "1", "form": "text", "answers": [accepted("1100"), accepted("1000", "0.5")]},
            {"id": "2", "form": "choice", "options": [option("a", is_key=True), option("b")]},
        ],
    }
    assert ratio("gap_fill", spec, {"gaps": gaps}) == Decimal(expected)


@pytest.mark.parametrize(
    ("rule", "items", "expected"),
    [
        ("each_item", {"p": "a", "q": "b", "r": "b"}, Decimal(1)),
        ("each_item", {"p": "a", "q": "a", "r": "b"}, TWO_THIRDS),
        ("each_item", {"p": "a"}, THIRD),
        ("all_or_nothing", {"p": "a", "q": "a", "r": "b"}, Decimal(0)),
    ],
)
def test_categorise(rule: str, items: dict[str, str], expected: Decimal) -> None:
    key = {"p": "a", "q": "b", "r": "b"}
    rows = [{"id": i, "text": i, "category": c, "source": "P53"} for i, c in key.items()]
    categories = [{"id": "a", "text": "a"}, {"id": "b", "text": "b"}]
    spec = {"rule": rule, "categories": categories, "items": rows}
    assert ratio("categorise", spec, {"items": items}) == expected


GWADAR = {"place": "gwadar", "name": "Gwadar", "latitude": "25.13", "longitude": "62.32"}
KARACHI = {"place": "karachi", "name": "Karachi", "latitude": "24.86", "longitude": "67.01"}


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("25.13", "62.32", "1"),
        ("25° N", "62° E", "1"),
        ("26.47", "62.32", "1"),  # 149.0 km to the north
        ("26.49", "62.32", "0.5"),  # 151.2 km
        ("28.72", "62.32", "0.5"),  # 399.2 km
        ("28.74", "62.32", "0"),  # 401.4 km
        ("62.32", "25.13", "0"),
        ("25.13", "", "0"),
        ("far", "away", "0"),
    ],
)
def test_locate_point(latitude: str, longitude: str, expected: str) -> None:
    spec = {"form": "point", **GWADAR, "full_km": 150, "half_km": 400, "source": "P35"}
    response = {"latitude": latitude, "longitude": longitude}
    assert ratio("locate", spec, {k: v for k, v in response.items() if v}) == Decimal(expected)


def test_locate_mark_lettered_from_west_to_east() -> None:
    marks = [
        {"id": "x", "is_key": False, "source": "P33", **KARACHI},
        {"id": "y", "is_key": True, "source": "P35", **GWADAR},
    ]
    spec = {"form": "mark", "marks": marks}
    assert [ratio("locate", spec, {"mark": mark}) for mark in "xy"] == [0, 1]
    labels = Labels("seed")
    shown = TYPES["locate"].view(spec, labels)["marks"]
    assert [(mark["letter"], mark["label"]) for mark in shown] == [
        ("A", labels.of("y")),
        ("B", labels.of("x")),
    ]
    [part] = TYPES["locate"].review(spec, {"mark": "x"})
    assert [words.text for words in (*part.answer, *part.key)] == ["B", "A: Gwadar"]


@pytest.mark.parametrize(
    ("rule", "chosen", "expected"),
    [
        ("all_or_nothing", "ab", "1"),
        ("all_or_nothing", "a", "0"),
        ("all_or_nothing", "abc", "0"),
        ("right_minus_wrong", "a", "0.5"),
        ("right_minus_wrong", "abc", "0.5"),  # 2/2 - 1/2
        ("right_minus_wrong", "ac", "0"),
    ],
)
def test_select_evidence(rule: str, chosen: str, expected: str) -> None:
    rows = [option(e, is_key=e in "ab", lesson="a/b", anchor="c") for e in "abcd"]
    spec = {"rule": rule, "claim": "It was so.", "passages": rows}
    assert ratio("select_evidence", spec, {"passages": list(chosen)}) == Decimal(expected)


def test_essay_waits_for_a_person() -> None:
    levels = [{"credit": credit, "text": credit} for credit in ("0", "0.5", "1")]
    criterion = {"id": "a", "title": "T", "description": "D", "levels": levels, "weight": "1"}
    spec = {
        "min_words": 10,
        "max_words": 20,
        "guidance": "G",
        "rubric": [criterion],
        "model_answer": "M",
        "source": "P56",
    }
    assert TYPES["essay"].check_spec(spec) == []
    assert TYPES["essay"].grade(spec, {"text": "So."}) == Grade(Decimal(0), needs_marking=True)
