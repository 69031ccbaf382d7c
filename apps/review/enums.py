from django.db import models
from django.utils.translation import gettext_lazy as _


class OriginKind(models.TextChoices):
    """What a card asks about; all but the last two follow what they came from."""

    QUESTION = "question", _("missed question")
    TERM = "term", _("term")
    EVENT = "event", _("key date")
    NOTE = "note", _("note")
    OWN = "own", _("own card")
    IMPORTED = "imported", _("imported card")


class CardState(models.IntegerChoices):
    """As FSRS numbers them; a new card is a learning one that was never rated."""

    LEARNING = 1, _("learning")
    REVIEW = 2, _("in review")
    RELEARNING = 3, _("relearning")


class Rating(models.IntegerChoices):
    AGAIN = 1, _("Again")
    HARD = 2, _("Hard")
    GOOD = 3, _("Good")
    EASY = 4, _("Easy")


class SuspendedBy(models.TextChoices):
    HAND = "hand", _("put aside")
    LEECH = "leech", _("forgotten too often")
