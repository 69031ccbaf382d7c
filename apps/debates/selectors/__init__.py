"""Reads of debates: each begins from what the viewer may see."""

from apps.debates.selectors.networks import Replies, replies
from apps.debates.selectors.outcomes import (
    Owed,
    ReportedArgument,
    Shown,
    assessed,
    contributions,
    owed_by,
    reported,
    results,
)
from apps.debates.selectors.outlines import (
    Outline,
    Thread,
    argument_for,
    check_sees_others,
    movers_of,
    outline,
    similar_to,
)
from apps.debates.selectors.reflections import (
    Part,
    name_in,
    part_of,
    review_for,
    review_levels,
    reviewable,
    reviews_of,
)
from apps.debates.selectors.runs import (
    Seat,
    debate_offered,
    debates_offered,
    participant_in,
    run_in,
    runs_of,
    seat_of,
    sections_offered,
)
from apps.debates.selectors.transcripts import transcript_of

__all__ = [
    "Outline",
    "Owed",
    "Part",
    "Replies",
    "ReportedArgument",
    "Seat",
    "Shown",
    "Thread",
    "argument_for",
    "assessed",
    "check_sees_others",
    "contributions",
    "debate_offered",
    "debates_offered",
    "movers_of",
    "name_in",
    "outline",
    "owed_by",
    "part_of",
    "participant_in",
    "replies",
    "reported",
    "results",
    "review_for",
    "review_levels",
    "reviewable",
    "reviews_of",
    "run_in",
    "runs_of",
    "seat_of",
    "sections_offered",
    "similar_to",
    "transcript_of",
]
