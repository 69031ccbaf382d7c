"""The demo's class: a debate in the middle of its days, written as the product writes it."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Course
from apps.debates import selectors as debates
from apps.debates.models import Argument, Evidence, Participant, Rating
from apps.demo import selectors, services

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture(autouse=True)
def embedded(settings: Settings) -> None:
    settings.EMBEDDED = True


@pytest.fixture
def classroom(bundled: Course, now: datetime) -> Classroom:
    services.demo_accounts_create(is_loopback=True, now=now)
    made = services.demo_class_create(now=now)
    assert made is not None
    return made


def test_demo_class_argues_from_sources_and_is_made_once(
    classroom: Classroom, now: datetime, client_of: ClientOf
) -> None:
    assert services.demo_class_create(now=now + timedelta(days=1)) is None
    (run,) = classroom.debate_runs.all()
    teacher = selectors.people_by_name()["Ayesha Khan"]
    assert debates.seat_of(run, teacher, is_staff=True, now=now).phase == "arguing"
    assert Participant.objects.filter(run=run).count() == 3
    kinds = Counter(Argument.objects.values_list("relation", flat=True))
    assert kinds == {"opening": 2, "rebuttal": 3, "concession": 1, "question": 2}
    assert Evidence.objects.count() == 7
    quoted = Evidence.objects.exclude(quotation="")
    assert [piece.is_quotation_found for piece in quoted] == [True]
    assert Rating.objects.count() == 8
    assert [len(each.reports) for each in debates.reported(run)] == [1]
    place = [classroom.public_id, run.public_id]
    with time_machine.travel(now, tick=False):
        for person, name in (("Bilal Ahmed", "run"), ("Ayesha Khan", "moderation")):
            client = client_of(selectors.people_by_name()[person])
            answer = client.get(reverse(f"debates:{name}", args=place))
            assert answer.status_code == 200, name
            assert "Have you read the Charter" in answer.content.decode(), name


def test_people_of_a_class_can_be_taken_away(classroom: Classroom, now: datetime) -> None:
    """What others' work hangs on stays, with no name, no address and no way in."""
    emails = [person.email for person in selectors.PEOPLE]
    assert services.demo_accounts_delete(now=now) == emails
    assert not selectors.demo_accounts_exist()
    left = User.objects.filter(enrolments__classroom=classroom).distinct()
    assert left.count() == 4
    for user in left:
        assert (user.display_name, user.is_active, user.is_staff) == ("", False, False)
        assert not user.has_usable_password()
        assert not EmailAddress.objects.filter(user=user).exists()
    assert Argument.objects.count() == 8
