"""What a reader sees beside one lesson."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.enums import STAFF_ROLES
from apps.content.models import Lesson, LessonEdition
from apps.core.errors import NotFound
from apps.notes.anchoring import Fit, Place, find
from apps.notes.models import Note
from apps.notes.passages import SectionText, Selector, section_texts, sentences, tidy

MAX_CLASSES = 20
MAX_SHARED = 200
_SEAT = "unit__course__classrooms__enrolments"


@dataclass(frozen=True, slots=True)
class ClassSeat:
    """A class on the lesson's course that the reader is in."""

    pk: int
    public_id: UUID
    title: str
    is_staff: bool
    is_running: bool


@dataclass(frozen=True, slots=True)
class LessonSeat:
    """A published lesson and its reader's classes on its course."""

    pk: int
    path: tuple[str, str, str]  # course, unit, lesson
    language: str
    title: str
    edition_pk: int
    edition_number: int
    checksum: str
    classes: list[ClassSeat]

    @property
    def offered(self) -> list[tuple[UUID, str]]:
        """Classes with which a note may be shared: (public id, title)."""
        return [(each.public_id, each.title) for each in self.classes if each.is_running]


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A note and where its passage stands in the edition that readers see now."""

    note: Note
    place: Place
    is_mine: bool

    @property
    def is_lost(self) -> bool:
        return self.place.fit is Fit.LOST

    @property
    def is_changed(self) -> bool:
        return self.place.fit is Fit.CHANGED


@dataclass(frozen=True, slots=True)
class LessonNotes:
    """In the order of the text; those whose section is gone come last.

    has_more: a class shares more of this lesson than is shown here.
    """

    lesson: LessonSeat
    notes: list[PlacedNote]
    has_more: bool


def lesson_seat(user: User, course: str, unit: str, lesson: str) -> LessonSeat:
    """A published lesson and in which classes `user` reads it.  Raises: NotFound.  Queries: 1."""
    rows = list(
        Lesson.objects.published()
        .filter(unit__course__slug=course, unit__slug=unit, slug=lesson)
        .annotate(
            seat=FilteredRelation(
                _SEAT,
                condition=Q(**{f"{_SEAT}__user": user, f"{_SEAT}__removed_at__isnull": True}),
            )
        )
        .order_by(F("seat__pk").desc(nulls_last=True))
        .values_list(
            "pk",
            "unit__course__language",
            "published_edition__pk",
            "published_edition__number",
            "published_edition__title",
            "published_edition__checksum",
            "seat__role",
            "seat__classroom__pk",
            "seat__classroom__public_id",
            "seat__classroom__title",
            "seat__classroom__archived_at",
        )[:MAX_CLASSES]
    )
    if not rows:
        raise NotFound(_("There is no such lesson."))
    pk, language, edition_pk, number, title, checksum = rows[0][:6]
    return LessonSeat(
        pk=pk,
        path=(course, unit, lesson),
        language=language,
        title=title,
        edition_pk=edition_pk,
        edition_number=number,
        checksum=checksum,
        classes=[
            ClassSeat(class_pk, public_id, class_title, role in STAFF_ROLES, ended is None)
            for *_lesson, role, class_pk, public_id, class_title, ended in rows
            if role is not None
        ],
    )


def edition_of(lesson: LessonSeat, number: int | None = None) -> LessonEdition:
    """An edition that a reader has seen, with lesson, unit and course; None: the present one.

    Raises: NotFound.  Queries: 1.
    """
    rows = LessonEdition.objects.filter(lesson=lesson.pk).select_related("lesson__unit__course")
    found: LessonEdition | None = rows.filter(
        **({"pk": lesson.edition_pk} if number is None else {"number": number})
    ).first()
    if found is None:
        raise NotFound(_("There is no such edition."))
    return found


def lesson_notes(user: User, lesson: LessonSeat) -> LessonNotes:
    """What `user` may see beside a lesson: their own, and what their classes share.

    Queries: 1; another the first time that a process is asked for this edition.
    """
    staffed = [each.pk for each in lesson.classes if each.is_staff]
    seen = Q(author=user)
    if lesson.classes:
        shared = Note.objects.shared_in([each.pk for each in lesson.classes], staffed=staffed)
        seen |= Q(pk__in=shared.not_hidden().filter(lesson=lesson.pk).values("pk"))
    rows = Note.objects.filter(seen, lesson=lesson.pk).select_related("author", "classroom")
    found = list(rows.order_by("-pk"))
    mine = [note for note in found if note.author_id == user.pk]
    others = [note for note in found if note.author_id != user.pk]
    sections = _texts(lesson.edition_pk, lesson.checksum)
    placed = [
        PlacedNote(note, _place(note, lesson, sections), is_mine=note.author_id == user.pk)
        for note in [*mine, *others[:MAX_SHARED]]
    ]
    order = {section.anchor: at for at, section in enumerate(sections)}
    end = len(order)
    placed.sort(
        key=lambda each: (order.get(each.place.section, end), each.place.start, each.note.pk)
    )
    return LessonNotes(lesson, placed, has_more=len(others) > MAX_SHARED)


@dataclass(frozen=True, slots=True)
class SectionNotes:
    """A section sentence by sentence, and the notes that stand in it."""

    anchor: str
    heading: str
    sentences: list[str]
    notes: list[PlacedNote]


@dataclass(frozen=True, slots=True)
class LessonSections:
    """lost: the notes whose section is gone."""

    lesson: LessonSeat
    sections: list[SectionNotes]
    lost: list[PlacedNote]
    has_more: bool

    @property
    def headings(self) -> list[tuple[str, str]]:
        return [(each.anchor, each.heading) for each in self.sections]

    def sentence(self, anchor: str, number: str) -> str:
        """One that was picked from the list, from 1; "" where there is none such."""
        found = next((each.sentences for each in self.sections if each.anchor == anchor), [])
        is_one = number.isascii() and number.isdecimal() and 0 < int(number[:6]) <= len(found)
        return found[int(number) - 1] if is_one else ""


def lesson_sections(user: User, lesson: LessonSeat) -> LessonSections:
    """A lesson to pick passages from, with what `user` may see beside it.

    Queries: 2; another the first time that a process is asked for this edition.
    """
    parts = edition_of(lesson).document["sections"]
    shown = lesson_notes(user, lesson)
    texts = {each.anchor: each.text for each in _texts(lesson.edition_pk, lesson.checksum)}
    anchors = {part["id"] for part in parts}
    return LessonSections(
        lesson=lesson,
        sections=[
            SectionNotes(
                anchor=part["id"],
                heading=part["heading"],
                sentences=sentences(texts.get(part["id"], "").removeprefix(tidy(part["heading"]))),
                notes=[each for each in shown.notes if each.place.section == part["id"]],
            )
            for part in parts
        ],
        lost=[each for each in shown.notes if each.place.section not in anchors],
        has_more=shown.has_more,
    )


def _place(note: Note, lesson: LessonSeat, sections: tuple[SectionText, ...]) -> Place:
    if note.edition_id == lesson.edition_pk:
        return Place(Fit.EXACT, note.section, note.start, note.end)
    return find(Selector(note.section, note.exact, note.prefix, note.suffix, note.start), sections)


@lru_cache(maxsize=64)
def _texts(edition_pk: int, checksum: str) -> tuple[SectionText, ...]:  # noqa: ARG001
    """The text of an edition's sections. Remembered, since an edition never changes: `checksum`
    tells it from another under the same key, in a database that was restored.  Queries: 1.
    """
    return section_texts(LessonEdition.objects.values_list("html", flat=True).get(pk=edition_pk))
