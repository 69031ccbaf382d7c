"""The base of every admin page: what a person may not see is not found, as a row or as a choice.

A subclass says in `scope` which rows a person may edit. Everything else follows from it: lists,
pages, autocompletion, bulk actions, and what a foreign key offers, because the choices of a
related model are the rows that its own admin would list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rules
from django.contrib import admin
from django.http import Http404, HttpRequest

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    ModelAdmin = admin.ModelAdmin[Any]
    InlineModelAdmin = admin.options.InlineModelAdmin[Any, Any]
    BaseModelAdmin = admin.options.BaseModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin
    InlineModelAdmin = admin.options.InlineModelAdmin
    BaseModelAdmin = admin.options.BaseModelAdmin


@rules.predicate
def is_author(user: Any) -> bool:
    """Whether `user` writes content at all; which content, each admin's `scope` says."""
    return bool(user.is_active and user.is_staff)


class ScopedChoices(BaseModelAdmin):
    """Offers, as related rows, only those that the related model's own admin lists."""

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest | None
    ) -> QuerySet[Any]:
        related: type[Model] = db_field.remote_field.model
        if request is None or not self.admin_site.is_registered(related):
            return related._default_manager.none()  # noqa: SLF001 - Django's documented name
        related_admin = self.admin_site.get_model_admin(related)
        return related_admin.get_queryset(request)


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """A filter of the list that names only rows which the related model's own admin lists."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[Any, str]]:
        related_admin = model_admin.admin_site.get_model_admin(field.remote_field.model)
        return [(row.pk, str(row)) for row in related_admin.get_queryset(request)]


class ScopedAdmin(ScopedChoices, ModelAdmin):
    """An admin whose rows are the ones in `scope`; any other row is not found."""

    def scope(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """The rows of `queryset` that the person of `request` may edit."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.scope(super().get_queryset(request), request)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """The row, when it is in scope.  Raises: Http404, where Django would redirect."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def is_in_scope(self, request: HttpRequest, obj: Model | None) -> bool:
        if not is_author(request.user):
            return False
        return (
            obj is None or obj.pk is None or self.get_queryset(request).filter(pk=obj.pk).exists()
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_author(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_in_scope(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_author(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_in_scope(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.is_in_scope(request, obj)


class ScopedInline(ScopedChoices, InlineModelAdmin):
    """Rows inside a page whose own row is in scope already."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_author(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return is_author(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_author(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_author(request.user)
