"""Bulk import and export: a file is the form of a row, filled in many times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import modelform_factory
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Diff, Resource
from import_export.tmp_storages import CacheStorage

from apps.content import selectors
from apps.content.admin.base import ContentAdmin
from apps.content.admin.comparison import abridge, compare_text
from apps.content.admin.formats import Csv, FileRefused, Xlsx
from apps.content.models import Course
from apps.core.admin import is_author
from apps.core.errors import DomainError

MAX_FILE_BYTES = 2 * 1024 * 1024


class CourseImportForm(ImportForm):  # type: ignore[misc]
    course = forms.ModelChoiceField(Course.objects.none(), label=_("Into the course"))
    field_order = ["course", "resource", "import_file", "format"]

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > MAX_FILE_BYTES:
            raise ValidationError(_("The file is larger than 2 MB; divide it."))
        return file


class CourseConfirmForm(ConfirmImportForm):  # type: ignore[misc]
    course = forms.ModelChoiceField(Course.objects.none(), widget=forms.HiddenInput)


class CourseExportForm(ExportForm):  # type: ignore[misc]
    course = forms.ModelChoiceField(Course.objects.none(), label=_("Of the course"))
    field_order = ["course", "resource", "format"]


class ReadableDiff(Diff):  # type: ignore[misc]
    """The library's own marks changes by inline styles, which the site's policy forbids."""

    def as_html(self) -> list[SafeString]:
        return [
            render_to_string(
                "admin/content/_difference.html", {"runs": abridge(compare_text(left, right))}
            )
            for left, right in zip(
                [""] * len(self.right) if self.new else self.left, self.right, strict=True
            )
        ]


class FormResource(Resource):  # type: ignore[misc]
    """Rows of one course as lines of a file; each line is checked and saved as the form would.

    A column that the file does not have leaves what a row holds; an empty cell empties it.
    """

    class Meta:
        instance_loader_class = BaseInstanceLoader

    def __init__(
        self,
        *,
        model_admin: TransferAdmin,
        course: Course | None = None,
        editor: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.model_admin = model_admin
        self.course = course
        self.editor = editor
        self.context: Any = None
        names = model_admin.transfer_fields
        self.form_class = modelform_factory(
            model_admin.model,
            form=model_admin.form,
            fields=[name for name in names if name in model_admin.form.Meta.fields],
        )
        self.fields = {
            name: FormColumn(self, name, model_admin.column_name(name)) for name in names
        }

    @classmethod
    def get_display_name(cls) -> str:
        return cls.__name__  # the forms ask for it, and hide it where there is one resource

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return ReadableDiff

    def get_import_id_fields(self) -> list[str]:
        return [self.model_admin.key_field]

    def values(self, row: Any) -> dict[str, str]:
        """What the form of `row` would show in each field, as text."""
        form = self.form_class(instance=row)
        return {name: _cell(form[name].value()) for name in self.fields}

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        assert self.course is not None  # noqa: S101 - the forms ask for it
        self.context = self.model_admin.import_context(self.course, dataset.dict)

    def get_or_init_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> Any:
        key = _cell(row.get(self.model_admin.column_name(self.model_admin.key_field)))
        assert self.course is not None  # noqa: S101
        found = self.model_admin.course_rows(self.course).filter(
            **{self.model_admin.key_field: key}
        )
        existing = found.first() if key else None
        return (existing, False) if existing else (self.model_admin.row_of(self.course), True)

    def import_instance(self, instance: Any, row: Mapping[str, Any], **kwargs: Any) -> None:
        columns = {field.column_name: name for name, field in self.fields.items()}
        given = {columns[name]: _cell(cell) for name, cell in row.items() if name in columns}
        values = {**self.values(instance), **given}
        if instance.pk is None:
            values = self.model_admin.complete(values, given)
        for name, value in given.items():
            if isinstance(self.form_class.base_fields.get(name), forms.BooleanField):
                values[name] = _truth(self.model_admin.column_name(name), value)
        self.form = self.form_class(values, instance=instance)
        if not self.form.is_valid():
            raise ValidationError(
                {
                    "__all__" if name == "__all__" else self.model_admin.column_name(name): list(
                        errors
                    )
                    for name, errors in self.form.errors.items()
                }
            )

    def skip_row(self, instance: Any, original: Any, row: Any, errors: Any = None) -> bool:
        return not errors and instance.pk is not None and not self.form.has_changed()

    def validate_instance(self, instance: Any, errors: Any = None, *args: Any) -> None:
        if errors:
            raise ValidationError(errors)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        assert self.course is not None  # noqa: S101
        fresh = (
            self.model_admin.row_of(self.course)
            if is_create
            else self.model_admin.course_rows(self.course).get(pk=instance.pk)
        )
        more = {"context": self.context} if self.context else {}
        try:
            saved = self.model_admin.store(
                fresh, self.form.cleaned_data, editor=self.editor, now=timezone.now(), **more
            )
        except DomainError as refusal:
            field = getattr(refusal, "field", "__all__")
            raise ValidationError({field: [refusal.message]}) from refusal
        instance.pk = saved.pk
        instance.refresh_from_db()

    def save_m2m(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Saved by the service."""


