"""The lesson's page: one form, saved whole through the service, or not at all."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.content.drafts import LessonDraft
from apps.content.models import Course, Lesson, Section
from apps.content.selectors import lesson_draft
from apps.core.models import Event
from tests.content import factories
from tests.content.admin.conftest import form_data

pytestmark = pytest.mark.django_db


def change_url(lesson: Lesson) -> str:
    return f"/admin/content/lesson/{lesson.pk}/change/"


def draft_of(lesson: Lesson) -> LessonDraft:
    return lesson_draft(factories.lesson_of(lesson))


def anchors(lesson: Lesson) -> list[str]:
    return [section.anchor for section in draft_of(lesson).sections]


def save(author: Client, lesson: Lesson, **changes: Any) -> Any:
    data = form_data(lesson, **{name.replace("__", "-"): value for name, value in changes.items()})
    return author.post(change_url(lesson), data)


def test_saving_what_was_opened_changes_nothing(author: Client, lesson: Lesson) -> None:
    before, revision = draft_of(lesson), lesson.revision
    assert save(author, lesson).status_code == 302
    assert draft_of(lesson) == before
    assert factories.lesson_of(lesson).revision == revision


def test_draft_is_saved_by_the_service_and_readers_see_no_change(
    author: Client, instructor: User, lesson: Lesson
) -> None:
    published = factories.lesson_of(lesson).published_edition
    save(
        author,
        lesson,
        title="A new title",
        objectives="One.\n\n  Two. \n",
        sections__0__body="Changed [@khan1961].",
        sections__0__sources="P02 p01",
        further_reading__0__work="hussain-fatima2015",
        further_reading__0__note="Why.",
    )
    draft = draft_of(lesson)
    assert (draft.title, draft.objectives) == ("A new title", ("One.", "Two."))
    assert draft.sections[0].body == "Changed [@khan1961]."
    assert draft.sections[0].paragraphs == ("P02", "P01")
    assert [(one.key, one.note) for one in draft.further_reading] == [
        ("hussain-fatima2015", "Why.")
    ]
    assert factories.lesson_of(lesson).published_edition == published
    event = Event.objects.filter(kind="lesson.saved").latest("id")
    assert event.actor_id == instructor.public_id
    assert lesson.history.first().history_user == instructor


def test_order_numbers_reorder_without_a_script(author: Client, lesson: Lesson) -> None:
    save(author, lesson, sections__0__position="2", sections__1__position="1")
    assert anchors(lesson) == ["choice", "invitation"]


def test_sections_are_known_by_what_they_are_not_by_their_place(
    author: Client, lesson: Lesson
) -> None:
    """After dragging and removing, the page posts them under other numbers."""
    first, second = lesson.sections.order_by("position")
    data = form_data(lesson)
    swapped = {name.replace("sections-0-", "sections-9-"): value for name, value in data.items()}
    swapped = {
        name.replace("sections-1-", "sections-0-").replace("sections-9-", "sections-1-"): value
        for name, value in swapped.items()
    }
    author.post(change_url(lesson), {**swapped, "sections-INITIAL_FORMS": "0"})
    assert list(lesson.sections.order_by("position")) == [first, second]
    assert anchors(lesson) == ["invitation", "choice"]


def test_section_is_added_with_an_anchor_from_its_heading(author: Client, lesson: Lesson) -> None:
    save(
        author,
        lesson,
        sections__TOTAL_FORMS=3,
        sections__2__heading="Čto dal’še? What next",
        sections__2__body="Text.",
    )
    assert anchors(lesson)[:2] == ["invitation", "choice"]
    assert anchors(lesson)[2].endswith("what-next")


def test_section_is_deleted_only_where_it_is_ticked(author: Client, lesson: Lesson) -> None:
    save(author, lesson, sections__0__DELETE="on")
    assert anchors(lesson) == ["choice"]


def test_emptied_section_is_refused_not_forgotten(author: Client, lesson: Lesson) -> None:
    answer = save(
        author,
        lesson,
        **{f"sections__0__{name}": "" for name in ("heading", "anchor", "body", "sources")},
    )
    assert answer.status_code == 200
    errors = answer.context["inline_admin_formsets"][0].formset.errors[0]
    assert set(errors) == {"heading", "body"}
    assert anchors(lesson) == ["invitation", "choice"]


@pytest.mark.parametrize(
    ("changes", "formset", "form", "field"),
    [
        ({"sections__1__anchor": "invitation"}, 0, 1, "anchor"),
        ({"sections__0__anchor": "Not An Anchor"}, 0, 0, "anchor"),
        ({"sections__0__sources": "P01 P99"}, 0, 0, "sources"),
        ({"further_reading__0__work": "nobody1900"}, 1, 0, "work"),
        (
            {
                "further_reading__TOTAL_FORMS": 2,
                "further_reading__1__work": "khan1961",
                "further_reading__1__note": "Again.",
            },
            1,
            1,
            "work",
        ),
    ],
)
def test_mistake_is_shown_at_its_field_and_nothing_is_saved(
    author: Client,
    lesson: Lesson,
    changes: dict[str, Any],
    formset: int,
    form: int,
    field: str,
) -> None:
    before = draft_of(lesson)
    answer = save(author, lesson, title="Lost?", **changes)
    assert answer.status_code == 200
    forms = answer.context["inline_admin_formsets"][formset].formset.forms
    assert list(forms[form].errors) == [field]
    assert answer.context["adminform"].form["title"].value() == "Lost?"
    assert draft_of(lesson) == before


def test_draft_may_be_saved_while_it_cannot_be_published(author: Client, lesson: Lesson) -> None:
    assert save(author, lesson, sections__0__body="See [@nobody].").status_code == 302
    assert draft_of(lesson).sections[0].body == "See [@nobody]."


# Two people


def test_second_editor_is_told_who_and_keeps_every_word(
    author: Client, colleague: User, lesson: Lesson
) -> None:
    opened = form_data(lesson, title="Mine", **{"sections-0-body": "Mine."})
    theirs = factories.draft(
        factories.section("invitation", body="Theirs.", heading="An invitation"),
        factories.section("third", body="Their new section."),
    )
    save_as(colleague, lesson, theirs)
    answer = author.post(change_url(lesson), opened)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Maryam Ali saved this lesson on" in text
    parts = {one["part"].key: one["part"] for one in answer.context["conflict_parts"]}
    assert set(parts) == {"title", "section:invitation", "section:third", "section:choice"}
    assert parts["section:third"].status == "removed"
    assert (parts["title"].old, parts["title"].new) == (theirs.title, "Mine")
    form = answer.context["adminform"].form
    assert form["title"].value() == "Mine"
    sections = answer.context["inline_admin_formsets"][0].formset.forms
    assert [one["body"].value() for one in sections] == ["Mine.", "He chose [@khan1961]."]
    assert draft_of(lesson).title == theirs.title


def save_as(person: User, lesson: Lesson, draft: LessonDraft) -> None:
    client = Client()
    client.force_login(person)
    now = factories.lesson_of(lesson)
    rows = {one.anchor: one for one in now.sections.all()}
    data = form_data(now, title=draft.title)
    data["sections-TOTAL_FORMS"] = len(draft.sections)
    for index, section in enumerate(draft.sections):
        row = rows.get(section.anchor)
        data |= {
            f"sections-{index}-row_id": str(row.public_id) if row else "",
            f"sections-{index}-heading": section.heading,
            f"sections-{index}-anchor": section.anchor,
            f"sections-{index}-body": section.body,
            f"sections-{index}-sources": " ".join(section.paragraphs),
            f"sections-{index}-position": index + 1,
        }
    assert client.post(change_url(lesson), data).status_code == 302


def test_second_editor_saves_over_deliberately(
    author: Client, colleague: User, lesson: Lesson
) -> None:
    """Sections that the other person removed meanwhile come back; those they added go."""
    opened = form_data(lesson, title="Mine")
    save_as(colleague, lesson, factories.draft(factories.section("third", body="Theirs.")))
    answer = author.post(change_url(lesson), opened)
    newer = answer.context["conflict"].revision
    assert author.post(change_url(lesson), {**opened, "_overwrite": newer}).status_code == 302
    assert draft_of(lesson).title == "Mine"
    assert anchors(lesson) == ["invitation", "choice"]


def test_overwriting_an_older_text_than_was_shown_is_a_conflict_again(
    author: Client, colleague: User, lesson: Lesson
) -> None:
    opened = form_data(lesson, title="Mine")
    save_as(colleague, lesson, factories.draft(factories.section("third", body="First.")))
    newer = author.post(change_url(lesson), opened).context["conflict"].revision
    save_as(colleague, lesson, factories.draft(factories.section("third", body="Second.")))
    answer = author.post(change_url(lesson), {**opened, "_overwrite": newer})
    assert answer.status_code == 200
    assert draft_of(lesson).sections[0].body == "Second."


@pytest.mark.parametrize("revision", ["", "none", "-1", "99999999999999999999"])
def test_form_without_a_revision_saves_nothing(
    author: Client, lesson: Lesson, revision: str
) -> None:
    answer = save(author, lesson, title="Mine", expected_revision=revision)
    assert answer.status_code == 200
    assert draft_of(lesson).title == "The invitation of 1949"


# New lessons, deleting


def test_new_lesson_begins_with_its_title_and_goes_on_to_its_page(
    author: Client, course: Course
) -> None:
    unit = course.units.get()
    answer = author.post(
        "/admin/content/lesson/add/", {"title": "Oil", "unit": unit.pk, "slug": "oil"}
    )
    lesson = Lesson.objects.get(slug="oil")
    assert answer["Location"] == change_url(lesson)
    assert (lesson.title, lesson.unit, lesson.published_edition) == ("Oil", unit, None)
    answer = author.post(
        "/admin/content/lesson/add/", {"title": "Oil", "unit": unit.pk, "slug": "oil"}
    )
    assert answer.status_code == 200
    assert Lesson.objects.filter(slug="oil").count() == 1


def test_address_and_unit_stay_when_they_are_posted(author: Client, lesson: Lesson) -> None:
    save(author, lesson, slug="elsewhere", unit="0")
    assert factories.lesson_of(lesson).slug == "invitation"


def test_lesson_is_deleted_with_a_tombstone(author: Client, lesson: Lesson) -> None:
    author.post(f"/admin/content/lesson/{lesson.pk}/delete/", {"post": "yes"})
    assert not Section.objects.exists()
    assert Event.objects.get(kind="lesson.deleted").is_tombstone


def test_page_costs_the_same_with_more_sections(
    author: Client, course: Course, django_assert_max_num_queries: Any
) -> None:
    lesson = factories.lesson_publish(
        course, *(factories.section(f"part-{n}", heading=f"Part {n}") for n in range(12))
    )
    # Session, person, lesson in scope, choices of the unit, sections with sources and
    # paragraphs, further reading, permissions; the edition's document; the draft compared.
    with django_assert_max_num_queries(24):
        author.get(change_url(lesson))
