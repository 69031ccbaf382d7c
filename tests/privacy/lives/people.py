"""A person, the world that both share, and the words by which they are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Model

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.content.models import Lesson
from apps.debates.enums import GRADE_SOURCE
from apps.debates.models import (
    DebateRun,
)
from apps.grades.models import GradeItem
from apps.quizzes.models import Assignment
from tests.classrooms.factories import classroom_create
from tests.content.factories import lesson_publish
from tests.debates.factories import run_create
from tests.factories import NOW, instructor_create, school_create
from tests.grades.factories import source_create
from tests.quizzes.factories import assignment_create, question_create, quiz_create

LATER = NOW + timedelta(days=30)  # every phase is over, everything is released


@dataclass(frozen=True)
class World:
    """What both people share: a class that keeps marks of the erased, and one that does not."""

    school: School
    teacher: User
    keeping: Classroom
    dropping: Classroom
    lesson: Lesson
    assignment: Assignment
    run: DebateRun
    items: tuple[GradeItem, GradeItem]

    @classmethod
    def create(cls) -> World:
        school = school_create(name="Quaid", slug="quaid")
        teacher = instructor_create(school, email="teacher@quaid.example", name="Tahira Baig")
        keeping = classroom_create(school, teacher, slug="keeping", title="Keeping")
        dropping = classroom_create(
            school, teacher, course=keeping.course, title="Dropping", keeps_marks=False
        )
        lesson = lesson_publish(keeping.course)
        quiz = quiz_create(keeping.course, question_create(keeping.course, "essay"))
        assignment = assignment_create(keeping, teacher, quiz)
        GradeItem.objects.filter(pk__in=[assignment.grade_item_id]).update(released_at=NOW)
        run = run_create(keeping, teacher)
        GradeItem.objects.create(
            classroom=keeping,
            kind="source",
            title=run.motion,
            max_points=16,
            source_kind=GRADE_SOURCE,
            source_id=run.public_id,
            released_at=NOW,
        )
        items = (source_create(keeping), source_create(dropping))
        return cls(school, teacher, keeping, dropping, lesson, assignment, run, items)


@dataclass
class Life:
    """A person; `words` maps canaries to the columns that they were written to.

    shown: those that the person's copy holds; kept: those that may stay when they are erased.
    """

    who: str
    world: World
    user: User
    words: dict[str, str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return f"Canaria{self.who} Namedottir"

    @property
    def email(self) -> str:
        return f"canary-{self.who.lower()}@mail.example"

    @property
    def sis_id(self) -> str:
        return f"sisnumber-{self.who.lower()}-4711"

    @property
    def identity(self) -> list[str]:
        """What names the person, as it may stand anywhere."""
        return [self.name, self.email, self.sis_id, f"203.0.113.{10 + ord(self.who)}"]

    def word(
        self, column: str, *, bare: bool = False, shown: bool = True, kept: bool = False
    ) -> str:
        """A canary for "app.Model.column"; with the person's name and address, unless bare."""
        canary = f"zq{self.who}{len(self.words):03d}qz"
        self.words[canary] = column
        if shown:
            self.shown.add(canary)
        if kept:
            self.kept.add(canary)
        return canary if bare else f"{canary} by {self.name}, {self.email}."

    def add(self, row: Model) -> Any:
        self.labels.add(row._meta.label)
        return row


def saying(life: Life, prefix: str, **always: bool) -> Callable[..., str]:
    def say(column: str, **how: bool) -> str:
        return life.word(f"{prefix}{column}", **{**always, **how})

    return say
