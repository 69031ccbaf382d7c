"""Files in and out: neutral for a spreadsheet, exact on the way back, limited."""

import io
import zipfile

import openpyxl
import pytest
import tablib
from hypothesis import given
from hypothesis import strategies as st

from apps.content.admin.formats import (
    MAX_ROWS,
    BibTeX,
    CslJson,
    Csv,
    FileRefused,
    Xlsx,
    neutralise,
    restore,
)

cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
dangerous = st.tuples(st.sampled_from(["=", "+", "-", "@", "\t", "'=", "''-", "\r"]), cells)


@given(dangerous.map("".join) | cells)
def test_neutralised_text_is_harmless_and_comes_back(text: str) -> None:
    written = neutralise(text)
    assert written == text or written.startswith("'")
    if written[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        assert float(written) < 0  # a plain number computes nothing
    assert restore(written) == text


@pytest.mark.parametrize("number", ["-12.30", "67.01", "-7"])
def test_numbers_stay_numbers(number: str) -> None:
    assert neutralise(number) == number


def dataset() -> tablib.Dataset:
    rows = tablib.Dataset(headers=["slug", "text"])
    rows.append(["a", "=HYPERLINK(1)"])
    rows.append(["b", "خوش آمدید, “Привет”\nline two"])
    rows.append(["c", "@khan1961 says"])
    return rows


@pytest.mark.parametrize("file_format", [Csv, Xlsx])
def test_file_is_neutral_and_reads_back_the_same(file_format: type[Csv | Xlsx]) -> None:
    data = file_format().export_data(dataset())
    if file_format is Csv:
        assert "'=HYPERLINK" in data
        data = data.encode("utf-8-sig")
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        assert [cell.data_type for row in sheet.rows for cell in row] == ["s"] * 8
    read = (
        file_format(encoding="utf-8-sig").create_dataset(data)
        if file_format is Csv
        else (file_format().create_dataset(data))
    )
    assert read.dict == dataset().dict


@pytest.mark.parametrize("data", [b"", b"slug,text\na,b", b"PK\x03\x04 not really", None])
def test_what_is_no_workbook_is_refused(data: bytes | None) -> None:
    with pytest.raises(FileRefused):
        Xlsx().create_dataset(data)


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    assert len(packed.getvalue()) < 100_000
    with pytest.raises(FileRefused, match="too large"):
        Xlsx().create_dataset(packed.getvalue())


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(FileRefused, match="more than"):
        Csv(encoding="utf-8").create_dataset("slug\n" + "a\n" * (MAX_ROWS + 1))


@pytest.mark.parametrize("data", ["Lahö".encode("latin-1"), b"slug,term\na,b,c\n", None])
def test_csv_that_cannot_be_read_is_refused(data: bytes | None) -> None:
    with pytest.raises(FileRefused):
        Csv(encoding="utf-8-sig").create_dataset(data)


def test_empty_lines_are_left_out() -> None:
    read = Csv(encoding="utf-8").create_dataset("slug,term\na,b\n,\n")
    assert read.dict == [{"slug": "a", "term": "b"}]


WORK = """@article{khan1961, author = {Khan, H. U. R.}, title = {Relations}, year = {1961},
  journal = {Pakistan Horizon}}"""


def test_bibtex_becomes_columns_without_those_it_cannot_know() -> None:
    read = BibTeX().create_dataset(WORK)
    row = read.dict[0]
    assert (row["key"], row["type"], row["author"]) == (
        "khan1961",
        "article-journal",
        "Khan, H. U. R.",
    )
    assert not {"kind", "status", "note"} & set(row)


@pytest.mark.parametrize(
    ("file_format", "text"),
    [(BibTeX, "@article{broken, title = {x"), (CslJson, "{"), (CslJson, '[{"id": "a"}]')],
)
def test_one_unreadable_work_refuses_the_file(
    file_format: type[BibTeX | CslJson], text: str
) -> None:
    with pytest.raises(FileRefused):
        file_format().create_dataset(text)
