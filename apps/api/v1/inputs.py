"""What a caller sends: parsed by a serializer, and nothing in it passes unread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

MAX_DEPTH = 20  # of JSON that is kept as it comes: a specification, an answer


class Parser(JSONParser):
    """JSON; what is nested so deeply that Python gives up is no more JSON than a typing error."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error


class ObjectField(serializers.JSONField):
    """An object of JSON that a pure module will judge; here only what no database can keep."""

    default_error_messages = {"invalid": "An object of JSON is needed."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict) or not is_storable(data):
            self.fail("invalid")
        return data


def is_storable(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Whether both databases can keep a value of JSON: no NUL, no half of a letter, no abyss."""
    if isinstance(value, str):
        return "\0" not in value and _is_whole(value)
    if isinstance(value, Mapping):
        return depth > 0 and all(
            is_storable(key, 0) and is_storable(each, depth - 1) for key, each in value.items()
        )
    if isinstance(value, list):
        return depth > 0 and all(is_storable(each, depth - 1) for each in value)
    return True


def _is_whole(text: str) -> bool:
    """Whether it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Input(serializers.Serializer[Any]):
    """A field that is not declared is refused, so that none is lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {str(name): ["There is no such field."] for name in unknown}
            )
        return super().to_internal_value(data)


def read(request: Request, kind: type[Input], *, is_partial: bool = False) -> dict[str, Any]:
    """The body, as `kind` declares it.  Raises: ValidationError."""
    form = kind(data=request.data, partial=is_partial)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def moment_asked(request: Request, name: str) -> datetime | None:
    """A moment of the query, with its time zone; None without it.  Raises: ValidationError."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValidationError({name: ["A moment with its time zone is needed."]})
    return moment
