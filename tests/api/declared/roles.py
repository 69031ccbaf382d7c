"""The callers of the matrix, and the answers that many routes share."""

from dataclasses import dataclass
from typing import TypeAlias

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom

ROLES = (
    "student",
    "classmate",
    "assistant",
    "instructor",
    "outsider",
    "foreign_instructor",
    "anonymous",
    "client",
    "foreign_client",
    "unscoped_client",  # of the same school, with a token for nothing
    "foreign_program",  # another school's, which the instructor lets act for them
)
Answers: TypeAlias = tuple[int, ...]

EVERYBODY: Answers = (200,) * 11
NOWHERE: Answers = (404,) * 11
NOT_SO: Answers = (405,) * 11
# Of the class: who is in it.
MEMBERS: Answers = (200, 200, 200, 200, 404, 404, 401, 200, 404, 403, 404)
# Its staff, and the school's program.
STAFF: Answers = (404, 404, 200, 200, 404, 404, 401, 200, 404, 403, 404)
# Its instructors, and the school's program.
RUN: Answers = (404, 404, 404, 200, 404, 404, 401, 200, 404, 403, 404)
# One person's own, which only they see.
OWN: Answers = (200, 404, 404, 404, 404, 404, 401, 403, 403, 403, 404)
# Everybody's own list, which may be empty; a program has none by itself.
PERSONS: Answers = (200, 200, 200, 200, 200, 200, 401, 403, 403, 403, 200)


def instead(answers: Answers, status: int) -> Answers:
    """The same people, who are answered `status` rather than 200."""
    return tuple(status if each == 200 else each for each in answers)


@dataclass(frozen=True)
class World:
    """What the addresses of the matrix lead to. All of it belongs to `classroom`."""

    school: School
    classroom: Classroom
    student: User
    classmate: User
    assistant: User
    instructor: User
