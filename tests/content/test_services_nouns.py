from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.content import search, selectors, services
from apps.content.errors import InvalidContent
from apps.content.models import (
    Actor,
    Course,
    GlossaryTerm,
    Place,
    Reference,
    SourceParagraph,
    TimelineEvent,
)
from apps.core.models import Event
from tests.content.factories import (
    HUSSAIN,
    KHAN,
    course_create,
    draft,
    lesson_create,
    lesson_publish,
    reference_create,
    section,
    term_create,
)
from tests.factories import NOW

WRITER: dict[str, Any] = {"editor": None, "now": NOW}


@pytest.fixture
def course(db: None) -> Course:
    return course_create()


@pytest.fixture
def khan(course: Course) -> Reference:
    return Reference.objects.select_related("course__school").get(key="khan1961")


def term_of(course: Course) -> GlossaryTerm:
    return GlossaryTerm.objects.select_related("course__school").get(course=course)


# References


def test_reference_is_formatted_when_it_is_saved(khan: Reference) -> None:
    assert (khan.title, khan.year, khan.authors_short) == (
        "Pakistan's Relations with the USSR",
        "1961",
        "Khan",
    )
    assert khan.apa_html.startswith("Khan, H. U. R. (1961). Pakistan's Relations")
    assert khan.sort_key == "khan h. u. r. 1961 pakistan's relations with the ussr"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"csl": {"type": "book"}}, InvalidContent),
        ({"csl": []}, InvalidContent),
        ({"kind": "rumour"}, ValidationError),
        ({"key": "Not A Key"}, ValidationError),
        ({"key": "khan1961"}, ValidationError),
    ],
)
def test_faulty_reference_is_refused(
    course: Course, fields: dict[str, Any], error: type[Exception]
) -> None:
    fields = {"key": "new2020", "csl": KHAN, "kind": "book", **fields}
    with pytest.raises(error):
        services.reference_save(reference=Reference(course=course), fields=fields, **WRITER)
    assert course.references.count() == 2


def test_unchanged_reference_writes_nothing(course: Course, khan: Reference) -> None:
    before = (Event.objects.count(), Course.objects.get().outline_version)
    services.reference_save(reference=khan, fields={"csl": KHAN, "key": "khan1961"}, **WRITER)
    assert (Event.objects.count(), Course.objects.get().outline_version) == before


def test_second_work_of_the_same_people_and_year_gives_both_a_letter(
    course: Course, khan: Reference
) -> None:
    assert ">(Khan, 1961)</a>" in term_of(course).html
    reference_create(course, "khan1961-b", {**KHAN, "title": "Another"})
    khan.refresh_from_db()
    assert (khan.year, "(1961b)" in khan.apa_html) == ("1961b", True)
    other = Reference.objects.get(key="khan1961-b")
    assert (other.year, "(1961a)" in other.apa_html) == ("1961a", True)
    assert ">(Khan, 1961b)</a>" in term_of(course).html
    assert selectors.render_context(course).references["khan1961"].year == "1961b"
    services.reference_delete(reference=other, **WRITER)
    khan.refresh_from_db()
    assert (khan.year, "(1961)" in khan.apa_html) == ("1961", True)
    assert ">(Khan, 1961)</a>" in term_of(course).html


def test_changed_author_is_shown_where_the_work_is_cited(course: Course, khan: Reference) -> None:
    history = GlossaryTerm.history.count()
    csl = {**KHAN, "author": [{"family": "Kahn"}]}
    services.reference_save(reference=khan, fields={"csl": csl}, **WRITER)
    assert ">(Kahn, 1961)</a>" in term_of(course).html
    assert GlossaryTerm.history.count() == history


def test_key_of_a_work_that_texts_cite_stays(course: Course, khan: Reference) -> None:
    with pytest.raises(InvalidContent) as error:
        services.reference_save(reference=khan, fields={"key": "khan1962"}, **WRITER)
    assert error.value.field == "key"
    free = Reference.objects.select_related("course__school").get(key="hussain-fatima2015")
    services.reference_save(reference=free, fields={"key": "hussain2015"}, **WRITER)
    found = search.search(course=course, query="Fatima").hits
    assert [hit.key for hit in found] == ["hussain2015"]


def test_reference_in_use_is_not_deleted(course: Course, khan: Reference) -> None:
    with pytest.raises(InvalidContent, match="2 places"):
        services.reference_delete(reference=khan, **WRITER)
    free = Reference.objects.get(key="hussain-fatima2015")
    public_id = free.public_id
    services.reference_delete(reference=free, **WRITER)
    event = Event.objects.filter(subject_id=public_id).latest("id")
    assert (event.kind, event.is_tombstone) == ("reference.deleted", True)
    assert search.search(course=course, query="Fatima").count == 0


