from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from apps.classrooms.enums import STAFF_ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from apps.content.querysets import Viewer


class ClassroomQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Viewer) -> ClassroomQuerySet:
        """Classes that `user` is in, in whatever role."""
        return self.for_roles(user, Role.values)

    def staffed_by(self, user: Viewer) -> ClassroomQuerySet:
        """Classes where `user` marks and moderates: instructors and assistants."""
        return self.for_roles(user, STAFF_ROLES)

    def taught_by(self, user: Viewer) -> ClassroomQuerySet:
        """Classes that `user` runs."""
        return self.for_roles(user, [Role.INSTRUCTOR])

    def for_roles(self, user: Viewer, roles: Collection[str]) -> ClassroomQuerySet:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows = self.filter(
            Q(
                enrolments__user=user,
                enrolments__role__in=roles,
                enrolments__removed_at__isnull=True,
            )
        )
        through = user.through_school_id
        return rows if through is None else rows.filter(school_id=through)


class EnrolmentQuerySet(models.QuerySet[Any]):
    def active(self) -> EnrolmentQuerySet:
        return self.filter(removed_at__isnull=True)

    def students(self) -> EnrolmentQuerySet:
        return self.active().filter(role=Role.STUDENT)
