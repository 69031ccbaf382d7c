"""Keys, addresses, kinds and dates; and whether what a file names exists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices

from apps.content.dates import parse_edtf
from apps.content.enums import ActorKind, EvidenceKind, PlaceKind, ReferenceStatus, ScoStatus
from apps.courseware.format import Fault, Reading
from apps.courseware.format.folder import COURSE, REFERENCES
from apps.courseware.format.records import Lesson

FIGURE_FILE = re.compile(r"[a-z0-9][a-z0-9-]*\.(svg|png|jpg|webp)", re.ASCII)
_NAMED_BY = {"paragraph": "number", "reference": "key"}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)


def name_faults(reading: Reading) -> Iterator[Fault]:
    yield from _duplicates(reading)
    yield from _course(reading)
    yield from _values(reading)
    yield from _pointers(reading)
    yield from _lessons(reading)


def _duplicates(reading: Reading) -> Iterator[Fault]:
    files = reading.files
    yield from repeated(files.course.units, "slug", lambda item: item.slug)
    yield from repeated(files.references, "id", lambda item: item.key)
    yield from repeated(files.paragraphs, "number", lambda item: item.number)
    yield from repeated(files.figures, "file", lambda item: item.file)
    for items in (files.glossary, files.actors, files.timeline, files.places):
        yield from repeated(items, "slug", lambda item: item.slug)
    for lesson in files.lessons:
        yield from repeated(lesson.sections, "anchor", lambda item: item.anchor)
        yield from repeated(lesson.further_reading, "key", lambda item: item.key)
    yield from _term_names(reading)


def repeated(items: Iterable[Any], what: str, name: Callable[[Any], str]) -> Iterator[Fault]:
    seen: dict[str, Any] = {}
    for item in items:
        if not name(item):
            continue
        first = seen.setdefault(name(item), item)
        if first is not item:
            yield item.where.fault(
                f"The {what} “{name(item)}” stands in {_place(first, item)} already.",
                "Give one of the two another.",
                what,
            )


def _place(first: Any, item: Any) -> str:
    is_here = first.where.file == item.where.file
    return f"line {first.where.line}" if is_here else first.where.file


def _term_names(reading: Reading) -> Iterator[Fault]:
    """A link [[name]] must lead to one term, whichever of its names is written."""
    owners: dict[str, Any] = {}
    for term in reading.files.glossary:
        for name in {name.casefold() for name in (term.slug, term.term, *term.aliases)}:
            owner = owners.setdefault(name, term)
            if owner.slug != term.slug:
                yield term.where.fault(
                    f"“{name}” is also a name of the term “{owner.slug}”.",
                    "Let one term have it.",
                    "aliases",
                )


def _course(reading: Reading) -> Iterator[Fault]:
    course = reading.files.course
    if COURSE in reading.unread:
        return
    if course.language and not LANGUAGE.fullmatch(course.language):
        yield course.where.fault(
            f"“{course.language}” is not a language code.", "Write it like en.", "language"
        )
    if course.licence.url:
        try:
            URLValidator(schemes=["http", "https"])(course.licence.url)
        except ValidationError:
            yield course.licence.where.fault(
                f"“{course.licence.url}” is not an address.", "Write it like https://….", "url"
            )
    published = course.article.published
    if published:
        try:
            date.fromisoformat(published)
        except ValueError:
            yield course.article.where.fault(
                f"“{published}” is not a day.", 'Write it like "2025-01-31", or null.', "published"
            )
    taught = {lesson.unit for lesson in reading.files.lessons}
    taught |= {name.split("/")[1] for name in reading.unread if name.startswith("lessons/")}
    for unit in course.units:
        if unit.slug and unit.slug not in taught:
            yield unit.where.fault(
                f"The unit “{unit.slug}” has no lessons.",
                f"Write lessons/{unit.slug}/01-….md, or remove the unit.",
                level="unfinished",
            )


def _values(reading: Reading) -> Iterator[Fault]:
    files = reading.files
    for reference in files.references:
        yield from one_of(reference, "kind", EvidenceKind)
        yield from one_of(reference, "status", ReferenceStatus)
    for actor in files.actors:
        yield from one_of(actor, "kind", ActorKind)
        yield from one_of(actor, "sco", ScoStatus)
        yield from _edtf(actor, "sco_since")
        if actor.iso and not re.fullmatch("[A-Z]{2}", actor.iso):
            yield actor.where.fault(
                f"“{actor.iso}” is not a country code.", "Write two capitals such as PK.", "iso"
            )
    for event in files.timeline:
        yield from _edtf(event, "date")
    for place in files.places:
        yield from one_of(place, "kind", PlaceKind)
    for figure in files.figures:
        if figure.file and not FIGURE_FILE.fullmatch(figure.file):
            yield figure.where.fault(
                f"“{figure.file}” is not a file name that a figure may have.",
                "Use small letters, digits and hyphens, then .svg, .png, .jpg or .webp.",
                "file",
            )


def one_of(item: Any, key: str, choices: type[TextChoices]) -> Iterator[Fault]:
    value = getattr(item, key)
    if value and value not in choices.values:
        yield item.where.fault(
            f"{key}: “{value}” is unknown.", f"Known: {', '.join(choices.values)}.", key
        )


def _edtf(item: Any, key: str) -> Iterator[Fault]:
    value = getattr(item, key)
    if value:
        try:
            parse_edtf(value)
        except ValueError as error:
            yield item.where.fault(str(error), "docs/course-format.md lists the forms.", key)


def _pointers(reading: Reading) -> Iterator[Fault]:
    files = reading.files
    sections = [section for lesson in files.lessons for section in lesson.sections]
    readings = [work for lesson in files.lessons for work in lesson.further_reading]
    nouns = [*files.glossary, *files.actors, *files.timeline, *files.places]
    for file, noun, known, items, key in (
        ("paragraphs.yaml", "paragraph", files.paragraphs, [*nouns, *sections], "sources"),
        (REFERENCES, "reference", files.references, files.paragraphs, "cites"),
        (REFERENCES, "reference", files.references, readings, "key"),
        ("actors.yaml", "actor", files.actors, files.timeline, "actors"),
    ):
        if file not in reading.unread:
            names = {getattr(each, _NAMED_BY.get(noun, "slug")) for each in known}
            for item in items:
                yield from unknown(item, key, names, noun)


def unknown(item: Any, key: str, known: Container[str], noun: str) -> Iterator[Fault]:
    value = getattr(item, key)
    for name in (value,) if isinstance(value, str) else value:
        if name and name not in known:
            yield item.where.fault(
                f"There is no {noun} “{name}”.", "Correct it, or add it.", key, name
            )


def _lessons(reading: Reading) -> Iterator[Fault]:
    yield from repeated(reading.files.lessons, "address", lambda lesson: lesson.path)
    for lesson in reading.files.lessons:
        if len(lesson.slug) > 80:
            yield lesson.where.fault("The file's name is too long.", "Use 80 characters.")
        if not lesson.sections:
            yield lesson.where.fault(
                "The lesson has no sections.",
                'Write `## Heading {#anchor sources="P06"}`.',
                level="unfinished" if lesson.draft else "error",
            )
        for section in lesson.sections:
            for number in {n for n in section.sources if section.sources.count(n) > 1}:
                yield section.where.fault(
                    f"The section names {number} more than once.", "Name it once."
                )
    yield from _numbering(reading)


def _numbering(reading: Reading) -> Iterator[Fault]:
    """Each unit's lessons are 01, 02, 03, …: their order, and the names that an export gives."""
    unsure = {name.split("/")[1] for name in reading.unread if name.startswith("lessons/")}
    units: defaultdict[str, list[Lesson]] = defaultdict(list)
    for lesson in reading.files.in_order().lessons:
        units[lesson.unit].append(lesson)
    for unit, lessons in units.items():
        wrong = (lesson for place, lesson in enumerate(lessons, 1) if lesson.position != place)
        first = next(wrong, None)
        if first and unit not in unsure:
            yield first.where.fault(
                f"The lessons of “{unit}” are not numbered 01 to {len(lessons):02}.",
                "Number the files without gaps or repetition.",
                level="unfinished",
            )
