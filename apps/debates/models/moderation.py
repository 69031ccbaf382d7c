from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.debates.enums import Criterion, ModerationKind
from apps.debates.models.arguments import Argument
from apps.debates.models.runs import DebateRun, Participant


class Report(models.Model):
    """Somebody asks that an argument be looked at. Personal data: who asked, and their words."""

    argument = models.ForeignKey(Argument, on_delete=models.CASCADE, related_name="reports")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(_("reason"), max_length=500)
    reported_at = models.DateTimeField(_("reported at"))
    decided_at = models.DateTimeField(_("decided at"), null=True)  # NULL: waits

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            # A person reports an argument once.
            models.UniqueConstraint(fields=["argument", "participant"], name="debates_report_once"),
        ]
        indexes = [
            # What waits for a moderator?
            models.Index(
                fields=["argument", "id"],
                condition=Q(decided_at__isnull=True),
                name="debates_report_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.argument_id}"


class ModerationAction(models.Model):
    """The log of moderation: the database refuses to change or delete its rows.

    Personal data: who acted, on whose argument, and why. The actor becomes NULL on erasure.
    """

    run = models.ForeignKey(DebateRun, on_delete=models.PROTECT, related_name="moderation")
    argument = models.ForeignKey(Argument, on_delete=models.PROTECT, related_name="moderation")
    kind = models.CharField(_("act"), max_length=12, choices=ModerationKind)
    reason = models.CharField(_("reason"), max_length=500)
    actor = models.ForeignKey(  # NULL: erased
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    happened_at = models.DateTimeField(_("happened at"))

    class Meta:
        verbose_name = _("act of moderation")
        verbose_name_plural = _("acts of moderation")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="debates_moderation_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.argument_id}"


class RubricScore(models.Model):
    """One criterion of one student's debate, 0 to 4. Personal data: a mark and its comment."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(_("criterion"), max_length=12, choices=Criterion)
    level = models.PositiveSmallIntegerField(_("level"))
    comment = models.TextField(_("comment"), blank=True)
    marker = models.ForeignKey(  # NULL: erased
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = _("score by rubric")
        verbose_name_plural = _("scores by rubric")
        constraints = [
            models.UniqueConstraint(fields=["participant", "criterion"], name="debates_score_once"),
            models.CheckConstraint(condition=Q(level__lte=4), name="debates_score_level"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.criterion} {self.level}"
