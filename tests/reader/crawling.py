"""The reading room as its links join it, read by the test client."""

from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client
from lxml import html


def crawl() -> dict[str, html.HtmlElement]:
    """{path: page} of all that links lead to from the front page; each of them answers."""
    client = Client()
    seen: set[str] = set()
    waiting, pages = ["/"], {}
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        if response.redirect_chain:  # practice asks who is there
            continue
        if response.headers["Content-Type"].startswith("text/html"):
            pages[path] = html.fromstring(response.content)
            targets = (urlsplit(target) for target, _fragment in links_of(path, pages[path]))
            waiting += [parts.path for parts in targets if not parts.query]
    return pages


def links_of(path: str, page: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """(address, fragment) of each link that stays in the reading room."""
    for link in page.xpath("//a/@href"):
        target, fragment = urldefrag(urljoin(path, link))
        parts = urlsplit(target)
        if not (parts.scheme or parts.netloc or parts.path.startswith("/accounts/")):
            yield target, fragment
