"""The OpenAPI document says what the API does, and no more."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from drf_spectacular import validation
from jsonschema import Draft202012Validator

from apps.accounts.models import User
from apps.api.enums import Scope
from apps.api.v1.access import ApiView
from apps.api.v1.details import DetailView
from apps.api.v1.lists import PARAMETERS, ListView
from apps.api.v1.schema import document
from apps.classrooms.models import Classroom
from tests.api.breaking import REMEDY, breaks, written_out
from tests.api.declared import READS
from tests.api.declared.identity import PAGES
from tests.api.declared.roles import ROLES
from tests.api.test_urls import address_of, lists, patterns, views
from tests.browser import Tab
from tests.grades.factories import score, source_create

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
WITHOUT = {*PAGES, "missing"}  # pages and addresses that are no part of the contract


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """The document as it is sent."""
    found: dict[str, Any] = json.loads(json.dumps(document(), default=str))
    return found


def operations(whole: dict[str, Any]) -> dict[str, dict[str, Any]]:
    paths = written_out(whole)["paths"].values()
    return {each["operationId"]: each for path in paths for each in path.values()}


def faults_of(whole: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    root = {**schema, "components": whole["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    return [
        e.message for e in Draft202012Validator(root, format_checker=checker).iter_errors(value)
    ]


def test_committed_document_is_the_one_that_is_served(whole: dict[str, Any]) -> None:
    """Whoever changes the contract sees it in the diff, and is told whom it breaks."""
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))
    broken = breaks(committed, whole)
    assert broken == [], "\n".join([*broken, REMEDY])
    assert committed == whole, "The contract grew: run `make schema` and commit docs/openapi.json."


def test_document_is_valid_openapi(whole: dict[str, Any]) -> None:
    """By the specification's own schema, and each schema in it by JSON Schema's."""
    assert whole["openapi"].startswith("3.1")
    place = Path(validation.__file__).with_name("openapi_3_1_schema.json")
    rules = jsonschema_rs.validator_for(json.loads(place.read_text(encoding="utf-8")))
    assert [str(error) for error in rules.iter_errors(whole)] == []
    for name, schema in whole["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(schema), name


def test_every_route_and_method_is_in_the_document(whole: dict[str, Any]) -> None:
    methods = ("get", "post", "put", "patch", "delete")
    wanted = {
        f"{method}_{route.name.replace('-', '_')}"
        for route in patterns()
        for method in methods
        if route.name not in WITHOUT and hasattr(route.callback.view_class, method)
    }
    assert set(operations(whole)) == wanted


def test_what_fields_may_leave_out_is_not_required(whole: dict[str, Any]) -> None:
    for name, operation in operations(whole).items():
        if not any(each["name"] == "fields" for each in operation.get("parameters", ())):
            continue
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        parts = whole["components"]["schemas"]
        found = parts[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
        is_list = {"results", "previous"} <= set(found["properties"])
        rows = found["properties"]["results"]["items"] if is_list else found
        row = parts[rows["$ref"].rsplit("/", 1)[1]] if "$ref" in rows else rows
        assert "required" not in row, name


def test_every_operation_says_what_it_does(whole: dict[str, Any]) -> None:
    for name, operation in operations(whole).items():
        assert operation.get("description") not in (None, "", ApiView.__doc__, ListView.__doc__), (
            name
        )
        assert {"400", "401", "429"} <= set(operation["responses"]), name


def test_every_parameter_of_a_list_is_in_the_document(whole: dict[str, Any]) -> None:
    said = operations(whole)
    for route, view in lists().items():
        name = f"get_{route.replace('-', '_')}"
        read = {*PARAMETERS, *view.parameters, *getattr(view.filters, "base_filters", ())}
        read |= {*(["ordering"] if view.ordering else []), *(["expand"] if view.expansions else [])}
        assert {p["name"] for p in said[name]["parameters"] if p["in"] == "query"} == read, name


def test_every_value_of_a_parameter_is_of_its_type(whole: dict[str, Any]) -> None:
    for name, operation in operations(whole).items():
        for parameter in operation.get("parameters", ()):
            for value in parameter["schema"].get("enum", ()):
                assert faults_of(whole, parameter["schema"], value) == [], (name, parameter["name"])


def test_every_scope_is_in_the_document(whole: dict[str, Any]) -> None:
    flows = whole["components"]["securitySchemes"]["oauth2"]["flows"]
    assert set(flows["clientCredentials"]["scopes"]) == set(Scope.values)
    used = {
        scope
        for operation in operations(whole).values()
        for way in operation["security"]
        for scope in way.get("oauth2", ())
    }
    assert used == set(Scope.values)  # none that opens nothing


def test_examples_are_what_they_exemplify(whole: dict[str, Any]) -> None:
    for name, schema in whole["components"]["schemas"].items():
        for example in schema.get("examples", ()):
            assert faults_of(whole, schema, example) == [], name
            assert set(example) <= set(schema["properties"]), name


@pytest.mark.django_db
def test_answers_are_as_the_document_says(
    whole: dict[str, Any],
    callers: dict[str, Client],
    places: dict[str, str],
    classroom: Classroom,
    student: User,
) -> None:
    """Whoever may read each noun, and gets something, gets it as it is described."""
    score(source_create(classroom), student, "4")
    said = operations(whole)
    for name in sorted(set(READS) - WITHOUT):
        if f"get_{name.replace('-', '_')}" not in said:
            continue
        if 200 not in READS[name]:
            continue
        role = ROLES[READS[name].index(200)] if READS[name][7] != 200 else "client"
        answer = callers[role].get(address_of(name, places))
        assert answer.status_code == 200, name
        responses = said[f"get_{name.replace('-', '_')}"]["responses"]
        kinds = responses["200"]["content"]
        if "application/json" not in kinds:
            assert answer["Content-Type"].partition(";")[0] in kinds, name
            continue
        if issubclass(views()[name], DetailView):
            known: Any = {"If-None-Match": answer["ETag"]}
            again = callers[role].get(address_of(name, places), headers=known)
            assert (again.status_code, again.content) == (304, b""), name
        else:
            assert issubclass(views()[name], ListView) or name == "openapi", name
        schema = kinds["application/json"]["schema"]
        expansions = set(getattr(views()[name], "expansions", ()))  # are asked for
        assert faults_of(whole, schema, answer.json()) == [], name
        is_list = schema.get("$ref", "").endswith("List")
        for row in answer.json()["results"] if is_list else ():
            ref = schema["$ref"].rsplit("/", 1)[1].removesuffix("List")
            properties = set(whole["components"]["schemas"][ref]["properties"])
            assert set(row) == properties - expansions, name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [("/api/v1/classrooms/none", 404), ("/api/v1/classrooms?page_size=0", 400)],
)
def test_problems_are_as_the_document_says(
    whole: dict[str, Any], lms: Client, address: str, status: int
) -> None:
    answer = lms.get(address)
    assert answer.status_code == status
    assert faults_of(whole, {"$ref": "#/components/schemas/Problem"}, answer.json()) == []


@pytest.mark.django_db
def test_document_is_served_to_anybody(client: Client, whole: dict[str, Any]) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == whole


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_documents_open_under_the_strict_policy(tab_open: Callable[..., Tab]) -> None:
    tab = tab_open()
    page = tab.visit("/api/v1/docs")
    page.set_default_timeout(180_000)  # it reads a long document, at the machine's own pace
    page.locator("#operations-tag-classrooms").click()
    page.get_by_text("/api/v1/classrooms/{key}/results", exact=True).wait_for()
