from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts.models import School
from apps.api import services
from apps.api.enums import Scope
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = "Make an API client of a school, and print its secret once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", help="the school's short name")
        parser.add_argument("name", help="what the client is called, such as Moodle")
        parser.add_argument(
            "--scope", action="append", choices=Scope.values, help="repeatable; all by default"
        )
        parser.add_argument(
            "--redirect-uri",
            action="append",
            default=[],
            help="repeatable; where people are sent back to who let it act for them",
        )
        parser.add_argument(
            "--public", action="store_true", help="it can keep no secret; PKCE stands in for one"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            known = ", ".join(School.objects.order_by("slug").values_list("slug", flat=True)[:20])
            raise CommandError(f"There is no school {options['school']}; there are: {known}.")
        try:
            client, secret = services.client_create(
                school=school,
                name=options["name"],
                scopes=options["scope"] or Scope.values,
                redirect_uris=options["redirect_uri"],
                is_public=options["public"],
                now=timezone.now(),
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"client_id      {client.public_id}")
        if secret:
            self.stdout.write(f"client_secret  {secret}")
        self.stdout.write(f"scopes         {' '.join(client.scopes)}")
