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
from apps.grades.models import CurrentGrade
from apps.learning import selectors as learning
from apps.notes.models import Note
from apps.teaching import selectors as teaching

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
    """They are erased: what others answered stays, with no name, no address and no way in."""
    emails = [person.email for person in selectors.PEOPLE]
    assert services.demo_accounts_delete(now=now) == emails
    assert not selectors.demo_accounts_exist()
    assert services.demo_accounts_delete(now=now) == []
    for user in User.objects.all():
        known = (user.is_erased, user.display_name, user.is_active)
        assert known == (True, "Former participant", False)
        assert not user.has_usable_password()
        assert not EmailAddress.objects.filter(user=user).exists()
    assert Argument.objects.filter(children__isnull=False).exists()


def test_demo_class_has_read_marked_and_answered(classroom: Classroom, now: datetime) -> None:
    teacher = selectors.people_by_name()["Ayesha Khan"]
    heat = teaching.heat_map(classroom)
    first = heat.lines[0].warmth
    assert (heat.students, first.read) == (3, 1.0)
    assert max(line.warmth.confused for line in heat.lines) == 2
    # A sentence is marked, and not the heading above it.
    marked = set(Note.objects.filter(kind="confused").values_list("exact", flat=True))
    assert "A good article tells its readers where it is going." in marked
    assert max(line.warmth.cited for line in heat.lines) == 2
    (assignment,) = classroom.assignments.all()
    grades = CurrentGrade.objects.filter(item=assignment.grade_item).order_by("student__email")
    assert [0 < (grade.points or 0) < 100 for grade in grades] == [True, True]
    (card,) = teaching.home_of(teacher, now).cards
    assert [duty.count for duty in card.duties][-2:] == [1, 3]  # a report, arguments without source
    (course,) = learning.progress_of(selectors.people_by_name()["Daria Sokolova"])
    assert course.read_count == 0  # no check-up was tried
    assert course.touched_at == now - timedelta(days=1)
