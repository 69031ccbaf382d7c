"""Numbers of other programs as decimals of ours. Pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from apps.quizzes.exchange.loss import Report, Unreadable
from apps.quizzes.exchange.neutral import HUNDRED, Answer
from apps.quizzes.types.numbers import parse

LARGEST = Decimal(10) ** 15
STEP = Decimal("1e-10")
CREDIT_STEP = Decimal("1e-7")


def decimal_text(value: Decimal) -> str:
    """Without exponent and trailing zeros: "0.5", "100"."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def credit(fraction: Decimal) -> str:
    """Per cent as a share in [0, 1]."""
    share = min(max(fraction, Decimal(0)), HUNDRED) / HUNDRED
    return decimal_text(share.quantize(CREDIT_STEP))


def percent(share: str) -> Decimal:
    """The other way."""
    return Decimal(share) * HUNDRED


def fraction(text: str, report: Report) -> Decimal:
    """Per cent as it stands in a file; 0, reported, for what is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > 1000:
        report.lose("fraction", text)
        return Decimal(0)
    return value


def number(text: str, tolerance: str | None, report: Report) -> dict[str, Any]:
    """The bounds of a numeric answer: "3", "3:2", "1..5".  Raises: Unreadable."""
    low, is_range, high = text.partition("..")
    if is_range:
        bounds = [_stored(low, report), _stored(high, report)]
        first, last = sorted(bounds, key=Decimal)
        return {"low": first, "high": last}
    value, has_margin, margin = text.partition(":")
    margin = margin if has_margin else tolerance or "0"
    about = _stored(margin or "0", report).lstrip("-")
    return {"value": _stored(value, report), "tolerance": about, "tolerance_is": "absolute"}


def _stored(text: str, report: Report) -> str:
    value = parse(text.strip())
    if value is None or abs(value) >= LARGEST:
        raise Unreadable(f"“{text.strip()[:60]}” is no number that can be kept.")
    stored = round(value, 10)
    if stored != value:
        report.lose("number", text)
    return decimal_text(stored)


def spread(row: dict[str, Any]) -> tuple[str, str]:
    """An answer of ours as (value, absolute tolerance)."""
    if "low" in row:
        low, high = Decimal(row["low"]), Decimal(row["high"])
        return decimal_text((low + high) / 2), decimal_text((high - low) / 2)
    value, about = Decimal(row["value"]), Decimal(row.get("tolerance", "0"))
    if row.get("tolerance_is") == "relative":
        about = abs(value) * about
    return decimal_text(value), decimal_text(about)


def spread_text(answer: Answer) -> tuple[str, str | None]:
    """A numeric answer of any writing as (value, tolerance); (*, None) for any other."""
    low, is_range, high = answer.text.text.partition("..")
    if is_range:
        return spread({"low": low, "high": high})
    return low, None if low == "*" else answer.tolerance or "0"
