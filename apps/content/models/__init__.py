"""What a course is made of. Draft rows here; students read LessonEdition."""

from apps.content.models.course import (
    Article,
    Course,
    Figure,
    FigureVersion,
    SourceParagraph,
    Unit,
)
from apps.content.models.lesson import (
    FurtherReading,
    Lesson,
    LessonEdition,
    Section,
    SectionSource,
)
from apps.content.models.nouns import Actor, GlossaryTerm, Place, TimelineEvent
from apps.content.models.reference import Reference
from apps.content.models.search import SearchEntry

__all__ = [
    "Actor",
    "Article",
    "Course",
    "Figure",
    "FigureVersion",
    "FurtherReading",
    "GlossaryTerm",
    "Lesson",
    "LessonEdition",
    "Place",
    "Reference",
    "SearchEntry",
    "Section",
    "SectionSource",
    "SourceParagraph",
    "TimelineEvent",
    "Unit",
]
