from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel, TimestampedModel
from apps.quizzes.enums import (
    AttemptState,
    ClosedBy,
    Confidence,
    ContestState,
    CorrectionKind,
)
from apps.quizzes.models.questions import Question, QuestionVersion
from apps.quizzes.models.quizzes import Assignment, Quiz
from apps.quizzes.querysets import AttemptQuerySet


class Attempt(PublicIdModel):
    """One sitting of a student, assigned or for practice.

    Open attempts take answers until `closes_at`; then the next look, or the worker, closes them
    as of that moment.
    """

    student = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    # NULL: practice.
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="attempts", null=True
    )
    number = models.PositiveIntegerField(_("number"))  # from 1, of this student and assignment
    state = models.CharField(
        _("state"), max_length=12, choices=AttemptState, default=AttemptState.OPEN
    )
    started_at = models.DateTimeField(_("started at"))
    # When the time is up, accommodations counted. NULL: no limit.
    closes_at = models.DateTimeField(_("closes at"), null=True)
    # NULL: open.
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    closed_by = models.CharField(_("closed by"), max_length=8, choices=ClosedBy, blank=True)
    # NULL: open, or something still waits for a person's mark.
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2, null=True)
    max_points = models.DecimalField(_("out of"), max_digits=8, decimal_places=2)
    # Days begun after the due date, as counted when it was submitted.
    days_late = models.PositiveSmallIntegerField(_("days late"), default=0)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["id"]
        constraints = [
            # Attempt n happens once; the limit is held by counting under a lock on the enrolment.
            models.UniqueConstraint(
                fields=["assignment", "student", "number"], name="quizzes_attempt_number_once"
            ),
            # Two starts at once give one open attempt.
            models.UniqueConstraint(
                fields=["assignment", "student"],
                condition=Q(state="open"),
                name="quizzes_attempt_one_open",
            ),
            models.UniqueConstraint(
                fields=["quiz", "student"],
                condition=Q(state="open", assignment__isnull=True),
                name="quizzes_practice_one_open",
            ),
            models.UniqueConstraint(
                fields=["quiz", "student", "number"],
                condition=Q(assignment__isnull=True),
                name="quizzes_practice_number_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", submitted_at__isnull=True)
                | (~Q(state="open") & Q(submitted_at__isnull=False)),
                name="quizzes_attempt_closed_when_submitted",
            ),
        ]
        indexes = [
            # What has run out of time? (the worker)
            models.Index(
                fields=["closes_at"], condition=Q(state="open"), name="quizzes_attempt_due"
            ),
            # What waits to be marked in this class?
            models.Index(fields=["assignment", "state", "id"], name="quizzes_attempt_queue"),
            # What has this student done?
            models.Index(fields=["student", "quiz", "id"], name="quizzes_attempt_student"),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} · {self.quiz_id} · {self.number}"


