"""Parse and validate what pages send, nothing else."""

from apps.debates.forms.arguing import (
    BranchForm,
    ClosingForm,
    ComposeForm,
    DraftForm,
    EditForm,
    EvidenceForm,
    OpeningForm,
    RatingForm,
    ReasonForm,
    SourceQueryForm,
    StanceForm,
    evidence_forms,
)
from apps.debates.forms.judging import (
    MarkForm,
    ModerationForm,
    ReflectionForm,
    ReviewForm,
)
from apps.debates.forms.setting import (
    MotionForm,
    PhasesForm,
    RunForm,
    phases_initial,
    phases_proposed,
)

__all__ = [
    "BranchForm",
    "ClosingForm",
    "ComposeForm",
    "DraftForm",
    "EditForm",
    "EvidenceForm",
    "MarkForm",
    "ModerationForm",
    "MotionForm",
    "OpeningForm",
    "PhasesForm",
    "RatingForm",
    "ReasonForm",
    "ReflectionForm",
    "ReviewForm",
    "RunForm",
    "SourceQueryForm",
    "StanceForm",
    "evidence_forms",
    "phases_initial",
    "phases_proposed",
]
