"""A copy of somebody's data as a ZIP file: an index that says what each file is, and the files."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.exports import ExportTable
from apps.privacy.errors import TooLarge

MAX_BYTES = 512 * 1024 * 1024  # of a copy before it is packed
IN_MEMORY = 4 * 1024 * 1024
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")  # with which a spreadsheet takes text for a formula


def write(
    stream: IO[bytes],
    *,
    tables: Iterable[ExportTable],
    title: str,
    withheld: Sequence[str],
    now: datetime,
) -> None:
    """Write each table as JSON and as CSV, row by row, and README.md, which says what each is.

    withheld: sentences on what is in no file, and why.  Raises: TooLarge.
    """
    lines = []
    written = 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            count, size = _write(archive, table, MAX_BYTES - written)
            written += size
            lines += _described(table, count)
        archive.writestr("README.md", _index(title, lines, withheld, now))


def _write(archive: zipfile.ZipFile, table: ExportTable, left: int) -> tuple[int, int]:
    """Returns: how many rows, how many bytes of JSON and CSV."""
    count = size = 0
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        sheet = TextIOWrapper(cast("IO[bytes]", spool), encoding="utf-8-sig", newline="")
        rows = csv.writer(sheet)
        with archive.open(f"{table.name}.json", "w", force_zip64=True) as file:
            file.write(b"[")
            for row in table.rows:
                plain = {name: _plain(value) for name, value in row.items()}
                text = json.dumps(plain, ensure_ascii=False, indent=1).encode()
                file.write((b",\n" if count else b"\n") + text)
                if not count:
                    rows.writerow(plain)
                rows.writerow([_cell(value) for value in plain.values()])
                count += 1
                size += 2 * len(text)
                if size > left:
                    raise TooLarge(_("The copy is larger than this site makes by itself."))
            file.write(b"\n]\n")
        sheet.flush()
        spool.seek(0)
        if count:
            with archive.open(f"{table.name}.csv", "w", force_zip64=True) as file:
                while block := spool.read(64 * 1024):
                    file.write(block)
        sheet.detach()
    return count, size


def _plain(value: Any) -> Any:  # noqa: PLR0911  one line a kind of value
    """As JSON writes it; moments in UTC, numbers with decimals as text, so that none is rounded."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case str() | int() | float() | None:
            return value
        case _:
            return str(value)


def _cell(value: Any) -> Any:
    """As a spreadsheet shows it; text that it would run stands behind an apostrophe."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = "\n".join(value)
    elif isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_RUNS):
        return f"'{value}"
    return value


def _described(table: ExportTable, count: int) -> list[str]:
    rows = ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}
    files = f"`{table.name}.json`, `{table.name}.csv`" if count else f"`{table.name}.json`"
    return [f"## {table.title}", "", f"{files}: {rows}. {table.about}", ""]


def _index(title: str, lines: Sequence[str], withheld: Sequence[str], now: datetime) -> str:
    made = _("Made on %(moment)s. Moments are in UTC.") % {"moment": f"{now:%Y-%m-%d %H:%M}"}
    how = _(
        "Each part is there twice: as JSON for programs, and as CSV for a spreadsheet. Both can be "
        "opened with any text editor. An apostrophe before a cell keeps a spreadsheet from running "
        "it as a formula."
    )
    parts = [f"# {title}", "", made, "", how, "", *lines]
    if withheld:
        parts += [f"## {_('What is in no file')}", "", *(f"- {each}" for each in withheld), ""]
    return "\n".join(parts)
