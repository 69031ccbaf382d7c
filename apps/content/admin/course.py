"""Courses, units and source paragraphs: the frame that lessons stand in."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import CustomInlineFormSet, SortableAdminBase, SortableInlineAdminMixin
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.content import services
from apps.content.admin import course_pages
from apps.content.admin.base import ContentAdmin
from apps.content.admin.forms import ServiceForm, check_keys
from apps.content.admin.lesson_forms import order_field
from apps.content.admin.transfer import TransferAdmin
from apps.content.admin.widgets import KeysField, LinesField, SlugInput
from apps.content.models import Article, Course, Lesson, Reference, SourceParagraph, Unit
from apps.content.services.courses import (
    ARTICLE_FIELDS,
    COURSE_FIELDS,
    PARAGRAPH_FIELDS,
    UNIT_FIELDS,
)
from apps.core.admin import ScopedInline, ScopedRelatedFilter


class OrderFormSet(CustomInlineFormSet):  # type: ignore[misc]
    """Rows whose order alone is edited here."""

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["position"] = order_field()
        if index is not None:
            form.initial["position"] = index + 1

    def slugs_in_order(self) -> list[str]:
        ordered = sorted(
            enumerate(self.forms), key=lambda pair: (pair[1].cleaned_data["position"] or 0, pair[0])
        )
        return [form.instance.slug for _place, form in ordered]


class OrderInline(SortableInlineAdminMixin, ScopedInline):  # type: ignore[misc]
    formset = OrderFormSet
    template = "admin/content/order.html"
    fields = ["position"]
    ordering = ["position"]
    extra = 0
    max_num = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return False


class UnitInline(OrderInline):
    model = Unit
    verbose_name_plural = _("Order of the units")


class LessonOrderInline(OrderInline):
    model = Lesson
    verbose_name_plural = _("Order of the lessons")


class FrameAdmin(SortableAdminBase, ContentAdmin):  # type: ignore[misc]
    """A course or a unit: its own fields, and the order of what it holds."""

    class Media:
        css = {"all": ["css/tokens.css", "admin-ours/css/lesson.css"]}
        js = [Script("admin-ours/js/order.js", defer=True)]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj else []

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            if formset.has_changed():
                writer = {"editor": request.user, "now": timezone.now()}
                self.reorder(form.instance, formset.slugs_in_order(), **writer)

    def reorder(self, obj: Any, slugs: list[str], **writer: Any) -> None:
        raise NotImplementedError


class CourseForm(ServiceForm):
    """The course, and in the fields `article_…` the published work that it retells."""

    article_title = forms.CharField(
        label=_("Title"), max_length=400, required=False, widget=forms.TextInput({"size": 70})
    )
    article_authors = LinesField(label=_("Authors"), rows=2, help_text=_("One a line, in order."))
    article_journal = forms.CharField(label=_("Journal"), max_length=200, required=False)
    article_year = forms.IntegerField(label=_("Year"), required=False, min_value=1, max_value=9999)
    article_volume = forms.CharField(label=_("Volume"), max_length=20, required=False)
    article_issue = forms.CharField(label=_("Issue"), max_length=20, required=False)
    article_pages = forms.CharField(label=_("Pages"), max_length=40, required=False)
    article_doi = forms.CharField(label=_("DOI"), max_length=120, required=False)
    article_published = forms.DateField(
        label=_("Published on"), required=False, widget=forms.DateInput({"type": "date"})
    )
    article_licence = forms.CharField(label=_("Licence"), max_length=80, required=False)

    class Meta:
        model = Course
        fields = "__all__"
        widgets = {
            "slug": SlugInput("title"),
            "summary": forms.Textarea({"rows": 5}),
            "licence_notice": forms.Textarea({"rows": 5}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = Article.objects.filter(course=self.instance).first() if self.instance.pk else None
        if article is not None:
            for name in ARTICLE_FIELDS:
                self.initial[f"article_{name}"] = getattr(article, name)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("article_title") and not data.get("article_year"):
            self.add_error("article_year", _("Give the year of publication."))
        return data


@admin.register(Course)
class CourseAdmin(FrameAdmin):
    form = CourseForm
    inlines = [UnitInline]
    list_display = ["open", "school", "edit"]
    list_display_links = None
    search_fields = ["title", "slug"]
    pages = {
        "outline": course_pages.outline,
        "choices": course_pages.choices,
        "changes": course_pages.changes,
        "recheck": course_pages.recheck,
    }

    def scope(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return queryset.filter(pk__in=Course.objects.editable_by(request.user).values("pk"))

    def course_of(self, obj: Any) -> Course:
        return obj  # type: ignore[no-any-return]

    def blank(self, obj: Any) -> Course:
        return Course()

    @admin.display(description=_("course"), ordering="title")
    def open(self, course: Course) -> str:
        return format_html('<a href="{}">{}</a>', self.url_of(course, "outline"), course.title)

    @admin.display(description="")
    def edit(self, course: Course) -> str:
        return format_html('<a href="{}">{}</a>', self.url_of(course), _("Title, licence, article"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        first = ["title", "summary", "language"] if obj else ["title", "slug", "school", "language"]
        article = [f"article_{name}" for name in ARTICLE_FIELDS]
        licence = ["licence_name", "licence_url", "licence_notice"]
        return [
            (None, {"fields": first}),
            (_("The article that the course retells"), {"fields": article}),
            (_("Licence of the course"), {"fields": licence, "classes": ["collapse"]}),
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A course is made for one's own school; only an editor makes one for all schools."""
        user: Any = request.user
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.required = not (user.is_superuser or user.is_editor)
        field.help_text = _("Empty: shared by every school.") if not field.required else ""
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A course is never deleted by a click: classes and grades will stand on it."""
        return False

    def store(self, row: Any, data: dict[str, Any], **writer: Any) -> Course:
        fields = {name: data[name] for name in COURSE_FIELDS if name in data}
        course = services.course_save(course=row, fields=fields, **writer)
        if data["article_title"]:
            article = {name: data[f"article_{name}"] for name in ARTICLE_FIELDS}
            services.article_save(course=course, fields=article, **writer)
        return course

    def reorder(self, obj: Any, slugs: list[str], **writer: Any) -> None:
        services.units_reorder(course=obj, slugs=slugs, **writer)


class UnitForm(ServiceForm):
    class Meta:
        model = Unit
        fields = ["title", "course", "slug", "summary"]
        widgets = {"slug": SlugInput("title"), "summary": forms.Textarea({"rows": 3})}


@admin.register(Unit)
class UnitAdmin(FrameAdmin):
    form = UnitForm
    inlines = [LessonOrderInline]
    list_display = ["title", "course", "position"]
    list_filter = [("course", ScopedRelatedFilter)]
    list_select_related = ["course"]
    search_fields = ["title", "slug", "summary"]
    ordering = ["course", "position"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["title", "summary"] if obj else ["title", "course", "slug", "summary"]

    def remove(self, row: Any, **writer: Any) -> None:
        services.unit_delete(unit=row, **writer)

    def store(self, row: Any, data: dict[str, Any], **writer: Any) -> Unit:
        fields = {name: data[name] for name in UNIT_FIELDS if name in data}
        if row.pk is None:
            fields["position"] = row.course.units.count()
        return services.unit_save(unit=row, fields=fields, **writer)

    def reorder(self, obj: Any, slugs: list[str], **writer: Any) -> None:
        services.lessons_reorder(unit=obj, slugs=slugs, **writer)


class ParagraphForm(ServiceForm):
    cites = KeysField("references", label=_("Works it cites"))

    class Meta:
        model = SourceParagraph
        fields = ["number", "gist", "heading", "page", "note", "text"]
        widgets = {
            "gist": forms.Textarea({"rows": 3}),
            "note": forms.Textarea({"rows": 3}),
            "text": forms.Textarea({"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["cites"] = [work.key for work in self.instance.cites.all()]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        known = Reference.objects.filter(course=self.instance.article.course_id)
        message = gettext("The course has no reference “%(key)s”.")
        check_keys(self, "cites", known.values_list("key", flat=True), message)
        return data


@admin.register(SourceParagraph)
class ParagraphAdmin(TransferAdmin):
    shows_uses = True
    course_path = "article__course"
    form = ParagraphForm
    key_field = "number"
    transfer_fields = ("number", "heading", "page", "gist", "cites", "note", "text")
    list_display = ["number", "gist_short", "heading", "page", "has_note"]
    list_display_links = ["number", "gist_short"]
    list_filter = [("article__course", ScopedRelatedFilter)]
    search_fields = ["number", "heading", "gist", "note", "cites__key", "cites__title"]
    ordering = ["article", "position"]
    fields = ["gist", "heading", "page", "cites", "note", "text"]

    @admin.display(description=_("gist"))
    def gist_short(self, paragraph: SourceParagraph) -> str:
        return Truncator(paragraph.gist).words(24)

    @admin.display(description=_("note"), boolean=True)
    def has_note(self, paragraph: SourceParagraph) -> bool:
        return bool(paragraph.note)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Paragraphs come with the article: by import, or from the course's files."""
        return False

    def remove(self, row: Any, **writer: Any) -> None:
        services.paragraph_delete(paragraph=row, **writer)

    def row_of(self, course: Course) -> SourceParagraph:
        return SourceParagraph(article=course.article)

    def import_context(self, course: Course, rows: list[dict[str, Any]]) -> None:
        return None

    def store(self, row: Any, data: dict[str, Any], **writer: Any) -> SourceParagraph:
        fields = {name: data[name] for name in PARAGRAPH_FIELDS if name in data}
        if row.pk is None:
            fields["position"] = int(fields["number"][1:])
        return services.paragraph_save(paragraph=row, fields=fields, cites=data["cites"], **writer)
