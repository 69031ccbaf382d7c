"""A debate through its pages."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.enums import ArgumentState, Relation
from apps.debates.errors import InvalidArgument
from apps.debates.models import Argument, Debate, DebateRun, Draft, Participant, Side
from apps.debates.services import Source
from apps.grades.models import GradeItem
from apps.grades.services import item_release
from tests.debates.factories import WORDS, debate_create, during, join, post, run_create
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
CANARY = "zanzibar"


def address(name: str, run: DebateRun, argument: Argument | None = None) -> str:
    ids = [run.classroom.public_id, run.public_id]
    return reverse(f"debates:{name}", args=ids + ([argument.public_id] if argument else []))


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    return run_create(classroom, instructor)


def page(client: Client, url: str, kind: str = "arguing") -> str:
    with time_machine.travel(during(kind), tick=False):
        return client.get(url).content.decode()


def send(client: Client, url: str, kind: str = "arguing", **data: Any) -> Any:
    with time_machine.travel(during(kind), tick=False):
        return client.post(url, data)


def test_a_whole_debate_from_prompt_to_released_marks(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    debate = debate_create(classroom)
    teacher, ayesha, bilal = map(client_of, (instructor, student, classmate))
    dates: dict[str, str] = {}
    for kind in ("opening", "arguing", "rebutting", "closing"):
        start = during(kind).strftime("%Y-%m-%dT00:00")
        dates |= {f"{kind}_opens_at": start, f"{kind}_closes_at": start.replace("T00:00", "T23:59")}
    rules: dict[str, Any] = {
        "evidence_rule": "labelled",
        "side_rule": "chosen",
        "min_words": 10,
        "max_words": 100,
        "arguments_owed": 1,
        "rebuttals_owed": 1,
        "peer_reviews_owed": 1,
    }
    made = send(
        teacher,
        reverse("debates:run-create", args=[classroom.public_id, debate.public_id]),
        **rules,
        **dates,
    )
    assert made.status_code == 302
    run = DebateRun.objects.get()
    sides = {side.key: side.pk for side in Side.objects.filter(debate=debate)}
    for client, key, value in ((ayesha, "for", 2), (bilal, "against", -1)):
        answer = send(
            client, address("stance", run), "opening", value=value, confidence=3, side=sides[key]
        )
        assert answer.status_code == 302
    send(ayesha, address("argue", run), text=f"{WORDS} {CANARY}", is_own_reasoning="on")
    opening = Argument.objects.get()
    assert CANARY in page(bilal, address("run", run))
    evidence = {"e0-url": "https://example.org/treaty", "e0-locator": "art. 2"}
    send(bilal, address("answer", run, opening), relation="rebuttal", text=WORDS, **evidence)
    rebuttal = Argument.objects.get(parent=opening)
    assert rebuttal.evidence.get().locator == "art. 2"
    send(ayesha, address("rate", run, rebuttal), strength=4)
    send(ayesha, address("moved", run, rebuttal), is_moved=1)
    rebuttal.refresh_from_db()
    assert (rebuttal.rating_sum, rebuttal.moved_count) == (4, 1)
    closed = send(
        ayesha,
        address("closing", run),
        "closing",
        value=-1,
        confidence=4,
        moved_by=str(rebuttal.public_id),
    )
    assert closed.status_code == 302
    marked = {f"{name}_level": 3 for name in ("claim", "evidence", "rebuttal", "concession")}
    author = Participant.objects.get(user=student)
    assess = reverse("debates:assess", args=[classroom.public_id, run.public_id, author.public_id])
    assert send(teacher, assess, "reflecting", **marked).status_code == 302
    mine = reverse("grades:mine", args=[classroom.public_id])
    assert run.motion not in ayesha.get(mine).content.decode()
    item = GradeItem.objects.get(source_kind="debate_run")
    item_release(item=item, actor=instructor, now=NOW)
    assert run.motion in ayesha.get(mine).content.decode()
    shown = page(teacher, address("results", run), "reflecting")
    assert "Of 1 who gave both stances, 0 moved towards the motion, 1 away from it" in shown


def test_class_page_says_which_debate_runs(
    run: DebateRun, student: User, client_of: ClientOf
) -> None:
    home = reverse("classrooms:classroom", args=[run.classroom.public_id])
    asked = 'class="activity__title" href="{}"'.format(address("run", run))
    assert asked in page(client_of(student), home)
    with time_machine.travel(during("reflecting") + timedelta(days=30), tick=False):
        assert asked not in client_of(student).get(home).content.decode()


@pytest.mark.parametrize(
    ("kind", "hours", "said"),
    [
        ("opening", -2, "It begins on 2 Mar 2026"),
        ("arguing", 0, "Arguments are taken until 4 Mar 2026"),
        ("reflecting", 24, "It is over"),
    ],
)
def test_pages_say_until_when_something_is_taken(
    kind: str, hours: int, said: str, run: DebateRun, student: User, client_of: ClientOf
) -> None:
    client = client_of(student)
    listed = reverse("debates:runs", args=[run.classroom.public_id])
    with time_machine.travel(during(kind) + timedelta(hours=hours), tick=False):
        for url in (address("run", run), listed):
            assert said in client.get(url).content.decode()


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


def test_draft_is_kept_and_similar_arguments_are_offered(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    argument = post(join(run, student))
    join(run, classmate)
    client = client_of(classmate)
    answer = send(client, address("argue", run), text=f"{WORDS} Indeed.", draft=1)
    assert answer.context["likes"] == [argument]
    assert Draft.objects.get().text == f"{WORDS} Indeed."
    assert "Indeed." in page(client, address("argue", run))


def test_refused_argument_keeps_what_was_written(
    run: DebateRun, student: User, client_of: ClientOf
) -> None:
    join(run, student)
    client = client_of(student)
    answer = send(client, address("argue", run), text="Too short, this.", is_own_reasoning="on")
    assert "Too short, this." in answer.content.decode()
    assert not Argument.objects.exists()


def test_evidence_with_two_sources_is_refused_at_its_field(
    run: DebateRun, student: User, client_of: ClientOf
) -> None:
    join(run, student)
    pieces = {"e0-url": "https://example.org", "e0-locator": "p. 2", "e1-quotation": "Alone"}
    answer = send(client_of(student), address("argue", run), text=WORDS, **pieces)
    assert answer.context["pieces"][1].errors
    assert not Argument.objects.exists()


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


def test_nobody_rebuts_themselves(run: DebateRun, student: User, client_of: ClientOf) -> None:
    own = post(join(run, student))
    client = client_of(student)
    form = page(client, address("answer", run, own))
    assert [form.count(f'value="{kind}"') for kind in Relation] == [0, 1, 0, 1, 1]
    said = {"relation": "rebuttal", "text": WORDS, "is_own_reasoning": "on"}
    assert send(client, address("answer", run, own), **said).status_code == 200
    with pytest.raises(InvalidArgument):
        post(own.author, own, relation=Relation.REBUTTAL)
    assert Argument.objects.count() == 1


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


def test_author_writes_a_motion_alone_in_the_admin(
    classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    form = client.get(reverse("admin:debates_debate_add")).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    data = {
        name: value for name, value in shown.items() if value is not None and value is not False
    }
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    answer = client.post(
        reverse("admin:debates_debate_add"),
        {
            **data,
            "course": classroom.course.pk,
            "motion": "Is a pipeline politics?",
            **{f"sides-{key}": value for key, value in inline.items()},
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    debate = Debate.objects.get()
    assert (debate.slug, debate.sides.count()) == ("is-a-pipeline-politics", 2)


def test_form_of_a_run_proposes_the_rules_of_its_debate(
    classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    debate = debate_create(classroom, rebuttals_owed=7, is_anonymous=True, side_rule="balanced")
    address = reverse("debates:run-create", args=[classroom.public_id, debate.public_id])
    client = client_of(instructor)
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert (shown["rebuttals_owed"], shown["is_anonymous"], shown["side_rule"]) == (
        7,
        True,
        "balanced",
    )
    sent = {name: value for name, value in shown.items() if not name.endswith("_at")} | {
        name: value.strftime("%Y-%m-%dT%H:%M")
        for name, value in shown.items()
        if name.endswith("_at")
    }
    assert client.post(address, sent).status_code == 302
    run = DebateRun.objects.get()
    assert (run.rebuttals_owed, run.phases.count()) == (7, 5)


def test_what_is_being_written_is_kept_and_likened(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    said = post(join(run, student), text=f"{WORDS} {CANARY}")
    reader = join(run, classmate)
    client = client_of(classmate)
    answer = send(client, address("draft", run), text=f"{WORDS} {CANARY}", relation="opening")
    assert answer.status_code == 200
    assert str(said.public_id) in answer.content.decode()
    assert Draft.objects.get().participant == reader
    under = {"under": str(said.public_id), "relation": "rebuttal"}
    assert "<li" not in send(client, address("draft", run), text="Else?", **under).content.decode()
    assert sorted(Draft.objects.values_list("text", "parent")) == [
        ("Else?", said.pk),
        (f"{WORDS} {CANARY}", None),
    ]
    for wrong in ({"under": "no"}, {"relation": "loud"}, {"text": "x" * 20_001}):
        assert send(client, address("draft", run), **{"text": "A", **wrong}).status_code == 400


def test_draft_keeps_evidence_and_tells_whether_its_quotation_stands_in_the_source(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    paragraph = run.classroom.course.article.paragraphs.get(number="P01")
    paragraph.text = "Moscow asked Karachi first and waited."
    paragraph.save()
    author = join(run, student)
    client = client_of(student)
    begun = {
        "text": "",
        "is_own_reasoning": "on",
        "e0-paragraph": "P01",
        "e0-quotation": "Moscow asked Karachi last",
        "e0-url": "",
        "e1-locator": "p. 3\0",
        "e1-url": "no link",  # not whole yet, and kept all the same
    }
    told = send(client, address("draft", run), **begun)
    assert told.status_code == 200
    assert told.content.decode().count("not found in its source") == 1
    draft = Draft.objects.get(participant=author)
    assert draft.is_own_reasoning
    assert draft.evidence == [
        {"paragraph": "P01", "quotation": "Moscow asked Karachi last"},
        {"url": "no link", "locator": "p. 3"},
    ]
    shown = page(client, address("argue", run))
    for kept in ("Moscow asked Karachi last", "p. 3", "no link"):
        assert kept in shown
    mended = begun | {"draft": "1", "text": WORDS, "e0-quotation": "asked Karachi first"}
    answer = send(client, address("argue", run), **mended)
    assert "is found in its source" in answer.content.decode()
    assert f"{address('mine', run)}#begun" in page(client, address("run", run))
    assert WORDS in page(client, address("mine", run))
    assert send(client, address("argue", run), discard="1").status_code == 302
    assert not Draft.objects.exists()
    assert "#begun" not in page(client, address("run", run))


def test_what_stands_beside_a_draft_is_told_when_its_time_is_over(
    run: DebateRun, student: User, client_of: ClientOf
) -> None:
    join(run, student)
    client = client_of(student)
    late = "not taken at this time"
    assert late not in page(client, address("argue", run))
    assert late in page(client, address("argue", run), "rebutting")


def test_draft_whose_place_is_gone_keeps_its_words(
    run: DebateRun, student: User, classmate: User, instructor: User, client_of: ClientOf
) -> None:
    argument = post(join(run, student))
    reader = join(run, classmate)
    services.draft_save(
        participant=reader, parent=argument, relation="rebuttal", text=CANARY, now=during("arguing")
    )
    services.argument_moderate(
        argument=argument, kind="remove", reason="Why", actor=instructor, now=during("arguing")
    )
    shown = page(client_of(classmate), address("mine", run))
    assert CANARY in shown
    assert address("answer", run, argument) not in shown


def test_author_mends_evidence_and_everybody_reads_what_stood_there(
    run: DebateRun, student: User, classmate: User, instructor: User, client_of: ClientOf
) -> None:
    work = run.classroom.course.references.first()
    assert work is not None
    sources = [
        Source(url="https://example.org/a", locator="p. 1", quotation="Words"),
        Source(reference=work),
    ]
    argument = post(join(run, student), text=f"{WORDS} {CANARY}", sources=sources)
    join(run, classmate)
    author, reader = client_of(student), client_of(classmate)
    form = author.get
    with time_machine.travel(during("arguing"), tick=False):
        context = form(address("edit", run, argument)).context
    sent = {each.html_name: each.value() or "" for piece in context["pieces"] for each in piece}
    assert (sent["e0-locator"], sent["e1-reference"]) == ("p. 1", work.key)
    kept = [piece.pk for piece in argument.evidence.all()]
    mended = sent | {"text": WORDS, "revision": 1, "e0-locator": "p. 2"}
    assert send(author, address("edit", run, argument), **mended).status_code == 302
    pieces = list(argument.evidence.all())
    assert [piece.locator for piece in pieces] == ["p. 2", ""]
    assert pieces[1].pk == kept[1]  # which stayed as it was
    bare = send(author, address("edit", run, argument), text=WORDS, revision=2)
    assert bare.status_code == 200  # neither evidence nor the label
    for client in (author, reader):
        assert address("history", run, argument) in page(client, address("run", run))
        shown = page(client, address("history", run, argument))
        assert CANARY in shown
        assert "https://example.org/a, p. 1, “Words”" in shown
    services.argument_moderate(
        argument=argument, kind="hide", reason="Why", actor=instructor, now=during("arguing")
    )
    with time_machine.travel(during("arguing"), tick=False):
        assert reader.get(address("history", run, argument)).status_code == 404


def test_button_pressed_twice_does_it_once(
    run: DebateRun, student: User, client_of: ClientOf
) -> None:
    join(run, student)
    client = client_of(student)
    with time_machine.travel(during("arguing"), tick=False):
        form = client.get(address("argue", run)).context["form"]
    given = {"text": WORDS, "is_own_reasoning": "on", "key": str(form["key"].value())}
    first, second = (send(client, address("argue", run), **given) for _each in range(2))
    argument = Argument.objects.get()
    assert first.url == second.url
    # Other words sent from the same page, as after going back, are another argument.
    send(client, address("argue", run), **given | {"text": f"{WORDS} Else."})
    assert Argument.objects.count() == 2
    edited = {"text": f"{WORDS} Again.", "is_own_reasoning": "on", "revision": "1"}
    answers = [send(client, address("edit", run, argument), **edited) for _each in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert argument.edits.count() == 1
    close = {"value": "1", "confidence": "3"}
    answers = [send(client, address("closing", run), "closing", **close) for _each in range(2)]
    assert [each.url for each in answers] == [address("run", run)] * 2


def test_key_of_somebody_elses_argument_posts_another(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    theirs = post(join(run, student))
    join(run, classmate)
    given = {"text": WORDS, "is_own_reasoning": "on", "key": str(theirs.public_id)}
    send(client_of(classmate), address("argue", run), **given)
    assert Argument.objects.filter(author__user=classmate).count() == 1


def test_answer_is_not_likened_to_what_it_answers(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    author = join(run, student)
    first, second = post(author), post(author)
    join(run, classmate)
    given = {"relation": "rebuttal", "text": WORDS, "draft": "1"}
    answer = send(client_of(classmate), address("answer", run, first), **given)
    assert answer.context["likes"] == [second]


def test_what_one_marked_comes_first_among_what_may_have_moved_one(
    run: DebateRun, student: User, classmate: User, client_of: ClientOf
) -> None:
    author = join(run, student)
    first, second = post(author), post(author)
    services.argument_mark_moved(
        argument=second, participant=join(run, classmate), is_moved=True, now=during("arguing")
    )
    with time_machine.travel(during("closing"), tick=False):
        form = client_of(classmate).get(address("closing", run)).context["form"]
    assert [str(label) for _value, label in form.fields["moved_by"].choices] == [
        "nothing in particular",
        f"marked: {second.text}",
        first.text,
    ]


def test_marking_leads_to_the_next_and_offers_what_was_said_before(
    run: DebateRun, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    teacher = client_of(instructor)
    listed = page(teacher, address("assessment", run))
    assert "Without an opening stance" in listed
    people = sorted((join(run, student), join(run, classmate)), key=lambda each: str(each.user))
    assert "Without an opening stance" not in page(teacher, address("assessment", run))
    places = [
        reverse("debates:assess", args=[run.classroom.public_id, run.public_id, each.public_id])
        for each in people
    ]
    levels = {f"{name}_level": "3" for name in ("claim", "evidence", "rebuttal", "concession")}
    assert "claim_again" not in page(teacher, places[1])
    # From the last on the list to the first; then nobody is left.
    kept = send(teacher, places[1], "reflecting", **levels, claim_comment="Say whose.", next="1")
    assert kept.url == places[0]
    again = {"claim_comment": "Clear.", "claim_again": "Say whose."}
    done = send(teacher, places[0], "reflecting", **levels, **again, next="1")
    assert done.url == address("assessment", run)
    assert people[0].scores.get(criterion="claim").comment == "Clear.\nSay whose."


def test_draft_likens_nothing_to_what_may_not_be_seen(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor, posts_first=True)
    post(join(run, student), text=f"{WORDS} {CANARY}")
    join(run, classmate)
    answer = send(client_of(classmate), address("draft", run), text=f"{WORDS} {CANARY}")
    assert answer.status_code == 200
    assert "<li" not in answer.content.decode()
