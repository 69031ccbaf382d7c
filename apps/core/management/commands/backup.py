from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.core import services
from apps.core.errors import BackupRefused


class Command(BaseCommand):
    help = "Writes the whole database to one file while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a new file; it holds people's data")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            manifest = services.backup_create(path=options["path"], now=timezone.now())
        except BackupRefused as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{options['path']}: {manifest.engine}, {manifest.size_bytes} bytes,"
            f" sha256 {manifest.sha256}"
        )
        self.stdout.write("Keep SECRET_KEY (or var/secret-key) as well; it is not in the file.")
