from enum import StrEnum


class Role(StrEnum):
    INSTRUCTOR = "instructor"
    STUDENT = "student"
