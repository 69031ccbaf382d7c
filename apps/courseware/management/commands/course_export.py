from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.content.models import Course
from apps.core.errors import DomainError
from apps.courseware import services


class Command(BaseCommand):
    help = "Writes a course as canonical files; loading them gives the same course again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the course's address")
        parser.add_argument("path", type=Path, help="a new folder, or an earlier export")

    def handle(self, *_args: Any, slug: str, path: Path, **_options: Any) -> None:
        course = Course.objects.filter(slug=slug).first()
        if course is None:
            raise CommandError(_("There is no course “%(slug)s”.") % {"slug": slug})
        try:
            report = services.course_export(course, path)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            self.style.SUCCESS(
                _("Wrote %(count)s files to %(path)s.")
                % {"count": report.files, "path": report.path}
            )
        )
