"""Two people at once. They count on PostgreSQL: SQLite lets one writer in at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from apps.content import services
from apps.content.errors import EditConflict
from apps.content.models import Course, Lesson, LessonEdition, Reference
from apps.core.errors import DomainError
from tests.content.factories import (
    KHAN,
    course_create,
    draft,
    lesson_create,
    lesson_of,
    lesson_publish,
    save,
)
from tests.factories import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def together(*acts: Callable[[], object]) -> list[object]:
    """What each act returned or raised, all begun at one moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=30)
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_publications_of_one_draft_make_one_edition() -> None:
    lesson = lesson_create(course_create())
    acts = [lambda: services.lesson_publish(lesson=lesson_of(lesson), editor=None, now=NOW)] * 4
    editions = together(*acts)
    assert len(set(editions)) == 1
    assert LessonEdition.objects.get().number == 1


def test_publications_of_two_lessons_both_stand_in_the_outline() -> None:
    course = course_create()
    lessons = [lesson_create(course, slug=f"lesson-{number}") for number in range(4)]

    def publish(lesson: Lesson) -> Callable[[], object]:
        return lambda: services.lesson_publish(lesson=lesson_of(lesson), editor=None, now=NOW)

    version = Course.objects.get().outline_version
    together(*map(publish, lessons))
    course = Course.objects.get()
    (unit,) = course.outline["units"]
    assert [each["slug"] for each in unit["lessons"]] == [f"lesson-{n}" for n in range(4)]
    assert course.outline_version == version + 4


def test_one_of_two_editors_is_told() -> None:
    lesson = lesson_create(course_create())

    def edit(title: str) -> Callable[[], object]:
        return lambda: services.lesson_save(
            lesson=lesson,
            draft=replace(draft(), title=title),
            expected_revision=1,
            editor=None,
            now=NOW,
        )

    results = together(edit("First"), edit("Second"))
    (told,) = [result for result in results if isinstance(result, EditConflict)]
    (kept,) = [result for result in results if isinstance(result, Lesson)]
    assert {told.yours.title, told.theirs.title} == {"First", "Second"}
    assert lesson_of(lesson).title == kept.title == told.theirs.title
    assert lesson_of(lesson).revision == 2


def test_two_workers_publish_a_scheduled_lesson_once() -> None:
    lesson = lesson_publish(course_create())
    save(lesson, replace(draft(), title="Scheduled"))
    later = NOW + timedelta(hours=1)
    services.lesson_schedule(lesson=lesson_of(lesson), publish_at=later, editor=None, now=NOW)
    counts = together(*[lambda: services.lessons_publish_due(now=later)] * 3)
    assert sorted(map(str, counts)) == ["0", "0", "1"]
    assert LessonEdition.objects.count() == 2


def test_works_that_come_at_once_get_different_letters() -> None:
    course = course_create()

    def add(number: int) -> Callable[[], object]:
        return lambda: services.reference_save(
            reference=Reference(course=Course.objects.get(pk=course.pk)),
            fields={
                "key": f"khan1961-{number}",
                "csl": {**KHAN, "title": f"T{number}"},
                "kind": "book",
            },
            editor=None,
            now=NOW,
        )

    together(*(add(number) for number in range(3)))
    khans = Reference.objects.filter(key__startswith="khan1961")
    assert sorted(khans.values_list("year", flat=True)) == ["1961a", "1961b", "1961c", "1961d"]


def test_saving_and_publishing_do_not_wait_for_each_other_in_a_circle() -> None:
    course = course_create()
    lesson, other = lesson_create(course), lesson_create(course, slug="other")
    unit = course.units.select_related("course__school").get()
    together(
        lambda: services.lesson_publish(lesson=lesson_of(lesson), editor=None, now=NOW),
        lambda: save(other, replace(draft(), slug="other", title="Changed")),
        lambda: services.lessons_reorder(
            unit=unit, slugs=["other", "invitation"], editor=None, now=NOW
        ),
        lambda: services.lesson_delete(lesson=lesson_of(other), editor=None, now=NOW),
    )
    assert not Lesson.objects.filter(slug="other").exists()
