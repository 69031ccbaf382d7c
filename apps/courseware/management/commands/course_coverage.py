from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.content.models import Course
from apps.courseware import selectors


class Command(BaseCommand):
    help = "Lists what uses each paragraph and each reference of a course, and what nothing uses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the course's address")

    def handle(self, *_args: Any, slug: str, **_options: Any) -> None:
        course = Course.objects.filter(slug=slug).first()
        if course is None:
            raise CommandError(_("There is no course “%(slug)s”.") % {"slug": slug})
        coverage = selectors.coverage(course)
        self.write_part(_("Paragraphs"), coverage.paragraphs, missing=coverage.untaught)
        self.write_part(_("References"), coverage.references, missing=coverage.unused)
        if coverage.untested:
            names = ", ".join(each.name for each in coverage.untested)
            self.stdout.write(
                self.style.WARNING(_("No question tests %(names)s.") % {"names": names})
            )
        if not coverage.is_complete:
            raise CommandError(
                _("%(paragraphs)s paragraphs are taught by no section; %(works)s works are unused.")
                % {"paragraphs": len(coverage.untaught), "works": len(coverage.unused)}
            )
        self.stdout.write(self.style.SUCCESS(_("Every paragraph is taught, every work is used.")))

    def write_part(
        self,
        title: str,
        things: Iterable[selectors.Covered],
        missing: Iterable[selectors.Covered],
    ) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(title))
        lacking = {thing.name for thing in missing}
        for thing in things:
            line = f"  {thing.name}: {'; '.join(thing.labels) or _('nothing')}"
            self.stdout.write(self.style.ERROR(line) if thing.name in lacking else line)
