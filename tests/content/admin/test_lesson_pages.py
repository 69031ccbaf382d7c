"""Preview, publishing, editions: what is shown before, and what comes of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from apps.accounts.models import User
from apps.content import services
from apps.content.drafts import ReadingDraft
from apps.content.models import Course, Lesson
from apps.content.selectors import lesson_draft
from tests.content import factories
from tests.content.admin.conftest import form_data
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def url(lesson: Lesson, end: str) -> str:
    return f"/admin/content/lesson/{lesson.pk}/{end}/"


def draft_change(lesson: Lesson, body: str) -> None:
    sections = (factories.section("invitation", body=body, heading="An invitation"),)
    factories.save(factories.lesson_of(lesson), factories.draft(*sections))


# Preview


def test_preview_of_the_saved_draft_is_byte_for_byte_what_publishing_makes(
    author: Client, lesson: Lesson
) -> None:
    draft_change(lesson, "A **changed** text [@khan1961] on [[RATS]].\n\n> A quotation.")
    shown = author.get(url(lesson, "preview"), headers={"accept": "application/json"}).json()
    edition = services.lesson_publish(lesson=lesson, editor=None, now=NOW)
    assert edition.html in shown["html"]
    page = author.get(url(lesson, "preview")).content.decode()
    assert edition.html in page


def test_preview_shows_unsaved_words_and_saves_nothing(author: Client, lesson: Lesson) -> None:
    before, revision = lesson_draft(lesson), lesson.revision
    data = form_data(lesson, title="Unsaved", **{"sections-0-body": "Not [yet](https://x.org)."})
    answer = author.post(url(lesson, "preview"), data, headers={"accept": "application/json"})
    assert "Unsaved" in answer.json()["html"]
    assert '<a href="https://x.org"' in answer.json()["html"]
    page = author.post(url(lesson, "preview"), data)
    used = {template.name for template in page.templates}
    assert {"admin/content/lesson/preview.html", "reader/lesson.html"} <= used
    assert "Unsaved" in page.content.decode()
    now = factories.lesson_of(lesson)
    assert (lesson_draft(now), now.revision) == (before, revision)


def test_preview_of_a_broken_form_shows_what_is_right(author: Client, lesson: Lesson) -> None:
    data = form_data(lesson, title="", **{"sections-1-body": "", "sections-0-sources": "P99"})
    answer = author.post(url(lesson, "preview"), data, headers={"accept": "application/json"})
    assert "The first contact was" in answer.json()["html"]
    assert "The lesson has no title." in answer.json()["problems"]


def test_preview_renders_hostile_markdown_harmless(author: Client, lesson: Lesson) -> None:
    hostile = '<script>x()</script> <img src=x onerror=x()> [a](javascript:x()) <b style="a">'
    data = form_data(lesson, **{"sections-0-body": hostile})
    for accept in ("application/json", "text/html"):
        answer = author.post(url(lesson, "preview"), data, headers={"accept": accept})
        text = answer.json()["html"] if accept == "application/json" else answer.content.decode()
        assert "<script>x" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text


def test_problems_lead_to_the_field_that_solves_them(author: Client, lesson: Lesson) -> None:
    data = form_data(
        lesson,
        objectives="",
        **{
            "sections-0-body": "See [@nobody].",
            "sections-1-sources": "",
            "sections-0-position": "2",
            "sections-1-position": "1",
        },
    )
    answer = author.post(url(lesson, "preview"), data, headers={"accept": "application/json"})
    problems = answer.json()["problems"]
    assert "#id_sections-0-body" in problems
    assert "#id_sections-1-sources" in problems
    assert "#id_objectives" in problems
    assert problems.index("Must be solved") < problems.index("Worth a look")


def test_preview_of_a_lesson_that_nobody_reads_yet(author: Client, course: Course) -> None:
    lesson = factories.lesson_create(course)
    page = author.get(url(lesson, "preview"))
    assert page.status_code == 200
    assert "The invitation of 1949" in page.content.decode()


# Publishing


def test_publishing_makes_an_edition_with_its_note(
    author: Client, instructor: User, lesson: Lesson
) -> None:
    draft_change(lesson, "New [@khan1961].")
    shown = author.get(url(lesson, "publish")).context["changes"]
    assert [part.key for part in shown] == ["section:invitation", "section:choice"]
    answer = author.post(url(lesson, "publish"), {"note": "Clearer", "_publish": ""})
    assert answer["Location"] == url(lesson, "change")
    edition = factories.lesson_of(lesson).published_edition
    assert edition is not None
    assert (edition.number, edition.note, edition.published_by) == (2, "Clearer", instructor)


def test_errors_are_listed_and_stop_publishing(author: Client, lesson: Lesson) -> None:
    draft_change(lesson, "See [@nobody].")
    page = author.get(url(lesson, "publish"))
    assert "No reference has the key “nobody”." in page.content.decode()
    assert "Publish now" not in page.content.decode()
    answer = author.post(url(lesson, "publish"), {"_publish": ""})
    assert answer.status_code == 200
    assert lesson.editions.count() == 1


def test_publication_is_scheduled_in_the_persons_own_time_zone(
    author: Client, instructor: User, lesson: Lesson
) -> None:
    User.objects.filter(pk=instructor.pk).update(time_zone="Asia/Karachi")
    draft_change(lesson, "Later [@khan1961].")
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), tick=False):
        assert "Asia/Karachi" in author.get(url(lesson, "publish")).content.decode()
        author.post(
            url(lesson, "publish"),
            {
                "note": "Soon",
                "publish_at_0": "2026-03-03",
                "publish_at_1": "08:30",
                "_schedule": "",
            },
        )
        scheduled = factories.lesson_of(lesson)
        assert scheduled.publish_at == datetime(2026, 3, 3, 3, 30, tzinfo=UTC)
        assert (scheduled.publish_note, scheduled.publish_by) == ("Soon", instructor)
        page = author.get(url(lesson, "change")).content.decode()
        assert "The draft will be published on 3 March 2026, 08:30." in page
        author.post(url(lesson, "publish"), {"_unschedule": ""})
        assert factories.lesson_of(lesson).publish_at is None


@pytest.mark.parametrize(
    ("day", "hour", "message"),
    [
        ("", "", "Give a day and a time."),
        ("2026-03-01", "08:00", "This moment has passed; choose a later one."),
        ("2026-02-30", "08:00", "Enter a valid date."),
    ],
)
def test_impossible_moment_is_refused_at_its_field(
    author: Client, lesson: Lesson, day: str, hour: str, message: str
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), tick=False):
        answer = author.post(
            url(lesson, "publish"), {"publish_at_0": day, "publish_at_1": hour, "_schedule": ""}
        )
    assert answer.context["form"].errors == {"publish_at": [message]}
    assert factories.lesson_of(lesson).publish_at is None


def test_withdrawn_lesson_leaves_readers_and_keeps_its_editions(
    author: Client, lesson: Lesson
) -> None:
    author.post(url(lesson, "publish"), {"_withdraw": ""})
    assert factories.lesson_of(lesson).published_edition is None
    assert lesson.editions.count() == 1
    assert "Students do not see this lesson." in author.get(url(lesson, "change")).content.decode()


def test_looking_at_the_publishing_page_changes_nothing(author: Client, lesson: Lesson) -> None:
    draft_change(lesson, "New [@khan1961].")
    author.get(url(lesson, "publish"), {"_publish": "", "_withdraw": ""})
    assert lesson.editions.count() == 1
    assert factories.lesson_of(lesson).published_edition is not None


def test_state_says_when_the_draft_is_ahead_of_its_readers(author: Client, lesson: Lesson) -> None:
    sentence = "The draft has changes that students do not see yet."
    assert sentence not in author.get(url(lesson, "change")).content.decode()
    draft_change(lesson, "New [@khan1961].")
    assert sentence in author.get(url(lesson, "change")).content.decode()


# Editions


@pytest.fixture
def two_editions(lesson: Lesson) -> Lesson:
    draft_change(lesson, "The second [@khan1961].")
    services.lesson_publish(lesson=lesson, note="Second", editor=None, now=NOW)
    draft_change(lesson, "The draft [@khan1961].")
    return factories.lesson_of(lesson)


def test_list_of_editions_names_each_and_what_is_read(author: Client, two_editions: Lesson) -> None:
    answer = author.get(url(two_editions, "editions"))
    assert [edition.number for edition in answer.context["editions"]] == [2, 1]
    assert answer.content.decode().count("read by students") == 1


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("1", "2", "first contact", "second"),
        ("2", "1", "second", "first contact"),
        ("2", "draft", "second", "draft"),
        ("draft", "2", "draft", "second"),
    ],
)
def test_any_two_versions_are_compared(
    author: Client, two_editions: Lesson, old: str, new: str, removed: str, added: str
) -> None:
    answer = author.get(url(two_editions, "compare"), {"old": old, "new": new})
    runs = next(part.runs for part in answer.context["changed"] if part.key == "section:invitation")
    assert any(run.kind == "removed" and removed in run.text for run in runs)
    assert any(run.kind == "added" and added in run.text for run in runs)


@pytest.mark.parametrize("number", ["", "0", "3", "-1", "x", "9" * 30, "²"])
@pytest.mark.parametrize("page", ["compare", "restore"])
def test_edition_that_does_not_exist_is_not_found(
    author: Client, two_editions: Lesson, page: str, number: str
) -> None:
    name = "old" if page == "compare" else "edition"
    assert author.get(url(two_editions, page), {name: number}).status_code == 404


def test_edition_is_restored_into_the_draft_after_asking(
    author: Client, two_editions: Lesson
) -> None:
    asked = author.get(url(two_editions, "restore"), {"edition": "1"})
    assert "The draft will hold the text of edition 1 again." in asked.content.decode()
    assert lesson_draft(two_editions).sections[0].body.startswith("The draft")
    author.post(url(two_editions, "restore"), {"edition": "1"})
    now = factories.lesson_of(two_editions)
    assert lesson_draft(now).sections[0].body.startswith("The first contact")
    assert now.published_edition is not None
    assert now.published_edition.number == 2


def test_restoring_what_the_course_no_longer_has_says_so(author: Client, course: Course) -> None:
    extra: dict[str, Any] = {**factories.KHAN, "title": "Gone"}
    work = factories.reference_create(course, "gone2000", extra)
    lesson = factories.lesson_publish(course, further_reading=(ReadingDraft("gone2000", "Why."),))
    factories.save(lesson, factories.draft(further_reading=()))
    services.lesson_publish(lesson=lesson, editor=None, now=NOW)
    services.reference_delete(reference=work, editor=None, now=NOW)
    answer = author.post(url(lesson, "restore"), {"edition": "1"})
    assert answer.status_code == 200
    assert "gone2000" in answer.context["refusal"]
