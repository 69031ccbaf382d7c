"""Requests about one debate."""

from typing import Any

from django.test import Client

from apps.debates.models import DebateRun

CANARY = "zanzibar"


def at(run: DebateRun, *parts: object) -> str:
    return "/".join(["/api/v1/debate-runs", str(run.public_id), *map(str, parts)])


def send(client: Client, method: str, address: str, body: Any = None, **headers: str) -> Any:
    return getattr(client, method)(
        address,
        body if body is not None else {},
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def whole(client: Client, run: DebateRun, *others: str) -> dict[str, tuple[int, str, str | None]]:
    """All that one caller is told of a debate: {address: status, body, ETag}."""
    found = {}
    for address in (
        at(run),
        *(at(run, each) for each in ("arguments", "stances/opening", "stances/closing")),
        *(at(run, each) for each in ("participants", "results", "moderation", "reports")),
        f"/api/v1/classrooms/{run.classroom.public_id}/debate-runs",
        *others,
    ):
        answer = client.get(address)
        found[address] = (answer.status_code, answer.content.decode(), answer.headers.get("ETag"))
    return found
