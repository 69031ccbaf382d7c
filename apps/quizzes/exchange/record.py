"""A question on its way in or out of a file: what a question of a course file says. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

DIFFICULTIES = ("easy", "medium", "hard")
BLOOM = ("remember", "understand", "apply", "analyse", "evaluate", "create")
MAX_SLUG = 120
MAX_TAG = 60

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TEXTS = ("slug", "kind", "stem", "lesson", "anchor", "explanation", "points")
_LISTS = ("objectives", "sources", "tags")


@dataclass(frozen=True, slots=True)
class Hint:
    """cost: share of the item's points, as a decimal in a string."""

    text: str
    cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """The keys of a question in a course file, and what a foreign file says beside them.

    lesson: "unit/lesson", "" for none.  points: what the file gives for it; the bank has no place
    for points, a quiz has.  line: where the question begins in the file that was read.
    A `source` that is "" is still to be named: `named` fills it.
    """

    slug: str
    kind: str
    stem: str
    spec: Mapping[str, Any]
    lesson: str = ""
    anchor: str = ""
    objectives: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    difficulty: str = "medium"
    bloom: str = "remember"
    hints: tuple[Hint, ...] = ()
    explanation: str = ""
    points: str = "1"
    line: int = field(default=0, compare=False)

    def as_data(self) -> dict[str, Any]:
        """JSON of everything but the line."""
        data = asdict(self)
        del data["line"]
        lists = {name: list(getattr(self, name)) for name in _LISTS}
        return {**data, **lists, "hints": [asdict(hint) for hint in self.hints]}


def from_data(data: Mapping[str, Any], line: int = 0) -> QuestionDraft:
    """What `as_data` gave, from a place that nobody vouches for.  Raises: ValueError."""
    fields = dict(data)
    lists: dict[str, Any] = {name: _strings(fields.pop(name, [])) for name in _LISTS}
    hints = fields.pop("hints", [])
    known = {*_TEXTS, "spec", "difficulty", "bloom"}
    is_whole = (
        fields.keys() == known
        and all(isinstance(fields[name], str) for name in _TEXTS)
        and isinstance(fields["spec"], dict)
        and fields["difficulty"] in DIFFICULTIES
        and fields["bloom"] in BLOOM
        and slug_of(fields["slug"]) == fields["slug"] != ""
        and isinstance(hints, list)
    )
    if not is_whole:
        raise ValueError("no question")
    return QuestionDraft(**fields, **lists, hints=tuple(_hint(each) for each in hints), line=line)


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("no list of texts")
    return tuple(value)


def _hint(value: object) -> Hint:
    if not isinstance(value, dict) or value.keys() != {"text", "cost"}:
        raise ValueError("no hint")
    return Hint(*_strings([value["text"], value["cost"]]))


def slug_of(name: str, maximum: int = MAX_SLUG) -> str:
    """Lower-case ASCII and hyphens, letters without their accents; "" when nothing is left."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("'", "").replace("’", ""))
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return _NOT_SLUG.sub("-", plain)[:maximum].strip("-")


def named(draft: QuestionDraft, *sources: str) -> QuestionDraft:
    """The draft with these paragraphs, where the file names none; the first decides every key."""
    if not sources:
        return draft
    return replace(draft, sources=draft.sources or sources, spec=_filled(draft.spec, sources[0]))


def lacks_source(spec: object) -> bool:
    """Whether a paragraph is still to be named somewhere in a spec."""
    return spec != _filled(spec, "P01")


def _filled(value: Any, source: str) -> Any:
    if isinstance(value, Mapping):
        return {
            name: source if name == "source" and each == "" else _filled(each, source)
            for name, each in value.items()
        }
    return [_filled(each, source) for each in value] if isinstance(value, list) else value
