"""What templates of this app ask."""

from collections.abc import Mapping
from typing import TypeVar

from django import template

register = template.Library()

Key = TypeVar("Key")
Value = TypeVar("Value")


@register.filter
def at(values: Mapping[Key, Value], key: Key) -> Value | None:
    """What a mapping has under `key`; None where it has nothing."""
    return values.get(key)
