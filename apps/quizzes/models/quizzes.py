from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.models import PublicIdModel, TimestampedModel
from apps.quizzes.enums import Difficulty, Disclosure, GradingMethod, Layout, QuizKind
from apps.quizzes.models.questions import Question


class Quiz(PublicIdModel, TimestampedModel):
    """Questions in an order. Anybody signed in may practise it; a class is given an Assignment."""

    course = models.ForeignKey("content.Course", on_delete=models.CASCADE, related_name="quizzes")
    slug = models.SlugField(_("address"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=QuizKind, default=QuizKind.OTHER)
    # NULL: not the check-up of a lesson.
    lesson = models.ForeignKey(
        "content.Lesson",
        verbose_name=_("lesson"),
        on_delete=models.SET_NULL,
        related_name="quizzes",
        null=True,
        blank=True,
    )
    # NULL: not the quiz of a unit.
    unit = models.ForeignKey(
        "content.Unit",
        verbose_name=_("unit"),
        on_delete=models.SET_NULL,
        related_name="quizzes",
        null=True,
        blank=True,
    )
    intro = models.TextField(_("introduction"), blank=True)  # Markdown
    intro_html = models.TextField(editable=False, blank=True)
    layout = models.CharField(_("layout"), max_length=12, choices=Layout, default=Layout.ONE_PAGE)
    shuffle_items = models.BooleanField(_("shuffle the items"), default=False)
    # False: only classes that are given it see it.
    is_practice = models.BooleanField(_("open for practice"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    revision = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords(excluded_fields=["intro_html"])

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "slug"], name="quizzes_quiz_slug_once"),
            # A lesson has one check-up.
            models.UniqueConstraint(
                fields=["lesson"],
                condition=Q(kind="check_up", lesson__isnull=False),
                name="quizzes_quiz_check_up_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class QuizItem(models.Model):
    """One place in a quiz: a question, or a random draw of several from the bank."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField(_("position"))
    points = models.DecimalField(
        _("points"),
        max_digits=6,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(0)],
        help_text=_("For each question drawn."),
    )
    # NULL: a draw.
    question = models.ForeignKey(
        Question,
        verbose_name=_("question"),
        on_delete=models.PROTECT,
        related_name="quiz_items",
        null=True,
        blank=True,
    )
    # NULL: a question.
    draw_count = models.PositiveSmallIntegerField(_("draw"), null=True, blank=True)
    draw_tags = models.JSONField(_("with all the tags"), default=list, blank=True)  # of names
    # NULL: from every unit.
    draw_unit = models.ForeignKey(
        "content.Unit",
        verbose_name=_("from the unit"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    draw_difficulty = models.CharField(
        _("of difficulty"), max_length=8, choices=Difficulty, blank=True
    )

    class Meta:
        verbose_name = _("item of a quiz")
        verbose_name_plural = _("items of quizzes")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "position"], name="quizzes_item_position_once"),
            # A question stands in a quiz once.
            models.UniqueConstraint(
                fields=["quiz", "question"],
                condition=Q(question__isnull=False),
                name="quizzes_item_question_once",
            ),
            models.CheckConstraint(
                condition=Q(question__isnull=False, draw_count__isnull=True)
                | Q(question__isnull=True, draw_count__gte=1),
                name="quizzes_item_question_or_draw",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} · {self.position}"


class Assignment(PublicIdModel, TimestampedModel):
    """A quiz given to a class: when, how often, how long, and what is shown of it afterwards."""

    classroom = models.ForeignKey(
        "classrooms.Classroom", on_delete=models.CASCADE, related_name="assignments"
    )
    quiz = models.ForeignKey(
        Quiz, verbose_name=_("quiz"), on_delete=models.PROTECT, related_name="assignments"
    )
    title = models.CharField(_("title"), max_length=200)
    instructions = models.TextField(_("instructions"), blank=True)  # Markdown
    # NULL: students do not see it yet.
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)  # NULL: at once
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)  # NULL: never late
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)  # NULL: never
    # NULL: no limit.
    time_limit_seconds = models.PositiveIntegerField(
        _("time limit"),
        null=True,
        blank=True,
        validators=[MinValueValidator(30), MaxValueValidator(7 * 24 * 3600)],
    )
    attempt_limit = models.PositiveSmallIntegerField(  # NULL: no limit
        _("attempts"), null=True, blank=True, default=1, validators=[MinValueValidator(1)]
    )
    grading = models.CharField(
        _("what counts"), max_length=8, choices=GradingMethod, default=GradingMethod.BEST
    )
    max_points = models.DecimalField(
        _("points in the gradebook"),
        max_digits=8,
        decimal_places=2,
        default=100,
        validators=[MinValueValidator(0)],
    )
    # Share of the points lost for each day begun after `due_at`; 0: none.
    late_penalty_ratio = models.DecimalField(
        _("lost for each day late"),
        max_digits=4,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    layout = models.CharField(_("layout"), max_length=12, choices=Layout, default=Layout.ONE_PAGE)
    shuffle_items = models.BooleanField(_("shuffle the items"), default=False)
    has_hints = models.BooleanField(_("hints may be taken"), default=False)
    has_confidence = models.BooleanField(_("ask how sure they are"), default=False)
    is_marked_anonymously = models.BooleanField(_("marked without names"), default=True)
    may_contest = models.BooleanField(_("items may be contested"), default=True)
    # When each is shown; the moment is that of `…_at` where it says "moment".
    score_when = models.CharField(max_length=12, choices=Disclosure, default=Disclosure.SUBMITTED)
    correctness_when = models.CharField(
        max_length=12, choices=Disclosure, default=Disclosure.SUBMITTED
    )
    feedback_when = models.CharField(max_length=12, choices=Disclosure, default=Disclosure.CLOSED)
    key_when = models.CharField(max_length=12, choices=Disclosure, default=Disclosure.CLOSED)
    score_at = models.DateTimeField(null=True, blank=True)
    correctness_at = models.DateTimeField(null=True, blank=True)
    feedback_at = models.DateTimeField(null=True, blank=True)
    key_at = models.DateTimeField(null=True, blank=True)
    # Whether the worker has released the grade item when its time came; it does so once.
    is_score_released = models.BooleanField(default=False, editable=False)
    # Made with the assignment; every grade goes there.
    grade_item = models.OneToOneField(
        "grades.GradeItem", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="quizzes_assignment_open_before_close",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gte=F("due_at")),
                name="quizzes_assignment_due_before_close",
            ),
            models.CheckConstraint(
                condition=Q(late_penalty_ratio__gte=0, late_penalty_ratio__lte=1),
                name="quizzes_assignment_late_ratio",
            ),
        ]

    def __str__(self) -> str:
        return self.title
