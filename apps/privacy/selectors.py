"""What the pages of privacy show, and where somebody's traces are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.policies import may_manage_people
from apps.classrooms import personal as classrooms
from apps.classrooms.models import Classroom
from apps.core.errors import NotFound
from apps.debates import personal as debates
from apps.privacy.declarations import PERSONAL
from apps.privacy.models import ErasureRequest, ExportChunk, ExportRequest
from apps.privacy.purposes import PURPOSES, Purpose

if TYPE_CHECKING:
    from apps.core.exports import KeptText


@dataclass(frozen=True, slots=True)
class Holding:
    """A purpose, with the tables that serve it: (the model's plural, the names of its columns)."""

    purpose: Purpose
    tables: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody has asked of the page. copies: the newest first."""

    copies: list[ExportRequest]
    erasure: ErasureRequest | None

    @property
    def is_copy_under_way(self) -> bool:
        return any(row.ready_at is None and row.failed_at is None for row in self.copies)


def holdings() -> list[Holding]:
    """Everything that is kept about a person, by purpose, in the order of the page.  Queries: 0."""
    return [
        Holding(
            purpose,
            [
                (str(apps.get_model(label)._meta.verbose_name_plural), ", ".join(each.fields))
                for label, each in PERSONAL.items()
                if each.purpose is purpose
            ],
        )
        for purpose in PURPOSES
    ]


def wishes_of(user: User) -> Wishes:
    """Queries: 2."""
    return Wishes(
        copies=list(ExportRequest.objects.filter(user=user)),
        erasure=ErasureRequest.objects.filter(user=user).first(),
    )


def person_to_erase(administrator: User, public_id: UUID) -> User:
    """Somebody whom an administrator may have erased.  Raises: NotFound.  Queries: 1."""
    person = None
    if may_manage_people(administrator):
        rows = User.objects.filter(public_id=public_id, is_erased=False)
        person = rows.select_related("erasure_request").first()
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def class_policies(user: User) -> list[Classroom]:
    """The person's classes, for what each does with marks of the erased.  Queries: 1."""
    return classrooms.policies_of(user)


def texts_kept(user: User) -> list[KeptText]:
    """What the person wrote and others answered, so that it stays.  Queries: 1."""
    return debates.kept_texts(user)


def export_of(user: User, public_id: UUID) -> ExportRequest:
    """One's own copy, once it is made.  Raises: NotFound, also for another's.  Queries: 1."""
    row = ExportRequest.objects.filter(
        user=user, public_id=public_id, ready_at__isnull=False
    ).first()
    if row is None:
        raise NotFound(_("There is no such copy."))
    return row


def export_bytes(row: ExportRequest) -> Iterator[bytes]:
    """The ZIP file piece by piece.  Queries: 1 a piece, so that no memory holds all of it."""
    number = 0
    while piece := ExportChunk.objects.filter(export=row, number=number).first():
        yield bytes(piece.content)
        number += 1


def traces(needles: Sequence[str]) -> list[str]:
    """Every "table.column" of the database, ours or a package's, that holds one of `needles`.

    Every column of every table is read: for the worker, once a person.  Queries: 2 a table.
    """
    if not needles:
        return []
    quote = connection.ops.quote_name
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {quote(table)} LIMIT 0")  # noqa: S608 - names
            columns = [each[0] for each in cursor.description]
            tests = [
                " OR ".join(
                    f"LOWER(CAST({quote(column)} AS text)) LIKE %s ESCAPE '!'" for _each in needles
                )
                for column in columns
            ]
            cases = ", ".join(f"MAX(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in tests)
            patterns = [f"%{_escaped(each)}%" for _column in columns for each in needles]
            cursor.execute(f"SELECT {cases} FROM {quote(table)}", patterns)  # noqa: S608 - names
            found += [
                f"{table}.{column}"
                for column, is_there in zip(columns, cursor.fetchone(), strict=True)
                if is_there
            ]
    return found


def _escaped(needle: str) -> str:
    return needle.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
