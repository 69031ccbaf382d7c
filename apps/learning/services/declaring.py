"""A reader's own word that a lesson is read, or is not after all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.content.models import Lesson
from apps.learning.models import LessonProgress


@transaction.atomic
def lesson_declare(*, reader: User, lesson: Lesson, now: datetime) -> None:
    """The lesson counts as read because its reader says so, whatever was seen.

    Said twice, the first moment stands.  Queries: 2, and the transaction's own.
    """
    fresh = LessonProgress(reader=reader, lesson=lesson, first_opened_at=now, updated_at=now)
    LessonProgress.objects.bulk_create([fresh], ignore_conflicts=True)
    LessonProgress.objects.filter(reader=reader, lesson=lesson).update(
        declared_at=Coalesce(F("declared_at"), now),
        read_at=Coalesce(F("read_at"), now),
        retracted_at=None,
        updated_at=now,
    )


def lesson_retract(*, reader: User, lesson: Lesson, now: datetime) -> None:
    """The lesson does not count as read, because its reader says so.

    What was seen stays known. It is read again once they say so, or hand in its check-up after
    `now`.  Queries: 1.
    """
    LessonProgress.objects.filter(reader=reader, lesson=lesson).update(
        declared_at=None, read_at=None, retracted_at=now, updated_at=now
    )
