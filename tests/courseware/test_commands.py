"""What each command says, and with which status it ends."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.content import models
from tests.courseware.conftest import Edit
from tests.courseware.folders import small_files
from tests.courseware.loads import FIRST, LAST, term_edit


def run(name: str, *args: Any, **options: Any) -> str:
    """What the command writes, and why it fails if it does, as a person sees it."""
    out = StringIO()
    try:
        call_command(name, *args, stdout=out, stderr=out, no_color=True, **options)
    except CommandError as error:
        out.write(f"FAILED ({error.returncode}): {error}\n")
    return out.getvalue()


def lines_of(text: str) -> list[str]:
    """Without advice, which small courses get a lot of."""
    return [line for line in text.splitlines() if not line.startswith("advice:")]


def test_check_of_a_sound_course(folder: Path) -> None:
    assert lines_of(run("course_check", folder)) == ["No faults."]


DEPARTURE = (
    "unfinished: timeline.yaml:2: This is not the canonical form: “  date: 1949” stands where "
    '“  date: "1949"” belongs. Run course_check with --fix.'
)


def test_check_lists_every_fault_and_fails(folder: Path, edit: Edit) -> None:
    edit("glossary.yaml", "[P03]", "[P33]")
    edit("timeline.yaml", '"1949"', "1949")
    assert lines_of(run("course_check", folder)) == [
        "error: glossary.yaml:5: There is no paragraph “P33”. Correct it, or add it.",
        DEPARTURE,
        "FAILED (1): 2 faults.",
    ]


def test_check_mends_the_form_when_told(folder: Path, edit: Edit) -> None:
    edit("timeline.yaml", '"1949"', "1949")
    assert lines_of(run("course_check", folder, "--fix")) == [
        "Rewrote timeline.yaml.",
        "No faults.",
    ]
    assert (folder / "timeline.yaml").read_bytes() == small_files()["timeline.yaml"]


@pytest.mark.parametrize("name", ["course_check", "course_load"])
def test_path_that_is_no_folder(name: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert run(name, missing) == f"FAILED (1): {missing} is not a folder.\n"


@pytest.mark.django_db
def test_load_says_what_it_did(folder: Path) -> None:
    assert run("course_load", folder) == "small: 19 created, 3 published.\n"


def test_load_names_what_it_changed(loaded: models.Course, folder: Path, edit: Edit) -> None:
    edit(LAST, "is flat", "is very flat")
    assert run("course_load", folder).splitlines() == [
        "     changed  lesson mouths/where-rivers-end",
        "   published  lesson mouths/where-rivers-end",
        "small: 1 changed, 21 kept, 1 published.",
    ]


@pytest.mark.django_db
def test_dry_run_of_a_new_course_names_everything(folder: Path) -> None:
    lines = run("course_load", folder, "--dry-run").splitlines()
    assert len(lines) == 19 + 3 + 2


def test_dry_run_says_what_it_would_do(loaded: models.Course, folder: Path, edit: Edit) -> None:
    edit("places.yaml", "24.86", "24.87")
    assert run("course_load", folder, "--dry-run").splitlines() == [
        "     changed  place karachi",
        "small: 1 changed, 21 kept.",
        "This was a dry run; nothing was written.",
    ]
    assert str(loaded.places.get().latitude) == "24.86"


@pytest.mark.django_db
def test_load_of_a_faulty_folder_says_why(folder: Path, edit: Edit) -> None:
    edit("glossary.yaml", "[P03]", "[P33]")
    assert run("course_load", folder).splitlines() == [
        "glossary.yaml:5: There is no paragraph “P33”. Correct it, or add it.",
        "FAILED (1): 1 fault stops the course from being loaded.",
    ]


@pytest.fixture
def conflict(loaded: models.Course, edit: Edit, instructor: User) -> models.Course:
    term_edit(loaded, instructor)
    edit("glossary.yaml", "Where water comes out", "Where water rises out")
    return loaded


ADVICE = (
    "1 object was changed in the files and on the site. Nothing was written. "
    "Use --replace-edits to take the files, or --keep-edits to keep the site's."
)


def test_conflict_says_what_to_do(conflict: models.Course, folder: Path) -> None:
    assert run("course_load", folder).splitlines() == [
        "    conflict  term spring",
        f"FAILED (1): {ADVICE}",
    ]
    assert run("course_load", folder, "--dry-run").splitlines() == [
        "    conflict  term spring",
        "small: 1 conflict, 21 kept.",
        "This was a dry run; nothing was written.",
        ADVICE,
    ]


@pytest.mark.parametrize(
    ("option", "done"), [("--replace-edits", "changed"), ("--keep-edits", "edited here")]
)
def test_conflict_is_settled_by_an_option(
    conflict: models.Course, folder: Path, option: str, done: str
) -> None:
    assert run("course_load", folder, option).splitlines()[0].split(maxsplit=1)[0] in done


def test_export_writes_the_folder(loaded: models.Course, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("course_export", "small", out) == f"Wrote 13 files to {out}.\n"
    assert (out / FIRST).read_bytes() == small_files()[FIRST]


def test_export_refuses_a_foreign_folder(loaded: models.Course, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Mine.")
    assert run("course_export", "small", tmp_path) == (
        f"FAILED (1): {tmp_path} holds something else; name a new folder, or an exported course to "
        "replace.\n"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "more"), [("course_export", ["/nowhere"]), ("course_coverage", [])]
)
def test_course_that_is_not_there(name: str, more: list[str]) -> None:
    assert run(name, "none", *more) == "FAILED (1): There is no course “none”.\n"


def test_coverage_lists_the_uses(loaded: models.Course) -> None:
    lines = run("course_coverage", "small").splitlines()
    assert lines[0] == "Paragraphs"
    assert lines[4] == "References"
    assert lines[-1] == "Every paragraph is taught, every work is used."


def test_coverage_fails_where_something_is_taught_by_nothing(
    folder: Path, edit: Edit, db: None
) -> None:
    edit(LAST, 'sources="P03"', 'sources=""')
    edit("glossary.yaml", "sources: [P03]", "sources: []")
    edit("places.yaml", "sources: [P03]", "sources: []")
    run("course_load", folder)
    text = run("course_coverage", "small")
    assert "  P03: nothing\n" in text
    assert text.endswith("FAILED (1): 1 paragraphs are taught by no section; 0 works are unused.\n")


@pytest.mark.django_db
def test_absent_courses_are_loaded_once(folder: Path, settings: LazySettings) -> None:
    settings.COURSES_DIR = folder.parent
    assert run("courses_load_absent") == "Loaded the course small.\n"
    assert run("courses_load_absent") == ""


@pytest.mark.django_db
def test_absent_course_with_a_fault_says_why(
    folder: Path, settings: LazySettings, edit: Edit
) -> None:
    settings.COURSES_DIR = folder.parent
    edit("glossary.yaml", "[P03]", "[P33]")
    assert run("courses_load_absent").splitlines() == [
        "glossary.yaml:5: There is no paragraph “P33”. Correct it, or add it.",
        "FAILED (1): 1 fault stops the course from being loaded.",
    ]
