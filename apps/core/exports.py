"""What each app gives to a copy of everything about a person: tables of plain rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One file of a copy.

    name: its path without an ending, such as "debates/arguments".
    about: what is in it and, where something is withheld, until when; one sentence or two.
    models: labels of the models whose rows it tells of: a test holds them to the declarations.
    rows: {column: plain value}, every row with the same columns; read once, from first to last.
    """

    name: str
    title: str
    about: str
    models: tuple[str, ...]
    rows: Iterable[Mapping[str, Any]]


def rows_of(queryset: QuerySet[Any], **columns: str) -> Iterator[Mapping[str, Any]]:
    """Rows of `queryset` with the named columns, each a path of fields; fetched as they are read.

    rows_of(Note.objects.filter(author=user), lesson="lesson_title", text="body").  Queries: 1.
    """
    paths = {f"export_{name}": F(path) for name, path in columns.items()}
    names = list(columns)
    rows = queryset.annotate(**paths).values_list(*paths)
    return (dict(zip(names, row, strict=True)) for row in rows.iterator(chunk_size=500))


@dataclass(frozen=True, slots=True)
class KeptText:
    """Words of a person that stay when they are erased, because others answered them.

    public_id: of the thing that holds them.  title: where it stands.  text: as its author wrote it.
    answers: how many people's answers keep it.
    """

    public_id: UUID
    title: str
    text: str
    answers: int
