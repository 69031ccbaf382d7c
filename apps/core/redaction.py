"""Taking what names a person out of a text that stays for others."""

import html
import re
from collections.abc import Iterable
from typing import Any

MARK = "[…]"
MIN_LENGTH = 2  # a name of one letter is in every text


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of `names` as whole words, whatever the case, in text or in HTML.

    None: there is nothing to find.
    """
    said = {name.strip() for name in names}
    forms = {
        form for name in said for form in (name, html.escape(name), html.escape(name, quote=False))
    }
    longest_first = sorted(
        (form for form in forms if len(form) >= MIN_LENGTH), key=len, reverse=True
    )
    if not longest_first:
        return None
    choices = "|".join(re.escape(form) for form in longest_first)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)


def redacted(value: Any, pattern: re.Pattern[str] | None) -> Any:
    """`value` with a mark in place of what `pattern` finds; lists and objects are walked."""
    if pattern is None:
        return value
    if isinstance(value, str):
        return pattern.sub(MARK, value)
    if isinstance(value, list):
        return [redacted(each, pattern) for each in value]
    if isinstance(value, dict):
        return {key: redacted(each, pattern) for key, each in value.items()}
    return value
