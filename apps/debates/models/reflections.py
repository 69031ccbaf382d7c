from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.debates.models.runs import Participant


class Reflection(models.Model):
    """What a student makes of the debate afterwards; staff alone read it. Personal data: text."""

    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="reflection"
    )
    text = models.TextField(_("reflection"))
    html = models.TextField(editable=False)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")

    def __str__(self) -> str:
        return f"{self.participant_id}"


class PeerReview(PublicIdModel):
    """A classmate's view of what somebody argued, by the rubric. Personal data: both people's.

    levels: {criterion: 0 to 4}, empty until written.
    """

    reviewer = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="reviews_given"
    )
    reviewed = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="reviews_received"
    )
    levels = models.JSONField(_("levels"), default=dict)
    comment = models.TextField(_("comment"), blank=True)
    dealt_at = models.DateTimeField(_("dealt at"))
    written_at = models.DateTimeField(_("written at"), null=True)  # NULL: not yet

    class Meta:
        verbose_name = _("review by a classmate")
        verbose_name_plural = _("reviews by classmates")
        ordering = ["id"]
        constraints = [
            # Nobody reviews the same person twice.
            models.UniqueConstraint(fields=["reviewer", "reviewed"], name="debates_review_once"),
            models.CheckConstraint(
                condition=~Q(reviewer=F("reviewed")), name="debates_review_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} {self.reviewed_id}"
