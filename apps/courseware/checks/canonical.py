"""Where a file departs from its one canonical form."""

from __future__ import annotations

from itertools import zip_longest

from apps.courseware.format import Fault, FormatError, Reading
from apps.courseware.format.folder import COURSE, LICENCE, emit_files


def canonical_files(reading: Reading) -> tuple[dict[str, bytes], list[Fault]]:
    """{path: canonical bytes} of each text file that was read whole, and faults of the others.

    A file with an error of its own is left out: rewriting it could lose what was not understood.
    """
    broken = {fault.file for fault in reading.faults} | reading.unread
    if COURSE in broken:
        broken.add(LICENCE)
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name, emit in emit_files(reading.files).items():
        if name in broken:
            continue
        try:
            files[name] = emit().encode()
        except FormatError as error:
            faults.append(Fault(name, 0, str(error), "Change that text."))
    return files, faults


def canonical_faults(reading: Reading) -> list[Fault]:
    """One fault a file that differs from its canonical form, at the first line that does."""
    files, faults = canonical_files(reading)
    for name, canonical in files.items():
        original = reading.originals.get(name, b"")
        if original != canonical:
            faults.append(_departure(name, original, canonical))
    return faults


def _departure(name: str, original: bytes, canonical: bytes) -> Fault:
    lines = zip_longest(original.split(b"\n"), canonical.split(b"\n"))
    line, (found, wanted) = next(
        (number, pair) for number, pair in enumerate(lines, 1) if pair[0] != pair[1]
    )
    return Fault(
        name,
        line,
        f"This is not the canonical form: {_shown(found)} stands where {_shown(wanted)} belongs.",
        "Run course_check with --fix.",
        "unfinished",
    )


def _shown(line: bytes | None) -> str:
    if line is None:
        return "nothing"
    text = line.decode("utf-8", errors="replace")
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
