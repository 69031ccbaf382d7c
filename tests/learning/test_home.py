"""A student's home and their page for a course: what stands there, for whom, and its price."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms import services as classes
from apps.classrooms.models import Classroom, Enrolment
from apps.learning import selectors
from apps.learning.mastery import Aim, LessonMastery, Mastery
from apps.learning.selectors import Home
from apps.quizzes import services as quizzes
from apps.quizzes.models import Attempt
from apps.review import services as review
from apps.review.selectors import review_summary, withheld_from
from tests.classrooms.factories import classroom_create
from tests.content.factories import course_create
from tests.debates.factories import during, join, run_create
from tests.factories import NOW, person_create
from tests.grades.factories import manual_create, score, source_create
from tests.learning.factories import ANCHORS, check_up_create, lesson_create, practise, see
from tests.quizzes.factories import (
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
)
from tests.review.factories import own_card

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | AnonymousUser], Client]
DAY = timedelta(days=1)


def titles(rows: Any) -> list[str]:
    return [row.title for row in rows]


def sit(assignment: Any, student: User, *, right: bool = True) -> Attempt:
    attempt = quizzes.assignment_start(assignment=assignment, student=student, now=NOW)
    saves = right_saves(attempt) if right else {}
    quizzes.attempt_submit(attempt_id=attempt.public_id, student=student, saves=saves, now=NOW)
    return attempt


def grant(
    classroom: Classroom, student: User, actor: User, activity: UUID | None = None, **fields: Any
) -> None:
    classes.accommodation_save(
        enrolment=Enrolment.objects.get(classroom=classroom, user=student),
        activity_id=activity,
        fields=fields,
        actor=actor,
        now=NOW,
    )


def test_somebody_new_is_told_where_to_begin(client_of: ClientOf) -> None:
    person = person_create()
    assert selectors.home_of(person, NOW).following is None
    page = client_of(person).get("/home/").content.decode()
    assert "Where to begin" in page
    assert "Today" not in page


def test_whoever_teaches_is_led_to_their_classes_first(
    instructor: User, assistant: User, student: User, classroom: Classroom, client_of: ClientOf
) -> None:
    its_own = f'href="/teaching/classes/{classroom.public_id}/"'

    def shown(person: User) -> list[bool]:
        page = client_of(person).get("/home/").text
        return [each in page for each in ('href="/teaching/"', its_own, "Where to begin")]

    taught, learns = [True, True, False], [False, False, True]
    assert [shown(each) for each in (instructor, assistant, student)] == [taught, taught, learns]
    classes.classroom_archive(classroom=classroom, actor=instructor, now=NOW)
    assert shown(instructor) == learns


def test_home_says_where_to_go_on(student: User, classroom: Classroom, client_of: ClientOf) -> None:
    first = lesson_create(classroom.course, "first")
    lesson_create(classroom.course, "second")
    home = selectors.home_of(student, NOW)
    assert home.following
    assert home.following.next
    assert (home.following.next.slug, home.following.touched_at) == ("first", None)
    see(student, first, "one", resume="two")
    page = client_of(student).get("/home/").content.decode()
    assert 'href="/courses/class-course/lessons/history/first/#two"' in page
    see(student, first, *ANCHORS)
    home = selectors.home_of(student, NOW)
    assert home.following
    assert home.following.next
    assert (home.following.next.slug, home.following.read_count) == ("second", 1)


def test_home_counts_the_cards_that_come_up(
    student: User, classmate: User, client_of: ClientOf
) -> None:
    own_card(student)
    own_card(student)
    own_card(classmate)
    assert selectors.home_of(student, NOW).cards_due == 2
    assert "Review the 2 cards that come up today" in client_of(student).get("/home/").text
    reader = person_create()  # in no class
    own_card(reader)
    page = client_of(reader).get("/home/").text
    assert "Review the card that comes up today" in page
    assert "Nothing is due today." not in page


@pytest.mark.parametrize("held", ["named", "drawn", "asked", "shown", "nothing"])
def test_home_counts_no_card_that_a_quiz_withholds(
    held: str, student: User, classroom: Classroom, instructor: User
) -> None:
    """As the queue itself: the questions named, drawn by all of their tags, or asked before."""
    lesson = lesson_create(classroom.course)
    tags = [("cold-war", "actors"), ("cold-war", "war"), ("cold-war",), ()]
    bank = [
        question_create(classroom.course, lesson="history/invitation", tags=tags[n], difficulty=d)
        for n, d in enumerate(("easy", "easy", "hard", "easy"))
    ]
    practise(student, check_up_create(lesson, *bank), right=False)
    review.cards_add_missed(owner=student, course=classroom.course, now=NOW)
    quiz = quiz_create(classroom.course, *bank[:1])
    if held == "drawn":
        quiz.items.all().delete()
        quiz.items.create(position=1, draw_count=1, draw_tags=["war"], draw_difficulty="easy")
        quiz.items.create(position=2, draw_count=1, draw_tags=["cold-war", "actors"])
        quiz.items.create(position=3, draw_count=1, draw_tags=["actor"])
    key_when = "submitted" if held == "shown" else "never"
    if held != "nothing":
        assignment = assignment_create(classroom, instructor, quiz, key_when=key_when)
    if held in {"asked", "shown"}:
        sit(assignment, student)
    if held == "asked":
        quiz.items.all().delete()
        quiz.items.create(position=1, question=bank[3])
    counted = selectors.home_of(student, NOW).cards_due
    assert counted == {"named": 3, "drawn": 2, "asked": 2, "shown": 4, "nothing": 4}[held]
    without = withheld_from(student, NOW)
    assert counted == review_summary(student, NOW, without=without).due


def test_dates_are_those_that_hold_for_the_student(
    student: User, classmate: User, classroom: Classroom, instructor: User
) -> None:
    def set_quiz(title: str, **fields: Any) -> Any:
        return assignment_create(classroom, instructor, title=title, **fields)

    today = set_quiz("today", due_at=NOW + timedelta(hours=2))
    set_quiz("late", due_at=NOW - DAY)
    set_quiz("soon", due_at=NOW + 2 * DAY)
    set_quiz("far", due_at=NOW + 40 * DAY)
    set_quiz("whenever")
    set_quiz("over", due_at=NOW - 2 * DAY, closes_at=NOW - DAY)
    done = set_quiz("done", due_at=NOW + DAY)
    sit(done, student)
    grant(classroom, student, instructor, today.public_id, due_at=NOW + 3 * DAY)

    def shown(home: Home) -> dict[str, Any]:
        return {
            "today": titles(home.today),
            "coming": titles(home.coming),
            "further": home.further,
            "undated": titles(home.undated),
        }

    assert shown(selectors.home_of(student, NOW)) == {
        "today": ["late"],
        "coming": ["soon", "today"],
        "further": 1,
        "undated": ["whenever"],
    }
    assert shown(selectors.home_of(classmate, NOW)) == {
        "today": ["late", "today"],
        "coming": ["done", "soon"],
        "further": 1,
        "undated": ["whenever"],
    }


def test_nothing_of_another_class_or_of_staff_stands_there(
    outsider: User, assistant: User, classroom: Classroom, instructor: User, student: User
) -> None:
    assignment_create(classroom, instructor, title="theirs", due_at=NOW + DAY)
    run_create(classroom, instructor)
    source_create(classroom)
    for person in (outsider, assistant, instructor):
        home = selectors.home_of(person, during("arguing"))
        assert [*home.today, *home.coming, *home.debates, *home.grades, *home.courses] == []
    classes.enrolment_remove(
        enrolment=Enrolment.objects.get(user=student), actor=instructor, now=NOW
    )
    home = selectors.home_of(student, during("arguing"))
    assert [*home.today, *home.coming, *home.debates] == []


def test_debates_say_what_is_owed_in_their_phase(
    student: User, classroom: Classroom, instructor: User
) -> None:
    run = run_create(classroom, instructor, arguments_owed=2, rebuttals_owed=1)

    def owed(phase: str) -> list[tuple[bool, int, int]]:
        return [
            (each.lacks_opening, each.arguments_owed, each.rebuttals_owed)
            for each in selectors.home_of(student, during(phase)).debates
        ]

    assert owed("opening") == owed("rebutting") == [(True, 2, 1)]
    join(run, student)
    assert owed("opening") == []
    assert owed("arguing") == owed("rebutting") == owed("closing") == [(False, 2, 1)]
    assert owed("reflecting") == []
    coming = selectors.home_of(student, during("opening")).coming
    assert [each.what for each in coming] == ["arguments"]


def test_grades_are_shown_once_released_and_for_a_fortnight(
    student: User, classroom: Classroom, instructor: User
) -> None:
    score(source_create(classroom, title="Released"), student, "7")
    held = manual_create(classroom, actor=instructor, title="Held")
    score(held, student, "9")

    def shown(now: Any) -> list[tuple[str, Decimal | None]]:
        return [(row.item.title, row.points) for row in selectors.home_of(student, now).grades]

    assert shown(NOW) == [("Released", Decimal(7))]
    assert shown(NOW + 15 * DAY) == []


# Mastery


def mastery(student: User, classroom: Classroom) -> dict[str, LessonMastery]:
    return selectors.course_page(student, classroom.course.slug, NOW).mastery


@pytest.fixture
def asked(classroom: Classroom) -> Any:
    """Of five questions two test the first objective, and one of these the second as well."""
    aims = ("Explain it. {#explain}", "Date it. {#date}", "Judge it. {#judge}", "No key.")
    lesson = lesson_create(classroom.course, objectives=aims)
    tested = [("explain",), ("explain", "date"), (), (), ()]
    questions = [
        question_create(
            classroom.course, lesson="history/invitation", anchor="one", objectives=keys
        )
        for keys in tested
    ]
    return lesson, questions


def test_mastery_counts_first_and_latest_answers_of_each_question(
    student: User, classroom: Classroom, asked: Any
) -> None:
    lesson, questions = asked
    quiz = check_up_create(lesson, *questions)
    practise(student, quiz, right=False)

    def told(latest: int) -> LessonMastery:
        def of(questions: int) -> Mastery:
            return Mastery(questions, Decimal(0), Decimal(latest))

        texts = {"Explain it.": of(2), "Date it.": of(1), "Judge it.": None, "No key.": None}
        return LessonMastery(of(5), [Aim(text, known) for text, known in texts.items()])

    assert mastery(student, classroom) == {"history/invitation": told(0)}
    home = selectors.home_of(student, NOW)
    assert [row.lesson.slug for row in home.shaky] == ["invitation"]
    practise(student, quiz, now=NOW + DAY)
    assert mastery(student, classroom) == {"history/invitation": told(1)}
    assert selectors.home_of(student, NOW).shaky == []


@pytest.mark.parametrize(
    ("when", "is_counted"), [("submitted", True), ("closed", False), ("never", False)]
)
def test_mastery_says_nothing_before_the_quiz_does(
    when: str,
    is_counted: bool,
    student: User,
    classroom: Classroom,
    instructor: User,
    asked: Any,
) -> None:
    quiz = quiz_create(classroom.course, *asked[1])
    fields = {"correctness_when": when, "closes_at": NOW + DAY}
    sit(assignment_create(classroom, instructor, quiz, **fields), student)
    assert bool(mastery(student, classroom)) is is_counted


@pytest.mark.parametrize(("tags", "left"), [(None, 3), ([], 0), (["none-has-it"], 5)])
def test_practice_on_what_a_running_quiz_asks_is_left_aside(
    tags: list[str] | None,
    left: int,
    student: User,
    classroom: Classroom,
    instructor: User,
    asked: Any,
) -> None:
    """tags: of what it draws; None where it names two of the five questions."""
    lesson, questions = asked
    practise(student, check_up_create(lesson, *questions))
    assert mastery(student, classroom)["history/invitation"].whole.questions == 5
    named = quiz_create(classroom.course, *questions[:2])
    if tags is not None:
        named.items.all().delete()
        named.items.create(position=1, draw_count=2, draw_unit=lesson.unit, draw_tags=tags)
    assignment_create(classroom, instructor, named, key_when="never")
    found = mastery(student, classroom).get("history/invitation")
    assert (found.whole.questions if found else 0) == left


def test_desk_names_a_lesson_for_one_weak_objective(
    student: User, classroom: Classroom, client_of: ClientOf
) -> None:
    """Twelve of seventeen right is no weak lesson; none of an objective's five is."""
    lesson_create(classroom.course, objectives=("Explain. {#explain}", "Date. {#date}"))
    place = "history/invitation"
    weak = [question_create(classroom.course, lesson=place, objectives=["date"]) for _ in range(5)]
    firm = [
        question_create(classroom.course, lesson=place, objectives=["explain"]) for _ in range(12)
    ]
    practise(student, quiz_create(classroom.course, *weak), right=False)
    practise(student, quiz_create(classroom.course, *firm))
    (row,) = selectors.home_of(student, NOW).shaky
    assert (row.mastery.whole.is_shaky, row.mastery.weakest) == (False, Decimal(0))
    assert [aim.text for aim in row.mastery.known] == ["Date.", "Explain."]
    page = client_of(student).get("/home/").content.decode()
    assert page.index("Date.") < page.index("Explain.")
    assert "{#" not in page


