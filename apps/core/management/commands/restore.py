from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.core import selectors, services
from apps.core.errors import BackupRefused, DomainError


class Command(BaseCommand):
    help = "Makes the database what `manage.py backup` saw. Stop web and worker first."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a file that backup wrote")
        parser.add_argument(
            "--replace", action="store_true", help="overwrite a database that is not empty"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        run_hooks(settings.BEFORE_RESTORE)
        try:
            manifest = services.backup_restore(
                path=options["path"], is_replacing=options["replace"]
            )
        except BackupRefused as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Restored the {manifest.engine} database of {manifest.created_at}.")
        if selectors.migrations_missing():
            self.stdout.write("It is older than the code: run manage.py migrate now.")
            self.stdout.write("Whoever was erased since is in it until the worker's first look.")
        else:
            run_hooks(settings.AFTER_RESTORE)


def run_hooks(paths: Sequence[str]) -> None:
    """Call what other apps have to do around a restore: services that take `now`.

    One that cannot keeps none of the others from it.  Raises: CommandError, with every reason.
    """
    reasons = []
    for path in paths:
        try:
            import_string(path)(now=timezone.now())
        except DomainError as error:
            reasons.append(error.message)
    if reasons:
        raise CommandError(" ".join(reasons))
