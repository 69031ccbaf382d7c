"""Read an EPUB as strictly as a reading system may: every rule here is one of EPUB 3.3."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

NAMES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "x": "http://www.w3.org/1999/xhtml",
    "epub": "http://www.idpf.org/2007/ops",
}
TYPE = f"{{{NAMES['epub']}}}type"
_ENTITY = re.compile(rb"&(?!#|amp;|lt;|gt;|quot;|apos;)")


@dataclass
class Epub:
    package: Any
    documents: dict[str, Any]  # file: tree
    files: dict[str, bytes]

    def text(self, file: str) -> str:
        return " ".join("".join(self.documents[file].itertext()).split())


def read_epub(content: bytes) -> Epub:
    """Fails where the file is not a valid EPUB in structure, markup or links."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == (
        "mimetype",
        zipfile.ZIP_STORED,
        b"",
    )
    assert archive.read("mimetype") == b"application/epub+zip"
    names = archive.namelist()
    assert len(names) == len(set(names))
    container = _xml(archive.read("META-INF/container.xml"))
    (root_file,) = container.xpath("//c:rootfile/@full-path", namespaces=NAMES)
    folder = posixpath.dirname(root_file)
    package = _xml(archive.read(root_file))
    files = {
        name.removeprefix(f"{folder}/"): archive.read(name)
        for name in names
        if name not in {"mimetype", "META-INF/container.xml", root_file}
    }
    items = package.xpath("//opf:manifest/opf:item", namespaces=NAMES)
    assert sorted(item.get("href") for item in items) == sorted(files)
    identities = [item.get("id") for item in items]
    assert len(identities) == len(set(identities))
    spine = package.xpath("//opf:itemref/@idref", namespaces=NAMES)
    assert set(spine) <= set(identities)
    documents = {
        item.get("href"): _xml(files[item.get("href")])
        for item in items
        if item.get("media-type") == "application/xhtml+xml"
    }
    assert {i.get("id") for i in items if i.get("href") in documents} == set(spine)
    for name in ("identifier", "title", "language"):
        (value,) = package.xpath(f"//dc:{name}/text()", namespaces=NAMES)
        assert value.strip()
    epub = Epub(package, documents, files)
    for file, document in documents.items():
        _check_document(epub, file, document)
    _check_nav(epub)
    return epub


def _xml(content: bytes) -> Any:
    assert not _ENTITY.search(content)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    return etree.fromstring(content, parser)


def _check_document(epub: Epub, file: str, document: Any) -> None:
    assert document.tag == f"{{{NAMES['x']}}}html"
    assert not document.xpath("//x:script | //x:style | //@style", namespaces=NAMES)
    identities = document.xpath("//@id")
    assert len(identities) == len(set(identities)), file
    assert document.xpath("boolean(//x:title/text())", namespaces=NAMES)
    for image in document.xpath("//x:img", namespaces=NAMES):
        assert image.get("alt")
        assert image.get("src") in epub.files
    for address in document.xpath("//x:a/@href", namespaces=NAMES):
        _check_link(epub, file, address)
    for listed in document.xpath("//@aria-labelledby"):
        assert set(listed.split()) <= set(identities)


def _check_link(epub: Epub, file: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme:
        assert parts.scheme in {"http", "https", "mailto"}, address
        return
    assert not address.startswith("/"), address
    target = unquote(parts.path) or file
    assert target in epub.documents, address
    if parts.fragment:
        assert parts.fragment in epub.documents[target].xpath("//@id"), address


def _check_nav(epub: Epub) -> None:
    """The table of contents names every page but the cover and itself, in reading order."""
    (nav,) = epub.package.xpath("//opf:item[@properties='nav']/@href", namespaces=NAMES)
    document = epub.documents[nav]
    (toc,) = document.xpath("//x:nav[@epub:type='toc']", namespaces=NAMES)
    listed = [href for href in toc.xpath(".//x:a/@href", namespaces=NAMES) if "#" not in href]
    spine = [
        href
        for idref in epub.package.xpath("//opf:itemref/@idref", namespaces=NAMES)
        for href in epub.package.xpath(f"//opf:item[@id='{idref}']/@href", namespaces=NAMES)
    ]
    assert listed == [file for file in spine if file not in {nav, "cover.xhtml"}]
    assert all("".join(link.itertext()).strip() for link in toc.iter(f"{{{NAMES['x']}}}a"))
