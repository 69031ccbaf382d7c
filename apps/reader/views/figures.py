from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.reader import selectors
from apps.reader.views.pages import page

# An SVG may style itself and nothing else, also when it is opened on its own.
FIGURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
@page
def figure(_request: HttpRequest, course: str, checksum: str, file: str) -> HttpResponse:
    """The bytes of a figure; the address names them, so they may be kept for ever."""
    content, media_type = selectors.figure_content(course, checksum, file)
    headers = {"Content-Security-Policy": FIGURE_POLICY}
    return HttpResponse(content, content_type=media_type, headers=headers)