class FormColumn(Field):  # type: ignore[misc]
    def __init__(self, resource: FormResource, name: str, column_name: str) -> None:
        super().__init__(attribute=name, column_name=column_name)
        self.resource = resource

    def __deepcopy__(self, memo: Any) -> FormColumn:
        return FormColumn(self.resource, self.attribute, self.column_name)

    def export(self, instance: Any, **kwargs: Any) -> str:
        return self.resource.values(instance)[self.attribute]


def _cell(value: Any) -> str:
    """A cell as the text that a form would be given."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _truth(column: str, text: str) -> str:
    if text.strip().lower() in {"", "0", "no", "false", "n"}:
        return "False"
    if text.strip().lower() in {"1", "yes", "true", "y"}:
        return "True"
    raise ValidationError({column: [gettext("Write yes or no.")]})


class TransferAdmin(ImportExportMixin, ContentAdmin):  # type: ignore[misc]
    """An admin whose rows come from files and go to files, a course at a time, all or nothing."""

    resource_classes = [FormResource]
    formats = [Csv, Xlsx]
    from_encoding = "utf-8-sig"
    to_encoding = "utf-8"
    tmp_storage_class = CacheStorage  # several web processes share nothing but the database
    skip_admin_log = True  # the rows' own history says it, with every change
    import_form_class = CourseImportForm
    confirm_form_class = CourseConfirmForm
    export_form_class = CourseExportForm
    import_template_name = "admin/content/import.html"
    export_template_name = "admin/content/export.html"

    # What names a row in a file, and the fields of the form that are its columns.
    key_field = "slug"
    transfer_fields: tuple[str, ...] = ()

    def column_name(self, field: str) -> str:
        return field

    def course_rows(self, course: Course) -> QuerySet[Any]:
        return self.model._default_manager.filter(**{self.course_path: course})  # noqa: SLF001

    def row_of(self, course: Course) -> Any:
        """A new row of `course`."""
        return self.model(course=course)

    def complete(self, values: dict[str, str], given: Mapping[str, str]) -> dict[str, str]:
        """`values` of a new row, with what it gets where the file (`given`) says nothing."""
        return values

    def import_context(self, course: Course, rows: list[dict[str, Any]]) -> Any:
        """What texts may name while the file is imported; None where the rows hold none."""
        return selectors.render_context(course)

    # Permissions and choices

    def has_import_permission(self, request: HttpRequest) -> bool:
        return is_author(request.user)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return is_author(request.user)

    def _with_courses(self, form: Any, request: HttpRequest) -> Any:
        courses = Course.objects.editable_by(request.user)
        form.fields["course"].queryset = courses
        if len(courses) == 1:
            form.fields["course"].initial = courses[0]
        return form

    def create_import_form(self, request: HttpRequest) -> Any:
        return self._with_courses(super().create_import_form(request), request)

    def create_confirm_form(self, request: HttpRequest, import_form: Any = None) -> Any:
        return self._with_courses(super().create_confirm_form(request, import_form), request)

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        return {**initial, "course": import_form.cleaned_data["course"]} if import_form else initial

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        data = getattr(kwargs.get("form"), "cleaned_data", {})
        return {"model_admin": self, "course": data.get("course"), "editor": request.user}

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"model_admin": self}

    def get_import_context_data(self, **_kwargs: Any) -> dict[str, Any]:
        return {
            "key_column": self.column_name(self.key_field),
            "process_url": reverse(f"admin:{self.url_name('process_import')}"),
        }

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        message = str(e) if isinstance(e, FileRefused) else gettext("This file cannot be read.")
        form.add_error("import_file", message)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import what was just looked at; if anything fails by now, nothing is changed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = self.create_confirm_form(request)
        if not form.is_valid():
            return self._import_again(request, gettext("Upload the file again."))
        storage = CacheStorage(name=form.cleaned_data["import_file_name"])
        try:
            file_format = self.get_import_formats()[int(form.cleaned_data["format"])]
            dataset = file_format(encoding=self.from_encoding).create_dataset(storage.read())
        except (ValueError, IndexError):
            return self._import_again(request, gettext("Upload the file again."))
        result = self.process_dataset(dataset, form, request, rollback_on_validation_errors=True)
        if result.has_errors() or result.has_validation_errors():
            message = gettext("Something changed since you looked, so nothing was imported.")
            return self._import_again(request, message)
        storage.remove()
        return self.process_result(result, request)

    def _import_again(self, request: HttpRequest, message: str) -> HttpResponse:
        messages.error(request, message)
        return HttpResponseRedirect(reverse(f"admin:{self.url_name('import')}"))

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """What the list shows, with its filters, of one course."""
        formats = self.get_export_formats()
        form = self._with_courses(
            self.export_form_class(formats, self.resource_classes, data=request.POST or None),
            request,
        )
        if form.is_valid():
            file_format = formats[int(form.cleaned_data["format"])]()
            rows = self.get_export_queryset(request).filter(
                **{self.course_path: form.cleaned_data["course"]}
            )
            encoding = "utf-8-sig" if isinstance(file_format, Csv) else "utf-8"
            data = self.get_export_data(file_format, request, rows, encoding=encoding)
            name = self.get_export_filename(request, rows, file_format)
            return HttpResponse(
                data,
                content_type=file_format.get_content_type(),
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        return self.render_page(
            request,
            "export.html",
            None,
            title=_("Export: %(name)s") % {"name": self.opts.verbose_name_plural},
            form=form,
        )
