from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel, TimestampedModel
from apps.review.enums import CardState, OriginKind, Rating, SuspendedBy

NEW_PER_DAY, REVIEWS_PER_DAY = 10, 100


class ReviewCard(PublicIdModel, TimestampedModel):
    """Something a person wants to remember, and what FSRS knows of how well they do.

    Personal data: what somebody learns, misses and writes. A card of a question keeps no text
    until its owner changes it: what it shows is drawn from the question's current version, when
    the key may be seen. The text of other cards is that of the day they were made; what they came
    from is shown instead while it exists, until their owner changes it.
    """

    owner = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="review_cards"
    )
    # NULL: of no course, or the course is gone.
    course = models.ForeignKey(
        "content.Course",
        verbose_name=_("course"),
        on_delete=models.SET_NULL,
        related_name="review_cards",
        null=True,
        blank=True,
    )
    origin_kind = models.CharField(_("made from"), max_length=8, choices=OriginKind)
    # The public id of the question, term, event or note; of an imported card, what its file calls
    # it, as a UUID. NULL: written by hand.
    origin_id = models.UUIDField(null=True, editable=False)
    # What the file of an imported card calls it. Empty: nothing, and the public id is its name.
    guid = models.CharField(max_length=64, blank=True, editable=False)
    front = models.TextField(_("front"), blank=True)  # Markdown
    back = models.TextField(_("back"), blank=True)  # Markdown
    front_html = models.TextField(editable=False, blank=True)  # rendered and sanitised once
    back_html = models.TextField(editable=False, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)  # of str, without spaces
    # Its owner changed the text: it follows nothing any more.
    has_own_text = models.BooleanField(default=False, editable=False)
    # The version of the question whose text was changed. NULL: of no question, or not changed.
    text_version_id = models.UUIDField(null=True, editable=False)
    # Where it is taught. NULL: not known, or the lesson is gone.
    lesson = models.ForeignKey(
        "content.Lesson",
        verbose_name=_("lesson"),
        on_delete=models.SET_NULL,
        related_name="review_cards",
        null=True,
        blank=True,
    )
    anchor = models.CharField(_("section"), max_length=80, blank=True)
    paragraph = models.CharField(_("paragraph"), max_length=4, blank=True)  # "P06"; "" not known

    # FSRS: scheduling.Memory.
    state = models.PositiveSmallIntegerField(
        _("state"), choices=CardState, default=CardState.LEARNING
    )
    # NULL: in review. Otherwise which of the short steps comes next, from 0.
    step = models.PositiveSmallIntegerField(null=True, default=0)
    stability = models.FloatField(_("stability in days"), null=True)  # NULL: never rated
    difficulty = models.FloatField(_("difficulty, 1 to 10"), null=True)  # NULL: never rated
    due_at = models.DateTimeField(_("due at"))
    last_reviewed_at = models.DateTimeField(_("last reviewed at"), null=True)  # NULL: never
    reps = models.PositiveIntegerField(_("reviews"), default=0)
    lapses = models.PositiveIntegerField(_("times forgotten"), default=0)
    suspended_at = models.DateTimeField(_("put aside at"), null=True)  # NULL: it comes up
    suspended_by = models.CharField(max_length=5, choices=SuspendedBy, blank=True)
    # Counts writes: a rating or an edit that names an older one is not applied (two devices).
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("review card")
        verbose_name_plural = _("review cards")
        ordering = ["id"]
        constraints = [
            # Adding twice at once, or importing a file again, adds once.
            models.UniqueConstraint(
                fields=["owner", "origin_kind", "origin_id"], name="review_card_origin_once"
            ),
            models.CheckConstraint(
                condition=Q(origin_kind=OriginKind.OWN, origin_id__isnull=True)
                | ~Q(origin_kind=OriginKind.OWN) & Q(origin_id__isnull=False),
                name="review_card_origin_known",
            ),
            models.CheckConstraint(
                condition=Q(state=CardState.REVIEW, step__isnull=True)
                | ~Q(state=CardState.REVIEW) & Q(step__isnull=False),
                name="review_card_step_unless_in_review",
            ),
            # A card that was rated has a memory, and only that one.
            models.CheckConstraint(
                condition=Q(
                    reps=0,
                    last_reviewed_at__isnull=True,
                    stability__isnull=True,
                    difficulty__isnull=True,
                    state=CardState.LEARNING,
                )
                | Q(
                    reps__gte=1,
                    last_reviewed_at__isnull=False,
                    stability__gt=0,
                    difficulty__gte=1,
                    difficulty__lte=10,
                ),
                name="review_card_memory_when_rated",
            ),
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True, suspended_by="")
                | Q(suspended_at__isnull=False, suspended_by__in=SuspendedBy.values),
                name="review_card_suspended_by",
            ),
        ]
        indexes = [
            # What is due for this person?
            models.Index(
                fields=["owner", "due_at"],
                condition=Q(suspended_at__isnull=True),
                name="review_card_due",
            ),
            # Which cards were made from this?
            models.Index(fields=["origin_kind", "origin_id"], name="review_card_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} · {self.origin_kind} · {self.public_id}"

    @property
    def is_new(self) -> bool:
        return self.last_reviewed_at is None


class ReviewLog(PublicIdModel):
    """One rating. Personal data: what somebody remembered, and when; kept when the card goes."""

    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="review_logs")
    # NULL: the card was deleted; the statistics still count what was done.
    card = models.ForeignKey(ReviewCard, on_delete=models.SET_NULL, related_name="logs", null=True)
    rating = models.PositiveSmallIntegerField(_("rating"), choices=Rating)
    reviewed_at = models.DateTimeField(_("reviewed at"))
    # As the page counted them, at most scheduling.MAX_SECONDS. NULL: not counted.
    duration_seconds = models.PositiveIntegerField(_("seconds"), null=True)
    # The card's state when it was asked. NULL: it was new.
    state_before = models.PositiveSmallIntegerField(_("state before"), choices=CardState, null=True)
    # Everything of the card that the rating changed, as it was: what undoing puts back.
    before = models.JSONField(_("card before"))
    version_after = models.PositiveIntegerField(editable=False)  # of the card
    # Made by the page that asked: the same rating sent twice counts once.
    client_id = models.UUIDField(editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True)  # NULL: it counts

    class Meta:
        verbose_name = _("rating of a review card")
        verbose_name_plural = _("ratings of review cards")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_id"], name="review_log_client_once"),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=4), name="review_log_rating"
            ),
        ]
        indexes = [
            # What did this person review when? (limits of a day, statistics)
            models.Index(fields=["owner", "reviewed_at"], name="review_log_day"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} · {self.card_id} · {self.rating}"


class ReviewSettings(models.Model):
    """How much somebody wants to review in a day; without a row, as by default."""

    owner = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, related_name="review_settings"
    )
    new_per_day = models.PositiveSmallIntegerField(
        _("new cards a day"), default=NEW_PER_DAY, validators=[MaxValueValidator(200)]
    )
    reviews_per_day = models.PositiveSmallIntegerField(
        _("reviews a day"), default=REVIEWS_PER_DAY, validators=[MaxValueValidator(2000)]
    )
    # The share of cards to be remembered when they come up; FSRS spaces them by it.
    desired_retention = models.FloatField(
        _("share to remember"),
        default=0.9,
        validators=[MinValueValidator(0.7), MaxValueValidator(0.97)],
    )
    may_add_missed = models.BooleanField(_("add what I miss by itself"), default=False)
    # NULL: the worker has not looked yet for what was missed.
    missed_looked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("settings of review")
        verbose_name_plural = _("settings of review")
        constraints = [
            models.CheckConstraint(
                condition=Q(desired_retention__gte=0.7, desired_retention__lte=0.97),
                name="review_settings_retention",
            ),
        ]
        indexes = [
            # For whom does the worker look next?
            models.Index(
                fields=["missed_looked_at"],
                condition=Q(may_add_missed=True),
                name="review_settings_missed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}"


class ReviewRefusal(models.Model):
    """A card that its owner deleted: what is added by itself is not added again.

    Personal data: what somebody does not want to review.
    """

    owner = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="review_refusals"
    )
    origin_kind = models.CharField(max_length=8, choices=OriginKind)
    origin_id = models.UUIDField()
    refused_at = models.DateTimeField()

    class Meta:
        verbose_name = _("refused review card")
        verbose_name_plural = _("refused review cards")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "origin_kind", "origin_id"], name="review_refusal_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} · {self.origin_kind} · {self.origin_id}"
