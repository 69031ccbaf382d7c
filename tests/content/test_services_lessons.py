from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.content import selectors, services
from apps.content.drafts import LessonDraft, ReadingDraft
from apps.content.errors import EditConflict, InvalidContent
from apps.content.models import Course, Lesson, SearchEntry, Section, Unit
from apps.core.errors import NotFound
from apps.core.models import Event
from tests.content import factories
from tests.content.factories import draft, lesson_create, lesson_of, lesson_publish, save, section
from tests.factories import NOW


@pytest.fixture
def course(db: None) -> Course:
    return factories.course_create()


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lesson_create(course, section("one"), section("two"), section("three"))


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


# Creating and saving


def test_created_lesson_is_the_draft_and_readers_see_nothing(lesson: Lesson) -> None:
    stored = selectors.lesson_draft(lesson)
    without_ids = tuple(replace(part, public_id=None) for part in stored.sections)
    assert replace(stored, sections=without_ids) == draft(
        section("one"), section("two"), section("three")
    )
    assert lesson.published_edition is None
    assert SearchEntry.objects.filter(kind="lesson").count() == 0
    assert lesson.unit.course.outline == {"units": []}


def test_lessons_line_up_in_their_unit(course: Course) -> None:
    first, second = lesson_create(course), lesson_create(course, slug="second")
    assert (first.position, second.position) == (0, 1)


def test_save_indexes_what_the_text_uses(lesson: Lesson) -> None:
    part = lesson.sections.get(anchor="one")
    assert [work.key for work in part.references.all()] == ["khan1961"]
    assert [term.slug for term in part.terms.all()] == ["rats"]
    save(lesson, draft(section("one", "Only @hussain-fatima2015 and [@nobody] now.")))
    part = Section.objects.get(lesson=lesson)
    assert [work.key for work in part.references.all()] == ["hussain-fatima2015"]
    assert part.terms.count() == 0


def test_unchanged_draft_writes_nothing(lesson: Lesson) -> None:
    before = kinds()
    saved = save(lesson, draft(section("one"), section("two"), section("three")))
    again = save(lesson, selectors.lesson_draft(lesson))
    assert (saved.revision, again.revision) == (1, 1)
    assert kinds() == before
    assert lesson.history.count() == 1


def test_save_counts_a_revision_and_says_who(lesson: Lesson, instructor: User) -> None:
    saved = save(lesson, draft(section("one", "New text.")), editor=instructor)
    assert saved.revision == 2
    assert saved.history.first().history_user == instructor
    assert Section.history.filter(history_type="~").get().history_user == instructor
    assert {row.history_user for row in Section.history.filter(history_type="-")} == {instructor}
    event = Event.objects.latest("id")
    assert (event.kind, event.subject_id, event.actor_id) == (
        "lesson.saved",
        lesson.public_id,
        instructor.public_id,
    )


def test_sections_keep_their_rows_when_they_move_and_change_names(lesson: Lesson) -> None:
    one, two, three = selectors.lesson_draft(lesson).sections
    rows = {part.public_id for part in (one, two, three)}
    save(
        lesson,
        draft(
            replace(three, anchor="one"),
            replace(one, anchor="two", heading="Now second"),
            replace(two, anchor="three"),
        ),
    )
    stored = selectors.lesson_draft(lesson).sections
    assert [part.anchor for part in stored] == ["one", "two", "three"]
    assert [part.public_id for part in stored] == [
        three.public_id,
        one.public_id,
        two.public_id,
    ]
    assert {part.public_id for part in stored} == rows


def test_section_without_an_id_keeps_the_row_of_its_anchor(lesson: Lesson) -> None:
    before = {part.anchor: part.public_id for part in selectors.lesson_draft(lesson).sections}
    save(lesson, draft(section("three"), section("new"), section("one", "Changed.")))
    after = {part.anchor: part.public_id for part in selectors.lesson_draft(lesson).sections}
    assert list(after) == ["three", "new", "one"]
    assert (after["three"], after["one"]) == (before["three"], before["one"])