# What it costs


@pytest.mark.parametrize("count", [1, 30])
def test_home_costs_the_same_however_much_there_is(
    count: int,
    school: Any,
    student: User,
    instructor: User,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        course = course_create(slug=f"course-{number}", school=school)
        room = classroom_create(school, instructor, course=course, students=[student])
        lesson = lesson_create(course)
        see(student, lesson, "one", resume="one")
        quiz = check_up_create(lesson, question_create(course, lesson="history/invitation"))
        practise(student, quiz)
        assignment_create(room, instructor, quiz, due_at=NOW + DAY)
        run_create(room, instructor)
        score(source_create(room), student, "7")
        grant(room, student, instructor, time_ratio=Decimal("1.5"))
    client = client_of(student)
    with time_machine.travel(during("opening"), tick=False):
        # session; person; classes with what is granted; courses; progress; quizzes; debates;
        # grades; answers; cards
        with django_assert_num_queries(10):
            page = client.get("/home/").content.decode()
        # session; person; course; progress; classes; quizzes; answers
        with django_assert_num_queries(7):
            client.get(reverse("learning:course", args=["course-0"]))
    assert page.count('class="course-card"') == count


# The page of a course


def test_course_page_takes_the_readers_word_and_gives_it_back(
    student: User, classroom: Classroom, client_of: ClientOf
) -> None:
    lesson_create(classroom.course)
    client = client_of(student)
    address = reverse("learning:lesson-read", args=["class-course", "history", "invitation"])
    page = client.post(address, {"is_read": "1"}, follow=True).content.decode()
    assert "I have not read it after all" in page
    assert "you said so" in page
    page = client.post(address, {"is_read": "0"}, follow=True).content.decode()
    assert "you took it back" in page
    assert "A lesson counts as read when" in page
