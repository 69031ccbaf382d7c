from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel, TimestampedModel
from apps.debates.enums import PhaseKind, StanceMoment
from apps.debates.models.debates import Debate, Rules, Side


class DebateRun(PublicIdModel, TimestampedModel, Rules):
    """A debate given to a class. Its motion and rules are those of the moment it opened.

    Its row is the lock under which people join, so that sides stay balanced.
    """

    debate = models.ForeignKey(Debate, on_delete=models.PROTECT, related_name="runs")
    classroom = models.ForeignKey(
        "classrooms.Classroom", on_delete=models.CASCADE, related_name="debate_runs"
    )
    motion = models.CharField(_("motion"), max_length=300)
    background_html = models.TextField(editable=False, blank=True)
    # Counts what was written to its arguments: what is drawn of them is kept by it.
    writes = models.PositiveIntegerField(default=0, editable=False)
    opened_by = models.ForeignKey(  # NULL: erased
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    # When a work of the course, or the debate, last changed, as selectors.run_in found it: both
    # stand in arguments that are drawn already.
    named_at: tuple[datetime | None, datetime | None] = (None, None)
    # The key of the argument written last, 0 for none, as selectors.run_in found it.
    newest: int = 0

    class Meta(Rules.Meta):
        abstract = False
        verbose_name = _("run of a debate")
        verbose_name_plural = _("runs of debates")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.motion


class RunPhase(models.Model):
    """When a run is at what: from `opens_at`, up to and without `closes_at`."""

    run = models.ForeignKey(DebateRun, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(_("phase"), max_length=12, choices=PhaseKind)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["run", "kind"], name="debates_phase_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="debates_phase_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind}"


class Participant(PublicIdModel):
    """A student in a run. Personal data: who took which side.

    `number` is their name among classmates in an anonymous run: dealt by lot, so that it does
    not tell in which order people joined.
    """

    run = models.ForeignKey(DebateRun, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="debate_participations"
    )
    # NULL: not chosen or assigned yet.
    side = models.ForeignKey(Side, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    joined_at = models.DateTimeField(_("joined at"))

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            # Joining twice at once joins once.
            models.UniqueConstraint(fields=["run", "user"], name="debates_participant_once"),
            # A pseudonym means one person.
            models.UniqueConstraint(fields=["run", "number"], name="debates_participant_number"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class Stance(models.Model):
    """Where a student stood before, or after. Personal data: an opinion; never changed.

    value: -3 (strongly disagree) to 3 (strongly agree).  confidence: 1 to 5.
    """

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="stances")
    moment = models.CharField(_("moment"), max_length=12, choices=StanceMoment)
    value = models.SmallIntegerField(_("stance"))
    confidence = models.PositiveSmallIntegerField(_("confidence"))
    # What moved them, named at the close. NULL: nothing did, or this is an opening stance.
    moved_by = models.ForeignKey(
        "debates.Argument", on_delete=models.SET_NULL, null=True, related_name="stances_moved"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        constraints = [
            # Two recordings at once: the first stands.
            models.UniqueConstraint(fields=["participant", "moment"], name="debates_stance_once"),
            models.CheckConstraint(
                condition=Q(value__gte=-3, value__lte=3), name="debates_stance_value"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=1, confidence__lte=5),
                name="debates_stance_confidence",
            ),
            models.CheckConstraint(
                condition=Q(moved_by__isnull=True) | Q(moment=StanceMoment.CLOSING),
                name="debates_stance_moved_at_close",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.moment} {self.value}"
