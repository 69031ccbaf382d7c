"""A class list that is put into a class, with what became of each person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as InvalidModel
from django.db import transaction

from apps.accounts.models import User
from apps.classrooms import services as classrooms
from apps.classrooms.models import Classroom, Enrolment, Invitation
from apps.core.errors import DomainError

OUTCOMES = ("invited", "changed", "unchanged", "refused")


@transaction.atomic
def roster_put(
    *,
    classroom: Classroom,
    people: Sequence[dict[str, Any]],
    actor: User | None,
    now: datetime,
) -> list[dict[str, Any]]:
    """Put people into a class, each in a savepoint of their own and all in one commit.

    people: each with `email`, `name`, `role`, `sis_id`.
    Returns: of each, in their order, `email`, `sis_id`, `outcome` and, where refused, `code` and
    `detail`.  Queries: 2, and 8 at most for each who changes.
    """
    keeper = _Keeper(classroom, actor, now)
    return [keeper.put(dict(person)) for person in people]


class _Keeper:
    """Who is in a class and who is invited, read once for the whole list.  Queries: 2."""

    def __init__(self, classroom: Classroom, actor: User | None, now: datetime) -> None:
        self._classroom, self._actor, self._now = classroom, actor, now
        members = Enrolment.objects.active().filter(classroom=classroom).select_related("user")
        self._members = list(members)
        self._invited = {row.email: row for row in Invitation.objects.filter(classroom=classroom)}

    def put(self, person: dict[str, Any]) -> dict[str, Any]:
        """What became of one person.  Queries: 0 where nothing changes, else 8 at most."""
        person["email"] = person["email"].strip().lower()
        told = {"email": person["email"], "sis_id": person["sis_id"]}
        try:
            return {**told, "outcome": self._write(person)}
        except InvalidModel as error:
            return {**told, "outcome": "refused", "code": "invalid", "detail": error.messages[0]}
        except DomainError as error:
            return {**told, "outcome": "refused", "code": error.code, "detail": str(error.message)}

    def _write(self, person: dict[str, Any]) -> str:
        if member := self._member(person):
            wish = (person["role"], person["sis_id"] or member.sis_id)
            if (member.role, member.sis_id) == wish:
                return "unchanged"
            saved = classrooms.enrolment_save(
                enrolment=member, role=wish[0], sis_id=wish[1], actor=self._actor, now=self._now
            )
            member.role, member.sis_id = saved.role, saved.sis_id
            return "changed"
        place = self._invited.get(person["email"])
        wish_of_place = (person["name"].strip(), person["role"], person["sis_id"])
        if place and (place.display_name, place.role, place.sis_id) == wish_of_place:
            return "unchanged"
        self._invited[person["email"]] = classrooms.invitation_create(
            classroom=self._classroom,
            email=person["email"],
            display_name=person["name"],
            role=person["role"],
            sis_id=person["sis_id"],
            actor=self._actor,
            now=self._now,
        )
        return "changed" if place else "invited"

    def _member(self, person: dict[str, Any]) -> Enrolment | None:
        sis_id, email = person["sis_id"], person["email"]
        by_id = (row for row in self._members if sis_id and row.sis_id == sis_id)
        by_address = (row for row in self._members if row.user.email == email)
        return next(by_id, None) or next(by_address, None)
