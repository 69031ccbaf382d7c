from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quizzes.types.numbers import parse, quantity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1100", "1100"),
        ("1,100", "1100"),
        ("1 100", "1100"),
        ("1\u00a0100", "1100"),
        ("1\u202f100", "1100"),
        ("1'100", "1100"),
        ("1’100", "1100"),
        ("12,345,678.9", "12345678.9"),
        ("1 100,5", "1100.5"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        ("0,500", "0.5"),
        (".5", "0.5"),
        ("1949.", "1949"),
        ("1.1e3", "1100"),
        ("1.1E+3", "1100"),
        ("25e-1", "2.5"),
        ("−5", "-5"),
        ("– 5", "-5"),
        ("+5", "5"),
        ("۱۱۰۰", "1100"),
        ("١٬١٠٠٫٥", "1100.5"),
        ("１，１００", "1100"),
        ("1e30", "1e30"),
        ("-0", "0"),
    ],
)
def test_parse(text: str, expected: str) -> None:
    assert parse(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", ".", "abc", "1,100,5", "1 2", "1,2,3", "1.2.3", "1e31", "1e-31", "²"),
        *("1e999999999", "NaN", "Infinity", "1_000", "1/2", "1100 km", "1--1", "9" * 61),
    ],
)
def test_parse_nothing(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,100 km", "1100", "km"),
        ("1100km", "1100", "km"),
        ("5 %", "5", "%"),
        ("3e2 m", "300", "m"),
        ("3 e", "3", "e"),
        ("۱۱ کلومیٹر", "11", "کلومیٹر"),
    ],
)
def test_quantity(text: str, value: str, unit: str) -> None:
    assert quantity(text) == (Decimal(value), unit)


@given(st.decimals(-(10**12), 10**12, places=3))
def test_parse_reads_what_is_printed(number: Decimal) -> None:
    assert parse(f"{number:f}") == number
    assert parse(f"{number:,f}") == number


@given(st.text(max_size=80))
def test_parse_never_raises(text: str) -> None:
    with localcontext(prec=3):  # nor does the process's own context matter
        found = parse(text)
    assert found is None or found.is_finite()


def test_parse_exact_in_any_context() -> None:
    with localcontext(prec=3):
        assert parse("123456.789e2") == Decimal("12345678.9")
