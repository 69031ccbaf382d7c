"""Everything that is wrong with a course's files, at once, each with its place and its remedy.

check_folder(path) -> Checked(files, canonical, faults)

names.py      keys, addresses, kinds, dates, and what points to what
texts.py      Markdown, through content.markdown and content.checks
bank.py       questions and quizzes, as apps.quizzes judges them
advice.py     what a careful author of questions looks at again
coverage.py   what teaches each paragraph and uses each reference
pictures.py   what is inside a figure's file
canonical.py  where a file departs from its one canonical form
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from apps.courseware.checks.advice import bank_advice
from apps.courseware.checks.bank import bank_faults
from apps.courseware.checks.canonical import canonical_faults, canonical_files
from apps.courseware.checks.coverage import coverage_faults
from apps.courseware.checks.debates import debate_faults
from apps.courseware.checks.names import name_faults
from apps.courseware.checks.pictures import picture_faults
from apps.courseware.checks.texts import text_faults
from apps.courseware.format import CourseFiles, Fault, Reading, read_folder

__all__ = ["Checked", "check_folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """faults: in order of file and line."""

    files: CourseFiles
    faults: tuple[Fault, ...]
    reading: Reading

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.level == "error"]

    @property
    def canonical(self) -> dict[str, bytes]:
        """What --fix writes: {path: bytes} of every text file that was read whole."""
        return canonical_files(self.reading)[0]

    def rewrite(self, path: Path) -> list[str]:
        """Write the canonical form over each file that departs from it; returns their names.

        A file that could not be read whole stays as it is.
        """
        written = []
        for name, content in sorted(self.canonical.items()):
            if self.reading.originals.get(name) != content:
                (path / name).write_bytes(content)
                written.append(name)
        return written


def check_folder(path: Path) -> Checked:
    """Read a course's folder and report every fault in it. Writes nothing."""
    reading = read_folder(path)
    faults = [
        *reading.faults,
        *name_faults(reading),
        *text_faults(reading),
        *coverage_faults(reading),
        *picture_faults(reading),
        *bank_faults(reading),
        *bank_advice(reading),
        *debate_faults(reading),
    ]
    # Where something is wrong, its form is of no interest yet.
    wrong = {fault.file for fault in faults if fault.level == "error"}
    faults += [fault for fault in canonical_faults(reading) if fault.file not in wrong]
    return Checked(files=reading.files, faults=tuple(sorted(set(faults))), reading=reading)