# Terms, actors, events, places


def test_term_is_rendered_linked_and_found(course: Course) -> None:
    term = term_of(course)
    assert term.html == (
        '<p>A body of the SCO <a class="citation" href="/courses/sco/bibliography/khan1961/"'
        ' data-ref="khan1961">(Khan, 1961)</a>.</p>\n'
    )
    assert [work.key for work in term.references.all()] == ["khan1961"]
    assert [paragraph.number for paragraph in term.sources.all()] == ["P01"]
    assert [hit.key for hit in search.search(course=course, query="RATS").hits] == ["rats"]


def test_term_that_moves_is_found_under_its_new_address(course: Course) -> None:
    services.term_save(term=term_of(course), fields={"slug": "structure"}, **WRITER)
    assert [hit.key for hit in search.search(course=course, query="RATS").hits] == ["structure"]


@pytest.mark.parametrize(
    ("fields", "sources", "field"),
    [
        ({"definition": "[@nobody2000]"}, None, "definition"),
        ({"definition": "[x](javascript:alert(1))"}, None, "definition"),
        ({}, ["P99"], "sources"),
    ],
)
def test_faulty_term_is_refused_and_nothing_changes(
    course: Course, fields: dict[str, str], sources: list[str] | None, field: str
) -> None:
    with pytest.raises(InvalidContent) as error:
        services.term_save(term=term_of(course), fields=fields, sources=sources, **WRITER)
    assert error.value.field == field
    term = term_of(course)
    assert term.definition == "A body of the SCO [@khan1961]."
    assert term.sources.count() == 1


def test_unchanged_term_writes_nothing(course: Course) -> None:
    before = (Event.objects.count(), Course.objects.get().outline_version)
    services.term_save(
        term=term_of(course), fields={"term": term_of(course).term}, sources=["P01"], **WRITER
    )
    assert (Event.objects.count(), Course.objects.get().outline_version) == before


def test_unknown_field_is_a_programming_error(course: Course) -> None:
    with pytest.raises(TypeError, match="html"):
        services.term_save(term=term_of(course), fields={"html": "<b>"}, **WRITER)


def test_change_of_sources_alone_is_a_change(course: Course, instructor: User) -> None:
    services.term_save(
        term=term_of(course), fields={}, sources=["P01", "P02"], editor=instructor, now=NOW
    )
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_id) == ("glossaryterm.saved", instructor.public_id)


def test_actor_event_and_place_are_stored_and_found(course: Course) -> None:
    actor = services.actor_save(
        actor=Actor(course=course),
        fields={"slug": "ussr", "name": "Soviet Union", "kind": "state", "description": "Gone."},
        sources=["P01"],
        **WRITER,
    )
    event = services.timeline_event_save(
        event=TimelineEvent(course=course),
        fields={
            "slug": "visit",
            "date": "1949-06~",
            "title": "Invitation",
            "description": "@khan1961",
        },
        sources=["P01"],
        actors=["ussr"],
        **WRITER,
    )
    place = services.place_save(
        place=Place(course=course),
        fields={
            "slug": "karachi",
            "name": "Karachi",
            "kind": "port",
            "latitude": "24.86",
            "longitude": "67.01",
        },
        **WRITER,
    )
    assert (event.starts_on.isoformat(), event.ends_on.isoformat()) == ("1949-06-01", "1949-06-30")
    assert list(event.actors.all()) == [actor]
    assert [work.key for work in event.references.all()] == ["khan1961"]
    assert place.html == ""
    kinds = {
        hit.kind
        for query in ("Soviet", "Invitation", "Karachi")
        for hit in search.search(course=course, query=query).hits
    }
    assert kinds == {"actor", "event", "place"}
    with pytest.raises(InvalidContent) as error:
        services.timeline_event_save(event=event, fields={"date": "yesterday"}, **WRITER)
    assert error.value.field == "date"
    with pytest.raises(InvalidContent) as error:
        services.timeline_event_save(event=event, fields={}, actors=["nobody"], **WRITER)
    assert error.value.field == "actors"


def test_place_off_the_map_is_refused(course: Course) -> None:
    with pytest.raises(ValidationError) as error:
        services.place_save(
            place=Place(course=course),
            fields={"slug": "x", "name": "X", "kind": "city", "latitude": "91", "longitude": "0"},
            **WRITER,
        )
    assert list(error.value.message_dict) == ["latitude"]


