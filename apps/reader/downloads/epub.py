"""A volume as the bytes of an EPUB 3.3 file. The same bytes for the same volume.

Source: https://www.w3.org/TR/epub-33/ (package document, navigation document, OCF).
"""

from __future__ import annotations

import io
import textwrap
import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path

from lxml import etree, html

from apps.reader.downloads import markup
from apps.reader.downloads.material import Picture
from apps.reader.downloads.volume import Page, Volume, picture_files

MEDIA_TYPE = "application/epub+zip"
STYLE = Path(__file__).with_name("book.css")

_OPF = "http://www.idpf.org/2007/opf"
_DC = "http://purl.org/dc/elements/1.1/"
_XHTML_TYPE = "application/xhtml+xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of ZIP's calendar: no file tells when it was written
_CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="EPUB/package.opf"'
    ' media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)
_BODY_TYPES = {
    "titlepage": "frontmatter",
    "lesson": "bodymatter",
    "glossary": "backmatter",
    "bibliography": "backmatter",
    "article": "backmatter",
    "imprint": "backmatter",
}
_ACCESSIBILITY = (
    ("schema:accessMode", "textual"),
    ("schema:accessMode", "visual"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityFeature", "readingOrder"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityHazard", "none"),
)


def epub_bytes(volume: Volume) -> bytes:
    """The file of a volume made by `book`; the volume is used up."""
    pages = {page.file: page for page in volume.pages}
    pictures = picture_files(volume)
    files: dict[str, bytes] = {
        "package.opf": _package(volume, pictures),
        "nav.xhtml": _nav(volume),
        "cover.xhtml": _cover_page(volume),
        "cover.svg": _cover(volume),
        "book.css": STYLE.read_bytes(),
        **{name: _document(volume, page) for name, page in pages.items()},
        **{name: picture.content for name, picture in pictures},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # First and not compressed, so that a reader knows the file by its first bytes.
        archive.writestr(zipfile.ZipInfo("mimetype", _FIRST_DAY), MEDIA_TYPE)
        for name, content in [("META-INF/container.xml", _CONTAINER.encode())] + [
            (f"EPUB/{name}", content) for name, content in files.items()
        ]:
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _document(volume: Volume, page: Page) -> bytes:
    return markup.xhtml_document(
        page.tree,
        title=page.title,
        language=volume.material.language,
        direction=volume.material.direction,
        body_type=_BODY_TYPES[page.kind],
        style="book.css",
    )


def _cover_page(volume: Volume) -> bytes:
    body = html.Element("div")
    section = etree.SubElement(body, "section")
    section.set("class", "cover")
    section.set(markup.EPUB_TYPE, "cover")
    image = etree.SubElement(section, "img")
    image.set("src", "cover.svg")
    image.set("alt", markup.xml_text(volume.cover))
    return markup.xhtml_document(
        body,
        title=volume.title,
        language=volume.material.language,
        direction=volume.material.direction,
        body_type="frontmatter",
        style="book.css",
    )


def _cover(volume: Volume) -> bytes:
    """Title, an eight-pointed star and the authors, on the colour of the site's paper."""
    material = volume.material
    root = etree.Element("svg", nsmap={None: "http://www.w3.org/2000/svg"}, viewBox="0 0 1200 1800")
    etree.SubElement(root, "rect", width="1200", height="1800", fill="#fbf7ef")
    etree.SubElement(
        root, "rect", x="60", y="60", width="1080", height="1680", fill="none", stroke="#7a2331"
    )
    lines = textwrap.wrap(markup.xml_text(volume.title), 20)[:8] or [""]
    for number, line in enumerate(lines):
        _line(root, line, y=460 + number * 118, size=92, colour="#26211c")
    star = etree.SubElement(root, "g", fill="none", stroke="#7a2331")
    star.set("stroke-width", "4")
    for turn in (0, 45):
        square = etree.SubElement(star, "rect", x="560", y="1420", width="80", height="80")
        square.set("transform", f"rotate({turn} 600 1460)")
    above = material.title if not material.is_whole else ""
    below = material.article.authors if material.article else ""
    for text, y in ((above, 240), (below, 1620)):
        for number, line in enumerate(textwrap.wrap(markup.xml_text(text), 44)[:2]):
            _line(root, line, y=y + number * 58, size=42, colour="#5d5347")
    cover: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return cover


def _line(root: markup.Tree, text: str, *, y: int, size: int, colour: str) -> None:
    line = etree.SubElement(root, "text", x="600", y=str(y), fill=colour)
    line.attrib.update(
        {"font-size": str(size), "font-family": "Georgia, serif", "text-anchor": "middle"}
    )
    line.text = text


def _nav(volume: Volume) -> bytes:
    """The table of contents, by unit and lesson down to the section, and the landmarks."""
    body = html.Element("div")
    toc = _nav_part(body, "toc", volume.contents)
    unit, lessons = "", toc
    for page in volume.pages:
        if page.unit != unit:
            unit, lessons = page.unit, toc
            if unit and volume.material.is_whole:
                part = etree.SubElement(toc, "li")
                etree.SubElement(part, "span").text = markup.xml_text(unit)
                lessons = etree.SubElement(part, "ol")
        item = _nav_link(lessons, page.file, page.title)
        if page.sections:
            inner = etree.SubElement(item, "ol")
            for anchor, heading in page.sections:
                _nav_link(inner, f"{page.file}#{anchor}", heading)
    landmarks = _nav_part(body, "landmarks", volume.contents)
    landmarks.getparent().set("hidden", "hidden")
    first = next(page for page in volume.pages if page.kind == "lesson")
    marks = [("toc", "nav.xhtml", volume.contents), ("bodymatter", first.file, first.title)]
    marks += [
        (page.kind, page.file, page.title)
        for page in volume.pages
        if page.kind in {"glossary", "bibliography"}
    ]
    for kind, file, title in marks:
        _nav_link(landmarks, file, title)[0].set(markup.EPUB_TYPE, kind)
    return markup.xhtml_document(
        body,
        title=volume.title,
        language=volume.material.language,
        direction=volume.material.direction,
        body_type="frontmatter",
        style="book.css",
    )


def _nav_part(body: markup.Tree, kind: str, heading: str) -> markup.Tree:
    nav = etree.SubElement(body, "nav")
    nav.set(markup.EPUB_TYPE, kind)
    etree.SubElement(nav, "h1").text = markup.xml_text(heading)
    return etree.SubElement(nav, "ol")


def _nav_link(parent: markup.Tree, address: str, title: str) -> markup.Tree:
    item = etree.SubElement(parent, "li")
    link = etree.SubElement(item, "a")
    link.set("href", address)
    link.text = markup.xml_text(title)
    return item


def _package(volume: Volume, pictures: Iterable[tuple[str, Picture]]) -> bytes:
    material = volume.material
    root = etree.Element(f"{{{_OPF}}}package", nsmap={None: _OPF})
    root.attrib.update({"version": "3.0", "unique-identifier": "id", "dir": material.direction})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", material.language)
    metadata = etree.SubElement(root, f"{{{_OPF}}}metadata", nsmap={"dc": _DC})
    identity = uuid.uuid5(material.course_id, f"{volume.title}\n{material.version}")
    _dc(metadata, "identifier", f"urn:uuid:{identity}").set("id", "id")
    _dc(metadata, "title", volume.title)
    _dc(metadata, "language", material.language)
    if material.article:
        article = material.article
        source = f"{article.authors} ({article.year}). {article.title}. {article.journal}"
        _dc(metadata, "source", source)
    if material.licence_notice or material.licence_name:
        _dc(metadata, "rights", material.licence_notice or material.licence_name)
    modified = material.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    for name, value in (("dcterms:modified", modified), *_ACCESSIBILITY):
        meta = etree.SubElement(metadata, f"{{{_OPF}}}meta", property=name)
        meta.text = value
    manifest = etree.SubElement(root, f"{{{_OPF}}}manifest")
    _item(manifest, "nav", "nav.xhtml", _XHTML_TYPE, "nav")
    _item(manifest, "cover", "cover.xhtml", _XHTML_TYPE)
    _item(manifest, "cover-image", "cover.svg", "image/svg+xml", "cover-image")
    _item(manifest, "style", "book.css", "text/css")
    for page in volume.pages:
        _item(manifest, page.file.removesuffix(".xhtml"), page.file, _XHTML_TYPE)
    for number, (name, picture) in enumerate(pictures):
        _item(manifest, f"picture-{number}", name, picture.media_type)
    spine = etree.SubElement(root, f"{{{_OPF}}}spine")
    spine.set("page-progression-direction", material.direction)
    files = [page.file for page in volume.pages]
    before = 1 if files[0] == "titlepage.xhtml" else 0
    order = ["cover.xhtml", *files[:before], "nav.xhtml", *files[before:]]
    for file in order:
        etree.SubElement(spine, f"{{{_OPF}}}itemref", idref=file.removesuffix(".xhtml"))
    package: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return package


def _dc(metadata: markup.Tree, name: str, text: str) -> markup.Tree:
    element = etree.SubElement(metadata, f"{{{_DC}}}{name}")
    element.text = markup.xml_text(text)
    return element


def _item(
    manifest: markup.Tree, identity: str, file: str, media_type: str, properties: str = ""
) -> None:
    item = etree.SubElement(manifest, f"{{{_OPF}}}item", id=identity, href=file)
    item.set("media-type", media_type)
    if properties:
        item.set("properties", properties)
