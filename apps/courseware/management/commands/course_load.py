from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.courseware import services
from apps.courseware.errors import CourseFaulty, LoadConflict
from apps.courseware.plan import Action, Change


class Command(BaseCommand):
    help = "Makes the site say what a course's folder says: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the course's folder")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, and change nothing"
        )
        conflicts = parser.add_mutually_exclusive_group()
        conflicts.add_argument(
            "--replace-edits", action="store_true", help="what was edited on the site is replaced"
        )
        conflicts.add_argument(
            "--keep-edits",
            action="store_true",
            help="where the files and the site both changed, the site's version stays",
        )

    def handle(self, *_args: Any, path: Path, **options: Any) -> None:
        if not path.is_dir():
            raise CommandError(_("%(path)s is not a folder.") % {"path": path})
        try:
            report = services.course_load(
                path,
                replace_edits=options["replace_edits"],
                keep_edits=options["keep_edits"],
                dry_run=options["dry_run"],
                now=timezone.now(),
            )
        except CourseFaulty as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(error.message) from error
        except LoadConflict as error:
            self.write_changes(error.changes)
            raise CommandError(self.advice(error)) from error
        self.write_report(report)

    def advice(self, error: LoadConflict) -> str:
        return " ".join(
            [
                error.message,
                _("Nothing was written."),
                _("Use --replace-edits to take the files, or --keep-edits to keep the site's."),
            ]
        )

    def write_report(self, report: services.LoadReport) -> None:
        is_new = Change("course", "", Action.CREATED) in report.changes
        if not is_new or report.is_dry_run:
            self.write_details(report)
        counts = [f"{count} {action}" for action, count in sorted(report.counts.items())]
        if report.published:
            counts.append(f"{len(report.published)} {_('published')}")
        self.stdout.write(self.style.SUCCESS(f"{report.course_slug}: {', '.join(counts)}."))
        if report.is_dry_run:
            self.stdout.write(_("This was a dry run; nothing was written."))
        if report.conflicts:
            self.stdout.write(self.advice(LoadConflict(report.conflicts)))

    def write_details(self, report: services.LoadReport) -> None:
        self.write_changes(change for change in report.changes if change.action is not Action.KEPT)
        for lesson in report.published:
            self.stdout.write(f"{_('published'):>12}  lesson {lesson}")

    def write_changes(self, changes: Any) -> None:
        change: Change
        for change in changes:
            self.stdout.write(f"{change.action:>12}  {change.kind} {change.name}".rstrip())
