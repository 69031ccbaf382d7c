"""Two notes at once, with real threads: a row's lock decides on PostgreSQL."""

from __future__ import annotations

from functools import partial

import pytest

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.notes import services
from apps.notes.models import Note
from tests.notes.factories import lesson_create, note_create
from tests.quizzes.test_races import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_last_room_of_a_lesson_is_taken_once(
    classroom: Classroom, student: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_IN_LESSON", 2)
    lesson = lesson_create(classroom)
    write = partial(note_create, student, lesson, kind="note", body="One more.")
    write()
    for _round in range(5):
        done = together(*[write] * 4)
        assert [each for each in done if each == "invalid_note"] == ["invalid_note"] * 3
        assert Note.objects.of(student).count() == 2
        Note.objects.order_by("pk").last().delete()  # type: ignore[union-attr]  # there are two
