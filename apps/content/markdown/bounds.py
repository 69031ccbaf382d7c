"""What would cost more than the length of a text pays for is not parsed as what it says.

A table's row may leave out its last cells, and every row is given them: a header of two hundred
cells and as many rows of one letter are forty thousand cells, out of a thousand characters. All
else in a text costs in proportion to its length, which whoever stores it bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as plain_table

if TYPE_CHECKING:
    from apps.content.markdown.resolve import Findings

# Of all tables of one text. Ten columns for five hundred works.
MAX_CELLS = 5_000


def install(md: MarkdownIt) -> None:
    md.block.ruler.at("table", table, {"alt": ["paragraph", "reference"]})


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A table, unless the text has had its share of cells; then it stands as it was typed.

    After the first that is too large there are no more: each would be measured to its end.
    """
    left = state.env.setdefault("cells_left", MAX_CELLS)
    if left < 0 or not plain_table(state, start, end, True):  # noqa: FBT003
        return False
    cells = _cells(state, start, end)
    findings: Findings = state.env["findings"]
    if cells > left:
        state.env["cells_left"] = -1
        findings.report("table-too-large", start + 1, f"{MAX_CELLS:,}")
        return False
    if silent:
        return True
    state.env["cells_left"] = left - cells
    return bool(plain_table(state, start, end, False))  # noqa: FBT003


def _cells(state: StateBlock, start: int, end: int) -> int:
    """At least as many cells as the table that begins here has: its columns, to the next gap."""
    delimiters = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]]
    row = start + 2
    while row < end and not state.isEmpty(row):
        row += 1
    return (delimiters.count("|") + 1) * (row - start - 1)
