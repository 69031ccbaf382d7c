"""What is recorded: it only grows, in whatever order, however often and at whatever moment."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.content.models import Course, Lesson
from apps.learning import selectors, services
from apps.learning.enums import LessonState
from apps.learning.models import LessonProgress
from apps.learning.reading import Place, Report
from apps.learning.selectors import LessonStanding
from tests.content.factories import draft, lesson_of, save, section
from tests.content.factories import lesson_create as lesson_draft
from tests.factories import NOW, person_create
from tests.learning.factories import (
    ANCHORS,
    check_up_create,
    lesson_create,
    place_of,
    practise,
    see,
)
from tests.quizzes.test_races import together

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def row_of(reader: User, lesson: Lesson) -> LessonProgress:
    return LessonProgress.objects.get(reader=reader, lesson=lesson)


def standing(reader: User) -> LessonStanding:
    ((course,),) = [selectors.progress_of(reader)]
    return course.lessons[0]


def test_first_report_opens_the_lesson(student: User, lesson: Lesson) -> None:
    assert see(student, lesson, "one", resume="two") == LessonState.BEGUN
    row = row_of(student, lesson)
    assert (row.seen, row.resume_anchor, row.resume_at) == ({"one": 1}, "two", NOW)
    assert (row.first_opened_at, row.updated_at) == (NOW, NOW)
    assert (row.read_at, row.declared_at, row.retracted_at) == (None, None, None)


def test_later_report_adds_and_keeps_the_first_opening(student: User, lesson: Lesson) -> None:
    see(student, lesson, "one", resume="one")
    see(student, lesson, "two", now=LATER)
    row = row_of(student, lesson)
    assert (row.seen, row.resume_anchor, row.resume_at) == ({"one": 1, "two": 1}, "one", NOW)
    assert (row.first_opened_at, row.updated_at) == (NOW, LATER)


MOMENTS = st.integers(0, 3).map(lambda minutes: NOW - timedelta(minutes=minutes))
REPORTS = st.lists(
    st.tuples(st.frozensets(st.sampled_from(ANCHORS)), st.sampled_from(["", *ANCHORS]), MOMENTS),
    min_size=1,
    max_size=5,
)


@given(sent=REPORTS, orders=st.data())
def test_any_order_and_any_repetition_leave_the_same_row(
    sent: list[tuple[frozenset[str], str, datetime]],
    orders: st.DataObject,
    student: User,
    lesson: Lesson,
) -> None:
    arrived = orders.draw(st.permutations(sent)) + orders.draw(st.lists(st.sampled_from(sent)))
    rows = []
    for order in (sent, arrived):
        LessonProgress.objects.all().delete()
        grown: set[str] = set()
        for anchors, resume, at in order:
            see(student, lesson, *anchors, resume=resume, at=at if resume else None)
            kept = set(row_of(student, lesson).seen)
            assert kept >= grown
            grown = kept
        row = row_of(student, lesson)
        rows.append((row.seen, row.resume_anchor, row.resume_at, row.read_at))
    assert rows[0] == rows[1]
    assert set(rows[0][0]) == set().union(*(anchors for anchors, _resume, _at in sent))


def test_a_clock_that_is_ahead_does_not_hold_its_bookmark_for_ever(
    student: User, lesson: Lesson
) -> None:
    see(student, lesson, resume="one", at=NOW + timedelta(days=400))
    assert row_of(student, lesson).resume_at == NOW
    see(student, lesson, resume="two", now=LATER)
    assert row_of(student, lesson).resume_anchor == "two"


def test_sections_that_the_edition_has_not_are_passed_over(student: User, lesson: Lesson) -> None:
    see(student, lesson, "one", "nowhere", "'; --", "{}", resume="<script>")
    row = row_of(student, lesson)
    assert (row.seen, row.resume_anchor, row.resume_at) == ({"one": 1}, "", None)


def test_lessons_that_nobody_can_read_are_passed_over(student: User, course: Course) -> None:
    unpublished = lesson_draft(course)
    reports = [
        Report(place_of(unpublished), frozenset({"invitation"})),
        Report(Place("sco", "history", "nowhere"), frozenset({"one"})),
        Report(Place("%", "%", "%"), frozenset({"one"})),
    ]
    assert services.progress_record(reader=student, reports=reports, now=NOW) == {}
    assert not LessonProgress.objects.exists()


def test_one_readers_report_touches_nobody_elses_row(
    student: User, classmate: User, lesson: Lesson
) -> None:
    see(classmate, lesson, "one")
    see(student, lesson, "two", "three")
    assert row_of(classmate, lesson).seen == {"one": 1}


def test_without_a_check_up_sections_alone_make_it_read(student: User, lesson: Lesson) -> None:
    assert see(student, lesson, "one", "two") == LessonState.BEGUN
    assert see(student, lesson, "three", now=LATER) == LessonState.READ
    assert row_of(student, lesson).read_at == LATER
    # Seen again, the first moment stands.
    assert see(student, lesson, "three", now=LATER + timedelta(1)) == LessonState.READ
    assert row_of(student, lesson).read_at == LATER


def test_sections_last_after_the_check_up(student: User, lesson: Lesson) -> None:
    practise(student, check_up_create(lesson))
    assert see(student, lesson, "one", "two") == LessonState.BEGUN
    assert see(student, lesson, "three", now=LATER) == LessonState.READ
    assert row_of(student, lesson).read_at == LATER


def test_check_up_last_counts_at_once_and_is_noted_by_the_worker(
    student: User, classmate: User, lesson: Lesson
) -> None:
    quiz = check_up_create(lesson)
    assert see(student, lesson, *ANCHORS) == LessonState.BEGUN
    see(classmate, lesson, *ANCHORS)
    assert standing(student).is_check_up_due
    practise(student, quiz, now=LATER)
    assert standing(student).is_read
    assert row_of(student, lesson).read_at is None
    later = LATER + timedelta(seconds=5)
    assert services.progress_settle(now=later) == 1
    assert row_of(student, lesson).read_at == later
    assert not standing(classmate).is_read
    assert services.progress_settle(now=later) == 0


def test_what_is_read_stays_read_when_an_edition_adds_a_section(
    student: User, lesson: Lesson
) -> None:
    see(student, lesson, *ANCHORS)
    sections = [section(anchor) for anchor in (*ANCHORS, "four")]
    save(lesson, draft(*sections, slug=lesson.slug))
    content_publish(lesson)
    assert (standing(student).is_read, standing(student).seen_count) == (True, 3)


def content_publish(lesson: Lesson) -> None:
    from apps.content import services as content  # noqa: PLC0415

    content.lesson_publish(lesson=lesson_of(lesson), editor=None, now=LATER)


# The reader's own word


def test_a_reader_says_that_it_is_read(student: User, classmate: User, lesson: Lesson) -> None:
    services.lesson_declare(reader=student, lesson=lesson, now=NOW)
    services.lesson_declare(reader=student, lesson=lesson, now=LATER)
    row = row_of(student, lesson)
    assert (row.read_at, row.declared_at, row.seen) == (NOW, NOW, {})
    assert (standing(student).is_read, standing(student).is_declared) == (True, True)
    assert selectors.progress_of(classmate) == []


def test_a_reader_takes_it_back_and_what_was_seen_stays_known(
    student: User, lesson: Lesson
) -> None:
    see(student, lesson, *ANCHORS)
    services.lesson_retract(reader=student, lesson=lesson, now=LATER)
    found = standing(student)
    assert (found.state, found.seen_count, found.is_retracted) == (LessonState.BEGUN, 3, True)
    # A batch that comes late says nothing new.
    assert see(student, lesson, *ANCHORS, now=LATER + timedelta(1)) == LessonState.BEGUN
    services.lesson_declare(reader=student, lesson=lesson, now=LATER + timedelta(2))
    assert (standing(student).is_read, standing(student).is_retracted) == (True, False)


def test_taken_back_counts_again_once_the_check_up_is_tried_anew(
    student: User, lesson: Lesson
) -> None:
    quiz = check_up_create(lesson)
    see(student, lesson, *ANCHORS)
    practise(student, quiz)
    services.lesson_retract(reader=student, lesson=lesson, now=LATER)
    services.progress_settle(now=LATER)
    assert not standing(student).is_read
    practise(student, quiz, now=LATER + timedelta(minutes=1))
    assert standing(student).is_read


def test_nothing_is_taken_back_that_was_never_opened(student: User, lesson: Lesson) -> None:
    services.lesson_retract(reader=student, lesson=lesson, now=NOW)
    assert not LessonProgress.objects.exists()


# What it costs


@pytest.mark.parametrize("count", [1, 30])
def test_recording_costs_the_same_for_any_number_of_lessons(
    count: int, student: User, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lessons = [lesson_create(course, f"lesson-{number}") for number in range(count)]
    reports = [Report(place_of(each), frozenset({"one"}), "one", NOW) for each in lessons]
    record = partial(services.progress_record, reader=student, now=NOW)
    with django_assert_num_queries(3):  # lessons, outlines, the upsert
        record(reports=reports)
    assert LessonProgress.objects.count() == count
    done = [Report(place_of(each), frozenset(ANCHORS)) for each in lessons]
    with django_assert_num_queries(6):  # and the rows with their course, check-ups, the update
        assert set(record(reports=done).values()) == {LessonState.READ}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_batches_at_once_lose_nothing(course: Course) -> None:
    lessons = [lesson_create(course, f"lesson-{number}") for number in range(3)]
    for _round in range(10):
        reader = person_create()
        acts = []
        for place, anchor in enumerate(ANCHORS * 2):
            rows = [
                Report(place_of(each), frozenset({anchor}), anchor, NOW + timedelta(seconds=place))
                for each in lessons
            ]
            # Each device sends its lessons in another order.
            rows = rows[place % 3 :] + rows[: place % 3]
            acts.append(partial(services.progress_record, reader=reader, reports=rows, now=LATER))
        together(*acts)
        stored = LessonProgress.objects.filter(reader=reader)
        assert [(sorted(row.seen), row.resume_anchor) for row in stored] == [
            (sorted(ANCHORS), "three")
        ] * 3
        assert all(row.read_at == LATER for row in stored)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_word_and_a_batch_at_once_both_stand(lesson: Lesson) -> None:
    for _round in range(10):
        reader = person_create()
        together(
            partial(services.lesson_declare, reader=reader, lesson=lesson, now=NOW),
            partial(see, reader, lesson, "one", resume="one"),
            partial(services.lesson_declare, reader=reader, lesson=lesson, now=NOW),
        )
        row = row_of(reader, lesson)
        assert (row.seen, row.declared_at, row.read_at) == ({"one": 1}, NOW, NOW)
