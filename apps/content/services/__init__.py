"""Every write of the content. Admin, course files and API call these, so they cannot disagree."""

from apps.content.services.courses import (
    article_save,
    course_outline_refresh,
    course_save,
    paragraph_delete,
    paragraph_save,
    unit_delete,
    unit_save,
    units_reorder,
)
from apps.content.services.figures import figure_delete, figure_save
from apps.content.services.lessons import (
    lesson_create,
    lesson_delete,
    lesson_save,
    lessons_reorder,
)
from apps.content.services.nouns import (
    actor_save,
    noun_delete,
    place_save,
    term_save,
    timeline_event_save,
)
from apps.content.services.publishing import (
    lesson_checks,
    lesson_publish,
    lesson_restore,
    lesson_schedule,
    lesson_unschedule,
    lesson_withdraw,
    lessons_publish_due,
)
from apps.content.services.references import reference_delete, reference_save

__all__ = [
    "actor_save",
    "article_save",
    "course_outline_refresh",
    "course_save",
    "figure_delete",
    "figure_save",
    "lesson_checks",
    "lesson_create",
    "lesson_delete",
    "lesson_publish",
    "lesson_restore",
    "lesson_save",
    "lesson_schedule",
    "lesson_unschedule",
    "lesson_withdraw",
    "lessons_publish_due",
    "lessons_reorder",
    "noun_delete",
    "paragraph_delete",
    "paragraph_save",
    "place_save",
    "reference_delete",
    "reference_save",
    "term_save",
    "timeline_event_save",
    "unit_delete",
    "unit_save",
    "units_reorder",
]
