from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.core import services
from apps.core.errors import BackupRefused


class Command(BaseCommand):
    help = "Writes the whole database to one file while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            type=Path,
            nargs="?",
            help="a new file; it holds people's data. By default one in BACKUP_DIR, by its moment",
        )
        parser.add_argument(
            "--keep-days",
            type=int,
            help="then delete the backups in the same folder that are older than so many days",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        path = options["path"] or _place(now)
        try:
            manifest = services.backup_create(path=path, now=now)
        except BackupRefused as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{path}: {manifest.engine}, {manifest.size_bytes} bytes, sha256 {manifest.sha256}"
        )
        self.stdout.write("Keep SECRET_KEY (or var/secret-key) as well; it is not in the file.")
        if options["keep_days"] is not None:
            count = services.backups_expire(folder=path.parent, days=options["keep_days"], now=now)
            self.stdout.write(f"Deleted {count} older.")


def _place(now: datetime) -> Path:
    folder: Path = settings.BACKUP_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{now:%Y-%m-%dT%H%M%S}.majlis"
