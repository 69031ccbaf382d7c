"""Every write of debates."""

from apps.debates.services.arguments import (
    argument_edit,
    argument_mark_moved,
    argument_post,
    argument_rate,
    argument_report,
    argument_withdraw,
    draft_discard,
    draft_save,
)
from apps.debates.services.assessment import Mark, scores_save
from apps.debates.services.debates import (
    SideWork,
    debate_copy,
    debate_delete,
    debate_save,
    debate_store,
    debate_write,
    side_sources_write,
    sides_complete,
)
from apps.debates.services.evidence import (
    GIVEN_NAMES,
    MAX_EVIDENCE,
    Given,
    Source,
    evidence_given,
    evidence_made,
)
from apps.debates.services.moderation import argument_moderate
from apps.debates.services.redacting import argument_redact
from apps.debates.services.reflections import reflection_write, review_write, reviews_deal
from apps.debates.services.runs import run_open, run_reschedule
from apps.debates.services.stances import stance_close, stance_open

__all__ = [
    "GIVEN_NAMES",
    "MAX_EVIDENCE",
    "Given",
    "Mark",
    "SideWork",
    "Source",
    "argument_edit",
    "argument_mark_moved",
    "argument_moderate",
    "argument_post",
    "argument_rate",
    "argument_redact",
    "argument_report",
    "argument_withdraw",
    "debate_copy",
    "debate_delete",
    "debate_save",
    "debate_store",
    "debate_write",
    "draft_discard",
    "draft_save",
    "evidence_given",
    "evidence_made",
    "reflection_write",
    "review_write",
    "reviews_deal",
    "run_open",
    "run_reschedule",
    "scores_save",
    "side_sources_write",
    "sides_complete",
    "stance_close",
    "stance_open",
]
