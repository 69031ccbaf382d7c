from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import School
from apps.core.models import PublicIdModel, TimestampedModel
from apps.integrations.enums import DeliveryState, DisabledReason


class WebhookEndpoint(PublicIdModel, TimestampedModel):
    """Where a school wants to be told of its events. Personal data: none."""

    school = models.ForeignKey(
        School, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("school")
    )
    url = models.URLField(_("address"), max_length=500)
    description = models.CharField(_("description"), max_length=200, blank=True)
    kinds = models.JSONField(
        _("events"),
        default=list,
        blank=True,
        help_text=_('A list such as ["grade", "enrolment.created"]; an empty one means all.'),
    )
    # In the form of Standard Webhooks: whsec_ and base64.
    secret = models.CharField(_("secret"), max_length=100, editable=False)
    previous_secret = models.CharField(max_length=100, blank=True, default="", editable=False)
    # NULL: there is no previous secret.
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    # Empty: enabled.
    disabled_reason = models.CharField(
        _("state"),
        max_length=12,
        choices=DisabledReason,
        default=DisabledReason.NONE,
        blank=True,
        editable=False,
    )
    # Events older than this are not told: the endpoint began, or began again, at this moment.
    enabled_at = models.DateTimeField(_("enabled at"), editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            # One address is told once of each event of a school.
            models.UniqueConstraint(fields=["school", "url"], name="integrations_url_once"),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_enabled(self) -> bool:
        return self.disabled_reason == DisabledReason.NONE


class Delivery(PublicIdModel):
    """One event for one endpoint; its public id is the message's on every attempt.

    Personal data: the public ids of subject and actor, for a month; nothing about them.
    """

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("webhook"),
    )
    # NULL: a test, sent by hand.
    event_id = models.BigIntegerField(_("event"), null=True)
    kind = models.CharField(_("kind"), max_length=64)
    body = models.TextField(_("body"))  # the JSON that is signed and sent, byte for byte
    state = models.CharField(
        _("state"), max_length=12, choices=DeliveryState, default=DeliveryState.PENDING
    )
    attempt_count = models.PositiveIntegerField(_("attempts"), default=0)
    # When to try next. A worker that takes a delivery moves it ahead, beyond the time that an
    # attempt can last: if the worker dies, the delivery falls due by itself.
    due_at = models.DateTimeField(_("next attempt"))
    give_up_at = models.DateTimeField(_("last attempt before"))
    created_at = models.DateTimeField(_("created at"))
    # NULL: still on its way.
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            # Reading an event twice tells nobody twice.
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="integrations_told_once"),
        ]
        indexes = [
            # What is due?
            models.Index(
                fields=["due_at"],
                name="integrations_due",
                condition=Q(state=DeliveryState.PENDING),
            ),
            # What became of this endpoint's deliveries, newest first?
            models.Index(fields=["endpoint", "-id"], name="integrations_log"),
            # What is old enough to be forgotten?
            models.Index(fields=["finished_at"], name="integrations_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class DeliveryAttempt(models.Model):
    """What came of one request."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    began_at = models.DateTimeField(_("began at"))
    duration_seconds = models.FloatField(_("seconds"))
    # NULL: no answer came; `error` says why.
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attempt at delivery")
        verbose_name_plural = _("attempts at delivery")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.status or self.error)
