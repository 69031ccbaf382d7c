"""Loading over what editors did on the site: nothing of theirs is lost unasked."""

from pathlib import Path
from typing import Any

import pytest

from apps.accounts.models import User
from apps.content import models
from apps.content import selectors as content
from apps.content import services as editing
from apps.courseware import services
from apps.courseware.errors import CourseFaulty, LoadConflict
from tests.courseware.conftest import Edit
from tests.courseware.folders import THIRD, small_files
from tests.courseware.loads import actions, load, site, term_edit
from tests.factories import NOW


def test_edit_stays_where_the_files_did_not_change(
    loaded: models.Course, folder: Path, instructor: User
) -> None:
    term_edit(loaded, instructor)
    assert actions(load(folder)) == {"term spring": "edited here"}
    assert loaded.glossaryterms.get(slug="spring").definition == "Edited here."


def test_edit_is_replaced_when_told(loaded: models.Course, folder: Path, instructor: User) -> None:
    term_edit(loaded, instructor)
    assert actions(load(folder, replace_edits=True)) == {"term spring": "changed"}
    assert site(loaded) == small_files()


@pytest.fixture
def both_changed(loaded: models.Course, edit: Edit, instructor: User) -> models.Course:
    term_edit(loaded, instructor)
    edit("glossary.yaml", "Where water comes out", "Where water rises out")
    edit("places.yaml", "24.86", "24.87")
    return loaded


def test_conflict_is_refused_with_its_name_and_nothing_is_written(
    both_changed: models.Course, folder: Path
) -> None:
    before = site(both_changed)
    with pytest.raises(LoadConflict) as refused:
        load(folder)
    assert [(change.kind, change.name) for change in refused.value.changes] == [("term", "spring")]
    assert site(both_changed) == before


def test_conflict_is_shown_by_a_dry_run(both_changed: models.Course, folder: Path) -> None:
    report = load(folder, dry_run=True)
    assert actions(report) == {"place karachi": "changed", "term spring": "conflict"}
    assert [change.name for change in report.conflicts] == ["spring"]


def test_conflict_goes_to_the_files_when_told(both_changed: models.Course, folder: Path) -> None:
    load(folder, replace_edits=True)
    assert site(both_changed)["glossary.yaml"] == (folder / "glossary.yaml").read_bytes()


def test_conflict_goes_to_the_site_when_told(both_changed: models.Course, folder: Path) -> None:
    report = load(folder, keep_edits=True)
    assert actions(report) == {"place karachi": "changed", "term spring": "edited here"}
    assert both_changed.glossaryterms.get(slug="spring").definition == "Edited here."
    # The files have been seen: they are no news the next time.
    assert actions(load(folder)) == {"term spring": "edited here"}


def test_same_edit_on_both_sides_is_no_conflict(
    loaded: models.Course, folder: Path, edit: Edit, instructor: User
) -> None:
    term_edit(loaded, instructor)
    edit("glossary.yaml", "Where water comes out of the ground.", "Edited here.")
    assert actions(load(folder)) == {}


def test_lesson_edited_and_not_published_is_left_to_its_editor(
    loaded: models.Course, folder: Path, edit: Edit, instructor: User
) -> None:
    lesson = models.Lesson.objects.get(slug="where-rivers-begin")
    draft = content.lesson_draft(lesson)
    editing.lesson_save(
        lesson=lesson,
        draft=type(draft)(**{**as_fields(draft), "title": "Edited here"}),
        expected_revision=lesson.revision,
        editor=instructor,
        now=NOW,
    )
    edit("references.json", "Springs of the north", "Springs of the south")
    report = load(folder)
    assert actions(report) == {
        "lesson springs/where-rivers-begin": "edited here",
        "reference khan1961": "changed",
    }
    assert report.published == ()


def as_fields(draft: Any) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in draft.__slots__}


def test_lesson_withdrawn_here_stays_withdrawn(
    loaded: models.Course, folder: Path, instructor: User
) -> None:
    lesson = models.Lesson.objects.get(slug="small-springs")
    editing.lesson_withdraw(lesson=lesson, editor=instructor, now=NOW)
    assert actions(load(folder)) == {"lesson springs/small-springs": "edited here"}
    lesson.refresh_from_db()
    assert lesson.published_edition is None


def test_object_made_here_is_never_removed(
    loaded: models.Course, folder: Path, instructor: User
) -> None:
    editing.term_save(
        term=models.GlossaryTerm(course=loaded),
        fields={"slug": "lake", "term": "lake", "aliases": [], "definition": "Still water."},
        editor=instructor,
        now=NOW,
    )
    assert actions(load(folder, replace_edits=True)) == {"term lake": "edited here"}


def test_object_deleted_here_comes_back_only_when_told(
    loaded: models.Course, folder: Path, instructor: User
) -> None:
    event = loaded.timelineevents.get(slug="great-flood")
    editing.noun_delete(noun=event, editor=instructor, now=NOW)
    assert actions(load(folder)) == {"event great-flood": "edited here"}
    assert actions(load(folder, replace_edits=True)) == {"event great-flood": "created"}


def test_lesson_of_a_unit_deleted_here_is_refused_by_name(
    loaded: models.Course, folder: Path, instructor: User
) -> None:
    with (folder / "course.yaml").open("a") as file:
        file.write("  - slug: seas\n    title: Seas\n    summary: Salt.\n")
    load(folder)
    editing.unit_delete(unit=loaded.units.get(slug="seas"), editor=instructor, now=NOW)
    lesson = folder / "lessons/seas/01-salt.md"
    lesson.parent.mkdir()
    lesson.write_text(THIRD)
    with pytest.raises(CourseFaulty) as refusal:
        load(folder)
    assert [(fault.file, fault.message) for fault in refusal.value.faults] == [
        ("lessons/seas/01-salt.md", "The unit “seas” was deleted on the site.")
    ]
    assert actions(load(folder, replace_edits=True)) == {
        "lesson seas/salt": "created",
        "unit seas": "created",
    }


def test_address_given_on_the_site_survives_export_and_load(
    loaded: models.Course, tmp_path: Path, instructor: User
) -> None:
    editing.term_save(
        term=models.GlossaryTerm(course=loaded),
        fields={"slug": "Salt_Lake", "term": "salt lake", "aliases": [], "definition": "Salt."},
        editor=instructor,
        now=NOW,
    )
    exported = tmp_path / "exported"
    services.course_export(loaded, exported)
    assert actions(load(exported)) == {}


def test_order_chosen_here_stays(loaded: models.Course, folder: Path, instructor: User) -> None:
    editing.units_reorder(course=loaded, slugs=["mouths", "springs"], editor=instructor, now=NOW)
    assert actions(load(folder)) == {"order units": "edited here"}
    assert [unit.slug for unit in loaded.units.order_by("position")] == ["mouths", "springs"]
