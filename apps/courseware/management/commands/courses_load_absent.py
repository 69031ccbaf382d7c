from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from apps.content.models import Course


class Command(BaseCommand):
    help = "Loads the bundled courses that are absent, and leaves those that are here alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        present = set(Course.objects.values_list("slug", flat=True))
        for file in sorted(settings.COURSES_DIR.glob("*/course.yaml")):
            folder = file.parent
            if folder.name not in present:
                self.stdout.write(f"Loading the course {folder.name} ...")
                call_command("course_load", folder, stdout=self.stdout)
