"""Lists that leave as CSV. Pure; a cell that a spreadsheet would compute is quoted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from apps.classrooms.roster import neutralise


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow(["" if cell is None else neutralise(str(cell)) for cell in row])
    return out.getvalue()
