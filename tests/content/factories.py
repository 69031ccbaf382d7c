"""A small course made through the services, and drafts that say only what a test is about."""

from typing import Any

from apps.accounts.models import School, User
from apps.content import services
from apps.content.drafts import LessonDraft, ReadingDraft, SectionDraft
from apps.content.models import (
    Course,
    GlossaryTerm,
    Lesson,
    Reference,
    SourceParagraph,
    Unit,
)
from tests.content.copying import made_or_copied
from tests.factories import NOW

KHAN: dict[str, Any] = {
    "type": "article-journal",
    "author": [{"family": "Khan", "given": "H. U. R."}],
    "title": "Pakistan's Relations with the USSR",
    "container-title": "Pakistan Horizon",
    "volume": "14",
    "issue": "1",
    "page": "33-55",
    "issued": {"date-parts": [[1961]]},
}
HUSSAIN: dict[str, Any] = {
    "type": "article-journal",
    "author": [{"family": "Hussain", "given": "N."}, {"family": "Fatima", "given": "Q."}],
    "title": "Pak-Russian Relations",
    "container-title": "Central Asia",
    "issued": {"date-parts": [[2015]]},
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20z"/></svg>'


def course_create(
    *, slug: str = "sco", school: School | None = None, language: str = "en"
) -> Course:
    """Two works, two paragraphs (P01 cites Khan), the term RATS, a unit; no lesson."""

    def make() -> Course:
        return _course_make(slug=slug, school=school, language=language)

    return made_or_copied(make, slug=slug, school=school, language=language)


def _course_make(*, slug: str, school: School | None, language: str) -> Course:
    course = services.course_save(
        course=Course(),
        fields={"slug": slug, "title": "The SCO", "language": language, "school": school},
        editor=None,
        now=NOW,
    )
    article = services.article_save(
        course=course,
        fields={"title": "Relations", "authors": ["Hira Yaqoob"], "year": 2025},
        editor=None,
        now=NOW,
    )
    reference_create(course, "khan1961", KHAN)
    reference_create(course, "hussain-fatima2015", HUSSAIN)
    for position, (number, cites) in enumerate((("P01", ["khan1961"]), ("P02", []))):
        services.paragraph_save(
            paragraph=SourceParagraph(article=article),
            fields={"number": number, "position": position, "gist": f"The gist of {number}."},
            cites=cites,
            editor=None,
            now=NOW,
        )
    term_create(course)
    services.unit_save(
        unit=Unit(course=course),
        fields={"slug": "history", "title": "History", "position": 0},
        editor=None,
        now=NOW,
    )
    return course


def reference_create(course: Course, key: str, csl: dict[str, Any], **fields: Any) -> Reference:
    fields = {"key": key, "csl": csl, "kind": "peer_reviewed", **fields}
    return services.reference_save(
        reference=Reference(course=course), fields=fields, editor=None, now=NOW
    )


def term_create(course: Course, **fields: Any) -> GlossaryTerm:
    fields = {
        "slug": "rats",
        "term": "Regional Anti-Terrorism Structure",
        "aliases": ["RATS"],
        "definition": "A body of the SCO [@khan1961].",
        **fields,
    }
    return services.term_save(
        term=GlossaryTerm(course=course), fields=fields, sources=["P01"], editor=None, now=NOW
    )


def section(anchor: str = "invitation", body: str = "", **fields: Any) -> SectionDraft:
    """A section that names P01 and cites what P01 cites."""
    fields = {"paragraphs": ("P01",), **fields}
    body = body or "The first contact was an invitation [@khan1961, pp. 33-35] of [[RATS]]."
    return SectionDraft(
        anchor=anchor, heading=fields.pop("heading", anchor.title()), body=body, **fields
    )


def draft(*sections: SectionDraft, **fields: Any) -> LessonDraft:
    fields = {
        "title": "The invitation of 1949",
        "slug": "invitation",
        "objectives": ("Explain the invitation.", "Date it."),
        "summary": ("There was one.", "It was not taken up."),
        "questions": ("Why?", "Why not?"),
        "further_reading": (ReadingDraft("khan1961", "The first study."),),
        **fields,
    }
    return LessonDraft(sections=sections or (section(),), **fields)


def lesson_create(course: Course, *sections: SectionDraft, **fields: Any) -> Lesson:
    unit = course.units.select_related("course").get(slug="history")
    return services.lesson_create(unit=unit, draft=draft(*sections, **fields), editor=None, now=NOW)


def lesson_publish(course: Course, *sections: SectionDraft, **fields: Any) -> Lesson:
    """A lesson that readers see, read again from its row."""
    lesson = lesson_create(course, *sections, **fields)
    services.lesson_publish(lesson=lesson, editor=None, now=NOW)
    return lesson_of(lesson)


def lesson_of(lesson: Lesson) -> Lesson:
    """The lesson as it is now, with what its services need."""
    rows = Lesson.objects.select_related("unit__course__school", "published_edition")
    found: Lesson = rows.get(pk=lesson.pk)
    return found


def save(lesson: Lesson, changed: LessonDraft, *, editor: User | None = None) -> Lesson:
    """Store a draft over whatever is there."""
    return services.lesson_save(
        lesson=lesson,
        draft=changed,
        expected_revision=lesson_of(lesson).revision,
        editor=editor,
        now=NOW,
    )
