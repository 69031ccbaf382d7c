import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicIdModel(models.Model):
    """A row that the world knows by a UUID, never by its primary key."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(models.Model):
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True


class Event(models.Model):
    """The outbox: one append-only row for each change that others may care about.

    Written by services in the transaction of the change. Holds ids and no content, so that
    erasing a person or a text leaves nothing here; a deletion leaves a tombstone.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=64)  # such as "lesson.published"
    subject_id = models.UUIDField(_("subject"))
    # NULL: the subject belongs to no school, so every school may see it.
    school_id = models.UUIDField(_("school"), null=True, blank=True)
    # NULL: the installation itself acted (a worker, a command).
    actor_id = models.UUIDField(_("actor"), null=True, blank=True)
    is_tombstone = models.BooleanField(_("tombstone"), default=False)
    # Of what went: the class or course that it went from. NULL: it did not go, or from neither.
    within_id = models.UUIDField(_("within"), null=True, blank=True)
    happened_at = models.DateTimeField(_("happened at"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            # What happened to this subject?
            models.Index(fields=["subject_id", "id"], name="core_event_subject"),
            # What went from this class or course since?
            models.Index(
                fields=["within_id", "kind", "happened_at"],
                name="core_event_gone",
                condition=models.Q(within_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class EventCursor(models.Model):
    """How far one reader of the outbox has come; services.events_take moves it."""

    reader = models.CharField(_("reader"), max_length=64, primary_key=True)
    position = models.BigIntegerField(_("last event read"), default=0)
    # PostgreSQL only: every event up to here has committed, or never will.
    settled = models.BigIntegerField(_("settled up to"), default=0)
    # What `settled` becomes when `writers` (virtual transactions) have ended.
    ceiling = models.BigIntegerField(_("settling up to"), default=0)
    writers = models.JSONField(_("transactions awaited"), default=list)

    class Meta:
        verbose_name = _("event cursor")
        verbose_name_plural = _("event cursors")

    def __str__(self) -> str:
        return f"{self.reader} {self.position}"


class Heartbeat(models.Model):
    """When a long-running process last wrote, or a sweep was last begun."""

    # "web", "worker", or the dotted path of a sweep.
    name = models.CharField(_("name"), max_length=120, primary_key=True)
    beat_at = models.DateTimeField(_("last beat"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class Erasing(models.Model):
    """Whose data are being erased, within the one transaction that does it.

    The triggers of append-only tables look here: only while a person is named may a row of theirs
    lose its words, or go. The row is written and deleted in the same transaction, so that nobody
    else ever sees it; its fixed key lets one erasure run at a time.
    Source: docs/decisions/0017-erasure.md
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    person_id = models.BigIntegerField(_("person"))  # primary key; core knows no people

    class Meta:
        verbose_name = _("erasure under way")
        verbose_name_plural = _("erasures under way")
        constraints = [
            # One at a time.
            models.CheckConstraint(condition=models.Q(id=1), name="core_erasing_one"),
        ]

    def __str__(self) -> str:
        return str(self.person_id)
