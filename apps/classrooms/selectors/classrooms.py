from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.accounts.models import School, User
from apps.classrooms import policies
from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom, Enrolment, Invitation, JoinCode
from apps.classrooms.querysets import ClassroomQuerySet, EnrolmentQuerySet
from apps.classrooms.selectors.accommodations import Grant, grants_of
from apps.classrooms.selectors.invitations import invitations_of
from apps.content.models import Course
from apps.core.errors import NotFound

if TYPE_CHECKING:
    from apps.content.querysets import Viewer

ROLES: tuple[str, ...] = tuple(Role.values)
_HEAVY = ("outline", "loaded_manifest")


@dataclass(frozen=True, slots=True)
class MyClasses:
    """Somebody's classes, each as their enrolment with `student_count`; and what is offered."""

    running: list[Enrolment]
    ended: list[Enrolment]
    invitations: list[Invitation]
    may_create: bool

    @property
    def teaches(self) -> bool:
        """Whether they are on the staff of a class that runs."""
        return any(row.is_staff for row in self.running)


@dataclass(frozen=True, slots=True)
class Overview:
    """A class as any of its members sees it: names, never addresses.

    code: None where no code is open, or for a student.  grants: the viewer's own.
    """

    instructors: list[str]
    assistants: list[str]
    students: list[str]
    code: JoinCode | None
    grants: list[Grant]


def classroom_for(user: Viewer, public_id: UUID, roles: Collection[str] = ROLES) -> Classroom:
    """The class, where `user` is in it in one of `roles`; `.viewer_enrolment` says as what.

    With it come its course and school. Raises: NotFound.  Queries: 1.
    """
    enrolment = None
    if user.is_authenticated and user.is_active:
        rows = Enrolment.objects.active()
        if user.through_school_id is not None:
            rows = rows.filter(classroom__school_id=user.through_school_id)
        enrolment = (
            rows.filter(user=user, classroom__public_id=public_id, role__in=roles)
            .select_related("classroom__course", "classroom__school")
            .defer(*(f"classroom__course__{name}" for name in _HEAVY))
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


def my_classes(user: User) -> MyClasses:
    """What /classes/ shows, the newest class first.  Queries: 3."""
    rows = list(
        Enrolment.objects.active()
        .filter(user=user)
        .select_related("classroom__course")
        .defer(*(f"classroom__course__{name}" for name in _HEAVY))
        .annotate(
            student_count=Count(
                "classroom__enrolments",
                filter=Q(
                    classroom__enrolments__role=Role.STUDENT,
                    classroom__enrolments__removed_at__isnull=True,
                ),
            )
        )
        .order_by("-classroom__created_at", "-classroom_id")
    )
    return MyClasses(
        running=[row for row in rows if row.classroom.archived_at is None],
        ended=[row for row in rows if row.classroom.archived_at is not None],
        invitations=invitations_of(user),
        may_create=policies.may_create_classes(user),
    )


def overview(classroom: Classroom, now: datetime) -> Overview:
    """What stands on a class's first page for whoever asked for it.

    Queries: 2 for staff; 2 for a student, or 3 where they are granted something in an activity.
    """
    viewer = classroom.viewer_enrolment
    names: dict[str, list[str]] = {role: [] for role in ROLES}
    rows = Enrolment.objects.active().filter(classroom=classroom)
    for role, name in rows.order_by("user__display_name", "pk").values_list(
        "role", "user__display_name"
    ):
        names[role].append(name or _("Somebody without a name"))
    return Overview(
        instructors=names[Role.INSTRUCTOR],
        assistants=names[Role.ASSISTANT],
        students=names[Role.STUDENT],
        code=join_code_of(classroom, now) if viewer.is_staff else None,
        grants=[] if viewer.is_staff else grants_of(viewer),
    )


def join_code_of(classroom: Classroom, now: datetime) -> JoinCode | None:
    """The code that opens the class now, if any does.  Queries: 1."""
    return classroom.join_codes.filter(closed_at__isnull=True, expires_at__gt=now).first()


def students_of(classroom: Classroom) -> EnrolmentQuerySet:
    """Enrolments of the students who are in the class, by name, each with its person."""
    return (
        Enrolment.objects.students()
        .filter(classroom=classroom)
        .select_related("user")
        .order_by("user__display_name", "user__email")
    )


def courses_offered(user: User) -> list[tuple[School, list[Course]]]:
    """Each school at which `user` teaches, with the courses that it may teach: its own, shared.

    Queries: 2.
    """
    schools = list(School.objects.filter(instructorships__user=user).order_by("name"))
    courses = list(
        Course.objects.filter(Q(school__isnull=True) | Q(school__in=schools))
        .defer(*_HEAVY)
        .order_by("title")
    )
    return [
        (school, [course for course in courses if course.school_id in {None, school.pk}])
        for school in schools
    ]
