import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.content import services
from apps.content.models import Actor, Course, Place
from apps.core.errors import NotFound
from apps.reader import selectors
from tests.content.factories import course_create, lesson_publish
from tests.factories import NOW


def actor_create(course: Course, slug: str, name: str, **fields: str) -> Actor:
    fields = {"slug": slug, "name": name, "kind": "state", "description": "A state.", **fields}
    return services.actor_save(
        actor=Actor(course=course), fields=fields, sources=["P01"], editor=None, now=NOW
    )


def place_create(course: Course, slug: str, name: str, **fields: object) -> Place:
    fields = {
        "slug": slug,
        "name": name,
        "kind": "port",
        "latitude": "24.86",
        "longitude": "67.01",
        "description": "A port.",
        **fields,
    }
    return services.place_save(
        place=Place(course=course), fields=fields, sources=["P02"], editor=None, now=NOW
    )


@pytest.fixture
def course(db: None) -> Course:
    course = course_create()
    lesson_publish(course)
    actor_create(course, "sco", "SCO", kind="organisation")
    actor_create(course, "turkmenistan", "Turkmenistan", iso="TM")
    actor_create(course, "afghanistan", "Afghanistan", iso="AF", sco="observer", sco_since="2012")
    actor_create(course, "pakistan", "Pakistan", iso="PK", sco="member", sco_since="2017")
    place_create(course, "karachi", "Karachi")
    return course


def test_map_page(course: Course) -> None:
    page = selectors.map_page("sco")
    assert [state.name for state in page.states] == ["Pakistan", "Afghanistan", "Turkmenistan"]
    assert [place.name for place in page.places] == ["Karachi"]
    assert page.drawing.closeup is not None
    assert [marker.site.name for marker in page.drawing.closeup.markers] == ["Karachi"]


def test_map_page_unknown_course(db: None) -> None:
    with pytest.raises(NotFound):
        selectors.map_page("nowhere")


@pytest.mark.parametrize("rows", [1, 30])
def test_map_page_queries(
    course: Course, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        place_create(course, f"place-{number}", f"Place {number}", latitude=str(20 + number))
    with django_assert_num_queries(4):  # course, states, places, their paragraphs
        selectors.map_page("sco")


@pytest.mark.parametrize("language", ["en", "ru", "ur"])
def test_map_view(course: Course, client: Client, language: str) -> None:
    """Every link of the drawing leads somewhere, and numbers are SVG's in every language."""
    client.cookies["django_language"] = language
    html = client.get("/courses/sco/map/").content.decode()
    assert html.count('href="#place-karachi"') == 1
    assert html.count('id="place-karachi"') == 1
    for slug in ("pakistan", "afghanistan", "turkmenistan"):
        # Both sheets and the table.
        assert html.count(f'href="/courses/sco/actors/{slug}/"') == 3
        assert client.get(f"/courses/sco/actors/{slug}/").status_code == 200
    drawing = html[html.index("<svg") : html.rindex("</svg>")]
    assert 'viewBox="0 0 920 790"' in drawing
    assert 'transform="scale(4.0) translate(-186 -440)"' in drawing
    assert " style=" not in drawing


def test_map_view_escapes_names(course: Course, client: Client) -> None:
    place_create(course, "odd", '<script>"&', latitude="55")
    html = client.get("/courses/sco/map/").content.decode()
    assert "<script>&quot;" not in html
    assert "<title>&lt;script&gt;&quot;&amp;, Port</title>" in html
