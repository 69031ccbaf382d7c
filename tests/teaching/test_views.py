"""What those who teach are shown, and what it costs."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains
from pytest_django.fixtures import DjangoAssertNumQueries

from apps.accounts.models import School, User
from apps.classrooms import services as classes
from apps.classrooms.models import Classroom, Enrolment
from apps.content.models import Lesson, SourceParagraph
from apps.debates import services as debates
from apps.debates.services import Source
from apps.notes.enums import Kind
from apps.notes.models import Note
from apps.notes.passages import Selector
from apps.quizzes import services as quizzes
from apps.quizzes.models import Attempt
from apps.teaching import selectors
from apps.teaching.selectors.mastery import (
    AimStanding,
    ClassMastery,
    LessonStanding,
    Standing,
)
from tests.browser import PHONE_PX, Tab
from tests.classrooms.factories import classroom_create, students_add
from tests.debates.factories import during, join, post, run_create
from tests.factories import NOW
from tests.learning.factories import check_up_create, lesson_create, practise, see
from tests.notes.factories import note_create
from tests.quizzes.factories import assignment_create, question_create, quiz_create, right_saves

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]


def address(name: str, classroom: Classroom) -> str:
    return reverse(f"teaching:{name}", args=[classroom.public_id])


def taken(classroom: Classroom, instructor: User, *students: User, kind: str = "essay") -> Attempt:
    """A quiz of one question that `students` have handed in."""
    quiz = quiz_create(classroom.course, question_create(classroom.course, kind))
    assignment = assignment_create(classroom, instructor, quiz)
    now = timezone.now()
    for person in students:
        attempt = quizzes.assignment_start(assignment=assignment, student=person, now=now)
        quizzes.attempt_submit(
            attempt_id=attempt.public_id, student=person, saves=right_saves(attempt), now=now
        )
    attempt.refresh_from_db()
    return attempt


def busy(classroom: Classroom, instructor: User, students: list[User]) -> None:
    """A class in which everything waits that can wait."""
    lesson = lesson_create(classroom.course)
    check_up = check_up_create(lesson)
    taken(classroom, instructor, *students)
    attempt = taken(classroom, instructor, *students, kind="single_choice")
    quizzes.contest_open(
        response=attempt.responses.get(),
        text="It is wrong.",
        paragraph=SourceParagraph.objects.get(number="P01", article__course=classroom.course),
        reference=None,
        locator="",
        student=students[-1],
        now=NOW,
    )
    run = run_create(classroom, instructor)
    people = [join(run, person) for person in students]
    arguments = [post(person) for person in people]
    if len(people) > 1:
        debates.argument_report(
            argument=arguments[0], participant=people[1], reason="Rude.", now=during("arguing")
        )
    for person in students:
        see(person, lesson, "one")
        practise(person, check_up, right=False)


def test_home_names_what_waits_and_leads_there(
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    client_of: ClientOf,
) -> None:
    busy(classroom, instructor, [student, classmate])
    (card,) = selectors.home_of(instructor, during("arguing")).cards
    assert [duty.text for duty in card.duties] == [
        "2 answers to mark",
        "1 objection",
        "1 report",
        "2 arguments without a source",
    ]
    client = client_of(instructor)
    for duty in card.duties:
        assert client.get(duty.url).status_code == 200, duty.text
    assertContains(client.get(reverse("teaching:home")), "2 answers to mark")
    after = during("reflecting") + timedelta(days=30)
    (later,) = selectors.home_of(instructor, after).cards
    assert "without a source" not in later.duties[-1].text  # the debate is over


def test_home_is_of_the_classes_one_teaches_and_that_run(
    school: School,
    classroom: Classroom,
    instructor: User,
    assistant: User,
    student: User,
    foreign_classroom: Classroom,
) -> None:
    ended = classroom_create(school, instructor, course=classroom.course, title="Last year")
    classes.classroom_archive(classroom=ended, actor=instructor, now=NOW)
    for person in (instructor, assistant):
        cards = selectors.home_of(person, NOW).cards
        assert [(card.classroom, card.students) for card in cards] == [(classroom, 2)]
    assert selectors.home_of(student, NOW).cards == []


@pytest.mark.parametrize("count", [2, 30])
def test_pages_cost_the_same_whatever_the_class(
    count: int,
    classroom: Classroom,
    instructor: User,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    busy(classroom, instructor, students_add(classroom, count, actor=instructor))
    client = client_of(instructor)
    # session, person; classes, answers to mark, objections, reports, sources, activity
    with django_assert_num_queries(8):
        client.get(reverse("teaching:home"))
    # session, person, class; the four duties and activity; answers, lessons
    with django_assert_num_queries(10):
        client.get(address("classroom", classroom))
    # session, person, class; paragraphs, editions, students, sections seen, confusions, answers,
    # evidence of paragraphs and of sections
    with django_assert_num_queries(11):
        client.get(address("paragraphs", classroom))


@pytest.mark.parametrize("count", [1, 10])
def test_home_costs_the_same_whatever_the_number_of_classes(
    count: int,
    school: School,
    classroom: Classroom,
    instructor: User,
    student: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        classroom_create(school, instructor, course=classroom.course, students=[student])
    with django_assert_num_queries(6):  # as selectors.home_of lists them
        assert len(selectors.home_of(instructor, NOW).cards) == count + 1


def test_heat_of_a_paragraph_comes_from_reading_notes_answers_and_evidence(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    lesson = lesson_create(classroom.course)  # every section names P01
    see(student, lesson, "one")
    confusing = Selector("two", "first contact")
    note_create(classmate, lesson, kind=Kind.CONFUSED, body="", passage=confusing)
    check_up = check_up_create(lesson)
    for _ in range(5):
        practise(student, check_up, right=False)
        practise(classmate, check_up, right=True)
    run = run_create(classroom, instructor)
    paragraph = SourceParagraph.objects.get(number="P02", article__course=classroom.course)
    post(
        join(run, student),
        is_own_reasoning=False,
        sources=[Source(paragraph=paragraph)],
    )
    heat = selectors.heat_map(classroom)
    first, second = (line.warmth for line in heat.lines)
    assert (first.read, first.confused, first.answers, first.missed) == (0.5, 1, 10, 0.5)
    assert (second.read, second.answers, second.cited) == (None, 0, 1)
    assert [line.warmth.number for line in heat.hardest] == ["P01"]
    page = client_of(instructor).get(address("paragraphs", classroom))
    assertContains(page, "Teach these again")
    said = re.findall(r"<title>(P0[12]: [^<]*)</title>", page.text)
    assert said == [
        *("P01: Read 50%", "P01: Confused 1", "P01: Missed 50%", "P01: Cited 0"),
        *("P02: Read –", "P02: Confused 0", "P02: Missed –", "P02: Cited 1"),
    ]
    for person in (student, classmate):
        assertNotContains(page, person.display_name)


def test_other_classes_and_other_courses_warm_nothing(
    school: School,
    classroom: Classroom,
    foreign_classroom: Classroom,
    instructor: User,
    outsider: User,
) -> None:
    lesson = lesson_create(classroom.course)
    second = classroom_create(
        school, instructor, course=classroom.course, students=[outsider], title="The other one"
    )
    see(outsider, lesson, "one")
    check_up = check_up_create(lesson)
    practise(outsider, check_up)
    line = selectors.heat_map(classroom).lines[0]
    assert (line.warmth.read, line.warmth.answers) == (0.0, 0)
    assert selectors.heat_map(second).lines[0].warmth.read == 1.0


def test_students_who_stopped_are_named_and_listed(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    Enrolment.objects.filter(classroom=classroom).update(created_at=long_ago)
    lesson = lesson_create(classroom.course)
    see(student, lesson, "one", now=long_ago)
    client = client_of(instructor)
    page = client.get(address("classroom", classroom))
    assertContains(page, student.display_name, count=1)
    assertContains(page, "not yet; joined")
    see(student, lesson, "two", now=timezone.now())
    assertNotContains(client.get(address("classroom", classroom)), student.display_name)
    listed = client.get(address("students-file", classroom)).content.decode("utf-8-sig")
    rows = list(csv.DictReader(listed.splitlines()))
    assert [row["name"] for row in rows] == [classmate.display_name, student.display_name]
    assert rows[0]["last_at"] == ""


def test_mastery_counts_students_with_enough_questions(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    lesson = lesson_create(classroom.course, objectives=("Explain. {#explain}", "Date."))
    place = f"{lesson.unit.slug}/{lesson.slug}"
    tested = [["explain"], ["explain"], ["explain"], [], []]
    questions = [
        question_create(classroom.course, lesson=place, objectives=keys) for keys in tested
    ]
    check_up = check_up_create(lesson, *questions)
    practise(student, check_up, right=False)
    practise(student, check_up, right=True, now=NOW + timedelta(hours=1))
    few = quiz_create(classroom.course, *questions[:4])
    practise(classmate, few, right=False)
    (row,) = selectors.class_mastery(classroom)
    assert row.whole == Standing(5, begun=2, students=1, first=Decimal(0), latest=Decimal(1))
    assert (row.whole.is_small, row.whole.is_shaky) == (True, False)
    lesson_create(classroom.course, slug="untouched", title="Nobody's yet")
    found = selectors.class_mastery(classroom)
    assert ([each.lesson for each in found.answered], len(found.unanswered)) == ([lesson], 1)
    assert [(aim.text, aim.standing) for aim in row.aims] == [
        ("Explain.", Standing(3, begun=2, students=2, first=Decimal(0), latest=Decimal("0.5"))),
        ("Date.", Standing(0, begun=0, students=0, first=None, latest=None)),
    ]


def test_weakest_objectives_rest_on_enough_students_and_questions() -> None:
    def lesson(*figures: tuple[str, int, int, str]) -> LessonStanding:
        aims = [
            AimStanding(text, Standing(questions, students, students, Decimal(1), Decimal(latest)))
            for text, questions, students, latest in figures
        ]
        return LessonStanding(Lesson(), Standing(9, 9, 9, Decimal(1), Decimal(1)), aims)

    found = ClassMastery(
        [
            lesson(("few students", 3, 4, "0"), ("few questions", 2, 9, "0"), ("b", 3, 5, "0.6")),
            lesson(("fine", 9, 9, "0.7"), ("a", 9, 9, "0.5")),
        ]
    )
    assert [aim.text for _lesson, aim in found.weakest] == ["a", "b"]


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


def test_what_waits_and_what_confuses_leave_as_files(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    busy(classroom, instructor, [student, classmate])
    lesson = Lesson.objects.get()
    for person in (student, classmate):
        passage = Selector("two", "first contact")
        note_create(person, lesson, kind=Kind.CONFUSED, body="Mine", passage=passage)
    client = client_of(instructor)
    page = client.get(reverse("teaching:home"))
    assertContains(page, reverse("teaching:duties-file"))
    head, *duties = rows_of(client.get(reverse("teaching:duties-file")))
    assert head == ["class", "duty", "about", "count", "since", "address"]
    (card,) = selectors.home_of(instructor, timezone.now()).cards
    assert [(row[0], row[1], row[3], row[5]) for row in duties] == [
        (classroom.title, duty.text, str(duty.count), f"http://testserver{duty.url}")
        for duty in card.duties
    ]
    assert rows_of(client_of(student).get(reverse("teaching:duties-file"))) == [head]
    listed = address("confusions-file", classroom)
    assertContains(client.get(reverse("notes:confusions", args=[classroom.public_id])), listed)
    assert rows_of(client.get(listed))[1:] == [
        [lesson.title, "Two", "P01", "2", "first contact", "2"]
    ]


@pytest.mark.parametrize(
    "name", ["students-file", "objectives-file", "paragraphs-file", "confusions-file"]
)
def test_files_are_quoted_where_a_spreadsheet_would_compute(
    name: str, classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    formula = '=HYPERLINK("http://example.org")'
    User.objects.filter(pk=student.pk).update(display_name=formula)
    lesson = lesson_create(classroom.course)
    Lesson.objects.filter(pk=lesson.pk).update(title=formula)
    SourceParagraph.objects.filter(number="P01").update(gist=formula)
    note_create(student, lesson, kind=Kind.CONFUSED, body="", passage=Selector("two", ""))
    Note.objects.update(lesson_title=formula)
    answer = client_of(instructor).get(address(name, classroom))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    cells = [cell for row in csv.reader(answer.content.decode().splitlines()) for cell in row]
    assert formula not in cells
    assert f"'{formula}" in cells


def test_hostile_words_are_text(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    hostile = "<script>alert(1)</script>"
    User.objects.filter(pk=student.pk).update(display_name=hostile)
    Enrolment.objects.update(created_at=NOW - timedelta(days=400))
    Classroom.objects.update(title=hostile)
    SourceParagraph.objects.update(gist=hostile)
    client = client_of(instructor)
    pages = [reverse("teaching:home")]
    pages += [address(name, classroom) for name in ("classroom", "paragraphs")]
    for path in pages:
        assertNotContains(client.get(path), hostile)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_are_well_made(
    classroom: Classroom, instructor: User, student: User, classmate: User,
    tab_open: Callable[..., Tab],
) -> None:  # fmt: skip
    busy(classroom, instructor, [student, classmate])
    modes: list[dict[str, Any]] = [{}, {"width": PHONE_PX, "colour_scheme": "dark"}]
    for mode in modes:
        tab = tab_open(user=instructor, **mode)
        for path in (
            reverse("teaching:home"),
            address("classroom", classroom),
            address("paragraphs", classroom),
        ):
            tab.visit(path)
            assert tab.axe() == [], path
            assert tab.overflow_px() == 0, path
