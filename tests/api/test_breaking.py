"""A change of the contract that breaks callers is told from one that only adds."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.api.breaking import Json, breaks, written_out

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
CLASSROOMS = "/api/v1/classrooms"
MARKS = "/api/v1/classrooms/{key}/grade-items/{item}/grades"


@pytest.fixture(scope="module")
def whole() -> Json:
    return written_out(json.loads(COMMITTED.read_text(encoding="utf-8")))


def parts(of: Json, name: str) -> Json:
    found: Json = of["components"]["schemas"][name]
    return found


def query(of: Json, path: str, name: str) -> Json:
    return next(p for p in of["paths"][path]["get"]["parameters"] if p["name"] == name)


def body(of: Json, path: str, method: str) -> Json:
    """The component that is sent."""
    schema = of["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    return parts(of, schema["$ref"].rsplit("/", 1)[1])


def required(of: Json) -> Any:
    parameter = {"in": "query", "name": "term", "required": True, "schema": {"type": "string"}}
    return of["paths"][CLASSROOMS]["get"]["parameters"].append(parameter)


BROKEN: list[tuple[Callable[[Json], Any], str]] = [
    (lambda d: d["paths"].pop(CLASSROOMS), f"{CLASSROOMS} is gone."),
    (lambda d: d["paths"][CLASSROOMS].pop("post"), f"POST {CLASSROOMS} is gone."),
    (
        lambda d: d["paths"][CLASSROOMS]["get"]["parameters"].remove(
            query(d, CLASSROOMS, "sis_id")
        ),
        f"GET {CLASSROOMS}: the query parameter sis_id is gone.",
    ),
    (required, f"GET {CLASSROOMS}: the query parameter term is required now."),
    (
        lambda d: query(d, CLASSROOMS, "ordering")["schema"]["enum"].remove("title"),
        f'GET {CLASSROOMS}, ordering: the value "title" is gone.',
    ),
    (
        lambda d: query(d, CLASSROOMS, "page_size")["schema"].update(maximum=20),
        f"GET {CLASSROOMS}, page_size: maximum is 20 now.",
    ),
    (
        lambda d: body(d, CLASSROOMS, "post")["properties"].pop("term"),
        f"POST {CLASSROOMS}, body.term is no longer taken.",
    ),
    (
        lambda d: body(d, CLASSROOMS, "post")["required"].append("term"),
        f"POST {CLASSROOMS}, body.term is required now.",
    ),
    (
        lambda d: parts(d, "UserMarkIn")["required"].append("version"),
        f"PUT {MARKS}, body.grades[].version is required now.",
    ),
    (
        lambda d: parts(d, "Classroom")["properties"].pop("sis_id"),
        f"GET {CLASSROOMS}, 200.results[].sis_id is gone.",
    ),
    (
        lambda d: parts(d, "Classroom")["properties"]["title"].update(type=["string", "null"]),
        f"GET {CLASSROOMS}, 200.results[].title may be null now.",
    ),
    (
        lambda d: parts(d, "Result")["properties"]["status"]["enum"].remove("held"),
        'GET /api/v1/classrooms/{key}/results, 200.results[].status: the value "held" is gone.',
    ),
    (
        lambda d: parts(d, "ClassroomList")["required"].remove("next"),
        f"GET {CLASSROOMS}, 200.next may be missing now.",
    ),
    (
        lambda d: d["paths"][CLASSROOMS]["get"]["responses"].pop("200"),
        f"GET {CLASSROOMS}: the answer 200 is gone.",
    ),
    (
        lambda d: d["paths"][CLASSROOMS]["get"]["security"].pop(1),
        f'GET {CLASSROOMS}: {{"personalToken": []}} no longer opens it.',
    ),
    (
        lambda d: d["paths"][CLASSROOMS]["get"].update(operationId="list_classrooms"),
        f"GET {CLASSROOMS}: generated clients call it list_classrooms now.",
    ),
]


def optional(of: Json) -> None:
    parameter = {"in": "query", "name": "term", "schema": {"type": "string"}}
    of["paths"][CLASSROOMS]["get"]["parameters"].append(parameter)


ADDED: list[Callable[[Json], Any]] = [
    lambda d: d["paths"].update({"/api/v1/rooms": d["paths"][CLASSROOMS]}),
    optional,
    lambda d: parts(d, "Classroom")["properties"].update(room={"type": "string"}),
    lambda d: body(d, CLASSROOMS, "post")["properties"].update(room={"type": "string"}),
    lambda d: body(d, CLASSROOMS, "post")["required"].remove("course"),
    lambda d: query(d, CLASSROOMS, "page_size")["schema"].update(maximum=500),
    lambda d: parts(d, "Result")["properties"]["status"]["enum"].append("late"),
    lambda d: d["paths"][CLASSROOMS]["get"]["responses"].update({"503": {"description": "Wait."}}),
]


@pytest.mark.parametrize(("change", "sentence"), BROKEN, ids=[text for _, text in BROKEN])
def test_what_breaks_callers_is_said(
    change: Callable[[Json], Any], sentence: str, whole: Json
) -> None:
    changed = deepcopy(whole)
    change(changed)
    assert sentence in breaks(whole, changed)


@pytest.mark.parametrize("change", ADDED)
def test_what_is_added_breaks_nobody(change: Callable[[Json], Any], whole: Json) -> None:
    changed = deepcopy(whole)
    change(changed)
    assert changed != whole
    assert breaks(whole, changed) == []


def test_what_a_shared_part_no_longer_takes_breaks_each_that_refers_to_it() -> None:
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))
    changed = deepcopy(committed)
    changed["components"]["parameters"]["page_size"]["schema"]["maximum"] = 20
    changed["components"]["responses"]["Status429"]["headers"].pop("Retry-After")
    found = breaks(committed, changed)
    assert f"GET {CLASSROOMS}, page_size: maximum is 20 now." in found
    assert f"GET {CLASSROOMS}: the header Retry-After of 429 is gone." in found
