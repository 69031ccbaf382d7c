from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel, TimestampedModel


class ApiClient(PublicIdModel, TimestampedModel):
    """A program of a school, such as its LMS. It sees that school's classes and no other's.

    Its public id is the `client_id`; of the secret only the hash is kept.
    """

    school = models.ForeignKey(
        "accounts.School", on_delete=models.CASCADE, related_name="api_clients"
    )
    name = models.CharField(_("name"), max_length=120)
    secret_hash = models.CharField(max_length=64, editable=False)  # SHA-256, hexadecimal
    scopes = models.JSONField(_("scopes"), default=list)  # list of enums.Scope
    # NULL: in use.
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return self.name


class AccessToken(models.Model):
    """What a client shows with every request, until it expires. Only its hash is kept."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    scopes = models.JSONField(default=list)  # list of enums.Scope, among the client's
    # The index answers: which have run out?
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")

    def __str__(self) -> str:
        return f"{self.client_id} until {self.expires_at}"


class RequestWindow(models.Model):
    """How often one caller has asked in the present minute; shared by every web process."""

    # "client:<uuid>", "user:<uuid>", or "address:" and the address's keyed hash.
    caller = models.CharField(max_length=100, primary_key=True)
    # Minutes since the epoch. The index answers: which are over?
    minute = models.PositiveBigIntegerField(db_index=True)
    requests = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("window of requests")
        verbose_name_plural = _("windows of requests")

    def __str__(self) -> str:
        return f"{self.caller}: {self.requests}"


class IdempotentRequest(models.Model):
    """A request that came with a key, and what it was answered, for a day."""

    caller = models.CharField(max_length=100)  # as in RequestWindow; never an address
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and body
    # NULL: running, or broken off before it had an effect.
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)  # JSON; "" for none
    headers = models.JSONField(default=dict)
    # The index answers: which were kept long enough?
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("idempotent request")
        verbose_name_plural = _("idempotent requests")
        constraints = [
            # Two requests with one key at once are one.
            models.UniqueConstraint(fields=["caller", "key"], name="api_idempotent_request_once"),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
