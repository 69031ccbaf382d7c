"""A school's webhooks: set up, tried out, their log read and a message sent once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.policies import check_signed_in
from apps.accounts.views.pace import check_pace
from apps.core.admin import ScopedAdmin, ScopedRelatedFilter
from apps.core.errors import TooOften
from apps.integrations import selectors, services
from apps.integrations.errors import EndpointDisabled
from apps.integrations.models import Delivery, DeliveryAttempt, WebhookEndpoint
from apps.integrations.services.endpoints import FIELDS, endpoint_check

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[WebhookEndpoint]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelForm = forms.ModelForm
    TabularInline = admin.TabularInline


class EndpointForm(ModelForm):
    class Meta:
        model = WebhookEndpoint
        fields = ("school", *FIELDS)

    asked: HttpRequest  # set by the page that makes the form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                endpoint_check(WebhookEndpoint(**{name: cleaned.get(name) for name in FIELDS}))
            except ValidationError as error:
                self.add_error(None, error)
        if not self.errors:
            try:
                check_pace(self.asked, "webhook_write")
            except TooOften as error:
                self.add_error(None, error.message)
        return cleaned


@admin.register(WebhookEndpoint)
class EndpointAdmin(ScopedAdmin):
    form = EndpointForm
    list_display = ("url", "school", "description", "disabled_reason", "created_at")
    list_filter = ("disabled_reason", ("school", ScopedRelatedFilter))
    search_fields = ("url", "description")
    readonly_fields = ("secret", "previous_secret_until", "disabled_reason", "enabled_at")
    actions = ("test_send", "secret_rotate", "enable", "disable")

    def scope(
        self, queryset: QuerySet[WebhookEndpoint], request: HttpRequest
    ) -> QuerySet[WebhookEndpoint]:
        return queryset.filter(pk__in=selectors.endpoints_for(check_signed_in(request.user)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "school") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("school", *FIELDS, *(self.readonly_fields if obj else ()))

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, obj, **kwargs)  # a class of this request's own
        form.asked = request
        return form

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: EndpointForm, change: bool
    ) -> None:
        if change:
            services.endpoint_update(endpoint=obj, fields=form.cleaned_data)
        else:
            made = services.endpoint_create(
                school=obj.school, fields=form.cleaned_data, now=timezone.now()
            )
            obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        services.endpoint_delete(endpoint=obj)

    @admin.action(description=_("Send a test message"), permissions=["change"])
    def test_send(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            try:
                check_pace(request, "webhook_test")
                services.delivery_test(endpoint=endpoint, now=timezone.now())
            except (EndpointDisabled, TooOften) as error:
                self.message_user(request, f"{endpoint}: {error.message}", messages.ERROR)
            else:
                text = _("A test message is on its way to %(url)s; its log tells what came of it.")
                self.message_user(request, text % {"url": endpoint}, messages.SUCCESS)

    @admin.action(description=_("Change the secret; the old one counts for a day"))
    def secret_rotate(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            services.endpoint_rotate_secret(endpoint=endpoint, now=timezone.now())
            self.log_change(request, endpoint, _("Changed the secret."))

    @admin.action(description=_("Switch on"))
    def enable(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            services.endpoint_enable(endpoint=endpoint, now=timezone.now())

    @admin.action(description=_("Switch off"))
    def disable(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            services.endpoint_disable(endpoint=endpoint)


class AttemptInline(TabularInline):
    model = DeliveryAttempt
    fields = readonly_fields = ("began_at", "duration_seconds", "status", "error")
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # within a page whose own row is in scope

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(ScopedAdmin):
    list_display = ("created_at", "kind", "endpoint", "state", "attempt_count", "due_at")
    list_filter = ("state", ("endpoint", ScopedRelatedFilter))
    list_select_related = ("endpoint",)
    ordering = ("-id",)
    inlines = (AttemptInline,)
    actions = ("replay",)

    def scope(self, queryset: QuerySet[Delivery], request: HttpRequest) -> QuerySet[Delivery]:
        return queryset.filter(pk__in=selectors.deliveries_for(check_signed_in(request.user)))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Send again"), permissions=["view"])
    def replay(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        for delivery in queryset.select_related("endpoint"):
            try:
                check_pace(request, "webhook_test")
                services.delivery_replay(delivery=delivery, now=timezone.now())
            except (EndpointDisabled, TooOften) as error:
                self.message_user(request, f"{delivery}: {error.message}", messages.ERROR)
            else:
                text = _("%(delivery)s is on its way again.") % {"delivery": delivery}
                self.message_user(request, text, messages.SUCCESS)
