"""What a change of the API's document breaks for those who call it: two documents, sentences.

Pure. A caller sends what the old document names and reads what it promises; whatever the new one
no longer takes, or no longer gives, breaks them. What is added breaks nobody: docs/api.md says
that fields and values of lists may come, and that callers pass over what they do not know.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
SHARED = ("headers", "parameters", "responses")
METHODS = ("get", "post", "put", "patch", "delete")
# The bounds of a value: sent ones may not become narrower.
UPPER = ("maximum", "maxLength", "maxItems")
LOWER = ("minimum", "minLength", "minItems")
REMEDY = (
    "This breaks programs of schools. Put it into /api/v2, or, if nobody can have relied on it, "
    "say so in CHANGELOG.md and run `make schema BREAKING=1`."
)


def breaks(old: Json, new: Json) -> list[str]:
    """A sentence for each thing that callers of `old` miss in `new`; none: it only adds."""
    contract = _Contract(written_out(old), written_out(new))
    return [text for path in old["paths"] for text in contract.path(path)]


def written_out(document: Json) -> Json:
    """The document with its shared headers, parameters and answers where they are referred to.

    Schemas stay apart, because they may hold themselves.
    """
    return {**document, "paths": _written_out(document["paths"], document["components"])}


def _written_out(part: Any, components: Json) -> Any:
    if isinstance(part, list):
        return [_written_out(each, components) for each in part]
    if not isinstance(part, dict):
        return part
    kind, name = str(part.get("$ref", "//")).split("/")[-2:]
    if kind in SHARED:
        return _written_out(components[kind][name], components)
    return {key: _written_out(each, components) for key, each in part.items()}


class _Contract:
    def __init__(self, old: Json, new: Json) -> None:
        self.old, self.new = old, new

    def path(self, path: str) -> Iterator[str]:
        if path not in self.new["paths"]:
            yield f"{path} is gone."
            return
        for method in METHODS:
            was, now = self.old["paths"][path].get(method), self.new["paths"][path].get(method)
            if was is not None:
                where = f"{method.upper()} {path}"
                yield from self.operation(where, was, now) if now else [f"{where} is gone."]

    def operation(self, where: str, was: Json, now: Json) -> Iterator[str]:
        if was["operationId"] != now["operationId"]:
            yield f"{where}: generated clients call it {now['operationId']} now."
        yield from self.scopes(where, was, now)
        yield from self.parameters(where, was, now)
        yield from self.body(where, was.get("requestBody"), now.get("requestBody"))
        for status, answer in was["responses"].items():
            then = now["responses"].get(status)
            if then is None:
                yield f"{where}: the answer {status} is gone."
                continue
            for name in set(answer.get("headers", ())) - set(then.get("headers", ())):
                yield f"{where}: the header {name} of {status} is gone."
            for media, content in answer.get("content", {}).items():
                if media not in then.get("content", {}):
                    yield f"{where}: {status} is no longer {media}."
                    continue
                given = then["content"][media]["schema"]
                yield from self.given(f"{where}, {status}", content["schema"], given)

    def scopes(self, where: str, was: Json, now: Json) -> Iterator[str]:
        """Whoever got in gets in: each way of old is wide enough for one of new."""
        for way in was.get("security", [{}]):
            if not any(
                set(other) <= set(way) and all(set(other[n]) <= set(way[n]) for n in other)
                for other in now.get("security", [{}])
            ):
                yield f"{where}: {json.dumps(way)} no longer opens it."

    def parameters(self, where: str, was: Json, now: Json) -> Iterator[str]:
        before = {(p["in"], p["name"]): p for p in was.get("parameters", ())}
        after = {(p["in"], p["name"]): p for p in now.get("parameters", ())}
        for key, parameter in before.items():
            if key not in after:
                yield f"{where}: the {key[0]} parameter {key[1]} is gone."
                continue
            label = f"{where}, {key[1]}"
            yield from self.taken(label, parameter["schema"], after[key]["schema"])
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{where}: the {key[0]} parameter {key[1]} is required now."

    def body(self, where: str, was: Json | None, now: Json | None) -> Iterator[str]:
        if was is None:
            if now and now.get("required"):
                yield f"{where}: a body is required now."
            return
        for media, content in was["content"].items():
            if now is None or media not in now["content"]:
                yield f"{where}: {media} is no longer taken."
                continue
            taken = now["content"][media]["schema"]
            yield from self.taken(f"{where}, body", content["schema"], taken)

    def taken(self, where: str, was: Json, now: Json, seen: tuple[str, ...] = ()) -> Iterator[str]:
        """What may be sent: the new one takes at least as much."""
        if (ref := was.get("$ref", "")) and ref in seen:
            return
        seen = (*seen, ref) if ref else seen
        was, now = _resolved(self.old, was), _resolved(self.new, now)
        if missing := _types(was) - _types(now):
            if _types(now):
                yield f"{where}: {', '.join(sorted(missing))} is no longer taken."
        elif _types(now) and not _types(was):
            yield f"{where}: nothing but {', '.join(sorted(_types(now)))} is taken now."
        yield from _values_lost(where, was, now)
        if "enum" in now and "enum" not in was:
            yield f"{where}: only some values are taken now."
        yield from _narrower(where, was, now)
        for name in set(now.get("required", ())) - set(was.get("required", ())):
            yield f"{where}.{name} is required now."
        for name, field in was.get("properties", {}).items():
            if name in now.get("properties", {}):
                yield from self.taken(f"{where}.{name}", field, now["properties"][name], seen)
            else:
                yield f"{where}.{name} is no longer taken."
        if "items" in was and "items" in now:
            yield from self.taken(f"{where}[]", was["items"], now["items"], seen)

    def given(self, where: str, was: Json, now: Json, seen: tuple[str, ...] = ()) -> Iterator[str]:
        """What is answered: the new one promises at least as much."""
        if (ref := was.get("$ref", "")) and ref in seen:
            return
        seen = (*seen, ref) if ref else seen
        was, now = _resolved(self.old, was), _resolved(self.new, now)
        if _types(was) and (foreign := (_types(now) or {"anything"}) - _types(was)):
            yield f"{where} may be {', '.join(sorted(foreign))} now."
        if was.get("format") and was["format"] != now.get("format"):
            yield f"{where} is no longer a {was['format']}."
        yield from _values_lost(where, was, now)
        for name in set(was.get("required", ())) - set(now.get("required", ())):
            yield f"{where}.{name} may be missing now."
        for name, field in was.get("properties", {}).items():
            if name in now.get("properties", {}):
                yield from self.given(f"{where}.{name}", field, now["properties"][name], seen)
            else:
                yield f"{where}.{name} is gone."
        if "items" in was and "items" in now:
            yield from self.given(f"{where}[]", was["items"], now["items"], seen)


def _resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _types(schema: Json) -> set[str]:
    """An empty set is anything. A number takes what an integer is."""
    kind = schema.get("type", [])
    kinds = {kind} if isinstance(kind, str) else set(kind)
    return kinds | {"integer"} if "number" in kinds else kinds


def _values_lost(where: str, was: Json, now: Json) -> Iterator[str]:
    if "enum" in was and "enum" in now:
        for value in was["enum"]:
            if value not in now["enum"]:
                yield f"{where}: the value {json.dumps(value)} is gone."


def _narrower(where: str, was: Json, now: Json) -> Iterator[str]:
    for name in UPPER:
        if name in now and now[name] < was.get(name, float("inf")):
            yield f"{where}: {name} is {now[name]} now."
    for name in LOWER:
        if name in now and now[name] > was.get(name, float("-inf")):
            yield f"{where}: {name} is {now[name]} now."
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        yield f"{where}: must match {now['pattern']} now."


def main(old: str, new: str) -> int:
    """Say what the document at `new` breaks of the one at `old`; the exit status counts."""
    documents = [json.loads(Path(path).read_text(encoding="utf-8")) for path in (old, new)]
    found = breaks(*documents)
    sys.stderr.writelines(f"{text}\n" for text in found)
    if found:
        sys.stderr.write(f"{REMEDY}\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
