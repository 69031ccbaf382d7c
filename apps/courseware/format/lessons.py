"""lessons/<unit>/<nn>-<slug>.md: YAML front matter, then sections of Markdown. Pure.

A section begins at a level-two heading that ends in {#anchor sources="P06"}. Whether a line is
a heading, or text in a code block that looks like one, is asked of the Markdown parser.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from types import MappingProxyType
from typing import Final

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from apps.courseware.format import yamltext
from apps.courseware.format.faults import Fault, FormatError, Where
from apps.courseware.format.plaintext import clean, clean_body, writable
from apps.courseware.format.records import Lesson, Section
from apps.courseware.format.shapes import ANCHOR, PARAGRAPH, SLUG, read_record, write_record

FILE_NAME = re.compile(rf"([0-9]{{2,3}})-({SLUG.pattern})\.md", re.ASCII)
_HEADING = re.compile(r"## (.*) \{#([^{}]*)\}[ \t]*")
_ATTRIBUTES = re.compile(r'(\S+)(?:[ \t]+sources="([^"]*)")?[ \t]*')
_EXAMPLE: Final = '`## Heading {#anchor sources="P06"}`'

# Block structure alone: what a section's lines say does not matter here.
# The same extensions as content.markdown, so that both see the same blocks.
_blocks = MarkdownIt("commonmark", {"html": False}).enable("table")
_blocks.use(deflist_plugin).use(footnote_plugin, inline=False).disable(["reference", "html_block"])
_blocks.core.ruler.enableOnly(["normalize", "block"])


def parse(
    text: str, file: str, faults: list[Fault], *, unit: str, position: int, slug: str
) -> Lesson | None:
    """The lesson in `text`, or None when its front matter cannot be read."""
    lines = text.split("\n")
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        faults.append(
            Fault(file, 1, "The front matter is missing.", "Begin with ---, its keys, and ---.")
        )
        return None
    front = yamltext.parse("\n".join([*lines[1:end], ""]), file, faults, first_line=2)
    if front is None:
        return None
    sections = _sections(lines[end + 1 :], end + 2, file, faults)
    return read_record(
        Lesson, front, file, faults, unit=unit, position=position, slug=slug, sections=sections
    )


def emit(lesson: Lesson) -> str:
    """The canonical text.

    Raises: FormatError when a section could not be read back: its text holds a line that
    begins a section, or leaves a code block open that would swallow the next one.
    """
    parts = ["---\n", yamltext.emit(write_record(lesson)), "---\n"]
    for section in lesson.sections:
        sources = " ".join(section.sources)
        parts.append(f'\n## {clean(section.heading)} {{#{section.anchor} sources="{sources}"}}\n')
        if body := clean_body(section.body):
            parts.append(f"\n{body}\n")
    text = writable("".join(parts))
    again = parse(text, "", [], unit=lesson.unit, position=lesson.position, slug=lesson.slug)
    found = again.sections if again else ()
    for section, same in zip_longest(lesson.sections, found):
        expected = section and Section(
            anchor=section.anchor,
            heading=clean(section.heading),
            sources=section.sources,
            body=clean_body(section.body),
        )
        if same != expected:
            anchor = section.anchor if section else same.anchor
            raise FormatError(
                f"{lesson.path}#{anchor} cannot be written: its heading has several lines, a "
                f"line of its text looks like a section's heading ({_EXAMPLE}), or a code block "
                "is not closed."
            )
    return text


def file_name(lesson: Lesson) -> str:
    return f"{lesson.position:02}-{lesson.slug}.md"


def _sections(
    lines: list[str], first_line: int, file: str, faults: list[Fault]
) -> tuple[Section, ...]:
    heads = _headings(lines)
    starts = [index for index, _match in heads]
    before = starts[0] if starts else len(lines)
    stray = next((index for index in range(before) if lines[index].strip()), None)
    if stray is not None:
        faults.append(
            Fault(
                file,
                first_line + stray,
                "This text stands before the first section.",
                f"Begin the section with {_EXAMPLE}.",
            )
        )
    sections = []
    for (index, match), end in zip(heads, [*starts[1:], len(lines)], strict=False):
        line = first_line + index
        heading, attributes = match.groups()
        anchor, sources = _attributes(attributes, file, line, faults)
        if not heading.strip():
            faults.append(Fault(file, line, "The section has no heading.", f"Write {_EXAMPLE}."))
        elif len(heading) > 200:
            faults.append(Fault(file, line, "The heading is too long.", "Use 200 characters."))
        blank = next((i for i in range(index + 1, end) if lines[i].strip()), index)
        where = Where(file, line, MappingProxyType({("body",): first_line + blank}))
        sections.append(
            Section(
                anchor=anchor,
                heading=heading,
                sources=sources,
                body=clean_body("\n".join(lines[index + 1 : end])),
                where=where,
            )
        )
    return tuple(sections)


def _headings(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    """Index and parts of each line that begins a section."""
    found = []
    for token in _blocks.parse("\n".join(lines)):
        if token.type == "heading_open" and token.level == 0 and token.map:
            match = _HEADING.fullmatch(lines[token.map[0]])
            if match:
                found.append((token.map[0], match))
    return found


def _attributes(
    text: str, file: str, line: int, faults: list[Fault]
) -> tuple[str, tuple[str, ...]]:
    match = _ATTRIBUTES.fullmatch(text)
    if not match:
        faults.append(
            Fault(file, line, f"“{{#{text}}}” cannot be read.", f"Write it like {_EXAMPLE}.")
        )
        return "", ()
    anchor, sources = match[1], match[2]
    if not ANCHOR.fullmatch(anchor) or len(anchor) > 80:
        faults.append(
            Fault(
                file,
                line,
                f"The anchor “{anchor}” has the wrong form.",
                "Use small letters, digits and single hyphens, at most 80.",
            )
        )
    if sources is None:
        faults.append(
            Fault(
                file,
                line,
                "The section does not say its sources.",
                'Write sources="P06", or sources="" when it rests on no paragraph.',
            )
        )
    numbers = tuple((sources or "").split())
    faults.extend(
        Fault(file, line, f"“{number}” is not a paragraph.", "Write it like P06.")
        for number in numbers
        if not PARAGRAPH.fullmatch(number)
    )
    return anchor, numbers
