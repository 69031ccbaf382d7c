"""The OpenAPI document: drf-spectacular walks the routes, views say what they take and give."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, cast

from django.urls import URLPattern, get_resolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiResponse
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.v1.access import REQUESTS_A_MINUTE, ApiView
from apps.api.v1.details import DetailView
from apps.api.v1.inputs import Input
from apps.api.v1.lists import DELETED, MAX_GONE, ListView
from apps.api.v1.paging import MAX_PAGE_SIZE, PAGE_SIZE
from apps.api.v1.problems import MEDIA_TYPE
from apps.api.v1.shapes import MOMENT, STRING, Json, or_null

PROBLEM = "Problem"
PROBLEM_SCHEMA: Json = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `detail` is for people.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": STRING,
        "title": STRING,
        "status": {"type": "integer"},
        "code": STRING,
        "detail": STRING,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {"field": STRING, "code": STRING, "message": STRING},
            },
        },
    },
    "examples": [
        {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "code": "invalid",
            "detail": "Some values are not valid.",
            "errors": [{"field": "page_size", "code": "invalid", "message": "Not a valid value."}],
        }
    ],
}
# status: what it means, with the codes that go with it
PROBLEMS = {
    400: "`invalid`, `parse_error`: a parameter or a value is wrong; `errors` says which.",
    401: "`not_authenticated`, `authentication_failed`: no token, or one that has expired.",
    403: "`permission_denied`: the token lacks the scope.",
    404: "`not_found`: there is no such thing, or it is not yours to see.",
    409: "`request_running`, or the code of the rule that forbids it.",
    412: "`precondition_failed`: it has changed since you read it.",
    415: "`unsupported_media_type`: send JSON.",
    422: "`idempotency_key_reused`: the key was sent with another request; or the code of what "
    "cannot be stored, with `errors` that say where.",
    428: "`precondition_required`: send If-Match.",
    429: "`throttled`: too many requests, or `too_often`: too much of one act; wait for "
    "`Retry-After` seconds.",
}
SUCCESSES = {200: "The answer.", 201: "It was made.", 202: "It is being done; follow the job."}
PLACES = {
    "course": "The course's slug, or its id.",
    "unit": "The unit's slug.",
    "lesson": "The lesson's slug.",
    "lesson_id": "The lesson's id.",
    "number": "The paragraph's number, such as `P07`.",
    "reference": "The work's key.",
    "form": "`csl`, `bibtex` or `ris`.",
    "file_format": "`gift`, `moodle_xml` or `table`.",
    "assignment_id": "The assignment's id.",
    "attempt_id": "The attempt's id.",
    "contest_id": "The objection's id.",
    "position": "The item's place in the attempt, from 1.",
    "question": "The question's slug, or its id.",
    "quiz": "The quiz's slug, or its id.",
    "slug": "Its slug.",
    "key": "The class's id, or the school's own as `sis:<sis_id>`.",
    "authored": "The slug or id of a course that you write.",
    "run": "The debate's id in its class.",
    "debate": "The motion's id.",
    "argument": "The argument's id.",
    "participant": "The participant's id.",
    "place": "The id of the argument that it answers; `motion` for the motion itself.",
    "review": "The review's id.",
    "answer": "The answer's id, as the list of what is marked says.",
    "note": "The note's id.",
    "notification": "The notification's id.",
    "school": "The school's short name.",
    "card": "The card's id.",
    "person": "The enrolment's id, or the school's own as `sis:<sis_id>`.",
    "student": "The person's id, or the school's own as `sis:<sis_id>`.",
    "user": "The person's id, or the school's own as `sis:<sis_id>`.",
    "item": "The column's id, or the school's own as `sis:<sis_id>`.",
    "activity": "The assignment's or debate's id; `class` for everything in the class.",
    "webhook": "The webhook's id.",
    "delivery": "The message's id.",
    "job": "The job's id.",
}
_ID: Json = {"type": "string", "format": "uuid"}
PLACE_TYPES: dict[str, Json] = {
    **dict.fromkeys(("lesson_id", "assignment_id", "attempt_id", "contest_id"), _ID),
    **dict.fromkeys(("webhook", "delivery", "job"), _ID),
    "position": {"type": "integer", "minimum": 1},
}
LIST_PARAMETERS: dict[str, tuple[Json, str]] = {
    "cursor": (STRING, "Where the page begins: taken from `next` or `previous`, never made."),
    "page_size": (
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
        "Rows on a page.",
    ),
    "fields": (STRING, "Only these fields, separated by commas."),
}
WATERMARK: Json = {**MOMENT, "description": "Ask with it as `updated_since` the next time."}
GONE: Json = {
    "type": ["array", "null"],
    "description": "With `updated_since`, on the first page: what left the list since then, "
    f"whatever the other filters say. null: more than {MAX_GONE}; read the whole list.",
    "items": {
        "type": "object",
        "required": ["id", "deleted_at"],
        "properties": {"id": _ID, "deleted_at": MOMENT},
    },
}
FILTERS: dict[str, Json] = {
    "BooleanFilter": {"type": "boolean"},
    "IsoDateTimeFilter": {"type": "string", "format": "date-time"},
    "UUIDFilter": {"type": "string", "format": "uuid"},
}
LIMITS = {
    "RateLimit-Limit": "Requests a minute.",
    "RateLimit-Remaining": "Requests that are left in this minute.",
    "RateLimit-Reset": "Seconds until the next minute.",
}


class Schema(AutoSchema):
    """An operation as its view declares it: shape, filters, bodies, scopes."""

    view: Any

    def get_operation_id(self) -> str:
        return f"{self.method.lower()}_{_names()[self.path].replace('-', '_')}"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0].removesuffix(".json")]

    def get_auth(self) -> list[Json]:
        scope = self._scope
        if scope is None:
            return [{}]
        return [{"oauth2": [str(scope)]}, {"personalToken": []}, {"session": []}]

    @property
    def _scope(self) -> str | None:
        scope: str | None = self.view.scope_of(self.method.lower())
        return scope

    def _resolve_path_parameters(self, variables: list[str]) -> list[Json]:
        return [
            {
                "in": "path",
                "name": name,
                "required": True,
                "schema": PLACE_TYPES.get(name, STRING),
                "description": PLACES[name],
            }
            for name in variables
        ]

    def get_override_parameters(self) -> list[Any]:
        return []

    def _get_parameters(self) -> list[Json]:
        return [
            *self._resolve_path_parameters(re.findall(r"{(\w+)}", self.path)),
            *self._query(),
            *self._headers(),
        ]

    def _query(self) -> list[Json]:
        if self.method != "GET":
            return []
        known: dict[str, tuple[Json, str]] = {}
        if isinstance(self.view, ListView):
            known = {**LIST_PARAMETERS, **self.view.parameters}
            if sorts := [sign + name for name in self.view.ordering for sign in ("", "-")]:
                known["ordering"] = ({**STRING, "enum": sorts}, "Sorted by this; `-` downwards.")
            if names := ", ".join(f"`{name}`" for name in self.view.expansions):
                known["expand"] = (STRING, f"Add to each row, separated by commas: {names}.")
            for name, one in getattr(self.view.filters, "base_filters", {}).items():
                values = [value for value, _label in one.extra.get("choices", ())]
                schema = FILTERS.get(type(one).__name__, STRING)
                if values:
                    kind = "integer" if isinstance(values[0], int) else "string"
                    schema = {"type": kind, "enum": values}
                known[name] = (schema, "Only these rows.")
        else:
            known = dict(self.view.parameters)
            if isinstance(self.view, DetailView) and self.view.has_fields:
                known["fields"] = LIST_PARAMETERS["fields"]
        return [
            {"in": "query", "name": name, "schema": schema, "description": text}
            for name, (schema, text) in known.items()
        ]

    def _headers(self) -> list[Json]:
        found: list[Json] = []
        if self._is_idempotent:
            text = "1 to 255 printable characters of your own; the same request once in 24 hours."
            found.append({"name": "Idempotency-Key", "description": text})
        if self._is_conditional:
            text = "The ETag that you read."
            found.append({"name": "If-Match", "description": text, "required": True})
        elif isinstance(self.view, DetailView) and self.method == "GET":
            found.append({"name": "If-None-Match", "description": "The ETag that you hold."})
        return [{"in": "header", "schema": STRING, **header} for header in found]

    @property
    def _is_idempotent(self) -> bool:
        return hasattr(getattr(self.view, self.method.lower()), "is_idempotent")

    @property
    def _is_conditional(self) -> bool:
        is_change = self.method in ("PUT", "PATCH", "DELETE")
        return isinstance(self.view, DetailView) and self.view.is_conditional and is_change

    def is_deprecated(self) -> bool:
        return self.method.lower() in self.view.deprecations

    def get_request_serializer(self) -> Any:
        return self.view.bodies.get(self.method.lower())

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Json:
        schema: Json = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Input):
            schema["additionalProperties"] = False
        return schema

    def get_response_serializers(self) -> Any:
        problem = self._component(PROBLEM, PROBLEM_SCHEMA)
        answers: dict[Any, OpenApiResponse] = {}
        if self.method == "DELETE":
            answers["204"] = OpenApiResponse(None, "It is gone.")
        else:
            created = self.method == "POST" and self._scope is not None
            usual = (201 if created else 200,)
            for success in self.view.statuses.get(self.method.lower(), usual):
                for media_type in self.view.media_types or ("application/json",):
                    answer = OpenApiResponse(self._body(), SUCCESSES[success])
                    answers[str(success), media_type] = answer
        if isinstance(self.view, DetailView) and self.method == "GET":
            answers["304"] = OpenApiResponse(None, "What you hold is the newest.")
        for status in self._problem_statuses():
            answers[str(status), MEDIA_TYPE] = OpenApiResponse(problem, PROBLEMS[status])
        for status, schema in self.view.own_problems.items():
            answers[str(status)] = OpenApiResponse(schema, "See RFC 6749, section 5.2.")
        return answers

    def _body(self) -> Json:
        own = self.view.answers.get(self.method.lower())
        if own is not None or self.view.shape is None:
            body = {**(own or self.view.body)}
            name = body.pop("title", None)
            return self._component(name, body) if name else body
        whole = self.view.shape.schema()
        for name, (shape, _relation) in getattr(self.view, "expansions", {}).items():
            ref = self._component(shape.name, shape.schema())
            whole["properties"][name] = {**ref, "description": f"With `expand={name}`."}
        row = self._component(self.view.shape.name, whole)
        if not isinstance(self.view, ListView) or self.method != "GET":
            return row
        address = or_null({"type": "string", "format": "uri"})
        pages = {"results": {"type": "array", "items": row}, "next": address, "previous": address}
        always = {**pages, **self.view.more}
        if self.view.tells_changes():
            always["watermark"] = WATERMARK
        properties = {**always, DELETED: GONE} if self.view.gone else always
        return self._component(
            f"{self.view.shape.name}List",
            {"type": "object", "required": list(always), "properties": properties},
        )

    def _problem_statuses(self) -> list[int]:
        statuses = {400, 401, 429} - set(self.view.own_problems)
        scope = self.get_auth()
        if scope != [{}]:
            statuses.add(403)
        if "{" in self.path:
            statuses.add(404)
        if self.method not in SAFE_METHODS and scope != [{}]:
            statuses.add(409)
        if self.get_request_serializer() is not None:
            statuses |= {415, 422}
            if scope != [{}]:
                statuses.add(404)  # what is named in the body
        if self._is_idempotent:
            statuses.add(422)
        if self._is_conditional:
            statuses |= {412, 428}
        return sorted(statuses)

    def _get_response_headers_for_code(self, status_code: str, _direction: Any = None) -> Json:
        headers = dict(LIMITS)
        if isinstance(self.view, DetailView) and status_code in ("200", "304"):
            headers["ETag"] = "What this state is called."
        if isinstance(self.view, ListView) and self.method == "GET" and status_code == "200":
            headers["Link"] = "The next and the previous page (RFC 8288)."
        if self.is_deprecated():
            headers["Deprecation"] = "Since when nothing new should use it (RFC 9745)."
            headers["Sunset"] = "When it may go (RFC 8594)."
        if status_code == "429":
            headers["Retry-After"] = "Seconds to wait."
        if status_code == "202":
            headers["Location"] = "Where the job is."
        if self._is_idempotent and status_code in ("200", "201", "202", "204"):
            headers["Idempotency-Replayed"] = "`true` where this is the first answer again."
        return {name: {"schema": STRING, "description": text} for name, text in headers.items()}

    def _component(self, name: str, schema: Json) -> Json:
        component = ResolvedComponent(
            name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name
        )
        self.registry.register_on_missing(component)
        return dict(component.ref)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """{path as the document writes it: name of the route}"""
    return {
        "/api/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(route.pattern)): route.name
        for route in cast("list[URLPattern]", get_resolver("apps.api.urls").url_patterns)
        if route.name
    }


def without_missing(endpoints: list[Any]) -> list[Any]:
    """All but the address that answers for those that lead nowhere."""
    return [
        endpoint for endpoint in endpoints if endpoint[0] in _names() and "^" not in endpoint[0]
    ]


def with_security(result: Json, **_more: Any) -> Json:
    """Add what a token is and how to get one."""
    flow = {
        "tokenUrl": "/api/v1/oauth/token",
        "scopes": {scope.value: str(scope.label) for scope in Scope},
    }
    result["components"]["securitySchemes"] = {
        "oauth2": {
            "type": "oauth2",
            "description": f"{REQUESTS_A_MINUTE} requests a minute for each client.",
            "flows": {
                "clientCredentials": flow,
                "authorizationCode": {
                    **flow,
                    "authorizationUrl": "/api/v1/oauth/authorize",
                    "refreshUrl": "/api/v1/oauth/token",
                },
            },
        },
        "personalToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that a person made for a script of theirs.",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    }
    return result


@lru_cache(maxsize=1)
def document() -> Json:
    """The whole document, drawn once in each process."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


class OpenApi(ApiView):
    """This document: OpenAPI 3.1, from which clients generate."""

    body = {"type": "object"}

    def get(self, _request: Request) -> Response:
        return Response(document())
