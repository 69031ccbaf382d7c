"""A whole class list in one request, with what became of each person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as InvalidModel
from django.db import transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import ApiView, actor_of, caller_of
from apps.api.v1.inputs import Input, read
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import STRING, Json
from apps.classrooms import services as classrooms
from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom, Enrolment, Invitation
from apps.core.errors import DomainError

MAX_PEOPLE = 500
OUTCOMES = ("invited", "changed", "unchanged", "refused")
_RESULTS: Json = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["email", "sis_id", "outcome"],
                "properties": {
                    "email": STRING,
                    "sis_id": STRING,
                    "outcome": {"type": "string", "enum": list(OUTCOMES)},
                    "code": {**STRING, "description": "Where refused: why, for programs."},
                    "detail": {**STRING, "description": "Where refused: why, for people."},
                },
            },
        }
    },
    "examples": [
        {"results": [{"email": "amina@example.edu", "sis_id": "1007", "outcome": "invited"}]}
    ],
}


class PersonIn(Input):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=80, allow_blank=True, default="")
    role = serializers.ChoiceField(Role.choices, default=Role.STUDENT.value)
    sis_id = serializers.CharField(max_length=120, allow_blank=True, default="")


class RosterIn(Input):
    people = serializers.ListField(child=PersonIn(), max_length=MAX_PEOPLE, allow_empty=False)


class Roster(ApiView):
    """Put up to 500 people into a class, by the school's id or by address.

    Who is there already gets the role and the id; for the others a place is kept and a letter
    goes out. Who is not in the list stays. One that is refused does not stop the others.
    """

    write_scope = Scope.ROSTER_WRITE
    body = _RESULTS
    bodies = {"put": RosterIn}

    @idempotent
    def put(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        people = read(request, RosterIn)["people"]
        with transaction.atomic():  # one commit; each person has a savepoint of their own
            keeper = _Keeper(classroom, actor_of(request), timezone.now())
            results = [keeper.put(person) for person in people]
        return Response({"results": results})


class _Keeper:
    """Who is in a class and who is invited, read once for the whole list.  Queries: 2."""

    def __init__(self, classroom: Classroom, actor: User | None, now: datetime) -> None:
        self._classroom, self._actor, self._now = classroom, actor, now
        members = Enrolment.objects.active().filter(classroom=classroom).select_related("user")
        self._members = list(members)
        self._invited = {row.email: row for row in Invitation.objects.filter(classroom=classroom)}

    def put(self, person: dict[str, Any]) -> Json:
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
