import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.content import selectors, services
from apps.content.errors import InvalidContent, PublishingBlocked
from apps.content.models import Course, Lesson, LessonEdition, SearchEntry
from apps.core.models import Event
from tests.content import factories
from tests.content.factories import draft, lesson_create, lesson_of, lesson_publish, save, section
from tests.factories import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def course(db: None) -> Course:
    return factories.course_create()


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lesson_create(course)


def publish(lesson: Lesson, **more: object) -> LessonEdition:
    return services.lesson_publish(**{"lesson": lesson, "editor": None, "now": NOW, **more})  # type: ignore[arg-type]


# Publishing


def test_first_edition_reaches_readers_search_outline_and_outbox(
    course: Course, lesson: Lesson, instructor: User
) -> None:
    edition = publish(lesson, note="At last.", editor=instructor)
    assert (edition.number, edition.note, edition.published_by) == (1, "At last.", instructor)
    assert (edition.title, edition.published_at) == ("The invitation of 1949", NOW)
    assert lesson_of(lesson).published_edition == edition
    assert SearchEntry.objects.filter(kind="lesson", key="history/invitation").exists()
    (unit,) = Course.objects.get().outline["units"]
    assert [each["checksum"] for each in unit["lessons"]] == [edition.checksum]
    event = Event.objects.latest("id")
    assert (event.kind, event.subject_id) == ("lesson.published", lesson.public_id)
    assert lesson_of(lesson).history.first().history_user == instructor


def test_unchanged_draft_makes_no_edition(lesson: Lesson) -> None:
    first = publish(lesson)
    version, events = Course.objects.get().outline_version, Event.objects.count()
    assert publish(lesson, now=LATER) == first
    assert Course.objects.get().outline_version == version
    assert Event.objects.count() == events


def test_readers_see_an_edit_once_it_is_published(lesson: Lesson) -> None:
    first = publish(lesson)
    save(lesson, replace(draft(), title="Another title"))
    assert lesson_of(lesson).published_edition == first
    second = publish(lesson)
    assert (second.number, second.title) == (2, "Another title")
    assert lesson_of(lesson).published_edition == second


def test_changed_reference_makes_a_new_edition_of_the_same_draft(
    course: Course, lesson: Lesson
) -> None:
    publish(lesson)
    services.reference_save(
        reference=course.references.get(key="khan1961"),
        fields={"status": "corrected"},
        editor=None,
        now=NOW,
    )
    assert publish(lesson).number == 2


def test_errors_stop_publishing_and_warnings_do_not(lesson: Lesson) -> None:
    save(lesson, draft(section("one", "[@nobody2000]"), section("two", "Nothing is cited.")))
    with pytest.raises(PublishingBlocked) as error:
        publish(lesson)
    assert [(p.code, p.place) for p in error.value.problems] == [("unknown-key", "one")]
    assert LessonEdition.objects.count() == 0
    save(lesson, draft(section("one"), section("two", "Nothing is cited.")))
    warnings = {problem.code for problem in services.lesson_checks(lesson=lesson)}
    assert warnings == {"uncited-paragraph", "short-lesson"}
    assert publish(lesson).number == 1


def test_publishing_indexes_what_came_into_being_since_the_save(
    course: Course, lesson: Lesson
) -> None:
    save(lesson, draft(section("one", "[@khan1961] and [@late2020].")))
    work = factories.reference_create(course, "late2020", factories.HUSSAIN)
    assert selectors.where_used(work) == []
    publish(lesson)
    assert [use.kind for use in selectors.where_used(work)] == ["section"]


@pytest.mark.parametrize("count", [1, 30])
def test_publishing_costs_the_same_whatever_the_course_holds(
    course: Course, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count - 1):
        lesson_publish(course, slug=f"lesson-{number}")
    lesson = lesson_of(lesson_create(course))
    # 2 savepoint; 1 the course's lock; 1 the lesson's; 6 context; 4 draft; 1 what its paragraphs
    # cite; 1 sections; 4 the index of the one section; 2 works and terms; 1 last edition;
    # 1 edition; 1 event; 3 the lesson and its history; 7 search; 3 outline and
    # 1 the parts of what is new to it
    with django_assert_num_queries(39):
        publish(lesson)


