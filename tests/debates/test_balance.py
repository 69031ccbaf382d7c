"""What students are told waits for an answer, and motions that a school writes for itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content import services as content_services
from apps.debates import selectors, services
from apps.debates.errors import DebateInUse, InvalidDebate
from apps.debates.models import Argument, Debate, DebateRun, Participant
from apps.debates.selectors import Balance
from tests.content.factories import KHAN
from tests.debates.factories import (
    WORDS,
    during,
    join,
    motion_write,
    post,
    run_create,
    windows,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
CANARY = "zanzibar"


def address(name: str, run: DebateRun) -> str:
    return reverse(f"debates:{name}", args=[run.classroom.public_id, run.public_id])


def balance(run: DebateRun, person: User) -> Balance:
    seat = selectors.seat_of(run, person, is_staff=False, now=during("arguing"))
    assert seat.participant is not None
    return selectors.balance_of(seat, seat.participant)


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    return run_create(classroom, instructor, is_anonymous=True)


@pytest.fixture
def author(run: DebateRun, student: User) -> Participant:
    return join(run, student)


def rate(argument: Argument, reader: Participant, strength: int) -> None:
    services.argument_rate(
        argument=argument, participant=reader, strength=strength, now=during("arguing")
    )


def test_strong_arguments_wait_until_they_are_rebutted(
    run: DebateRun, author: Participant, classmate: User, instructor: User
) -> None:
    reader = join(run, classmate, value=-2, key="against")
    weak, strong, locked, answered, hidden = (
        post(author, text=f"{WORDS} Number {number}.") for number in range(5)
    )
    rate(weak, reader, 2)
    rate(strong, reader, 5)
    post(reader, answered)
    post(author, strong, relation="question")
    for argument, kind in ((locked, "lock"), (hidden, "hide")):
        services.argument_moderate(
            argument=argument, kind=kind, reason="Why", actor=instructor, now=NOW
        )
    waiting = balance(run, classmate).unanswered
    assert [(each.public_id, each.strength, each.side) for each in waiting] == [
        (strong.public_id, 5.0, "For"),
        (weak.public_id, 2.0, "For"),
    ]
    own = balance(run, author.user).unanswered
    assert [each.strength for each in own] == [None]  # the rebuttal of the classmate


def test_sides_that_few_argue_for_are_named_with_what_to_support(
    run: DebateRun, author: Participant, classmate: User
) -> None:
    reader = join(run, classmate, value=-2, key="against")
    for _each in range(3):
        post(author)
    alone = balance(run, author.user).thin
    assert [(side.label, side.count, side.is_own, side.strongest) for side in alone] == [
        ("Against", 0, False, None)
    ]
    lonely = post(reader)
    assert [(side.count, side.strongest) for side in balance(run, author.user).thin] == [
        (1, lonely.public_id)
    ]
    assert [side.is_own for side in balance(run, classmate).thin] == [True]


def test_page_of_what_waits_links_to_answers_and_names_nobody(
    run: DebateRun, author: Participant, classmate: User, client_of: ClientOf
) -> None:
    author.user.display_name = CANARY
    author.user.save()
    argument = post(author)
    join(run, classmate)
    with time_machine.travel(during("arguing"), tick=False):
        client = client_of(classmate)
        answers = [
            client.get(address("balance", run), headers=headers).content.decode()
            for headers in ({}, {"X-Requested-With": "fetch"})
        ]
        entrance = client.get(address("run", run)).content.decode()
    answer = reverse(
        "debates:answer", args=[run.classroom.public_id, run.public_id, argument.public_id]
    )
    for text in answers:
        assert answer in text
        assert CANARY not in text
    assert address("balance", run) in entrance
    assert ["</html>" in text for text in answers] == [True, False]


def test_nothing_waits_for_who_may_not_see_it_yet(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor, posts_first=True)
    post(join(run, student), text=f"{WORDS} {CANARY}")
    join(run, classmate)
    assert balance(run, classmate) == Balance([], [])
    with time_machine.travel(during("arguing"), tick=False):
        text = client_of(classmate).get(address("balance", run)).content.decode()
        entrance = client_of(classmate).get(address("run", run)).content.decode()
    assert CANARY not in text
    assert address("balance", run) not in entrance


@pytest.mark.parametrize("count", [1, 30])
def test_what_waits_costs_three_queries(
    count: int, run: DebateRun, author: Participant, classmate: User, django_assert_num_queries: Any
) -> None:
    join(run, classmate)
    for _each in range(count):
        post(author)
    seat = selectors.seat_of(run, classmate, is_staff=False, now=during("arguing"))
    assert seat.participant is not None
    with django_assert_num_queries(3):  # the tree without words, the sides, the words of a few
        selectors.balance_of(seat, seat.participant)


def test_motion_of_a_school_is_offered_to_its_own_classes_alone(
    classroom: Classroom, foreign_classroom: Classroom, instructor: User
) -> None:
    foreign_classroom.course = classroom.course
    foreign_classroom.save()
    motion = motion_write(classroom, instructor)
    assert [side.label for side in motion.sides.all()] == ["Ours", "Theirs"]
    assert list(selectors.debates_offered(classroom)) == [motion]
    assert list(selectors.debates_offered(foreign_classroom)) == []
    # An address of its own is free for the course, and for another school.
    course_own = services.debate_save(
        debate=Debate(course=classroom.course, motion=motion.motion), editor=None, now=NOW
    )
    assert course_own.slug == motion.slug


def test_motion_that_a_class_holds_keeps_its_words(
    classroom: Classroom, foreign_classroom: Classroom, instructor: User
) -> None:
    motion = motion_write(classroom, instructor)
    given: dict[str, Any] = {
        "motion": "Another?",
        "background": "",
        "labels": ("", ""),
        "actor": instructor,
        "now": NOW,
    }
    services.debate_write(debate=motion, classroom=classroom, **given)
    with pytest.raises(InvalidDebate):
        services.debate_write(debate=motion, classroom=foreign_classroom, **given)
    with pytest.raises(InvalidDebate):
        services.debate_write(debate=None, classroom=classroom, **{**given, "motion": " "})
    services.run_open(
        debate=motion, classroom=classroom, windows=windows(), actor=instructor, now=NOW
    )
    with pytest.raises(DebateInUse):
        services.debate_write(debate=motion, classroom=classroom, **given)


def test_instructor_writes_a_motion_and_sets_it(
    classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    sent = {
        "motion": "Whose is it?",
        "background": "*Here*",
        "label_for": "",
        "label_against": "No",
    }
    answer = client.post(reverse("debates:motion-write", args=[classroom.public_id]), sent)
    debate = Debate.objects.get()
    assert answer.headers["Location"] == reverse(
        "debates:run-create", args=[classroom.public_id, debate.public_id]
    )
    assert (debate.school, debate.background_html.strip()) == (
        classroom.school,
        "<p><em>Here</em></p>",
    )
    assert [side.label for side in debate.sides.all()] == ["For", "No"]
    edit = reverse("debates:motion-edit", args=[classroom.public_id, debate.public_id])
    assert (
        edit
        in client.get(reverse("debates:run-choose", args=[classroom.public_id])).content.decode()
    )
    assert client.get(edit).context["form"].initial["label_against"] == "No"
    client.post(edit, sent | {"motion": "Whose was it?"})
    debate.refresh_from_db()
    assert debate.motion == "Whose was it?"


@pytest.mark.parametrize("is_shared", [True, False])
def test_model_openings_are_for_students_at_the_end_and_where_the_rules_say_so(
    is_shared: bool, classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor, shows_openings=is_shared)
    run.debate.sides.update(opening_html=f"<p>{CANARY}</p>")
    join(run, student)

    def has_canary(person: User, days: int) -> bool:
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            return CANARY in client_of(person).get(address("sides", run)).content.decode()

    assert has_canary(student, 4) is False
    assert has_canary(student, 6) is is_shared
    assert has_canary(instructor, 1) is True


def test_corrected_title_shows_in_arguments_that_are_drawn_already(
    run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    work = run.classroom.course.references.get(key="khan1961")
    post(author, sources=[services.Source(reference=work)])
    client = client_of(author.user)
    with time_machine.travel(during("arguing"), tick=False):
        assert "Khan (1961)" in client.get(address("run", run)).content.decode()
    csl = KHAN | {"author": [{"family": "Zanzibari", "given": "Z."}]}
    content_services.reference_save(
        reference=work, fields={"csl": csl}, editor=None, now=during("arguing")
    )
    with time_machine.travel(during("arguing"), tick=False):
        text = client.get(address("run", run)).content.decode()
    assert "Zanzibari (1961)" in text
    assert "Khan (1961)" not in text


def test_removed_words_leave_the_memory_of_the_process(
    run: DebateRun,
    author: Participant,
    instructor: User,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:
    argument = post(author, text=f"{WORDS} {CANARY}")
    with time_machine.travel(during("arguing"), tick=False):
        for person in (author.user, instructor):
            client_of(person).get(address("run", run))
    store: Any = caches["fragments"]
    assert any(CANARY.encode() in kept for kept in store._cache.values())
    with django_capture_on_commit_callbacks(execute=True):
        services.argument_moderate(
            argument=argument, kind="remove", reason="Why", actor=instructor, now=NOW
        )
    assert not any(CANARY.encode() in kept for kept in store._cache.values())


def test_newer_drawing_takes_the_place_of_the_older(
    run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    argument = post(author, text=f"{WORDS} {CANARY}")
    client = client_of(author.user)
    store: Any = caches["fragments"]
    store.clear()  # of what other tests have drawn in this process
    with time_machine.travel(during("arguing"), tick=False):
        client.get(address("run", run))
        services.argument_edit(
            argument=argument, participant=author, text=WORDS, revision=1, now=during("arguing")
        )
        client.get(address("run", run))
    assert not any(CANARY.encode() in kept for kept in store._cache.values())


def test_sources_are_found_from_the_composer(
    run: DebateRun, author: Participant, client_of: ClientOf
) -> None:
    with time_machine.travel(during("arguing"), tick=False):
        client = client_of(author.user)
        text = client.get(address("sources", run), {"q": "khan1961"}).content.decode()
        nothing = client.get(address("sources", run)).content.decode()
        form = client.get(address("argue", run)).content.decode()
    assert 'data-kind="reference"' in text
    assert 'data-value="khan1961"' in text
    assert "role=" not in nothing
    assert form.count(f'data-finder="{address("sources", run)}"') == 3
    assert 'name="e0-reference"' in form
