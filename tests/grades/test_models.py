"""The database itself keeps the ledger."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades.models import GradeEvent
from tests.factories import person_create
from tests.grades.factories import score, source_create

pytestmark = pytest.mark.django_db

CHANGES = {
    "public_id": "'00000000-0000-0000-0000-000000000000'",
    "item_id": "item_id + 1",
    "student_id": "NULL",
    "kind": "'regrade'",
    "points": "0",
    "max_points": "1",
    "reason": "'another'",
    "origin_id": "'00000000-0000-0000-0000-000000000000'",
    "origin_path": "'/elsewhere/'",
    "happened_at": "'2020-01-01 00:00:00+00'",
}


@pytest.fixture
def event(classroom: Classroom, student: User) -> GradeEvent:
    return score(source_create(classroom), student, "7", reason="Well argued.")


def test_every_column_of_the_ledger_is_guarded() -> None:
    columns = {field.column for field in GradeEvent._meta.concrete_fields}
    assert columns - set(CHANGES) == {"id", "actor_id"}


@pytest.mark.parametrize("column", CHANGES)
def test_an_event_cannot_be_changed(column: str, event: GradeEvent) -> None:
    statement = f"UPDATE grades_gradeevent SET {column} = {CHANGES[column]} WHERE id = %s"
    with (
        pytest.raises(IntegrityError, match="the grade ledger cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [event.pk])
    unchanged = GradeEvent.objects.get(pk=event.pk)
    assert {name: getattr(unchanged, name) for name in CHANGES} == {
        name: getattr(event, name) for name in CHANGES
    }


def test_an_event_cannot_be_deleted(event: GradeEvent) -> None:
    with (
        pytest.raises(IntegrityError, match="the grade ledger cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM grades_gradeevent WHERE id = %s", [event.pk])
    assert GradeEvent.objects.filter(pk=event.pk).exists()


def test_an_actor_can_be_erased_and_not_exchanged(
    classroom: Classroom, student: User, instructor: User
) -> None:
    marker = person_create()
    item = source_create(classroom)
    event = GradeEvent.objects.create(
        item=item,
        student=student,
        kind="score",
        points=7,
        max_points=10,
        actor=marker,
        happened_at=item.created_at,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        GradeEvent.objects.filter(pk=event.pk).update(actor=instructor)
    marker.delete()
    event.refresh_from_db()
    assert event.actor is None
    with pytest.raises(IntegrityError), transaction.atomic():
        GradeEvent.objects.filter(pk=event.pk).update(actor=instructor)
