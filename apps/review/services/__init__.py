"""Every write of review. Nobody else is told of it, so nothing here adds to the outbox."""

from apps.review.services.adding import (
    card_add_note,
    cards_add_events,
    cards_add_missed,
    cards_add_terms,
    missed_add_due,
)
from apps.review.services.cards import (
    MAX_BACK,
    MAX_FRONT,
    Text,
    card_create,
    card_delete,
    card_edit,
    card_follow,
    card_resume,
    card_suspend,
    settings_save,
)
from apps.review.services.importing import Imported, cards_import, plan_checked
from apps.review.services.ratings import Rated, card_rate, outcomes_of, rating_undo

__all__ = [
    "MAX_BACK",
    "MAX_FRONT",
    "Imported",
    "Rated",
    "Text",
    "card_add_note",
    "card_create",
    "card_delete",
    "card_edit",
    "card_follow",
    "card_rate",
    "card_resume",
    "card_suspend",
    "cards_add_events",
    "cards_add_missed",
    "cards_add_terms",
    "cards_import",
    "missed_add_due",
    "outcomes_of",
    "plan_checked",
    "rating_undo",
    "settings_save",
]
