from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.models import User
from apps.content import checks, document, search, selectors
from apps.content.errors import InvalidContent, PublishingBlocked
from apps.content.markdown import RenderContext
from apps.content.models import Lesson, LessonEdition
from apps.content.problems import Problem
from apps.content.services.courses import course_outline_refresh, event_of
from apps.content.services.lessons import lesson_save

logger = logging.getLogger(__name__)


def lesson_checks(*, lesson: Lesson, context: RenderContext | None = None) -> list[Problem]:
    """What stands in the way of publishing (errors) and what is worth a look (warnings).

    Errors: unknown citation, term, paragraph or figure, broken link, missing alternative text,
    no section. Warnings: a section without sources, a cited work of a paragraph that its section
    does not cite, length, long sentences.
    """
    course = lesson.unit.course
    draft = selectors.lesson_draft(lesson)
    context = context or selectors.render_context(course)
    numbers = {number for section in draft.sections for number in section.paragraphs}
    return checks.check_lesson(draft, context, selectors.paragraph_citations(course, numbers))


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
    Raises: PublishingBlocked.  Locks: Lesson, so that two publications get two numbers.
    """
    locked = (
        Lesson.objects.select_for_update(of=("self",))
        .select_related("unit__course__school", "published_edition")
        .get(pk=lesson.pk)
    )
    course = locked.unit.course
    context = context or selectors.render_context(course)
    errors = [p for p in lesson_checks(lesson=locked, context=context) if p.is_error]
    if errors:
        raise PublishingBlocked(errors)
    content = selectors.lesson_document(locked, context)
    html = edition_html(content)
    checksum = document.checksum(content, html)
    current = locked.published_edition
    if current is not None and current.checksum == checksum:
        edition = current
    else:
        last = locked.editions.order_by("-number").values_list("number", flat=True).first()
        edition = LessonEdition.objects.create(
            lesson=locked,
            number=(last or 0) + 1,
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
        event_of(course, "lesson.published", locked.public_id, editor, now)
    _show(locked, edition)
    return edition


def edition_html(content: document.Document) -> str:
    """The HTML of an edition, in the course's own language.  Queries: 0."""
    with override(content["language"]):
        return render_to_string("content/edition.html", {"document": content})


def _show(lesson: Lesson, edition: LessonEdition | None) -> None:
    lesson.published_edition = edition
    lesson.publish_at = None
    lesson.publish_note = ""
    lesson.publish_by = None
    fields = ["published_edition", "publish_at", "publish_note", "publish_by", "updated_at"]
    lesson.save(update_fields=fields)
    search.refresh_lesson(lesson)
    course_outline_refresh(course=lesson.unit.course)


@transaction.atomic
def lesson_withdraw(*, lesson: Lesson, editor: User | None, now: datetime) -> None:
    """Take a lesson from readers; its editions and draft stay.  Locks: Lesson."""
    locked = Lesson.objects.select_for_update().select_related("unit__course").get(pk=lesson.pk)
    if locked.published_edition_id is None:
        return
    event_of(
        locked.unit.course, "lesson.withdrawn", locked.public_id, editor, now, is_tombstone=True
    )
    _show(locked, None)


@transaction.atomic
def lesson_schedule(
    *, lesson: Lesson, publish_at: datetime, note: str = "", editor: User | None, now: datetime
) -> Lesson:
    """Have the worker publish the draft, as it will stand then, at `publish_at` (aware UTC).

    Raises: InvalidContent when that moment has passed; PublishingBlocked when the draft could
    not be published now.  Locks: Lesson.
    """
    if publish_at <= now:
        raise InvalidContent(_("This moment has passed; choose a later one."), field="publish_at")
    locked = Lesson.objects.select_for_update().select_related("unit__course").get(pk=lesson.pk)
    errors = [problem for problem in lesson_checks(lesson=locked) if problem.is_error]
    if errors:
        raise PublishingBlocked(errors)
    locked.publish_at, locked.publish_note, locked.publish_by = publish_at, note, editor
    locked.save(update_fields=["publish_at", "publish_note", "publish_by", "updated_at"])
    event_of(locked.unit.course, "lesson.scheduled", locked.public_id, editor, now)
    return locked


@transaction.atomic
def lesson_unschedule(*, lesson: Lesson, editor: User | None, now: datetime) -> Lesson:
    """Forget a scheduled publication.  Locks: Lesson."""
    locked = Lesson.objects.select_for_update().select_related("unit__course").get(pk=lesson.pk)
    if locked.publish_at is not None:
        locked.publish_at, locked.publish_note, locked.publish_by = None, "", None
        locked.save(update_fields=["publish_at", "publish_note", "publish_by", "updated_at"])
        event_of(locked.unit.course, "lesson.unscheduled", locked.public_id, editor, now)
    return locked


def lessons_publish_due(*, now: datetime) -> int:
    """Publish every lesson whose moment has come; returns how many were published.

    Each lesson has a transaction of its own and is looked at again under its lock, so two
    workers publish it once. One that its checks stop keeps its draft, loses its schedule and
    says why in `publish_note`, where the editor sees it; it never holds up the others.
    """
    published = 0
    for pk in list(Lesson.objects.filter(publish_at__lte=now).values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                lesson = (
                    Lesson.objects.select_for_update().filter(pk=pk, publish_at__lte=now).first()
                )
                if lesson is None:
                    continue
                lesson_publish(
                    lesson=lesson, note=lesson.publish_note, editor=lesson.publish_by, now=now
                )
                published += 1
        except PublishingBlocked as error:
            reason = _("Not published as scheduled: %(reason)s") % {"reason": error.message}
            Lesson.objects.filter(pk=pk).update(publish_at=None, publish_note=reason[:300])
            logger.warning("lesson_schedule_blocked", extra={"lesson": pk})
    return published


@transaction.atomic
def lesson_restore(
    *, lesson: Lesson, edition: LessonEdition, editor: User | None, now: datetime
) -> Lesson:
    """Write an earlier edition's text back into the draft; readers see it once it is published.

    What the course no longer has (a work, a paragraph) is refused by name, and nothing changes.
    Raises: InvalidContent.  Locks: Lesson.
    """
    if edition.lesson_id != lesson.pk:
        raise InvalidContent(_("This edition belongs to another lesson."), field="edition")
    locked = Lesson.objects.select_for_update().get(pk=lesson.pk)
    return lesson_save(
        lesson=locked,
        draft=document.draft_of(edition.document),
        expected_revision=locked.revision,
        editor=editor,
        now=now,
    )
