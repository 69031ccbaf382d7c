"""Who may do what in a class, as predicates and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.accounts.models import School, SchoolInstructor, User
from apps.classrooms.errors import ClassroomArchived
from apps.core.errors import NotFound

if TYPE_CHECKING:
    from apps.classrooms.models import Classroom
    from apps.content.models import Course
    from apps.content.querysets import Viewer


def may_create_classes(user: Viewer) -> bool:
    """Instructors of a school make its classes.  Queries: 1."""
    return (
        isinstance(user, User)
        and user.is_active
        and SchoolInstructor.objects.filter(user=user).exists()
    )


def check_teaches_at(user: User, school: School) -> None:
    """Raises: NotFound unless `user` is an instructor of `school`.  Queries: 1."""
    if not (user.is_active and SchoolInstructor.objects.filter(user=user, school=school).exists()):
        raise NotFound(_("You do not teach at this school."))


def check_course_is_offered(course: Course, school: School) -> None:
    """Raises: NotFound for another school's course; a shared one every school may teach."""
    if course.school_id not in {None, school.pk}:
        raise NotFound(_("There is no such course."))


def check_is_running(classroom: Classroom) -> None:
    """Raises: ClassroomArchived for a class that can be read and no longer changed."""
    if classroom.archived_at is not None:
        raise ClassroomArchived(_("This class has ended; nothing in it can be changed."))
