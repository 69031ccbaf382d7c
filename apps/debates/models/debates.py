from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel, TimestampedModel
from apps.debates.enums import EvidenceRule, SideRule


class Rules(models.Model):
    """What holds in a debate. A run copies them when it opens, so that none change under it."""

    evidence_rule = models.CharField(
        _("evidence"),
        max_length=12,
        choices=EvidenceRule,
        default=EvidenceRule.LABELLED,
        help_text=_("Whether an argument without a source is refused, or shown with a label."),
    )
    side_rule = models.CharField(
        _("sides are"),
        max_length=12,
        choices=SideRule,
        default=SideRule.CHOSEN,
        help_text=_("How a student comes by a side, when the opening stance is recorded."),
    )
    min_words = models.PositiveSmallIntegerField(
        _("words at least"), default=10, help_text=_("Of one argument.")
    )
    max_words = models.PositiveSmallIntegerField(
        _("words at most"), default=300, help_text=_("Of one argument; few words make it sharp.")
    )
    arguments_owed = models.PositiveSmallIntegerField(
        _("arguments owed"),
        default=1,
        help_text=_("By each student: openings, supports, concessions and questions together."),
    )
    rebuttals_owed = models.PositiveSmallIntegerField(
        _("rebuttals owed"), default=2, help_text=_("By each student, counted apart.")
    )
    peer_reviews_owed = models.PositiveSmallIntegerField(
        _("classmates to review"),
        default=0,
        help_text=_(
            "By each student in the phase of reflection, by the rubric, for no grade; 0 for none."
        ),
    )
    is_anonymous = models.BooleanField(
        _("anonymous to classmates"),
        default=False,
        help_text=_("Classmates know each other by numbers; the staff see names."),
    )
    posts_first = models.BooleanField(
        _("post before seeing others"),
        default=False,
        help_text=_("Others' arguments appear once a student has written one of their own."),
    )
    shows_openings = models.BooleanField(
        _("show model openings at the end"),
        default=False,
        help_text=_("Once every phase is over, students may read each side's model opening."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(min_words__lte=F("max_words"), max_words__gte=1),
                name="%(app_label)s_%(class)s_words",
            ),
        ]


class Debate(PublicIdModel, TimestampedModel, Rules):
    """A motion and all that is needed to argue it. Holds no personal data."""

    # NULL: of the course, so that all who teach it may hold it; else of one school alone.
    school = models.ForeignKey(
        "accounts.School",
        verbose_name=_("school"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="debates",
    )
    course = models.ForeignKey("content.Course", on_delete=models.CASCADE, related_name="debates")
    slug = models.SlugField(_("address"), max_length=80)
    motion = models.CharField(_("motion"), max_length=300)
    background = models.TextField(_("background"), blank=True, help_text=_("Markdown."))
    background_html = models.TextField(editable=False, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta(Rules.Meta):
        abstract = False
        verbose_name = _("debate")
        verbose_name_plural = _("debates")
        ordering = ["position", "id"]
        constraints = [
            *Rules.Meta.constraints,
            # An address leads to one debate: of the course, or of a school's own.
            models.UniqueConstraint(
                fields=["course", "slug"],
                condition=Q(school__isnull=True),
                name="debates_debate_slug_once",
            ),
            models.UniqueConstraint(
                fields=["course", "school", "slug"],
                condition=Q(school__isnull=False),
                name="debates_debate_school_slug_once",
            ),
        ]

    def __str__(self) -> str:
        return self.motion


class Side(PublicIdModel):
    """A side of a debate: for, against, one of several answers, or an actor to argue as."""

    debate = models.ForeignKey(Debate, on_delete=models.CASCADE, related_name="sides")
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=120)
    # NULL: not an actor's part.
    actor = models.ForeignKey(
        "content.Actor", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Which end of the seven points it stands for: 1 agrees, -1 disagrees, 0 neither.
    leaning = models.SmallIntegerField(_("leaning"), default=0)
    opening = models.TextField(
        _("model opening argument"),
        blank=True,
        help_text=_("Markdown; the staff alone see it, until the rules say otherwise."),
    )
    opening_html = models.TextField(editable=False, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["debate", "key"], name="debates_side_key_once"),
            models.CheckConstraint(
                condition=Q(leaning__in=(-1, 0, 1)), name="debates_side_leaning"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SideSource(models.Model):
    """A work that a side may begin from, and why."""

    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="sources")
    reference = models.ForeignKey(
        "content.Reference", on_delete=models.PROTECT, related_name="debate_sources"
    )
    locator = models.CharField(_("pages"), max_length=60, blank=True)
    note = models.TextField(_("why"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("source of a side")
        verbose_name_plural = _("sources of a side")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["side", "reference"], name="debates_side_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.side_id} {self.reference_id}"
