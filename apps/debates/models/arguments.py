from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel, TimestampedModel
from apps.debates.enums import ArgumentState, EvidenceKind, Relation
from apps.debates.models.debates import Side
from apps.debates.models.runs import DebateRun, Participant


class Argument(PublicIdModel):
    """A node of the tree. Personal data: what its author wrote.

    `html` is rendered once, when written. A removed argument keeps neither text nor html.
    The tallies are written in the transactions of the rows that they count.
    """

    run = models.ForeignKey(DebateRun, on_delete=models.CASCADE, related_name="arguments")
    # NULL: answers the motion itself.
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    author = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="arguments")
    # NULL: the author argued without a side.
    side = models.ForeignKey(Side, on_delete=models.PROTECT, null=True, related_name="+")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    text = models.TextField(_("text"))
    html = models.TextField(editable=False)
    words = models.PositiveIntegerField(_("words"), editable=False)
    # Shown as a label, where there is no evidence.
    is_own_reasoning = models.BooleanField(_("own reasoning"), default=False)
    state = models.CharField(
        _("state"), max_length=12, choices=ArgumentState, default=ArgumentState.VISIBLE
    )
    # Closed to answers, with everything under it.
    is_locked = models.BooleanField(_("locked"), default=False)
    revision = models.PositiveIntegerField(default=1)
    rating_count = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveIntegerField(default=0)
    moved_count = models.PositiveIntegerField(default=0)
    posted_at = models.DateTimeField(_("posted at"))
    edited_at = models.DateTimeField(_("edited at"), null=True)  # NULL: never

    class Meta:
        verbose_name = _("argument")
        verbose_name_plural = _("arguments")
        ordering = ["id"]
        constraints = [
            # An opening has no parent, everything else has one.
            models.CheckConstraint(
                condition=Q(parent__isnull=True, relation=Relation.OPENING)
                | (Q(parent__isnull=False) & ~Q(relation=Relation.OPENING)),
                name="debates_argument_root",
            ),
            # Removed text is gone.
            models.CheckConstraint(
                condition=~Q(state=ArgumentState.REMOVED) | Q(text="", html=""),
                name="debates_argument_removed_empty",
            ),
        ]
        indexes = [
            # The tree of a run, in the order of writing.
            models.Index(fields=["run", "id"], name="debates_argument_tree"),
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.public_id}"


class ArgumentEdit(models.Model):
    """What an argument said before an edit. Personal data: its words; a removal deletes them.

    evidence: a line for each piece, as selectors.evidence_words has it.
    """

    argument = models.ForeignKey(Argument, on_delete=models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField(_("revision"))
    text = models.TextField(_("text"))
    evidence = models.JSONField(_("evidence"), default=list)
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["argument", "revision"], name="debates_edit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.argument_id} {self.revision}"


class Evidence(PublicIdModel):
    """What an argument rests on: exactly one of a work, a paragraph, a section or a link."""

    argument = models.ForeignKey(Argument, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=12, choices=EvidenceKind)
    reference = models.ForeignKey(
        "content.Reference", on_delete=models.PROTECT, null=True, related_name="debate_evidence"
    )
    paragraph = models.ForeignKey(
        "content.SourceParagraph",
        on_delete=models.PROTECT,
        null=True,
        related_name="debate_evidence",
    )
    # Kept by address, as an edition may drop the section: "unit/lesson#anchor", else "".
    section = models.CharField(_("section"), max_length=240, blank=True)
    # "Lesson: heading" when it was named, "" for older rows.
    section_title = models.CharField(max_length=240, blank=True, editable=False)
    url = models.URLField(_("link"), max_length=500, blank=True)
    locator = models.CharField(_("pages"), max_length=60, blank=True)
    quotation = models.TextField(_("quotation"), blank=True)
    # NULL: no quotation, or a text that we do not hold.
    is_quotation_found = models.BooleanField(_("found in the source"), null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind=EvidenceKind.REFERENCE,
                    reference__isnull=False,
                    paragraph__isnull=True,
                    section="",
                    url="",
                )
                | Q(
                    kind=EvidenceKind.PARAGRAPH,
                    reference__isnull=True,
                    paragraph__isnull=False,
                    section="",
                    url="",
                )
                | (
                    Q(
                        kind=EvidenceKind.SECTION,
                        reference__isnull=True,
                        paragraph__isnull=True,
                        url="",
                    )
                    & ~Q(section="")
                )
                | (
                    Q(
                        kind=EvidenceKind.LINK,
                        reference__isnull=True,
                        paragraph__isnull=True,
                        section="",
                    )
                    & ~Q(url="")
                ),
                name="debates_evidence_one_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.argument_id}"

    @property
    def section_parts(self) -> tuple[str, str, str]:
        """(unit, lesson, anchor) of a section."""
        lesson, _hash, anchor = self.section.partition("#")
        unit, _slash, slug = lesson.partition("/")
        return unit, slug, anchor


class Rating(TimestampedModel):
    """How strong somebody finds an argument, 1 to 5. Personal data: who thought so."""

    argument = models.ForeignKey(Argument, on_delete=models.CASCADE, related_name="ratings")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="ratings")
    strength = models.PositiveSmallIntegerField(_("strength"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            # One rating a person and argument, whatever the concurrency.
            models.UniqueConstraint(fields=["argument", "participant"], name="debates_rating_once"),
            models.CheckConstraint(
                condition=Q(strength__gte=1, strength__lte=5), name="debates_rating_strength"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.argument_id} {self.strength}"


class Moved(models.Model):
    """What somebody marked with “this moved me”. Personal data: whom it moved."""

    argument = models.ForeignKey(Argument, on_delete=models.CASCADE, related_name="moved")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="moved")
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = _("mark of being moved")
        verbose_name_plural = _("marks of being moved")
        constraints = [
            models.UniqueConstraint(fields=["argument", "participant"], name="debates_moved_once"),
        ]

    def __str__(self) -> str:
        return f"{self.argument_id} {self.participant_id}"


class Draft(models.Model):
    """What somebody has begun to write and nobody else sees. Personal data: its words.

    evidence: as far as it is given yet, by the names of services.evidence.GIVEN_NAMES.
    """

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="drafts")
    # NULL: an answer to the motion.
    parent = models.ForeignKey(Argument, on_delete=models.CASCADE, null=True, related_name="drafts")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    text = models.TextField(_("text"), blank=True)
    is_own_reasoning = models.BooleanField(_("own reasoning"), default=False)
    evidence = models.JSONField(_("evidence"), default=list)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            # One draft a person and place.
            models.UniqueConstraint(fields=["participant", "parent"], name="debates_draft_once"),
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(parent__isnull=True),
                name="debates_draft_root_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.parent_id}"
