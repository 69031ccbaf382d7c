"""Where a school wants to be told of its events, and what became of each message."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.views.pace import check_pace
from apps.api.enums import Scope
from apps.api.v1.access import CLIENTS, ApiView, school_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import STRING, STRINGS, Json, Shape, or_null
from apps.integrations import selectors as integrations
from apps.integrations import services
from apps.integrations.enums import DeliveryState, DisabledReason
from apps.integrations.models import Delivery, WebhookEndpoint

WEBHOOK = Shape(
    "Webhook",
    WebhookEndpoint,
    {
        "id": "public_id",
        "url": "url",
        "description": "description",
        "kinds": "kinds",
        "disabled_reason": "disabled_reason",
        "enabled_at": "enabled_at",
        "updated_at": "updated_at",
    },
    others={"kinds": STRINGS},
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "url": "https://lms.example.edu/hook",
        "description": "Moodle",
        "kinds": ["grade", "enrolment"],
        "disabled_reason": "",
        "enabled_at": "2026-09-01T08:00:00Z",
        "updated_at": "2026-09-01T08:00:00Z",
    },
)
DELIVERY = Shape(
    "Delivery",
    Delivery,
    {
        "id": "public_id",
        "webhook_id": "endpoint__public_id",
        "kind": "kind",
        "body": "body",
        "state": "state",
        "attempt_count": "attempt_count",
        "last_status": "last_status",
        "last_error": "last_error",
        "due_at": "due_at",
        "created_at": "created_at",
        "finished_at": "finished_at",
    },
    others={
        "last_status": {
            "type": ["integer", "null"],
            "description": "Of HTTP; null where no answer came, or nothing was sent yet.",
        },
        "last_error": {**or_null(STRING), "description": "Why no answer came."},
    },
    example={
        "id": "0f6a1c55-2f0b-4c5e-9a53-6a6f7d0f2a4e",
        "webhook_id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "kind": "grade.changed",
        "body": '{"type": "grade.changed"}',
        "state": "delivered",
        "attempt_count": 1,
        "last_status": 204,
        "last_error": "",
        "due_at": "2026-10-02T09:00:00Z",
        "created_at": "2026-10-02T09:00:00Z",
        "finished_at": "2026-10-02T09:00:01Z",
    },
)
_SECRET: Json = {
    "type": "object",
    "required": ["id", "secret"],
    "properties": {
        "id": STRING,
        "secret": {**STRING, "description": "Shown this once; messages are signed with it."},
    },
    "examples": [{"id": WEBHOOK.example["id"], "secret": "whsec_…"}],
}


class WebhookIn(Input):
    url = serializers.URLField(max_length=500, help_text="https://, and a public address.")
    description = serializers.CharField(max_length=200, allow_blank=True, default="")
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=64),
        max_length=100,
        default=list,
        help_text='Such as ["grade", "enrolment.added"]; none means all.',
    )


class WebhookChangeIn(WebhookIn):
    is_enabled = serializers.BooleanField(help_text="Whether anything is sent.")


class DeliveryFilters(FilterSet):
    webhook = django_filters.UUIDFilter("endpoint__public_id")
    state = django_filters.ChoiceFilter(choices=DeliveryState.choices)
    kind = django_filters.CharFilter()

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()


class WebhookFilters(FilterSet):
    disabled_reason = django_filters.ChoiceFilter(choices=DisabledReason.choices)

    class Meta:
        model = WebhookEndpoint
        fields: tuple[str, ...] = ()


class Webhooks(ListView):
    """The school's webhooks. Of a new one ask for the secret next: see `secret`."""

    scope = write_scope = Scope.WEBHOOKS
    callers = CLIENTS
    shape = WEBHOOK
    ordering = ("updated_at",)
    filters = WebhookFilters
    bodies = {"post": WebhookIn}

    def get(self, request: Request) -> Response:
        return self.answer(request, integrations.endpoints_of(school_of(request)))

    @idempotent
    def post(self, request: Request) -> Response:
        _check_pace(request, "webhook_write_program")
        row = services.endpoint_create(
            school=school_of(request), fields=read(request, WebhookIn), now=timezone.now()
        )
        return answer_written(_public(row), 201)


