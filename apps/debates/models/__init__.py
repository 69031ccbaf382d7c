from apps.debates.models.arguments import (
    Argument,
    ArgumentEdit,
    Draft,
    Evidence,
    Moved,
    Rating,
)
from apps.debates.models.debates import Debate, Rules, Side, SideSource
from apps.debates.models.moderation import ModerationAction, Report, RubricScore
from apps.debates.models.runs import DebateRun, Participant, RunPhase, Stance

__all__ = [
    "Argument",
    "ArgumentEdit",
    "Debate",
    "DebateRun",
    "Draft",
    "Evidence",
    "ModerationAction",
    "Moved",
    "Participant",
    "Rating",
    "Report",
    "RubricScore",
    "Rules",
    "RunPhase",
    "Side",
    "SideSource",
    "Stance",
]
