"""Who changed what, when: simple_history's rows as a list that a person can read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.content.admin.comparison import Run, abridge, compare_text

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE_SIZE = 40
KINDS = {"+": _("Added"), "~": _("Changed"), "-": _("Deleted")}


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """`who` is empty when the installation itself wrote (a command, the worker)."""

    when: datetime
    who: str
    kind: str
    model: str
    name: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`older`: where the next page begins; None on the last."""

    entries: list[Entry]
    older: datetime | None


def history_page(tables: Iterable[QuerySet[Any]], *, before: datetime | None = None) -> HistoryPage:
    """The newest changes of all `tables` (historical querysets), newest first, one page of them.

    A row that was saved without a difference is left out.  Queries: 1 a table, and 1 for each
    row whose previous state stands on an older page.
    """
    found: list[tuple[Any, Any]] = []
    for table in tables:
        rows = table.select_related("history_user").order_by("-history_date", "-history_id")
        if before is not None:
            rows = rows.filter(history_date__lt=before)
        found += _with_previous(rows[:PAGE_SIZE])
    found.sort(key=lambda pair: pair[0].history_date, reverse=True)
    read = [_entry(row, previous) for row, previous in found[:PAGE_SIZE]]
    return HistoryPage(
        entries=[entry for entry in read if entry.changes or entry.kind != KINDS["~"]],
        older=read[-1].when if len(found) >= PAGE_SIZE else None,
    )


def _with_previous(rows: Iterable[Any]) -> list[tuple[Any, Any]]:
    newest_first: dict[Any, list[Any]] = {}
    for row in rows:
        newest_first.setdefault(row.id, []).append(row)
    pairs: list[tuple[Any, Any]] = []
    for states in newest_first.values():
        pairs += pairwise(states)
        oldest = states[-1]
        pairs.append((oldest, oldest.prev_record if oldest.history_type == "~" else None))
    return pairs


def _entry(row: Any, previous: Any) -> Entry:
    kind = row.history_type
    return Entry(
        when=row.history_date,
        who=str(row.history_user or ""),
        kind=str(KINDS[kind]),
        model=str(capfirst(row.instance_type._meta.verbose_name)),
        name=str(row.instance),
        changes=tuple(_changes(row, previous)) if kind == "~" and previous else (),
    )


def _changes(row: Any, previous: Any) -> list[FieldChange]:
    changes = []
    for field in row.tracked_fields:
        if not field.editable:
            continue
        before, after = _text(previous, field), _text(row, field)
        if before != after:
            label = str(capfirst(field.verbose_name))
            changes.append(FieldChange(label, abridge(compare_text(before, after))))
    return changes


def _text(row: Any, field: models.Field[Any, Any]) -> str:
    """A column's value in words, without a query."""
    value = getattr(row, field.attname)
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(str(part) for part in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, indent=1)
    return str(value)
