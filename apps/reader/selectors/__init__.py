"""What each page of the reading room shows. Readers see published editions, never drafts."""

from apps.reader.selectors.courses import (
    CourseFrame,
    CoursePage,
    HomePage,
    LessonLink,
    LessonPage,
    course_frame,
    course_page,
    home_page,
    lesson_page,
    page_version,
)
from apps.reader.selectors.downloads import course_material, download_version, lesson_material
from apps.reader.selectors.figures import figure_content
from apps.reader.selectors.maps import MapPage, map_page
from apps.reader.selectors.nouns import (
    ActorPage,
    TermPage,
    Timeline,
    actor_page,
    actors_by_kind,
    glossary,
    term_page,
    timeline,
)
from apps.reader.selectors.offline import KeptCourse, KeptPage, kept_course
from apps.reader.selectors.readers import reader_of
from apps.reader.selectors.search import SearchResults, search_page
from apps.reader.selectors.works import (
    Bibliography,
    ParagraphPage,
    ReferencePage,
    bibliography,
    paragraph_page,
    paragraphs_by_heading,
    reference_page,
    references_of,
)

__all__ = [
    "ActorPage",
    "Bibliography",
    "CourseFrame",
    "CoursePage",
    "HomePage",
    "KeptCourse",
    "KeptPage",
    "LessonLink",
    "LessonPage",
    "MapPage",
    "ParagraphPage",
    "ReferencePage",
    "SearchResults",
    "TermPage",
    "Timeline",
    "actor_page",
    "actors_by_kind",
    "bibliography",
    "course_frame",
    "course_material",
    "course_page",
    "download_version",
    "figure_content",
    "glossary",
    "home_page",
    "kept_course",
    "lesson_material",
    "lesson_page",
    "map_page",
    "page_version",
    "paragraph_page",
    "paragraphs_by_heading",
    "reader_of",
    "reference_page",
    "references_of",
    "search_page",
    "term_page",
    "timeline",
]
