"""What is written, kept as a draft, posted once and mended."""

import pytest
import time_machine

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.enums import Relation
from apps.debates.errors import InvalidArgument
from apps.debates.models import Argument, DebateRun, Draft
from apps.debates.services import Source
from tests.debates.factories import WORDS, during, join, post, run_create
from tests.debates.views.pages import CANARY, ClientOf, address, page, send

pytestmark = pytest.mark.django_db


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


def test_draft_likens_nothing_to_what_may_not_be_seen(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    run = run_create(classroom, instructor, posts_first=True)
    post(join(run, student), text=f"{WORDS} {CANARY}")
    join(run, classmate)
    answer = send(client_of(classmate), address("draft", run), text=f"{WORDS} {CANARY}")
    assert answer.status_code == 200
    assert "<li" not in answer.content.decode()
