from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.api.enums import JobState, scopes_in_words
from apps.core.models import PublicIdModel, TimestampedModel

if TYPE_CHECKING:
    from apps.accounts.models import User


class ApiClient(PublicIdModel, TimestampedModel):
    """A program of a school, such as its LMS. It sees that school's classes and no other's.

    Its public id is the `client_id`; of the secret only the hash is kept.
    """

    school = models.ForeignKey(
        "accounts.School", on_delete=models.CASCADE, related_name="api_clients"
    )
    name = models.CharField(_("name"), max_length=120)
    # SHA-256, hexadecimal. "": a public client, which no secret proves; it acts for persons only.
    secret_hash = models.CharField(max_length=64, editable=False, blank=True)
    scopes = models.JSONField(_("scopes"), default=list)  # list of enums.Scope
    # Where a person who has consented is sent back to; compared letter by letter.
    redirect_uris = models.JSONField(_("redirect addresses"), default=list, blank=True)
    # NULL: in use.
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return self.name

    @property
    def client_id(self) -> str:
        return str(self.public_id)

    @property
    def is_public(self) -> bool:
        return not self.secret_hash


class Consent(PublicIdModel):
    """A person lets a program act for them. Deleting it ends every code and token under it."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="consents")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="api_consents")
    scopes = models.JSONField(default=list)  # list of enums.Scope
    given_at = models.DateTimeField(_("given at"))
    # NULL: never. By the day, so that it says little of when somebody studies.
    last_used_on = models.DateField(_("last used on"), null=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            # Consenting twice at once is one consent.
            models.UniqueConstraint(fields=["client", "user"], name="api_consent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.client_id}"

    @property
    def may(self) -> list[str]:
        return scopes_in_words(self.scopes)


class AuthorizationCode(models.Model):
    """What a person's browser carries to the program, which exchanges it once, within a minute."""

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    redirect_uri = models.CharField(max_length=500)
    scopes = models.JSONField(default=list)
    challenge = models.CharField(max_length=128)  # PKCE, S256
    # NULL: not exchanged yet. One that comes again was stolen, so it ends the consent's tokens.
    used_at = models.DateTimeField(null=True)
    # The index answers: which have run out?
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("authorization code")
        verbose_name_plural = _("authorization codes")

    def __str__(self) -> str:
        return f"{self.consent_id} until {self.expires_at}"


class AccessToken(models.Model):
    """What a client shows with every request, until it expires. Only its hash is kept."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="tokens")
    # NULL: the client acts for itself.
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, null=True, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    scopes = models.JSONField(default=list)  # list of enums.Scope, among the client's
    # The index answers: which have run out?
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")

    def __str__(self) -> str:
        return f"{self.client_id} until {self.expires_at}"

    @property
    def person(self) -> User | None:
        """Whom the client acts for; None for itself."""
        return self.consent.user if self.consent else None


class RefreshToken(models.Model):
    """What gets a program a person's next access token, once, and with it its own successor."""

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="refresh_tokens")
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    scopes = models.JSONField(default=list)
    # NULL: the newest. One that comes again was stolen, so it ends the consent's tokens.
    used_at = models.DateTimeField(null=True)
    # The index answers: which have run out?
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("refresh token")
        verbose_name_plural = _("refresh tokens")

    def __str__(self) -> str:
        return f"{self.consent_id} until {self.expires_at}"


class PersonalToken(PublicIdModel, TimestampedModel):
    """A person's own key to the API, for a script of theirs. Only its hash is kept."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="personal_tokens"
    )
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    scopes = models.JSONField(_("scopes"), default=list)  # list of enums.Scope
    # The index answers: which have run out?
    expires_at = models.DateTimeField(_("expires at"), db_index=True)
    # NULL: never. By the day, so that it says little of when somebody studies.
    last_used_on = models.DateField(_("last used on"), null=True)

    class Meta:
        verbose_name = _("personal token")
        verbose_name_plural = _("personal tokens")

    def __str__(self) -> str:
        return self.name

    @property
    def person(self) -> User:
        return self.user

    @property
    def may(self) -> list[str]:
        return scopes_in_words(self.scopes)


class Job(PublicIdModel):
    """Long work that a caller asked for, done by the worker, with what came of it, for a week."""

    # As in RequestWindow; never an address. The index answers: which are this caller's?
    caller = models.CharField(max_length=100)
    kind = models.CharField(_("kind"), max_length=40)
    school = models.ForeignKey(
        "accounts.School", on_delete=models.CASCADE, null=True, related_name="api_jobs"
    )  # NULL: of a person, whose classes may be of several schools
    # NULL: a client asked.
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, null=True, related_name="api_jobs"
    )
    # What was asked for; emptied when it is done, but for the classes that a file tells of.
    wish = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=JobState, default=JobState.WAITING)
    done_count = models.PositiveIntegerField(_("done"), default=0)
    total_count = models.PositiveIntegerField(_("of"), default=0)
    # NULL: none yet.
    result = models.JSONField(null=True)
    # Why it failed, as a stable code. "": it did not.
    failure = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("created at"))
    # A worker that takes a job moves this ahead; if it dies, the job falls due by itself.
    due_at = models.DateTimeField()
    # NULL: still on its way.
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            # Which are this caller's, newest first?
            models.Index(fields=["caller", "-id"], name="api_job_caller"),
            # What is due?
            models.Index(
                fields=["due_at"],
                name="api_job_due",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class JobPart(models.Model):
    """A piece of the file that a job wrote, for a day after its end. Personal data: its text."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="parts")
    number = models.BigIntegerField()  # grows; the pieces in this order are the file
    text = models.TextField()

    class Meta:
        verbose_name = _("part of a job's file")
        verbose_name_plural = _("parts of jobs' files")
        constraints = [
            # A part that is done again after a crash is not written twice.
            models.UniqueConstraint(fields=["job", "number"], name="api_job_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.number}"


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
