"""What a class shares, and what confuses it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.classrooms.models import Enrolment
from apps.core.errors import NotFound
from apps.notes.enums import Kind, Visibility
from apps.notes.models import Note
from apps.notes.selectors import wording
from apps.notes.selectors.mine import PAGE_SIZE, Filter, LessonChoice, lessons_of

if TYPE_CHECKING:
    from apps.classrooms.models import Classroom
    from apps.notes.querysets import NoteQuerySet

MAX_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class ClassNotes:
    """A page of what is shared with a class, the newest first; total: as many were found."""

    notes: Page[Note]
    total: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """A section that confused `people` students of a class.

    passages: (words, how many marked them), the most marked first; "" is the section as a whole.
    named: what students chose to show to those who teach, with their names.
    """

    link: str  # "" where readers cannot open the lesson any more
    lesson_title: str
    section: str
    heading: str
    sources: tuple[str, ...]
    people: int
    passages: tuple[tuple[str, int], ...]
    named: tuple[Note, ...]


def class_notes(classroom: Classroom, asked: Filter, *, page: int | str | None = 1) -> ClassNotes:
    """What whoever fetched the class sees of its shared notes.  Queries: 2.

    Hidden ones are shown to staff, who may show them again, and to their author.
    """
    seen = _shared(classroom)
    rows = asked.of(seen.select_related("author", "lesson__unit__course").order_by("-pk"))
    rows = rows.defer("lesson__unit__course__outline", "lesson__unit__course__loaded_manifest")
    notes = Paginator(rows, PAGE_SIZE).get_page(page)
    return ClassNotes(notes, notes.paginator.count)


def class_lessons(classroom: Classroom) -> list[LessonChoice]:
    """The lessons that the class shares notes on.  Queries: 1."""
    return lessons_of(_shared(classroom))


def shared_note_for(classroom: Classroom, public_id: UUID) -> Note:
    """A note shared with the class, for its staff to moderate.  Raises: NotFound.  Queries: 1."""
    rows = _shared(classroom).select_related("author")
    note: Note | None = rows.filter(public_id=public_id).first()
    if note is None or not classroom.viewer_enrolment.is_staff:
        raise NotFound(_("There is no such note in this class."))
    return note


def _shared(classroom: Classroom) -> NoteQuerySet:
    viewer = classroom.viewer_enrolment
    staffed = [classroom.pk] if viewer.is_staff else []
    rows = Note.objects.shared_in([classroom.pk], staffed=staffed)
    own = Q(author=viewer.user_id)
    return rows if viewer.is_staff else rows.filter(own | Q(hidden_at__isnull=True))


def confusions_by_section(classroom: Classroom) -> dict[tuple[int, str], int]:
    """How many students of the class each section confuses: {(lesson's pk, anchor): people}.

    Counted whether or not they show it to those who teach; nobody is named.  Queries: 1.
    """
    rows = (
        _confused(classroom)
        .values("lesson_id", "section")
        .annotate(people=Count("author", distinct=True))
        .order_by()
        .values_list("lesson_id", "section", "people")
    )
    return {(lesson, section): people for lesson, section, people in rows}


def confusions_page(classroom: Classroom) -> list[Confusion]:
    """What confuses a class, the most confusing section first, for its staff.  Queries: 1."""
    sections: dict[tuple[int, str], list[Note]] = {}
    rows = (
        _confused(classroom)
        .select_related("author", "lesson__unit__course")
        .defer("lesson__unit__course__outline", "lesson__unit__course__loaded_manifest")
        .order_by("lesson__unit__position", "lesson__position", "pk")
    )
    for note in rows:
        sections.setdefault((note.lesson_id, note.section), []).append(note)
    found = [_confusion(classroom, notes) for notes in sections.values()]
    return sorted(found, key=lambda each: -each.people)


def _confusion(classroom: Classroom, notes: list[Note]) -> Confusion:
    last = notes[-1]
    # Who marks the same words again is no more students than one.
    marked = dict.fromkeys((note.author_id, note.exact) for note in notes)
    return Confusion(
        link=wording.section_url(last),
        lesson_title=last.lesson_title,
        section=last.section,
        heading=last.heading,
        sources=tuple(last.sources),
        people=len({note.author_id for note in notes}),
        passages=tuple(Counter(exact for _author, exact in marked).most_common(MAX_PASSAGES)),
        named=tuple(
            note
            for note in notes
            if note.visibility == Visibility.INSTRUCTORS and note.classroom_id == classroom.pk
        ),
    )


def _confused(classroom: Classroom) -> NoteQuerySet:
    """Of the students who are in the class now, in the lessons of its course."""
    students = Enrolment.objects.students().filter(classroom=classroom, user=OuterRef("author"))
    return Note.objects.filter(
        Exists(students), kind=Kind.CONFUSED, lesson__unit__course=classroom.course_id
    )
