"""Who sees which notes. What somebody may not see is not found."""

from apps.notes.selectors.classes import (
    ClassNotes,
    Confusion,
    class_notes,
    confusions_by_section,
    confusions_page,
    shared_note_for,
)
from apps.notes.selectors.lessons import (
    ClassSeat,
    LessonNotes,
    LessonSeat,
    PlacedNote,
    edition_of,
    lesson_notes,
    lesson_seat,
)
from apps.notes.selectors.mine import (
    Filter,
    LessonChoice,
    MyNotes,
    classes_offered,
    my_notes,
    note_for,
    notebook_of,
    notes_of,
)
from apps.notes.selectors.wording import (
    audience_words,
    lesson_url,
    passage_url,
    section_url,
)

__all__ = [
    "ClassNotes",
    "ClassSeat",
    "Confusion",
    "Filter",
    "LessonChoice",
    "LessonNotes",
    "LessonSeat",
    "MyNotes",
    "PlacedNote",
    "audience_words",
    "class_notes",
    "classes_offered",
    "confusions_by_section",
    "confusions_page",
    "edition_of",
    "lesson_notes",
    "lesson_seat",
    "lesson_url",
    "my_notes",
    "note_for",
    "notebook_of",
    "notes_of",
    "passage_url",
    "section_url",
    "shared_note_for",
]
