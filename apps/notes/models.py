import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel, TimestampedModel
from apps.notes.enums import Kind, Visibility
from apps.notes.querysets import NoteQuerySet

CONTEXT_CHARACTERS = 64


class Note(PublicIdModel, TimestampedModel):
    """What a reader marked or wrote at a passage of a lesson.

    Personal data: all of it. The passage is kept as the W3C's Web Annotation model describes it:
    by quotation with what stands before and after (TextQuoteSelector), and by position
    (TextPositionSelector), both in the section's text as passages.section_texts gives it.
    `heading`, `sources` and `lesson_title` are the edition's: a note outlives its lesson.
    """

    author = models.ForeignKey(
        "accounts.User",
        verbose_name=_("author"),
        on_delete=models.CASCADE,
        related_name="notes",
        db_index=False,  # the indexes below begin with it
    )
    # Made by the author's device, or here.
    client_id = models.UUIDField(_("device's id"), default=uuid.uuid4, editable=False)
    # NULL: the lesson has been deleted; its notes are not.
    lesson = models.ForeignKey(
        "content.Lesson",
        verbose_name=_("lesson"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="reader_notes",
    )
    # The one that was read when the note was made. NULL: deleted with its lesson.
    edition = models.ForeignKey(
        "content.LessonEdition",
        verbose_name=_("edition"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    lesson_title = models.CharField(_("title of the lesson"), max_length=200)
    section = models.CharField(_("section"), max_length=80)  # its anchor
    heading = models.CharField(_("heading"), max_length=200)
    sources = models.JSONField(_("source paragraphs"), default=list)  # list of numbers: "P06"
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    visibility = models.CharField(
        _("seen by"), max_length=12, choices=Visibility, default=Visibility.PRIVATE
    )
    # Whom it is shared with. NULL: private, or the class has been deleted.
    classroom = models.ForeignKey(
        "classrooms.Classroom",
        verbose_name=_("class"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="shared_notes",
        db_index=False,  # the index below begins with it
    )
    exact = models.TextField(_("passage"), blank=True)  # "": the section as a whole
    prefix = models.CharField(_("text before"), max_length=CONTEXT_CHARACTERS, blank=True)
    suffix = models.CharField(_("text after"), max_length=CONTEXT_CHARACTERS, blank=True)
    # In characters (code points) of the section's text; end is that of the character after.
    start = models.PositiveIntegerField(_("start"), default=0)
    end = models.PositiveIntegerField(_("end"), default=0)
    body = models.TextField(_("note"), blank=True)  # Markdown
    html = models.TextField(editable=False, blank=True)
    # Passage and note without case and accents, for the search: SQLite folds Latin letters alone.
    folded = models.TextField(editable=False, blank=True)
    # NULL: not hidden. A hidden note is its author's alone, who sees the reason.
    hidden_at = models.DateTimeField(_("hidden at"), null=True, editable=False)
    hidden_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    hidden_by = models.ForeignKey(  # NULL: not hidden, or who hid it is erased
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            # A note sent twice (a double click, an offline device that never heard back) is one.
            models.UniqueConstraint(fields=["author", "client_id"], name="notes_note_sent_once"),
            models.CheckConstraint(
                condition=~Q(visibility=Visibility.PRIVATE) | Q(classroom__isnull=True),
                name="notes_note_private_alone",
            ),
            # Classmates never learn what confused whom.
            models.CheckConstraint(
                condition=~Q(kind=Kind.CONFUSED, visibility=Visibility.CLASS),
                name="notes_note_confused_unseen",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.HIGHLIGHT, exact=""), name="notes_note_highlight_passage"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.NOTE, body=""), name="notes_note_has_words"
            ),
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="notes_note_span"),
        ]
        indexes = [
            # What has this reader marked in this lesson?
            models.Index(fields=["author", "lesson"], name="notes_note_mine_in_lesson"),
            # All of a reader's notes, the newest first.
            models.Index(fields=["author", "-id"], name="notes_note_mine"),
            # What is shared with this class, in this lesson or in all?
            models.Index(
                fields=["classroom", "lesson"],
                condition=Q(classroom__isnull=False),
                name="notes_note_shared",
            ),
            # Which sections of these lessons confused whom?
            models.Index(
                fields=["lesson", "section", "author"],
                condition=Q(kind=Kind.CONFUSED),
                name="notes_note_confused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None
