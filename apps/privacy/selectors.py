"""What the page of privacy shows."""

from dataclasses import dataclass

from django.apps import apps

from apps.privacy.declarations import PERSONAL
from apps.privacy.purposes import PURPOSES, Purpose


@dataclass(frozen=True)
class Holding:
    """A purpose, with the tables that serve it: (the model's plural, the names of its columns)."""

    purpose: Purpose
    tables: list[tuple[str, str]]


def holdings() -> list[Holding]:
    """Everything that is kept about a person, by purpose, in the order of the page.  Queries: 0."""
    return [
        Holding(
            purpose,
            [
                (str(apps.get_model(label)._meta.verbose_name_plural), ", ".join(each.fields))
                for label, each in PERSONAL.items()
                if each.purpose is purpose
            ],
        )
        for purpose in PURPOSES
    ]