# What was published stays


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("html", "<p>x</p>"),
        ("document", {}),
        ("checksum", "0" * 64),
        ("number", 7),
        ("title", "x"),
        ("published_at", LATER),
    ],
)
def test_database_refuses_to_change_an_edition(lesson: Lesson, field: str, value: object) -> None:
    edition = publish(lesson)
    with pytest.raises(IntegrityError), transaction.atomic():
        LessonEdition.objects.filter(pk=edition.pk).update(**{field: value})
    setattr(edition, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save()


def test_database_lets_an_edition_forget_a_person(lesson: Lesson, instructor: User) -> None:
    edition = publish(lesson, editor=instructor)
    LessonEdition.objects.update(published_by=None)
    edition.refresh_from_db()
    assert edition.published_by is None


def test_database_refuses_to_move_an_edition_to_another_lesson(
    course: Course, lesson: Lesson
) -> None:
    publish(lesson)
    other = lesson_create(course, slug="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        LessonEdition.objects.update(lesson=other)


# Withdrawing


def test_withdrawn_lesson_leaves_readers_and_comes_back_as_it_was(
    course: Course, lesson: Lesson
) -> None:
    edition = publish(lesson)
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    assert lesson_of(lesson).published_edition is None
    assert SearchEntry.objects.filter(kind="lesson").count() == 0
    assert Course.objects.get().outline == {"units": []}
    event = Event.objects.latest("id")
    assert (event.kind, event.is_tombstone) == ("lesson.withdrawn", True)
    assert publish(lesson) == edition
    assert LessonEdition.objects.count() == 1
    assert lesson_of(lesson).published_edition == edition


def test_withdrawing_what_is_not_published_changes_nothing(lesson: Lesson) -> None:
    events = Event.objects.count()
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    assert Event.objects.count() == events


# Restoring


def test_restored_edition_is_a_draft_until_it_is_published(lesson: Lesson) -> None:
    first = publish(lesson)
    save(lesson, draft(section("other", "All is new [@khan1961]."), title="New"))
    second = publish(lesson)
    services.lesson_restore(lesson=lesson, edition=first, editor=None, now=NOW)
    now_draft = selectors.lesson_draft(lesson_of(lesson))
    assert (now_draft.title, [part.anchor for part in now_draft.sections]) == (
        "The invitation of 1949",
        ["invitation"],
    )
    assert lesson_of(lesson).published_edition == second
    third = publish(lesson)
    assert third.number == 3
    assert third.document == first.document


def test_restoring_keeps_the_address(lesson: Lesson) -> None:
    edition = publish(lesson)
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    save(lesson, replace(draft(), slug="renamed"))
    services.lesson_restore(lesson=lesson, edition=edition, editor=None, now=NOW)
    assert lesson_of(lesson).slug == "renamed"


def test_restoring_names_what_the_course_no_longer_has(course: Course, lesson: Lesson) -> None:
    edition = publish(lesson)
    save(lesson, draft(section("one", "No citation."), further_reading=()))
    work = course.references.get(key="khan1961")
    work.cited_by_paragraphs.clear()
    course.glossaryterms.all().delete()
    services.reference_delete(reference=work, editor=None, now=NOW)
    before = selectors.lesson_draft(lesson_of(lesson))
    with pytest.raises(InvalidContent, match="khan1961"):
        services.lesson_restore(lesson=lesson, edition=edition, editor=None, now=NOW)
    assert selectors.lesson_draft(lesson_of(lesson)) == before


def test_edition_of_another_lesson_is_not_restored(course: Course, lesson: Lesson) -> None:
    other = lesson_publish(course, slug="other")
    assert other.published_edition is not None
    with pytest.raises(InvalidContent):
        services.lesson_restore(
            lesson=lesson, edition=other.published_edition, editor=None, now=NOW
        )


# Scheduling


def schedule(lesson: Lesson, **more: object) -> Lesson:
    fields = {"publish_at": LATER, "note": "In time.", "editor": None, "now": NOW, **more}
    return services.lesson_schedule(lesson=lesson, **fields)  # type: ignore[arg-type]


def test_scheduled_draft_is_published_in_its_time_as_it_stands_then(
    lesson: Lesson, instructor: User
) -> None:
    schedule(lesson, editor=instructor)
    save(lesson, replace(draft(), title="Edited since"))
    assert services.lessons_publish_due(now=LATER - timedelta(seconds=1)) == 0
    assert services.lessons_publish_due(now=LATER) == 1
    published = lesson_of(lesson)
    assert published.published_edition is not None
    assert (published.published_edition.title, published.published_edition.note) == (
        "Edited since",
        "In time.",
    )
    assert published.published_edition.published_by == instructor
    assert (published.publish_at, published.publish_note, published.publish_by) == (None, "", None)
    assert services.lessons_publish_due(now=LATER) == 0


def test_schedule_can_be_cancelled(lesson: Lesson) -> None:
    schedule(lesson)
    services.lesson_unschedule(lesson=lesson, editor=None, now=NOW)
    assert lesson_of(lesson).publish_at is None
    assert services.lessons_publish_due(now=LATER) == 0
    events = Event.objects.count()
    services.lesson_unschedule(lesson=lesson, editor=None, now=NOW)
    assert Event.objects.count() == events


def test_publishing_by_hand_fulfils_the_schedule(lesson: Lesson) -> None:
    publish(lesson)
    schedule(lesson)
    publish(lesson)
    assert lesson_of(lesson).publish_at is None


@pytest.mark.parametrize("moment", [NOW, NOW - timedelta(days=1)])
def test_moment_that_has_passed_is_refused(lesson: Lesson, moment: object) -> None:
    with pytest.raises(InvalidContent) as error:
        schedule(lesson, publish_at=moment)
    assert error.value.field == "publish_at"


def test_draft_with_errors_is_not_scheduled(lesson: Lesson) -> None:
    save(lesson, draft(section("one", "[@nobody2000]")))
    with pytest.raises(PublishingBlocked):
        schedule(lesson)


def test_lesson_that_cannot_be_published_says_why_and_holds_up_nobody(
    course: Course, lesson: Lesson, caplog: pytest.LogCaptureFixture
) -> None:
    good = lesson_create(course, slug="good")
    for each in (lesson, good):
        schedule(each)
    save(lesson, draft(section("one", "[@nobody2000]")))
    with caplog.at_level(logging.WARNING):
        assert services.lessons_publish_due(now=LATER) == 1
    failed = lesson_of(lesson)
    assert failed.publish_at is None
    assert failed.publish_note == (
        "Not published as scheduled: No reference has the key “nobody2000”."
    )
    assert lesson_of(good).published_edition is not None
    save(lesson, draft())
    publish(lesson)
    assert lesson_of(lesson).publish_note == ""


def test_fault_of_the_installation_holds_up_nobody_either(
    course: Course, lesson: Lesson, caplog: pytest.LogCaptureFixture
) -> None:
    good = lesson_create(course, slug="good")
    for each in (lesson, good):
        schedule(each)
    Lesson.objects.filter(pk=lesson.pk).update(objectives=7)  # not a list
    with caplog.at_level(logging.ERROR):
        assert services.lessons_publish_due(now=LATER) == 1
    assert lesson_of(good).published_edition is not None
    failed = lesson_of(lesson)
    assert failed.publish_at is None
    assert failed.publish_note.startswith("Not published as scheduled: an error")
    assert "lesson_schedule_failed" in caplog.text
