from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.content.models.course import SourceParagraph, Unit
from apps.content.models.reference import Reference
from apps.content.querysets import LessonQuerySet
from apps.core.models import PublicIdModel, TimestampedModel

anchor_validator = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and hyphens.")
)


class Lesson(PublicIdModel, TimestampedModel):
    """A draft lesson. Students never see these rows; they read `published_edition`."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="lessons")
    slug = models.SlugField(_("address"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveIntegerField(_("position"), default=0, db_index=True)
    objectives = models.JSONField(_("learning objectives"), default=list, blank=True)  # of str
    summary = models.JSONField(_("summary"), default=list, blank=True)  # list of str
    questions = models.JSONField(_("questions to think about"), default=list, blank=True)
    # NULL: never published, or withdrawn.
    published_edition = models.ForeignKey(
        "content.LessonEdition",
        verbose_name=_("published edition"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    # NULL: nothing is scheduled.
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True, db_index=True)
    publish_note = models.CharField(_("note of the scheduled edition"), max_length=300, blank=True)
    publish_by = models.ForeignKey(  # who scheduled it; NULL: nobody, or erased
        "accounts.User",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    # Counts saves of the draft; a save that names an older one is refused (two editors).
    revision = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords(excluded_fields=["published_edition"])

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["unit__position", "position"]
        constraints = [
            # An address names one lesson of a unit.
            models.UniqueConstraint(fields=["unit", "slug"], name="content_lesson_slug_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Section(PublicIdModel, TimestampedModel):
    """A part of a draft lesson: an anchor, a heading, Markdown and the paragraphs it retells."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="sections")
    anchor = models.CharField(_("anchor"), max_length=80, validators=[anchor_validator])
    heading = models.CharField(_("heading"), max_length=200)
    body = models.TextField(_("text"), help_text=_("Markdown."))
    position = models.PositiveIntegerField(_("position"), default=0, db_index=True)
    paragraphs = models.ManyToManyField(
        SourceParagraph,
        verbose_name=_("source paragraphs"),
        through="content.SectionSource",
        related_name="sections",
    )
    # What the body cites and links; services.section_index keeps these for "where used".
    references = models.ManyToManyField(
        Reference, related_name="sections", blank=True, editable=False
    )
    terms = models.ManyToManyField(
        "content.GlossaryTerm", related_name="sections", blank=True, editable=False
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position"]
        constraints = [
            # A deep link leads to one place.
            models.UniqueConstraint(
                fields=["lesson", "anchor"], name="content_section_anchor_once"
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class SectionSource(models.Model):
    """A paragraph that a section retells, in the author's order."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="sources")
    paragraph = models.ForeignKey(
        SourceParagraph, on_delete=models.PROTECT, related_name="section_sources"
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("source of a section")
        verbose_name_plural = _("sources of sections")
        ordering = ["position"]
        constraints = [
            # A section names a paragraph once.
            models.UniqueConstraint(
                fields=["section", "paragraph"], name="content_section_source_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section_id}: {self.paragraph_id}"


class FurtherReading(models.Model):
    """A work that a lesson recommends, and why."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="further_reading")
    reference = models.ForeignKey(
        Reference, on_delete=models.PROTECT, related_name="further_reading"
    )
    note = models.TextField(_("why"), blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("further reading")
        verbose_name_plural = _("further reading")
        ordering = ["position"]
        constraints = [
            # A lesson recommends a work once.
            models.UniqueConstraint(
                fields=["lesson", "reference"], name="content_further_reading_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id}: {self.reference_id}"


class LessonEdition(PublicIdModel):
    """What students read: an immutable, numbered snapshot. The database refuses its change.

    `document` is the structured lesson (content.document.Document) with the Markdown it was
    made from, so that an edition can be compared, restored, and served by the API. `html` is
    that document rendered and sanitised once. `checksum` is the SHA-256 of both.
    """

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    document = models.JSONField(_("document"))
    html = models.TextField(_("HTML"))
    checksum = models.CharField(_("SHA-256"), max_length=64)  # hexadecimal
    word_count = models.PositiveIntegerField(_("words"))
    reading_minutes = models.PositiveSmallIntegerField(_("reading time in minutes"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    # NULL: published by the installation (course_load), or the person has been erased.
    published_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("published by"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [
            # Two publications at once cannot both become edition n.
            models.UniqueConstraint(
                fields=["lesson", "number"], name="content_edition_number_once"
            ),
        ]
        indexes = [
            # What is this edition? Without its text, over which SQLite would read its way.
            models.Index(
                fields=[
                    *("id", "number", "title", "checksum"),
                    *("word_count", "reading_minutes", "published_at"),
                ],
                name="content_edition_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"
