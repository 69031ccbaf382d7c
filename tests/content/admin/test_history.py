"""History in the admin: who changed which words, in a row and in a whole course."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.content import services
from apps.content.models import Course, GlossaryTerm, Lesson
from tests.content import factories
from tests.content.admin.objects import course_objects
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_history_says_who_changed_which_words(
    author: Client, colleague: User, lesson: Lesson
) -> None:
    factories.save(
        lesson,
        factories.draft(
            factories.section("invitation", body="New words.", heading="An invitation")
        ),
        editor=colleague,
    )
    page = author.get(f"/admin/content/lesson/{lesson.pk}/history/")
    newest = page.context["entries"]
    assert [entry.who for entry in newest[:3]] == ["Maryam Ali", "Maryam Ali", ""]
    found = {(entry.model, entry.name, entry.kind) for entry in newest}
    assert ("Section", "The choice", "Deleted") in found
    edit = next(entry for entry in newest if entry.name == "An invitation" and entry.changes)
    assert [one.label for one in edit.changes] == ["Text"]
    assert "New words." in "".join(run.text for run in edit.changes[0].runs if run.kind == "added")


def test_history_goes_on_over_pages_without_losing_a_change(author: Client, course: Course) -> None:
    term = GlossaryTerm.objects.get(course=course)
    for number in range(50):
        services.term_save(
            term=GlossaryTerm.objects.get(pk=term.pk),
            fields={"definition": f"Definition {number}."},
            editor=None,
            now=NOW,
        )
    url, seen = f"/admin/content/glossaryterm/{term.pk}/history/", []
    page = author.get(url)
    seen += page.context["entries"]
    while page.context["older"]:
        page = author.get(url, {"before": page.context["older"]})
        seen += page.context["entries"]
    assert len(seen) == 51
    assert seen[-1].kind == "Added"
    assert author.get(url, {"before": "yesterday"}).status_code == 200


def test_course_tells_of_every_change_in_it(author: Client, course: Course) -> None:
    course_objects(course)
    page = author.get(f"/admin/content/course/{course.pk}/changes/")
    assert {entry.model for entry in page.context["entries"]} >= {
        "Lesson", "Section", "Reference", "Glossary term", "Actor", "Place", "Unit",
    }  # fmt: skip
