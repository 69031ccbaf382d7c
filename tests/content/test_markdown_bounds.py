"""No text costs more than its length pays for: counted, in calls and in what comes out."""

import pytest

from apps.content.markdown import render_markdown
from apps.content.markdown.bounds import MAX_CELLS
from tests.content.test_markdown import CONTEXT
from tests.counting import calls_of

# What measuring found dearest for its length; the first wrote fifteen seconds of work in 20 KB.
DEAR = {
    "cells left out": "|".join("a" * 90) + "\n" + "|".join("-" * 90) + "\n" + "a\n" * 180 + "\n",
    "small tables": "a|b\n-|-\n\n",
    "tables in quotations": "> > > a|b\n> > > -|-\n> > > c|d\n\n",
    "lists in lists": "- - - - - a\n\n",
    "quotations and lists": "> - > - > - a\n",
    "definitions": "a\n: b\n\n",
    "headings": "# a\n",
    "emphasis": "*_a",
    "strong in emphasis": "**a*b",
    "brackets": "[a]",
    "pictures in pictures": "![",
    "lines": "*\n",
    "footnotes": "[^a]: x\n\n[^a]",
}


@pytest.mark.parametrize("piece", DEAR.values(), ids=DEAR)
def test_work_is_bounded_by_length(piece: str) -> None:
    text = (piece * 4000)[:4000]
    assert calls_of(lambda: render_markdown(text, CONTEXT)) <= 5_000 + 250 * len(text)
    assert len(render_markdown(text, CONTEXT).html) <= 30 * len(text)


def table(columns: int, rows: int) -> str:
    return "|".join("a" * columns) + "\n" + "|".join("-" * columns) + "\n" + "a\n" * (rows - 1)


@pytest.mark.parametrize(
    ("text", "tables", "line"),
    [
        (table(10, MAX_CELLS // 10), 1, 0),
        (table(10, MAX_CELLS // 10 + 1), 0, 1),
        (table(10, 499) + "\n" + table(10, 1) + "\n" + table(2, 1) + "\n", 2, 505),
        ("> " + table(100, 60).replace("\n", "\n> "), 0, 1),
        ("a\n" + table(100, 60), 0, 2),
    ],
    ids=["as many as may be", "one row more", "together", "quoted", "after a paragraph"],
)
def test_tables_of_a_text_have_so_many_cells(text: str, tables: int, line: int) -> None:
    rendered = render_markdown(text)
    assert rendered.html.count("<table>") == tables
    found = [problem.line for problem in rendered.problems if problem.code == "table-too-large"]
    assert found == ([line] if line else [])
    if not tables:
        assert rendered.html.count("|") == text.count("|")  # it stands there as it was typed
