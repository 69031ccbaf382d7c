from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LessonProgress(models.Model):
    """How far one person has come in one lesson.

    `seen` is {section anchor: 1}: an object, because both databases join two objects in the
    statement that stores them, so that batches which arrive late, twice or at once only ever add.
    Anchors of earlier editions stay; what counts is judged by the edition of the day.
    Source: docs/decisions/0016-progress.md
    """

    reader = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="lesson_progress"
    )
    lesson = models.ForeignKey("content.Lesson", on_delete=models.CASCADE, related_name="progress")
    seen = models.JSONField(_("sections seen"), default=dict)
    # "": nowhere yet. The section that was being read at `resume_at`.
    resume_anchor = models.CharField(_("stopped at"), max_length=80, blank=True)
    # When the reader's own device was there, never later than the server's clock when it said so:
    # it only orders a person's own bookmarks. NULL: nowhere yet.
    resume_at = models.DateTimeField(_("stopped at that section at"), null=True)
    first_opened_at = models.DateTimeField(_("first opened at"))
    updated_at = models.DateTimeField(_("updated at"))
    # NULL: not read, or nobody has looked since the check-up was tried (selectors.is_read says).
    read_at = models.DateTimeField(_("read at"), null=True)
    # NULL: the reader has not said so; the rule alone decides.
    declared_at = models.DateTimeField(_("marked as read at"), null=True)
    # NULL: never, or marked as read since. From this moment on only a new try at the check-up, or
    # the reader's word, makes it read.
    retracted_at = models.DateTimeField(_("taken back at"), null=True)

    class Meta:
        verbose_name = _("progress in a lesson")
        verbose_name_plural = _("progress in lessons")
        constraints = [
            # Two batches at once are one row; what a class has seen is read by its readers.
            models.UniqueConstraint(fields=["reader", "lesson"], name="learning_progress_once"),
            models.CheckConstraint(
                condition=Q(declared_at__isnull=True) | Q(read_at__isnull=False),
                name="learning_progress_declared_is_read",
            ),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=True) | Q(declared_at__isnull=True),
                name="learning_progress_declared_or_retracted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} · {self.lesson_id}"


class CalendarFeed(models.Model):
    """The secret address of one person's deadlines. The address itself is nowhere kept."""

    reader = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, related_name="calendar_feed"
    )
    # SHA-256 of the token, hexadecimal: a token has 256 random bits, so a slow hash adds nothing.
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made at"))  # anew with each renewal

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.reader_id}"
