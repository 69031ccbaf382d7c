"""The answers of a page: of its form, or as the JSON that its script sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from apps.quizzes import services
from apps.quizzes.errors import BadAnswer
from apps.quizzes.selectors import Sitting, fingerprint
from apps.quizzes.types.fields import raw_from_form

MAX_SEQUENCE = 2**53  # what JavaScript counts exactly
MAX_SECONDS = 24 * 3600
_FIELDS = {"raw", "sequence", "seconds", "confidence", "is_flagged"}


def saves_from_form(
    sitting: Sitting, data: MultiValueDict[str, str], now: datetime
) -> dict[int, services.Save]:
    """What was changed on a page since it was shown; an item that is not on the page is left out.

    Only what was changed: an old window must not undo what a newer one saved. The sequence is the
    page's own where its script counted; otherwise the server's clock, so that the last wins.
    Raises: BadAnswer.
    """
    lists = {name: [str(value) for value in values] for name, values in data.lists()}
    saves = {}
    for item in sitting.items:
        was = data.get(f"{item.prefix}.was")
        if was is None or item.response.is_checked:
            continue
        raw = raw_from_form(lists, item.prefix)
        is_flagged = f"{item.prefix}.flag" in data
        confidence = _whole(data.get(f"{item.prefix}.confidence", ""), 4)
        answer = services.read_answer(item.response, raw)
        if fingerprint(answer, is_flagged=is_flagged, confidence=confidence or None) == was:
            continue
        counted = _whole(data.get(f"{item.prefix}.sequence", ""), MAX_SEQUENCE)
        saves[item.position] = services.Save(
            raw=raw,
            sequence=counted or int(now.timestamp() * 1000),
            confidence=confidence if sitting.asks_confidence else None,
            is_flagged=is_flagged,
        )
    return saves


def saves_from_json(body: bytes) -> dict[int, services.Save]:
    """{"saves": {"3": {"raw": {…}, "sequence": 7, "seconds": 4, "is_flagged": false}}} → saves.

    Raises: BadAnswer with the path of what is wrong.
    """
    try:
        sent = json.loads(body)
    except ValueError as error:  # also what is no UTF-8
        raise BadAnswer(_("This is not JSON."), path="") from error
    saves = sent.get("saves") if isinstance(sent, Mapping) else None
    if not isinstance(saves, Mapping):
        raise BadAnswer(_("Send a mapping of positions."), path="saves")
    return {_position(key): _save(key, value) for key, value in saves.items()}


def _position(key: str) -> int:
    position = _whole(key, 10_000)
    if not position:
        raise BadAnswer(_("The attempt has no such item."), path=key[:20])
    return position


def _save(key: str, value: Any) -> services.Save:
    if not isinstance(value, Mapping) or not set(value) <= _FIELDS:
        raise BadAnswer(_("This is not an answer."), path=key)
    raw, is_flagged = value.get("raw"), value.get("is_flagged")
    if raw is not None and not isinstance(raw, Mapping):
        raise BadAnswer(_("This is not an answer."), path=f"{key}.raw")
    if is_flagged is not None and not isinstance(is_flagged, bool):
        raise BadAnswer(_("This is not an answer."), path=f"{key}.is_flagged")
    confidence = value.get("confidence")
    return services.Save(
        raw=raw,
        sequence=_number(key, value, "sequence", MAX_SEQUENCE),
        seconds=min(_number(key, value, "seconds", MAX_SEQUENCE), MAX_SECONDS),
        confidence=None if confidence is None else _number(key, value, "confidence", 4),
        is_flagged=is_flagged,
    )


def _number(key: str, value: Mapping[str, Any], name: str, most: int) -> int:
    number = value.get(name, 0)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= most:
        raise BadAnswer(_("This is not a whole number in range."), path=f"{key}.{name}")
    return number


def _whole(text: str, most: int) -> int:
    """A whole number of ASCII digits up to `most`; 0 for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else 0
