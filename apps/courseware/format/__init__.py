"""The course format: text files into frozen records and back. Pure.

    read_folder(path) -> Reading(files, originals, faults)    folder.py
    write_folder(files) -> {path in the folder: bytes}        folder.py
    records.py   what the files say, one dataclass a noun; its fields are the keys, in order
    shapes.py    how one key is read from YAML, checked and written
    lessons.py   front matter and sections
    references.py, yamltext.py, plaintext.py   the three kinds of text underneath
    faults.py    Fault (file, line, what is wrong, what to do) and Where a record was read

Guarantees, for every `files` that write_folder accepts: reading what it wrote gives equal
records, and writing those gives the same bytes. docs/course-format.md is the specification.
"""

from apps.courseware.format.faults import Fault, FormatError, Where
from apps.courseware.format.folder import (
    CourseFiles,
    Reading,
    parse_folder,
    read_folder,
    write_folder,
)

__all__ = [
    "CourseFiles",
    "Fault",
    "FormatError",
    "Reading",
    "Where",
    "parse_folder",
    "read_folder",
    "write_folder",
]
