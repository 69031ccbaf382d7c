"""The pages of review without JavaScript: what they show, what they cost, what they keep back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.review import services
from apps.review.models import ReviewCard, ReviewLog
from tests.factories import NOW
from tests.quizzes.factories import assignment_create, quiz_create
from tests.review.factories import (
    later,
    learned,
    own_card,
    practised,
    rate,
    readable_course,
)
from tests.review.test_adding import CANARY, keyed

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"review:{name}", args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]


@pytest.fixture
def client(student: User, client_of: ClientOf) -> Client:
    return client_of(student)


def test_a_day_is_reviewed_by_links_and_forms_alone(student: User, client: Client) -> None:
    card = own_card(student, "What is **asked**?", "What is _answered_.")
    with time_machine.travel(NOW, tick=False) as clock:
        home = page(client, "home")
        assert "1 card is waiting for you today." in home
        assert ("No card has a date yet" in home, "days__picture" in home) == (True, False)
        front = page(client, "queue")
        assert "What is <strong>asked</strong>?" in front
        assert "answered" not in front
        link = re.search(r'data-reveal href="([^"]*)"', front)
        assert link is not None
        clock.shift(timedelta(seconds=9))
        shown = client.get(link[1].replace("&amp;", "&")).content.decode()
        assert "What is <em>answered</em>." in shown
        *steps, interval = re.findall(r'grade__next">([^<]*)', shown)
        assert steps == ["1 min", "6 min", "10 min"]
        # Eight, moved by a draw that the card's own id decides: by two, and rounded up as the
        # library does.
        assert interval in {f"{days} days" for days in range(6, 12)}
        sent = {name: hidden(shown, name) for name in ("version", "client_id", "shown")}
        address = reverse("review:card-rate", args=[card.public_id])
        for _click in range(2):
            answer = client.post(address, {**sent, "rating": 4}, follow=True)
            assert "Done for today" in answer.content.decode()
            assert "nothing is counted twice" not in answer.content.decode()
        log = ReviewLog.objects.get()
        assert (log.rating, log.duration_seconds) == (4, 9)
        # Another device still shows the card as it was.
        other = client.post(address, {**sent, "client_id": str(uuid4()), "rating": 1}, follow=True)
        assert "nothing is counted twice" in other.content.decode()
        undo = client.post(reverse("review:rating-undo", args=[log.public_id]), follow=True)
        assert "Undone: the card is as it was." in undo.content.decode()
    assert ReviewCard.objects.get().reps == 0


def test_what_comes_back_within_minutes_is_neither_done_nor_forgotten(
    student: User, client: Client
) -> None:
    rate(own_card(student), 1)
    with time_machine.travel(later(seconds=9), tick=False):
        home = page(client, "home")
        assert ("1 card comes back within minutes." in home, "Well done" in home) == (True, False)
        assert f'href="{reverse("review:queue")}"' in home
        assert "<strong>1</strong> being learned" in page(client, "queue")


@pytest.mark.parametrize("shown", ["", "nonsense", "a:b:c"])
def test_no_time_is_counted_that_the_server_did_not_see(
    shown: str, student: User, client: Client
) -> None:
    card, other = own_card(student), own_card(student)
    sent = {"rating": 3, "version": 1, "client_id": str(uuid4()), "shown": shown}
    client.post(reverse("review:card-rate", args=[card.public_id]), sent)
    assert ReviewLog.objects.get().duration_seconds is None
    # What was signed for one card says nothing of another.
    signed = re.search(r"shown=([^\"&]*)", page(client, "queue"))
    assert signed is not None
    third = own_card(student)
    sent |= {"client_id": str(uuid4()), "shown": signed[1].replace("%3A", ":")}
    client.post(reverse("review:card-rate", args=[third.public_id]), sent)
    assert third.logs.get().duration_seconds is None
    client.post(
        reverse("review:card-rate", args=[other.public_id]), {**sent, "client_id": str(uuid4())}
    )
    assert other.logs.get().duration_seconds is not None


def test_a_leech_is_told_and_leads_back_to_its_paragraph(student: User, client: Client) -> None:
    course = readable_course()
    services.cards_add_terms(owner=student, course=course, unit=None, now=NOW)
    card = learned(ReviewCard.objects.get())
    ReviewCard.objects.filter(pk=card.pk).update(lapses=7)
    sent = {"rating": 1, "version": card.version, "client_id": str(uuid4())}
    answer = client.post(reverse("review:card-rate", args=[card.public_id]), sent, follow=True)
    html = answer.content.decode()
    assert "Forgotten 8 times, so this card is put aside." in html
    assert "Read the paragraph again" in html
    assert 'href="/courses/sco/source/P01/"' in html
    assert 'href="/courses/sco/lessons/history/invitation/#invitation"' in html
    assert "was forgotten too often" in page(client, "home")


def test_no_page_tells_a_key_that_a_quiz_of_the_class_withholds(
    student: User, instructor: User, classroom: Classroom, client: Client
) -> None:
    question = keyed(classroom.course)
    practised(student, question)
    services.cards_add_missed(owner=student, now=NOW)
    card = ReviewCard.objects.get()
    assert CANARY in page(client, "answer", card.public_id)
    assert CANARY not in page(client, "queue")
    assignment_create(
        classroom, instructor, quiz_create(classroom.course, question), key_when="never"
    )
    told = []
    for name, args in (
        ("home", []),
        ("queue", []),
        ("statistics", []),
        ("cards", []),
        ("export", []),
        ("card", [card.public_id]),
        ("card-delete", [card.public_id]),
        ("answer", [card.public_id]),
        ("card-edit", [card.public_id]),
    ):
        answer = client.get(reverse(f"review:{name}", args=args), follow=True)
        html = answer.content.decode()
        told += [name for words in (CANARY, "go instead") if words in html]
    assert told == []
    assert "waits until a quiz of your class is over" in page(client, "queue")


def test_a_stale_edit_keeps_what_was_typed(student: User, client: Client) -> None:
    card = own_card(student, "Old front")
    address = reverse("review:card-edit", args=[card.public_id])
    rate(card, 3)
    sent = {"front": "Typed with care", "back": "b", "tags": "", "version": "1"}
    refused = client.post(address, sent).content.decode()
    assert "Typed with care" in refused
    assert "changed meanwhile" in refused
    client.post(address, {**sent, "version": hidden(refused, "version")})
    assert ReviewCard.objects.get().front == "Typed with care"


def test_a_question_is_edited_from_what_it_shows(student: User, client: Client) -> None:
    course = readable_course()
    practised(student, keyed(course))
    services.cards_add_missed(owner=student, now=NOW)
    card = ReviewCard.objects.get()
    html = page(client, "card-edit", card.public_id)
    assert "Where did he go instead?" in html
    assert CANARY in html
    assert "it keeps yours" in html


def test_a_file_is_looked_at_then_imported(student: User, client: Client) -> None:
    address = reverse("review:import")
    file = SimpleUploadedFile("cards.txt", b"one\tzwei <b>&\n")
    preview = client.post(address, {"file": file, "course": ""}).content.decode()
    assert '<td dir="auto">zwei &lt;b&gt;&amp;</td>' in preview  # as it will read
    assert ReviewCard.objects.count() == 0
    done = client.post(
        address, {"text": "one\tzwei <b>&\n", "course": "", "confirmed": "1"}, follow=True
    )
    assert "Imported: 1 new, 0 changed." in done.content.decode()
    assert ReviewCard.objects.get().back_html == "<p>zwei &lt;b&gt;&amp;</p>\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"a\n", "Line 1:"),
        (b"", "is empty"),
        (b"a" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_imported(data: bytes, words: str, client: Client) -> None:
    file = SimpleUploadedFile("cards.txt", data)
    assert words in client.post(reverse("review:import"), {"file": file}).content.decode()


def test_settings_are_kept_or_refused(student: User, client: Client) -> None:
    address = reverse("review:settings")
    good = {"new_per_day": 3, "reviews_per_day": 30, "remember_percent": 85, "may_add_missed": "on"}
    client.post(address, good)
    saved = student.review_settings
    saved.refresh_from_db()
    assert (saved.new_per_day, saved.desired_retention, saved.may_add_missed) == (3, 0.85, True)
    for name, wrong in (("remember_percent", 99), ("new_per_day", -1), ("reviews_per_day", "x")):
        assert "Please correct this" in client.post(address, {**good, name: wrong}).content.decode()


def test_hostile_text_stays_text_on_every_page(student: User, client: Client) -> None:
    hostile = (
        "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7|add:7 }} [x](javascript:x)"
    )
    client.post(
        reverse("review:card-create"), {"front": hostile, "back": hostile, "tags": "<b>\"'"}
    )
    card = ReviewCard.objects.get()
    for html in (
        page(client, "queue"),
        page(client, "answer", card.public_id),
        page(client, "cards"),
        page(client, "card", card.public_id),
        page(client, "card-edit", card.public_id),
        page(client, "card-delete", card.public_id),
        client.post(reverse("review:import"), {"text": f"{hostile}\t{hostile}\n"}).content.decode(),
        client.get(reverse("review:cards"), {"kind": hostile}).content.decode(),
        client.get(
            reverse("review:answer", args=[card.public_id]), {"shown": hostile}
        ).content.decode(),
    ):
        for wrong in ("<script>alert", "<img src=x", 'href="javascript', "<b>"):
            assert wrong not in html


@pytest.mark.parametrize("count", [1, 30])
def test_pages_cost_the_same_whatever_there_is(
    count: int, student: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        own_card(student)
    # Session and person on each; then
    # home: courses of questions, cards, ratings, forecast.
    # queue: courses of questions, cards, ratings, the card, what can be undone.
    # answer: the card, the settings, what can be undone.  cards: how many, by kind, the page.
    # statistics: what is due; when it was rated, how, and the cards.
    card = ReviewCard.objects.earliest("id")
    for name, args, queries in (
        ("home", [], 6),
        ("queue", [], 7),
        ("answer", [card.public_id], 5),
        ("cards", [], 5),
        ("statistics", [], 6),
    ):
        with django_assert_num_queries(queries):
            page(client, name, *args)