def test_section_of_another_lesson_is_not_taken(course: Course, lesson: Lesson) -> None:
    other = lesson_create(course, section("theirs"), slug="other")
    (theirs,) = selectors.lesson_draft(other).sections
    save(lesson, draft(replace(theirs, body="Stolen."), section("x", public_id=uuid4())))
    assert selectors.lesson_draft(other).sections == (theirs,)
    assert [part.anchor for part in selectors.lesson_draft(lesson).sections] == ["theirs", "x"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (draft(section("one"), section("one")), "sections.1.anchor"),
        (draft(section("Not an anchor")), "sections.0.anchor"),
        (draft(section("one", heading="")), "sections.0.heading"),
        (draft(section("one", "x" * 200_001)), "sections.0.body"),
        (draft(section("one", paragraphs=("P99",))), "sections.0.paragraphs"),
        (draft(further_reading=(ReadingDraft("nobody2000"),)), "further_reading.0.key"),
    ],
)
def test_what_cannot_be_stored_is_named_and_changes_nothing(
    lesson: Lesson, changed: LessonDraft, field: str
) -> None:
    before = selectors.lesson_draft(lesson)
    with pytest.raises(InvalidContent) as error:
        save(lesson, changed)
    assert error.value.field == field
    assert selectors.lesson_draft(lesson_of(lesson)) == before


def test_lesson_without_a_title_is_refused(lesson: Lesson) -> None:
    with pytest.raises(ValidationError) as error:
        save(lesson, draft(title=""))
    assert list(error.value.message_dict) == ["title"]


def test_second_editor_is_told_and_nothing_is_lost(lesson: Lesson, instructor: User) -> None:
    mine = replace(draft(), title="Mine")
    save(lesson, replace(draft(), title="Theirs"), editor=instructor)
    with pytest.raises(EditConflict) as error:
        services.lesson_save(lesson=lesson, draft=mine, expected_revision=1, editor=None, now=NOW)
    conflict = error.value
    assert (conflict.theirs.title, conflict.yours.title) == ("Theirs", "Mine")
    assert (conflict.revision, conflict.changed_by) == (2, "Ayesha Khan")
    assert "Ayesha Khan" in conflict.message
    assert lesson_of(lesson).title == "Theirs"
    saved = services.lesson_save(
        lesson=lesson, draft=mine, expected_revision=conflict.revision, editor=None, now=NOW
    )
    assert (saved.title, saved.revision) == ("Mine", 3)


