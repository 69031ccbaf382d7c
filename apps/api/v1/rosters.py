"""A whole class list in one request, with what became of each person."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors, services
from apps.api.enums import JobKind, Scope
from apps.api.v1.access import ApiView, actor_of, caller_of, name_of
from apps.api.v1.inputs import Input, read
from apps.api.v1.jobs import JOB, job_public
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import STRING, Json
from apps.classrooms.enums import Role

MAX_PEOPLE, MAX_PEOPLE_LONG = 500, 10_000
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
                    "outcome": {"type": "string", "enum": list(services.OUTCOMES)},
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
        results = services.roster_put(
            classroom=classroom, people=people, actor=actor_of(request), now=timezone.now()
        )
        return Response({"results": results})


class LongRosterIn(Input):
    people = serializers.ListField(child=PersonIn(), max_length=MAX_PEOPLE_LONG, allow_empty=False)


class LongRoster(ApiView):
    """Put up to 10,000 people into a class as a job: 202, and `Location` leads to it.

    The job tells how many were invited, changed and unchanged, and of each who was refused why.
    """

    write_scope = Scope.ROSTER_WRITE
    shape = JOB
    statuses = {"post": (202,)}
    bodies = {"post": LongRosterIn}

    @idempotent
    def post(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        people = read(request, LongRosterIn)["people"]
        row = services.job_create(
            caller=name_of(request),
            kind=JobKind.ROSTER,
            school=classroom.school,
            user=actor_of(request),
            wish={"classroom": str(classroom.public_id), "people": people},
            total_count=len(people),
            now=timezone.now(),
        )
        body = job_public(row)
        place = reverse("api:job", kwargs={"job": row.public_id})
        return Response(body, status=202, headers={"Location": place})
