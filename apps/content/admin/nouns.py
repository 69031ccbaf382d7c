"""Glossary, actors, timeline, places: what a course explains beside its lessons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.content import selectors, services
from apps.content.admin.forms import ServiceForm, check_keys
from apps.content.admin.transfer import TransferAdmin
from apps.content.admin.widgets import KeysField, LinesField, MarkdownInput, SlugInput
from apps.content.markdown import RenderContext, TermLabel
from apps.content.models import Actor, Course, GlossaryTerm, Place, SourceParagraph, TimelineEvent
from apps.content.services.nouns import ACTOR_FIELDS, EVENT_FIELDS, PLACE_FIELDS, TERM_FIELDS
from apps.core.admin import ScopedRelatedFilter


class NounForm(ServiceForm):
    sources = KeysField(
        "paragraphs",
        label=_("Source paragraphs"),
        help_text=_("The paragraphs of the article that this rests on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["sources"] = [row.number for row in self.instance.sources.all()]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        known = SourceParagraph.objects.filter(article__course=self.course())
        message = gettext("The article has no paragraph %(key)s.")
        check_keys(self, "sources", known.values_list("number", flat=True), message)
        return data


class NounAdmin(TransferAdmin):
    key_field = "slug"
    # The service's fields, in the order of the form and of an exported file.
    noun_fields: tuple[str, ...] = ()
    service: Any = None
    row_argument = ""
    list_filter: list[Any] = [("course", ScopedRelatedFilter)]
    list_select_related = ["course"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = [name for name in self.transfer_fields if name != "slug"]
        return fields if obj else ["course", *self.transfer_fields]

    def store(self, row: Any, data: dict[str, Any], **writer: Any) -> Any:
        fields = {name: data[name] for name in self.noun_fields if name in data}
        related = {
            name: data[name] for name in ("sources", "actors") if name in self.transfer_fields
        }
        return type(self).service(**{self.row_argument: row}, fields=fields, **related, **writer)

    def remove(self, row: Any, **writer: Any) -> None:
        services.noun_delete(noun=row, **writer)


class TermForm(NounForm):
    aliases = LinesField(
        label=_("Also written"),
        rows=2,
        help_text=_("Other spellings and abbreviations, one a line."),
    )

    class Meta:
        model = GlossaryTerm
        fields = ["term", "slug", "aliases", "definition"]
        widgets = {"slug": SlugInput("term"), "definition": MarkdownInput(is_short=True)}
        help_texts = {
            "definition": _("One to three sentences in plain words."),
            "term": _(
                "Lessons link to it as [[term]]; after a change, look at “Where is this used?”."
            ),
        }


@admin.register(GlossaryTerm)
class TermAdmin(NounAdmin):
    shows_uses = True
    form = TermForm
    noun_fields = TERM_FIELDS
    service = services.term_save
    row_argument = "term"
    transfer_fields = ("term", "slug", "aliases", "definition", "sources")
    list_display = ["term", "definition_short", "course"]
    search_fields = ["term", "slug", "aliases", "definition"]

    def import_context(self, course: Course, rows: list[dict[str, Any]]) -> RenderContext:
        """The course as it will be: the terms of one file may name each other."""
        context = selectors.render_context(course)
        terms = dict(context.terms)
        for row in rows:
            term, slug = str(row.get("term") or ""), str(row.get("slug") or "")
            aliases = str(row.get("aliases") or "").splitlines()
            for name in filter(None, (slug, *aliases, term)):
                terms[name.strip().casefold()] = TermLabel(slug, term)
        return replace(context, terms=terms)

    @admin.display(description=_("definition"))
    def definition_short(self, term: GlossaryTerm) -> str:
        return Truncator(term.definition).words(20)


class ActorForm(NounForm):
    aliases = LinesField(label=_("Also known as"), rows=2, help_text=_("One a line."))

    class Meta:
        model = Actor
        fields = ["name", "slug", "kind", "aliases", "description", "iso", "sco", "sco_since"]
        widgets = {"slug": SlugInput("name"), "description": MarkdownInput(is_short=True)}
        help_texts = {
            "iso": _("Two letters, for states only: PK."),
            "sco_since": _("Like 2017-06-09, 2017-06 or 2017."),
        }


@admin.register(Actor)
class ActorAdmin(NounAdmin):
    shows_uses = True
    form = ActorForm
    noun_fields = ACTOR_FIELDS
    service = services.actor_save
    row_argument = "actor"
    transfer_fields = (*ActorForm.Meta.fields, "sources")
    list_display = ["name", "kind", "sco", "course"]
    list_filter = [("course", ScopedRelatedFilter), "kind", "sco"]
    search_fields = ["name", "slug", "aliases", "description"]


class TimelineEventForm(NounForm):
    actors = KeysField("actors", label=_("Actors"))

    class Meta:
        model = TimelineEvent
        fields = ["date", "title", "slug", "description", "is_external"]
        widgets = {
            "slug": SlugInput("title"),
            "description": MarkdownInput(is_short=True),
            "title": forms.TextInput({"size": 70}),
        }
        help_texts = {
            "date": _(
                "As exact as it is known: 2017-06-09, 2017-06, 2017, 196X for the 1960s, "
                "1979/1988 for a period; ~ at the end for “about”."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["actors"] = [actor.slug for actor in self.instance.actors.all()]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        known = Actor.objects.filter(course=self.course()).values_list("slug", flat=True)
        check_keys(self, "actors", known, gettext("The course has no actor “%(key)s”."))
        return data


@admin.register(TimelineEvent)
class TimelineEventAdmin(NounAdmin):
    form = TimelineEventForm
    noun_fields = EVENT_FIELDS
    service = services.timeline_event_save
    row_argument = "event"
    transfer_fields = (*TimelineEventForm.Meta.fields, "actors", "sources")
    list_display = ["title", "date", "is_external", "course"]
    list_filter = [("course", ScopedRelatedFilter), "is_external", ("actors", ScopedRelatedFilter)]
    search_fields = ["title", "slug", "description", "date", "actors__name"]
    ordering = ["starts_on", "ends_on"]


class PlaceForm(NounForm):
    class Meta:
        model = Place
        fields = ["name", "slug", "kind", "latitude", "longitude", "description"]
        widgets = {"slug": SlugInput("name"), "description": MarkdownInput(is_short=True)}
        help_texts = {
            "latitude": _("Degrees north; south is negative. Two decimals are enough for a map."),
            "longitude": _("Degrees east; west is negative."),
        }


@admin.register(Place)
class PlaceAdmin(NounAdmin):
    form = PlaceForm
    noun_fields = PLACE_FIELDS
    service = services.place_save
    row_argument = "place"
    transfer_fields = (*PlaceForm.Meta.fields, "sources")
    list_display = ["name", "kind", "latitude", "longitude", "course"]
    list_filter = [("course", ScopedRelatedFilter), "kind"]
    search_fields = ["name", "slug", "description"]
