"""People and schools, for the installation's administrators alone.

Other admins ask these for their choices: an instructor is offered their own schools, and nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401  loaded first: what they register is taken back
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts import services
from apps.accounts.forms import AdminPasswordForm
from apps.accounts.models import School, SchoolInstructor, User
from apps.accounts.policies import check_signed_in, may_manage_people
from apps.core.admin import ScopedAdmin, ScopedInline

if TYPE_CHECKING:
    from django.forms.models import BaseInlineFormSet

    PersonForm = forms.ModelForm[User]
    PersonCreationForm = AdminUserCreationForm[User]
    PersonUpdateForm = UserChangeForm[User]
    DjangoUserAdmin = UserAdmin[User]
    TabularInline = admin.TabularInline[Any, Any]
else:
    PersonForm = forms.ModelForm
    PersonCreationForm = AdminUserCreationForm
    PersonUpdateForm = UserChangeForm
    DjangoUserAdmin = UserAdmin
    TabularInline = admin.TabularInline

# Whoever has a second factor is asked for it here too, and guesses count against one limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Addresses and second factors are changed on a person's page, rights by being made an instructor.
admin.site.unregister([EmailAddress, Authenticator, UserSession, Group])


class LowerCaseEmail(PersonForm):
    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        addresses = EmailAddress.objects.filter(email=email, verified=True)
        if addresses.exclude(user_id=self.instance.pk).exists():
            raise forms.ValidationError(_("Another account has this address."))
        return email


class PersonAddForm(LowerCaseEmail, PersonCreationForm):
    class Meta:
        model = User
        fields = ("email", "display_name")


class PersonChangeForm(LowerCaseEmail, PersonUpdateForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, type[forms.Field]] = {}


class ForAdministrators:
    """Pages that exist for administrators only."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_manage_people(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_manage_people(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_manage_people(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_manage_people(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_manage_people(request.user)


@admin.register(User)
class PersonAdmin(ForAdministrators, ScopedAdmin, DjangoUserAdmin):
    form = PersonChangeForm
    add_form = PersonAddForm
    change_password_form = AdminPasswordForm
    list_display = ("email", "display_name", "is_staff", "is_editor", "is_active", "date_joined")
    list_filter = ("is_staff", "is_editor", "is_superuser", "is_active")
    search_fields = ("email", "display_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    actions = ("second_factor_remove",)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Profile"), {"fields": ("display_name", "language", "time_zone")}),
        (_("May"), {"fields": ("is_active", "is_staff", "is_editor", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "display_name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def scope(self, queryset: QuerySet[User], request: HttpRequest) -> QuerySet[User]:
        return queryset if may_manage_people(request.user) else queryset.none()

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool
    ) -> None:
        services.user_save(user=obj, actor=check_signed_in(request.user), now=timezone.now())
        if not change or "email" in form.changed_data:
            services.email_confirm(user=obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # people are erased, on a page of their own: what others did hangs on them

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """To that page, whoever knows this address."""
        person = self.get_object(request, object_id)
        if person is None:
            raise PermissionDenied
        return redirect("privacy:person", person.public_id)

    @admin.action(description=_("Remove the second factor of someone who lost it"))
    def second_factor_remove(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        actor, now = check_signed_in(request.user), timezone.now()
        for user in queryset:
            services.second_factor_remove(user=user, actor=actor, now=now)
            self.log_change(request, user, _("Removed the second factor."))
        message = ngettext(
            "%(count)d person signs in by password alone now.",
            "%(count)d people sign in by password alone now.",
            len(queryset),
        )
        self.message_user(request, message % {"count": len(queryset)}, messages.SUCCESS)


class InstructorInline(ForAdministrators, ScopedInline, TabularInline):
    model = SchoolInstructor
    autocomplete_fields = ("user",)
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # added or removed, never turned into somebody else


@admin.register(School)
class SchoolAdmin(ForAdministrators, ScopedAdmin):
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (InstructorInline,)

    def scope(self, queryset: QuerySet[School], request: HttpRequest) -> QuerySet[School]:
        if may_manage_people(request.user):
            return queryset
        return queryset.filter(instructorships__user=check_signed_in(request.user))

    def save_model(
        self, request: HttpRequest, obj: School, form: forms.ModelForm[School], change: bool
    ) -> None:
        services.school_save(school=obj, actor=check_signed_in(request.user), now=timezone.now())

    def save_formset(
        self,
        request: HttpRequest,
        form: Any,
        formset: BaseInlineFormSet[SchoolInstructor, School, Any],
        change: bool,
    ) -> None:
        actor, now = check_signed_in(request.user), timezone.now()
        added = formset.save(commit=False)
        for instructor in formset.deleted_objects:
            services.instructor_remove(instructor=instructor, actor=actor, now=now)
        for instructor in added:
            services.instructor_add(
                school=instructor.school, user=instructor.user, actor=actor, now=now
            )

    def delete_model(self, request: HttpRequest, obj: School) -> None:
        services.school_delete(school=obj, actor=check_signed_in(request.user), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[School]) -> None:
        for school in queryset:
            self.delete_model(request, school)
