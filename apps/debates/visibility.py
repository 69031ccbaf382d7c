"""Who may see which argument of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """participant_id: None for staff who do not take part, and for students not yet in the run."""

    is_staff: bool = False
    participant_id: int | None = None
    has_stance: bool = False
    has_posted: bool = False


def sees_arguments(viewer: Viewer, *, posts_first: bool) -> bool:
    """Nobody sees others' arguments before recording a stance, or before posting where asked."""
    if viewer.is_staff:
        return True
    return viewer.has_stance and (viewer.has_posted or not posts_first)


def sees_text(viewer: Viewer, *, state: str, author_id: int, posts_first: bool) -> bool:
    """Whether the words of one argument may reach this viewer; if not, a marker may.

    Withdrawn text stays with its author; hidden text with its author and the staff; removed text
    with nobody.
    """
    is_own = viewer.participant_id == author_id
    match state:
        case "visible":
            return is_own or sees_arguments(viewer, posts_first=posts_first)
        case "hidden":
            return is_own or viewer.is_staff
        case "withdrawn":
            return is_own
        case _:
            return False
