import hashlib
import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from apps.content import selectors, services
from apps.content.errors import InvalidContent
from apps.content.models import Course, Figure, FigureVersion
from apps.content.services.figures import MAX_BYTES, inspect_picture
from apps.reader.selectors import figure_content
from tests.content.factories import (
    SVG,
    course_create,
    draft,
    lesson_create,
    lesson_publish,
    section,
)
from tests.factories import NOW


def raster(kind: str, size: tuple[int, int] = (3, 2)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def svg(inside: str, root: str = 'viewBox="0 0 40 20"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{inside}</svg>'.encode()


@pytest.fixture
def course(db: None) -> Course:
    return course_create()


def save(
    course: Course, content: bytes | None = SVG, file: str = "map.svg", alt: str = "A map"
) -> Figure:
    return services.figure_save(
        course=course, file=file, alt=alt, content=content, editor=None, now=NOW
    )


@pytest.mark.parametrize(
    ("file", "content", "media_type"),
    [
        ("a.png", raster("PNG"), "image/png"),
        ("a.jpg", raster("JPEG"), "image/jpeg"),
        ("a.webp", raster("WEBP"), "image/webp"),
    ],
)
def test_picture_is_known_by_its_content(file: str, content: bytes, media_type: str) -> None:
    picture = inspect_picture(file, content)
    assert (picture.media_type, picture.width, picture.height) == (media_type, 3, 2)


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('viewBox="0 0 40 20"', (40, 20)),
        ('viewBox="0,0,40.4,19.6"', (40, 20)),
        ('width="40" height="20"', (None, None)),
        ('viewBox="0 0 x y"', (None, None)),
        ('viewBox="0 0 -1 5"', (None, None)),
    ],
)
def test_size_of_an_svg_is_its_view_box(root: str, size: tuple[int | None, int | None]) -> None:
    picture = inspect_picture("a.svg", svg("<path d='M0 0'/>", root))
    assert (picture.width, picture.height) == size


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<path onclick='alert(1)'/>",
        "<path ONLOAD='alert(1)'/>",
        "<path style='fill:url(https://evil.example)'/>",
        "<style>*{fill:url(https://evil.example)}</style>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        "<p xmlns='http://www.w3.org/1999/xhtml'>x</p>",
        "<image href='https://evil.example/x.png'/>",
        "<a href='javascript:alert(1)'><text>x</text></a>",
        "<a xmlns:x='http://www.w3.org/1999/xlink' x:href='https://evil.example'/>",
        "<path fill='url(https://evil.example/#a)'/>",
        "<path fill='url(#a) url(https://evil.example)'/>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<use href='#a'/>",
        "<?xml-stylesheet href='https://evil.example'?>",
    ],
)
def test_svg_that_could_do_more_than_be_looked_at_is_refused(inside: str) -> None:
    with pytest.raises(InvalidContent):
        inspect_picture("a.svg", svg(inside))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        b"<svg viewBox='0 0 1 1'/>",
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("<text>&x;</text>"),
        b'<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + svg("<text>&b;</text>"),
        svg("<g>" * 400 + "</g>" * 400),
        raster("PNG"),
    ],
)
def test_what_is_not_an_svg_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidContent):
        inspect_picture("a.svg", content)


def test_links_within_the_picture_and_comments_are_allowed() -> None:
    inside = "<!-- drawn by hand --><linearGradient id='g'/><path fill='url(#g)'/>"
    assert inspect_picture("a.svg", svg(inside)).media_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.png", raster("JPEG")),
        ("a.png", raster("GIF")),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.png", SVG),
        ("a.jpg", raster("JPEG")[:100]),
        ("a.svg", svg(" " * MAX_BYTES)),
        ("a.png", raster("PNG", (5000, 4001))),
    ],
)
def test_picture_that_is_not_what_it_says_is_refused(file: str, content: bytes) -> None:
    with pytest.raises(InvalidContent) as error:
        inspect_picture(file, content)
    assert error.value.field == "file"


def test_figure_is_stored_under_its_checksum(course: Course) -> None:
    figure = save(course)
    assert figure.checksum == hashlib.sha256(SVG).hexdigest()
    label = selectors.render_context(course).figures["map.svg"]
    assert label.url == f"/courses/sco/figures/{figure.checksum[:16]}/map.svg"
    assert (label.alt, label.width, label.height) == ("A map", 40, 20)
    version = Course.objects.get().outline_version
    save(course)
    assert Course.objects.get().outline_version == version


def test_words_about_a_figure_change_without_its_bytes(course: Course) -> None:
    save(course)
    assert bytes(save(course, None, alt="Better words").content) == SVG
    assert Figure.objects.get().alt == "Better words"


@pytest.mark.parametrize(
    ("file", "alt", "content"),
    [("Map.svg", "A map", SVG), ("map.svg", "", SVG), ("map.gif", "A", raster("GIF"))],
)
def test_faulty_figure_is_refused(course: Course, file: str, alt: str, content: bytes) -> None:
    with pytest.raises((ValidationError, InvalidContent)):
        save(course, content, file, alt)
    assert Figure.objects.count() == 0


def test_new_figure_needs_a_picture(course: Course) -> None:
    with pytest.raises(InvalidContent, match="Choose a picture"):
        save(course, None)


def test_edition_keeps_the_picture_that_it_was_published_with(course: Course) -> None:
    figure = save(course)
    lesson = lesson_publish(course, section("one", "[@khan1961]\n\n![](figure:map.svg)"))
    assert lesson.published_edition is not None
    old = f"/courses/sco/figures/{figure.checksum[:16]}/map.svg"
    assert f'src="{old}"' in lesson.published_edition.html
    replaced = save(course, svg("<path d='M1 1'/>"))
    assert figure_content("sco", figure.checksum[:16], "map.svg") == (SVG, "image/svg+xml")
    assert figure_content("sco", replaced.checksum[:16], "map.svg")[0] != SVG
    save(course, SVG)
    save(course, svg("<path d='M1 1'/>"))
    assert FigureVersion.objects.count() == 2


def test_figure_that_a_draft_or_readers_see_is_not_deleted(course: Course) -> None:
    figure = save(course)
    lesson = lesson_create(course, section("one", "[@khan1961]\n\n![](figure:map.svg)"))
    (use,) = selectors.where_used(figure)
    assert (use.kind, use.lesson) == ("section", lesson)
    services.lesson_publish(lesson=lesson, editor=None, now=NOW)
    services.lesson_save(
        lesson=lesson,
        draft=draft(section("one", "No picture.")),
        expected_revision=1,
        editor=None,
        now=NOW,
    )
    assert [each.kind for each in selectors.where_used(figure)] == ["lesson"]
    with pytest.raises(InvalidContent):
        services.figure_delete(figure=figure, editor=None, now=NOW)
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    services.figure_delete(figure=figure, editor=None, now=NOW)
    assert Figure.objects.count() == 0
