from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.fields import validate_time_zone
from apps.classrooms.enums import STAFF_ROLES, Role
from apps.classrooms.querysets import ClassroomQuerySet, EnrolmentQuerySet
from apps.core.models import PublicIdModel, TimestampedModel


class Classroom(PublicIdModel, TimestampedModel):
    """One teaching of a course in a school: its people, its dates."""

    school = models.ForeignKey(
        "accounts.School",
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        related_name="classrooms",
    )
    course = models.ForeignKey(
        "content.Course",
        verbose_name=_("course"),
        on_delete=models.PROTECT,
        related_name="classrooms",
    )
    title = models.CharField(_("title"), max_length=200)
    term = models.CharField(_("term"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    # Deadlines are entered and shown in it; moments are stored in UTC.
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)  # NULL: has no set start
    ends_on = models.DateField(_("ends on"), null=True, blank=True)  # NULL: has no set end
    # What becomes of somebody's marks when they have themselves erased: False, they go with them.
    keeps_marks = models.BooleanField(_("keeps marks of those who are erased"), default=True)
    # NULL: running. An archived class can be read and no longer changed.
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    # The school's own id; "" where it has none.
    sis_id = models.CharField(_("school's id"), max_length=120, blank=True)

    objects = ClassroomQuerySet.as_manager()
    viewer_enrolment: "Enrolment"  # whoever asked, as selectors.classroom_for found them

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="classrooms_classroom_dates",
            ),
            # A school's id means one of its classes.
            models.UniqueConstraint(
                fields=["school", "sis_id"],
                condition=~Q(sis_id=""),
                name="classrooms_classroom_sis_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class JoinCode(TimestampedModel):
    """What students type to join. Renewing makes a new row and closes the old one."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="join_codes")
    # Eight characters without look-alikes, upper case.
    code = models.CharField(_("join code"), max_length=12, unique=True)
    expires_at = models.DateTimeField(_("expires at"))
    # NULL: open until it expires.
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("join code")
        verbose_name_plural = _("join codes")
        constraints = [
            # Two renewals at once leave one open code.
            models.UniqueConstraint(
                fields=["classroom"],
                condition=Q(closed_at__isnull=True),
                name="classrooms_join_code_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.classroom_id}"


class Enrolment(PublicIdModel, TimestampedModel):
    """A person in a class. Leaving keeps the row, and with it their work."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="enrolments")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="enrolments")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.STUDENT)
    sis_id = models.CharField(_("school's id"), max_length=120, blank=True)
    # NULL: in the class.
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            # Joining twice at once enrols once.
            models.UniqueConstraint(fields=["classroom", "user"], name="classrooms_enrolment_once"),
            models.UniqueConstraint(
                fields=["classroom", "sis_id"],
                condition=~Q(sis_id=""),
                name="classrooms_enrolment_sis_once",
            ),
        ]
        indexes = [
            # Which classes is this person in?
            models.Index(fields=["user", "role"], name="classrooms_enrolment_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.classroom_id} · {self.role}"

    @property
    def is_instructor(self) -> bool:
        """Runs the class: its people, their roles, what single students are granted."""
        return self.removed_at is None and self.role == Role.INSTRUCTOR

    @property
    def is_staff(self) -> bool:
        """Sees the class's people, marks and moderates."""
        return self.removed_at is None and self.role in STAFF_ROLES


class Invitation(PublicIdModel, TimestampedModel):
    """A place kept for an address, whether or not it has an account yet.

    Personal data: e-mail, name. Whoever signs in with that confirmed address may take the place.
    """

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))  # lower case
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.STUDENT)
    sis_id = models.CharField(_("school's id"), max_length=120, blank=True)
    invited_by = models.ForeignKey(  # NULL: erased, or a client of the school invited
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # When the worker sends the letter, or tries again. NULL: it is sent, or given up.
    letter_due_at = models.DateTimeField(_("letter due at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            # One place an address.
            models.UniqueConstraint(
                fields=["classroom", "email"], name="classrooms_invitation_once"
            ),
            # A school's id means one person.
            models.UniqueConstraint(
                fields=["classroom", "sis_id"],
                condition=~Q(sis_id=""),
                name="classrooms_invitation_sis_once",
            ),
        ]
        indexes = [
            # Where is this address invited?
            models.Index(fields=["email"], name="classrooms_invitation_email"),
            # Which letters are due?
            models.Index(
                fields=["letter_due_at"],
                condition=Q(letter_due_at__isnull=False),
                name="classrooms_invitation_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.classroom_id}"


class Accommodation(PublicIdModel, TimestampedModel):
    """What one student is granted, in one activity or in all of the class.

    A row for an activity replaces the row for the class, field by field where it says something.
    Personal data: that it exists, and its note, which class instructors alone see.
    """

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="accommodations"
    )
    # The public id of an assignment or a debate run. NULL: everything in the class.
    activity_id = models.UUIDField(_("activity"), null=True, blank=True)
    # NULL in each: as for everybody else (or as the class-wide row says).
    time_ratio = models.DecimalField(  # 1.5: half as long again
        _("time factor"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    extra_attempts = models.PositiveSmallIntegerField(_("extra attempts"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    note = models.CharField(_("reason"), max_length=300, blank=True)
    granted_by = models.ForeignKey(  # NULL: erased
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        constraints = [
            # One row decides.
            models.UniqueConstraint(
                fields=["enrolment", "activity_id"], name="classrooms_accommodation_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(activity_id__isnull=True),
                name="classrooms_accommodation_class_once",
            ),
            models.CheckConstraint(
                condition=Q(time_ratio__isnull=True) | Q(time_ratio__gte=1, time_ratio__lte=10),
                name="classrooms_accommodation_time_ratio",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}"
