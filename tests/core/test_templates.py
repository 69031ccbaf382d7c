"""What every template keeps to, read as text."""

import re
from pathlib import Path

from django.conf import settings

BOX = re.compile(r'<div class="(?:[\w-]+ )*table-scroll(?: [\w-]+)*"([^>]*)>')
NAMED = re.compile(r' tabindex="0" role="(?:group|region)" aria-label(?:ledby)?="[^"]+"')


def test_whatever_scrolls_sideways_can_be_focused_and_has_a_name() -> None:
    """Its shade, and that it scrolls, are in css/base.css alone; the admin has its own sheets."""
    pages = [
        path
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        if "admin" not in path.parts
    ]
    boxes = [(path.name, found[1]) for path in pages for found in BOX.finditer(path.read_text())]
    assert len(boxes) > 15
    assert [each for each in boxes if not NAMED.fullmatch(each[1])] == []
    sheets = [
        path.name
        for path in Path(settings.BASE_DIR, "static", "css").glob("*.css")
        if re.search(r"^\.table-scroll \{", path.read_text(), re.MULTILINE)
    ]
    assert sheets == ["base.css"]
