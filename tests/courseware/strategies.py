"""Awkward texts, and records made of them from the shapes of their own columns."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from apps.courseware.format import shapes
from apps.courseware.format.plaintext import clean

AWKWARD = [
    "",
    " leading and trailing ",
    "سلام دنیا: شنگھائی",
    "\u202bright to left\u202c",
    "quotes \" and ' and “these”",
    "colon: value",
    "# no comment",
    "text # no comment",
    "- no item",
    "---",
    "...",
    "null",
    "~",
    "true",
    "no",
    "1949",
    "1e3",
    "2017-06-09",
    "0x1F",
    "{a: b}",
    "[a, b]",
    "*alias &anchor !tag",
    "| literal",
    "> folded",
    "%directive",
    "@khan1961",
    "`code`",
    "back\\slash \\n",
    "heading {#x}",
    'heading {#x sources="P01"} {#y sources=""}',
    "emoji 🏔️ 👩‍🔬 \U0010fffe",
    "tab\there",
    "e\u0301 is not NFC",
    "\u0338 begins with a combining mark",
    "a very long line " * 200,
    "non\u00a0breaking\u00a0",
    "=",
    "<<",
    "?",
    ", comma",
]
LINES = [
    "",
    "text",
    "  indented",
    "    code",
    "\tcode",
    "# One",
    "## Two",
    '## Two {#two sources="P01"}',
    "## Two {#two}",
    "### Three {#three}",
    "---",
    "===",
    "```",
    "````",
    "~~~ yaml",
    "  ```",
    "- ```",
    "> ```",
    "> ## quoted {#q}",
    "- item",
    ": definition",
    "[^a]: note",
    "[a]: https://example.org 'title",
    "| a | b |",
    "|---|---|",
    "<div>",
    "trailing  ",
    "\\",
]


# Lines after which another line is still Markdown of the same section.
PROSE = [
    line for line in (*LINES, *AWKWARD) if not line.lstrip("-> :").startswith(("`", "~", "##"))
]


# Every character that format.plaintext does not forbid.
_CHARACTERS = st.characters(
    exclude_categories=["Cc", "Cs"],
    include_characters="\t\n\r",
    exclude_characters="\u2028\u2029\ufeff\ufffe\uffff",
)


def texts() -> st.SearchStrategy[str]:
    """Any text that a course file may hold, of one line or several."""
    written = st.text(_CHARACTERS, max_size=60)
    several = st.lists(st.sampled_from(AWKWARD) | written, max_size=4).map("\n".join)
    return (st.sampled_from(AWKWARD) | written | several).map(clean)


def filled(text: str) -> str:
    """`text`, with a word in it where it is blank."""
    return text if text.strip() else f"{text}word"


def lines() -> st.SearchStrategy[str]:
    return texts().map(lambda text: text.replace("\n", " "))


def bodies() -> st.SearchStrategy[str]:
    """Markdown that is likely to be mistaken for the format around it."""
    return st.lists(st.sampled_from(LINES) | lines(), max_size=8).map("\n".join)


def anchors() -> st.SearchStrategy[str]:
    return st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)


def slugs() -> st.SearchStrategy[str]:
    return st.text("abzAZ019-_", min_size=1, max_size=8)


def numbers() -> st.SearchStrategy[str]:
    return st.integers(1, 999).map(lambda number: f"P{number:02}")


def of_shape(shape: Any) -> st.SearchStrategy[Any]:
    """Values that a key of this shape may have."""
    return _OF_SHAPE[type(shape)](shape)


def _of_line(shape: shapes.Line) -> st.SearchStrategy[str]:
    of_pattern = {None: lines, shapes.SLUG: slugs, shapes.PARAGRAPH: numbers}
    return of_pattern[shape.pattern]()


def _of_many(shape: shapes.Many) -> st.SearchStrategy[tuple[Any, ...]]:
    items = st.lists(of_shape(shape.shape), max_size=3, unique=shape.order is not None)
    if shape.order is None:
        return items.map(tuple)
    return items.map(lambda values: tuple(sorted(values, key=shape.order)))


def _of_nested(shape: shapes.Nested) -> st.SearchStrategy[Any]:
    one = records(shape.cls)
    return st.lists(one, max_size=3).map(tuple) if shape.is_list else one


_OF_SHAPE: dict[type[Any], Callable[[Any], st.SearchStrategy[Any]]] = {
    shapes.Text: lambda _shape: texts(),
    shapes.Line: _of_line,
    shapes.Date: lambda _shape: lines(),
    shapes.Maybe: lambda shape: st.none() | of_shape(shape.shape),
    shapes.Whole: lambda _shape: st.integers(1, 32767),
    shapes.Flag: lambda _shape: st.booleans(),
    # Adding 0 makes minus nought nought, which is what a file says.
    shapes.Degrees: lambda shape: st.decimals(-shape.bound, shape.bound, places=2).map(
        lambda number: number + Decimal(0)
    ),
    shapes.Many: _of_many,
    shapes.Nested: _of_nested,
}


def records(cls: type[Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Records of `cls`; `more` are the fields that are not keys of its file."""
    columns = {item.name: of_shape(item.metadata["shape"]) for item in shapes.columns(cls)}
    return st.builds(cls, **columns, **more)
