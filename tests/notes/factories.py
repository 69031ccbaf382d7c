"""Notes made through the services that the product uses."""

from typing import Any
from uuid import uuid4

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content import services as content
from apps.content.models import Lesson, LessonEdition
from apps.notes import services
from apps.notes.drafts import PRIVATE, Audience
from apps.notes.enums import Kind, Visibility
from apps.notes.models import Note
from apps.notes.passages import Selector
from tests.content import factories
from tests.factories import NOW

TEXT = (
    "In 1949 an invitation came from Moscow. It was accepted and never taken up; the authors give "
    "three reasons for it.\n\nThe second paragraph weighs *each of them* [@khan1961]."
)
OTHER = "A year later the prime minister went to Washington instead, and the press took note."
PASSAGE = "accepted and never taken up"


def lesson_create(classroom: Classroom, **fields: Any) -> Lesson:
    """A published lesson of the class's course: sections "invitation" and "journey"."""
    return factories.lesson_publish(
        classroom.course,
        factories.section("invitation", TEXT),
        factories.section("journey", OTHER, paragraphs=("P02",)),
        **fields,
    )


def edition_of(lesson: Lesson) -> LessonEdition:
    rows = LessonEdition.objects.select_related("lesson__unit__course").order_by("-number")
    found: LessonEdition = rows.filter(lesson=lesson)[0]
    return found


def republish(lesson: Lesson, *bodies: tuple[str, str]) -> LessonEdition:
    """The lesson's next edition, of sections (anchor, text)."""
    row = factories.lesson_of(lesson)
    changed = factories.draft(
        *(factories.section(anchor, body) for anchor, body in bodies), slug=lesson.slug
    )
    factories.save(row, changed)
    return content.lesson_publish(lesson=factories.lesson_of(lesson), editor=None, now=NOW)


def note_create(author: User, lesson: Lesson, **fields: Any) -> Note:
    passage = fields.pop("passage", None) or Selector("invitation", fields.pop("exact", PASSAGE))
    fields = {"kind": Kind.NOTE, "body": "Why not?", "client_id": uuid4(), **fields}
    return services.note_create(
        author=author, edition=edition_of(lesson), passage=passage, now=NOW, **fields
    )


def audience(classroom: Classroom, visibility: str = Visibility.CLASS) -> Audience:
    return Audience(visibility, classroom)


def share(author: User, lesson: Lesson, classroom: Classroom, **fields: Any) -> Note:
    return note_create(author, lesson, audience=audience(classroom), **fields)


def confuse(author: User, lesson: Lesson, **fields: Any) -> Note:
    fields = {"kind": Kind.CONFUSED, "body": "", "audience": PRIVATE, **fields}
    return note_create(author, lesson, **fields)