class WebhookDetail(DetailView):
    """One webhook. Switched on again, it is told of what happens from then on."""

    scope = write_scope = Scope.WEBHOOKS
    callers = CLIENTS
    shape = WEBHOOK
    bodies = {"patch": WebhookChangeIn}

    def get(self, request: Request, webhook: UUID) -> HttpResponseBase:
        return answer_one(request, _public(integrations.endpoint_of(school_of(request), webhook)))

    @idempotent
    def patch(self, request: Request, webhook: UUID) -> Response:
        row = integrations.endpoint_of(school_of(request), webhook)
        wish = read(request, WebhookChangeIn, is_partial=True)
        with unchanged(request, lock=_lock(row), read=lambda: _public(row)):
            is_enabled = wish.pop("is_enabled", row.is_enabled)
            services.endpoint_update(endpoint=row, fields=wish)
            if is_enabled and not row.is_enabled:
                services.endpoint_enable(endpoint=row, now=timezone.now())
            elif row.is_enabled and not is_enabled:
                services.endpoint_disable(endpoint=row)
            body = _public(row)
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, webhook: UUID) -> Response:
        row = integrations.endpoint_of(school_of(request), webhook)
        with unchanged(request, lock=_lock(row), read=lambda: _public(row)):
            services.endpoint_delete(endpoint=row)
        return Response(status=204)


class WebhookSecret(ApiView):
    """A new secret, told this once. For a day messages carry a signature by the one before too.

    Ask for it after making a webhook: that is how its first secret is got. It takes no
    `Idempotency-Key`, since a stored answer would be a stored secret: asking again makes another.
    """

    write_scope = Scope.WEBHOOKS
    callers = CLIENTS
    body = _SECRET

    def post(self, request: Request, webhook: UUID) -> Response:
        row = integrations.endpoint_of(school_of(request), webhook)
        row = services.endpoint_rotate_secret(endpoint=row, now=timezone.now())
        body = {"id": str(row.public_id), "secret": row.secret}
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


class WebhookTest(ApiView):
    """Queue a message that tells of nothing: the receiver can be tried with it."""

    write_scope = Scope.WEBHOOKS
    callers = CLIENTS
    shape = DELIVERY

    @idempotent
    def post(self, request: Request, webhook: UUID) -> Response:
        row = integrations.endpoint_of(school_of(request), webhook)
        _check_pace(request, "webhook_test_program")
        delivery = services.delivery_test(endpoint=row, now=timezone.now())
        return Response(_delivery(request, delivery), status=201)


class Deliveries(ListView):
    """What was sent, or is on its way, with what came of it; kept for a month."""

    scope = Scope.WEBHOOKS
    callers = CLIENTS
    shape = DELIVERY
    ordering = ("created_at", "due_at", "finished_at")
    filters = DeliveryFilters
    keys = ("pk",)

    def get(self, request: Request) -> Response:
        return self.answer(request, integrations.deliveries_of(school_of(request)))


class DeliveryDetail(DetailView):
    """One message."""

    scope = Scope.WEBHOOKS
    callers = CLIENTS
    shape = DELIVERY

    def get(self, request: Request, delivery: UUID) -> HttpResponseBase:
        row = integrations.delivery_of(school_of(request), delivery)
        return answer_one(request, _delivery(request, row))


class DeliveryReplay(ApiView):
    """Send a message once more, under the same id."""

    write_scope = Scope.WEBHOOKS
    callers = CLIENTS
    shape = DELIVERY

    @idempotent
    def post(self, request: Request, delivery: UUID) -> Response:
        row = integrations.delivery_of(school_of(request), delivery)
        row = services.delivery_replay(delivery=row, now=timezone.now())
        return Response(_delivery(request, row), status=201)


def _public(row: WebhookEndpoint) -> Row:
    return row_of(WebhookEndpoint.objects.filter(pk=row.pk), WEBHOOK.fields)


def _delivery(request: Request, row: Delivery) -> Row:
    return row_of(integrations.deliveries_of(school_of(request)).filter(pk=row.pk), DELIVERY.fields)


def _lock(row: WebhookEndpoint) -> QuerySet[Any]:
    return WebhookEndpoint.objects.filter(pk=row.pk)


def _check_pace(request: Request, action: str) -> None:
    """So many of a school in an hour, whichever of its programs asks.  Raises: TooOften."""
    check_pace(cast(HttpRequest, request), action, key=str(school_of(request).public_id))
