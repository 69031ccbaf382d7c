from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.models import PublicIdModel, TimestampedModel
from apps.quizzes.enums import Bloom, Difficulty
from apps.quizzes.querysets import QuestionQuerySet


class Tag(models.Model):
    """A word that questions of a course share; random draws go by it."""

    course = models.ForeignKey(
        "content.Course", on_delete=models.CASCADE, related_name="question_tags"
    )
    name = models.SlugField(_("tag"), max_length=60)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="quizzes_tag_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Question(PublicIdModel, TimestampedModel):
    """A question of a course's bank. What is asked stands in its versions."""

    course = models.ForeignKey("content.Course", on_delete=models.CASCADE, related_name="bank")
    slug = models.SlugField(_("name"), max_length=120)
    kind = models.CharField(_("type"), max_length=20)  # a key of quizzes.types.TYPES
    # The section that teaches the answer. NULL: the question belongs to no lesson (any more).
    lesson = models.ForeignKey(
        "content.Lesson",
        verbose_name=_("lesson"),
        on_delete=models.SET_NULL,
        related_name="bank",
        null=True,
        blank=True,
    )
    anchor = models.CharField(_("section"), max_length=80, blank=True)
    # ["first-contact", ...]: keys of its lesson's objectives that it tests. Not of a version: what
    # a question is for may be said better without asking anything else.
    objectives = models.JSONField(_("objectives"), default=list, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="bank", blank=True)
    difficulty = models.CharField(
        _("difficulty"), max_length=8, choices=Difficulty, default=Difficulty.MEDIUM
    )
    bloom = models.CharField(_("Bloom level"), max_length=12, choices=Bloom, default=Bloom.REMEMBER)
    position = models.PositiveIntegerField(_("position"), default=0)
    # NULL only inside the transaction that makes the question.
    current_version = models.ForeignKey(
        "quizzes.QuestionVersion",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
    )
    # NULL: offered. A retired question is kept for the attempts that asked it.
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)
    # Counts saves; a save that names an older one is refused (two editors).
    revision = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords(excluded_fields=["current_version"])

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]
        constraints = [
            # A name means one question of a course.
            models.UniqueConstraint(fields=["course", "slug"], name="quizzes_question_slug_once"),
        ]
        indexes = [
            # What can be drawn?
            models.Index(
                fields=["course", "difficulty", "retired_at"], name="quizzes_question_draw"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class QuestionVersion(PublicIdModel):
    """What is asked, and what is right: immutable, numbered. The database refuses its change.

    `spec` holds the key, so neither it nor `html` ever leaves the server whole: pages are built
    from quizzes.types by name. `html` is {path: HTML} of every text: "stem", "explanation",
    "hints.0", and the paths of the type's `texts`; rendered and sanitised once, when saved.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("type"), max_length=20)
    stem = models.TextField(_("question"))  # Markdown
    spec = models.JSONField(_("specification"))
    hints = models.JSONField(_("hints"), default=list)  # [{"text": Markdown, "cost": "0.25"}]
    explanation = models.TextField(_("explanation"), blank=True)  # Markdown
    # ["P06", ...]: the paragraphs that decide the key, the main one first.
    sources = models.JSONField(_("source paragraphs"), default=list)
    html = models.JSONField(default=dict, editable=False)
    checksum = models.CharField(_("SHA-256"), max_length=64, editable=False)  # of what is asked
    note = models.CharField(_("why it changed"), max_length=300, blank=True)
    # NULL: made by the installation (course_load), or the person has been erased.
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, related_name="+", null=True
    )
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("version of a question")
        verbose_name_plural = _("versions of questions")
        ordering = ["-number"]
        constraints = [
            # Two saves at once cannot both become version n.
            models.UniqueConstraint(
                fields=["question", "number"], name="quizzes_version_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} · {self.number}"


class QuestionSource(models.Model):
    """Which paragraphs the current version of a question rests on: coverage and "where used"."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="source_rows")
    paragraph = models.ForeignKey(
        "content.SourceParagraph", on_delete=models.PROTECT, related_name="bank_sources"
    )
    # True: it decides the key. False: only that an option is wrong.
    is_key = models.BooleanField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("source of a question")
        verbose_name_plural = _("sources of questions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "paragraph"], name="quizzes_question_source_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.paragraph_id}"
