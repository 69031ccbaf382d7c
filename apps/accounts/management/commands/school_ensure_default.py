from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.accounts import services


class Command(BaseCommand):
    help = "Makes the first school where there is none; says nothing and changes nothing else."

    def handle(self, *_args: Any, **_options: Any) -> None:
        services.school_ensure_default(now=timezone.now())
