"""Every operation with whatever its description allows and forbids: no failure, no fault of ours.

schemathesis draws requests from the document, sends them as each kind of caller, and holds every
answer to the document: status, body, headers, media type, the refusal of what is not allowed.
Each request is undone, so that the next one meets the same installation.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import just
from schemathesis import GenerationMode

from apps.accounts.models import School, User
from tests.api.conftest import client_create, personal_create

EXAMPLES = 1  # of what is allowed and of what is not, for each operation and caller
MANY = int(os.environ.get("FUZZ_EXAMPLES", "40"))
UNPACKED = {"Accept-Encoding": "identity"}  # whoever judges an answer does not unpack it
# How what is well formed may be refused all the same: by who asks, what is there, or its state.
# A cursor, a code or the id of a thing is well formed and leads nowhere: 400 too.
WELL_REFUSED = ["400", "401", "403", "404", "409", "412", "422", "428"]
REFUSED = [*WELL_REFUSED, "405", "415"]


@pytest.fixture
def headers_of(school: School, student: User, instructor: User) -> dict[str, dict[str, str]]:
    def told(client: Client) -> dict[str, str]:
        return {"Authorization": str(client.defaults["HTTP_AUTHORIZATION"])}

    return {
        "anonymous": {},
        "student": told(personal_create(student)),
        "instructor": told(personal_create(instructor)),
        "client": told(client_create(school)),
    }


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Requests that come by WSGI close the connection, and with it the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def configuration() -> schemathesis.Config:
    return schemathesis.Config.from_dict(
        {
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", "304", *WELL_REFUSED]},
                "missing_required_header": {"expected-statuses": REFUSED},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            }
        }
    )


def failures_of(
    callers: dict[str, dict[str, str]],
    places: dict[str, str],
    examples: int,
    *,
    is_repeatable: bool,
) -> list[str]:
    """What goes wrong for any caller, by operation; every operation is tried.

    What is drawn is sent as each of them: drawing costs more than answering.
    """
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", get_wsgi_application(), config=configuration(), headers=UNPACKED
    )
    failures: list[str] = []
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        parts = [part.name for part in operation.path_parameters]
        known = {name: places[name] for name in parts if name in places}
        for mode in GenerationMode:
            # What is well formed goes to what is there; what is not may go anywhere.
            where = known if mode.is_positive and known else None
            found: dict[str, str] = {}

            @settings(
                max_examples=examples,
                database=None,
                deadline=None,
                derandomize=is_repeatable,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(mode, path_parameters=where), seen=just(found))
            def run(case: Any, seen: dict[str, str]) -> None:
                _try(callers, seen, case)

            try:
                run()
            except Unsatisfiable:
                if mode.is_positive:  # of some operations everything is well formed
                    found["Unsatisfiable"] = "nothing can be drawn"
            failures += [f"{operation.label} ({mode}): {each}" for each in found.values()]
    return failures


def _try(callers: dict[str, dict[str, str]], found: dict[str, str], case: Any) -> None:
    """Send `case` as each caller and undo it; put the first failure of each kind into `found`."""
    for caller, headers in callers.items():
        with transaction.atomic():
            try:
                case.call_and_validate(headers={**UNPACKED, **headers})
            except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  all at once
                for each in getattr(error, "exceptions", [error]):
                    found.setdefault(type(each).__name__, f"{caller}: {each}")
            finally:
                transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_operation_answers_as_the_document_says(
    headers_of: dict[str, dict[str, str]], places: dict[str, str], kept_connection: None
) -> None:
    failures = failures_of(headers_of, places, EXAMPLES, is_repeatable=True)
    assert not failures, "\n\n".join(failures)


@pytest.mark.long
@pytest.mark.django_db
def test_every_operation_answers_as_the_document_says_whatever_comes(
    headers_of: dict[str, dict[str, str]], places: dict[str, str], kept_connection: None
) -> None:
    failures = failures_of(headers_of, places, MANY, is_repeatable=False)
    assert not failures, "\n\n".join(failures)
