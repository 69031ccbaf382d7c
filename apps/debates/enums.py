from django.db import models
from django.utils.translation import gettext_lazy as _

# The kind of a grade item's source: its id is a run's.
GRADE_SOURCE = "debate_run"


class PhaseKind(models.TextChoices):
    """What a run of a debate is at; in this order, each at most once."""

    OPENING = "opening", _("opening stance")
    ARGUING = "arguing", _("arguments")
    REBUTTING = "rebutting", _("rebuttals")
    CLOSING = "closing", _("closing stance")
    REFLECTING = "reflecting", _("reflection")


class StanceMoment(models.TextChoices):
    OPENING = "opening", _("before any argument is seen")
    CLOSING = "closing", _("at the close")


class EvidenceRule(models.TextChoices):
    REQUIRED = "required", _("every argument shows evidence")
    LABELLED = "labelled", _("evidence, or the label “own reasoning”")


class SideRule(models.TextChoices):
    CHOSEN = "chosen", _("each student chooses")
    RANDOM = "random", _("by lot")
    BALANCED = "balanced", _("by lot, sides of equal size")
    AGAINST = "against", _("against the student's own stance")


class Relation(models.TextChoices):
    """What an argument is to the one it answers; an opening answers the motion."""

    OPENING = "opening", _("opening")
    SUPPORT = "support", _("support")
    REBUTTAL = "rebuttal", _("rebuttal")
    CONCESSION = "concession", _("concession")
    QUESTION = "question", _("question")


# What a rebuttal may answer: a question asserts nothing, and a concession agrees already.
CLAIMS = (Relation.OPENING, Relation.SUPPORT, Relation.REBUTTAL)


class ArgumentState(models.TextChoices):
    VISIBLE = "visible", _("visible")
    WITHDRAWN = "withdrawn", _("withdrawn by its author")
    HIDDEN = "hidden", _("hidden")
    REMOVED = "removed", _("removed")


class EvidenceKind(models.TextChoices):
    REFERENCE = "reference", _("work")
    PARAGRAPH = "paragraph", _("paragraph of the article")
    SECTION = "section", _("section of a lesson")
    LINK = "link", _("link")


class ModerationKind(models.TextChoices):
    HIDE = "hide", _("hidden")
    SHOW = "show", _("shown again")
    REMOVE = "remove", _("removed")
    LOCK = "lock", _("branch locked")
    UNLOCK = "unlock", _("branch unlocked")
    WARN = "warn", _("author warned")
    DISMISS = "dismiss", _("reports dismissed")


class Criterion(models.TextChoices):
    CLAIM = "claim", _("claim")
    EVIDENCE = "evidence", _("evidence")
    REBUTTAL = "rebuttal", _("rebuttal")
    CONCESSION = "concession", _("concession")
