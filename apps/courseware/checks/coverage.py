"""What teaches each paragraph of the article, and how much a section takes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from apps.courseware.format import Fault, Reading, Where

MAX_PARAGRAPHS_OF_A_SECTION = 3
MAX_SECTIONS_OF_A_PARAGRAPH = 3


def coverage_faults(reading: Reading) -> Iterator[Fault]:
    sections: defaultdict[str, list[Where]] = defaultdict(list)
    for lesson in reading.files.in_order().lessons:
        for section in lesson.sections:
            if len(section.sources) > MAX_PARAGRAPHS_OF_A_SECTION:
                yield section.where.fault(
                    f"The section names {len(section.sources)} paragraphs.",
                    f"Name at most {MAX_PARAGRAPHS_OF_A_SECTION}; divide the section.",
                    level="unfinished",
                )
            for number in section.sources:
                sections[number].append(section.where)
    is_whole = not any(name.startswith("lessons/") for name in reading.unread)
    for paragraph in reading.files.paragraphs:
        taught = sections[paragraph.number]
        if not taught and is_whole:
            yield paragraph.where.fault(
                f"No section teaches {paragraph.number}.",
                f'Write sources="{paragraph.number}" at the section that does.',
                level="unfinished",
            )
        for where in taught[MAX_SECTIONS_OF_A_PARAGRAPH:]:
            yield where.fault(
                f"{paragraph.number} is named by {len(taught)} sections.",
                f"Let at most {MAX_SECTIONS_OF_A_PARAGRAPH} teach it.",
                level="unfinished",
            )
