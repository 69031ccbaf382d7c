"""What somebody asked for: a copy of everything about them, or to be erased."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel


class ExportRequest(PublicIdModel):
    """A copy of everything about one person; a week after it was made it is gone.

    Personal data: all of a person's, in its chunks.
    """

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="export_requests"
    )
    requested_at = models.DateTimeField(_("requested at"))
    # When the worker makes it, or tries again. A worker that takes it moves this ahead.
    due_at = models.DateTimeField(_("due at"))
    # NULL: being made, or given up.
    ready_at = models.DateTimeField(_("ready at"), null=True)
    # NULL: not given up.
    failed_at = models.DateTimeField(_("given up at"), null=True)
    size_bytes = models.PositiveBigIntegerField(_("size in bytes"), default=0)

    class Meta:
        verbose_name = _("copy of one’s data")
        verbose_name_plural = _("copies of one’s data")
        ordering = ["-id"]
        constraints = [
            # Asking twice at once asks once.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ready_at__isnull=True, failed_at__isnull=True),
                name="privacy_export_one_open",
            ),
        ]
        indexes = [
            # What is to be made?
            models.Index(
                fields=["due_at"],
                condition=Q(ready_at__isnull=True, failed_at__isnull=True),
                name="privacy_export_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class ExportChunk(models.Model):
    """A piece of a copy's ZIP file, so that no process holds all of it in memory."""

    export = models.ForeignKey(ExportRequest, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField(_("number"))  # from 0
    content = models.BinaryField(_("bytes"))

    class Meta:
        verbose_name = _("piece of a copy")
        verbose_name_plural = _("pieces of copies")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="privacy_chunk_once"),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.number}"


class ErasureRequest(models.Model):
    """Somebody is to be erased. Its moments say how far that has come; at the end the row goes.

    requested → (until due_at: may be cancelled) → closed → erased → cleaned → no row.
    """

    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, related_name="erasure_request"
    )
    # Their public id until then: linked systems and restored backups know them by it.
    subject_id = models.UUIDField(_("public id"))
    requested_at = models.DateTimeField(_("requested at"))
    due_at = models.DateTimeField(_("due at"))
    # NULL: the letter that tells of it is sent, or given up.
    letter_due_at = models.DateTimeField(_("letter due at"), null=True)
    # NULL: not closed. From then on the account lets nobody in, and there is no way back.
    closed_at = models.DateTimeField(_("closed at"), null=True)
    # True: whoever runs the site asked, and the account lets nobody in meanwhile.
    is_by_staff = models.BooleanField(_("asked by whoever runs the site"), default=False)
    # What names them, kept from closing until all is gone: addresses, names, school's numbers.
    names = models.JSONField(_("names"), default=list)
    # NULL: their rows are still to be erased.
    erased_at = models.DateTimeField(_("erased at"), null=True)
    # NULL: stragglers, files and the database's own leftovers are still to be cleaned.
    cleaned_at = models.DateTimeField(_("cleaned at"), null=True)

    class Meta:
        verbose_name = _("request to be erased")
        verbose_name_plural = _("requests to be erased")
        indexes = [
            # Who is due?
            models.Index(fields=["due_at"], name="privacy_erasure_due"),
        ]

    def __str__(self) -> str:
        return str(self.subject_id)
