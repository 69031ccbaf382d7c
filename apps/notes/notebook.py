"""A person's notes as one Markdown file. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Leaf:
    """A note. quotation: "" where it is about a section as a whole. body: its author's Markdown.

    facts: what else is to be said of it, in words: its kind, day, source paragraphs, readers.
    """

    heading: str
    quotation: str
    body: str
    link: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonLeaf:
    """The notes of one lesson. link: "" where readers cannot open it any more."""

    course: str
    lesson: str
    link: str
    notes: tuple[Leaf, ...]


def as_markdown(title: str, lessons: Sequence[LessonLeaf], *, host: str, open_words: str) -> str:
    """The notebook: courses, their lessons, and each note under its section's heading.

    host: put before links. open_words: the words of a link back to a passage.
    """
    lines = [f"# {title}", ""]
    for course, of_course in groupby(lessons, key=lambda each: each.course):
        lines += [f"## {_line(course)}", ""]
        for lesson in of_course:
            name = _line(lesson.lesson)
            lines += [f"### [{name}]({host}{lesson.link})" if lesson.link else f"### {name}", ""]
            for heading, notes in groupby(lesson.notes, key=lambda each: each.heading):
                lines += [f"#### {_line(heading)}", ""] if heading else []
                for note in notes:
                    lines += _note(note, host, open_words)
    return "\n".join(lines).rstrip() + "\n"


def _note(note: Leaf, host: str, open_words: str) -> list[str]:
    facts = [*note.facts, *([f"[{open_words}]({host}{note.link})"] if note.link else [])]
    lines = [f"> {note.quotation}", ""] if note.quotation else []
    lines += [note.body, ""] if note.body else []
    return [*lines, f"({'; '.join(facts)})", ""]


def _line(text: str) -> str:
    """One line that starts and ends no link."""
    return " ".join(text.split()).replace("[", "\\[").replace("]", "\\]")
