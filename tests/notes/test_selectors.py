"""Who sees which notes, in how many queries."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from apps.accounts.models import User
from apps.classrooms import services as classrooms
from apps.classrooms.models import Classroom
from apps.classrooms.selectors import classroom_for
from apps.content import services as content
from apps.content.models import Lesson
from apps.core.errors import NotFound
from apps.notes import selectors, services
from apps.notes.enums import Kind, Visibility
from apps.notes.models import Note
from apps.notes.passages import Selector
from apps.notes.selectors import Filter
from apps.notes.selectors.lessons import _texts
from tests.classrooms.factories import students_add
from tests.factories import NOW
from tests.notes.factories import (
    OTHER,
    PASSAGE,
    TEXT,
    audience,
    confuse,
    edition_of,
    note_create,
    republish,
    share,
)

pytestmark = pytest.mark.django_db
Asserts = Callable[..., Any]


def seat(user: User, lesson: Lesson) -> selectors.LessonSeat:
    return selectors.lesson_seat(user, "class-course", "history", lesson.slug)


def beside(user: User, lesson: Lesson) -> list[str]:
    """The words of the notes that somebody sees beside a lesson, in order."""
    return [each.note.body for each in selectors.lesson_notes(user, seat(user, lesson)).notes]


def remove(user: User, classroom: Classroom, instructor: User) -> None:
    enrolment = classroom.enrolments.get(user=user)
    classrooms.enrolment_remove(enrolment=enrolment, actor=instructor, now=NOW)


def hide(note: Note, actor: User) -> None:
    services.note_hide(note=note, actor=actor, reason="A name in it.", now=NOW)


def test_who_sees_what_beside_a_lesson(
    class_cast: dict[str, Any], lesson: Lesson, classroom: Classroom
) -> None:
    student = class_cast["student"]
    note_create(student, lesson, body="Private.")
    share(student, lesson, classroom, body="Class.")
    to_staff = audience(classroom, Visibility.INSTRUCTORS)
    note_create(student, lesson, body="Staff.", audience=to_staff)
    hide(share(student, lesson, classroom, body="Hidden."), class_cast["instructor"])
    everything = ["Private.", "Class.", "Staff.", "Hidden."]
    assert {
        role: beside(user, lesson) for role, user in class_cast.items() if role != "anonymous"
    } == {
        "student": everything,
        "classmate": ["Class."],
        "assistant": ["Class.", "Staff."],
        "instructor": ["Class.", "Staff."],
        "outsider": [],
        "foreign_instructor": [],
    }


def test_who_leaves_a_class_sees_its_notes_no_more_and_takes_theirs_along(
    student: User, classmate: User, lesson: Lesson, classroom: Classroom, instructor: User
) -> None:
    share(student, lesson, classroom, body="Of the student.")
    share(classmate, lesson, classroom, body="Of the classmate.")
    remove(student, classroom, instructor)
    assert beside(student, lesson) == ["Of the student."]
    assert beside(classmate, lesson) == ["Of the classmate."]
    assert beside(instructor, lesson) == ["Of the classmate."]


def test_lesson_that_is_not_published_is_not_found(student: User, lesson: Lesson) -> None:
    content.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    with pytest.raises(NotFound):
        seat(student, lesson)


def test_edition_is_the_lessons_own(student: User, lesson: Lesson) -> None:
    found = seat(student, lesson)
    assert selectors.edition_of(found) == edition_of(lesson)
    assert selectors.edition_of(found, 1).number == 1
    with pytest.raises(NotFound):
        selectors.edition_of(found, 2)


def test_notes_are_laid_on_the_present_edition(student: User, lesson: Lesson) -> None:
    for exact in (PASSAGE, "an invitation came from Moscow", "the authors give three reasons"):
        note_create(student, lesson, exact=exact, body=exact)
    note_create(student, lesson, passage=Selector("journey", OTHER[2:40]), body="Gone section.")
    republish(
        lesson,
        ("later", "New. It was accepted and never taken up; the authors give 3 good reasons."),
        ("invitation", f"In 1949 an invitation came from Moscow. {TEXT[150:]}"),
    )
    found = selectors.lesson_notes(student, seat(student, lesson)).notes
    assert [(each.note.body, each.place.section, each.place.fit.value) for each in found] == [
        (PASSAGE, "later", "exact"),
        ("the authors give three reasons", "later", "changed"),
        ("an invitation came from Moscow", "invitation", "exact"),
        ("Gone section.", "", "lost"),
    ]


def test_notes_beside_a_lesson_in_two_queries(
    student: User,
    classmate: User,
    lesson: Lesson,
    classroom: Classroom,
    django_assert_num_queries: Asserts,
) -> None:
    note_create(student, lesson)
    _texts.cache_clear()
    with django_assert_num_queries(3):  # lesson with classes, notes; once in a process, the text
        assert len(beside(student, lesson)) == 1
    for _ in range(29):
        share(classmate, lesson, classroom)
    republish(lesson, ("invitation", TEXT), ("journey", OTHER + " Much later."))
    beside(student, lesson)
    with django_assert_num_queries(2):  # lesson with classes, notes
        assert len(beside(student, lesson)) == 30


def test_a_class_is_shown_so_many_of_its_notes(
    student: User,
    classmate: User,
    lesson: Lesson,
    classroom: Classroom,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("apps.notes.selectors.lessons.MAX_SHARED", 2)
    for number in range(3):
        share(classmate, lesson, classroom, body=str(number))
    found = selectors.lesson_notes(student, seat(student, lesson))
    assert ([each.note.body for each in found.notes], found.has_more) == (["1", "2"], True)


def test_classes_of_a_lesson(
    student: User, instructor: User, outsider: User, lesson: Lesson, classroom: Classroom
) -> None:
    assert [
        [(each.title, each.is_staff, each.is_running) for each in seat(user, lesson).classes]
        for user in (student, instructor, outsider)
    ] == [[(classroom.title, False, True)], [(classroom.title, True, True)], []]


def test_note_for_its_author_alone(
    student: User, classmate: User, instructor: User, lesson: Lesson, classroom: Classroom
) -> None:
    note = share(student, lesson, classroom)
    assert selectors.note_for(student, note.public_id) == note
    for user in (classmate, instructor):
        with pytest.raises(NotFound):
            selectors.note_for(user, note.public_id)


def mine(user: User, **asked: Any) -> list[str]:
    return [note.body for note in selectors.my_notes(user, Filter(**asked)).notes]


def test_my_notes_are_searched_and_filtered(
    student: User, classmate: User, lesson: Lesson, foreign_classroom: Classroom
) -> None:
    note_create(student, lesson, body="Résumé of Ташкент")
    note_create(student, lesson, body="100%_sure", exact="an invitation came from Moscow")
    confuse(student, lesson, body="Which one?")
    note_create(classmate, lesson, body="Résumé by another")
    assert mine(student) == ["Which one?", "100%_sure", "Résumé of Ташкент"]
    assert mine(student, query="RESUME ташкент") == ["Résumé of Ташкент"]
    assert mine(student, query="moscow") == ["100%_sure"]
    assert mine(student, query="%") == ["Which one?", "100%_sure", "Résumé of Ташкент"]
    assert mine(student, query="no such word") == []
    assert mine(student, kind=Kind.CONFUSED) == ["Which one?"]
    assert len(mine(student, course="class-course")) == 3
    assert mine(student, course="neva-course") == []
    assert len(mine(student, lesson=lesson.public_id)) == 3
    assert mine(student, lesson=uuid4()) == []


def test_my_notes_in_three_queries(
    student: User, lesson: Lesson, classroom: Classroom, django_assert_num_queries: Asserts
) -> None:
    for count in (1, 29):
        for _ in range(count):
            share(student, lesson, classroom)
        with django_assert_num_queries(3):  # the lessons to choose from, how many, a page of them
            assert [each.title for each in selectors.my_lessons(student)] == [lesson.title]
            found = selectors.my_notes(student, Filter())
            assert next(selectors.audience_words(note) for note in found.notes).endswith(
                classroom.title
            )
            assert all(selectors.passage_url(note) for note in found.notes)
    assert (len(found.notes), found.total) == (25, 30)


def test_deleted_lesson_keeps_its_notes_in_the_list(student: User, lesson: Lesson) -> None:
    note_create(student, lesson, body="Kept.")
    content.lesson_delete(lesson=lesson, editor=None, now=NOW)
    found = selectors.my_notes(student, Filter())
    assert [(note.body, selectors.passage_url(note)) for note in found.notes] == [("Kept.", "")]
    (leaf,) = selectors.notebook_of(student, Filter())
    assert (leaf.course, leaf.lesson, leaf.link) == (
        "Lessons that were deleted",
        lesson.title,
        "",
    )


def test_passage_url(student: User, lesson: Lesson) -> None:
    page = "/courses/class-course/lessons/history/invitation/"
    short = note_create(student, lesson, exact=PASSAGE)
    whole = note_create(student, lesson, exact="")
    long = note_create(student, lesson, exact=TEXT.split("\n")[0])
    assert [selectors.passage_url(note) for note in (short, whole, long)] == [
        f"{page}#invitation:~:text=accepted%20and%20never%20taken%20up",
        f"{page}#invitation",
        f"{page}#invitation:~:text=In%201949%20an%20invitation,three%20reasons%20for%20it.",
    ]


def shared(user: User, classroom: Classroom, **asked: Any) -> list[str]:
    seen = classroom_for(user, classroom.public_id)
    return [note.body for note in selectors.class_notes(seen, Filter(**asked)).notes]


def test_class_notes(class_cast: dict[str, Any], lesson: Lesson, classroom: Classroom) -> None:
    student, instructor = class_cast["student"], class_cast["instructor"]
    note_create(student, lesson, body="Private.")
    share(student, lesson, classroom, body="Class.")
    note_create(
        student, lesson, body="Staff.", audience=audience(classroom, Visibility.INSTRUCTORS)
    )
    hide(share(student, lesson, classroom, body="Hidden."), instructor)
    assert shared(student, classroom) == ["Hidden.", "Class."]
    assert shared(class_cast["classmate"], classroom) == ["Class."]
    assert shared(class_cast["assistant"], classroom) == ["Hidden.", "Staff.", "Class."]
    assert shared(instructor, classroom, query="staff") == ["Staff."]
    assert shared(instructor, classroom, kind=Kind.HIGHLIGHT) == []


def test_class_notes_in_three_queries(
    student: User,
    classmate: User,
    lesson: Lesson,
    classroom: Classroom,
    django_assert_num_queries: Asserts,
) -> None:
    seen = classroom_for(student, classroom.public_id)
    for count in (1, 29):
        for _ in range(count):
            share(classmate, lesson, classroom)
        with django_assert_num_queries(3):  # the lessons to choose from, how many, a page of them
            assert [each.title for each in selectors.class_lessons(seen)] == [lesson.title]
            found = selectors.class_notes(seen, Filter())
            assert {str(note.author) for note in found.notes} == {"Zainab Ali"}
            assert all(selectors.passage_url(note) for note in found.notes)


def test_only_staff_moderate(
    student: User,
    classmate: User,
    assistant: User,
    lesson: Lesson,
    classroom: Classroom,
    foreign_classroom: Classroom,
    foreign_instructor: User,
) -> None:
    note = share(student, lesson, classroom)
    theirs = classroom_for(assistant, classroom.public_id)
    assert selectors.shared_note_for(theirs, note.public_id) == note
    for seen in (
        classroom_for(classmate, classroom.public_id),
        classroom_for(foreign_instructor, foreign_classroom.public_id),
    ):
        with pytest.raises(NotFound):
            selectors.shared_note_for(seen, note.public_id)
    with pytest.raises(NotFound):
        selectors.shared_note_for(theirs, note_create(student, lesson).public_id)


def test_confusions_count_students_of_the_class_once_a_section(
    class_cast: dict[str, Any],
    lesson: Lesson,
    classroom: Classroom,
    django_assert_num_queries: Asserts,
) -> None:
    student, classmate = class_cast["student"], class_cast["classmate"]
    confuse(student, lesson)
    confuse(student, lesson, exact="an invitation came from Moscow")
    confuse(classmate, lesson, audience=audience(classroom, Visibility.INSTRUCTORS))
    confuse(classmate, lesson, passage=Selector("journey", ""))
    note_create(student, lesson)
    for role in ("instructor", "assistant", "outsider"):
        confuse(class_cast[role], lesson)
    with django_assert_num_queries(1):
        found = selectors.confusions_by_section(classroom)
    assert found == {(lesson.pk, "invitation"): 2, (lesson.pk, "journey"): 1}
    remove(classmate, classroom, class_cast["instructor"])
    assert selectors.confusions_by_section(classroom) == {(lesson.pk, "invitation"): 1}


def test_confusions_name_only_those_who_chose_to(
    student: User,
    classmate: User,
    instructor: User,
    lesson: Lesson,
    classroom: Classroom,
    django_assert_num_queries: Asserts,
) -> None:
    for _again in range(2):
        confuse(student, lesson, body="Who was it?")
    confuse(
        classmate,
        lesson,
        body="Which reasons?",
        audience=audience(classroom, Visibility.INSTRUCTORS),
    )
    for person in students_add(classroom, 28, actor=instructor):
        confuse(person, lesson, exact="an invitation came from Moscow")
    with django_assert_num_queries(1):
        (found,) = selectors.confusions_page(classroom)
        assert [(str(note.author), note.body) for note in found.named] == [
            ("Zainab Ali", "Which reasons?")
        ]
    assert (found.heading, found.sources, found.people) == ("Invitation", ("P01",), 30)
    assert found.passages == (("an invitation came from Moscow", 28), (PASSAGE, 2))
    assert found.link == "/courses/class-course/lessons/history/invitation/#invitation"


def test_notes_of_a_person_are_all_of_theirs_and_nobody_elses(
    student: User, classmate: User, instructor: User, lesson: Lesson, classroom: Classroom
) -> None:
    note_create(student, lesson, body="Private.")
    hide(share(student, lesson, classroom, body="Hidden."), instructor)
    share(classmate, lesson, classroom, body="Not theirs.")
    assert [note.body for note in selectors.notes_of(student)] == ["Private.", "Hidden."]


def test_classes_offered(
    student: User, lesson: Lesson, classroom: Classroom, instructor: User
) -> None:
    own = [(classroom.public_id, classroom.title)]
    note = share(student, lesson, classroom)
    alone = note_create(student, lesson)
    assert selectors.classes_offered(student, alone) == own
    classrooms.classroom_archive(classroom=classroom, actor=instructor, now=NOW)
    assert selectors.classes_offered(student, note) == own
    assert selectors.classes_offered(student, alone) == []
