"""Text as the format knows it: Unicode NFC, LF line ends, no control characters. Pure."""

from __future__ import annotations

import re
import unicodedata

from apps.courseware.format.faults import Fault, FormatError

MAX_FILE_BYTES = 1024 * 1024

# Controls except tab and line feed, the other line ends of Unicode, the byte order mark,
# halves of surrogate pairs and the two non-characters that YAML has no notation for.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` in NFC with LF line ends; everything else is kept."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_body(text: str) -> str:
    """A section's Markdown without the blank lines around it; inside, nothing changes."""
    return re.sub(r"\A(?:[ \t]*\n)+", "", clean(text)).rstrip()


def forbidden_character(text: str) -> tuple[int, str] | None:
    """Index and name (U+0007) of the first character that no course file may hold."""
    match = _FORBIDDEN.search(text)
    return (match.start(), f"U+{ord(match[0]):04X}") if match else None


def writable(text: str) -> str:
    """`text` made clean.  Raises: FormatError when it holds what no course file may hold."""
    text = clean(text)
    if found := forbidden_character(text):
        raise FormatError(f"“{text[:60]}” holds the control character {found[1]}; delete it.")
    return text


def decode(raw: bytes, file: str, faults: list[Fault]) -> str | None:
    """The clean text of a file, or None with a fault when it is not such text."""
    if len(raw) > MAX_FILE_BYTES:
        faults.append(
            Fault(file, 0, f"The file is larger than {MAX_FILE_BYTES:,} bytes.", "Make it shorter.")
        )
        return None
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        faults.append(Fault(file, line, "The text is not UTF-8.", "Save the file as UTF-8."))
        return None
    text = clean(text)
    if found := forbidden_character(text):
        index, name = found
        faults.append(
            Fault(
                file,
                text.count("\n", 0, index) + 1,
                f"The control character {name} cannot stand in a course file.",
                "Delete it.",
            )
        )
        return None
    return text
