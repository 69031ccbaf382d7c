from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.content.enums import EvidenceKind, ReferenceStatus
from apps.content.models.course import Course
from apps.core.models import PublicIdModel, TimestampedModel


class Reference(PublicIdModel, TimestampedModel):
    """A work that the article, or a lesson, cites."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="references")
    key = models.CharField(
        _("citation key"),
        max_length=60,
        validators=[
            RegexValidator(
                r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and hyphens: khan1961.")
            )
        ],
    )
    # The CSL-JSON item without `id` and `custom`; those are columns of this table.
    csl = models.JSONField(_("CSL-JSON"))
    kind = models.CharField(_("kind of evidence"), max_length=20, choices=EvidenceKind.choices)
    is_listed = models.BooleanField(_("in the article's own list"), default=True)
    note = models.TextField(_("source note"), blank=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ReferenceStatus.choices,
        default=ReferenceStatus.CURRENT,
    )
    # Written from `csl` by services.reference_save; formatting is paid for once, here.
    title = models.TextField(_("title"), editable=False, blank=True)
    year = models.CharField(_("year"), max_length=12, editable=False, blank=True)
    authors_short = models.CharField(  # "Khan" or "Hussain & Fatima" or "Abbasi et al."
        _("authors"), max_length=200, editable=False, blank=True
    )
    sort_key = models.CharField(max_length=300, editable=False, blank=True, db_index=True)
    apa_html = models.TextField(editable=False, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["sort_key", "key"]
        constraints = [
            # A key means one work in a course.
            models.UniqueConstraint(fields=["course", "key"], name="content_reference_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.authors_short or self.key} ({self.year or '—'})"
