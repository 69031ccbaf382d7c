"""What a format has no place for is kept aside: the difference between what it says and what is so.

A question is written, read back, and compared with itself; the difference goes into the file where
other programs do not look. Each piece remembers what it was taken from, so that it is put back
only where nobody has edited that since. Pure; the difference is JSON.

{"in": {name: difference}, "drop": [names]}   of mappings
{"rows": [[digest of the row, difference]]}   of lists of as many records
{"is": value, "was": digest}                  of anything else
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

# Names of rows: nobody misses them elsewhere.
_UNTOLD = frozenset({"id", "category", "slug", "kind"})


def digest(value: object) -> str:
    plain = json.dumps(value, sort_keys=True)
    return blake2b(plain.encode(), digest_size=6).hexdigest()


def difference(found: Any, wanted: Any) -> dict[str, Any] | None:
    """What turns `found` into `wanted`; None when they are the same."""
    if digest(found) == digest(wanted):
        return None
    if isinstance(found, dict) and isinstance(wanted, dict):
        changed = {
            name: difference(found[name], value) if name in found else {"is": value, "was": ""}
            for name, value in wanted.items()
        }
        return {
            "in": {name: each for name, each in changed.items() if each is not None},
            "drop": [name for name in found if name not in wanted],
        }
    if _are_records(found) and _are_records(wanted) and len(found) == len(wanted):
        pairs = zip(found, wanted, strict=True)
        return {"rows": [[digest(was), difference(was, wish)] for was, wish in pairs]}
    return {"is": wanted, "was": digest(found)}


def restore(found: Any, patch: Any, path: str = "") -> tuple[Any, list[str]]:
    """The other way: the value, and the paths of what could not be put back.

    Raises: ValueError, KeyError, TypeError or AttributeError for what is no difference.
    """
    if patch is None:
        return found, []
    if "is" in patch:
        if patch["was"] and patch["was"] != digest(found):
            return found, [path]
        return patch["is"], []
    if "rows" in patch:
        return _restore_rows(found, list(patch["rows"]), path)
    if not isinstance(found, dict):
        return found, [path]
    value, left = {name: each for name, each in found.items() if name not in patch["drop"]}, []
    for name, each in patch["in"].items():
        inner = f"{path}.{name}" if path else str(name)
        if name not in found and "is" not in each:
            left.append(inner)
            continue
        value[name], missing = restore(found.get(name), each, inner)
        left += missing
    return value, left


def _restore_rows(
    found: Any, rows: list[list[Any]], path: str
) -> tuple[list[Any] | Any, list[str]]:
    if not _are_records(found):
        return found, [path]
    value, left = [], []
    for place, row in enumerate(found):
        mark = digest(row)
        match = next((each for each in rows if each[0] == mark), None)
        if match is None:
            value.append(row)
            left.append(f"{path}.{place}")
            continue
        rows.remove(match)
        changed, missing = restore(row, match[1], f"{path}.{place}")
        value.append(changed)
        left += missing
    return value, left


def names(patch: dict[str, Any] | None) -> list[str]:
    """What is kept aside, in a few words for its author: each name once, sorted."""
    return sorted({name for name in _names(patch) if name not in _UNTOLD})


def _names(patch: dict[str, Any] | None) -> Iterator[str]:
    for name, each in (patch or {}).get("in", {}).items():
        inner = list(_names(each))
        yield from inner or [name]
    for _mark, each in (patch or {}).get("rows", []):
        yield from _names(each)


def _are_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)
