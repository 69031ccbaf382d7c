from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from apps.content.models import Course
from apps.courseware import selectors
from apps.courseware.errors import FolderInUse, NotExportable
from apps.courseware.format import FormatError, read_folder, write_folder

# What an export writes, and therefore may replace.
_OURS = re.compile(
    r"course\.yaml|LICENCE\.md|references\.json"
    r"|(paragraphs|glossary|actors|timeline|places|figures)\.yaml"
    r"|(questions|quizzes|debates)/[^/.][^/]*\.yaml"
    r"|figures/[^/.][^/]*|lessons/[^/.][^/]*/[^/.][^/]*\.md"
)


@dataclass(frozen=True, slots=True)
class ExportReport:
    path: Path
    files: int


def course_export(course: Course, path: Path) -> ExportReport:
    """Write the course's draft rows as canonical files; `path` then holds these and no others.

    The folder appears whole or not at all: it is written beside `path` and renamed. An earlier
    export of the same course is replaced; any other folder with something in it is refused.
    Raises: FolderInUse; NotExportable, naming the text.
    """
    try:
        folder = write_folder(selectors.course_files(course))
    except FormatError as error:
        raise NotExportable(str(error)) from error
    path = path.absolute()
    _check_target(path, course.slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as beside:
        fresh = Path(beside, "fresh")
        for name, content in folder.items():
            file = fresh / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        if path.exists():
            path.rename(Path(beside, "old"))
        fresh.rename(path)
    return ExportReport(path, len(folder))


def _check_target(path: Path, slug: str) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise FolderInUse(path)
    if not path.exists() or not any(path.iterdir()):
        return
    for folder, folders, files in os.walk(path):
        relative = Path(folder).relative_to(path)
        names = [(relative / name).as_posix() for name in files]
        is_linked = any(Path(folder, name).is_symlink() for name in (*folders, *files))
        if is_linked or not all(_OURS.fullmatch(name) for name in names):
            raise FolderInUse(path)
    if read_folder(path).files.course.slug != slug:
        raise FolderInUse(path)
