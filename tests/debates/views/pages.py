"""Pages of debates as a person asks for them, in the phase that a test names."""

from collections.abc import Callable
from typing import Any

import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.debates.models import Argument, DebateRun
from tests.debates.factories import during

ClientOf = Callable[[User | AnonymousUser], Client]
CANARY = "zanzibar"


def address(name: str, run: DebateRun, argument: Argument | None = None) -> str:
    ids = [run.classroom.public_id, run.public_id]
    return reverse(f"debates:{name}", args=ids + ([argument.public_id] if argument else []))


def page(client: Client, url: str, kind: str = "arguing") -> str:
    with time_machine.travel(during(kind), tick=False):
        return client.get(url).content.decode()


def send(client: Client, url: str, kind: str = "arguing", **data: Any) -> Any:
    with time_machine.travel(during(kind), tick=False):
        return client.post(url, data)
