from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may be used for. Published content needs none.

    A scope never opens more than its bearer may see: a person what the site shows them, a client
    what belongs to its school.
    """

    CLASSES_READ = "classes:read", _("read classes")
    CLASSES_WRITE = "classes:write", _("make and change classes")
    ROSTER_READ = "roster:read", _("read who is in classes, and what single students are granted")
    ROSTER_WRITE = "roster:write", _("change who is in classes, and what they are granted")
    GRADES_READ = "grades:read", _("read grades")
    GRADES_WRITE = "grades:write", _("enter and override grades")
    COURSES_READ = "courses:read", _("read which courses a school may teach")
    QUIZZES_READ = "quizzes:read", _("read quizzes, assignments and attempts")
    QUIZZES_WRITE = "quizzes:write", _("write questions and quizzes, and give them to classes")
    ATTEMPTS_WRITE = "attempts:write", _("answer quizzes")
    DEBATES_READ = "debates:read", _("read debates")
    DEBATES_WRITE = "debates:write", _("argue, rate and moderate")
    NOTES = "notes", _("read and write notes")
    REVIEW = "review", _("read and answer review cards")
    PROGRESS = "progress", _("read and record progress in lessons")
    NOTIFICATIONS = "notifications", _("read and settle notifications, and choose how they come")
    USERS_READ = "users:read", _("read names and profiles")
    WEBHOOKS = "webhooks", _("manage webhooks")
    JOBS = "jobs", _("start long work and follow it")
    CHANGES = "changes", _("follow what changes")


class Caller(models.TextChoices):
    """Who may call a view, besides what their scope says."""

    PERSON = "person", _("a person, or a program that acts for one")
    CLIENT = "client", _("a program of a school")


def scopes_in_words(scopes: Collection[str]) -> list[str]:
    """For whoever allows them, in the order of Scope."""
    return [str(scope.label) for scope in Scope if scope in scopes]


class JobKind(models.TextChoices):
    ROSTER = "roster", _("a long class list")
    RESULTS = "results", _("all results in one file")


class ExportFormat(models.TextChoices):
    LINES = "jsonl", _("JSON, a line for each")
    CSV = "csv", _("a table")


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
