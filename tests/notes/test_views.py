"""What pages show and take, with and without a script."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content import services as content
from apps.content.models import Lesson
from apps.notes.models import Note
from tests.factories import NOW
from tests.notes.factories import PASSAGE, confuse, note_create, republish, share

pytestmark = pytest.mark.django_db

LESSON = "/notes/lessons/class-course/history/invitation/"
PANEL = f"{LESSON}panel/"
SCRIPT = {"X-Requested-With": "fetch"}
HOSTILE = "</textarea><script>alert('x')</script>\"'><img src=x onerror=alert(1)>"
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture
def reader(student: User, client_of: ClientOf) -> Client:
    return client_of(student)


def send(client: Client, **fields: Any) -> Any:
    given = {"section": "invitation", "exact": PASSAGE, "kind": "highlight", **fields}
    return client.post(LESSON, given, headers=SCRIPT)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_script_sends_a_note_once(reader: Client, student: User, lesson: Lesson) -> None:
    fields = {
        "kind": "note",
        "body": "Why?",
        "before": "It was ",
        "start": 60,
        "edition": 1,
        "client_id": str(uuid4()),
    }
    answers = [send(reader, **fields) for _ in range(2)]
    note = Note.objects.get()
    assert [(each.status_code, each.json()) for each in answers] == [
        (201, {"id": str(note.public_id)})
    ] * 2
    assert (note.author, note.body, note.exact) == (student, "Why?", PASSAGE)


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"exact": "These words the lesson never said of anybody"}, 422, "passage_not_found"),
        ({"section": "nowhere"}, 422, "passage_not_found"),
        ({"kind": "note", "body": " "}, 422, "invalid_note"),
        ({"kind": "shout"}, 422, "invalid_note"),
        ({"exact": "x" * 6000}, 422, "invalid_note"),
        ({"client_id": "1"}, 422, "invalid_note"),
        ({"start": "-1"}, 422, "invalid_note"),
        ({"body": "a\x00b"}, 422, "invalid_note"),
        ({"edition": 7}, 404, "not_found"),
        ({"audience": "class:no"}, 422, "invalid_note"),
        ({"audience": f"class:{uuid4()}"}, 422, "invalid_note"),
    ],
)
def test_script_is_told_what_is_wrong(
    reader: Client, lesson: Lesson, fields: dict[str, Any], status: int, code: str
) -> None:
    answer = send(reader, **fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert Note.objects.count() == 0


def test_so_many_at_once_are_not_taken(reader: Client, lesson: Lesson, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "note_write": "1/h/user"}
    assert send(reader).status_code == 201
    answer = send(reader)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_often")


def test_form_takes_a_sentence_that_was_picked(
    reader: Client, student: User, lesson: Lesson, classroom: Classroom
) -> None:
    page = text(reader, f"{LESSON}?section=invitation&sentence=2")
    sentence = "It was accepted and never taken up; the authors give three reasons for it."
    assert page.count(sentence) == 2  # in the list and in the form
    fields = {
        "section": "invitation",
        "exact": sentence,
        "kind": "note",
        "body": "Which three?",
        "audience": f"class:{classroom.public_id}",
    }
    answer = reader.post(LESSON, fields, follow=True)
    note = Note.objects.get()
    assert answer.redirect_chain == [(f"{LESSON}#note-{note.public_id}", 302)]
    assert (note.exact, note.visibility, note.classroom) == (sentence, "class", classroom)


@pytest.mark.parametrize("query", ["sentence=0", "sentence=99", "sentence=x", "sentence=²"])
def test_sentence_that_is_not_there(reader: Client, lesson: Lesson, query: str) -> None:
    assert "Copy the words" in text(reader, f"{LESSON}?section=invitation&{query}")


def test_form_says_what_is_wrong_and_keeps_the_words(reader: Client, lesson: Lesson) -> None:
    given = {"section": "invitation", "exact": "Never said at all by anybody here", "kind": "note"}
    page = reader.post(LESSON, {**given, "body": "Kept words"}).content.decode()
    assert "These words do not stand in the lesson." in page
    assert "Kept words" in page


def test_panel_in_five_queries_once_and_then_four(
    student: User,
    classmate: User,
    lesson: Lesson,
    classroom: Classroom,
    reader: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    note_create(student, lesson)
    reader.get(PANEL)
    with django_assert_num_queries(4):  # session, person, lesson with classes, notes
        assert reader.get(PANEL).content.decode().count("data-section=") == 1
    for _ in range(29):
        share(classmate, lesson, classroom)
    with django_assert_num_queries(4):
        assert reader.get(PANEL).content.decode().count("data-section=") == 30


def test_panel_shows_what_has_changed_and_what_is_lost(
    student: User, lesson: Lesson, reader: Client
) -> None:
    note_create(student, lesson, exact=PASSAGE)
    note_create(student, lesson, exact="an invitation came from Moscow", body="Lost one.")
    republish(
        lesson,
        ("invitation", "It was accepted but never once taken up; the authors give reasons for it."),
    )
    page = text(reader, PANEL)
    assert page.count("The passage has changed since") == 1
    assert page.count("in this edition these words are gone") == 1
    assert "an invitation came from Moscow" in page


def test_lesson_page_holds_nothing_of_a_reader(
    student: User, lesson: Lesson, reader: Client
) -> None:
    note_create(student, lesson, body="Canary of mine.")
    page = text(reader, "/courses/class-course/lessons/history/invitation/")
    assert "Canary" not in page
    assert f'data-notes="{PANEL}"' in page
    assert f'href="{LESSON}"' in page


def test_my_notes_are_found_changed_and_deleted(
    student: User, lesson: Lesson, reader: Client
) -> None:
    note = note_create(student, lesson, body="Why not?")
    assert "Why not?" in text(reader, "/notes/?q=why")
    assert "None of your notes is like this." in text(reader, "/notes/?q=zzz")
    assert "1 note" in text(reader, "/notes/?kind=nonsense&page=x&lesson=y")
    edit = reverse("notes:edit", args=[note.public_id])
    fields = {"kind": "note", "body": "Because.", "audience": "private"}
    answer = reader.post(f"{edit}?from=lesson", fields)
    assert answer["Location"] == "/courses/class-course/lessons/history/invitation/#invitation"
    assert "Because." in text(reader, "/notes/")
    delete = reverse("notes:delete", args=[note.public_id])
    assert "Nobody can bring it back." in text(reader, delete)
    assert reader.post(delete)["Location"] == "/notes/"
    assert Note.objects.count() == 0


def test_words_written_elsewhere_meanwhile_are_not_lost(
    student: User, lesson: Lesson, reader: Client
) -> None:
    note = note_create(student, lesson, body="First.")
    edit = reverse("notes:edit", args=[note.public_id])
    shown = reader.get(edit).context["form"]["shown"].value()
    fields = {"kind": "note", "audience": "private", "shown": shown}
    hostile = "<script>alert(1)</script> elsewhere"
    assert reader.post(edit, {**fields, "body": hostile}).status_code == 302
    asked = reader.post(edit, {**fields, "body": "Here."})
    html = asked.content.decode()
    assert asked.status_code == 200
    assert "This note was changed elsewhere meanwhile." in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; elsewhere" in html
    assert (hostile in html, "Here.</textarea>" in html) == (False, True)
    note.refresh_from_db()
    assert note.body == hostile
    seen = {**fields, "shown": asked.context["form"]["shown"].value()}
    assert reader.post(edit, {**seen, "body": "Both."}).status_code == 302
    assert reader.post(edit, {**fields, "body": "Both."}).status_code == 302  # the same words
    note.refresh_from_db()
    assert note.body == "Both."


def test_list_in_five_queries(
    student: User,
    lesson: Lesson,
    reader: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (1, 29):
        for _ in range(count):
            note_create(student, lesson)
        with django_assert_num_queries(5):  # session, person, lessons, how many, a page of them
            reader.get("/notes/")


def test_class_pages_in_queries(
    student: User,
    instructor: User,
    lesson: Lesson,
    classroom: Classroom,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    staff = client_of(instructor)
    for count in (1, 29):
        for _ in range(count):
            share(student, lesson, classroom)
            confuse(student, lesson)
        with django_assert_num_queries(6):  # session, person, class, lessons, count, a page
            staff.get(reverse("notes:class", args=[classroom.public_id]))
        with django_assert_num_queries(4):  # session, person, class, what confused
            staff.get(reverse("notes:confusions", args=[classroom.public_id]))


def test_export(student: User, lesson: Lesson, classroom: Classroom, reader: Client) -> None:
    note_create(student, lesson, body="Why *not*?")
    share(student, lesson, classroom, exact="", body="All of it.")
    content.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    answer = reader.get("/notes/export/?q=")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    day = Note.objects.all()[0].created_at.strftime("%-d %B %Y")
    assert answer.content.decode() == (
        "# My notes\n\n## The SCO\n\n### The invitation of 1949\n\n#### Invitation\n\n"
        f"> {PASSAGE}\n\nWhy *not*?\n\n(note; {day}; P01; only you)\n\n"
        f"All of it.\n\n(note; {day}; P01; shared with International relations)\n"
    )


def test_export_links_back_to_the_passage(student: User, lesson: Lesson, reader: Client) -> None:
    note_create(student, lesson)
    page = reader.get("/notes/export/").content.decode()
    address = "http://testserver/courses/class-course/lessons/history/invitation/"
    assert f"### [The invitation of 1949]({address})" in page
    assert f"[to the passage]({address}#invitation:~:text=accepted%20and" in page


def test_staff_hide_with_a_reason_that_the_author_sees(
    student: User,
    classmate: User,
    assistant: User,
    lesson: Lesson,
    classroom: Classroom,
    client_of: ClientOf,
) -> None:
    note = share(student, lesson, classroom, body="Canary words.")
    page = reverse("notes:class", args=[classroom.public_id])
    staff = client_of(assistant)
    hide = reverse("notes:hide", args=[classroom.public_id, note.public_id])
    assert "This field is required" in staff.post(hide, {"reason": " "}).content.decode()
    assert staff.post(hide, {"reason": "A name in it."})["Location"] == page
    assert "Canary" not in text(client_of(classmate), page)
    assert "Canary" not in text(client_of(classmate), PANEL)
    for address in ("/notes/", PANEL, page):
        assert "Hidden by a moderator: “A name in it.”" in text(client_of(student), address)
    staff.post(reverse("notes:show", args=[classroom.public_id, note.public_id]))
    assert "Canary" in text(client_of(classmate), page)


def test_confusions_name_nobody_unasked(
    student: User, instructor: User, lesson: Lesson, classroom: Classroom, client_of: ClientOf
) -> None:
    confuse(student, lesson, body="Canary words.")
    page = text(client_of(instructor), reverse("notes:confusions", args=[classroom.public_id]))
    assert PASSAGE in page
    assert "1 student" in page
    assert "Canary" not in page
    assert str(student) not in page


def test_hostile_words_in_every_page(
    student: User, instructor: User, lesson: Lesson, classroom: Classroom, client_of: ClientOf
) -> None:
    note = share(student, lesson, classroom, body=HOSTILE)
    hide = reverse("notes:hide", args=[classroom.public_id, note.public_id])
    client_of(instructor).post(hide, {"reason": HOSTILE})
    own = [
        PANEL,
        LESSON,
        "/notes/",
        *(reverse(f"notes:{name}", args=[note.public_id]) for name in ("edit", "delete")),
    ]
    pages = [text(client_of(student), address) for address in own]
    pages += [
        text(client_of(instructor), address)
        for address in (hide, reverse("notes:class", args=[classroom.public_id]))
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src" not in page
