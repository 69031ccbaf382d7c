from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.content.enums import ActorKind, PlaceKind, ScoStatus
from apps.content.fields import EdtfField
from apps.content.models.course import Course, SourceParagraph
from apps.content.models.reference import Reference
from apps.core.models import PublicIdModel, TimestampedModel


class CourseNoun(PublicIdModel, TimestampedModel):
    """What a course explains beside its lessons; each is walked back to paragraphs and works."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="%(class)ss")
    slug = models.SlugField(_("address"), max_length=80)
    sources = models.ManyToManyField(
        SourceParagraph, verbose_name=_("source paragraphs"), related_name="%(class)ss", blank=True
    )
    # What the text cites; kept by the service that saves it, for "where used".
    references = models.ManyToManyField(
        Reference, related_name="%(class)ss", blank=True, editable=False
    )
    # The text rendered and sanitised once, when it is saved.
    html = models.TextField(editable=False, blank=True)

    class Meta:
        abstract = True


class GlossaryTerm(CourseNoun):
    term = models.CharField(_("term"), max_length=120)
    aliases = models.JSONField(_("also written"), default=list, blank=True)  # list of str
    definition = models.TextField(_("definition"), help_text=_("Markdown."))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        ordering = ["term"]
        constraints = [
            # An address names one term of a course.
            models.UniqueConstraint(fields=["course", "slug"], name="content_term_slug_once"),
        ]

    def __str__(self) -> str:
        return self.term


class Actor(CourseNoun):
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=ActorKind.choices)
    aliases = models.JSONField(_("also known as"), default=list, blank=True)  # list of str
    description = models.TextField(_("description"), help_text=_("Markdown."))
    # ISO 3166-1 alpha-2; empty unless a state.
    iso = models.CharField(_("country code"), max_length=2, blank=True)
    sco = models.CharField(
        _("status in the SCO"), max_length=12, choices=ScoStatus.choices, blank=True
    )
    sco_since = EdtfField(_("in the SCO since"), blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        ordering = ["name"]
        constraints = [
            # An address names one actor of a course.
            models.UniqueConstraint(fields=["course", "slug"], name="content_actor_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TimelineEvent(CourseNoun):
    """`date` is EDTF; `starts_on` and `ends_on` bound it, for sorting and filtering."""

    date = EdtfField(_("date"))
    starts_on = models.DateField(editable=False)
    ends_on = models.DateField(editable=False)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    actors = models.ManyToManyField(
        Actor, verbose_name=_("actors"), related_name="timeline_events", blank=True
    )
    is_external = models.BooleanField(
        _("dated elsewhere"), default=False, help_text=_("The article does not give this date.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("event of the timeline")
        verbose_name_plural = _("timeline")
        ordering = ["starts_on", "ends_on", "slug"]
        constraints = [
            # An address names one event of a course.
            models.UniqueConstraint(fields=["course", "slug"], name="content_event_slug_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="content_event_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.title}"


class Place(CourseNoun):
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind.choices)
    latitude = models.DecimalField(  # degrees north, WGS 84
        _("latitude"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(  # degrees east, WGS 84
        _("longitude"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            # An address names one place of a course.
            models.UniqueConstraint(fields=["course", "slug"], name="content_place_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name
