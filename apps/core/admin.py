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
    from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet

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
        related_admin = self.admin_site._registry.get(related)  # noqa: SLF001 - the site's own table
        if request is None or not isinstance(related_admin, ScopedAdmin):
            return related._default_manager.none()  # noqa: SLF001 - Django's documented name
        return related_admin.get_queryset(request).distinct()

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs.setdefault("queryset", self.get_field_queryset(None, db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs.setdefault("queryset", self.get_field_queryset(None, db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


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
        return obj is None or obj.pk is None or self.get_queryset(request).filter(pk=obj.pk).exists()

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
