"""Publishing what a load has written, so that a fresh site can be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from apps.accounts.models import User
from apps.content import document, models, services
from apps.content import selectors as content
from apps.content.services.publishing import edition_html
from apps.courseware.format import CourseFiles
from apps.courseware.plan import Action
from apps.courseware.services.writing import refusals_at


def lessons_publish(
    course: models.Course,
    files: CourseFiles,
    plan: Mapping[str, Action],
    *,
    editor: User | None,
    now: datetime,
) -> list[str]:
    """Publish each lesson whose page would differ from its edition; withdraw new drafts.

    A page differs when the lesson does, or a work, term or figure that it shows. Lessons that
    an editor has changed or withdrawn are left to the editor.
    Returns: the published lessons, as unit/slug.  Raises: CourseFaulty.
    """
    context = content.render_context(course)
    rows = {
        f"{row.unit.slug}/{row.slug}": row
        for row in models.Lesson.objects.filter(unit__course=course).select_related(
            "unit__course", "published_edition"
        )
    }
    published = []
    for record in files.lessons:
        row = rows.get(record.path)
        action = plan[f"lesson:{record.path}"]
        if row is None or action not in {Action.CREATED, Action.CHANGED, Action.KEPT}:
            continue
        if record.draft:
            services.lesson_withdraw(lesson=row, editor=editor, now=now)
            continue
        page = content.lesson_document(row, context)
        edition = row.published_edition
        if edition and edition.checksum == document.checksum(page, edition_html(page)):
            continue
        with refusals_at(record.where):
            services.lesson_publish(lesson=row, editor=editor, now=now, context=context)
        published.append(record.path)
    return published