def test_noun_that_is_deleted_leaves_search_and_a_tombstone(course: Course) -> None:
    term = term_of(course)
    public_id = term.public_id
    services.noun_delete(noun=term, **WRITER)
    assert search.search(course=course, query="RATS").count == 0
    event = Event.objects.get(subject_id=public_id, is_tombstone=True)
    assert event.kind == "glossaryterm.deleted"


def test_noun_in_use_is_not_deleted(course: Course) -> None:
    actor = services.actor_save(
        actor=Actor(course=course),
        fields={"slug": "ussr", "name": "USSR", "kind": "state", "description": "Gone."},
        **WRITER,
    )
    services.timeline_event_save(
        event=TimelineEvent(course=course),
        fields={"slug": "visit", "date": "1949", "title": "Visit"},
        actors=["ussr"],
        **WRITER,
    )
    lesson_create(course)
    for noun in (actor, term_of(course)):
        with pytest.raises(InvalidContent, match="1 places"):
            services.noun_delete(noun=noun, **WRITER)


# Paragraphs


def test_paragraph_keeps_what_it_cites(course: Course) -> None:
    paragraph = SourceParagraph.objects.select_related("article__course__school").get(number="P02")
    services.paragraph_save(
        paragraph=paragraph, fields={"note": "Doubtful."}, cites=["hussain-fatima2015"], **WRITER
    )
    assert selectors.paragraph_citations(course, ["P01", "P02"]) == {
        "P01": ("khan1961",),
        "P02": ("hussain-fatima2015",),
    }
    with pytest.raises(InvalidContent, match="nobody2000"):
        services.paragraph_save(paragraph=paragraph, fields={}, cites=["nobody2000"], **WRITER)


def test_paragraph_in_use_is_not_deleted(course: Course) -> None:
    used, free = SourceParagraph.objects.select_related("article__course__school")
    with pytest.raises(InvalidContent):
        services.paragraph_delete(paragraph=used, **WRITER)
    services.paragraph_delete(paragraph=free, **WRITER)
    assert [each.number for each in SourceParagraph.objects.all()] == ["P01"]


# Where is it used, and what must be looked at again?


def test_where_used_walks_every_relation_once(course: Course, khan: Reference) -> None:
    lesson = lesson_create(course, section("one", "[@khan1961] [@khan1961] [[RATS]]"))
    uses = selectors.where_used(khan)
    assert selectors.usage_counts(uses) == {
        "section": 1,
        "further reading": 1,
        "glossary term": 1,
        "source paragraph": 1,
    }
    assert {use.lesson for use in uses if use.lesson} == {lesson}
    assert selectors.usage_counts(selectors.where_used(course.glossaryterms.get())) == {
        "section": 1
    }
    paragraph = SourceParagraph.objects.get(number="P01")
    assert selectors.usage_counts(selectors.where_used(paragraph)) == {
        "section": 1,
        "glossary term": 1,
    }


def test_recheck_names_lessons_whose_readers_still_see_the_work(
    course: Course, khan: Reference
) -> None:
    lesson = lesson_publish(course, section("one", "[@khan1961]"))
    services.lesson_save(
        lesson=lesson,
        draft=draft(section("one", "No longer."), further_reading=()),
        expected_revision=1,
        **WRITER,
    )
    assert "section" not in selectors.usage_counts(selectors.where_used(khan))
    assert selectors.usage_counts(selectors.recheck_list(khan)) == {
        "glossary term": 1,
        "lesson": 1,
        "source paragraph": 1,
    }
    hussain = Reference.objects.get(key="hussain-fatima2015")
    assert selectors.recheck_list(hussain) == []


def test_terms_are_known_by_every_name(course: Course) -> None:
    term_create(course, slug="sco", term="The SCO", aliases=["Organization"], definition="A body.")
    terms = selectors.render_context(course).terms
    assert {name for name, label in terms.items() if label.slug == "sco"} == {
        "sco",
        "the sco",
        "organization",
    }


def test_work_of_another_course_is_not_cited(course: Course) -> None:
    other = course_create(slug="other")
    reference_create(other, "only-there2020", HUSSAIN)
    assert "only-there2020" not in selectors.render_context(course).references
    with pytest.raises(InvalidContent):
        services.term_save(
            term=term_of(course), fields={"definition": "[@only-there2020]"}, **WRITER
        )
