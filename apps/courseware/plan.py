"""What a load will do to each object: the files, the site and the last load compared. Pure.

`base` is what the files said at the last load, `ours` what the site says now, `theirs` what the
files say. Each is {key: value}; a value is the checksum of an object, or the names of a list in
their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from apps.courseware.format import CourseFiles
from apps.courseware.format.records import checksum


class Action(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"  # gone from the files, but published once: its editions stay
    RETIRED = "retired"  # gone from the files, but students were asked it, or a quiz names it
    STILL_USED = "still used"  # gone from the files, but something on the site needs it
    KEPT = "kept"  # alike in the files and on the site
    EDITED = "edited here"  # the site's version stays
    CONFLICT = "conflict"  # both changed it


WRITES = frozenset({Action.CREATED, Action.CHANGED, Action.REMOVED})


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """`kind` is a noun such as "term" or "order"; `name` its slug, key, number or path."""

    kind: str
    name: str
    action: Action


def object_values(files: CourseFiles) -> dict[str, str]:
    """{"kind:name": value} of everything in a course. The names of lists stand apart from their
    items, so that adding a lesson does not touch the others.
    """
    course = files.course
    values = {
        "course:": checksum(course, without=("units",)),
        "order:units": " ".join(unit.slug for unit in course.units),
    }
    for unit in course.units:
        values[f"unit:{unit.slug}"] = checksum(unit)
        lessons = [lesson for lesson in files.lessons if lesson.unit == unit.slug]
        lessons.sort(key=lambda lesson: lesson.position)
        values[f"order:{unit.slug}/"] = " ".join(lesson.slug for lesson in lessons)
    values |= {f"reference:{item.key}": checksum(item) for item in files.references}
    values |= {f"paragraph:{item.number}": checksum(item) for item in files.paragraphs}
    values |= {f"figure:{item.file}": checksum(item) for item in files.figures}
    for kind, items in (
        ("term", files.glossary),
        ("actor", files.actors),
        ("event", files.timeline),
        ("place", files.places),
    ):
        values |= {f"{kind}:{item.slug}": checksum(item) for item in items}
    for lesson in files.lessons:
        values[f"lesson:{lesson.path}"] = checksum(lesson, without=("position",))
    values |= {f"quiz:{quiz.slug}": checksum(quiz) for quiz in files.quizzes}
    values |= {f"debate:{debate.slug}": checksum(debate) for debate in files.debates}
    banks: defaultdict[str, list[str]] = defaultdict(list)
    for question in sorted(files.questions, key=lambda question: question.position):
        banks[question.lesson].append(question.slug)
        values[f"question:{question.slug}"] = checksum(question, without=("position",))
    for lesson_path, slugs in banks.items():
        values[f"order:questions:{lesson_path}"] = " ".join(slugs)
    return values


def make_plan(
    *,
    base: Mapping[str, str],
    ours: Mapping[str, str],
    theirs: Mapping[str, str],
    replace_edits: bool,
    keep_edits: bool,
) -> dict[str, Action]:
    """{key: action} for every object that is in the files, on the site, or both.

    What only the site has, because it was made there, is never removed.
    """
    plan: dict[str, Action] = {}
    for key in sorted({*base, *ours, *theirs}):
        decide = _decide_order if key.startswith("order:") else _decide
        action = decide(base.get(key), ours.get(key), theirs.get(key), replace_edits=replace_edits)
        if action is Action.CONFLICT and keep_edits:
            action = Action.EDITED
        if action is not None:
            plan[key] = action
    return plan


def _decide(
    base: str | None, ours: str | None, theirs: str | None, *, replace_edits: bool
) -> Action | None:
    """None where there is nothing to say: neither the files nor the site have it."""
    if ours == theirs:
        return None if theirs is None else Action.KEPT
    if theirs is None and base is None:
        return Action.EDITED
    if base == theirs and not replace_edits:
        return Action.EDITED
    if base != ours and not replace_edits:
        return Action.CONFLICT
    if theirs is None:
        return Action.REMOVED
    return Action.CREATED if ours is None else Action.CHANGED


def _decide_order(
    base: str | None, ours: str | None, theirs: str | None, *, replace_edits: bool
) -> Action | None:
    """As _decide, of the names that both sides have: one more is no change of order."""
    if ours is None or theirs is None:
        return None
    before, here, there = (text.split() for text in (base or "", ours, theirs))
    if _common(here, there) == _common(there, here):
        return Action.KEPT
    was_moved_here = _common(here, before) != _common(before, here)
    was_moved_there = _common(there, before) != _common(before, there)
    if was_moved_here and not replace_edits:
        return Action.CONFLICT if was_moved_there else Action.EDITED
    return Action.CHANGED


def _common(names: list[str], others: list[str]) -> list[str]:
    return [name for name in names if name in others]
