from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom, Enrolment
from apps.classrooms.querysets import ClassroomQuerySet, EnrolmentQuerySet
from apps.core.errors import NotFound

if TYPE_CHECKING:
    from apps.content.querysets import Viewer

ROLES: tuple[str, ...] = tuple(Role.values)


def classroom_for(user: Viewer, public_id: UUID, roles: Collection[str] = ROLES) -> Classroom:
    """The class, where `user` is in it in one of `roles`; `.viewer_enrolment` says as what.

    With it come its course and school. Raises: NotFound.  Queries: 1.
    """
    enrolment = None
    if user.is_authenticated and user.is_active:
        enrolment = (
            Enrolment.objects.active()
            .filter(user=user, classroom__public_id=public_id, role__in=roles)
            .select_related("classroom__course", "classroom__school")
            .defer("classroom__course__outline", "classroom__course__loaded_manifest")
            .first()
        )
    if enrolment is None:
        raise NotFound(_("There is no such class."))
    classroom: Classroom = enrolment.classroom
    classroom.viewer_enrolment = enrolment
    return classroom


def classrooms_of(user: Viewer) -> ClassroomQuerySet:
    """Every class that `user` is in, the newest first, with its course and school."""
    return Classroom.objects.visible_to(user).select_related("course", "school")


def students_of(classroom: Classroom) -> EnrolmentQuerySet:
    """Enrolments of the students who are in the class, by name, each with its person."""
    return (
        Enrolment.objects.students()
        .filter(classroom=classroom)
        .select_related("user")
        .order_by("user__display_name", "user__email")
    )
