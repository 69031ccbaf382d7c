"""No link of the reading room leads nowhere."""

import pytest

from apps.content.models import Course
from tests.reader.crawling import crawl, links_of


@pytest.mark.django_db
def test_every_link_answers_and_every_fragment_is_in_its_page(bundled: Course) -> None:
    pages = crawl()
    assert len(pages) > 200
    anchors = {path: {*page.xpath("//@id"), ""} for path, page in pages.items()}
    missing = [
        (path, target, fragment)
        for path, page in pages.items()
        for target, fragment in links_of(path, page)
        if fragment not in anchors.get(target, {fragment})
    ]
    assert missing == []
