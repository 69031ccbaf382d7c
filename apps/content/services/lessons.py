from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.content import policies, search, selectors
from apps.content.drafts import LessonDraft, SectionDraft
from apps.content.errors import EditConflict, InvalidContent
from apps.content.markdown import MAX_CHARACTERS, RenderContext, render_markdown
from apps.content.models import (
    FurtherReading,
    GlossaryTerm,
    Lesson,
    Reference,
    Section,
    SectionSource,
    SourceParagraph,
    Unit,
)
from apps.content.problems import Problem
from apps.content.services.courses import (
    course_lock,
    course_outline_refresh,
    event_of,
    row_delete,
    row_save,
    rows_reorder,
)
from apps.core.errors import NotFound

LESSON_FIELDS = ("title", "slug", "objectives", "summary", "questions")


@transaction.atomic
def lesson_create(
    *,
    unit: Unit,
    draft: LessonDraft,
    editor: User | None,
    now: datetime,
    position: int | None = None,
    context: RenderContext | None = None,
) -> Lesson:
    """Store a new draft lesson at the end of `unit`, or at `position`. Nothing is published.

    Raises: ValidationError, by field; InvalidContent.
    """
    if position is None:
        last = unit.lessons.order_by("-position").values_list("position", flat=True).first()
        position = 0 if last is None else last + 1
    lesson = Lesson(unit=unit, position=position, revision=0)
    _write(lesson, draft, editor, context)
    event_of(unit.course, "lesson.saved", lesson.public_id, editor, now)
    return lesson


