from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.content.querysets import CourseQuerySet
from apps.core.models import PublicIdModel, TimestampedModel

paragraph_number = RegexValidator(r"^P\d{2,3}$", _("A paragraph's number is like P06."))


class Course(PublicIdModel, TimestampedModel):
    """A scholarly article made into lessons."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    licence_name = models.CharField(_("licence"), max_length=80, blank=True)
    licence_url = models.URLField(_("licence's address"), blank=True)
    licence_notice = models.TextField(_("licence notice"), blank=True)
    # NULL: shared by every school; only the installation's editors may change it.
    school = models.ForeignKey(
        "accounts.School",
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        related_name="courses",
        null=True,
        blank=True,
    )
    # {object key: checksum of its canonical text} as of the last load from files. A row whose
    # checksum differs has been edited since; a key without a row has been deleted since.
    loaded_manifest = models.JSONField(default=dict, blank=True, editable=False)
    # Changes whenever anything that the outline or a page's frame shows changes.
    outline_version = models.PositiveBigIntegerField(default=1, editable=False)
    # content.outline.Outline, written by services.course_outline_refresh, so that the frame of
    # a page costs no query beyond the page's own row.
    outline = models.JSONField(default=dict, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["loaded_manifest", "outline", "outline_version"])

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Article(TimestampedModel):
    """The published work that a course retells."""

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="article")
    title = models.CharField(_("title"), max_length=400)
    authors = models.JSONField(_("authors"), default=list)  # list of names in order
    journal = models.CharField(_("journal"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    volume = models.CharField(_("volume"), max_length=20, blank=True)
    issue = models.CharField(_("issue"), max_length=20, blank=True)
    pages = models.CharField(_("pages"), max_length=40, blank=True)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    # NULL: the day of publication is not known.
    published = models.DateField(_("published on"), null=True, blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def __str__(self) -> str:
        return self.title


class SourceParagraph(TimestampedModel):
    """One numbered paragraph of the article: where a claim is walked back to."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="paragraphs")
    number = models.CharField(_("number"), max_length=4, validators=[paragraph_number])
    position = models.PositiveIntegerField(_("position"))
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    # NULL: the printed page is not known.
    page = models.PositiveSmallIntegerField(_("page"), null=True, blank=True)
    gist = models.TextField(_("gist"), help_text=_("One sentence in our own words."))
    # Only where an instructor has loaded the published file; the bundle ships none.
    text = models.TextField(_("published text"), blank=True)
    note = models.TextField(_("source note"), blank=True)
    cites = models.ManyToManyField(
        "content.Reference", verbose_name=_("cites"), related_name="cited_by_paragraphs", blank=True
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("source paragraph")
        verbose_name_plural = _("source paragraphs")
        ordering = ["article", "position"]
        constraints = [
            # A number means one paragraph of an article.
            models.UniqueConstraint(
                fields=["article", "number"], name="content_paragraph_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Unit(PublicIdModel, TimestampedModel):
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="units")
    slug = models.SlugField(_("address"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0, db_index=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["position"]
        constraints = [
            # An address names one unit of a course.
            models.UniqueConstraint(fields=["course", "slug"], name="content_unit_slug_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Figure(PublicIdModel, TimestampedModel):
    """A picture of a course. Its bytes live in the database, so that web processes share them."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="figures")
    file = models.CharField(
        _("file name"),
        max_length=120,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9-]*\.(svg|png|jpg|webp)$",
                _("Small letters, digits and hyphens, ending in .svg, .png, .jpg or .webp."),
            )
        ],
    )
    alt = models.TextField(_("alternative text"), help_text=_("What the picture shows."))
    credit = models.CharField(_("credit"), max_length=300, blank=True)
    media_type = models.CharField(_("media type"), max_length=40, editable=False)
    content = models.BinaryField(_("content"), editable=False)
    checksum = models.CharField(_("SHA-256"), max_length=64, editable=False)  # hexadecimal
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)  # NULL: unknown
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)  # NULL: unknown

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["file"]
        constraints = [
            # Markdown names a figure by its file.
            models.UniqueConstraint(fields=["course", "file"], name="content_figure_file_once"),
        ]

    def __str__(self) -> str:
        return self.file


class FigureVersion(models.Model):
    """The bytes that a figure had before they were replaced; an edition may still show them."""

    figure = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="versions")
    checksum = models.CharField(_("SHA-256"), max_length=64)  # hexadecimal
    media_type = models.CharField(_("media type"), max_length=40)
    content = models.BinaryField(_("content"))
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("earlier version of a figure")
        verbose_name_plural = _("earlier versions of figures")
        constraints = [
            # An address, which holds the checksum, leads to one picture.
            models.UniqueConstraint(
                fields=["figure", "checksum"], name="content_figure_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure_id} · {self.checksum[:16]}"
