from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import F
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from apps.accounts.models import User
from apps.content import policies, selectors
from apps.content.errors import InvalidContent
from apps.content.models import Article, Course, Lesson, Reference, SourceParagraph, Unit
from apps.content.outline import Parts, build_outline, parts, parts_of
from apps.core import services as core

COURSE_FIELDS = (
    *("slug", "title", "summary", "language"),
    *("licence_name", "licence_url", "licence_notice", "school"),
)
ARTICLE_FIELDS = (
    *("title", "authors", "journal", "year", "volume", "issue", "pages", "doi"),
    *("published", "licence"),
)
UNIT_FIELDS = ("slug", "title", "summary", "position")
PARAGRAPH_FIELDS = ("number", "position", "heading", "page", "gist", "text", "note")


def course_lock(course: Course) -> None:
    """Take the course's row until the transaction ends.  Queries: 1.  Locks: Course.

    Every service that changes what readers may see takes it before any other row: so the outline
    is made from all that was committed, and two writers never wait for each other in a circle.
    """
    Course.objects.select_for_update(no_key=True).only("pk").get(pk=course.pk)


def row_assign(row: Any, fields: Mapping[str, Any], allowed: Sequence[str]) -> bool:
    """Set the allowed fields that differ; says whether anything did. Refuses unknown names."""
    unknown = set(fields) - set(allowed)
    if unknown:
        raise TypeError(
            f"{type(row).__name__} has no such field here: {', '.join(sorted(unknown))}"
        )
    changed = row.pk is None
    for name, value in fields.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def row_save(row: models.Model, editor: User | None, **validation: Any) -> None:
    """Validate and store a row; its history says that `editor` did it.  Raises: ValidationError."""
    row._history_user = editor  # type: ignore[attr-defined]  # noqa: SLF001 - simple-history's name
    row.full_clean(**validation)
    row.save()


def row_delete(row: models.Model, editor: User | None) -> None:
    """Delete a row; its history says that `editor` did it.  Raises: ProtectedError."""
    row._history_user = editor  # type: ignore[attr-defined]  # noqa: SLF001 - simple-history's name
    row.delete()


def event_of(
    course: Course,
    kind: str,
    subject_id: UUID,
    editor: User | None,
    now: datetime,
    *,
    is_tombstone: bool = False,
) -> None:
    """Tell the outbox of a change within `course`.  Queries: 1."""
    core.event_append(
        kind=kind,
        subject_id=subject_id,
        school_id=course.school.public_id if course.school else None,
        actor_id=editor.public_id if editor else None,
        now=now,
        is_tombstone=is_tombstone,
        within_id=course.public_id if is_tombstone else None,
    )


@transaction.atomic
def course_save(
    *, course: Course, fields: Mapping[str, Any], editor: User | None, now: datetime
) -> Course:
    """Store a new or changed course and tell the outbox.

    fields: any of COURSE_FIELDS.
    Raises: ValidationError, by field; InvalidContent for another address once there are editions.
    """
    policies.check_course_address(course, fields.get("slug", course.slug))
    if row_assign(course, fields, COURSE_FIELDS):
        row_save(course, editor, exclude=["outline", "loaded_manifest"])
        event_of(course, "course.saved", course.public_id, editor, now)
        course_outline_refresh(course=course)
    return course


@transaction.atomic
def article_save(
    *, course: Course, fields: Mapping[str, Any], editor: User | None, now: datetime
) -> Article:
    """Store the bibliographic data of the article that `course` retells.

    fields: any of ARTICLE_FIELDS.  Raises: ValidationError, by field.
    """
    article = Article.objects.filter(course=course).first() or Article(course=course)
    if row_assign(article, fields, ARTICLE_FIELDS):
        article.full_clean()
        article.save()
        event_of(course, "course.saved", course.public_id, editor, now)
        course_outline_refresh(course=course)
    return article


@transaction.atomic
def unit_save(*, unit: Unit, fields: Mapping[str, Any], editor: User | None, now: datetime) -> Unit:
    """Store a new or changed unit.

    fields: any of UNIT_FIELDS.
    Raises: ValidationError, by field; InvalidContent for another address of published lessons.
    """
    policies.check_unit_address(unit, fields.get("slug", unit.slug))
    if row_assign(unit, fields, UNIT_FIELDS):
        course_lock(unit.course)
        row_save(unit, editor)
        event_of(unit.course, "unit.saved", unit.public_id, editor, now)
        course_outline_refresh(course=unit.course)
    return unit


@transaction.atomic
def unit_delete(*, unit: Unit, editor: User | None, now: datetime) -> None:
    """Delete a unit without lessons; the outbox keeps a tombstone.

    Raises: InvalidContent while it has lessons.  Locks: Course.
    """
    course_lock(unit.course)
    if unit.lessons.exists():
        raise InvalidContent(
            _("“%(title)s” has lessons; move or delete these first.") % {"title": unit.title},
            field="__all__",
        )
    event_of(unit.course, "unit.deleted", unit.public_id, editor, now, is_tombstone=True)
    row_delete(unit, editor)
    course_outline_refresh(course=unit.course)


