"""What moved whom, and how marks are given."""

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.debates import services
from apps.debates.models import DebateRun
from tests.debates.factories import during, join, post
from tests.debates.views.pages import ClientOf, address, page, send

pytestmark = pytest.mark.django_db


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
