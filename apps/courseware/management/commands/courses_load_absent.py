from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.courseware import services
from apps.courseware.errors import CourseFaulty


class Command(BaseCommand):
    help = "Loads the bundled courses that are absent, and leaves those that are here alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            reports = services.load_absent(now=timezone.now())
        except CourseFaulty as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(error.message) from error
        for report in reports:
            self.stdout.write(_("Loaded the course %(slug)s.") % {"slug": report.course_slug})
