"""Reads of review: one's own cards alone, and of questions only what may be shown at present."""

from apps.review.selectors.cards import (
    PAGE,
    card_counts,
    card_of,
    cards_listed,
    cards_of,
    settings_of,
)
from apps.review.selectors.exports import Exported, cards_exported
from apps.review.selectors.faces import Face, faces, faces_given
from apps.review.selectors.imports import FAULTS, Plan, Planned, import_plan, said
from apps.review.selectors.questions import missed_by, version_of, withheld_from
from apps.review.selectors.queues import (
    Summary,
    cards_due_count,
    queue_next,
    rating_to_undo,
    review_summary,
    version_after_undoing,
)
from apps.review.selectors.sources import (
    Offer,
    Spot,
    UnitOffer,
    course_of,
    courses_readable,
    events_of,
    known_origins,
    note_of,
    offers,
    spots_of_events,
    spots_of_terms,
    terms_of,
    unit_of,
)
from apps.review.selectors.statistics import Statistics, forecast, statistics_of
from apps.review.selectors.wordings import Wording, of_event, of_note, of_term

__all__ = [
    "FAULTS",
    "PAGE",
    "Exported",
    "Face",
    "Offer",
    "Plan",
    "Planned",
    "Spot",
    "Statistics",
    "Summary",
    "UnitOffer",
    "Wording",
    "card_counts",
    "card_of",
    "cards_due_count",
    "cards_exported",
    "cards_listed",
    "cards_of",
    "course_of",
    "courses_readable",
    "events_of",
    "faces",
    "faces_given",
    "forecast",
    "import_plan",
    "known_origins",
    "missed_by",
    "note_of",
    "of_event",
    "of_note",
    "of_term",
    "offers",
    "queue_next",
    "rating_to_undo",
    "review_summary",
    "said",
    "settings_of",
    "spots_of_events",
    "spots_of_terms",
    "statistics_of",
    "terms_of",
    "unit_of",
    "version_after_undoing",
    "version_of",
    "withheld_from",
]
