"""Loading a folder: all or nothing, twice is once."""

import re
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.content import models
from apps.content import services as editing
from apps.core.models import Event
from apps.courseware import services
from apps.courseware.errors import CourseFaulty
from apps.courseware.format import read_folder, write_folder
from apps.courseware.plan import Action
from apps.courseware.services import LoadReport
from tests.courseware.conftest import Edit
from tests.courseware.folders import ACTORS, THIRD, small_files
from tests.courseware.loads import FIRST, LAST, SECOND, actions, load, site
from tests.factories import NOW

# A first load


@pytest.mark.django_db
def test_everything_is_created_and_published(folder: Path) -> None:
    report = load(folder)
    assert set(actions(report).values()) == {"created"}
    assert report.published == (
        "springs/where-rivers-begin",
        "springs/small-springs",
        "mouths/where-rivers-end",
    )
    course = models.Course.objects.get()
    assert site(course) == small_files()
    assert [lesson["slug"] for unit in course.outline["units"] for lesson in unit["lessons"]] == [
        "where-rivers-begin",
        "small-springs",
        "where-rivers-end",
    ]
    lesson = models.Lesson.objects.get(slug="where-rivers-begin")
    assert lesson.published_edition is not None
    assert "(Khan, 1961, pp. 2–3)" in lesson.published_edition.html


@pytest.mark.django_db
def test_faulty_folder_is_refused_whole(folder: Path, edit: Edit) -> None:
    edit("glossary.yaml", "[P03]", "[P33]")
    edit(FIRST, "[[spring]]", "[[sprong]]")
    with pytest.raises(CourseFaulty) as refused:
        load(folder)
    assert [fault.message for fault in refused.value.faults] == [
        "There is no paragraph “P33”.",
        "The glossary has no term “sprong”.",
    ]
    assert not models.Course.objects.exists()


@pytest.mark.django_db
def test_unfinished_course_is_loaded(folder: Path, edit: Edit) -> None:
    edit(LAST, 'sources="P03"', 'sources=""')
    edit("timeline.yaml", '"1949"', "1949")
    assert load(folder).counts[Action.CREATED] > 0


@pytest.mark.django_db
def test_draft_is_loaded_and_not_published(folder: Path, edit: Edit) -> None:
    edit(LAST, "---\n\n##", "draft: true\n---\n\n##")
    assert "mouths/where-rivers-end" not in load(folder).published
    lesson = models.Lesson.objects.get(slug="where-rivers-end")
    assert lesson.published_edition is None
    edit(LAST, "draft: true\n", "")
    assert load(folder).published == ("mouths/where-rivers-end",)
    edit(LAST, "---\n\n##", "draft: true\n---\n\n##")
    load(folder)
    lesson.refresh_from_db()
    assert lesson.published_edition is None
    assert lesson.editions.count() == 1


# The same again


