"""A course's folder as one value, and back. Reads the disk; knows nothing of a database."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from apps.content.dates import parse_edtf
from apps.courseware.format import lessons, references, yamltext
from apps.courseware.format.faults import Fault
from apps.courseware.format.plaintext import MAX_FILE_BYTES, decode, writable
from apps.courseware.format.records import (
    Actor,
    Course,
    Debate,
    Figure,
    Lesson,
    Paragraph,
    Place,
    Question,
    Quiz,
    Reference,
    Term,
    TimelineEvent,
)
from apps.courseware.format.shapes import read_record, read_records, write_record

COURSE: Final = "course.yaml"
REFERENCES: Final = "references.json"
LICENCE: Final = "LICENCE.md"
OTHER_QUESTIONS: Final = "questions/other.yaml"  # those of no lesson
MAX_FILES: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFiles:
    """Everything that a course's files say. Each tuple is in canonical order once written."""

    course: Course
    references: tuple[Reference, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    glossary: tuple[Term, ...] = ()
    actors: tuple[Actor, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    places: tuple[Place, ...] = ()
    figures: tuple[Figure, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    questions: tuple[Question, ...] = ()
    quizzes: tuple[Quiz, ...] = ()
    debates: tuple[Debate, ...] = ()

    def in_order(self) -> CourseFiles:
        """The same course, each list in its canonical order."""
        units = {unit.slug: index for index, unit in enumerate(self.course.units)}
        places = {item.path: item.position for item in self.lessons}

        def by_lesson(item: Question) -> Any:
            unit = units.get(item.lesson.partition("/")[0], len(units))
            place = places.get(item.lesson, len(places))
            return unit, place, item.lesson, item.position, item.slug

        return CourseFiles(
            course=self.course,
            references=tuple(sorted(self.references, key=lambda item: item.key)),
            **{
                name: tuple(sorted(getattr(self, name), key=order))
                for name, (_cls, order) in LISTS.items()
            },
            lessons=tuple(
                sorted(
                    self.lessons,
                    key=lambda item: (units.get(item.unit, len(units)), item.position, item.slug),
                )
            ),
            questions=tuple(sorted(self.questions, key=by_lesson)),
            quizzes=tuple(sorted(self.quizzes, key=_by_slug)),
            debates=tuple(sorted(self.debates, key=_by_slug)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What read_folder found.

    originals: the text of each file as it was read, {path in the folder: bytes}.
    unread: files of which a part could not be read, so that what they hold is not known.
    """

    files: CourseFiles
    originals: dict[str, bytes]
    faults: list[Fault] = field(default_factory=list)
    unread: frozenset[str] = frozenset()


def _by_slug(item: Any) -> Any:
    return item.slug


def _by_number(item: Paragraph) -> Any:
    return len(item.number), item.number


def _by_date(item: TimelineEvent) -> Any:
    try:
        day = parse_edtf(item.date)
    except ValueError:
        return date.max, date.max, item.slug
    return day.starts_on, day.ends_on, item.slug


# The YAML files that hold one list each: the noun, and the order of the canonical form.
LISTS: Final[dict[str, tuple[type[Any], Callable[[Any], Any]]]] = {
    "paragraphs": (Paragraph, _by_number),
    "glossary": (Term, _by_slug),
    "actors": (Actor, _by_slug),
    "timeline": (TimelineEvent, _by_date),
    "places": (Place, _by_slug),
    "figures": (Figure, lambda item: item.file),
}


def read_folder(path: Path) -> Reading:
    """Read every file under `path`; whatever cannot be read becomes a fault, never an error."""
    faults: list[Fault] = []
    return parse_folder(_originals(path, faults), faults)


def parse_folder(originals: dict[str, bytes], faults: list[Fault] | None = None) -> Reading:
    """As read_folder, of files that are already in memory; `faults` are those found before."""
    faults = faults or []
    reader = _FolderReader(originals, faults)
    files = CourseFiles(
        course=reader.course(),
        references=reader.references(),
        **{name: reader.list_of(name, cls) for name, (cls, _order) in LISTS.items()},
        lessons=reader.lessons(),
        questions=reader.questions(),
        quizzes=reader.each_in("quizzes", Quiz),
        debates=reader.each_in("debates", Debate),
    )
    reader.report_strays()
    return Reading(files=files, originals=originals, faults=faults, unread=frozenset(reader.unread))


def write_folder(files: CourseFiles) -> dict[str, bytes]:
    """The canonical files, {path in the folder: bytes}.

    Raises: FormatError when a text cannot be written; the message says which.
    """
    folder = {name: emit().encode() for name, emit in emit_files(files).items()}
    for figure in files.figures:
        if figure.content is not None:
            folder[f"figures/{figure.file}"] = figure.content
    return folder


def emit_files(files: CourseFiles) -> dict[str, Callable[[], str]]:
    """For each text file, by its path in the folder, a call that makes its canonical text."""
    files = files.in_order()
    emits: dict[str, Callable[[], str]] = {
        COURSE: partial(_emit, files.course),
        LICENCE: lambda: licence_text(files.course),
        REFERENCES: lambda: references.emit(files.references),
    }
    for name in LISTS:
        emits[f"{name}.yaml"] = partial(_emit_list, getattr(files, name))
    for lesson in files.lessons:
        path = f"lessons/{lesson.unit}/{lessons.file_name(lesson)}"
        emits[path] = partial(lessons.emit, lesson)
    banks: defaultdict[str, list[Question]] = defaultdict(list)
    for question in files.questions:
        banks[question.file].append(question)
    for path, questions in banks.items():
        emits[path] = partial(_emit_list, tuple(questions))
    for quiz in files.quizzes:
        emits[f"quizzes/{quiz.slug}.yaml"] = partial(_emit, quiz)
    for debate in files.debates:
        emits[f"debates/{debate.slug}.yaml"] = partial(_emit, debate)
    return emits


def _emit(record: Any) -> str:
    return yamltext.emit(write_record(record))


def _emit_list(records: tuple[Any, ...]) -> str:
    return yamltext.emit(yamltext.sequence([write_record(record) for record in records]))


def licence_text(course: Course) -> str:
    """LICENCE.md, which follows from course.yaml: a copied folder carries its terms with it."""
    licence = course.licence
    name = f"[{licence.name}]({licence.url})" if licence.url else licence.name
    parts = [f"# {course.title}", f"Licence of everything in this folder: {name}.", licence.notice]
    return writable("\n\n".join(part for part in parts if part)) + "\n"


def _originals(path: Path, faults: list[Fault]) -> dict[str, bytes]:
    """The bytes of each file, by its path in the folder. Dot files are not seen."""
    originals: dict[str, bytes] = {}
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            relative = file.relative_to(path).as_posix()
            if name.startswith("."):
                continue
            if file.is_symlink() or not file.is_file():
                faults.append(Fault(relative, 0, "This is not a plain file.", "Copy it here."))
                continue
            if len(originals) == MAX_FILES:
                faults.append(
                    Fault("", 0, f"The folder holds over {MAX_FILES} files.", "Split the course.")
                )
                return originals
            with file.open("rb") as stream:
                originals[relative] = stream.read(MAX_FILE_BYTES + 1)
    return originals


class _FolderReader:
    """Takes each expected file from `originals`; what nobody took is stray."""

    def __init__(self, originals: dict[str, bytes], faults: list[Fault]) -> None:
        self.originals = originals
        self.faults = faults
        self.taken: set[str] = {LICENCE}
        self.unread: set[str] = set()
        self.units: tuple[str, ...] = ()

    def text(self, name: str) -> str | None:
        self.taken.add(name)
        raw = self.originals.get(name)
        if raw is None:
            self.faults.append(
                Fault(name, 0, "The file is missing.", "Write it; a list without items is [].")
            )
            return None
        return decode(raw, name, self.faults)

    def node(self, name: str) -> yamltext.Node | None:
        text = self.text(name)
        node = None if text is None else yamltext.parse(text, name, self.faults)
        if node is None:
            self.unread.add(name)
        return node

    def course(self) -> Course:
        node = self.node(COURSE)
        course = None if node is None else read_record(Course, node, COURSE, self.faults)
        if course is None:
            self.unread.add(COURSE)
            course = read_record(Course, yamltext.Mapping((), 0), COURSE, [])
            assert course is not None  # noqa: S101 - a mapping always becomes a record
        self.units = tuple(unit.slug for unit in course.units)
        return course

    def references(self) -> tuple[Reference, ...]:
        text = self.text(REFERENCES)
        before = len(self.faults)
        found = references.parse(text, REFERENCES, self.faults) if text is not None else ()
        if text is None or len(self.faults) > before:
            self.unread.add(REFERENCES)
        return found

    def list_of(self, name: str, cls: type[Any]) -> tuple[Any, ...]:
        file = f"{name}.yaml"
        node = self.node(file)
        records = () if node is None else read_records(cls, node, file, self.faults)
        if cls is Figure:
            return tuple(self._with_content(figure) for figure in records)
        return records

    def _with_content(self, figure: Figure) -> Figure:
        name = f"figures/{figure.file}"
        self.taken.add(name)
        return Figure(
            file=figure.file,
            alt=figure.alt,
            credit=figure.credit,
            content=self.originals.get(name),
            where=figure.where,
        )

    def lessons(self) -> tuple[Lesson, ...]:
        found = []
        for name in self.originals:
            parts = name.split("/")
            if parts[0] != "lessons" or len(parts) != 3:
                continue
            _lessons, unit, file = parts
            match = lessons.FILE_NAME.fullmatch(file)
            if not match:
                self.taken.add(name)
                self.unread.add(name)
                self.faults.append(
                    Fault(name, 0, "The file's name is wrong.", "Name it like 01-a-short-title.md.")
                )
                continue
            if unit not in self.units and COURSE not in self.unread:
                continue  # its folder belongs to no unit, so it is stray
            text = self.text(name)
            lesson = None
            if text is not None:
                lesson = lessons.parse(
                    text, name, self.faults, unit=unit, position=int(match[1]), slug=match[2]
                )
            if lesson is None:
                self.unread.add(name)
            else:
                found.append(lesson)
        return tuple(found)

    def questions(self) -> tuple[Question, ...]:
        """Every question, whose file must be that of its lesson's unit."""
        found: list[Question] = []
        for name in self.originals:
            folder, _slash, file = name.partition("/")
            unit = file.removesuffix(".yaml")
            is_expected = unit in self.units or name == OTHER_QUESTIONS or COURSE in self.unread
            if folder != "questions" or file == unit or "/" in file or not is_expected:
                continue
            node = self.node(name)
            places: Counter[str] = Counter()
            records = (
                () if node is None else read_records(Question, node, name, self.faults, position=0)
            )
            if not records and node is not None:
                self.faults.append(Fault(name, 0, "It holds no questions.", "Remove the file."))
            for record in records:
                places[record.lesson] += 1
                found.append(replace(record, position=places[record.lesson]))
                if record.file != name:
                    self.faults.append(
                        record.where.fault(
                            "The question stands in the wrong file.",
                            f"Move it to {record.file}, where its lesson's others are.",
                            "lesson",
                        )
                    )
        return tuple(found)

    def each_in(self, wanted: str, cls: type[Any]) -> tuple[Any, ...]:
        """Of each file in the folder `wanted` its one record, whose slug names the file."""
        found: list[Any] = []
        for name in self.originals:
            folder, _slash, file = name.partition("/")
            if folder != wanted or not file.endswith(".yaml") or "/" in file:
                continue
            node = self.node(name)
            record = None if node is None else read_record(cls, node, name, self.faults)
            if record is None:
                self.unread.add(name)
            else:
                found.append(record)
                if name != f"{wanted}/{record.slug}.yaml":
                    self.faults.append(
                        record.where.fault(
                            "The file's name is not its slug.",
                            f"Name it {record.slug}.yaml, or correct the slug.",
                            "slug",
                        )
                    )
        return tuple(found)

    def report_strays(self) -> None:
        for name in self.originals.keys() - self.taken:
            parts = name.split("/")
            if parts[0] == "lessons" and len(parts) == 3:
                message = f"No unit has the address “{parts[1]}”."
                remedy = f"Add it to units in {COURSE}, or remove the folder."
            elif parts[0] == "questions" and len(parts) == 2 and name.endswith(".yaml"):
                message = f"No unit has the address “{parts[1].removesuffix('.yaml')}”."
                remedy = f"Name it by its lessons' unit, or {OTHER_QUESTIONS} without lessons."
            elif parts[0] == "figures" and len(parts) == 2:
                message, remedy = "figures.yaml does not name this file.", "Add it, or remove it."
            else:
                message, remedy = "The file is no part of a course.", "Remove it."
            self.faults.append(Fault(name, 0, message, remedy))
