from django.db import models
from django.utils.translation import gettext_lazy as _


class Difficulty(models.TextChoices):
    """As the author expects it; the statistics say what it was."""

    EASY = "easy", _("easy")
    MEDIUM = "medium", _("medium")
    HARD = "hard", _("hard")


class Bloom(models.TextChoices):
    """Levels of the revised taxonomy of Anderson and Krathwohl (2001)."""

    REMEMBER = "remember", _("remember")
    UNDERSTAND = "understand", _("understand")
    APPLY = "apply", _("apply")
    ANALYSE = "analyse", _("analyse")
    EVALUATE = "evaluate", _("evaluate")
    CREATE = "create", _("create")


class QuizKind(models.TextChoices):
    CHECK_UP = "check_up", _("check-up of a lesson")
    UNIT = "unit", _("unit quiz")
    FINAL = "final", _("final quiz")
    OTHER = "other", _("quiz")


class Layout(models.TextChoices):
    ONE_PAGE = "one_page", _("all on one page")
    ITEM_BY_ITEM = "item_by_item", _("one at a time")


class GradingMethod(models.TextChoices):
    """Which of several attempts counts."""

    BEST = "best", _("the best attempt")
    LAST = "last", _("the last attempt")
    FIRST = "first", _("the first attempt")
    MEAN = "mean", _("the mean of all attempts")


class Disclosure(models.TextChoices):
    """When a student sees something of their attempt."""

    SUBMITTED = "submitted", _("as soon as the attempt is submitted")
    CLOSED = "closed", _("when the quiz has closed for everybody")
    MOMENT = "moment", _("at a set time")
    NEVER = "never", _("never")


class AttemptState(models.TextChoices):
    OPEN = "open", _("open")
    SUBMITTED = "submitted", _("waiting to be marked")
    GRADED = "graded", _("graded")


class ClosedBy(models.TextChoices):
    STUDENT = "student", _("the student")
    DEADLINE = "deadline", _("the deadline")
    STAFF = "staff", _("an instructor")


class ContestState(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class CorrectionKind(models.TextChoices):
    REKEY = "rekey", _("grade by a corrected version")
    FULL = "full", _("full points for everybody")
    VOID = "void", _("leave the item out")


class CorrectionScope(models.TextChoices):
    """Whose grades a correction reaches."""

    CLASS = "class", _("this class")
    MINE = "mine", _("all the classes that I run")
    COURSE = "course", _("every class of the course")


class Confidence(models.IntegerChoices):
    """How sure a student says they are; it changes no points."""

    GUESSING = 1, _("guessing")
    UNSURE = 2, _("not sure")
    FAIRLY = 3, _("fairly sure")
    SURE = 4, _("sure")
