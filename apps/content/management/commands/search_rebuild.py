from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.content import search
from apps.content.models import Course


class Command(BaseCommand):
    help = "Index the published lessons and the nouns of each course (or of those named) anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("courses", nargs="*", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:
        slugs: list[str] = options["courses"]
        courses = Course.objects.filter(slug__in=slugs) if slugs else Course.objects.all()
        if missing := set(slugs) - {course.slug for course in courses}:
            raise CommandError(f"There is no course {', '.join(sorted(missing))}.")
        for course in courses:
            self.stdout.write(f"{course.slug}: {search.rebuild(course)} entries")
