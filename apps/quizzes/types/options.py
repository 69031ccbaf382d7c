"""Lists of options: some are right, each says why, and a paragraph decides. Pure.

Shared by every type that lets students choose among texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from apps.quizzes.types import shape
from apps.quizzes.types.contract import Choice, Labels, SpecFault, Text, Words

Options = Sequence[Mapping[str, Any]]

OPTION = shape.record(
    {"id": shape.IDENT, "text": shape.LINE, "is_key": shape.boolean, "source": shape.SOURCE},
    {"feedback": shape.FEEDBACK},
)


def check_keys(
    options: object, path: str, *, at_most: int | None = 1, at_least: int = 1
) -> Iterator[SpecFault]:
    """Whether as many options are right as should be, and no two read the same."""
    rows = shape.record_list(options)
    keys = sum(option.get("is_key") is True for option in rows)
    if rows and keys < at_least:
        yield SpecFault(path, "No option is the key.")
    if at_most is not None and keys > at_most:
        yield SpecFault(path, "Only one option can be the key.")
    yield from shape.check_distinct(shape.column(options, path, "text"))


def texts(options: Options, path: str, name: str = "text") -> Iterator[Text]:
    for option in options:
        yield Text(f"{path}.{option['id']}.{name}", option[name])
        yield from feedback_text(option, f"{path}.{option['id']}")


def feedback_text(row: Mapping[str, Any], path: str, name: str = "feedback") -> Iterator[Text]:
    """The feedback of anything that may have one."""
    if row.get(name):
        yield Text(f"{path}.{name}", row[name])


def feedback(
    row: Mapping[str, Any], path: str, name: str = "feedback"
) -> tuple[tuple[Words, str], ...]:
    """The same for a review, with the paragraph that decides; () when there is none."""
    if not row.get(name) and not row.get("source"):
        return ()
    return ((Words(f"{path}.{name}") if row.get(name) else Words(), row.get("source", "")),)


def sources(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The paragraphs that rows name, each once, in order."""
    return list(dict.fromkeys(row["source"] for row in rows if row.get("source")))


def ids(options: Options) -> list[str]:
    return [option["id"] for option in options]


def keys(options: Options) -> list[str]:
    return [option["id"] for option in options if option["is_key"]]


def find(options: Options, ident: object) -> Mapping[str, Any] | None:
    return next((option for option in options if option["id"] == ident), None)


def view(
    options: Options, path: str, labels: Labels, *, is_shuffled: bool = True, scope: str = ""
) -> list[dict[str, Any]]:
    """Options by label, in the order that the seed decides.

    scope: goes before an id in the label's code, where two lists of a question share ids.
    """
    order = ids(options)
    if is_shuffled:
        shuffled = labels.shuffled(scope + ident for ident in order)
        order = [code.removeprefix(scope) for code in shuffled]
    return [
        {"label": labels.of(scope + ident), "text": {"path": f"{path}.{ident}.text"}}
        for ident in order
    ]


def codes(options: Options, labels: Labels, scope: str = "") -> dict[str, str]:
    """{label: id}"""
    return {labels.of(scope + option["id"]): option["id"] for option in options}


def words(options: Options, path: str, chosen: Iterable[object]) -> tuple[Words, ...]:
    """Their texts; what is not among the options any more is left out."""
    known = ids(options)
    return tuple(Words(f"{path}.{ident}.text") for ident in chosen if ident in known)


def choices(options: Options, path: str, *, prefix: str = "", part: str = "") -> list[Choice]:
    return [
        Choice(
            f"{prefix}{option['id']}",
            Words(f"{path}.{option['id']}.text"),
            is_key=option["is_key"],
            part=part,
        )
        for option in options
    ]
