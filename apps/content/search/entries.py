"""Writing the index: what readers may see, as rows of SearchEntry.

Every function joins the transaction of the service that calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.content.document import Document, SectionPart
from apps.content.markdown import plain_text
from apps.content.models import (
    Actor,
    Course,
    GlossaryTerm,
    Lesson,
    Place,
    Reference,
    SearchEntry,
    TimelineEvent,
)
from apps.content.search.pages import backend
from apps.content.search.text import stemmer

# The number of a note in the text, and the arrow that leads back from the note.
_NOTE_LINK = re.compile(
    r'<sup><a class="footnote-ref"[^>]*>.*?</a></sup>|<a class="footnote-back"[^>]*>.*?</a>'
)

Noun = GlossaryTerm | Reference | TimelineEvent | Actor | Place


@transaction.atomic
def refresh_lesson(lesson: Lesson) -> None:
    """Index the lesson's published edition, or nothing when it has none.  Queries: 5.

    After a change of its address, or its unit's, call `rebuild`.
    """
    course = lesson.unit.course
    forget(course=course, kind="lesson", key=_path(lesson))
    _write(course, _lesson_entries(course, lesson))


@transaction.atomic
def refresh_noun(noun: Noun) -> None:
    """Index one term, work, event, actor or place as it stands now.  Queries: 4.

    After a change of its address, `forget` the old one as well.
    """
    entry = _noun_entry(noun.course, noun)
    forget(course=noun.course, kind=entry.kind, key=entry.key)
    _write(noun.course, [entry])


@transaction.atomic
def forget(*, course: Course, kind: str, key: str) -> None:
    """Take one thing out of the index; a lesson ("unit/lesson") with all its sections.

    Queries: 3, or 1 when it was not there.
    """
    entries = SearchEntry.objects.filter(Q(key=key) | Q(key__startswith=f"{key}#"))
    _delete(entries.filter(course=course, kind=kind))


@transaction.atomic
def rebuild(course: Course) -> int:
    """Index a course anew.  Returns: how many entries it has.  Queries: 10 and the batches'."""
    _delete(SearchEntry.objects.filter(course=course))
    lessons = Lesson.objects.published().filter(unit__course=course)
    return _write(
        course, _course_entries(course, lessons.select_related("unit", "published_edition"))
    )


def _course_entries(course: Course, lessons: Iterable[Lesson]) -> Iterator[SearchEntry]:
    for lesson in lessons:
        yield from _lesson_entries(course, lesson)
    for model in (GlossaryTerm, Reference, TimelineEvent, Actor, Place):
        nouns: Iterable[Noun] = model.objects.filter(course=course)
        for noun in nouns:
            yield _noun_entry(course, noun)


def _delete(entries: QuerySet[SearchEntry]) -> None:
    ids = list(entries.values_list("pk", flat=True))
    if ids:
        backend().delete(ids)
        entries.delete()


def _write(course: Course, entries: Iterable[SearchEntry]) -> int:
    written = SearchEntry.objects.bulk_create(entries, batch_size=500)
    if written:
        backend().write(written, stemmer(course.language))
    return len(written)


def _path(lesson: Lesson) -> str:
    return f"{lesson.unit.slug}/{lesson.slug}"


def _lesson_entries(course: Course, lesson: Lesson) -> Iterator[SearchEntry]:
    """The lesson as a whole, by what it promises and sums up, and each of its sections."""
    edition = lesson.published_edition
    if edition is None:
        return
    document: Document = edition.document
    path = _path(lesson)
    points = [*document["objectives"], *document["summary"], *document["questions"]]
    yield SearchEntry(
        course=course,
        kind="lesson",
        key=path,
        title=edition.title,
        context=lesson.unit.title,
        body="\n".join(points),
    )
    for section in document["sections"]:
        yield SearchEntry(
            course=course,
            kind="lesson",
            key=f"{path}#{section['id']}",
            title=section["heading"],
            context=edition.title,
            body=_section_text(document, section),
        )


def _section_text(document: Document, section: SectionPart) -> str:
    """A section's words, and those of its notes."""
    notes = [
        note["html"]
        for note in document["notes"]
        if note["id"].rpartition("-")[0] == f"fn-{section['id']}"
    ]
    return plain_text(_NOTE_LINK.sub("", "\n".join([section["html"], *notes])))


def _noun_entry(course: Course, noun: Noun) -> SearchEntry:
    match noun:
        case GlossaryTerm():
            kind, key, title, context = "term", noun.slug, noun.term, ", ".join(noun.aliases)
        case Actor():
            kind, key, title, context = "actor", noun.slug, noun.name, ", ".join(noun.aliases)
        case TimelineEvent():
            kind, key, title, context = "event", noun.slug, noun.title, noun.date
        case Place():
            kind, key, title, context = "place", noun.slug, noun.name, ""
        case Reference():
            kind, key, title, context = "reference", noun.key, noun.title, str(noun)
    if isinstance(noun, Reference):
        body = " ".join(filter(None, [plain_text(noun.apa_html), noun.note]))
    else:
        body = plain_text(noun.html)
    return SearchEntry(course=course, kind=kind, key=key, title=title, context=context, body=body)
