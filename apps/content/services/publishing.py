from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.models import User
from apps.content import checks, document, policies, search, selectors
from apps.content.drafts import LessonDraft
from apps.content.errors import InvalidContent, PublishingBlocked
from apps.content.markdown import RenderContext
from apps.content.models import Course, Lesson, LessonEdition
from apps.content.problems import Problem
from apps.content.services.courses import (
    course_lock,
    course_outline_refresh,
    event_of,
    row_save,
)
from apps.content.services.lessons import lesson_lock, lesson_save, section_index
from apps.core.errors import DomainError

logger = logging.getLogger(__name__)


def lesson_checks(*, lesson: Lesson, context: RenderContext | None = None) -> list[Problem]:
    """What stands in the way of publishing (errors) and what is worth a look (warnings).

    Errors: unknown citation, term, paragraph or figure, broken link, missing alternative text,
    no section. Warnings: a section without sources, a cited work of a paragraph that its section
    does not cite, length, long sentences, an objective that questions test
    and the lesson has no more.
    """
    course = lesson.unit.course
    context = context or selectors.render_context(course)
    draft = selectors.lesson_draft(lesson)
    return [*_problems(course, draft, context), *selectors.lost_objectives(lesson, draft)]


def _problems(course: Course, draft: LessonDraft, context: RenderContext) -> list[Problem]:
    numbers = {number for section in draft.sections for number in section.paragraphs}
    return checks.check_lesson(draft, context, selectors.paragraph_citations(course, numbers))


def _check_publishable(course: Course, draft: LessonDraft, context: RenderContext) -> None:
    errors = [problem for problem in _problems(course, draft, context) if problem.is_error]
    if errors:
        raise PublishingBlocked(errors)