@pytest.mark.parametrize("count", [1, 5])
def test_saving_costs_the_same_for_what_did_not_change(
    course: Course, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    parts = [section(f"s{number}") for number in range(count)]
    lesson = lesson_create(course, *parts)
    before = replace(selectors.lesson_draft(lesson), title="Another")
    # 2 savepoint; 1 the lesson under its lock; 4 its draft; 6 the context of its texts;
    # 4 to validate and store the lesson and its history; 2 sections and their paragraphs;
    # 1 further reading; 1 event; and one for each section's sources.
    with django_assert_num_queries(22 + count):
        services.lesson_save(lesson=lesson, draft=before, expected_revision=1, editor=None, now=NOW)


# Addresses


def test_address_of_a_published_lesson_stays(course: Course) -> None:
    lesson = lesson_publish(course)
    with pytest.raises(InvalidContent) as error:
        save(lesson, replace(draft(), slug="elsewhere"))
    assert error.value.field == "slug"
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    assert save(lesson, replace(draft(), slug="elsewhere")).slug == "elsewhere"


def test_address_of_a_unit_stays_while_its_lessons_are_published(course: Course) -> None:
    lesson = lesson_publish(course)
    with pytest.raises(InvalidContent):
        services.unit_save(unit=lesson.unit, fields={"slug": "past"}, editor=None, now=NOW)
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    unit = course.units.get()
    assert (
        services.unit_save(unit=unit, fields={"slug": "past"}, editor=None, now=NOW).slug == "past"
    )


def test_address_of_a_course_stays_once_there_are_editions(course: Course) -> None:
    lesson = lesson_publish(course)
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    course = Course.objects.get()
    with pytest.raises(InvalidContent):
        services.course_save(course=course, fields={"slug": "other"}, editor=None, now=NOW)


# Order and deletion


def test_lesson_that_was_deleted_meanwhile_is_not_found(lesson: Lesson) -> None:
    services.lesson_delete(lesson=lesson_of(lesson), editor=None, now=NOW)
    with pytest.raises(NotFound):
        services.lesson_save(
            lesson=lesson, draft=draft(), expected_revision=1, editor=None, now=NOW
        )


def test_reordering_moves_readers_too(course: Course, instructor: User) -> None:
    lesson_publish(course, slug="a", title="A")
    lesson_publish(course, slug="b", title="B")
    unit = course.units.select_related("course__school").get()
    services.lessons_reorder(unit=unit, slugs=["b"], editor=instructor, now=NOW)
    course = Course.objects.get()
    assert [each["slug"] for each in course.outline["units"][0]["lessons"]] == ["b", "a"]
    assert Lesson.objects.get(slug="b").history.first().history_user == instructor
    version = course.outline_version
    services.lessons_reorder(unit=unit, slugs=["b", "a"], editor=instructor, now=NOW)
    assert Course.objects.get().outline_version == version


def test_units_are_reordered(course: Course) -> None:
    services.unit_save(
        unit=Unit(course=course),
        fields={"slug": "sco", "title": "The SCO", "position": 1},
        editor=None,
        now=NOW,
    )
    services.units_reorder(course=course, slugs=["sco", "history"], editor=None, now=NOW)
    assert [unit.slug for unit in course.units.all()] == ["sco", "history"]
    events = Event.objects.count()
    services.units_reorder(course=course, slugs=["sco"], editor=None, now=NOW)
    assert Event.objects.count() == events


@pytest.mark.parametrize("count", [3, 30])
def test_reordering_costs_the_same_for_many(
    course: Course, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    slugs = [f"lesson-{number}" for number in range(count)]
    for slug in slugs:
        lesson_create(course, slug=slug)
    unit = course.units.select_related("course__school").get()
    # 2 savepoint; 1 lock; 1 lessons; 1 positions; 1 history; 1 event; 1 lock, 1 outline, 1 course
    with django_assert_num_queries(10):
        services.lessons_reorder(unit=unit, slugs=slugs[::-1], editor=None, now=NOW)


def test_deleting_a_lesson_takes_it_from_readers_and_leaves_a_tombstone(course: Course) -> None:
    lesson = lesson_publish(course)
    services.lesson_delete(lesson=lesson, editor=None, now=NOW)
    assert Lesson.objects.count() == 0
    assert SearchEntry.objects.filter(kind="lesson").count() == 0
    assert Course.objects.get().outline == {"units": []}
    event = Event.objects.latest("id")
    assert (event.kind, event.subject_id, event.is_tombstone) == (
        "lesson.deleted",
        lesson.public_id,
        True,
    )


def test_unit_with_lessons_is_not_deleted(course: Course) -> None:
    lesson = lesson_create(course)
    with pytest.raises(InvalidContent):
        services.unit_delete(unit=lesson.unit, editor=None, now=NOW)
    services.lesson_delete(lesson=lesson, editor=None, now=NOW)
    services.unit_delete(unit=lesson.unit, editor=None, now=NOW)
    assert course.units.count() == 0
    assert Event.objects.latest("id").kind == "unit.deleted"


def test_event_names_the_school_of_the_course(school: object, instructor: User) -> None:
    course = factories.course_create(slug="own", school=school)  # type: ignore[arg-type]
    lesson_create(course)
    assert Event.objects.latest("id").school_id == course.school.public_id  # type: ignore[union-attr]
