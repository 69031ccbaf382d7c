"""Debates in a course's files: checked, loaded over what classes hold, and written back."""

from pathlib import Path

import pytest
import yaml

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content import models
from apps.courseware.checks import check_folder
from apps.courseware.errors import CourseFaulty
from apps.debates import services
from apps.debates.models import Debate, DebateRun
from tests.courseware.loads import actions, load, site
from tests.debates.factories import join, windows
from tests.factories import NOW

BUNDLED = Path(__file__).parents[2] / "courses" / "pakistan-russia-sco"
FILE = "debates/where-rivers-belong.yaml"
DEBATE = """\
slug: where-rivers-belong
position: 1
motion: A river belongs to those who live at its mouth.
background: See [P01](source:P01) and @khan1961.
side_rule: balanced
rebuttals_owed: 0
sides:
  - key: for
    label: "Yes"
    leaning: for
    sources:
      - key: khan1961
        note: An early survey.
    opening: It ends there.
  - key: against
    label: "No"
    leaning: against
    actor: amina-malik
    sources: []
    opening: ""
"""


@pytest.fixture
def debated(folder: Path) -> Path:
    """The small course with a debate."""
    file = folder / FILE
    file.parent.mkdir()
    file.write_text(DEBATE, encoding="utf-8")
    return folder


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / FILE
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def held(course: models.Course, classroom: Classroom, actor: User) -> DebateRun:
    classroom.course = course
    classroom.save()
    return services.run_open(
        debate=Debate.objects.get(course=course),
        classroom=classroom,
        windows=windows(),
        actor=actor,
        now=NOW,
    )


def test_debate_is_loaded_with_its_sides_and_written_back_as_it_was(
    db: None, debated: Path
) -> None:
    load(debated)
    debate = Debate.objects.get()
    assert (debate.side_rule, debate.rebuttals_owed, debate.arguments_owed) == ("balanced", 0, 1)
    assert "P01</a>" in debate.background_html
    sides = [(side.key, side.leaning, str(side.actor or "")) for side in debate.sides.all()]
    assert sides == [("for", 1, ""), ("against", -1, "Amina Malik")]
    assert site(debate.course)[FILE].decode() == DEBATE
    assert actions(load(debated)) == {}


def test_change_of_the_file_leaves_what_a_class_holds(
    debated: Path, classroom: Classroom, instructor: User, student: User
) -> None:
    load(debated)
    run = held(Debate.objects.get().course, classroom, instructor)
    participant = join(run, student)
    edit(debated, "those who live at its mouth", "everybody")
    edit(debated, "rebuttals_owed: 0", "rebuttals_owed: 5")
    assert actions(load(debated)) == {"debate where-rivers-belong": "changed"}
    run.refresh_from_db()
    participant.refresh_from_db()
    assert "mouth" in run.motion
    assert run.rebuttals_owed == 0
    assert Debate.objects.get().motion.endswith("everybody.")


@pytest.mark.parametrize(
    ("old", "new"), [("key: for", "key: renamed"), ("leaning: against", "leaning: neither")]
)
def test_sides_that_a_class_argues_stay_and_nothing_is_half_written(
    debated: Path, classroom: Classroom, instructor: User, old: str, new: str
) -> None:
    load(debated)
    held(Debate.objects.get().course, classroom, instructor)
    edit(debated, old, new)
    edit(debated, "at its mouth", "at its source")
    before = site(Debate.objects.get().course)
    with pytest.raises(CourseFaulty) as refused:
        load(debated)
    (fault,) = refused.value.faults
    assert (fault.file, "A class holds this debate" in fault.message) == (FILE, True)
    assert site(Debate.objects.get().course) == before


def test_debate_gone_from_the_files_goes_unless_a_class_holds_it(
    debated: Path, classroom: Classroom, instructor: User
) -> None:
    load(debated)
    text = (debated / FILE).read_text(encoding="utf-8")
    (debated / FILE).unlink()
    assert actions(load(debated)) == {"debate where-rivers-belong": "removed"}
    assert not Debate.objects.exists()
    (debated / FILE).write_text(text, encoding="utf-8")
    load(debated)
    held(Debate.objects.get().course, classroom, instructor)
    (debated / FILE).unlink()
    assert actions(load(debated)) == {"debate where-rivers-belong": "still used"}


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("balanced", "loud", 5, "side_rule: “loud” is unknown."),
        ("balanced", "against", None, None),
        ("leaning: against", "leaning: neither", None, None),
        ("leaning: for", "leaning: up", 10, "leaning: “up” is unknown."),
        ("khan1961\n        note", "nobody\n        note", 12, "There is no reference “nobody”."),
        ("actor: amina-malik", "actor: nobody", 18, "There is no actor “nobody”."),
        ("key: against", "key: for", 15, "The key “for” stands in line 8 already."),
        ("@khan1961", "@nobody1999", 4, "nobody1999"),
        ("(source:P01)", "(source:P99)", 4, "P99"),
        ("rebuttals_owed: 0", "rebuttals_owed: many", 6, "is not a whole number"),
        ("rebuttals_owed: 0", "max_words: 3", 6, "At most as many words"),
        ("slug: where-rivers-belong", "slug: elsewhere", 1, "The file's name is not its slug."),
    ],
)
def test_fault_names_file_line_and_reason(
    debated: Path, old: str, new: str, line: int | None, message: str | None
) -> None:
    edit(debated, old, new)
    errors = check_folder(debated).errors
    if message is None:
        assert errors == []
    else:
        assert [(fault.file, fault.line) for fault in errors] == [(FILE, line)]
        assert message in errors[0].message


def test_arguing_against_oneself_needs_both_sides(debated: Path) -> None:
    edit(debated, "balanced", "against")
    edit(debated, "leaning: against", "leaning: neither")
    (fault,) = check_folder(debated).errors
    assert fault.message.startswith("To argue against one's own stance")


# What the bundled course promises


def bundled_debates() -> list[dict[str, object]]:
    return [
        yaml.safe_load(file.read_text(encoding="utf-8"))
        for file in sorted((BUNDLED / "debates").glob("*.yaml"))
    ]


def test_bundled_course_has_ten_debates_that_can_be_argued() -> None:
    debates = bundled_debates()
    assert len(debates) >= 10
    assert sorted(debate["position"] for debate in debates) == list(range(1, len(debates) + 1))  # type: ignore[type-var]
    for debate in debates:
        assert "source:P" in str(debate["background"]), debate["slug"]
        sides = debate["sides"]
        assert isinstance(sides, list)
        for side in sides:
            assert side["sources"], (debate["slug"], side["key"])
            assert "source:P" in side["opening"] or side["actor"], (debate["slug"], side["key"])
            assert 30 <= len(side["opening"].split()) <= 300, (debate["slug"], side["key"])
    rules = {debate.get("side_rule", "chosen") for debate in debates}
    assert rules == {"chosen", "balanced", "random", "against"}
    actors = {side.get("actor") for debate in debates for side in debate["sides"]}  # type: ignore[attr-defined]
    assert {"pakistan", "russia", "india", "china"} <= actors


def test_bundled_debates_load(bundled: models.Course) -> None:
    assert bundled.debates.count() == len(bundled_debates())
    assert all(debate.background_html for debate in bundled.debates.all())
