import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.policies import is_loopback
from apps.demo import services
from apps.demo.errors import DemoRefused


class Command(BaseCommand):
    help = "Makes the demo's people who are absent, and their class, and prints their passwords."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host",
            default=os.environ.get("HOST", "127.0.0.1"),
            help="where the site listens; demo accounts are refused beyond this machine",
        )
        parser.add_argument(
            "--reset-passwords",
            action="store_true",
            help="give everybody of the demo a new password",
        )

        parser.add_argument(
            "--delete",
            action="store_true",
            help="remove everybody of the demo, before other machines may reach the site",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["delete"]:
            for email in services.demo_accounts_delete(now=timezone.now()):
                self.stdout.write(email)
            return
        try:
            accounts = services.demo_accounts_create(
                is_loopback=is_loopback(options["host"]),
                is_reset=options["reset_passwords"],
                now=timezone.now(),
            )
        except DemoRefused as error:
            raise CommandError(error.message) from error
        classroom = services.demo_class_create(now=timezone.now())
        for account in accounts:
            password = account.password or _("password as printed before")
            self.stdout.write(f"{account.role:<12}{account.email:<26}{password}")
        if any(account.password is None for account in accounts):
            self.stdout.write(_("New passwords: manage.py demo_accounts --reset-passwords"))
        if classroom is not None:
            self.stdout.write(
                _("They argue in the class “%(title)s”.") % {"title": classroom.title}
            )
