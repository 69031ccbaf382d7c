"""What the pages show, and to whom: everything here is open to everybody."""

import gzip
import json
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.models import User
from apps.content import services
from apps.content.models import Actor, Course, Lesson, Reference, SourceParagraph, TimelineEvent
from apps.reader.urls import urlpatterns
from tests.content import factories
from tests.factories import NOW
from tests.reader.conftest import LESSON

SCO = "/courses/sco"


@pytest.fixture
def events(course: Course) -> None:
    """1949 (Pakistan), the 1960s (Russia), and 9 June 2017 (both), dated elsewhere."""
    for slug, name in (("pakistan", "Pakistan"), ("russia", "Russia")):
        services.actor_save(
            actor=Actor(course=course),
            fields={"slug": slug, "name": name, "kind": "state", "description": "A state."},
            sources=["P01"],
            editor=None,
            now=NOW,
        )
    for slug, date, title, actors in (
        ("invitation", "1949", "An invitation", ["pakistan"]),
        ("oil", "196X~", "An oil agreement", ["russia"]),
        ("membership", "2017-06-09", "Membership", ["pakistan", "russia"]),
    ):
        services.timeline_event_save(
            event=TimelineEvent(course=course),
            fields={
                "slug": slug,
                "date": date,
                "title": title,
                "is_external": slug == "membership",
            },
            sources=["P01"],
            actors=actors,
            editor=None,
            now=NOW,
        )


@pytest.fixture
def draft_lesson(course: Course) -> Lesson:
    """A lesson that nobody has published: readers must not learn of it."""
    secret = factories.section(anchor="secret", heading="A secret heading")
    return factories.lesson_create(course, secret, slug="draft", title="A secret draft")


# Everybody may read


@pytest.mark.parametrize("role", ["instructor", "student", "classmate", "outsider", "anonymous"])
def test_every_page_is_open_to_everybody(
    role: str,
    events: None,
    cast: dict[str, User],
    client_of: Callable[[User], Client],
    subtests: pytest.Subtests,
) -> None:
    arguments = {
        "course": "sco",
        "unit": "history",
        "lesson": "invitation",
        "number": "P01",
        "key": "khan1961",
        "suffix": "bib",
        "language": "en",
    }
    slugs = {"term": "rats", "actor": "russia"}
    client = client_of(cast[role])
    for pattern in urlpatterns:
        if pattern.name in {"figure", "language-set"} or "download" in str(pattern.name):
            continue
        names = pattern.pattern.regex.groupindex
        values = {name: arguments.get(name) or slugs[str(pattern.name)] for name in names}
        with subtests.test(pattern.name):
            assert client.get(reverse(f"reader:{pattern.name}", kwargs=values)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/courses/none/",
        f"{SCO}/lessons/history/none/",
        f"{SCO}/lessons/none/invitation/",
        f"{SCO}/source/P99/",
        f"{SCO}/bibliography/none2000/",
        f"{SCO}/bibliography/none2000.bib",
        f"{SCO}/bibliography.exe",
        f"{SCO}/glossary/none/",
        f"{SCO}/actors/none/",
        f"{SCO}/figures/0123456789abcdef/none.svg",
    ],
)
def test_unknown_address_is_not_found(path: str, course: Course, client: Client) -> None:
    assert client.get(path).status_code == 404


# Editions, never drafts


def test_course_without_a_published_lesson_does_not_exist(client: Client, db: None) -> None:
    factories.course_create()
    assertNotContains(client.get("/"), "The SCO")
    for page in ("", "source/", "bibliography/", "glossary/", "timeline/", "actors/", "map/"):
        assert client.get(f"{SCO}/{page}").status_code == 404
    assert client.get(f"{SCO}/search/?q=body").status_code == 404
    assert client.get(f"{SCO}/bibliography.bib").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"{SCO}/",
        LESSON,
        f"{SCO}/source/",
        f"{SCO}/source/P01/",
        f"{SCO}/bibliography/",
        f"{SCO}/bibliography/khan1961/",
        f"{SCO}/glossary/rats/",
        f"{SCO}/search/?q=secret",
    ],
)
def test_draft_is_nowhere(path: str, draft_lesson: Lesson, client: Client) -> None:
    response = client.get(path)
    text = response.content.decode().replace('value="secret"', "").replace("?q=secret", "")
    assert response.status_code == 200
    assert "secret" not in text.lower()
    assert client.get(f"{SCO}/lessons/history/draft/").status_code == 404


# Lessons


def test_lesson_shows_its_edition_in_its_frame(course: Course, client: Client) -> None:
    second = factories.lesson_publish(course, slug="second", title="The second lesson")
    response = client.get(LESSON)
    edition = Lesson.objects.get(slug="invitation").published_edition
    assert edition is not None
    assertContains(response, edition.html, html=False)
    assertContains(response, '<h1 id="title">The invitation of 1949</h1>', html=True)
    assertContains(response, f'rel="next" href="{SCO}/lessons/history/{second.slug}/"')
    assertNotContains(response, 'rel="prev"')
    assertContains(response, f'<a href="{LESSON}" aria-current="page">')
    assertContains(response, '<a href="#invitation">Invitation</a>', html=True)


