"""What can be written of notes, by whom, and what it leaves behind."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.classrooms import services as classrooms
from apps.classrooms.errors import ClassroomArchived
from apps.classrooms.models import Classroom
from apps.content import services as content
from apps.content.models import Lesson
from apps.core.errors import NotFound
from apps.core.models import Event
from apps.notes import services
from apps.notes.drafts import PRIVATE, Audience
from apps.notes.enums import Kind, Visibility
from apps.notes.errors import InvalidNote, NoteHidden, PassageNotFound
from apps.notes.models import Note
from apps.notes.passages import Selector, section_texts
from tests.factories import NOW
from tests.notes.factories import (
    PASSAGE,
    audience,
    confuse,
    edition_of,
    note_create,
    republish,
    share,
)
from tests.quizzes.test_races import together

pytestmark = pytest.mark.django_db
Asserts = Callable[..., Any]


def events() -> list[tuple[str, bool]]:
    rows = Event.objects.filter(kind__startswith="note.").order_by("pk")
    return list(rows.values_list("kind", "is_tombstone"))


def test_note_keeps_the_editions_own_words(student: User, lesson: Lesson) -> None:
    note = note_create(student, lesson, body="*Why* not? [@khan1961]")
    text = section_texts(edition_of(lesson).html)[0].text
    assert note.exact == PASSAGE
    assert text[note.start : note.end] == PASSAGE
    assert text[: note.start].endswith(note.prefix)
    assert text[note.end :].startswith(note.suffix)
    assert (note.section, note.heading, note.sources) == ("invitation", "Invitation", ["P01"])
    assert (note.lesson_title, note.visibility, note.classroom) == (lesson.title, "private", None)
    assert "<em>Why</em> not?" in note.html
    assert 'class="citation"' in note.html
    assert note.folded == "accepted and never taken up why not khan1961"
    assert events() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Selector("invitation", "  accepted\n and never   taken up "), PASSAGE),
        (Selector("journey", PASSAGE, "It was ", "; the authors give three reasons"), PASSAGE),
        (
            Selector("invitation", "never taken up: the authors gave three reasons for that", "x"),
            "never taken up; the authors give three reasons for it",
        ),
        (Selector("invitation", ""), ""),
    ],
    ids=["white space", "moved", "misquoted", "whole section"],
)
def test_passage_is_found(student: User, lesson: Lesson, given: Selector, kept: str) -> None:
    note = note_create(student, lesson, passage=given)
    assert (note.section, note.exact) == ("invitation", kept)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"passage": Selector("nowhere", PASSAGE)}, "section"),
        ({"exact": "These words the lesson never said of anybody"}, "exact"),
        ({"exact": "x" * (services.MAX_PASSAGE + 1)}, "exact"),
        ({"kind": Kind.HIGHLIGHT, "exact": ""}, "exact"),
        ({"kind": "shout"}, "kind"),
        ({"body": " "}, "body"),
        ({"body": "x" * (services.MAX_BODY + 1)}, "body"),
        ({"audience": Audience(Visibility.CLASS)}, "audience"),
        ({"audience": Audience("everybody")}, "audience"),
    ],
)
def test_note_is_refused(student: User, lesson: Lesson, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidNote) as caught:
        note_create(student, lesson, **fields)
    assert caught.value.field == field
    assert Note.objects.count() == 0


def test_passage_that_is_not_there_has_a_code_of_its_own(student: User, lesson: Lesson) -> None:
    with pytest.raises(PassageNotFound) as caught:
        note_create(student, lesson, exact="These words the lesson never said of anybody")
    assert caught.value.code == "passage_not_found"


def test_note_sent_twice_is_the_first(student: User, classmate: User, lesson: Lesson) -> None:
    device = uuid4()
    first = note_create(student, lesson, client_id=device, body="First.")
    again = note_create(student, lesson, client_id=device, body="Again.", exact="not in it at all")
    theirs = note_create(classmate, lesson, client_id=device, body="Mine.")
    assert (again.pk, again.body) == (first.pk, "First.")
    assert theirs.pk != first.pk
    assert Note.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_note_sent_by_many_connections_at_once_is_one(student: User, lesson: Lesson) -> None:
    send = partial(note_create, student, lesson, client_id=uuid4())
    made = together(*(partial(send, body=f"Number {number}.") for number in range(8)))
    assert len({note.pk for note in made}) == 1
    assert Note.objects.count() == 1


def test_lesson_holds_so_many_notes(
    student: User, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_IN_LESSON", 1)
    note_create(student, lesson)
    with pytest.raises(InvalidNote):
        note_create(student, lesson)


def test_share_with_a_class(student: User, lesson: Lesson, classroom: Classroom) -> None:
    note = share(student, lesson, classroom)
    assert (note.visibility, note.classroom) == ("class", classroom)
    assert events() == [("note.shared", False)]


def test_nobody_shares_with_a_class_that_they_are_not_in(
    outsider: User, student: User, lesson: Lesson, classroom: Classroom, instructor: User
) -> None:
    with pytest.raises(NotFound):
        share(outsider, lesson, classroom)
    enrolment = classroom.enrolments.get(user=student)
    classrooms.enrolment_remove(enrolment=enrolment, actor=instructor, now=NOW)
    with pytest.raises(NotFound):
        share(student, lesson, classroom)
    assert Note.objects.count() == 0


def test_class_of_another_course_reads_no_such_note(
    outsider: User, lesson: Lesson, foreign_classroom: Classroom
) -> None:
    with pytest.raises(InvalidNote):
        share(outsider, lesson, foreign_classroom)


def test_ended_class_is_told_nothing_new(
    student: User, lesson: Lesson, classroom: Classroom, instructor: User
) -> None:
    note = share(student, lesson, classroom)
    classrooms.classroom_archive(classroom=classroom, actor=instructor, now=NOW)
    classroom.refresh_from_db()
    with pytest.raises(ClassroomArchived):
        share(student, lesson, classroom)
    with pytest.raises(ClassroomArchived):
        services.note_update(note=note, body="Changed.", now=NOW)
    with pytest.raises(ClassroomArchived):
        services.note_hide(note=note, actor=instructor, reason="Late.", now=NOW)
    kept = services.note_update(note=note, audience=PRIVATE, now=NOW)
    assert (kept.visibility, kept.classroom) == ("private", None)


def test_confusion_is_never_shown_to_classmates(
    student: User, lesson: Lesson, classroom: Classroom
) -> None:
    with pytest.raises(InvalidNote):
        confuse(student, lesson, audience=audience(classroom))
    named = confuse(student, lesson, audience=audience(classroom, Visibility.INSTRUCTORS))
    assert named.visibility == "instructors"
    note = share(student, lesson, classroom)
    with pytest.raises(InvalidNote):
        services.note_update(note=note, kind=Kind.CONFUSED, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(kind=Kind.CONFUSED)


def test_update_changes_what_is_named_alone(
    student: User, lesson: Lesson, classroom: Classroom
) -> None:
    note = share(student, lesson, classroom)
    changed = services.note_update(note=note, body="**Because.**", now=NOW)
    assert (changed.body, changed.visibility, changed.exact) == ("**Because.**", "class", PASSAGE)
    assert "<strong>Because.</strong>" in changed.html
    assert changed.folded.endswith("because")
    assert events() == [("note.shared", False)]
    services.note_update(note=note, audience=PRIVATE, now=NOW)
    assert events()[1:] == [("note.unshared", True)]


def test_highlight_with_words_is_a_note(student: User, lesson: Lesson) -> None:
    note = note_create(student, lesson, kind=Kind.HIGHLIGHT, body="")
    assert services.note_update(note=note, body="", now=NOW).kind == "highlight"
    assert services.note_update(note=note, body="Look.", now=NOW).kind == "note"
    with pytest.raises(InvalidNote):
        services.note_update(note=note, body="", now=NOW)


def test_author_who_left_still_changes_their_note(
    student: User, lesson: Lesson, classroom: Classroom, instructor: User
) -> None:
    note = share(student, lesson, classroom)
    enrolment = classroom.enrolments.get(user=student)
    classrooms.enrolment_remove(enrolment=enrolment, actor=instructor, now=NOW)
    assert services.note_update(note=note, body="Still mine.", now=NOW).body == "Still mine."


def test_delete_leaves_a_tombstone_of_shared_notes_alone(
    student: User, lesson: Lesson, classroom: Classroom
) -> None:
    services.note_delete(note=note_create(student, lesson), now=NOW)
    assert events() == []
    services.note_delete(note=share(student, lesson, classroom), now=NOW)
    assert events() == [("note.shared", False), ("note.deleted", True)]
    assert Note.objects.count() == 0


def test_hidden_note_keeps_its_reason_and_is_not_shared_anew(
    student: User, lesson: Lesson, classroom: Classroom, instructor: User
) -> None:
    note = share(student, lesson, classroom)
    with pytest.raises(InvalidNote):
        services.note_hide(note=note, actor=instructor, reason="  ", now=NOW)
    hidden = services.note_hide(note=note, actor=instructor, reason="A name in it.", now=NOW)
    assert (hidden.is_hidden, hidden.hidden_reason) == (True, "A name in it.")
    again = services.note_hide(note=note, actor=instructor, reason="Other.", now=NOW)
    assert again.hidden_reason == "A name in it."
    services.note_update(note=note, audience=PRIVATE, now=NOW)
    with pytest.raises(NoteHidden):
        services.note_update(note=note, audience=audience(classroom), now=NOW)
    with pytest.raises(InvalidNote):  # it is the author's alone by now
        services.note_show(note=note, actor=instructor, now=NOW)


def test_shown_again(student: User, lesson: Lesson, classroom: Classroom, instructor: User) -> None:
    note = share(student, lesson, classroom)
    services.note_hide(note=note, actor=instructor, reason="A name in it.", now=NOW)
    shown = services.note_show(note=note, actor=instructor, now=NOW)
    assert (shown.is_hidden, shown.hidden_reason, shown.hidden_by) == (False, "", None)
    assert [kind for kind, _ in events()] == ["note.shared", "note.hidden", "note.shown"]


def test_note_outlives_its_lesson(student: User, lesson: Lesson) -> None:
    note = note_create(student, lesson)
    content.lesson_delete(lesson=lesson, editor=None, now=NOW)
    note.refresh_from_db()
    assert (note.lesson, note.edition, note.exact) == (None, None, PASSAGE)
    kept = services.note_update(note=note, body="Still *here*.", now=NOW)
    assert "<em>here</em>" in kept.html


def test_note_made_offline_beside_an_older_edition(student: User, lesson: Lesson) -> None:
    old = edition_of(lesson)
    republish(lesson, ("invitation", "All of it is new by now."))
    note = services.note_create(
        author=student,
        edition=old,
        passage=Selector("invitation", PASSAGE, "It was "),
        kind=Kind.HIGHLIGHT,
        now=NOW,
    )
    assert (note.edition_id, note.exact) == (old.pk, PASSAGE)


HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) =cmd|"/C"'


def test_hostile_words_are_sanitised(student: User, lesson: Lesson) -> None:
    note = note_create(student, lesson, body=HOSTILE)
    assert note.body == HOSTILE
    assert "<script" not in note.html
    assert "<img" not in note.html
    assert 'href="javascript' not in note.html


def test_erasing_a_person_takes_their_notes_and_leaves_what_they_hid(
    student: User, outsider: User, lesson: Lesson, classroom: Classroom
) -> None:
    note = share(student, lesson, classroom)
    services.note_hide(note=note, actor=outsider, reason="A name in it.", now=NOW)
    note_create(outsider, lesson)
    outsider.delete()
    note.refresh_from_db()
    assert (note.hidden_by, note.hidden_reason, note.is_hidden) == (None, "A name in it.", True)
    assert list(Note.objects.values_list("pk", flat=True)) == [note.pk]


def test_queries_of_a_note(
    student: User,
    lesson: Lesson,
    classroom: Classroom,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    edition = edition_of(lesson)
    _ = edition.lesson.unit.course, classroom.school
    # savepoint, sent before?, member?, the author's row held, how many, six of the render context,
    # savepoint, insert, release, event, release
    with django_assert_num_queries(16):
        services.note_create(
            author=student,
            edition=edition,
            passage=Selector("invitation", PASSAGE),
            kind=Kind.NOTE,
            body="Why?",
            audience=audience(classroom),
            now=NOW,
        )
