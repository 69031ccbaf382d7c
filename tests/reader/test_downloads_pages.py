"""The downloads as their addresses give them, made of what is really published."""

import pytest
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from apps.content import services
from apps.content.models import Course, Lesson
from apps.core.errors import NotFound
from apps.reader import selectors
from tests.content import factories
from tests.factories import NOW
from tests.reader.epubs import read_epub

COURSE = "/courses/sco/download/course"
LESSON = "/courses/sco/download/lessons/history/invitation"
TEXT = """The first contact [@khan1961, pp. 33-35] of [[RATS]].[^why]

![](figure:map.svg "Where it is")

| a | b |
|---|---|
| 1 | 2 |

See [the same](lesson:history/invitation#invitation) and [P01](source:P01).

[^why]: Because of *it*.
"""


@pytest.fixture
def course(db: None) -> Course:
    course = factories.course_create()
    figure_replace(course, factories.SVG)
    factories.lesson_publish(course, factories.section(body=TEXT))
    return course


def figure_replace(course: Course, content: bytes) -> None:
    services.figure_save(
        course=course, file="map.svg", alt="A map", content=content, editor=None, now=NOW
    )


def edition_add(course: Course, text: str) -> None:
    lesson = factories.lesson_of(Lesson.objects.get(slug="invitation"))
    factories.save(lesson, factories.draft(factories.section(body=text)))
    services.lesson_publish(lesson=factories.lesson_of(lesson), editor=None, now=NOW)


def test_epub_of_the_course(course: Course, client: Client) -> None:
    response = client.get(f"{COURSE}.epub")
    assert response.headers["Content-Type"] == "application/epub+zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="sco.epub"'
    book = read_epub(response.content)
    text = book.text("lesson-001.xhtml")
    assert "The first contact (Khan, 1961, pp. 33–35) of RATS." in text
    assert "Because of it." in text
    assert "Hussain" in book.text("bibliography.xhtml")
    assert "Regional Anti-Terrorism Structure" in book.text("glossary.xhtml")
    assert "The gist of P02." in book.text("article.xhtml")
    assert factories.SVG in book.files.values()


def test_epub_of_a_lesson(course: Course, client: Client) -> None:
    response = client.get(f"{LESSON}.epub")
    assert response.headers["Content-Disposition"] == 'attachment; filename="invitation.epub"'
    book = read_epub(response.content)
    assert "The gist of P01." in book.text("article.xhtml")
    assert "The gist of P02." not in book.text("article.xhtml")
    assert "Hussain" not in book.text("lesson-001.xhtml")


@pytest.mark.parametrize("address", [f"{COURSE}.html", f"{LESSON}.html"])
def test_printable(course: Course, client: Client, address: str) -> None:
    response = client.get(address)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    page = html.fromstring(response.content)
    assert not page.xpath("//script | //style | //@style | //*[@onclick]")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    local = [link.get("href")[1:] for link in page.iter("a") if link.get("href")[0] == "#"]
    assert local
    assert set(local) <= set(ids)
    assert len(page.xpath("//h1")) == 1
    (image,) = page.iter("img")
    assert client.get(image.get("src")).content == factories.SVG


@pytest.mark.parametrize("suffix", ["epub", "html"])
@pytest.mark.parametrize("stem", [COURSE, LESSON])
def test_conditional_get(
    course: Course,
    client: Client,
    stem: str,
    suffix: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first = client.get(f"{stem}.{suffix}")
    with django_assert_num_queries(1):  # the version
        again = client.get(f"{stem}.{suffix}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{stem}.{suffix}").content == first.content
    edition_add(course, "Another text [@khan1961].")
    changed = client.get(f"{stem}.{suffix}", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.content != first.content


@pytest.mark.parametrize("suffix", ["epub", "html"])
def test_never_a_draft(course: Course, client: Client, suffix: str) -> None:
    factories.lesson_create(course, slug="draft", title="A secret draft")
    lesson = factories.lesson_of(Lesson.objects.get(slug="invitation"))
    factories.save(lesson, factories.draft(factories.section(body="A secret [@khan1961].")))
    assert client.get(f"/courses/sco/download/lessons/history/draft.{suffix}").status_code == 404
    content = client.get(f"{COURSE}.{suffix}").content
    if suffix == "epub":
        book = read_epub(content)
        assert not any("secret" in book.text(file) for file in book.documents)
    else:
        assert b"secret" not in content


@pytest.mark.parametrize(
    "address",
    [
        "/courses/nowhere/download/course.epub",
        "/courses/nowhere/download/course.html",
        "/courses/sco/download/lessons/history/nothing.epub",
        "/courses/sco/download/lessons/nothing/invitation.html",
    ],
)
def test_not_found(course: Course, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_only_reading(course: Course, client: Client) -> None:
    assert client.post(f"{COURSE}.epub").status_code == 405
    assert client.head(f"{COURSE}.epub").status_code == 200


def test_lesson_material_unknown(course: Course) -> None:
    with pytest.raises(NotFound):
        selectors.lesson_material("sco", "history", "nothing")
    with pytest.raises(NotFound):
        selectors.download_version("sco", "history", "nothing")


def test_a_figure_replaced_since(course: Course, client: Client) -> None:
    """The volume shows the picture that the edition was published with."""
    figure_replace(course, factories.SVG.replace(b"40 20", b"80 40"))
    book = read_epub(client.get(f"{COURSE}.epub").content)
    assert factories.SVG in book.files.values()


@pytest.mark.parametrize("rows", [1, 8])
def test_material_queries(
    course: Course, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        factories.lesson_publish(
            course, factories.section(body=TEXT), slug=f"l{number}", title=f"Lesson {number}"
        )
        factories.reference_create(course, f"work{number}", factories.KHAN)
    # Course; lessons; works; terms; figures and their versions; paragraphs and what they cite.
    with django_assert_num_queries(8):
        selectors.course_material("sco")
    # The same without works and terms.
    with django_assert_num_queries(6):
        selectors.lesson_material("sco", "history", "l0")
