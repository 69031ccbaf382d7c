"""The files of bulk import and export. Reading is limited before anything is unpacked."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any

import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX, Format

from apps.content import citations
from apps.content.admin import csl_fields
from apps.content.citations import Imported

MAX_ROWS = 2_000
MAX_UNPACKED_BYTES = 30 * 1024 * 1024

# A spreadsheet runs a cell that begins so. An apostrophe before it makes it text; on the way back
# one apostrophe is taken away again, so that nothing is lost.
_DANGEROUS = re.compile(r"^'*[=+\-@\t\r\n]")
_NEUTRALISED = re.compile(r"^'+[=+\-@\t\r\n]")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


class FileRefused(ValueError):
    """The file as a whole cannot be read; the message is for the person who sent it."""


def neutralise(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) and not _NUMBER.match(text) else text


def restore(cell: Any) -> Any:
    return cell[1:] if isinstance(cell, str) and _NEUTRALISED.match(cell) else cell


def _limited(dataset: tablib.Dataset) -> tablib.Dataset:
    if len(dataset) > MAX_ROWS:
        raise FileRefused(_("The file has more than %(count)s rows.") % {"count": MAX_ROWS})
    headers = [str(header or "").strip() for header in dataset.headers or []]
    read = tablib.Dataset(headers=headers)
    for row in dataset:
        if any(cell not in (None, "") for cell in row):
            read.append([restore(cell) for cell in row])
    return read


def _neutral(dataset: tablib.Dataset) -> tablib.Dataset:
    written = tablib.Dataset(headers=dataset.headers)
    for row in dataset:
        written.append([neutralise(str(cell)) for cell in row])
    return written


class Csv(CSV):  # type: ignore[misc]
    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        text = _text(in_stream, self.encoding or "utf-8-sig")
        try:
            return _limited(super().create_dataset(text, **kwargs))
        except tablib.InvalidDimensions:
            raise FileRefused(_("The rows do not all have the same number of columns.")) from None

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        return super().export_data(_neutral(dataset), **kwargs)


class Xlsx(XLSX):  # type: ignore[misc]
    def create_dataset(self, in_stream: bytes | None) -> tablib.Dataset:
        try:
            with zipfile.ZipFile(io.BytesIO(in_stream or b"")) as archive:
                unpacked = sum(member.file_size for member in archive.infolist())
        except zipfile.BadZipFile:
            raise FileRefused(_("This is not an Excel file (.xlsx).")) from None
        if unpacked > MAX_UNPACKED_BYTES:
            raise FileRefused(_("The file is too large when it is unpacked."))
        try:
            return _limited(super().create_dataset(in_stream))
        except tablib.InvalidDimensions:
            raise FileRefused(_("The rows do not all have the same number of columns.")) from None

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        return super().export_data(_neutral(dataset), **kwargs)


class WorksFormat(Format):  # type: ignore[misc]
    """References as a file of works: each becomes a line with the columns of the form."""

    title = ""
    extension = ""
    content_type = "text/plain; charset=utf-8"

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def is_binary(self) -> bool:
        return False

    def get_read_mode(self) -> str:
        return "r"

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def read(self, text: str) -> Imported:
        raise NotImplementedError

    def write(self, items: list[dict[str, Any]]) -> str:
        raise NotImplementedError

    def create_dataset(self, in_stream: Any, **_kwargs: Any) -> tablib.Dataset:
        imported = self.read(_text(in_stream, "utf-8-sig"))
        if imported.faults:
            raise FileRefused(
                " ".join(
                    f"{fault.where}: {fault.message}" if fault.where else fault.message
                    for fault in imported.faults[:20]
                )
            )
        return _limited(works_dataset(imported.items))

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> str:
        return self.write([_item(row) for row in dataset.dict])


class CslJson(WorksFormat):
    title = "CSL-JSON"
    extension = "json"
    content_type = "application/vnd.citationstyles.csl+json"

    def read(self, text: str) -> Imported:
        return citations.from_csl_json(text)

    def write(self, items: list[dict[str, Any]]) -> str:
        return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


class BibTeX(WorksFormat):
    title = "BibTeX"
    extension = "bib"
    content_type = "application/x-bibtex; charset=utf-8"

    def read(self, text: str) -> Imported:
        return citations.from_bibtex(text)

    def write(self, items: list[dict[str, Any]]) -> str:
        return citations.to_bibtex(items)


CUSTOM_COLUMNS = {"kind": "kind", "listed": "is_listed", "note": "note", "status": "status"}


def works_dataset(items: Iterable[dict[str, Any]]) -> tablib.Dataset:
    """One line a work. What the file does not say of any work has no column, so it is left."""
    rows: list[dict[str, str]] = []
    for item in items:
        custom = item.get("custom", {})
        csl = {name: value for name, value in item.items() if name not in {"id", "custom"}}
        fields, rest = csl_fields.split(csl)
        row = {name: fields.get(name, "") for name in csl_fields.FIELDS}
        row |= {"key": item["id"], "other": json.dumps(rest, ensure_ascii=False) if rest else ""}
        row |= {
            column: str(custom[name]) for name, column in CUSTOM_COLUMNS.items() if name in custom
        }
        rows.append(row)
    headers = list(dict.fromkeys(name for row in rows for name in row))
    dataset = tablib.Dataset(headers=headers)
    for row in rows:
        dataset.append([row.get(name) for name in headers])
    return dataset


def _item(row: dict[str, str]) -> dict[str, Any]:
    rest = json.loads(row["other"]) if row.get("other") else {}
    return {
        "id": row["key"],
        **csl_fields.merge({name: row[name] for name in csl_fields.FIELDS}, rest),
        "custom": {
            "kind": row["kind"],
            "listed": row["is_listed"] == "True",
            "note": row["note"],
            "status": row["status"],
        },
    }


def _text(stream: Any, encoding: str) -> str:
    if isinstance(stream, str):
        return stream
    if stream is None:
        raise FileRefused(_("The file is no longer there; upload it again."))
    try:
        return bytes(stream).decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused(_("The file is not in UTF-8; save it as “CSV UTF-8”.")) from None
