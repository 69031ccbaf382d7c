"""The outline and the map at any size, and what is new in them."""

import gzip
from typing import Any

import pytest
import time_machine

from apps.accounts.models import User
from apps.debates import services
from apps.debates.models import Argument, DebateRun
from tests.debates.factories import WORDS, during, join, post
from tests.debates.views.pages import CANARY, ClientOf, address, page, send
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_outline_costs_as_many_queries_for_hundreds_as_for_one(
    run: DebateRun,
    student: User,
    classmate: User,
    client_of: ClientOf,
    django_assert_num_queries: Any,
) -> None:
    author = join(run, student)
    argument = post(author)
    client = client_of(classmate)
    join(run, classmate)
    for count in (1, 300):
        Argument.objects.bulk_create(
            Argument(
                run=run,
                parent=argument,
                author=author,
                relation="support",
                text=WORDS,
                html=f"<p>{WORDS}</p>",
                words=9,
                posted_at=NOW,
            )
            for _each in range(count - 1)
        )
        post(author, argument)
        # session, user, class and enrolment, run, its phases, participant; what the viewer is
        # told of each; after a write also the tree, its arguments and their evidence
        for expected in (10, 7):
            moment = time_machine.travel(during("arguing"), tick=False)
            with moment, django_assert_num_queries(expected):
                answer = client.get(address("run", run))
    # 60 of 301 at first; more where asked.
    assert answer.content.decode().count("<article") == 60
    assert "242 more" in answer.content.decode()
    assert len(gzip.compress(answer.content)) < 30_000


def test_the_rest_of_a_branch_is_a_page_and_a_fragment(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    author = join(run, student)
    top = post(author)
    answers = [post(author, top, text=f"{WORDS} Number {number}.") for number in range(64)]
    join(run, classmate)
    client = client_of(classmate)
    first = page(client, address("run", run))
    assert "Number 58." in first
    assert "Number 59." not in first
    query = f"?under={top.public_id}&after={answers[58].pk}"
    rest = page(client, address("branch", run) + query)
    with time_machine.travel(during("arguing"), tick=False):
        fragment = client.get(
            address("branch", run) + query, headers={"X-Requested-With": "fetch"}
        ).content.decode()
    for text in (rest, fragment):
        assert "Number 58." not in text
        assert "Number 63." in text
    assert fragment.strip().startswith("<li")
    assert "</html>" in rest


def test_map_draws_every_argument_without_words_or_names(
    run: DebateRun,
    student: User,
    classmate: User,
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    student.display_name = CANARY
    student.save()
    author = join(run, student)
    top = post(author)
    for _each in range(3):
        post(author, top, text=f"{WORDS} {CANARY}")
    join(run, classmate)
    client = client_of(classmate)
    with django_assert_max_num_queries(9):
        drawn = page(client, address("map", run))
    assert drawn.count("map__dot ") == 4
    assert "2, support to 1, For" in drawn
    assert CANARY not in drawn


def test_an_argument_is_led_to_wherever_it_stands(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    author = join(run, student)
    top = post(author)
    deep = [post(author, top, text=f"{WORDS} Number {number}.") for number in range(61)][-1]
    join(run, classmate)
    client = client_of(classmate)
    for argument, name in ((top, "run"), (deep, "branch")):
        with time_machine.travel(during("arguing"), tick=False):
            found = client.get(address("argument", run, argument), follow=True)
        assert found.request["PATH_INFO"] == address(name, run)
        assert f'id="argument-{argument.public_id}"' in found.content.decode()
    # What is written or rated there is where its author comes back to.
    rated = send(client, address("rate", run, deep), strength=4)
    assert rated.url.endswith(
        f"?after={deep.pk - 1}&under={top.public_id}#argument-{deep.public_id}"
    )
    late = send(client, address("argue", run), text=WORDS, is_own_reasoning="on")
    assert late.url == f"{address('run', run)}#argument-{Argument.objects.latest('pk').public_id}"


def test_news_tell_where_something_was_written_and_not_what_or_by_whom(
    run: DebateRun, student: User, classmate: User, instructor: User, client_of: ClientOf
) -> None:
    author = join(run, student)
    top = post(author)
    join(run, classmate)
    client = client_of(classmate)
    assert f'data-after="{top.pk}"' in page(client, address("run", run))
    new, hidden = (post(author, top, text=f"{WORDS} {CANARY}") for _each in range(2))
    services.argument_moderate(
        argument=hidden, kind="hide", reason="Why", actor=instructor, now=during("arguing")
    )
    with time_machine.travel(during("arguing"), tick=False):
        told, known = (
            client.get(f"{address('news', run)}?after={key}").json() for key in (top.pk, hidden.pk)
        )
    assert told["new"] == [
        {
            "id": str(new.public_id),
            "name": "2, support to 1, For",
            "url": address("argument", run, new),
        }
    ]
    assert (known["new"], known["newest"]) == ([], hidden.pk)


def test_every_write_is_news(
    run: DebateRun, student: User, classmate: User, instructor: User, client_of: ClientOf
) -> None:
    author, reader = join(run, student), join(run, classmate)
    argument = post(author)
    told = []
    now = during("arguing")
    for act in (
        lambda: None,
        lambda: services.argument_rate(argument=argument, participant=reader, strength=4, now=now),
        lambda: services.argument_mark_moved(
            argument=argument, participant=reader, is_moved=True, now=now
        ),
        lambda: services.argument_edit(
            argument=argument, participant=author, text=f"{WORDS} Again.", revision=1, now=now
        ),
        lambda: services.argument_moderate(
            argument=argument, kind="hide", reason="Why", actor=instructor, now=now
        ),
        lambda: post(author),
    ):
        act()
        told.append(page(client_of(classmate), address("news", run)))
    assert len(set(told)) == len(told)
