from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.api import services


class Command(BaseCommand):
    help = "End an API client and all of its tokens at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client_id", type=UUID)

    def handle(self, *_args: Any, **options: Any) -> None:
        services.client_revoke(client_id=options["client_id"], now=timezone.now())
