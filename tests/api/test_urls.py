"""Who gets what from every address of the API: one declared matrix, tested whole."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import School, User
from apps.api.enums import Caller, Scope
from apps.api.v1.access import ApiView
from apps.api.v1.lists import ListView
from tests.api.conftest import personal_create, program_create
from tests.api.declared import QUERIES, READS, WRITES
from tests.api.declared.identity import PAGES
from tests.api.declared.roles import ROLES

pytestmark = pytest.mark.django_db

METHODS = ("post", "put", "patch", "delete")
NOTHING = "11111111-1111-4111-8111-111111111111"
# Whoever is outside in each way: no part of it, in it without the right, at another school.
ROLES_OUTSIDE = ("student", "outsider", "foreign_client", "foreign_program")
OF_THE_REQUEST = {"RateLimit-Remaining", "RateLimit-Reset", "X-Request-ID"}
FORMS = {"token", "revocation"}  # what takes a form rather than JSON


def patterns() -> list[Any]:
    return get_resolver("apps.api.urls").url_patterns


def views() -> dict[str, type[ApiView]]:
    """{name of the route: its view}, but for the pages."""
    return {p.name: p.callback.view_class for p in patterns() if p.name not in PAGES}


def lists() -> dict[str, ListView]:
    """{name of the route: its view as the route makes it}, of those that answer a list."""
    return {
        p.name: p.callback.view_class(**p.callback.view_initkwargs)
        for p in patterns()
        if p.name not in PAGES and issubclass(p.callback.view_class, ListView)
    }


def address_of(name: str, places: dict[str, str]) -> str:
    pattern = next(p for p in patterns() if p.name == name)
    wanted = pattern.pattern.converters
    where = {key: places[key] for key in wanted}
    return reverse(f"api:{name}", kwargs=where) + QUERIES.get(name, "")


def ask(client: Client, method: str, name: str, places: dict[str, str]) -> int:
    address = address_of(name, places)
    if method == "get":
        return int(client.get(address).status_code)
    kind = "application/x-www-form-urlencoded" if name in FORMS else "application/json"
    body = "" if name in FORMS else "{}"
    return int(getattr(client, method)(address, body, content_type=kind).status_code)


def is_read(name: str) -> bool:
    return name in PAGES or hasattr(views()[name], "get")


def every_operation() -> Iterable[tuple[str, str]]:
    yield from (("get", name) for name in READS)
    yield from WRITES


def test_matrix_names_every_route() -> None:
    assert sorted(READS) == sorted(p.name for p in patterns())


def test_matrix_names_every_write() -> None:
    declared = {
        (method, name)
        for name, view in views().items()
        for method in METHODS
        if hasattr(view, method) and name != "missing"
    }
    assert set(WRITES) == declared


def test_routes_answer_each_role(callers: dict[str, Client], places: dict[str, str]) -> None:
    answers = {
        name: tuple(ask(callers[role], "get", name, places) for role in ROLES)
        for name in READS
        if is_read(name)
    }
    assert answers == {name: row for name, row in READS.items() if is_read(name)}


def test_what_is_only_written_is_read_by_nobody(
    callers: dict[str, Client], places: dict[str, str]
) -> None:
    """No view, no difference between callers: one of each kind is enough."""
    for name in READS:
        if not is_read(name):
            few = {ask(callers[role], "get", name, places) for role in ("anonymous", "client")}
            assert few == set(READS[name]) == {405}, name


def test_writes_answer_each_role(callers: dict[str, Client], places: dict[str, str]) -> None:
    answers = {each: tuple(ask(callers[role], *each, places) for role in ROLES) for each in WRITES}
    assert answers == WRITES


def test_token_of_a_person_opens_what_they_may_see(
    places: dict[str, str], school: School, student: User, instructor: User
) -> None:
    """Their own token and their school's program get what their session gets."""
    reads = {("get", name): row for name, row in READS.items() if name not in PAGES}
    whole = {each: row for each, row in {**reads, **WRITES}.items() if set(row) != {405}}
    as_who = {
        "student": personal_create(student),
        "instructor": program_create(school, instructor),
    }
    for role, client in as_who.items():
        answers = {each: ask(client, *each, places) for each in whole}
        assert answers == {each: row[ROLES.index(role)] for each, row in whole.items()}, role


def test_every_operation_needs_its_own_scope(places: dict[str, str], instructor: User) -> None:
    """A token with every scope but the one that is needed is refused, and told which that is."""
    clients: dict[str, Client] = {}
    for method, name in every_operation():
        if name in {*PAGES, "missing"} or not hasattr(views()[name], method):
            continue
        scope = views()[name].scope_of(method)
        if scope is None:
            continue
        assert scope in Scope.values, name
        if scope not in clients:
            others = [each for each in Scope.values if each != scope]
            clients[scope] = personal_create(instructor, others)
        assert ask(clients[scope], method, name, places) == 403, (method, name)


def test_what_is_for_persons_refuses_a_client(
    callers: dict[str, Client], places: dict[str, str]
) -> None:
    for name, view in views().items():
        if Caller.CLIENT in view.callers or not hasattr(view, "get"):
            continue
        answer = callers["client"].get(address_of(name, places))
        assert (answer.status_code, answer.json()["code"]) == (403, "person_needed"), name


@pytest.mark.parametrize("path", ["none", "", "courses/%0A", "courses/x%0Ay/units", "%00"])
def test_address_that_leads_nowhere_is_a_problem(path: str, client: Client) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def instances(name: str, part: str) -> list[str]:
    """What may stand for a part of an address and leads nowhere."""
    pattern = next(p for p in patterns() if p.name == name).pattern
    kind = type(pattern.converters[part]).__name__
    if kind == "IntConverter":
        return ["99"]
    if kind == "StringConverter":
        return [NOTHING, "nonsense", "sis:", "sis:\0"] if part == "key" else [NOTHING, "sis:none"]
    return [NOTHING]


def told(client: Client, method: str, address: str) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer but what differs between any two: the count of requests, and its id."""
    body = {} if method == "get" else {"data": "{}", "content_type": "application/json"}
    answer = getattr(client, method)(address, **body)
    kept = {k: v for k, v in answer.headers.items() if k not in OF_THE_REQUEST}
    return answer.status_code, answer.content, kept


def test_what_is_not_theirs_answers_as_what_is_missing(
    callers: dict[str, Client], places: dict[str, str]
) -> None:
    """Byte for byte, on every route with an id, for every method, whichever id leads nowhere."""
    matrix = {**{("get", name): row for name, row in READS.items()}, **WRITES}
    tried: set[str] = set()
    told_apart = []
    for (method, name), row in matrix.items():
        parts = next(p for p in patterns() if p.name == name).pattern.converters
        for role in ROLES_OUTSIDE:
            if row[ROLES.index(role)] != 404 or not parts:
                continue
            theirs = told(callers[role], method, address_of(name, places))
            tried.add(name)
            for part in parts:
                # How an id is written is read before anybody is asked for: one caller tries all.
                ways = instances(name, part)
                for missing in ways if role == "foreign_client" else ways[:1]:
                    address = address_of(name, {**places, part: missing})
                    if told(callers[role], method, address) != theirs:
                        told_apart.append((method, name, role, part, missing))
    assert told_apart == []
    assert len(tried) > 30  # a matrix that refuses nobody proves nothing
