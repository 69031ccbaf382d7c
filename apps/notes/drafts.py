"""What somebody asks to be kept, before anything is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apps.notes.enums import Visibility

if TYPE_CHECKING:
    from apps.classrooms.models import Classroom


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads a note besides its author. classroom: None for a private one alone."""

    visibility: str = Visibility.PRIVATE
    classroom: Classroom | None = None


PRIVATE = Audience()
