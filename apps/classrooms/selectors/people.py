"""Who is in a class, for those who teach it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.classrooms import roster
from apps.classrooms.enums import Role
from apps.classrooms.models import Accommodation, Classroom, Enrolment, Invitation
from apps.core.errors import NotFound

PAGE_SIZE = 100
_RANK = {Role.INSTRUCTOR: 0, Role.ASSISTANT: 1, Role.STUDENT: 2}


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of a class's members, each with `is_accommodated`; invitations; who was removed.

    count: all members, found or not.
    """

    members: Page[Enrolment]
    count: int
    invitations: list[Invitation]
    removed: list[Enrolment]


def people_page(
    classroom: Classroom, *, query: str = "", role: str = "", page: int = 1
) -> PeoplePage:
    """Staff first, then by name; `query` is found in names, addresses and ids.

    Compared here rather than by the database: SQLite knows the case of Latin letters alone.
    Who is granted something is an instructor's to know.  Queries: 2.
    """
    rows = Enrolment.objects.filter(classroom=classroom).select_related("user")
    if classroom.viewer_enrolment.is_instructor:
        granted = Accommodation.objects.filter(enrolment=OuterRef("pk"))
        rows = rows.annotate(is_accommodated=Exists(granted))
    everybody = sorted(rows, key=_place)
    members = [row for row in everybody if row.removed_at is None]
    wanted = _fold(query)
    found = [
        row
        for row in members
        if role in {"", row.role}
        and wanted in _fold(f"{row.user.display_name}\n{row.user.email}\n{row.sis_id}")
    ]
    return PeoplePage(
        members=Paginator(found, PAGE_SIZE).get_page(page),
        count=len(members),
        invitations=list(classroom.invitations.order_by("email")),
        removed=[row for row in everybody if row.removed_at is not None],
    )


def enrolment_in(classroom: Classroom, public_id: UUID) -> Enrolment:
    """One person of a class, in it or removed, with the user.  Raises: NotFound.  Queries: 1."""
    row = classroom.enrolments.filter(public_id=public_id).select_related("user").first()
    if row is None:
        raise NotFound(_("There is no such person in this class."))
    row.classroom = classroom
    return row


def roster_file(classroom: Classroom) -> str:
    """Everybody in the class as CSV, in the columns that an import reads.  Queries: 1."""
    rows: Collection[Enrolment] = (
        Enrolment.objects.active().filter(classroom=classroom).select_related("user")
    )
    return roster.emit(
        roster.COLUMNS,
        (
            (row.user.email, row.user.display_name, row.role, row.sis_id)
            for row in sorted(rows, key=_place)
        ),
    )


def _place(row: Enrolment) -> tuple[int, str, int]:
    return _RANK[Role(row.role)], _fold(row.user.display_name or row.user.email), row.pk


def _fold(text: str) -> str:
    """Without case and accents, so that “muller” finds “Müller”."""
    split = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(each for each in split if not unicodedata.combining(each))
