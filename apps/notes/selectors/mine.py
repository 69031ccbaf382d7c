"""A person's own notes, in all their lessons."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Enrolment
from apps.classrooms.selectors import classroom_for
from apps.core.errors import NotFound
from apps.notes.drafts import PRIVATE, Audience
from apps.notes.enums import Visibility
from apps.notes.models import Note
from apps.notes.notebook import LessonLeaf
from apps.notes.querysets import NoteQuerySet
from apps.notes.selectors import wording

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class LessonChoice:
    """A lesson that somebody has notes on. course: its title, "" where the lesson is deleted."""

    course_slug: str
    course: str
    public_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class MyNotes:
    """A page of notes, the newest first; total: as many were found."""

    notes: Page[Note]
    total: int


def notes_of(user: User) -> NoteQuerySet:
    """Everything that somebody marked or wrote, oldest first, with lesson, course and class.

    For exports too: what is hidden or whose lesson is deleted is among it.  Queries: 1.
    """
    found: NoteQuerySet = (
        Note.objects.of(user)
        .select_related("classroom", "edition", "lesson__unit__course", "lesson__published_edition")
        .defer(
            "edition__html",
            "edition__document",
            "lesson__published_edition__html",
            "lesson__published_edition__document",
            "lesson__unit__course__outline",
            "lesson__unit__course__loaded_manifest",
        )
        .order_by("pk")
    )
    return found


def note_for(user: User, public_id: UUID) -> Note:
    """A note of one's own.  Raises: NotFound for anybody else's.  Queries: 1."""
    note: Note | None = notes_of(user).filter(public_id=public_id).first()
    if note is None:
        raise NotFound(_("You have no such note."))
    return note


@dataclass(frozen=True, slots=True)
class Filter:
    """Which notes are asked for; empty fields ask for all. course: slug. lesson: public id."""

    query: str = ""
    course: str = ""
    lesson: UUID | None = None
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filter()

    def of(self, rows: NoteQuerySet) -> NoteQuerySet:
        asked = {
            "lesson__unit__course__slug": self.course,
            "lesson__public_id": self.lesson,
            "kind": self.kind,
        }
        return rows.filter(**{name: value for name, value in asked.items() if value}).saying(
            self.query
        )


def my_notes(user: User, asked: Filter, *, page: int | str | None = 1) -> MyNotes:
    """What /notes/ shows.  Queries: 2, whatever the number of notes."""
    notes = Paginator(asked.of(notes_of(user).order_by("-pk")), PAGE_SIZE).get_page(page)
    return MyNotes(notes, notes.paginator.count)


def my_lessons(user: User) -> list[LessonChoice]:
    """The lessons that somebody has notes on.  Queries: 1."""
    return lessons_of(Note.objects.of(user))


def lessons_of(notes: NoteQuerySet) -> list[LessonChoice]:
    """The lessons that `notes` stand in, in the order of their courses.  Queries: 1."""
    rows = (
        notes.filter(lesson__isnull=False)
        .values_list(
            "lesson__unit__course__slug",
            "lesson__unit__course__title",
            "lesson__public_id",
            "lesson__title",
        )
        .order_by(
            "lesson__unit__course__title", "lesson__unit__position", "lesson__position", "lesson_id"
        )
        .distinct()
    )
    return [LessonChoice(*row) for row in rows]


def audience_value(note: Note) -> str:
    """Who reads a note, as forms send it: see audience_for."""
    if note.visibility == Visibility.PRIVATE or note.classroom is None:
        return Visibility.PRIVATE.value
    return f"{note.visibility}:{note.classroom.public_id}"


def audience_for(user: User, value: str) -> Audience:
    """“private” or nothing; “class:<public id>”; “instructors:<public id>”.

    Raises: NotFound for a class that `user` is not in.  Queries: 1, or 0 for a private one.
    """
    visibility, _colon, public_id = value.partition(":")
    if not public_id:
        return PRIVATE
    try:
        key = UUID(public_id)
    except ValueError as error:
        raise NotFound(_("There is no such class.")) from error
    return Audience(visibility, classroom_for(user, key))


def classes_offered(user: User, note: Note) -> list[tuple[UUID, str]]:
    """Classes with which a note may be shared: running, on its course, with its author in them.

    The one that it is shared with is among them, whatever has become of it.  Queries: 1.
    """
    offered: list[tuple[UUID, str]] = []
    if note.lesson is not None:
        rows = Enrolment.objects.active().filter(
            user=user,
            classroom__course=note.lesson.unit.course_id,
            classroom__archived_at__isnull=True,
        )
        offered = list(
            rows.order_by("classroom__title").values_list(
                "classroom__public_id", "classroom__title"
            )
        )
    if note.classroom is not None and note.classroom.public_id not in dict(offered):
        offered.append((note.classroom.public_id, note.classroom.title))
    return offered


def notebook_of(user: User, asked: Filter) -> list[LessonLeaf]:
    """Somebody's notes by course and lesson, as a notebook has them.  Queries: 1."""
    leaves: dict[tuple[str, str, str], list[Note]] = {}
    rows = asked.of(notes_of(user)).order_by(
        "lesson__unit__course__title",
        "lesson__unit__position",
        "lesson__position",
        "lesson_id",
        "lesson_title",
        "pk",
    )
    for note in rows:
        course = note.lesson.unit.course.title if note.lesson else _("Lessons that were deleted")
        lesson = note.lesson.title if note.lesson else note.lesson_title
        leaves.setdefault((course, str(note.lesson_id or ""), lesson), []).append(note)
    return [
        LessonLeaf(
            course,
            lesson,
            wording.lesson_url(notes[0]),
            tuple(wording.leaf_of(note) for note in notes),
        )
        for (course, _pk, lesson), notes in leaves.items()
    ]
