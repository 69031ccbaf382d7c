"""Whoever does too much at once is told when to go on, and loses nothing that they wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.accounts.models import School, User
from apps.accounts.views.pace import check_pace
from apps.classrooms.models import Classroom
from apps.core.errors import TooOften
from apps.debates.models import Draft
from apps.integrations.models import WebhookEndpoint
from apps.review.models import ReviewCard
from tests.classrooms.test_views import code_of
from tests.debates.factories import during, join, run_create
from tests.factories import NOW
from tests.notes.factories import lesson_create, note_create

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
WORDS = "Words that took an hour to write."


@pytest.fixture
def once(settings: Any) -> None:
    """Each thing that is counted may be done once an hour."""
    rates = dict.fromkeys(settings.ACCOUNT_RATE_LIMITS, "1/h/user")
    programs = {name: "1/h/key" for name in rates if name.endswith("_program")}
    settings.ACCOUNT_RATE_LIMITS = rates | programs


def test_wait_is_until_the_oldest_is_forgotten(settings: Any, student: User) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"export": "2/h/user"}
    request = RequestFactory().get("/")
    request.user = student
    found = []
    with time_machine.travel(NOW, tick=False) as clock:
        for _each in range(5):
            try:
                check_pace(request, "export")
                found.append(0)
            except TooOften as error:
                found.append(error.seconds)
            clock.shift(20 * 60)
    assert found == [0, 0, 20 * 60, 0, 0]


def refused(answer: Any) -> str:
    """What the page says, once it is known to be a refusal that says when."""
    content: str = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "Go on in 60 minutes" in content
    return content


@pytest.mark.usefixtures("once")
@time_machine.travel(NOW, tick=False)
def test_forms_show_again_what_was_written(
    classroom: Classroom, instructor: User, student: User, outsider: User, client_of: ClientOf
) -> None:
    note = note_create(student, lesson_create(classroom), kind="note", body="A note.")
    reader, teacher, stranger = map(client_of, (student, instructor, outsider))
    edit = reverse("notes:edit", args=[note.public_id])
    card = reverse("review:card-create")
    invite = reverse("classrooms:invite", args=[classroom.public_id])
    for client, address, fields, shown in (
        (reader, edit, {"kind": "note", "body": WORDS, "audience": "private"}, WORDS),
        (reader, card, {"front": "Who?", "back": WORDS}, WORDS),
        (teacher, invite, {"email": "new@quaid.example", "role": "student"}, "new@quaid.example"),
        (stranger, reverse("classrooms:join"), {"code": "ACDEFGHJ"}, "ACDEFGHJ"),
    ):
        assert client.post(address, fields).status_code in {200, 302}
        assert shown in refused(client.post(address, fields))
    assert ReviewCard.objects.count() == 1
    # The right code is refused as well: nobody learns by it that it was right.
    refused(stranger.post(reverse("classrooms:join"), {"code": code_of(classroom)}))


@pytest.mark.usefixtures("once")
def test_a_debate_s_drafts_and_searches_have_limits_of_their_own(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor)
    join(run, student)
    client = client_of(student)
    ids = [classroom.public_id, run.public_id]
    with time_machine.travel(during("arguing"), tick=False):
        draft = reverse("debates:draft", args=ids)
        assert client.post(draft, {"text": "First."}).status_code == 200
        told = client.post(draft, {"text": "Second."})
        assert (told.status_code, told.content.decode()[:10]) == (429, "That was a")
        assert Draft.objects.get().text == "First."
        argue = reverse("debates:argue", args=ids)
        form = {"text": WORDS, "draft": "1", "is_own_reasoning": "1"}
        assert WORDS in refused(client.post(argue, form))
        sources = reverse("debates:sources", args=ids)
        assert client.get(sources, {"q": "Khan"}).status_code == 200
        refused(client.get(sources, {"q": "Khan"}))


@pytest.mark.usefixtures("once")
@time_machine.travel(NOW, tick=False)
def test_files_are_refused_by_a_page(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    """All of them by one limit."""
    ids = [classroom.public_id]
    reader, teacher = client_of(student), client_of(instructor)
    assert reader.get(reverse("notes:export")).status_code == 200
    refused(reader.get(reverse("review:export")))
    assert teacher.get(reverse("grades:export-csv", args=ids)).status_code == 200
    refused(teacher.get(reverse("grades:export-xlsx", args=ids)))
    add = reverse("review:missed-add")
    assert reader.post(add).status_code == 302
    refused(reader.post(add))


@pytest.mark.usefixtures("once")
@time_machine.travel(NOW, tick=False)
def test_webhooks_are_made_and_tried_so_often(
    school: School, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    add = reverse("admin:integrations_webhookendpoint_add")
    fields = {"school": school.pk, "url": "https://lms.example/a", "kinds": "[]"}
    assert client.post(add, fields).status_code == 302
    again = client.post(add, {**fields, "url": "https://lms.example/b"}).content.decode()
    assert "Go on in 60 minutes" in again
    assert 'value="https://lms.example/b"' in again
    endpoint = WebhookEndpoint.objects.get()
    listed = reverse("admin:integrations_webhookendpoint_changelist")
    chosen = {"action": "test_send", "_selected_action": [endpoint.pk]}
    for _each in range(2):
        shown = client.post(listed, chosen, follow=True).content.decode()
    assert "Go on in 60 minutes" in shown
    assert endpoint.deliveries.count() == 1
