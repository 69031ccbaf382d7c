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
from apps.debates.models.reflections import PeerReview, Reflection
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
    "PeerReview",
    "Rating",
    "Reflection",
    "Report",
    "RubricScore",
    "Rules",
    "RunPhase",
    "Side",
    "SideSource",
    "Stance",
]
