"""Lessons to take away: a volume of one lesson or a whole course, as EPUB or as one page to print.

material  what a volume is made of, as selectors read it
markup    HTML as trees: links, ids, XHTML
volume    the pages of a volume, in order, with their links resolved
epub      a volume as the bytes of an EPUB 3 file
"""

from apps.reader.downloads.epub import MEDIA_TYPE, epub_bytes
from apps.reader.downloads.material import (
    Article,
    Lesson,
    Material,
    Paragraph,
    Picture,
    Term,
    Work,
    figures_of,
    paragraphs_of,
)
from apps.reader.downloads.volume import Page, Volume, book, printable

__all__ = [
    "MEDIA_TYPE",
    "Article",
    "Lesson",
    "Material",
    "Page",
    "Paragraph",
    "Picture",
    "Term",
    "Volume",
    "Work",
    "book",
    "epub_bytes",
    "figures_of",
    "paragraphs_of",
    "printable",
]