class Response(models.Model):
    """An item of an attempt: what was asked, what was answered, what it earned.

    `answer` is the stored form of quizzes.types; {} is no answer. The version asked never
    changes; a correction sets `graded_by` and the ledger tells why.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    position = models.PositiveIntegerField(_("position"))  # from 1, as this student meets it
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="responses")
    # NULL: graded as asked. Otherwise the corrected version whose key decides.
    graded_by = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="+", null=True
    )
    seed = models.CharField(max_length=32)  # of the order and labels of options
    max_points = models.DecimalField(_("out of"), max_digits=6, decimal_places=2)
    answer = models.JSONField(_("answer"), default=dict)
    # Counts what this page sent: an older save that arrives late changes nothing.
    sequence = models.PositiveBigIntegerField(default=0)
    # NULL: nothing saved yet.
    saved_at = models.DateTimeField(_("saved at"), null=True)
    seconds = models.PositiveIntegerField(_("seconds spent"), default=0)
    is_flagged = models.BooleanField(_("marked to come back to"), default=False)
    # NULL: did not say.
    confidence = models.PositiveSmallIntegerField(
        _("confidence"), choices=Confidence, null=True, blank=True
    )
    hints_taken = models.PositiveSmallIntegerField(_("hints taken"), default=0)
    # Practice: the feedback has been looked at, so the answer stands.
    is_checked = models.BooleanField(_("checked"), default=False)
    # NULL: not graded; in [0, 1] before the cost of hints.
    ratio = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    # NULL: not graded, or waits for a person.
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True)
    needs_marking = models.BooleanField(_("waits for a person"), default=False)
    # True: a correction left the item out; it counts for nothing, in the sum as in the total.
    is_void = models.BooleanField(_("left out"), default=False)
    # {criterion id: "0.5"} as marked by hand.
    rubric_marks = models.JSONField(default=dict)
    comment = models.TextField(_("comment"), blank=True)  # Markdown
    marked_by = models.ForeignKey(  # NULL: graded by rule, or erased
        "accounts.User", on_delete=models.SET_NULL, related_name="+", null=True
    )
    marked_at = models.DateTimeField(null=True)  # NULL: graded by rule

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["position"]
        constraints = [
            # An item is asked once in an attempt, at one place.
            models.UniqueConstraint(
                fields=["attempt", "position"], name="quizzes_response_position_once"
            ),
            models.UniqueConstraint(
                fields=["attempt", "question"], name="quizzes_response_question_once"
            ),
            models.CheckConstraint(
                condition=Q(ratio__isnull=True) | Q(ratio__gte=0, ratio__lte=1),
                name="quizzes_response_ratio",
            ),
        ]
        indexes = [
            # Who was asked this version? (statistics, corrections)
            models.Index(fields=["version", "attempt"], name="quizzes_response_version"),
            # What waits for a person?
            models.Index(
                fields=["question", "attempt"],
                condition=Q(needs_marking=True),
                name="quizzes_response_marking",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} · {self.position}"


class Contest(PublicIdModel, TimestampedModel):
    """A student's objection to an item, with the passage that speaks for it."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="contest")
    text = models.TextField(_("why"))  # plain text
    paragraph = models.ForeignKey(
        "content.SourceParagraph",
        verbose_name=_("paragraph"),
        on_delete=models.PROTECT,
        related_name="contests",
        null=True,  # NULL: a reference is cited instead
        blank=True,
    )
    reference = models.ForeignKey(
        "content.Reference",
        verbose_name=_("reference"),
        on_delete=models.PROTECT,
        related_name="contests",
        null=True,  # NULL: a paragraph is cited instead
        blank=True,
    )
    locator = models.CharField(_("page or passage"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ContestState, default=ContestState.OPEN
    )
    decision = models.TextField(_("decision"), blank=True)  # plain text; the student sees it
    decided_by = models.ForeignKey(  # NULL: open, or erased
        "accounts.User", on_delete=models.SET_NULL, related_name="+", null=True
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)  # NULL: open
    # NULL: nothing was regraded.
    correction = models.ForeignKey(
        "quizzes.Correction", on_delete=models.SET_NULL, related_name="contests", null=True
    )

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        constraints = [
            models.CheckConstraint(
                condition=Q(paragraph__isnull=False) | Q(reference__isnull=False),
                name="quizzes_contest_cites",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} · {self.state}"


class Correction(PublicIdModel):
    """A change of how a question counts, applied to every attempt that was asked it."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="corrections")
    # NULL: in every class that was asked it.
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="corrections", null=True
    )
    kind = models.CharField(_("kind"), max_length=8, choices=CorrectionKind)
    # NULL unless the kind is "rekey".
    version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="corrections", null=True
    )
    reason = models.CharField(_("reason"), max_length=500)
    made_by = models.ForeignKey(  # NULL: erased
        "accounts.User", on_delete=models.SET_NULL, related_name="+", null=True
    )
    made_at = models.DateTimeField(_("made at"))
    # NULL: still being applied; the worker finishes what a killed process began.
    applied_at = models.DateTimeField(_("applied at"), null=True)
    changed_count = models.PositiveIntegerField(_("grades changed"), default=0)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-id"]
        indexes = [
            # How does this question count now?
            models.Index(fields=["question", "assignment", "id"], name="quizzes_correction_of"),
            # What was begun and not finished? (the worker)
            models.Index(
                fields=["id"], condition=Q(applied_at__isnull=True), name="quizzes_correction_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} · {self.kind}"