@transaction.atomic
def lesson_publish(
    *,
    lesson: Lesson,
    note: str = "",
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> LessonEdition:
    """Make the draft the next edition and show it to readers; an unchanged draft makes none.

    The text is rendered, sanitised and its citations formatted here, once.
    Raises: PublishingBlocked.  Locks: Course, Lesson: two publications get two numbers.
    """
    course_lock(lesson.unit.course)
    locked = lesson_lock(lesson)
    course = locked.unit.course
    context = context or selectors.render_context(course)
    draft = selectors.lesson_draft(locked)
    _check_publishable(course, draft, context)
    for section in locked.sections.all():  # what it names may have come into being since
        section.lesson = locked
        section_index(section=section, context=context)
    content = selectors.lesson_document(locked, context, draft)
    html = edition_html(content)
    checksum = document.checksum(content, html)
    edition = locked.editions.order_by("-number").first()
    if edition is None or edition.checksum != checksum:
        edition = LessonEdition.objects.create(
            lesson=locked,
            number=edition.number + 1 if edition else 1,
            title=locked.title,
            document=content,
            html=html,
            checksum=checksum,
            word_count=content["words"],
            reading_minutes=content["reading_minutes"],
            note=note,
            published_by=editor,
            published_at=now,
        )
    is_new = locked.published_edition != edition
    if is_new:
        event_of(course, "lesson.published", locked.public_id, editor, now)
    if is_new or locked.publish_at or locked.publish_note:
        _show(locked, edition, editor)
    return edition


def edition_html(content: document.Document) -> str:
    """The HTML of an edition, in the course's own language.  Queries: 0."""
    with override(content["language"]):
        return render_to_string("content/edition.html", {"document": content})


def _show(lesson: Lesson, edition: LessonEdition | None, editor: User | None) -> None:
    lesson.published_edition = edition
    lesson.publish_at, lesson.publish_note, lesson.publish_by = None, "", None
    row_save(lesson, editor, exclude=["unit", "published_edition"])
    search.refresh_lesson(lesson)
    course_outline_refresh(course=lesson.unit.course)


@transaction.atomic
def lesson_withdraw(*, lesson: Lesson, editor: User | None, now: datetime) -> None:
    """Take a lesson from readers; its editions and draft stay.  Locks: Course, Lesson."""
    course_lock(lesson.unit.course)
    locked = lesson_lock(lesson)
    if locked.published_edition_id is None:
        return
    event_of(
        locked.unit.course, "lesson.withdrawn", locked.public_id, editor, now, is_tombstone=True
    )
    _show(locked, None, editor)


@transaction.atomic
def lesson_schedule(
    *, lesson: Lesson, publish_at: datetime, note: str = "", editor: User | None, now: datetime
) -> Lesson:
    """Have the worker publish the draft, as it will stand then, at `publish_at` (aware UTC).

    Raises: InvalidContent when that moment has passed; PublishingBlocked when the draft could
    not be published now.  Locks: Lesson.
    """
    policies.check_is_future(publish_at, now)
    locked = lesson_lock(lesson)
    course = locked.unit.course
    _check_publishable(course, selectors.lesson_draft(locked), selectors.render_context(course))
    _schedule_write(locked, publish_at, note, editor)
    event_of(course, "lesson.scheduled", locked.public_id, editor, now)
    return locked


@transaction.atomic
def lesson_unschedule(*, lesson: Lesson, editor: User | None, now: datetime) -> Lesson:
    """Forget a scheduled publication.  Locks: Lesson."""
    locked = lesson_lock(lesson)
    if locked.publish_at is not None:
        _schedule_write(locked, None, "", editor)
        event_of(locked.unit.course, "lesson.unscheduled", locked.public_id, editor, now)
    return locked


def _schedule_write(
    lesson: Lesson, publish_at: datetime | None, note: str, editor: User | None
) -> None:
    lesson.publish_at, lesson.publish_note = publish_at, note
    lesson.publish_by = editor if publish_at else None
    row_save(lesson, editor, exclude=["unit", "published_edition"])


def lessons_publish_due(*, now: datetime) -> int:
    """Publish every lesson whose moment has come; returns how many were published.

    Each lesson has a transaction of its own and is looked at again under its lock, so two
    workers publish it once. One that cannot be published keeps its draft, loses its schedule and
    says why in `publish_note`, where the editor sees it; it never holds up the others.
    """
    due = Lesson.objects.filter(publish_at__lte=now).order_by("publish_at", "pk")
    return sum(_publish_due(lesson, now) for lesson in due.select_related("unit__course"))


def _publish_due(lesson: Lesson, now: datetime) -> bool:
    try:
        with transaction.atomic():
            course_lock(lesson.unit.course)
            locked = lesson_lock(lesson)
            if locked.publish_at is None or locked.publish_at > now:
                return False
            lesson_publish(
                lesson=locked, note=locked.publish_note, editor=locked.publish_by, now=now
            )
    except DomainError as error:
        logger.warning("lesson_schedule_blocked", extra={"lesson": lesson.pk})
        _publish_failed(lesson, error.message)
        return False
    except Exception:
        logger.exception("lesson_schedule_failed", extra={"lesson": lesson.pk})
        _publish_failed(lesson, _("an error of the installation; its log says more."))
        return False
    return True


def _publish_failed(lesson: Lesson, reason: str) -> None:
    note = _("Not published as scheduled: %(reason)s") % {"reason": reason}
    Lesson.objects.filter(pk=lesson.pk).update(publish_at=None, publish_note=note[:300])


@transaction.atomic
def lesson_restore(
    *, lesson: Lesson, edition: LessonEdition, editor: User | None, now: datetime
) -> Lesson:
    """Write an earlier edition's text back into the draft; readers see it once it is published.

    The lesson's address stays. What the course no longer has (a work that was recommended, a
    paragraph) is refused by name, and nothing changes.  Raises: InvalidContent.  Locks: Lesson.
    """
    if edition.lesson_id != lesson.pk:
        raise InvalidContent(_("This edition belongs to another lesson."), field="edition")
    locked = lesson_lock(lesson)
    return lesson_save(
        lesson=locked,
        draft=replace(document.draft_of(edition.document), slug=locked.slug),
        expected_revision=locked.revision,
        editor=editor,
        now=now,
    )
