from apps.core.errors import Conflict, DomainError


class InvalidArgument(DomainError):
    """The text or its evidence breaks a rule of the debate; nothing was stored."""

    code = "invalid_argument"
    http_status = 422


class InvalidDebate(DomainError):
    """A debate, or a run of one, cannot be stored as it was asked for; nothing was."""

    code = "invalid_debate"
    http_status = 422


class InvalidStance(DomainError):
    """Not one of the seven points, or not a confidence from 1 to 5."""

    code = "invalid_stance"
    http_status = 422


class PhaseClosed(Conflict):
    """By the server's clock this is not the time for it."""

    code = "phase_closed"


class StanceRecorded(Conflict):
    """A stance is recorded once for each moment and never changed."""

    code = "stance_recorded"


class StanceMissing(Conflict):
    """Nothing of the debate is shown or taken before the opening stance."""

    code = "stance_missing"


class BranchLocked(Conflict):
    """A moderator has closed this branch to new arguments."""

    code = "branch_locked"


class ArgumentGone(Conflict):
    """The argument is withdrawn, hidden or removed."""

    code = "argument_gone"


class OwnArgument(Conflict):
    """Nobody rates, reports or is moved by what they wrote themselves."""

    code = "own_argument"


class EditConflict(Conflict):
    """The argument was edited since this form was opened; nothing was written."""

    code = "edit_conflict"


class DebateInUse(Conflict):
    """A class holds or held the debate, so that it cannot be deleted."""

    code = "debate_in_use"
