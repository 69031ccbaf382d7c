"""Two at once, with real threads: SQLite lets one writer in at a time, so PostgreSQL decides."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.classrooms import services
from apps.classrooms.enums import Role
from apps.classrooms.errors import CodeRefused, LastInstructor, RosterRefused
from apps.classrooms.models import Classroom, Enrolment, Invitation
from apps.core.errors import DomainError
from apps.core.models import Event
from tests.factories import NOW, person_create

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 10


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned, or the error of the domain that it raised, begun together."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return act()
        except DomainError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def open_codes(classroom: Classroom) -> list[str]:
    return [row.code for row in classroom.join_codes.filter(closed_at=None)]


def test_two_joins_at_once_enrol_once(classroom: Classroom) -> None:
    (code,) = open_codes(classroom)
    for _round in range(ROUNDS):
        person = person_create()
        rows = at_once(
            *[lambda: services.classroom_join(code=code, user=person, now=NOW)] * 4  # noqa: B023
        )
        row = Enrolment.objects.get(user=person)
        assert rows == [row] * 4
        assert Event.objects.filter(subject_id=row.public_id).count() == 1


def test_two_renewals_at_once_leave_one_open_code(classroom: Classroom, instructor: User) -> None:
    for _round in range(ROUNDS):
        made = at_once(
            *[lambda: services.join_code_renew(classroom=classroom, actor=instructor, now=NOW).code]
            * 3
        )
        (left,) = open_codes(classroom)
        assert left in made


def test_join_against_renewal_enrols_or_refuses(classroom: Classroom, instructor: User) -> None:
    for _round in range(ROUNDS):
        person = person_create()
        (code,) = open_codes(classroom)
        joined, _code = at_once(
            lambda: services.classroom_join(code=code, user=person, now=NOW),  # noqa: B023
            lambda: services.join_code_renew(classroom=classroom, actor=instructor, now=NOW),
        )
        is_in = Enrolment.objects.filter(user=person).exists()
        assert (joined == CodeRefused) is not is_in


def test_last_instructor_survives_two_removals_at_once(
    classroom: Classroom, instructor: User
) -> None:
    for _round in range(ROUNDS):
        other = person_create()
        services.enrolment_add(
            classroom=classroom, user=other, role=Role.INSTRUCTOR, actor=instructor, now=NOW
        )
        instructors = list(classroom.enrolments.active().filter(role=Role.INSTRUCTOR))
        first, second = instructors
        answers = at_once(
            lambda: services.enrolment_remove(
                enrolment=first,  # noqa: B023
                actor=instructor,
                now=NOW,
            ),
            lambda: services.enrolment_save(
                enrolment=second,  # noqa: B023
                role=Role.STUDENT,
                sis_id="",
                actor=instructor,
                now=NOW,
            ),
        )
        assert answers.count(LastInstructor) == 1
        assert classroom.enrolments.active().filter(role=Role.INSTRUCTOR).count() == 1


def test_two_imports_at_once_invite_once(classroom: Classroom, instructor: User) -> None:
    text = "email,id\n" + "".join(f"p{number}@b.example,{number}\n" for number in range(50))
    plans = at_once(
        *[
            lambda: services.enrolments_import(
                classroom=classroom, text=text, actor=instructor, now=NOW
            )
        ]
        * 3
    )
    assert RosterRefused not in plans
    assert sorted(plan.invite_count for plan in plans) == [0, 0, 50]
    assert Invitation.objects.count() == 50


def test_two_workers_send_a_letter_once(classroom: Classroom, instructor: User) -> None:
    for number in range(20):
        services.invitation_create(
            classroom=classroom, email=f"p{number}@b.example", actor=instructor, now=NOW
        )
    sent = at_once(*[lambda: services.invitations_send_due(now=NOW)] * 3)
    assert sum(sent) == 20