@transaction.atomic
def lesson_save(
    *,
    lesson: Lesson,
    draft: LessonDraft,
    expected_revision: int,
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> Lesson:
    """Store a whole draft, sections included, if nobody saved it since `expected_revision`.

    A section keeps its row when its public_id, or else its anchor, is known; sections that the
    draft does not hold are deleted. What students read does not change.
    Raises: EditConflict (holds both drafts); ValidationError; InvalidContent.  Locks: Lesson.
    """
    locked = lesson_lock(lesson)
    current = selectors.lesson_draft(locked)
    if locked.revision != expected_revision:
        last = locked.history.select_related("history_user").first()
        raise EditConflict(
            theirs=current,
            yours=draft,
            revision=locked.revision,
            changed_by=str(last.history_user or "") if last else "",
            changed_at=last.history_date if last else locked.updated_at,
        )
    policies.check_lesson_address(locked, draft.slug)
    if _with_ids(draft, current) != current:
        _write(locked, draft, editor, context)
        event_of(locked.unit.course, "lesson.saved", locked.public_id, editor, now)
    return locked


def lesson_lock(lesson: Lesson) -> Lesson:
    """The lesson's row as it is now, with its course, ours until the transaction ends.

    Raises: NotFound when somebody deleted it meanwhile.  Queries: 1.
    """
    rows = Lesson.objects.select_for_update(of=("self",))
    try:
        locked: Lesson = rows.select_related("unit__course__school", "published_edition").get(
            pk=lesson.pk
        )
    except Lesson.DoesNotExist:
        raise NotFound(_("This lesson has been deleted.")) from None
    return locked


def _with_ids(draft: LessonDraft, current: LessonDraft) -> LessonDraft:
    """The same draft, its sections named as the rows that they would be stored in."""
    known = {section.anchor: section.public_id for section in current.sections}
    sections = (
        replace(section, public_id=section.public_id or known.get(section.anchor))
        for section in draft.sections
    )
    return replace(draft, sections=tuple(sections))


def _write(
    lesson: Lesson, draft: LessonDraft, editor: User | None, context: RenderContext | None
) -> None:
    for name in LESSON_FIELDS:
        value = getattr(draft, name)
        setattr(lesson, name, list(value) if isinstance(value, tuple) else value)
    lesson.revision += 1
    row_save(lesson, editor, exclude=["published_edition"])
    _sections_write(
        lesson, draft.sections, editor, context or selectors.render_context(lesson.unit.course)
    )
    _readings_write(lesson, draft)


def _sections_write(
    lesson: Lesson, drafts: Sequence[SectionDraft], editor: User | None, context: RenderContext
) -> None:
    _anchors_check([draft.anchor for draft in drafts])
    rows = {row.public_id: row for row in lesson.sections.all()}
    kept = _sections_match(rows, drafts, lesson)
    claimed = {row.public_id for _draft, row in kept}
    for public_id, row in rows.items():
        if public_id not in claimed:
            row_delete(row, editor)
    # Two sections may swap anchors: park the ones that move, so that none collides on the way.
    for draft, row in kept:
        if row.pk and row.anchor != draft.anchor:
            Section.objects.filter(pk=row.pk).update(anchor=f"moving-{row.public_id.hex}")
    numbers = {number for draft in drafts for number in draft.paragraphs}
    paragraphs = SourceParagraph.objects.filter(
        article__course=lesson.unit.course, number__in=numbers
    )
    known = dict(paragraphs.values_list("number", "pk"))
    for position, (draft, row) in enumerate(kept):
        row.lesson = lesson
        _section_write(row, draft, position, editor, context)
        _sources_write(row, draft, known)


def _anchors_check(anchors: Sequence[str]) -> None:
    for index, anchor in enumerate(anchors):
        if anchor in anchors[:index]:
            raise InvalidContent(
                _("The anchor “%(anchor)s” stands twice; give one section another.")
                % {"anchor": anchor},
                field=f"sections.{index}.anchor",
            )


def _sections_match(
    rows: Mapping[UUID, Section], drafts: Sequence[SectionDraft], lesson: Lesson
) -> list[tuple[SectionDraft, Section]]:
    """Each draft with its row: by public_id, else by an anchor nobody claims, else a new one."""
    claimed = {draft.public_id for draft in drafts}
    free = {row.anchor: row for row in rows.values() if row.public_id not in claimed}
    return [
        (
            draft,
            (rows.get(draft.public_id) if draft.public_id else None)
            or free.pop(draft.anchor, None)
            or Section(lesson=lesson),
        )
        for draft in drafts
    ]


def _section_write(
    row: Section, draft: SectionDraft, position: int, editor: User | None, context: RenderContext
) -> None:
    wanted = (draft.anchor, draft.heading, draft.body, position)
    if row.pk and (row.anchor, row.heading, row.body, row.position) == wanted:
        return
    row.anchor, row.heading, row.body, row.position = wanted
    if len(row.body) > MAX_CHARACTERS:
        raise InvalidContent(
            Problem("too-long", subject=f"{MAX_CHARACTERS:,}").message,
            field=f"sections.{position}.body",
        )
    try:
        row_save(row, editor, exclude=["lesson"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidContent(messages[0], field=f"sections.{position}.{field}") from error
    section_index(section=row, context=context)


def _sources_write(row: Section, draft: SectionDraft, known: Mapping[str, int]) -> None:
    missing = [number for number in draft.paragraphs if number not in known]
    if missing:
        raise InvalidContent(
            _("The article has no paragraph %(number)s.") % {"number": ", ".join(missing)},
            field=f"sections.{row.position}.paragraphs",
        )
    wanted = [known[number] for number in dict.fromkeys(draft.paragraphs)]
    if wanted != list(row.sources.order_by("position").values_list("paragraph_id", flat=True)):
        row.sources.all().delete()
        SectionSource.objects.bulk_create(
            SectionSource(section=row, paragraph_id=pk, position=index)
            for index, pk in enumerate(wanted)
        )


def section_index(*, section: Section, context: RenderContext) -> None:
    """Record which works and terms a section's text uses, for “where is this used?”."""
    course = section.lesson.unit.course
    rendered = render_markdown(section.body, context)
    section.references.set(Reference.objects.filter(course=course, key__in=rendered.citations))
    section.terms.set(GlossaryTerm.objects.filter(course=course, slug__in=rendered.terms))


def _readings_write(lesson: Lesson, draft: LessonDraft) -> None:
    wanted = [(reading.key, reading.note) for reading in draft.further_reading]
    current = list(lesson.further_reading.values_list("reference__key", "note"))
    if wanted == current:
        return
    works = {
        work.key: work
        for work in Reference.objects.filter(
            course=lesson.unit.course, key__in=[key for key, _note in wanted]
        )
    }
    for index, (key, _note) in enumerate(wanted):
        if key not in works:
            raise InvalidContent(
                _("The course has no reference “%(key)s”.") % {"key": key},
                field=f"further_reading.{index}.key",
            )
    lesson.further_reading.all().delete()
    FurtherReading.objects.bulk_create(
        FurtherReading(lesson=lesson, reference=works[key], note=note, position=position)
        for position, (key, note) in enumerate(wanted)
    )


@transaction.atomic
def lessons_reorder(
    *, unit: Unit, slugs: Sequence[str], editor: User | None, now: datetime
) -> None:
    """Give the lessons of `unit` the order of `slugs`; lessons not named follow as they were.

    Queries: 10, whatever the number of lessons; 4 when the order is the same.  Locks: Course.
    """
    course_lock(unit.course)
    lessons = list(unit.lessons.order_by("position", "pk"))
    if rows_reorder(lessons, slugs, editor):
        event_of(unit.course, "unit.saved", unit.public_id, editor, now)
        course_outline_refresh(course=unit.course)


@transaction.atomic
def lesson_delete(*, lesson: Lesson, editor: User | None, now: datetime) -> None:
    """Delete a lesson with its editions; the outbox keeps a tombstone.  Locks: Course, Lesson."""
    course_lock(lesson.unit.course)
    locked = lesson_lock(lesson)
    course = locked.unit.course
    event_of(course, "lesson.deleted", locked.public_id, editor, now, is_tombstone=True)
    search.forget(course=course, kind="lesson", key=f"{locked.unit.slug}/{locked.slug}")
    # The pointer protects its edition; let go of it first.
    Lesson.objects.filter(pk=locked.pk).update(published_edition=None)
    locked.published_edition = None
    row_delete(locked, editor)
    course_outline_refresh(course=course)
