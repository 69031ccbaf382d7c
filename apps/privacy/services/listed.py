"""Who was erased, kept outside the database: a restored backup knows them still.

The list is one public id a line, the one that the person had; it leads to nobody but in a backup
that is older than their erasure.
Source: docs/decisions/0017-erasure.md
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings


def erased_ids() -> set[UUID]:
    """Everybody on the list; a line that is none of ours is passed over."""
    path = Path(settings.ERASED_LIST)
    if not path.is_file():
        return set()
    ids = set()
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        try:
            ids.add(UUID(line.strip()))
        except ValueError:
            continue
    return ids


def erased_write(ids: Collection[UUID]) -> None:
    """Add to the list, on the disk before this returns; who is on it stays on it once."""
    new = sorted(str(each) for each in set(ids) - erased_ids())
    if not new:
        return
    path = Path(settings.ERASED_LIST)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write("".join(f"{each}\n" for each in new))
        stream.flush()
        os.fsync(stream.fileno())
