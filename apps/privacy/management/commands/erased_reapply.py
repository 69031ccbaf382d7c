from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.privacy import services
from apps.privacy.errors import ErasureIncomplete


class Command(BaseCommand):
    help = "Erases again whom a restored backup brought back. The worker does it by itself, too."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = services.erased_reapply(now=timezone.now())
        except ErasureIncomplete as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Erased again: {count}.")
