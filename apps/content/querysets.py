from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from typing import TypeAlias

    from apps.accounts.models import User

    Viewer: TypeAlias = User | AnonymousUser


class CourseQuerySet(models.QuerySet[Any]):
    def with_published_lessons(self) -> CourseQuerySet:
        """Courses that a reader can open: at least one lesson is published."""
        return self.filter(units__lessons__published_edition__isnull=False).distinct()

    def editable_by(self, user: Viewer) -> CourseQuerySet:
        """Courses that `user` may change: their schools' own; shared ones for editors."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        may = Q(school__instructorships__user=user)
        if user.is_editor:
            may |= Q(school__isnull=True)
        return self.filter(may).distinct()


class LessonQuerySet(models.QuerySet[Any]):
    def published(self) -> LessonQuerySet:
        return self.filter(published_edition__isnull=False)