def test_second_load_writes_nothing(loaded: models.Course, folder: Path) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = load(folder)
    assert actions(report) == {}
    assert report.published == ()
    verbs = {query["sql"].split()[0] for query in queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"}


def test_dry_run_tells_what_the_load_then_does(
    loaded: models.Course, folder: Path, edit: Edit
) -> None:
    edit("glossary.yaml", "Where water comes", "Where cold water comes")
    edit(SECOND, "A note.", "A longer note.")
    (folder / LAST).unlink()
    edit(FIRST, "See\n[the delta](lesson:mouths/where-rivers-end#delta).", "See the delta.")
    events = Event.objects.count()
    told = load(folder, dry_run=True)
    assert told.is_dry_run
    assert site(loaded) == small_files()
    assert Event.objects.count() == events
    done = load(folder)
    assert (done.changes, done.published) == (told.changes, told.published)
    assert actions(done) == {
        "lesson mouths/where-rivers-end": "withdrawn",
        "lesson springs/small-springs": "changed",
        "lesson springs/where-rivers-begin": "changed",
        "term spring": "changed",
    }


@pytest.mark.django_db
def test_dry_run_of_an_absent_course_leaves_none(folder: Path) -> None:
    assert set(actions(load(folder, dry_run=True)).values()) == {"created"}
    assert not models.Course.objects.exists()


# Changes in the files


@pytest.mark.parametrize(
    ("name", "old", "new", "changed"),
    [
        ("course.yaml", "Two sentences.", "Three sentences.", "course"),
        ("course.yaml", "year: 2020", "year: 2021", "course"),
        ("course.yaml", "Where rivers begin.", "Begin here.", "unit springs"),
        ("references.json", "Deltas", "River deltas", "reference zeb2006"),
        ("paragraphs.yaml", "gist: Rivers end.", "gist: They end.", "paragraph P03"),
        ("paragraphs.yaml", "cites: []", "cites: [zeb2006]", "paragraph P03"),
        ("glossary.yaml", "aliases: [delta, deltas]", "aliases: [deltas]", "term delta"),
        ("glossary.yaml", "sources: []", "sources: [P02]", "term spring"),
        ("actors.yaml", 'sco_since: "2017"', "sco_since: null", "actor pakistan"),
        ("timeline.yaml", "1973-08/1973-09~", "1973-08", "event great-flood"),
        ("timeline.yaml", "[amina-malik, pakistan]", "[pakistan]", "event first-survey"),
        ("places.yaml", "24.86", "24.87", "place karachi"),
        ("figures.yaml", "A blue line.", "A wavy line.", "figure river.svg"),
        ("figures/river.svg", "blue", "navy", "figure river.svg"),
        (SECOND, "A note.", "Another note.", "lesson springs/small-springs"),
        (SECOND, "objectives: []", "objectives:\n  - Know.", "lesson springs/small-springs"),
        (SECOND, "{#only ", "{#sole ", "lesson springs/small-springs"),
    ],
)
def test_change_of_one_object_changes_it_alone(
    loaded: models.Course, folder: Path, edit: Edit, name: str, old: str, new: str, changed: str
) -> None:
    edit(name, old, new)
    if name == "course.yaml":
        (folder / "LICENCE.md").unlink()
    assert {key.strip(): done for key, done in actions(load(folder)).items()} == {
        changed: "changed"
    }
    loaded.refresh_from_db()
    assert site(loaded)[name] == (folder / name).read_bytes()
    assert actions(load(folder)) == {}


def test_only_lessons_that_show_a_changed_work_are_published_again(
    loaded: models.Course, folder: Path, edit: Edit
) -> None:
    edit("references.json", "Springs of the north", "Springs of the south")
    assert load(folder).published == ("springs/where-rivers-begin",)
    edit("actors.yaml", "She measured", "She once measured")
    assert load(folder).published == ()


def test_lessons_and_units_take_the_order_of_the_files(loaded: models.Course, folder: Path) -> None:
    springs = folder / "lessons/springs"
    (springs / "02-small-springs.md").rename(springs / "01-small-springs.md")
    (springs / "01-where-rivers-begin.md").rename(springs / "02-where-rivers-begin.md")
    head, springs_unit, mouths_unit = re.split(
        "(?=  - slug: )", (folder / "course.yaml").read_text()
    )
    (folder / "course.yaml").write_text(head + mouths_unit + springs_unit)
    assert actions(load(folder)) == {"order springs/": "changed", "order units": "changed"}
    loaded.refresh_from_db()
    assert site(loaded) == write_folder(read_folder(folder).files)
    assert [unit["slug"] for unit in loaded.outline["units"]] == ["mouths", "springs"]


def test_new_lesson_in_the_middle_moves_the_others(loaded: models.Course, folder: Path) -> None:
    springs = folder / "lessons/springs"
    (springs / "02-small-springs.md").rename(springs / "03-small-springs.md")
    (springs / "02-warm-springs.md").write_text(THIRD.replace("delta", "warm", 1))
    report = load(folder)
    assert actions(report) == {"lesson springs/warm-springs": "created"}
    loaded.refresh_from_db()
    assert site(loaded).keys() == write_folder(read_folder(folder).files).keys()


# Objects that left the files


def test_object_that_nothing_uses_is_removed(
    loaded: models.Course, folder: Path, edit: Edit
) -> None:
    (folder / "places.yaml").write_text("[]\n")
    edit("actors.yaml", ACTORS.partition("- slug: pakistan")[0], "")
    edit("timeline.yaml", "[amina-malik, pakistan]", "[pakistan]")
    assert actions(load(folder)) == {
        "actor amina-malik": "removed",
        "event first-survey": "changed",
        "place karachi": "removed",
    }
    assert not loaded.places.exists()
    assert Event.objects.filter(kind="place.deleted", is_tombstone=True).count() == 1


def test_lesson_that_was_published_is_withdrawn_and_what_it_uses_stays(
    loaded: models.Course, folder: Path, edit: Edit
) -> None:
    (folder / LAST).unlink()
    (folder / "places.yaml").write_text("[]\n")
    edit("glossary.yaml", "sources: [P03]", "sources: []")
    edit(FIRST, "See\n[the delta](lesson:mouths/where-rivers-end#delta).", "See the delta.")
    text = (folder / "course.yaml").read_text()
    (folder / "course.yaml").write_text(text.partition("  - slug: mouths")[0])
    paragraphs = (folder / "paragraphs.yaml").read_text()
    (folder / "paragraphs.yaml").write_text(paragraphs.partition("- number: P03")[0])
    assert actions(load(folder)) == {
        "lesson mouths/where-rivers-end": "withdrawn",
        "lesson springs/where-rivers-begin": "changed",
        "paragraph P03": "still used",
        "place karachi": "removed",
        "term delta": "changed",
        "unit mouths": "still used",
    }
    lesson = models.Lesson.objects.get(slug="where-rivers-end")
    assert lesson.published_edition is None
    assert lesson.editions.count() == 1


def test_lesson_that_was_never_published_is_deleted_with_its_unit(
    loaded: models.Course, folder: Path, edit: Edit
) -> None:
    text = (folder / "course.yaml").read_text()
    (folder / "course.yaml").write_text(
        text + "  - slug: seas\n    title: Seas\n    summary: Salt.\n"
    )
    (folder / "lessons/seas").mkdir()
    draft = THIRD.replace("---\n\n##", "draft: true\n---\n\n##")
    (folder / "lessons/seas/01-salt.md").write_text(draft)
    load(folder)
    (folder / "lessons/seas/01-salt.md").unlink()
    (folder / "course.yaml").write_text(text)
    assert actions(load(folder)) == {"lesson seas/salt": "removed", "unit seas": "removed"}
    assert site(loaded) == small_files()


# All or nothing


def test_error_after_many_writes_takes_all_of_them_back(
    loaded: models.Course, folder: Path, edit: Edit, instructor: User
) -> None:
    # The checks see files alone: that the site lacks the term shows only at publishing.
    models.Section.terms.through.objects.all().delete()
    editing.noun_delete(noun=loaded.glossaryterms.get(slug="spring"), editor=instructor, now=NOW)
    edit("places.yaml", "24.86", "24.87")
    edit(FIRST, "Water comes from", "Cold water comes from")
    before = site(loaded)
    with pytest.raises(CourseFaulty) as refused:
        load(folder)
    (fault,) = refused.value.faults
    assert (fault.file, fault.message) == (FIRST, "The glossary has no term “spring”.")
    assert site(loaded) == before
    loaded.refresh_from_db()
    assert actions(load(folder, replace_edits=True))["term spring"] == "created"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_first_loads_at_once_make_one_course(folder: Path) -> None:
    barrier = Barrier(2)
    reports: list[LoadReport] = []

    def run() -> None:
        try:
            barrier.wait()
            reports.append(load(folder))
        finally:
            connection.close()

    threads = [Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(actions(report)) > 0 for report in reports) == [False, True]
    assert site(models.Course.objects.get()) == small_files()


# Bundled courses


@pytest.mark.django_db
def test_load_absent_loads_what_is_absent_and_nothing_else(
    folder: Path, settings: LazySettings, instructor: User, edit: Edit
) -> None:
    settings.COURSES_DIR = folder.parent
    assert [report.course_slug for report in services.load_absent(now=NOW)] == ["small"]
    edit("glossary.yaml", "Where water comes", "Where cold water comes")
    with CaptureQueriesContext(connection) as queries:
        assert services.load_absent(now=NOW) == []
    assert len(queries) == 1