def test_lesson_of_a_right_to_left_course_says_so(db: None, client: Client) -> None:
    course = factories.course_create(slug="urdu", language="ur")
    factories.lesson_publish(course)
    response = client.get("/courses/urdu/lessons/history/invitation/")
    assertContains(response, '<html lang="en"')
    assertContains(response, '<div class="reading" dir="rtl">')
    assertContains(response, '<div class="edition" lang="ur" dir="rtl">')


# The article


def test_paragraph_says_where_it_is_taught_and_what_it_cites(events: None, client: Client) -> None:
    response = client.get(f"{SCO}/source/P01/")
    assertContains(response, "The gist of P01.")
    assertContains(response, f'<a href="{LESSON}#invitation">Invitation</a>', html=True)
    assertContains(response, "Relations with the USSR")
    assertContains(response, f'href="{SCO}/glossary/rats/"')
    assertContains(response, f'href="{SCO}/actors/russia/"')
    assertContains(response, f'href="{SCO}/timeline/#event-oil"')
    assertContains(response, f'rel="next" href="{SCO}/source/P02/"')
    assertNotContains(response, "As published")


def test_paragraph_shows_the_published_text_where_it_was_loaded(
    course: Course, client: Client
) -> None:
    services.paragraph_save(
        paragraph=SourceParagraph.objects.get(number="P01"),
        fields={"text": "As the authors wrote <it>.", "note": "A slip of the pen."},
        cites=None,
        editor=None,
        now=NOW,
    )
    response = client.get(f"{SCO}/source/P01/")
    assertContains(response, "As the authors wrote &lt;it&gt;.")
    assertContains(response, "A slip of the pen.")


def test_source_lists_every_paragraph_in_order(course: Course, client: Client) -> None:
    text = client.get(f"{SCO}/source/").content.decode()
    assert re.findall(r'class="paragraphs__item" id="(P\d+)"', text) == ["P01", "P02"]


# Works


@pytest.fixture
def doubtful(course: Course) -> Reference:
    return factories.reference_create(
        course,
        "amin2021",
        {"type": "book", "title": "A book", "author": [{"family": "Amin"}]},
        kind="book",
        note="Nobody has found it.",
    )


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["amin2021", "hussain-fatima2015", "khan1961"]),
        ("?kind=book", ["amin2021"]),
        ("?kind=peer_reviewed", ["hussain-fatima2015", "khan1961"]),
        ("?doubtful=1", ["amin2021"]),
        ("?kind=peer_reviewed&doubtful=1", []),
        ("?kind=nonsense", ["amin2021", "hussain-fatima2015", "khan1961"]),
    ],
)
def test_bibliography_is_filtered(
    query: str, keys: list[str], doubtful: Reference, client: Client
) -> None:
    text = client.get(f"{SCO}/bibliography/{query}").content.decode()
    assert re.findall(r'class="work" id="([^"]+)"', text) == keys


def test_reference_says_where_it_is_cited(course: Course, client: Client) -> None:
    response = client.get(f"{SCO}/bibliography/khan1961/")
    assertContains(response, f'<a href="{LESSON}#invitation">Invitation</a>', html=True)
    assertContains(response, "Recommended as further reading")
    assertContains(response, "The gist of P01.")
    assertContains(response, "@article{khan1961")
    nowhere = client.get(f"{SCO}/bibliography/hussain-fatima2015/")
    assertContains(nowhere, "No paragraph of the article cites this work.")


@pytest.mark.parametrize(
    ("suffix", "begins"), [("bib", "@article{"), ("ris", "TY  - "), ("json", "[")]
)
def test_reference_files_hold_one_work_or_all(
    suffix: str, begins: str, course: Course, client: Client
) -> None:
    one = client.get(f"{SCO}/bibliography/khan1961.{suffix}")
    every = client.get(f"{SCO}/bibliography.{suffix}")
    assert one.content.decode().startswith(begins)
    assert one.headers["Content-Disposition"] == f'attachment; filename="khan1961.{suffix}"'
    assert every.headers["Content-Disposition"] == f'attachment; filename="sco.{suffix}"'
    assert [("Hussain" in text, "Khan" in text) for text in map(text_of, (one, every))] == [
        (False, True),
        (True, True),
    ]


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_reference_file_keeps_what_csl_has_no_field_for(
    doubtful: Reference, client: Client
) -> None:
    items = json.loads(client.get(f"{SCO}/bibliography/amin2021.json").content)
    assert items[0]["custom"]["note"] == "Nobody has found it."


# Terms, actors, events


def test_term_says_where_it_is_used(course: Course, client: Client) -> None:
    response = client.get(f"{SCO}/glossary/rats/")
    assertContains(response, "A body of the SCO")
    assertContains(response, f'<a href="{LESSON}#invitation">Invitation</a>', html=True)
    assertContains(response, f'href="{SCO}/source/P01/"')


def test_glossary_stands_under_letters(course: Course, client: Client) -> None:
    factories.term_create(course, slug="bilateral", term="bilateral", aliases=[])
    text = client.get(f"{SCO}/glossary/").content.decode()
    assert re.findall(r'<a href="#letter-(\w)">', text) == ["B", "R"]


