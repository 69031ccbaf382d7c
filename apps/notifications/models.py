from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.notifications.enums import Frequency, Kind, LetterState, SubjectKind, Weekday

DIGEST_HOUR = 18


class Letter(PublicIdModel):
    """The record of one letter; its public id makes the Message-ID of every attempt.

    It keeps no text: what it says is composed from its notifications when it is sent.
    Personal data: that somebody was written to, and when.
    """

    recipient = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notification_letters"
    )
    # The period it closes: the digest's moment, or when what was urgent fell due.
    slot_at = models.DateTimeField(_("for"))
    made_at = models.DateTimeField(_("made at"))
    state = models.CharField(
        _("state"), max_length=12, choices=LetterState, default=LetterState.PENDING
    )
    attempt_count = models.PositiveIntegerField(_("attempts"), default=0)
    # When to try next. A worker that takes a letter moves it ahead, beyond the time that sending
    # can last: if the worker dies, the letter falls due by itself.
    due_at = models.DateTimeField(_("next attempt"))
    # What the last attempt failed by: a class of errors and the server's code, no address.
    error = models.CharField(_("error"), max_length=120, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)  # NULL: on its way

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            # One letter a person and period.
            models.UniqueConstraint(
                fields=["recipient", "slot_at"], name="notifications_letter_once"
            ),
        ]
        indexes = [
            # Which letters are due?
            models.Index(
                fields=["due_at"],
                name="notifications_letter_due",
                condition=Q(state=LetterState.PENDING),
            ),
            # Was somebody written to just now?
            models.Index(fields=["recipient", "made_at"], name="notifications_letter_last"),
            # What is old enough to be forgotten?
            models.Index(fields=["finished_at"], name="notifications_letter_old"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"


class Notification(PublicIdModel):
    """One thing that one person is told, once. Ids and words of ours, never anybody's text.

    What it says is composed whenever it is read, from what its reader may then see: what was
    removed or is held again says nothing.
    Personal data: what somebody was told of, and whether they looked.
    """

    recipient = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    # What it comes from, such as "event 17" or "due <quiz> <moment>": the same for whoever finds
    # it again.
    cause = models.CharField(_("cause"), max_length=120)
    subject_kind = models.CharField(_("about"), max_length=12, choices=SubjectKind)
    subject_id = models.UUIDField(_("subject"))
    # Which phase, which act of a moderator; "" where the kind says it all.
    detail = models.CharField(_("detail"), max_length=16, blank=True)
    # NULL: it is about no class.
    classroom = models.ForeignKey(
        "classrooms.Classroom", on_delete=models.CASCADE, null=True, related_name="+"
    )
    path = models.CharField(_("page"), max_length=300)  # of this site, from "/"
    happened_at = models.DateTimeField(_("happened at"))
    read_at = models.DateTimeField(_("read at"), null=True)  # NULL: not yet
    # False: for a letter alone, as its reader chose.
    is_listed = models.BooleanField(_("in the site"), default=True)
    # When a letter may tell of it. NULL: none will, or one has been made.
    letter_due_at = models.DateTimeField(_("letter due at"), null=True)
    # The letter that tells of it. NULL: none.
    letter = models.ForeignKey(
        Letter, on_delete=models.SET_NULL, null=True, related_name="notifications"
    )

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            # Nobody is told the same thing twice, however often a worker begins again.
            models.UniqueConstraint(fields=["recipient", "cause"], name="notifications_told_once"),
        ]
        indexes = [
            # What is this person told, the newest first?
            models.Index(fields=["recipient", "-happened_at"], name="notifications_list"),
            # What have they not looked at?
            models.Index(
                fields=["recipient", "-happened_at"],
                name="notifications_unread",
                condition=Q(read_at__isnull=True),
            ),
            # Who is to be written to?
            models.Index(
                fields=["letter_due_at"],
                name="notifications_to_write",
                condition=Q(letter_due_at__isnull=False),
            ),
            # What is old enough to be forgotten?
            models.Index(fields=["happened_at"], name="notifications_old"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Preference(models.Model):
    """How somebody wants to be told of one kind; without a row: in the site and by letter."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notification_preferences"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    in_site = models.BooleanField(_("in the site"), default=True)
    by_email = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            # One answer a person and kind.
            models.UniqueConstraint(fields=["user", "kind"], name="notifications_preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Rhythm(models.Model):
    """How often somebody wants letters, by their own clock; without a row: the defaults here."""

    user = models.OneToOneField(
        "accounts.User",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notification_rhythm",
    )
    frequency = models.CharField(
        _("how often"), max_length=8, choices=Frequency, default=Frequency.AT_ONCE
    )
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=DIGEST_HOUR, validators=[MaxValueValidator(23)]
    )
    weekday = models.PositiveSmallIntegerField(  # of the weekly letter
        _("day of the week"), choices=Weekday, default=Weekday.SUNDAY
    )

    class Meta:
        verbose_name = _("rhythm of letters")
        verbose_name_plural = _("rhythms of letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__lte=23, weekday__lte=6), name="notifications_rhythm_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.frequency}"
