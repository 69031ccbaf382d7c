from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.content.models import Course
from apps.courseware import selectors
from apps.courseware.checks import check_folder
from apps.courseware.errors import CourseFaulty, LoadConflict
from apps.courseware.format import CourseFiles
from apps.courseware.plan import WRITES, Action, Change, make_plan, object_values
from apps.courseware.services.publication import lessons_publish
from apps.courseware.services.removal import remove
from apps.courseware.services.writing import write


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """changes: one an object, in the order of kinds and names.  published: lessons with a new
    edition, as unit/slug.
    """

    course_slug: str
    changes: tuple[Change, ...]
    published: tuple[str, ...] = ()
    is_dry_run: bool = False

    @property
    def counts(self) -> Counter[Action]:
        return Counter(change.action for change in self.changes)

    @property
    def conflicts(self) -> list[Change]:
        return [change for change in self.changes if change.action is Action.CONFLICT]


def course_load(
    path: Path,
    *,
    replace_edits: bool = False,
    keep_edits: bool = False,
    dry_run: bool = False,
    now: datetime,
    actor: User | None = None,
) -> LoadReport:
    """Make the site say what the files under `path` say: all of it or, on any error, nothing.

    Loading the same files again writes nothing. What was edited on the site stays when its file
    has not changed since the last load; when both changed, that is a conflict, and nothing is
    written unless replace_edits (the files win, everywhere) or keep_edits (the site wins).
    A dry run does all of it and takes it back, so that its report is what would happen.
    Lessons that are not marked as drafts are published.
    Raises: CourseFaulty, LoadConflict.  Locks: Course, so that loads queue.
    """
    checked = check_folder(path)
    if checked.errors:
        raise CourseFaulty(checked.errors)
    files = checked.files.in_order()
    with transaction.atomic():
        report = _load(
            files, replace_edits=replace_edits, keep_edits=keep_edits, now=now, actor=actor
        )
        if dry_run:
            transaction.set_rollback(True)
        elif report.conflicts:
            raise LoadConflict(report.conflicts)
    return LoadReport(
        course_slug=report.course_slug,
        changes=report.changes,
        published=report.published,
        is_dry_run=dry_run,
    )


def load_absent(*, now: datetime) -> list[LoadReport]:
    """Load each bundled course that is not on the site; leave those that are as they stand.

    A bundled course's folder is named by its slug.  Raises: CourseFaulty.  Queries: 1 when
    nothing is absent.
    """
    present = set(Course.objects.values_list("slug", flat=True))
    folders = sorted(file.parent for file in settings.COURSES_DIR.glob("*/course.yaml"))
    return [course_load(folder, now=now) for folder in folders if folder.name not in present]


def _load(
    files: CourseFiles,
    *,
    replace_edits: bool,
    keep_edits: bool,
    now: datetime,
    actor: User | None,
) -> LoadReport:
    # Whoever comes second waits here, at the unique address or at the lock.
    slug = files.course.slug
    _row, is_new = Course.objects.get_or_create(slug=slug, defaults={"title": slug})
    course = Course.objects.select_for_update(of=("self",)).select_related("school").get(slug=slug)
    theirs = object_values(files)
    plan = make_plan(
        base=course.loaded_manifest,
        ours={} if is_new else object_values(selectors.course_files(course)),
        theirs=theirs,
        replace_edits=replace_edits,
        keep_edits=keep_edits,
    )
    published: list[str] = []
    if Action.CONFLICT not in plan.values():
        if WRITES & set(plan.values()):
            write(course, files, plan, editor=actor, now=now)
            plan |= remove(course, plan, editor=actor, now=now)
            published = lessons_publish(course, files, plan, editor=actor, now=now)
        if course.loaded_manifest != theirs:
            # Not a change of the course: what readers and editors see stays as it is.
            Course.objects.filter(pk=course.pk).update(loaded_manifest=theirs)
    return LoadReport(course_slug=slug, changes=_changes(plan.items()), published=tuple(published))


def _changes(plan: Iterable[tuple[str, Action]]) -> tuple[Change, ...]:
    changes = []
    for key, action in plan:
        kind, _colon, name = key.partition(":")
        changes.append(Change(kind, name, action))
    return tuple(sorted(changes))
