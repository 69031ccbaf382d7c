"""The pages of a volume in order, each link leading to a page of the volume or back to the site.

The words around the lessons come from templates/reader/downloads/, in the course's language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Literal

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from apps.reader.downloads import markup
from apps.reader.downloads.material import Lesson, Material, Picture

Kind = Literal["titlepage", "lesson", "glossary", "bibliography", "article", "imprint"]

TOP = "page_top"  # an underscore: no anchor of a section has one
_LESSON = re.compile(r"lessons/([-\w]+)/([-\w]+)/(?:#([-\w]+))?")
_NOUN = re.compile(r"(bibliography|glossary|source)/([-\w]+)/")
_NOUN_IDS = {"bibliography": "ref-", "glossary": "term-", "source": ""}


@dataclass(slots=True)
class Page:
    """file: of its own in an EPUB, empty in a volume of one page.  prefix: of its ids.

    unit: the title of the unit that a lesson belongs to, else empty.
    """

    kind: Kind
    title: str
    tree: markup.Tree
    file: str = ""
    prefix: str = ""
    unit: str = ""
    ids: set[str] = field(default_factory=set)

    @property
    def anchor(self) -> str:
        return f"{self.prefix}{TOP}"

    @property
    def html(self) -> str:
        """The page's content as HTML; it was sanitised when it was published."""
        return markup.html_text(self.tree)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """(id, heading) of each section of a lesson."""
        return list(markup.sections(self.tree))


@dataclass(slots=True)
class Volume:
    """contents, cover: the heading of the table of contents and what the cover says, in words."""

    material: Material
    title: str
    contents: str
    cover: str
    pages: list[Page]
    pictures: list[Picture]


def book(material: Material) -> Volume:
    """The volume as an EPUB has it: a file for each page, pictures beside them."""
    volume = _compose(material)
    lessons = count(1)
    for page in volume.pages:
        name = f"lesson-{next(lessons):03}" if page.kind == "lesson" else page.kind
        page.file = f"{name}.xhtml"
    names = {picture.address: _picture_file(picture) for picture in material.pictures}
    _link(volume, names)
    for page in volume.pages:
        markup.name_parts(page.tree)
    return volume


def printable(material: Material) -> Volume:
    """The volume as one page: ids are told apart by prefixes, pictures stay where they are."""
    volume = _compose(material)
    lessons = count(1)
    for page in volume.pages:
        page.prefix = f"l{next(lessons)}-" if page.kind == "lesson" else f"{page.kind}-"
        markup.prefix_ids(page.tree, page.prefix)
        # Under the title of the volume stand its units, and under them the lessons.
        if page.kind == "lesson":
            markup.shift_headings(page.tree, 2 if material.is_whole else 0)
        elif page.kind != "titlepage":
            markup.shift_headings(page.tree, 1)
    _link(volume, {picture.address: picture.address for picture in material.pictures})
    return volume


def picture_files(volume: Volume) -> list[tuple[str, Picture]]:
    """Each picture with its file in an EPUB."""
    return [(_picture_file(picture), picture) for picture in volume.pictures]


def _picture_file(picture: Picture) -> str:
    """Two versions of one figure may be in a volume: the address holds their checksums."""
    checksum = picture.address.split("/")[-2]
    return f"images/{checksum}-{picture.name}"


def _compose(material: Material) -> Volume:
    title = material.title if material.is_whole else material.lessons[0].title
    with translation.override(material.language):
        pages = [_page("titlepage", title, material)] if material.is_whole else []
        pages += [_lesson(material, lesson) for lesson in material.lessons]
        if material.terms:
            pages.append(_page("glossary", _("Glossary"), material))
        if material.works:
            pages.append(_page("bibliography", _("Bibliography"), material))
        if material.paragraphs:
            pages.append(_page("article", _("The article, paragraph by paragraph"), material))
        pages.append(_page("imprint", _("Source and licence"), material))
        contents, cover = _("Contents"), _("Cover: %(title)s") % {"title": title}
    known = {f"ref-{work.key}" for work in material.works}
    known |= {f"term-{term.slug}" for term in material.terms}
    for page in pages:
        markup.strip_screen(page.tree)
        if page.kind == "lesson":
            markup.drop_known(page.tree, known)
        page.ids = markup.ids(page.tree)
    return Volume(material, title, contents, cover, pages, material.pictures)


def _page(kind: Kind, title: str, material: Material) -> Page:
    source = render_to_string(
        f"reader/downloads/_{kind}.html", {"volume": material, "title": title}
    )
    return Page(kind, title, markup.parse(source))


def _lesson(material: Material, lesson: Lesson) -> Page:
    context = {"volume": material, "lesson": lesson}
    tree = markup.parse(render_to_string("reader/downloads/_lesson.html", context))
    return Page("lesson", lesson.title, tree, unit=lesson.unit_title)


def _link(volume: Volume, pictures: dict[str, str]) -> None:
    lessons = {
        (lesson.unit_slug, lesson.slug): page
        for lesson, page in zip(
            volume.material.lessons,
            (page for page in volume.pages if page.kind == "lesson"),
            strict=True,
        )
    }
    links = _Links(volume, lessons)
    for page in volume.pages:
        markup.resolve_links(page.tree, partial(links.resolve, page), pictures)


@dataclass(frozen=True, slots=True)
class _Links:
    volume: Volume
    lessons: dict[tuple[str, str], Page]

    def resolve(self, page: Page, address: str) -> str | None:
        if address.startswith("#"):
            return self._to_id(address[1:], page)
        course = f"/courses/{self.volume.material.slug}/"
        if address.startswith(course):
            found = self._in_course(address.removeprefix(course), page)
            if found is not None:
                return found
        if address.startswith("/") and not address.startswith("//"):
            return self.volume.material.origin + address
        return address

    def _in_course(self, path: str, page: Page) -> str | None:
        if (match := _LESSON.fullmatch(path)) and (to := self.lessons.get((match[1], match[2]))):
            return _address(to, match[3] if match[3] in to.ids else "", page)
        if match := _NOUN.fullmatch(path):
            return self._to_id(_NOUN_IDS[match[1]] + match[2], page)
        return None

    def _to_id(self, wanted: str, page: Page) -> str | None:
        """The page itself has it, or one of the lists, or a volume's only lesson; else nobody."""
        is_whole = self.volume.material.is_whole
        others = [to for to in self.volume.pages if to.kind != "lesson" or not is_whole]
        for to in (page, *others):
            if wanted in to.ids:
                return _address(to, wanted, page)
        return None


def _address(to: Page, wanted: str, page: Page) -> str:
    file = to.file if to.file != page.file or not wanted else ""
    if wanted:
        return f"{file}#{to.prefix}{wanted}"
    return file or f"#{to.anchor}"
