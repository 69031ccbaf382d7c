"""500 hostile texts in every field of a debate: no page that shows them runs any."""

from collections.abc import Callable, Iterator
from itertools import product
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from lxml import html as lxml_html

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.markdown import render_markdown
from apps.content.selectors import render_context
from apps.debates import services
from apps.debates.enums import Criterion, EvidenceKind, ModerationKind, Relation
from apps.debates.models import (
    Argument,
    ArgumentEdit,
    DebateRun,
    Evidence,
    ModerationAction,
    Participant,
    PeerReview,
    Report,
)
from apps.debates.services import Mark
from tests.content.test_markdown_hostile import HOSTILE
from tests.debates.factories import during, join, run_create
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
WRAPPERS = (
    "{}",
    "**{}**",
    "> {}",
    "- {}",
    "1. {}",
    "# {}",
    "`{}`",
    "| {} |\n|---|\n| {} |",
    "[{}](https://a.example)",
    "[a](https://a.example '{}')",
    '"><svg onload=alert(1)>{}',
    "'\"--></title></textarea>{}",
    "</blockquote></li></ol>{}",
    "\u202e{}",
    "&lt;b&gt;{}",
    "{{{{ 7 }}}}{{% debug %}}{}",
    "[^1]: {}\n\nx[^1]",
)
TEXTS = [wrapper.replace("{}", text) for wrapper, text in product(WRAPPERS, HOSTILE)][:500]
SCHEMES = {"", "http", "https"}
ALIVE = {"iframe", "object", "embed", "style", "base", "meta", "svg", "math", "img", "video"}


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    run = run_create(classroom, instructor, max_words=1_000, min_words=0)
    run.motion = TEXTS[0][:300]
    run.save()
    side = run.debate.sides.get(key="for")
    side.label = HOSTILE[1][:80]
    side.save()
    return run


@pytest.fixture
def author(run: DebateRun, student: User) -> Participant:
    student.display_name = HOSTILE[2]
    student.save()
    return join(run, student)


@pytest.fixture
def reader(run: DebateRun, classmate: User) -> Participant:
    classmate.display_name = HOSTILE[4]
    classmate.save()
    return join(run, classmate, key="against")


@pytest.fixture
def fed(run: DebateRun, author: Participant, reader: Participant, instructor: User) -> DebateRun:
    """A run whose every text is hostile. The arguments are rendered as the service renders them."""
    context = render_context(run.classroom.course)
    arguments = Argument.objects.bulk_create(
        Argument(
            run=run,
            author=author,
            side=author.side,
            relation=Relation.OPENING,
            text=text,
            html=render_markdown(text, context).html,
            words=1,
            posted_at=NOW,
        )
        for text in TEXTS
    )
    given = list(zip(arguments, TEXTS, strict=True))
    Evidence.objects.bulk_create(
        Evidence(
            argument=argument,
            kind=EvidenceKind.LINK,
            url=f"https://a.example/{number}",
            locator=text[:60],
            quotation=text,
        )
        for number, (argument, text) in enumerate(given)
    )
    Report.objects.bulk_create(
        Report(argument=argument, participant=reader, reason=text[:500], reported_at=NOW)
        for argument, text in given
    )
    ModerationAction.objects.bulk_create(
        ModerationAction(
            run=run,
            argument=argument,
            kind=ModerationKind.WARN,
            reason=text[:500],
            actor=instructor,
            happened_at=NOW,
        )
        for argument, text in given
    )
    every = "\n\n".join(TEXTS)
    marks = {str(name): Mark(2, every[:2_000]) for name in Criterion}
    services.scores_save(participant=author, marks=marks, marker=instructor, now=NOW)
    services.reflection_write(participant=author, text=every[:20_000], now=during("reflecting"))
    PeerReview.objects.create(
        reviewer=reader,
        reviewed=author,
        levels=dict.fromkeys(map(str, Criterion), 2),
        comment=every[:2_000],
        dealt_at=NOW,
        written_at=NOW,
    )
    ArgumentEdit.objects.create(
        argument=arguments[10], revision=1, text=every[:20_000], evidence=TEXTS, replaced_at=NOW
    )
    services.draft_save(
        participant=reader,
        parent=None,
        relation=Relation.OPENING,
        text=every[:9_000],
        evidence=[{"quotation": text, "url": text} for text in TEXTS[-6:]],
        now=NOW,
    )
    return run


def live(markup: str) -> Iterator[str]:
    """What of a page would run, or fetch from somewhere else."""
    for element in lxml_html.document_fromstring(markup).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and (not element.get("src") or (element.text or "").strip()):
            yield "a script in the page"
        if element.tag in ALIVE and element.getparent().tag != "head" and not is_ours(element):
            yield f"<{element.tag}>"
        for name, value in element.attrib.items():
            if name.startswith("on") or name in {"style", "srcdoc", "srcset", "formaction"}:
                yield f"{name}={value}"
            if name in {"href", "src", "action"} and urlsplit(value).scheme not in SCHEMES:
                yield f"{name}={value}"


def is_ours(element: lxml_html.HtmlElement) -> bool:
    """The pictures that our own templates draw carry a name of a class of ours."""
    return element.tag == "svg" and bool(element.get("class"))


def pages(run: DebateRun) -> dict[str, list[tuple[str, list[object]]]]:
    """{who looks: (the page's name, its ids after the run's)}."""
    argument = Argument.objects.filter(run=run).order_by("pk")[10]
    review = PeerReview.objects.get()
    people: list[object] = [
        participant.public_id for participant in Participant.objects.order_by("pk")
    ]
    return {
        "instructor": [
            ("run", []),
            ("moderation", []),
            ("moderate", [argument.public_id]),
            ("assessment", []),
            ("assess", people[:1]),
            ("results", []),
            ("exports", []),
            ("dates", []),
        ],
        "student": [("run", []), ("mine", []), ("edit", [argument.public_id])],
        "classmate": [
            ("run", []),
            ("history", [argument.public_id]),
            ("argue", []),
            ("answer", [argument.public_id]),
            ("report", [argument.public_id]),
            ("review", [review.public_id]),
            ("mine", []),
        ],
    }


def test_no_page_of_a_debate_runs_what_people_wrote(
    fed: DebateRun, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    assert len(set(TEXTS)) == 500
    people = {"instructor": instructor, "student": student, "classmate": classmate}
    found = {}
    for who, listed in pages(fed).items():
        client = client_of(people[who])
        for name, more in listed:
            ids = [fed.classroom.public_id, fed.public_id, *more]
            with time_machine.travel(during("arguing"), tick=False):
                answer = client.get(reverse(f"debates:{name}", args=ids))
            assert answer.status_code == 200, (who, name)
            found[who, name] = set(live(answer.content.decode()))
    assert {place: faults for place, faults in found.items() if faults} == {}


def test_the_check_sees_what_would_run() -> None:
    page = "<html><body><p onclick=x><a href='javascript:x'>a</a><img src=x><script>x</script>"
    assert len(set(live(page))) == 4


def test_stored_html_of_an_argument_runs_nothing(fed: DebateRun) -> None:
    for argument in fed.arguments.all():
        assert not list(live(f"<html><body><div>{argument.html}</div></body></html>"))
