from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    """Where the points of an item come from."""

    SOURCE = "source", _("an activity")  # a quiz or debate records them
    MANUAL = "manual", _("entered by hand")
    CATEGORY = "category", _("category total")  # computed from its items
    TOTAL = "total", _("course total")  # computed from all


class GradeEventKind(models.TextChoices):
    """What happened; each is one row of the ledger, and none is ever changed."""

    SCORE = "score", _("score")  # the source, an import or a person gave points
    REGRADE = "regrade", _("regrade")  # the source corrected what it gave
    OVERRIDE = "override", _("override")  # an instructor's points stand instead of the source's
    OVERRIDE_END = "override_end", _("override ended")
    EXCUSE = "excuse", _("excused")  # counts for nothing
    EXCUSE_END = "excuse_end", _("no longer excused")
    CLEAR = "clear", _("cleared")  # back to no grade
    TOTAL = "total", _("total")  # computed from other items
    HOLD = "hold", _("held")  # of an item: students do not see it
    RELEASE = "release", _("released")
