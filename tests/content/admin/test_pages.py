"""References, terms, figures, paragraphs, units and courses: forms in, services behind."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import School, User
from apps.content import services
from apps.content.models import (
    Course,
    Figure,
    GlossaryTerm,
    Lesson,
    Reference,
    SourceParagraph,
    TimelineEvent,
    Unit,
)
from tests.content import factories
from tests.content.admin.objects import course_objects
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def change(row: Any) -> str:
    return reverse(f"admin:content_{row._meta.model_name}_change", args=[row.pk])


def errors(answer: Any) -> dict[str, Any]:
    return dict(answer.context["adminform"].form.errors)


def work_data(**changes: Any) -> dict[str, Any]:
    return {
        "type": "article-journal",
        "author": "Khan, H. U. R.",
        "title": "Pakistan's Relations with the USSR",
        "container-title": "Pakistan Horizon",
        "volume": "14",
        "issue": "1",
        "page": "33-55",
        "issued": "1961",
        "kind": "peer_reviewed",
        "status": "current",
        "is_listed": "on",
        **changes,
    }


# References


def test_new_work_gets_its_key_and_apa_entry(author: Client, course: Course) -> None:
    data = work_data(course=course.pk, author="Nye, J. S., Jr.\nIIS", issued="1977-05-01")
    author.post("/admin/content/reference/add/", {**data, "other": '{"number": "17"}'})
    work = Reference.objects.get(course=course, key="nye-iis1977")
    assert work.csl == {
        **factories.KHAN,
        "author": [
            {"family": "Nye", "given": "J. S.", "suffix": "Jr."},
            {"literal": "IIS"},
        ],
        "issued": {"date-parts": [[1977, 5, 1]]},
        "number": "17",
    }
    assert work.apa_html.startswith("Nye, J. S., Jr., &amp; IIS. (1977)")


def test_saving_an_untouched_work_changes_nothing(author: Client, course: Course) -> None:
    work = Reference.objects.get(course=course, key="khan1961")
    form = author.get(change(work)).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data = {name: "on" if value is True else value for name, value in data.items() if value}
    assert author.post(change(work), data).status_code == 302
    assert Reference.objects.get(pk=work.pk).csl == factories.KHAN
    assert work.history.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issued": "last year"}, "issued"),
        ({"title": " "}, "title"),
        ({"other": "{"}, "other"),
        ({"other": "[]"}, "other"),
        ({"other": '{"volume": "15"}'}, "volume"),
        ({"other": '{"number": {"a": 1}}'}, "__all__"),
        ({"type": "not-a-type"}, "__all__"),
        ({"kind": ""}, "kind"),
    ],
)
def test_wrong_work_is_refused_at_its_field(
    author: Client, course: Course, changes: dict[str, str], field: str
) -> None:
    work = Reference.objects.get(course=course, key="khan1961")
    answer = author.post(change(work), work_data(**changes))
    assert list(errors(answer)) == [field]
    assert Reference.objects.get(pk=work.pk).csl == factories.KHAN


def test_key_stays_when_it_is_posted(author: Client, course: Course) -> None:
    work = Reference.objects.get(course=course, key="khan1961")
    author.post(change(work), work_data(key="other1961", title="New"))
    assert Reference.objects.get(pk=work.pk).key == "khan1961"
    assert Reference.objects.get(pk=work.pk).title == "New"


def test_apa_entry_is_shown_as_it_is_typed(author: Client) -> None:
    answer = author.post("/admin/content/reference/apa/", work_data(title="<b>Bold</b>"))
    assert answer.json()["html"].startswith("Khan, H. U. R. (1961). &lt;b&gt;Bold")
    assert author.post("/admin/content/reference/apa/", {}).json() == {"html": ""}


def test_retracted_work_lists_everything_to_recheck(
    author: Client, course: Course, lesson: Lesson
) -> None:
    work = Reference.objects.get(course=course, key="khan1961")
    page = author.post(change(work), work_data(status="retracted"), follow=True)
    notice = next(str(message) for message in page.context["messages"] if "rest on" in str(message))
    assert f'href="/admin/content/course/{course.pk}/recheck/#khan1961"' in notice
    listed = author.get(f"/admin/content/course/{course.pk}/recheck/").context["works"]
    assert [reference.key for reference, _uses in listed] == ["khan1961"]
    found = {(use.kind, use.name) for use in listed[0][1]}
    assert ("Section", f"{lesson}: An invitation") in found
    assert ("Glossary term", "Regional Anti-Terrorism Structure") in found
    assert ("Source paragraph", "P01") in found
    again = author.post(change(work), work_data(status="retracted"), follow=True)
    assert not [message for message in again.context["messages"] if "rest on" in str(message)]


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Reference, {"key": "khan1961"}),
        (SourceParagraph, {"number": "P01"}),
        (GlossaryTerm, {"slug": "rats"}),
    ],
)
def test_page_says_where_the_row_is_used(
    author: Client, lesson: Lesson, model: Any, lookup: dict[str, str]
) -> None:
    uses = author.get(change(model.objects.get(**lookup))).context["uses"]
    assert (f"{lesson}: An invitation", change(lesson)) in {(use.name, use.url) for use in uses}


def test_used_work_is_not_deleted_and_an_unused_one_is(
    author: Client, course: Course, lesson: Lesson
) -> None:
    for key, is_kept in (("khan1961", True), ("hussain-fatima2015", False)):
        work = Reference.objects.get(course=course, key=key)
        url = reverse("admin:content_reference_delete", args=[work.pk])
        answer = author.post(url, {"post": "yes"}, follow=True)
        assert Reference.objects.filter(pk=work.pk).exists() is is_kept
        if is_kept:
            assert "is used in" in str(next(iter(answer.context["messages"])))


# Terms, events, figures


def test_term_is_saved_with_its_sources_and_aliases(author: Client, course: Course) -> None:
    author.post(
        "/admin/content/glossaryterm/add/",
        {
            "course": course.pk,
            "term": "Shanghai Spirit",
            "slug": "shanghai-spirit",
            "aliases": "the Spirit\n\nSpirit",
            "definition": "Mutual trust [@khan1961].",
            "sources": "P02 P01",
        },
    )
    term = GlossaryTerm.objects.get(slug="shanghai-spirit")
    assert term.aliases == ["the Spirit", "Spirit"]
    assert {row.number for row in term.sources.all()} == {"P01", "P02"}
    assert "Khan, 1961" in term.html


def test_what_the_service_refuses_is_shown_at_its_field(author: Client, course: Course) -> None:
    term = GlossaryTerm.objects.get(course=course)
    answer = author.post(
        change(term), {"term": "RATS", "definition": "See [@nobody].", "sources": "P01"}
    )
    assert list(errors(answer)) == ["definition"]
    assert answer.context["adminform"].form["definition"].value() == "See [@nobody]."
    answer = author.post(
        "/admin/content/glossaryterm/add/",
        {"course": course.pk, "term": "Again", "slug": "rats", "definition": "Text."},
    )
    assert errors(answer)


def test_event_takes_dates_as_historians_know_them(author: Client, course: Course) -> None:
    event = course_objects(course)["timelineevent"]
    author.post(change(event), {"date": "196X~", "title": "The sixties", "actors": "sco-actor"})
    saved = TimelineEvent.objects.get(pk=event.pk)
    assert (saved.starts_on.year, saved.ends_on.year) == (1960, 1969)
    assert list(errors(author.post(change(event), {"date": "soon", "title": "X"}))) == ["date"]


def test_figure_is_uploaded_shown_and_its_words_changed(author: Client, course: Course) -> None:
    answer = author.post(
        "/admin/content/figure/add/",
        {
            "course": course.pk,
            "file": "map.svg",
            "alt": "A map.",
            "credit": "",
            "picture": SimpleUploadedFile("x.svg", factories.SVG),
        },
    )
    assert answer.status_code == 302
    figure = Figure.objects.get(file="map.svg")
    assert 'src="data:image/svg+xml;base64,' in author.get(change(figure)).content.decode()
    author.post(change(figure), {"alt": "A better map.", "credit": "Us"})
    figure.refresh_from_db()
    assert (figure.alt, bytes(figure.content)) == ("A better map.", factories.SVG)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file"),
        (b"x" * 300_000, "picture"),
        (None, "file"),
    ],
)
def test_dangerous_or_missing_picture_is_refused(
    author: Client, course: Course, content: bytes | None, field: str
) -> None:
    data: dict[str, Any] = {"course": course.pk, "file": "x.svg", "alt": "X"}
    if content:
        data["picture"] = SimpleUploadedFile("x.svg", content)
    assert list(errors(author.post("/admin/content/figure/add/", data))) == [field]
    assert not Figure.objects.exists()


# The frame


def test_units_are_put_in_order(author: Client, course: Course) -> None:
    services.unit_save(
        unit=Unit(course=course),
        fields={"slug": "second", "title": "Second", "position": 1},
        editor=None,
        now=NOW,
    )
    page = author.get(change(course))
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    first, second = course.units.order_by("position")
    data |= {
        "units-TOTAL_FORMS": 2,
        "units-INITIAL_FORMS": 2,
        "units-0-id": first.pk,
        "units-0-course": course.pk,
        "units-0-position": 2,
        "units-1-id": second.pk,
        "units-1-course": course.pk,
        "units-1-position": 1,
    }
    assert author.post(change(course), {**data, "title": "New title"}).status_code == 302
    assert [unit.slug for unit in course.units.order_by("position")] == ["second", "history"]
    course.refresh_from_db()
    assert course.title == "New title"
    assert course.article.authors == ["Hira Yaqoob"]


def test_course_is_made_for_ones_own_school(
    author: Client, instructor: User, local_instructor: User, school: School, other_school: School
) -> None:
    data = {"title": "X", "slug": "x", "language": "en"}
    local = Client()
    local.force_login(local_instructor)
    url = "/admin/content/course/add/"
    assert "school" in errors(local.post(url, data))
    assert "school" in errors(local.post(url, {**data, "school": other_school.pk}))
    assert local.post(url, {**data, "school": school.pk}).status_code == 302
    assert Course.objects.get(slug="x").school == school
    assert author.post(url, {**data, "slug": "y"}).status_code == 302
    assert Course.objects.get(slug="y").school is None


def test_unit_with_lessons_stays_and_an_empty_one_goes(
    author: Client, course: Course, lesson: Lesson
) -> None:
    author.post(
        "/admin/content/unit/add/", {"course": course.pk, "title": "Empty", "slug": "empty"}
    )
    for slug, is_kept in (("history", True), ("empty", False)):
        unit = Unit.objects.get(course=course, slug=slug)
        author.post(reverse("admin:content_unit_delete", args=[unit.pk]), {"post": "yes"})
        assert Unit.objects.filter(pk=unit.pk).exists() is is_kept


def test_paragraph_keeps_its_number_and_takes_a_gist_and_works(
    author: Client, course: Course
) -> None:
    paragraph = SourceParagraph.objects.get(article__course=course, number="P02")
    author.post(change(paragraph), {"gist": "New gist.", "cites": "khan1961 hussain-fatima2015"})
    paragraph.refresh_from_db()
    assert (paragraph.number, paragraph.gist, paragraph.cites.count()) == ("P02", "New gist.", 2)
    answer = author.post(change(paragraph), {"gist": "New gist.", "cites": "nobody"})
    assert list(errors(answer)) == ["cites"]


def test_outline_shows_every_lesson_with_its_state(author: Client, course: Course) -> None:
    factories.lesson_publish(course)
    factories.lesson_create(course, slug="later", title="A later lesson")
    page = author.get(f"/admin/content/course/{course.pk}/outline/").content.decode()
    assert page.index("Edition 1") < page.index("A later lesson") < page.index("Not published")
    assert f"/admin/courses/{course.slug}/coverage/" in page


@pytest.mark.parametrize("count", [1, 30])
def test_outline_costs_the_same_for_any_number_of_lessons(
    author: Client, course: Course, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        factories.lesson_create(course, slug=f"lesson-{number}")
    # Session and person; course in scope; units; lessons; eight counts beside them.
    with django_assert_num_queries(13):
        author.get(f"/admin/content/course/{course.pk}/outline/")


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_for_any_number_of_rows(
    author: Client, course: Course, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        factories.lesson_publish(course, slug=f"lesson-{number}")
    author.get("/admin/content/lesson/")
    # Session and person; courses and units to filter by; the lessons, counted twice and listed.
    with django_assert_num_queries(7):
        author.get("/admin/content/lesson/")


def test_picker_offers_everything_of_the_course(author: Client, course: Course) -> None:
    course_objects(course)
    offered = author.get(f"/admin/content/course/{course.pk}/choices/").json()
    assert {kind: len(choices) for kind, choices in offered.items()} == {
        "references": 3, "paragraphs": 2, "terms": 2, "figures": 1, "actors": 1, "lessons": 1,
    }  # fmt: skip
    assert {"key": "P01", "label": "P01", "about": "The gist of P01."} in offered["paragraphs"]
    assert {
        "key": "hussain-fatima2015",
        "label": "Hussain & Fatima (2015)",
        "about": "Pak-Russian Relations",
    } in offered["references"]


def test_coverage_names_what_nothing_uses(author: Client, course: Course, lesson: Lesson) -> None:
    page = author.get(reverse("courseware:coverage", args=[course.slug]))
    coverage = page.context["coverage"]
    assert [one.name for one in coverage.untaught] == ["P02"]
    assert [one.name for one in coverage.unused] == ["hussain-fatima2015"]
    assert "An invitation" in page.content.decode()
