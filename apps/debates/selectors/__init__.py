"""Reads of debates: each begins from what the viewer may see."""

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
from apps.debates.selectors.runs import (
    Seat,
    debates_offered,
    participant_in,
    run_in,
    runs_of,
    seat_of,
    sections_offered,
)

__all__ = [
    "Outline",
    "Owed",
    "ReportedArgument",
    "Seat",
    "Shown",
    "Thread",
    "argument_for",
    "assessed",
    "check_sees_others",
    "contributions",
    "debates_offered",
    "movers_of",
    "outline",
    "owed_by",
    "participant_in",
    "reported",
    "results",
    "run_in",
    "runs_of",
    "seat_of",
    "sections_offered",
    "similar_to",
]
