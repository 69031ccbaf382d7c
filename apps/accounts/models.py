from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.fields import validate_time_zone
from apps.core.models import PublicIdModel, TimestampedModel


class UserManager(BaseUserManager["User"]):
    """Creates people; the address is stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields = {"is_staff": True, "is_superuser": True, **fields}
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(PublicIdModel, AbstractBaseUser, PermissionsMixin):
    """A person. Personal data: e-mail, display name, language, time zone, password hash."""

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(
        _("name"), max_length=80, blank=True, help_text=_("How others see you.")
    )
    language = models.CharField(
        _("language"), max_length=12, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_staff = models.BooleanField(
        _("may use the admin"), default=False, help_text=_("Instructors who write content.")
    )
    is_editor = models.BooleanField(
        _("edits shared courses"),
        default=False,
        help_text=_("May change courses that belong to no school."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)
    # True: nobody any more. What others need of them hangs on this row under another public id.
    is_erased = models.BooleanField(_("erased"), default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()
    # No column. Where a school's program acts for the person: the school, whose classes alone it
    # sees, though the person may be in others. None: nothing is left out.
    through_school_id: int | None = None

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # One account an address, whatever its case: with this, `unique` needs no help.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    def get_full_name(self) -> str:
        return self.display_name or self.email

    def get_short_name(self) -> str:
        return self.display_name or self.email.split("@")[0]


class School(PublicIdModel, TimestampedModel):
    """The tenant: its people, courses and classes never join another school's."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")

    def __str__(self) -> str:
        return self.name


class SchoolInstructor(TimestampedModel):
    """A person who may write this school's courses."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="instructorships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="instructorships")

    class Meta:
        verbose_name = _("instructor of a school")
        verbose_name_plural = _("instructors of schools")
        constraints = [
            # Nobody is an instructor of one school twice.
            models.UniqueConstraint(fields=["school", "user"], name="accounts_instructor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.school}"
