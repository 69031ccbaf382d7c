"""Who is shown what: before a stance, without names, and once it is taken down."""

import pytest
import time_machine

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.enums import ArgumentState
from apps.debates.models import DebateRun
from tests.debates.factories import WORDS, during, join, post, run_create
from tests.debates.views.pages import CANARY, ClientOf, address, page, send
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_nothing_is_seen_before_the_opening_stance(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    argument = post(join(run, student), text=f"{WORDS} {CANARY}")
    client = client_of(classmate)
    for url in (address("run", run), address("stance", run)):
        assert CANARY not in page(client, url)
    with time_machine.travel(during("arguing"), tick=False):
        for name in ("answer", "report", "edit", "withdraw", "rate", "moved"):
            assert client.get(address(name, run, argument)).status_code == 404
            assert client.post(address(name, run, argument)).status_code == 404
        for name in ("argue", "closing"):
            assert client.get(address(name, run)).status_code == 404


def test_who_posts_first_sees_nothing_of_others_before(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor, posts_first=True)
    post(join(run, student), text=f"{WORDS} {CANARY}")
    reader = join(run, classmate)
    client = client_of(classmate)
    for name, kind in (("run", "arguing"), ("argue", "arguing"), ("closing", "closing")):
        assert CANARY not in page(client, address(name, run), kind)
    draft = send(client, address("argue", run), text=f"{WORDS} {CANARY} x", draft=1)
    assert draft.context["likes"] == []
    post(reader)
    assert CANARY in page(client, address("run", run))


@pytest.mark.parametrize("kind", ["hide", "remove"])
def test_what_is_taken_down_is_gone_from_all_a_classmate_fetches(
    kind: str,
    run: DebateRun,
    instructor: User,
    student: User,
    classmate: User,
    client_of: ClientOf,
) -> None:
    argument = post(join(run, student), text=f"{WORDS} {CANARY}")
    reply = post(join(run, classmate), argument)
    services.argument_moderate(
        argument=argument, kind=kind, reason="A reason to read", actor=instructor, now=NOW
    )
    client = client_of(classmate)
    for url in (
        address("run", run),
        address("edit", run, reply),
        address("withdraw", run, reply),
    ):
        assert CANARY not in page(client, url)
    assert CANARY not in page(client, address("closing", run), "closing")
    own = page(client_of(student), address("run", run))
    assert "A reason to read" in own
    assert (CANARY in own) == (kind == "hide")


def test_anonymous_run_gives_no_name_to_classmates(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor, is_anonymous=True)
    author = join(run, student)
    post(author)
    join(run, classmate)
    seen = page(client_of(classmate), address("run", run))
    assert f"Participant {author.number}" in seen
    assert student.display_name not in seen
    assert str(student.public_id) not in seen
    assert student.display_name in page(client_of(instructor), address("run", run))


@pytest.mark.parametrize("name", ["branch", "news", "map"])
def test_nothing_of_the_tree_is_told_before_the_stance(
    name: str, run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    post(join(run, student))
    client = client_of(classmate)
    with time_machine.travel(during("arguing"), tick=False):
        assert client.get(address(name, run)).status_code == 404
        join(run, classmate)
        assert client.get(address(name, run)).status_code == 200


def test_what_was_kept_for_one_is_not_shown_to_another(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    """The staff look first, and what is drawn for them holds names and hidden text."""
    run = run_create(classroom, instructor, is_anonymous=True)
    student.display_name = CANARY
    student.save()
    hidden = post(join(run, student), text=f"{WORDS} Unspeakable.")
    join(run, classmate)
    services.argument_moderate(
        argument=hidden, kind="hide", reason="Why", actor=instructor, now=NOW
    )
    staff = page(client_of(instructor), address("run", run))
    own = page(client_of(student), address("run", run))
    other = page(client_of(classmate), address("run", run))
    assert CANARY in staff
    assert "Unspeakable." in staff
    assert "Unspeakable." in own
    assert CANARY not in other
    assert "Unspeakable." not in other


def test_withdrawn_argument_leaves_a_marker(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    argument = post(join(run, student), text=f"{WORDS} {CANARY}")
    join(run, classmate)
    send(client_of(student), address("withdraw", run, argument))
    argument.refresh_from_db()
    assert argument.state == ArgumentState.WITHDRAWN
    assert CANARY not in page(client_of(classmate), address("run", run))
