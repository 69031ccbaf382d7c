"""Debates in the admin: written, looked at as a student, and copied."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Reference
from apps.core.models import Event
from apps.debates import services
from apps.debates.models import Debate
from tests.debates.factories import debate_create, motion_write, windows
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture
def debate(classroom: Classroom) -> Debate:
    return debate_create(classroom, background="Begin *here*.", rebuttals_owed=5)


@pytest.fixture
def work(classroom: Classroom) -> Reference:
    return classroom.course.references.get(key="khan1961")


def change(client: Client, debate: Debate, *, to: str = "", **more: Any) -> Any:
    """Send the form of a debate as it stands, but for `more`."""
    address = reverse("admin:debates_debate_change", args=[debate.pk])
    page = client.get(address)
    data: dict[str, Any] = {}
    (inline,) = page.context["inline_admin_formsets"]
    for form in (page.context["adminform"].form, inline.formset.management_form, *inline.formset):
        for name in form.fields:
            value = form[name].value()
            if value not in (None, False) or value == 0:
                data[form[name].html_name] = value
    data.pop("is_anonymous", None)
    data.pop("posts_first", None)
    return client.post(to or address, data | more)


def test_sources_of_a_side_are_lines(
    debate: Debate, work: Reference, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    lines: dict[str, Any] = {"sides-0-source_lines": "khan1961, pp. 3-5 | The first survey."}
    assert change(client, debate, **lines).status_code == 302
    side = debate.sides.order_by("position").first()
    assert side is not None
    (source,) = side.sources.all()
    found = (source.reference, source.locator, source.note)
    assert found == (work, "pp. 3-5", "The first survey.")
    assert (
        "khan1961, pp. 3-5 | The first survey."
        in client.get(reverse("admin:debates_debate_change", args=[debate.pk])).content.decode()
    )
    lines["sides-0-source_lines"] = "nobody1999"
    refused = change(client, debate, **lines)
    assert refused.status_code == 200
    assert "nobody1999" in str(refused.context["inline_admin_formsets"][0].formset.errors)
    assert side.sources.count() == 1


def test_preview_shows_what_a_student_first_sees(
    debate: Debate, instructor: User, client_of: ClientOf
) -> None:
    side = debate.sides.order_by("position")[0]
    side.opening = "zanzibarcanary"
    side.save()
    services.sides_complete(debate=debate)
    page = client_of(instructor).get(reverse("admin:debates_debate_preview", args=[debate.pk]))
    text = page.content.decode()
    assert "Begin <em>here</em>." in text
    assert "strongly agree" in text
    assert "zanzibarcanary" not in text


def test_preview_of_what_is_not_saved_shows_it_and_saves_nothing(
    debate: Debate, instructor: User, client_of: ClientOf
) -> None:
    client, before = client_of(instructor), Event.objects.count()
    written: dict[str, Any] = {
        "motion": "Zanzibar first?",
        "background": "Begin **there**.",
        "sides-0-label": "Isles",
        "sides-0-source_lines": "khan1961, p. 9",
    }
    address = reverse("admin:debates_debate_preview", args=[debate.pk])
    text = change(client, debate, to=address, **written).content.decode()
    assert "Zanzibar first?" in text
    assert "Begin <strong>there</strong>." in text
    assert "Isles" in text
    assert "p. 9" in text
    debate.refresh_from_db()
    assert (debate.motion, Event.objects.count()) == ("Is it a counterweight?", before)
    assert [side.label for side in debate.sides.all()] == ["For", "Against"]
    assert not debate.sides.filter(sources__isnull=False).exists()
    written["sides-0-source_lines"] = "nobody1999"
    faulty = change(client, debate, to=address, **written)
    assert "nobody1999" in faulty.content.decode()


def test_preview_of_a_new_debate_leaves_none(
    classroom: Classroom, instructor: User, client_of: ClientOf
) -> None:
    client = client_of(instructor)
    page = client.get(reverse("admin:debates_debate_add"))
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in values.items()}
    (inline,) = page.context["inline_admin_formsets"]
    management = inline.formset.management_form
    data |= {management[name].html_name: management[name].value() for name in management.fields}
    data |= {"course": classroom.course_id, "motion": "Zanzibar first?"}
    del data["is_anonymous"], data["posts_first"], data["shows_openings"]
    text = client.post(reverse("admin:debates_debate_preview_new"), data).content.decode()
    assert "Zanzibar first?" in text
    assert "strongly agree" in text
    assert not Debate.objects.exists()


def test_motion_of_a_school_is_its_own_instructors_even_on_a_shared_course(
    classroom: Classroom, instructor: User, foreign_instructor: User, client_of: ClientOf
) -> None:
    motion = motion_write(classroom, instructor)
    address = reverse("admin:debates_debate_change", args=[motion.pk])
    foreign_instructor.is_editor = True
    foreign_instructor.save()
    assert client_of(instructor).get(address).status_code == 200
    assert client_of(foreign_instructor).get(address).status_code == 404


def test_preview_is_for_those_who_may_edit(
    debate: Debate,
    student: User,
    foreign_instructor: User,
    anonymous: AnonymousUser,
    client_of: ClientOf,
) -> None:
    address = reverse("admin:debates_debate_preview", args=[debate.pk])
    assert client_of(foreign_instructor).get(address).status_code in {302, 403, 404}
    for person in (student, anonymous):
        assert client_of(person).get(address).status_code in {302, 403}


def test_copy_has_all_and_an_address_of_its_own(
    debate: Debate, work: Reference, instructor: User, client_of: ClientOf
) -> None:
    services.side_sources_write(
        side=debate.sides.all()[0], sources=[services.SideWork(work, "Why.", "pp. 3-5")]
    )
    answer = client_of(instructor).post(
        reverse("admin:debates_debate_changelist"),
        {"action": "copy_chosen", "_selected_action": [debate.pk]},
    )
    copy = Debate.objects.exclude(pk=debate.pk).get()
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/{copy.pk}/change/")
    assert copy.slug != debate.slug
    assert (copy.rebuttals_owed, copy.background) == (5, debate.background)
    assert [side.sources.count() for side in copy.sides.all()] == [1, 0]
    assert [source.locator for side in copy.sides.all() for source in side.sources.all()] == [
        "pp. 3-5"
    ]


def test_sides_of_a_debate_that_a_class_holds_keep_key_and_leaning(
    debate: Debate, instructor: User, classroom: Classroom, client_of: ClientOf
) -> None:
    services.run_open(
        debate=debate, classroom=classroom, windows=windows(), actor=instructor, now=NOW
    )
    sides: dict[str, Any] = {
        "sides-0-leaning": -1,
        "sides-0-label": "Better words",
        "sides-1-DELETE": "on",
    }
    answer = change(client_of(instructor), debate, **sides)
    assert answer.status_code == 302
    first = debate.sides.get(key="for")
    assert (first.leaning, first.label, debate.sides.count()) == (1, "Better words", 2)
