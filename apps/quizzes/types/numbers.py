"""Numbers as people write them. Pure.

"1,100", "1 100" and "1'100" are 1100: groups of three, one kind of separator. "2.5" is two and a
half, and so is "2,5", since no group of thousands ends so; "1,100" is never 1.1. "−5" has a real
minus sign; "1.1e3" is 1100; digits may be of any script. Anything else is no number.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import NamedTuple

from apps.quizzes.types.texts import ascii_digits

# Exact for every product of two numbers that `parse` gives, whatever the process's context is.
EXACT = Context(prec=200)
MAX_LENGTH = 60
MAX_EXPONENT = 30

_SIGNS = str.maketrans(dict.fromkeys("\u2212\u2013\ufe63\uff0d", "-") | {"\uff0b": "+"})
_SEPARATORS = str.maketrans(
    dict.fromkeys("\u066c\u060c\uff0c", ",")  # Arabic and full-width
    | dict.fromkeys("\u066b\uff0e", ".")
    | {"\u2019": "'"}
)
_TAIL = frozenset("0123456789.,'+-")
_NUMBER = re.compile(
    r"(?P<sign>[-+]?) ?"
    r"(?:(?P<grouped>[1-9][0-9]{0,2}(?P<gap>[ ,'])[0-9]{3}(?:(?P=gap)[0-9]{3})*)(?![0-9])"
    r"|(?P<whole>[0-9]*))"
    r"(?:(?P<point>[.,])(?P<rest>[0-9]+))?"
    r"(?:[eE](?P<exponent>[-+]?[0-9]{1,3}))?"
)


class Quantity(NamedTuple):
    """value: None when the text does not begin with a number.  unit: what follows, "" for none."""

    value: Decimal | None
    unit: str


def parse(text: str) -> Decimal | None:
    """The number that a whole text is; None when it is none, or is absurdly long or large."""
    value, unit = quantity(text)
    return None if unit else value


def quantity(text: str) -> Quantity:
    """A number and the unit after it: "1,100 km" is (1100, "km")."""
    nothing = Quantity(None, "")
    plain = ascii_digits(text).translate(_SIGNS).translate(_SEPARATORS)
    plain = " ".join(plain.split()).rstrip(".")
    found = _NUMBER.match(plain)
    if len(plain) > MAX_LENGTH or not found:
        return nothing
    whole = re.sub(r"[ ,']", "", found["grouped"] or "") or found["whole"] or ""
    exponent = int(found["exponent"] or "0")
    unit = plain[found.end() :].strip()
    is_number = bool(whole or found["rest"]) and abs(exponent) <= MAX_EXPONENT
    # "1,100,5" has no reading; nor has a number with more digits after it.
    if not is_number or (found["gap"] and found["gap"] == found["point"]) or unit[:1] in _TAIL:
        return nothing
    value = Decimal(f"{found['sign']}{whole or '0'}.{found['rest'] or '0'}")
    return Quantity(EXACT.scaleb(value, exponent), unit)
