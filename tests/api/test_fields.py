"""Nothing is written, filtered or sorted by a field that its noun does not name."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from rest_framework.serializers import ListField

from apps.api.v1.inputs import Input
from apps.api.v1.lists import PARAMETERS
from tests.api.declared import READS, WRITES
from tests.api.declared.roles import ROLES
from tests.api.test_urls import address_of, lists, views

pytestmark = pytest.mark.django_db

# What an attacker tries on anything.
ALWAYS = {"id", "pk", "public_id", "school", "school_id", "user", "is_staff", "is_superuser"}
ALWAYS |= {"secret", "secret_hash", "token_hash", "password", "created_at", "updated_at"}


def columns(model: type[Model]) -> set[str]:
    """Every name by which Django would let a column or a relation of `model` be set."""
    names = {field.name for field in model._meta.get_fields()}
    return names | {getattr(field, "attname", field.name) for field in model._meta.get_fields()}


def innermost(kind: type[Input]) -> tuple[type[Input], str]:
    """The serializer of one thing, and the list that it stands in, or ""."""
    for name, field in kind().fields.items():
        if isinstance(field, ListField) and isinstance(field.child, Input):
            return type(field.child), name
    return kind, ""


def first_let_in(answers: tuple[int, ...]) -> str:
    """Whoever comes as far as the body or the query."""
    return next(
        (
            role
            for role, status in zip(ROLES, answers, strict=True)
            if status not in (401, 403, 404)
        ),
        "client",
    )


def test_no_field_is_written_that_is_not_named(
    callers: dict[str, Client], places: dict[str, str]
) -> None:
    headers: Any = {"If-Match": "*"}
    tried = 0
    for method, name in WRITES:
        view = views()[name]
        kind = view.bodies.get(method)
        if kind is None or not issubclass(kind, Input):
            continue
        model = view.shape.model if view.shape else None
        for inner, listed in {(kind, ""), innermost(kind)}:
            wrong = ALWAYS | (columns(model) if model else set())
            wrong -= set(inner().fields)
            body: Any = dict.fromkeys(wrong, "x")
            body = {listed: [body]} if listed else body
            client = callers[first_let_in(WRITES[method, name])]
            act = getattr(client, method)
            place = address_of(name, places)
            answer = act(place, body, content_type="application/json", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), (method, name)
            told = {each["field"].rpartition(".")[2] for each in answer.json()["errors"]}
            # What is missing may be told as well.
            assert wrong <= told <= wrong | set(inner().fields) | set(kind().fields), (method, name)
            tried += 1
    assert tried > 10


def test_no_list_is_filtered_or_sorted_by_what_it_does_not_name(
    callers: dict[str, Client], places: dict[str, str]
) -> None:
    for name, view in lists().items():
        named = {*PARAMETERS, *view.parameters, *getattr(view.filters, "base_filters", ())}
        wrong = (ALWAYS | columns(view.shape.model)) - named
        wrong |= {"user__password", "school__name__startswith", "format", "order_by"}
        client = callers[first_let_in(READS[name])]
        place = address_of(name, places).partition("?")[0]
        answer = client.get(place, dict.fromkeys(wrong, "x"))
        assert answer.status_code == 400, name
        assert {each["field"] for each in answer.json()["errors"]} == wrong, name
        # One list is tried with every name; that all ask alike, one name of each shows.
        names = (wrong - set(view.ordering)) | {"--id", "?"} if name == "enrolments" else set()
        for sort in (names | {"-user__password"}) if view.ordering else ():
            bad = client.get(place, {"ordering": sort})
            assert bad.json()["errors"][0]["field"] == "ordering", (name, sort)