def test_actor_shows_its_events_and_lessons(events: None, client: Client) -> None:
    response = client.get(f"{SCO}/actors/russia/")
    assertContains(response, "An oil agreement")
    assertContains(response, "about the 1960s")
    assertNotContains(response, "An invitation")
    assertContains(response, f'<a href="{LESSON}#invitation">Invitation</a>', html=True)


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["invitation", "oil", "membership"]),
        ("?actor=russia", ["oil", "membership"]),
        ("?first=1950", ["oil", "membership"]),
        ("?last=1965", ["invitation", "oil"]),  # a decade is touched by any of its years
        ("?actor=pakistan&first=1950&last=2020", ["membership"]),
        ("?first=1950&last=1955", []),
        ("?actor=nobody", []),
        ("?first=soon&last=99999", ["invitation", "oil", "membership"]),
    ],
)
def test_timeline_is_filtered(query: str, slugs: list[str], events: None, client: Client) -> None:
    text = client.get(f"{SCO}/timeline/{query}").content.decode()
    assert re.findall(r'id="event-([^"]+)"', text) == slugs


def test_timeline_says_how_exactly_a_date_is_known(events: None, client: Client) -> None:
    response = client.get(f"{SCO}/timeline/")
    assertContains(response, "mark--decade mark--about")
    assertContains(response, "(approximate)")
    assertContains(response, "9 June 2017")
    assertContains(response, "dated elsewhere", count=1)


@pytest.mark.parametrize("count", [1, 30])
def test_timeline_costs_six_queries(
    count: int, course: Course, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        services.timeline_event_save(
            event=TimelineEvent(course=course),
            fields={"slug": f"event-{number}", "date": "1949", "title": "An event"},
            sources=["P01"],
            editor=None,
            now=NOW,
        )
    # course, all dates, events, their actors, their sources, actors to choose from
    with django_assert_num_queries(6):
        assert client.get(f"{SCO}/timeline/").status_code == 200


# Search, figures, language


def test_search_marks_what_it_finds(course: Course, client: Client) -> None:
    response = client.get(f"{SCO}/search/", {"q": "contact"})
    assertContains(response, f'href="{LESSON}#invitation"')
    assertContains(response, "<mark>contact</mark>")
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_search_links_every_kind(events: None, client: Client) -> None:
    found = client.get(f"{SCO}/search/", {"q": "body relations agreement state"}).content.decode()
    for address in ("glossary/rats/", "bibliography/khan1961/", "timeline/#event-oil"):
        assert f'href="{SCO}/{address}"' in found
    assert f'href="{SCO}/actors/russia/"' in found


def test_search_shows_a_query_as_text(course: Course, client: Client) -> None:
    response = client.get(f"{SCO}/search/", {"q": '"><script>alert(1)</script>'})
    assertNotContains(response, "<script>alert")


def test_search_keeps_to_a_kind(course: Course, client: Client) -> None:
    response = client.get(f"{SCO}/search/", {"q": "SCO", "kind": "term"})
    assertContains(response, f'href="{SCO}/glossary/rats/"')
    assertNotContains(response, f'href="{LESSON}#')


def test_figure_is_kept_for_ever_and_may_do_nothing(course: Course, client: Client) -> None:
    figure = services.figure_save(
        course=course,
        file="a.svg",
        alt="A triangle",
        content=factories.SVG,
        editor=None,
        now=NOW,
    )
    response = client.get(f"{SCO}/figures/{figure.checksum[:16]}/a.svg")
    assert response.content == factories.SVG
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert client.get(f"{SCO}/figures/{'0' * 16}/a.svg").status_code == 404


def test_language_is_chosen_by_a_form(course: Course, client: Client) -> None:
    form = client.get("/language/", {"next": LESSON})
    assertContains(form, f'<input type="hidden" name="next" value="{LESSON}">', html=True)
    done = client.post("/language/set/", {"language": "ur", "next": LESSON})
    assert (done.status_code, done.headers["Location"]) == (302, LESSON)
    assert done.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ur"
    assertContains(client.get(LESSON), '<html lang="ur"')


def test_language_form_leads_to_no_other_host(client: Client, db: None) -> None:
    form = client.get("/language/", {"next": "https://evil.example/"})
    assertContains(form, '<input type="hidden" name="next" value="/">', html=True)


# What it weighs


def test_lesson_page_weighs_at_most_sixty_kilobytes(bundled: Course, client: Client) -> None:
    """HTML, style and script as sent, of the longest lesson of the bundled course."""
    lesson = Lesson.objects.select_related("unit").order_by("-published_edition__word_count")[0]
    path = reverse("reader:lesson", args=[bundled.slug, lesson.unit.slug, lesson.slug])
    page = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    text = client.get(path).content.decode()
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', text)
    assert len(files) >= 8
    static = settings.BASE_DIR / "static"
    weights = [len(gzip.compress((static / file).read_bytes())) for file in files]
    assert len(page.content) + sum(weights) <= 60_000
