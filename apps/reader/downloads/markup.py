"""HTML as trees: ids, links and pictures of a text made to fit the volume it goes into. Pure.

The editions' HTML was sanitised when it was published; a tree of it writes well-formed XHTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree, html

XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
EPUB_TYPE = f"{{{OPS}}}type"

Tree = Any  # lxml's element; the package has no types
# Where a link leads: the address it gets, or None when it leads nowhere in this volume.
Resolve = Callable[[str], "str | None"]

# What XML 1.0 cannot hold, not even as a character reference (section 2.2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SCREEN_ONLY = ("loading", "data-ref")
_SECTIONS = {"notes": "footnotes", "works": "bibliography", "terms": "glossary"}


def xml_text(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def parse(source: str) -> Tree:
    """A tree of an HTML fragment, in a div."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    return html.fragment_fromstring(
        f"<div>{xml_text(source)}</div>".encode(), create_parent=False, parser=parser
    )


def ids(tree: Tree) -> set[str]:
    return set(tree.xpath("//@id"))


def strip_screen(tree: Tree) -> None:
    """Take out what only serves a screen: links to the text's own headings, hooks of scripts."""
    for element in tree.xpath("//a[contains(concat(' ', @class, ' '), ' anchor ')]"):
        element.drop_tree()
    for name in _SCREEN_ONLY:
        for element in tree.xpath(f"//*[@{name}]"):
            del element.attrib[name]


def drop_known(tree: Tree, known: set[str]) -> None:
    """Take out of a lesson's end matter what the volume has elsewhere, and sections left empty."""
    for section in tree.xpath("//section[@class='works' or @class='terms']"):
        for entry in section.xpath(".//*[@id]"):
            if entry.get("id") in known:
                if entry.tag == "dt":
                    entry.getnext().drop_tree()
                entry.drop_tree()
        if not section.xpath(".//li | .//dt"):
            section.drop_tree()


def prefix_ids(tree: Tree, prefix: str) -> None:
    """Make the ids of a text its own among others on the same page; links are not touched.

    Its sections are no landmarks there: with a dozen of each kind they would guide nobody.
    """
    for element in tree.xpath("//*[@id]"):
        element.set("id", prefix + element.get("id"))
    for element in tree.xpath("//section[@aria-labelledby]"):
        del element.attrib["aria-labelledby"]


def shift_headings(tree: Tree, levels: int) -> None:
    for element in list(tree.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        element.tag = f"h{min(6, int(element.tag[1]) + levels)}"


def resolve_links(tree: Tree, resolve: Resolve, pictures: Mapping[str, str]) -> None:
    """Give each link and picture its address in the volume.

    A link to nowhere becomes its text, and a picture that the volume lacks its alternative text.
    """
    for element in tree.xpath("//a[@href]"):
        address = resolve(element.get("href"))
        if address is None:
            element.drop_tag()
        else:
            element.set("href", address)
    for element in tree.xpath("//img[@src]"):
        if element.get("src") in pictures:
            element.set("src", pictures[element.get("src")])
        else:
            element.tail = element.get("alt", "") + (element.tail or "")
            element.drop_tree()


def name_parts(tree: Tree) -> None:
    """Tell reading systems what a note, a list of works and a glossary are (EPUB 3 semantics)."""
    for element in tree.xpath("//a[contains(concat(' ', @class, ' '), ' footnote-ref ')]"):
        element.set(EPUB_TYPE, "noteref")
    for element in tree.xpath("//a[contains(concat(' ', @class, ' '), ' footnote-back ')]"):
        element.set(EPUB_TYPE, "backlink")
    for css, kind in _SECTIONS.items():
        for section in tree.xpath(f"//section[@class='{css}']"):
            section.set(EPUB_TYPE, kind)
    for element in tree.xpath("//section[@class='notes']/ol/li"):
        element.set(EPUB_TYPE, "footnote")


def sections(tree: Tree) -> Iterator[tuple[str, str]]:
    """(id, heading) of each section of a lesson."""
    for section in tree.xpath("//section[@class='section'][@id]"):
        heading = section.xpath("string(h1|h2|h3|h4|h5|h6)")
        yield section.get("id"), " ".join(heading.split())


def html_text(tree: Tree) -> str:
    """The children of a tree as HTML."""
    return (escape_text(tree.text) if tree.text else "") + "".join(
        html.tostring(child, encoding="unicode") for child in tree
    )


def escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def xhtml_document(
    tree: Tree, *, title: str, language: str, direction: str, body_type: str, style: str
) -> bytes:
    """A whole XHTML document around a tree.  style: the address of its style sheet."""
    root = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML, "epub": OPS})
    root.set("lang", language)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    root.set("dir", direction)
    head = etree.SubElement(root, f"{{{XHTML}}}head")
    etree.SubElement(head, f"{{{XHTML}}}meta").set("charset", "utf-8")
    etree.SubElement(head, f"{{{XHTML}}}title").text = xml_text(title)
    link = etree.SubElement(head, f"{{{XHTML}}}link")
    link.attrib.update({"rel": "stylesheet", "type": "text/css", "href": style})
    for element in tree.iter(etree.Element):
        element.tag = f"{{{XHTML}}}{element.tag}"
    tree.tag = f"{{{XHTML}}}body"
    tree.set(EPUB_TYPE, body_type)
    root.append(tree)
    etree.cleanup_namespaces(root, top_nsmap={None: XHTML, "epub": OPS})
    written: bytes = etree.tostring(
        root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>"
    )
    return written
