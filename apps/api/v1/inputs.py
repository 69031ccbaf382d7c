"""What a caller sends: parsed by a serializer, and nothing in it passes unread."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


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
