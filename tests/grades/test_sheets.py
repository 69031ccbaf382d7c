"""The gradebook as a table: what goes out comes back, and nothing in it runs."""

import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.grades.sheets import SheetMark, csv_of, parse, xlsx_of

DANGEROUS = ["=1+1", "+1", "-1", "@x", "\t=1", "'=1", '=HYPERLINK("x")']


def test_marks_are_read_with_their_lines() -> None:
    sheet = parse("Name;E-mail;Essay;Talk\nA;A@b.example;7,5;\n\nB;c@d.example;;8\n")
    assert sheet.problems == []
    assert sheet.columns == ["Essay", "Talk"]
    assert sheet.marks == [
        SheetMark(2, "a@b.example", "", "Essay", Decimal("7.5")),
        SheetMark(4, "c@d.example", "", "Talk", Decimal(8)),
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [(0, "empty")]),
        ("Name,Essay\nA,7\n", [(1, "nobody")]),
        ("email,Essay\n,7\n", [(2, "nobody_named")]),
        ("email,Essay\na@b.c,seven\n", [(2, "no_number")]),
        ("email,Essay\na@b.c,NaN\n", [(2, "no_number")]),
        ("email,Essay\na@b.c,1e9999999\n", [(2, "no_number")]),
        ("email,Essay\na@b.c,1\nA@B.C,2\n", [(3, "person_twice")]),
        ("email,Essay,Essay\na@b.c,1,2\n", [(1, "column_twice")]),
        ('email,Essay\na@b.c,"1\n', [(0, "csv")]),
    ],
)
def test_faults_are_named(text: str, problems: list[tuple[int, str]]) -> None:
    assert [(fault.line, fault.code) for fault in parse(text).problems] == problems


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    parse(text)


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[a-z=+@'-][a-z0-9]{0,8}@[a-z]{1,5}\.example", fullmatch=True),
            st.decimals(0, 999, places=2),
        ),
        max_size=5,
        unique_by=lambda pair: pair[0],
    )
)
def test_written_marks_are_read_back(rows: list[tuple[str, Decimal]]) -> None:
    table: list[tuple[str | Decimal | None, ...]] = [("E-mail", "=Essay"), *rows]
    text = csv_of(table)
    found = [(mark.email, mark.points) for mark in parse(text).marks]
    assert found == rows


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_run_as_a_formula(text: str) -> None:
    assert f"\r\n'{text[0]}" in csv_of([["x"], [text]]).replace('"', "")
    book = load_workbook(io.BytesIO(xlsx_of("[A]/B", [["x", Decimal("1.5")], [text, None]])))
    cell, number = book.worksheets[0]["A2"], book.worksheets[0]["B1"]
    assert (cell.data_type, cell.value[0]) == ("s", "'")
    assert (number.data_type, number.value) == ("n", 1.5)


def test_control_characters_do_not_break_a_workbook() -> None:
    book = load_workbook(io.BytesIO(xlsx_of("A", [["Zainab\x0b Ali\x00"]])))
    assert book.worksheets[0]["A1"].value == "Zainab Ali"