@transaction.atomic
def units_reorder(
    *, course: Course, slugs: Sequence[str], editor: User | None, now: datetime
) -> None:
    """Give the units of `course` the order of `slugs`; units not named follow as they were.

    Queries: 10, whatever the number of units; 4 when the order is the same.  Locks: Course.
    """
    course_lock(course)
    units = list(course.units.order_by("position", "pk"))
    if rows_reorder(units, slugs, editor):
        event_of(course, "course.saved", course.public_id, editor, now)
        course_outline_refresh(course=course)


def rows_reorder(rows: Sequence[Unit | Lesson], slugs: Sequence[str], editor: User | None) -> bool:
    """Number `rows` in the order of `slugs`, the others after; says whether any row moved."""
    order = {slug: index for index, slug in enumerate(slugs)}
    moved: list[Unit | Lesson] = []
    for position, row in enumerate(sorted(rows, key=lambda row: order.get(row.slug, len(order)))):
        if row.position != position:
            row.position = position
            moved.append(row)
    if moved:
        bulk_update_with_history(moved, type(moved[0]), ["position"], default_user=editor)
    return bool(moved)


@transaction.atomic
def paragraph_save(
    *,
    paragraph: SourceParagraph,
    fields: Mapping[str, Any],
    cites: Sequence[str] | None = None,
    editor: User | None,
    now: datetime,
) -> SourceParagraph:
    """Store a paragraph's number, gist and note, and which works it cites.

    fields: any of PARAGRAPH_FIELDS.  cites: citation keys, or None to leave them.
    Raises: ValidationError, by field; InvalidContent for an unknown key.
    """
    course = paragraph.article.course
    changed = row_assign(paragraph, fields, PARAGRAPH_FIELDS)
    if changed:
        row_save(paragraph, editor)
    if cites is not None:
        works = Reference.objects.filter(course=course, key__in=cites)
        changed |= links_write(paragraph.cites, works, "key", cites, field="cites")
    if changed:
        event_of(course, "paragraph.saved", course.public_id, editor, now)
        course_outline_refresh(course=course)
    return paragraph


@transaction.atomic
def paragraph_delete(*, paragraph: SourceParagraph, editor: User | None, now: datetime) -> None:
    """Delete a paragraph that nothing names.  Raises: InvalidContent, counting the uses."""
    uses = selectors.where_used(paragraph)
    if uses:
        raise InvalidContent(
            _("“%(number)s” is used in %(count)s places; change those first.")
            % {"number": paragraph.number, "count": len(uses)},
            field="number",
        )
    course = paragraph.article.course
    row_delete(paragraph, editor)
    event_of(course, "paragraph.deleted", course.public_id, editor, now)
    course_outline_refresh(course=course)


def links_write(
    relation: Any, found: Iterable[models.Model], name: str, wanted: Sequence[str], *, field: str
) -> bool:
    """Make a many-to-many relation hold exactly the rows that `wanted` names; says if it changed.

    found: the rows of the course whose `name` is wanted.
    Raises: InvalidContent, naming what the course does not have.  Queries: 2, or 4.
    """
    rows = {str(getattr(row, name)): row for row in found}
    unknown = sorted(set(wanted) - set(rows))
    if unknown:
        raise InvalidContent(
            _("The course has no “%(names)s”.") % {"names": "”, “".join(unknown)}, field=field
        )
    if {row.pk for row in rows.values()} == set(relation.values_list("pk", flat=True)):
        return False
    relation.set(rows.values())
    return True


def course_outline_refresh(*, course: Course) -> None:
    """Write the outline that readers see and count a new version of the course's pages.

    Called by every service that changes what a page's frame or a list shows.
    Queries: 3, and 1 where an edition is new to the outline.  Locks: Course, so that two
    publications at once both stand in the outline.
    """
    course_lock(course)
    rows = list(
        Lesson.objects.filter(unit__course=course)
        .published()
        .order_by("unit__position", "unit__pk", "position", "pk")
        .values(
            "slug",
            unit_slug=F("unit__slug"),
            unit_title=F("unit__title"),
            unit_summary=F("unit__summary"),
            edition_title=F("published_edition__title"),
            minutes=F("published_edition__reading_minutes"),
            checksum=F("published_edition__checksum"),
        )
    )
    known = parts_of(course.outline)
    new = {row["checksum"] for row in rows} - known.keys()
    outline = build_outline(rows, {**known, **_parts(course, new)})
    Course.objects.filter(pk=course.pk).update(
        outline=outline, outline_version=F("outline_version") + 1
    )
    course.outline = outline


def _parts(course: Course, checksums: Collection[str]) -> dict[str, Parts]:
    """What the published editions with these checksums teach, and in which sections."""
    if not checksums:
        return {}
    document = "published_edition__document"
    rows = (
        Lesson.objects.filter(unit__course=course, published_edition__checksum__in=checksums)
        .annotate(
            document_objectives=KeyTransform("objectives", document),
            document_keys=KeyTransform("objective_keys", document),
            document_sections=KeyTransform("sections", document),
        )
        .values_list(
            "published_edition__checksum",
            "document_objectives",
            "document_keys",
            "document_sections",
        )
    )
    return {checksum: parts(objectives, keys, each) for checksum, objectives, keys, each in rows}
