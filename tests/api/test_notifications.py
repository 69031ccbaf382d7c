"""What one is told of over the API: what the page tells, to nobody else, and no more of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.grades import services as grades
from apps.notifications import services
from apps.notifications.models import Notification, Preference, Rhythm
from tests.api.conftest import personal_create, program_create
from tests.api.debates.asking import send
from tests.factories import NOW
from tests.notifications.factories import LATER, grade_release

pytestmark = pytest.mark.django_db
NOTICES = "/api/v1/notifications"
PREFERENCES = f"{NOTICES}/preferences"


@pytest.fixture
def client(student: User) -> Client:
    return personal_create(student)


def tell(classroom: Classroom, instructor: User, student: User, *titles: str) -> list[Any]:
    """The columns that are released, in their order, and the worker has told of them."""
    found = [
        grade_release(
            classroom, instructor, student, title=title, now=NOW + timedelta(seconds=place)
        )
        for place, title in enumerate(titles)
    ]
    services.events_tell(now=LATER)
    return found


def listed(client: Client, **query: str) -> list[Any]:
    found: list[Any] = client.get(NOTICES, query).json()["results"]
    return found


def test_what_the_page_tells_is_told_and_marked_as_read(
    client: Client, classroom: Classroom, instructor: User, student: User
) -> None:
    first, second = tell(classroom, instructor, student, "Essay", "Talk")
    told = listed(client)
    assert [(row["text"], row["read_at"]) for row in told] == [
        ("Your grade for “Essay” is out.", None),
        ("Your grade for “Talk” is out.", None),
    ]
    assert listed(client, ordering="-happened_at", fields="id") == [
        {"id": row["id"]} for row in reversed(told)
    ]
    place = f"{NOTICES}/{told[0]['id']}"
    assert client.get(place).json() == told[0]
    read = [send(client, "post", f"{place}/read").json() for _each in range(2)]
    assert read[0] == read[1] == {**told[0], "read_at": read[0]["read_at"]}
    assert read[0]["read_at"] is not None
    assert [row["id"] for row in listed(client, is_read="false")] == [told[1]["id"]]
    # Held again: it says nothing, and nobody is told that there is something to hear.
    grades.item_hold(item=second, actor=instructor, now=LATER)
    assert [row["id"] for row in listed(client)] == [told[0]["id"]]
    silent, missing = f"{NOTICES}/{told[1]['id']}", f"{NOTICES}/{uuid4()}"
    assert client.get(silent).status_code == 404
    assert client.get(silent).content == client.get(missing).content
    assert send(client, "post", f"{silent}/read").status_code == 404
    assert first.title == "Essay"


def test_all_up_to_a_moment_is_read_and_what_came_later_is_not(
    client: Client, classroom: Classroom, instructor: User, student: User
) -> None:
    tell(classroom, instructor, student, "Essay", "Talk")
    until = {"until": NOW.isoformat()}
    counts = [send(client, "post", f"{NOTICES}/read", until).json()["count"] for _each in range(2)]
    assert counts == [1, 0]
    assert ["Talk" in row["text"] for row in listed(client, is_read="false")] == [True]
    assert send(client, "post", f"{NOTICES}/read", {"until": "now"}).status_code == 400


def test_program_hears_and_settles_what_is_of_its_own_school(
    classroom: Classroom, instructor: User, student: User, school: School, other_school: School
) -> None:
    tell(classroom, instructor, student, "Essay")
    own, foreign = program_create(school, student), program_create(other_school, student)
    (row,) = listed(own)
    assert listed(foreign) == []
    assert foreign.get(f"{NOTICES}/{row['id']}").status_code == 404
    assert send(foreign, "post", f"{NOTICES}/{row['id']}/read").status_code == 404
    until = {"until": LATER.isoformat()}
    assert send(foreign, "post", f"{NOTICES}/read", until).json() == {"count": 0}
    assert send(own, "post", f"{NOTICES}/read", until).json() == {"count": 1}


def test_how_one_is_told_is_changed_as_it_was_seen(client: Client, student: User) -> None:
    seen = client.get(PREFERENCES)
    assert {each["kind"] for each in seen.json()["kinds"]} >= {"grade", "reply"}
    grade = {"kind": "grade", "in_site": True, "by_email": False}
    wish = {"frequency": "daily", "hour": 7, "kinds": [grade]}
    assert send(client, "patch", PREFERENCES, wish).status_code == 428
    tag = seen.headers["ETag"]
    changed = send(client, "patch", PREFERENCES, wish, if_match=tag)
    assert (changed.status_code, changed.json()["hour"], changed.json()["weekday"]) == (200, 7, 6)
    assert grade in changed.json()["kinds"]
    assert client.get(PREFERENCES).headers["ETag"] == changed.headers["ETag"]
    assert send(client, "patch", PREFERENCES, wish, if_match=tag).status_code == 412
    rhythm, preference = Rhythm.objects.get(user=student), Preference.objects.get(user=student)
    assert (rhythm.frequency, preference.kind, preference.by_email) == ("daily", "grade", False)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"frequency": "hourly"}, "frequency"),
        ({"hour": 24}, "hour"),
        ({"weekday": -1}, "weekday"),
        ({"kinds": [{"kind": "grade", "in_site": True}]}, "kinds.0.by_email"),
        # A student is told of no marking; nothing is named twice.
        ({"kinds": [{"kind": "marking", "in_site": True, "by_email": True}]}, "kinds.0.kind"),
        ({"kinds": [{"kind": "grade", "in_site": True, "by_email": True}] * 2}, "kinds.1.kind"),
        ({"user": 1}, "user"),
    ],
)
def test_wish_that_cannot_be_is_refused(client: Client, wish: dict[str, Any], field: str) -> None:
    refused = send(client, "patch", PREFERENCES, wish, if_match="*")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert not Rhythm.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_whatever_its_length(
    count: int,
    classroom: Classroom,
    instructor: User,
    student: User,
    client_of: Callable[[User], Client],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    tell(classroom, instructor, student, *(f"Talk {each}" for each in range(count)))
    client = client_of(student)
    # Session, user, count of requests; the page, its rows, the classes, the grades they are of.
    with django_assert_num_queries(7):
        assert len(listed(client)) == count
    Notification.objects.filter(recipient=student).update(detail="x", subject_id=uuid4())
    page = client.get(NOTICES, {"page_size": "1"}).json()
    assert (page["results"], page["next"] is None) == ([], count == 1)  # short, and not the end
