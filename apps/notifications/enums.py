from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What somebody is told of; each can be switched, in the site and by letter."""

    DEADLINE = "deadline", _("Something is due within a day")
    ASSIGNMENT = "assignment", _("A quiz is given to my class")
    GRADE = "grade", _("A grade is released")
    CORRECTION = "correction", _("A grade of mine is changed")
    DECISION = "decision", _("My objection is decided")
    REPLY = "reply", _("Somebody answers my argument")
    PHASE = "phase", _("A debate enters a new phase")
    MODERATION = "moderation", _("A moderator acts on what I wrote")
    NOTE = "note", _("A note that I share is hidden, or shown again")
    REPORT = "report", _("Something is reported in a class of mine")
    MARKING = "marking", _("Answers wait to be marked")
    OBJECTION = "objection", _("A student objects to an item")


# What a letter cannot wait for the digest with.
URGENT = frozenset({Kind.DEADLINE, Kind.MODERATION, Kind.REPORT})
# What concerns those who teach; the rest concerns those who learn.
FOR_STAFF = frozenset({Kind.REPORT, Kind.MARKING, Kind.OBJECTION})


class SubjectKind(models.TextChoices):
    """What a notification is about, whose public id it keeps."""

    ASSIGNMENT = "assignment", _("quiz of a class")
    GRADE = "grade", _("grade")
    CONTEST = "contest", _("objection")
    ARGUMENT = "argument", _("argument")
    DEBATE_RUN = "debate_run", _("debate of a class")
    NOTE = "note", _("note")


class Frequency(models.TextChoices):
    """How often somebody is written to; what is urgent comes at once in the first alone."""

    AT_ONCE = "at_once", _("What is urgent at once, the rest once a day")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


class LetterState(models.TextChoices):
    PENDING = "pending", _("on its way")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("dropped")  # nothing was left to tell, or nobody to write to
    FAILED = "failed", _("failed")


class Weekday(models.IntegerChoices):
    """As datetime.date.weekday() counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
