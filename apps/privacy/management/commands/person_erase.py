from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts.models import User
from apps.privacy import services
from apps.privacy.errors import CannotErase


class Command(BaseCommand):
    help = "Erases a person at once, for good: docs/privacy.md says what stays. Ask them first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address of the account")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email, is_erased=False).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        if not options["yes"] and input(f"Write {email} to erase it: ").strip() != email:
            raise CommandError("Nothing was done.")
        try:
            services.erasure_run(user=user, now=timezone.now())
        except CannotErase as error:
            raise CommandError(" ".join([error.message, *error.titles])) from error
        self.stdout.write("Erased. Backups hold the person until they expire.")
