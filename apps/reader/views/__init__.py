"""The reading room's pages: HTTP in, HTML out."""

from apps.reader.views.courses import course, home, lesson
from apps.reader.views.downloads import (
    course_epub,
    course_printable,
    lesson_epub,
    lesson_printable,
)
from apps.reader.views.figures import figure
from apps.reader.views.keeping import device, manifest, offline, offline_list, worker
from apps.reader.views.nouns import actor, actors, glossary, map_of_places, term, timeline
from apps.reader.views.search import search
from apps.reader.views.site import about, language
from apps.reader.views.works import (
    bibliography,
    bibliography_file,
    paragraph,
    reference,
    reference_file,
    source,
)

__all__ = [
    "about",
    "actor",
    "actors",
    "bibliography",
    "bibliography_file",
    "course",
    "course_epub",
    "course_printable",
    "device",
    "figure",
    "glossary",
    "home",
    "language",
    "lesson",
    "lesson_epub",
    "lesson_printable",
    "manifest",
    "map_of_places",
    "offline",
    "offline_list",
    "paragraph",
    "reference",
    "reference_file",
    "search",
    "source",
    "term",
    "timeline",
    "worker",
]
