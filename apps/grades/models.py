from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel, TimestampedModel
from apps.grades.enums import GradeEventKind, ItemKind


class GradeCategory(PublicIdModel, TimestampedModel):
    """A group of items of a class, with its share of the course total."""

    classroom = models.ForeignKey(
        "classrooms.Classroom", on_delete=models.CASCADE, related_name="grade_categories"
    )
    title = models.CharField(_("title"), max_length=120)
    weight = models.DecimalField(
        _("weight"), max_digits=6, decimal_places=2, default=1, validators=[MinValueValidator(0)]
    )
    # How many of a student's lowest items do not count.
    drop_lowest = models.PositiveSmallIntegerField(_("drop the lowest"), default=0)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("grade category")
        verbose_name_plural = _("grade categories")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["classroom", "title"], name="grades_category_title_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GradeItem(PublicIdModel, TimestampedModel):
    """A column of the gradebook (a line item). Totals are items too."""

    classroom = models.ForeignKey(
        "classrooms.Classroom", on_delete=models.CASCADE, related_name="grade_items"
    )
    # NULL: counts towards the course total by itself; of a category's total, that category.
    category = models.ForeignKey(
        GradeCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="items"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.MANUAL)
    title = models.CharField(_("title"), max_length=200)
    max_points = models.DecimalField(
        _("points"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    weight = models.DecimalField(
        _("weight"), max_digits=6, decimal_places=2, default=1, validators=[MinValueValidator(0)]
    )
    # What records the points: "quiz", "debate"; "" for the others.
    source_kind = models.CharField(max_length=20, blank=True, editable=False)
    # The public id of the assignment or run. NULL: no source.
    source_id = models.UUIDField(null=True, blank=True, editable=False)
    source_path = models.CharField(max_length=300, blank=True, editable=False)  # its page
    # NULL: held; students see neither points nor comments.
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    # NULL: in use. A retired item has a history, so it stays; it is no column and counts no more.
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    sis_id = models.CharField(_("school's id"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("grade item")
        verbose_name_plural = _("grade items")
        ordering = ["position", "id"]
        constraints = [
            # One item a source, however often it is asked for.
            models.UniqueConstraint(
                fields=["source_kind", "source_id"],
                condition=Q(source_id__isnull=False),
                name="grades_item_source_once",
            ),
            # One total a class, one a category.
            models.UniqueConstraint(
                fields=["classroom"], condition=Q(kind="total"), name="grades_item_total_once"
            ),
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(kind="category"),
                name="grades_item_category_total_once",
            ),
            # A school's id means one column.
            models.UniqueConstraint(
                fields=["classroom", "sis_id"],
                condition=~Q(sis_id="") & Q(retired_at__isnull=True),
                name="grades_item_sis_once",
            ),
            models.CheckConstraint(
                condition=Q(max_points__gte=0, weight__gte=0), name="grades_item_points"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GradeEvent(PublicIdModel):
    """The ledger: one row for each thing that happened to a grade. The database refuses changes.

    Hold and release are of an item (no student); everything else is of one student's grade.
    """

    item = models.ForeignKey(GradeItem, on_delete=models.PROTECT, related_name="events")
    # NULL: the whole item (hold, release).
    student = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="grade_events"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=GradeEventKind)
    # NULL: the event gives no points.
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2, null=True)
    # The item's points when it happened: what `points` was out of.
    max_points = models.DecimalField(_("out of"), max_digits=8, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # Which attempt, contest, correction, import or school's program this came from. NULL: none.
    origin_id = models.UUIDField(_("origin"), null=True)
    origin_path = models.CharField(max_length=300, blank=True)
    # NULL: the installation itself (an automatic grade), or the person has been erased.
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    happened_at = models.DateTimeField(_("happened at"))

    class Meta:
        verbose_name = _("grade event")
        verbose_name_plural = _("grade events")
        ordering = ["id"]
        indexes = [
            # What happened to this student's grade?
            models.Index(fields=["item", "student", "id"], name="grades_event_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} {self.student_id}"


class CurrentGrade(PublicIdModel):
    """What the ledger adds up to, written in the same transaction. Read this, never the events.

    points: what counts: the override where there is one, else the source's.
    """

    item = models.ForeignKey(GradeItem, on_delete=models.PROTECT, related_name="grades")
    student = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="current_grades"
    )
    points = models.DecimalField(max_digits=8, decimal_places=2, null=True)  # NULL: none yet
    source_points = models.DecimalField(max_digits=8, decimal_places=2, null=True)  # NULL: none
    is_overridden = models.BooleanField(default=False)
    is_excused = models.BooleanField(default=False)
    last_event = models.ForeignKey(GradeEvent, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)  # counts events
    changed_at = models.DateTimeField()
    # When it or its column changed last: holding a column changes what is told of its grades.
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        constraints = [
            # One grade a student and item, whoever records at once.
            models.UniqueConstraint(fields=["item", "student"], name="grades_current_once"),
        ]
        indexes = [
            # Where does this student stand?
            models.Index(fields=["student", "item"], name="grades_current_student"),
            # What is to be told anew since then: anywhere, and in these columns?
            models.Index(fields=["touched_at", "public_id"], name="grades_current_touched"),
            models.Index(fields=["item", "touched_at"], name="grades_current_item_touched"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.student_id} {self.points}"
