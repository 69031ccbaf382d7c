"""Class lists: what any spreadsheet saves is read, and every fault is found at its line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classrooms import roster
from apps.classrooms.roster import Problem, Row, Unreadable

LIST = "email,name,role,sis_id\nBilal@Quaid.example,Bilal Ahmed,student,S-7\n"


def problems(text: str) -> list[Problem]:
    return roster.parse(text).problems


# Encodings and delimiters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_parse_reads_what_spreadsheets_save(encoding: str, delimiter: str, line_end: str) -> None:
    text = "email,name\na@quaid.example,زینب علی\nb@quaid.example,Ольга\n"
    raw = text.replace(",", delimiter).replace("\n", line_end).encode(encoding)
    read = roster.parse(roster.decode(raw))
    assert read.problems == []
    assert read.rows == [
        Row(2, "a@quaid.example", "زینب علی"),
        Row(3, "b@quaid.example", "Ольга"),
    ]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("email,name\na@b.example,Müller\n".encode("cp1252"), "encoding"),
        ("email\na@b.example\n".encode("utf-32"), "encoding"),
        (b"PK\x03\x04\x14\x00\x06\x00", "encoding"),
        (b"\xff\xfe\x00\xd8", "encoding"),
        (b"a" * (roster.MAX_BYTES + 1), "too_large"),
    ],
)
def test_decode_refuses_what_it_could_only_guess_at(raw: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        roster.decode(raw)
    assert caught.value.code == code


def test_parse_skips_the_line_that_excel_adds() -> None:
    assert roster.parse("sep=;\nemail;name\na@b.example;A\n").rows == [Row(3, "a@b.example", "A")]


@pytest.mark.parametrize("heading", ["E-Mail,Full Name,Role,Student ID", " email , NAME ,role,id"])
def test_parse_knows_columns_by_their_usual_names(heading: str) -> None:
    text = f"{heading}\na@b.example,A,TA,7\n"
    assert roster.parse(text).rows == [Row(2, "a@b.example", "A", "assistant", "7")]


def test_parse_takes_the_address_in_lower_case_and_no_role_where_nothing_is_said() -> None:
    assert roster.parse(LIST).rows == [
        Row(2, "bilal@quaid.example", "Bilal Ahmed", "student", "S-7")
    ]
    assert roster.parse("email\nA@B.example\n").rows == [Row(2, "a@b.example", "", "", "")]


def test_parse_names_the_columns_that_it_ignores() -> None:
    read = roster.parse("email,phone,name,\na@b.example,1,A,\n")
    assert (read.rows, read.ignored) == ([Row(2, "a@b.example", "A")], ["phone"])


def test_parse_keeps_the_line_where_a_cell_spans_lines_or_a_line_is_blank() -> None:
    text = 'email,name\n\na@b.example,"A\nB"\n,\nc@d.example,C\n'
    assert roster.parse(text).rows == [Row(3, "a@b.example", "A B"), Row(6, "c@d.example", "C")]


# Faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Problem(0, "empty")),
        (" \n \n", Problem(0, "empty")),
        ("email,name\n", Problem(0, "empty")),
        ("name,role\nA,student\n", Problem(1, "column_missing")),
        ("email,mail\na@b.example,\n", Problem(1, "column_repeated", "mail")),
        ("email,name\n,A\n", Problem(2, "email_missing")),
        ("email\nnobody\n", Problem(2, "email_malformed", "nobody")),
        ("email\na b@c.example\n", Problem(2, "email_malformed", "a b@c.example")),
        ("email,role\na@b.example,boss\n", Problem(2, "role_unknown", "boss")),
        ("email,name\na@b.example,A,B\n", Problem(2, "too_many_cells")),
        (f"email,name\na@b.example,{'n' * 81}\n", Problem(2, "name_too_long")),
        (f"email\n{'a' * 250}@b.example\n", Problem(2, "email_too_long")),
        ('email\n"a@b.example"x\n', Problem(2, "quotes")),
        ('email\na@b.example\n"b@c.example\n', Problem(3, "quotes")),
        (
            "email\na@b.example\nA@b.example\n",
            Problem(3, "email_repeated", "a@b.example", other_line=2),
        ),
        (
            "email,id\na@b.example,7\nc@d.example,7\n",
            Problem(3, "sis_id_repeated", "7", other_line=2),
        ),
        ("e" * (roster.MAX_BYTES + 1), Problem(0, "too_large")),
    ],
)
def test_parse_finds_the_fault(text: str, expected: Problem) -> None:
    assert problems(text) == [expected]


def test_parse_finds_every_fault_at_once() -> None:
    text = "email,role\nnobody,boss\n\nb@c.example,student\n,student\n"
    assert problems(text) == [
        Problem(2, "email_malformed", "nobody"),
        Problem(2, "role_unknown", "boss"),
        Problem(5, "email_missing"),
    ]


def test_parse_stops_after_as_many_rows_as_a_class_can_have() -> None:
    rows = "".join(f"{number}@b.example\n" for number in range(roster.MAX_ROWS + 5))
    read = roster.parse(f"email\n{rows}")
    assert len(read.rows) == roster.MAX_ROWS
    assert read.problems == [Problem(roster.MAX_ROWS + 2, "too_many_rows")]
    assert problems("email\n" + "".join(rows.splitlines(keepends=True)[: roster.MAX_ROWS])) == []


# Writing


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "'=1", "=cmd|'/c calc'!A1", "''", "'", "x=1"]
)
def test_neutralise_leaves_no_cell_that_a_spreadsheet_runs(cell: str) -> None:
    written = roster.neutralise(cell)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert roster.restore(written) == cell


_names = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40)
_rows = st.lists(
    st.builds(
        Row,
        line=st.just(0),
        email=st.from_regex(r"[a-z=+\-][a-z0-9]{0,9}@[a-z]{1,9}\.example", fullmatch=True),
        name=_names.map(lambda name: roster._tidy(roster.restore(name))),
        role=st.sampled_from(["", *roster.ROLES]),
        sis_id=st.from_regex(r"[A-Z=@-][0-9]{0,9}|", fullmatch=True),
    ),
    min_size=1,
    unique_by=(lambda row: row.email, lambda row: row.sis_id or row.email),
)


@given(_rows)
def test_emit_then_parse_gives_back_every_person(rows: list[Row]) -> None:
    text = roster.emit(
        roster.COLUMNS, ((row.email, row.name, row.role, row.sis_id) for row in rows)
    )
    read = roster.parse(roster.decode(text.encode()))
    assert read.problems == []
    assert [(row.email, row.name, row.role, row.sis_id) for row in read.rows] == [
        (row.email, row.name, row.role, row.sis_id) for row in rows
    ]
    for cells in list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]:
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@given(st.text())
def test_parse_never_raises_and_says_something_of_every_text(text: str) -> None:
    read = roster.parse(text)
    assert read.rows or read.problems


@given(st.binary(max_size=200))
def test_decode_gives_text_or_refuses(raw: bytes) -> None:
    try:
        text = roster.decode(raw)
    except Unreadable:
        return
    roster.parse(text)


@given(st.lists(st.sampled_from(["a@b.example", "", ",", '"', "\n", ";", "x", "email"])))
def test_lines_of_rows_and_faults_are_lines_of_the_text(parts: list[str]) -> None:
    text = "email,name\n" + "".join(parts)
    read = roster.parse(text)
    last = text.count("\n") + 1
    assert all(1 < row.line <= last for row in read.rows)
    assert all(0 <= problem.line <= last for problem in read.problems)
