"""Reads of progress: one person's own, and what a class's staff ask of their class."""

from apps.learning.selectors.calendars import (
    calendar_file,
    feed_of,
    keys_of,
    reader_of_feed,
    token_digest,
)
from apps.learning.selectors.classes import activity_of, sections_seen
from apps.learning.selectors.duties import (
    Deadline,
    agendas_of,
    debate_deadlines,
    learning_of,
    quiz_deadline,
)
from apps.learning.selectors.home import CoursePage, Home, course_page, home_of
from apps.learning.selectors.progress import (
    CourseStanding,
    LessonStanding,
    UnitStanding,
    check_ups_tried,
    course_followed,
    courses_followed,
    lesson_published,
    progress_of,
    sections_of,
)

__all__ = [
    "CoursePage",
    "CourseStanding",
    "Deadline",
    "Home",
    "LessonStanding",
    "UnitStanding",
    "activity_of",
    "agendas_of",
    "calendar_file",
    "check_ups_tried",
    "course_followed",
    "course_page",
    "courses_followed",
    "debate_deadlines",
    "feed_of",
    "home_of",
    "keys_of",
    "learning_of",
    "lesson_published",
    "progress_of",
    "quiz_deadline",
    "reader_of_feed",
    "sections_of",
    "sections_seen",
    "token_digest",
]
