"""After the arguing: reflection, reviews by classmates, and marks once they are released."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.enums import Criterion
from apps.debates.errors import InvalidDebate, PhaseClosed
from apps.debates.models import DebateRun, Participant, PeerReview, Reflection
from apps.debates.services import Mark
from apps.grades.models import GradeItem
from apps.grades.services import item_release
from tests.classrooms.factories import students_add
from tests.debates.factories import during, join, post, run_create
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
CANARY = "zanzibarcanary"
LEVELS = dict.fromkeys(map(str, Criterion), 3)
THEN = during("reflecting")


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    return run_create(classroom, instructor, peer_reviews_owed=2, is_anonymous=True)


@pytest.fixture
def author(run: DebateRun, student: User) -> Participant:
    return join(run, student)


def crowd(run: DebateRun, count: int) -> list[Participant]:
    assert run.opened_by is not None
    students = students_add(run.classroom, count, actor=run.opened_by)
    people = [join(run, student) for student in students]
    for person in people:
        post(person)
    return people


def read(client: Client, name: str, run: DebateRun, *more: object, kind: str) -> str:
    ids = [run.classroom.public_id, run.public_id, *more]
    with time_machine.travel(during(kind), tick=False):
        return client.get(reverse(f"debates:{name}", args=ids)).content.decode()


def test_reviews_are_dealt_evenly_and_never_of_oneself(run: DebateRun, author: Participant) -> None:
    """The author has taken a stance and not argued: they review, and are not reviewed."""
    people = [author, *crowd(run, 6)]
    for person in people:
        services.reviews_deal(participant=person, now=THEN)
        services.reviews_deal(participant=person, now=THEN)  # asking again deals no more
    reviews = list(PeerReview.objects.all())
    assert set(Counter(each.reviewer_id for each in reviews).values()) == {2}
    received = Counter(each.reviewed_id for each in reviews)
    assert author.pk not in received
    assert sorted(received.values()) == [2, 2, 2, 2, 3, 3]
    assert all(each.reviewer_id != each.reviewed_id for each in reviews)


def test_who_has_not_argued_is_not_reviewed(run: DebateRun, author: Participant) -> None:
    others = crowd(run, 1)
    assert services.reviews_deal(participant=others[0], now=THEN) == []
    assert [each.reviewed for each in services.reviews_deal(participant=author, now=THEN)] == others


def test_reflecting_waits_for_its_phase(run: DebateRun, author: Participant) -> None:
    review = PeerReview.objects.create(reviewer=author, reviewed=crowd(run, 1)[0], dealt_at=NOW)
    for kind in ("arguing", "closing"):
        now = during(kind)
        with pytest.raises(PhaseClosed):
            services.reflection_write(participant=author, text="So.", now=now)
        with pytest.raises(PhaseClosed):
            services.reviews_deal(participant=author, now=now)
        with pytest.raises(PhaseClosed):
            services.review_write(review=review, levels=LEVELS, comment="Good.", now=now)
    assert not Reflection.objects.exists()


@pytest.mark.parametrize(
    "levels", [{}, {**LEVELS, "claim": 5}, {**LEVELS, "claim": -1}, {**LEVELS, "more": 1}]
)
def test_review_with_wrong_levels_is_refused(
    run: DebateRun, author: Participant, levels: dict[str, int]
) -> None:
    review = PeerReview.objects.create(reviewer=author, reviewed=crowd(run, 1)[0], dealt_at=NOW)
    with pytest.raises(InvalidDebate):
        services.review_write(review=review, levels=levels, comment="Good.", now=THEN)
    review.refresh_from_db()
    assert (review.levels, review.written_at) == ({}, None)


def test_review_reaches_its_subject_without_a_name_when_the_reflection_is_over(
    run: DebateRun, author: Participant, instructor: User, client_of: ClientOf
) -> None:
    reviewer = crowd(run, 1)[0]
    reviewer.user.display_name = CANARY
    reviewer.user.save()
    post(author)
    review = services.reviews_deal(participant=reviewer, now=THEN)[0]
    services.review_write(review=review, levels=LEVELS, comment="Strong enough.", now=THEN)
    mine = client_of(author.user)
    assert "Strong enough." not in read(mine, "mine", run, kind="reflecting")
    with time_machine.travel(during("reflecting") + 2 * (during("closing") - during("rebutting"))):
        address = reverse("debates:mine", args=[run.classroom.public_id, run.public_id])
        page = mine.get(address).content.decode()
    assert "Strong enough." in page
    assert CANARY not in page
    ids = [author.public_id]
    assert CANARY in read(client_of(instructor), "assess", run, *ids, kind="reflecting")


def test_reviewer_knows_the_reviewed_by_number(
    run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    other = crowd(run, 1)[0]
    other.user.display_name = CANARY
    other.user.save()
    review = services.reviews_deal(participant=author, now=THEN)[0]
    client = client_of(author.user)
    for page in (
        read(client, "mine", run, kind="reflecting"),
        read(client, "review", run, review.public_id, kind="reflecting"),
    ):
        assert CANARY not in page
        assert f"Participant {other.number}" in page


def test_marks_are_read_once_they_are_released(
    run: DebateRun, author: Participant, instructor: User, client_of: ClientOf
) -> None:
    marks = {str(name): Mark(3, CANARY) for name in Criterion}
    services.scores_save(participant=author, marks=marks, marker=instructor, now=NOW)
    client = client_of(author.user)
    assert CANARY not in read(client, "mine", run, kind="closing")
    item_release(item=GradeItem.objects.get(source_id=run.public_id), actor=instructor, now=NOW)
    assert CANARY in read(client, "mine", run, kind="closing")


def test_reflection_is_kept_by_its_page_and_read_by_staff(
    run: DebateRun, author: Participant, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(author.user)
    address = reverse("debates:mine", args=[run.classroom.public_id, run.public_id])
    with time_machine.travel(THEN, tick=False):
        for text in ("First thought.", f"{CANARY} <script>alert(1)</script>"):
            assert client.post(address, {"text": text}).status_code == 302
    assert Reflection.objects.get().text.startswith(CANARY)
    page = read(client_of(instructor), "assess", run, author.public_id, kind="reflecting")
    assert CANARY in page
    assert "<script>alert" not in page


def test_dates_are_changed_whole_or_not_at_all(
    run: DebateRun, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    address = reverse("debates:dates", args=[run.classroom.public_id, run.public_id])
    form = client.get(address).context["form"]
    dates = {name: form[name].value().strftime("%Y-%m-%dT%H:%M") for name in form.fields}
    wrong = client.post(address, {**dates, "arguing_opens_at": dates["opening_opens_at"]})
    assert wrong.status_code == 200
    assert run.phases.count() == 5
    kept = {name: value for name, value in dates.items() if not name.startswith("reflecting")}
    assert client.post(address, kept).status_code == 302
    assert run.phases.count() == 4


def test_pace_of_writing_has_an_end_and_keeps_the_text(
    run: DebateRun, author: Participant, client_of: ClientOf, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"debate_write": "1/h/user"}
    client = client_of(author.user)
    address = reverse("debates:argue", args=[run.classroom.public_id, run.public_id])
    text = {"text": "Ten words that say little but say it at length, twice.", "is_own_reasoning": 1}
    with time_machine.travel(during("arguing"), tick=False):
        assert client.post(address, text).status_code == 302
        refused = client.post(address, text)
    assert refused.status_code == 429
    assert str(text["text"]) in refused.content.decode()
    assert author.arguments.count() == 1
