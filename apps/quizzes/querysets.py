from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from apps.quizzes.enums import AttemptState

if TYPE_CHECKING:
    from apps.accounts.models import User


class QuestionQuerySet(models.QuerySet[Any]):
    def offered(self) -> QuestionQuerySet:
        """Questions that new attempts may be asked."""
        return self.filter(retired_at__isnull=True)


class AttemptQuerySet(models.QuerySet[Any]):
    def of(self, user: User) -> AttemptQuerySet:
        return self.filter(student=user)

    def open(self) -> AttemptQuerySet:
        return self.filter(state=AttemptState.OPEN)

    def assigned(self) -> AttemptQuerySet:
        """Attempts that count; the others are practice."""
        return self.filter(assignment__isnull=False)
