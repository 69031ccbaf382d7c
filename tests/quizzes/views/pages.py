"""Addresses of an attempt's pages, and what a browser sends to them."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.quizzes.models import Attempt
from tests.quizzes.factories import SPECS, right_answer

ClientOf = Callable[[User | AnonymousUser], Client]
KINDS = tuple(SPECS)


def page_of(attempt: Attempt, name: str = "attempt", **more: Any) -> str:
    return reverse(f"quizzes:{name}", kwargs={"attempt_id": attempt.public_id, **more})


def form_of(attempt: Attempt, page: str) -> dict[str, Any]:
    """What a browser without scripts sends when every question has been answered rightly."""
    data: dict[str, Any] = dict(re.findall(r'name="(i\d+\.was)" value="(\w+)"', page))
    for response in attempt.responses.select_related("version"):
        for name, value in right_answer(response).items():
            field = f"i{response.position}.{name}"
            if isinstance(value, dict):
                data |= {f"{field}.{label}": each for label, each in value.items()}
            elif name == "positions":
                data |= {f"{field}.{label}": place for place, label in enumerate(value, 1)}
            else:
                data[field] = value
    return data


def save(client: Client, attempt: Attempt, saves: Any) -> Any:
    return client.post(
        page_of(attempt, "attempt-save"), json.dumps({"saves": saves}), "application/json"
    )
