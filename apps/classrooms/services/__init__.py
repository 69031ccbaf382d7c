"""Every write to classes. What decides who is in a class locks the Classroom row first."""

from apps.classrooms.services.classrooms import classroom_create
from apps.classrooms.services.enrolments import enrolment_add

__all__ = [
    "classroom_create",
    "enrolment_add",
]
