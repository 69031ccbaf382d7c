"""Every fault of a course, at its line; each case breaks the small course in one way."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.courseware.checks import check_folder
from tests.courseware.conftest import Edit
from tests.courseware.folders import small_files
from tests.courseware.strategies import AWKWARD

FIRST = "lessons/springs/01-where-rivers-begin.md"
SECOND = "lessons/springs/02-small-springs.md"
DATES = "write 2017-06-09, 2017-06, 2017, 196X or 1979/1988."
THIRD = "lessons/mouths/01-where-rivers-end.md"


def faults_of(folder: Path, *levels: str) -> list[str]:
    return [
        f"{fault.file}:{fault.line}: {fault.message}"
        for fault in check_folder(folder).faults
        if fault.level in (levels or ("error", "unfinished"))
    ]


def test_small_course_has_no_faults(folder: Path) -> None:
    assert faults_of(folder) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "faults"),
    [
        # Keys and values
        (
            "actors.yaml",
            "kind: person",
            "kind: poet",
            ["actors.yaml:3: kind: “poet” is unknown."],
        ),
        ("actors.yaml", "iso: PK", "iso: pk", ["actors.yaml:16: “pk” is not a country code."]),
        ("actors.yaml", "sco: member", "sco: guest", ["actors.yaml:17: sco: “guest” is unknown."]),
        ("places.yaml", "kind: port", "kind: ship", ["places.yaml:5: kind: “ship” is unknown."]),
        (
            "references.json",
            '"kind": "book"',
            '"kind": "tome"',
            ["references.json:46: kind: “tome” is unknown."],
        ),
        (
            "timeline.yaml",
            '"1949"',
            '"1949-13"',
            ["timeline.yaml:2: “1949-13” is not in the calendar."],
        ),
        (
            "timeline.yaml",
            '"1949"',
            '"the 1940s"',
            [f"timeline.yaml:2: “the 1940s” is not a date; {DATES}"],
        ),
        ("course.yaml", "2020-01-31", "2020-02-31", ["course.yaml:18: “2020-02-31” is not a day."]),
        (
            "course.yaml",
            "doi: 10.1234/rivers",
            "doi: [10.1234/rivers]",
            ["course.yaml:17: doi: is not a text."],
        ),
        (
            "course.yaml",
            "language: en",
            "language: English",
            ["course.yaml:4: “English” is not a language code."],
        ),
        # What is named must exist
        (
            "paragraphs.yaml",
            "cites: [khan1961]",
            "cites: [khan1962]",
            ["paragraphs.yaml:5: There is no reference “khan1962”."],
        ),
        (
            "glossary.yaml",
            "sources: [P03]",
            "sources: [P03, P04]",
            ["glossary.yaml:5: There is no paragraph “P04”."],
        ),
        (
            "timeline.yaml",
            "[amina-malik, pakistan]",
            "[amina-malik, russia]",
            ["timeline.yaml:5: There is no actor “russia”."],
        ),
        (
            FIRST,
            "key: khan1961",
            "key: khan1962",
            [f"{FIRST}:10: There is no reference “khan1962”."],
        ),
        (
            FIRST,
            'sources="P02 P01"',
            'sources="P02 P99"',
            [f"{FIRST}:21: There is no paragraph “P99”."],
        ),
        (
            FIRST,
            "[@khan1961, pp",
            "[@khan1962, pp",
            [f"{FIRST}:16: No reference has the key “khan1962”."],
        ),
        (
            FIRST,
            "@zeb2006 says",
            "It was\n@zeb2007 who said",
            [f"{FIRST}:24: No reference has the key “zeb2007”."],
        ),
        (FIRST, "[[spring]]", "[[sprong]]", [f"{FIRST}:16: The glossary has no term “sprong”."]),
        (
            FIRST,
            "where-rivers-end#delta",
            "where-rivers-end#end",
            [f"{FIRST}:17: The lesson has no section “mouths/where-rivers-end#end”."],
        ),
        (
            FIRST,
            "mouths/where-rivers-end#delta",
            "mouths/nowhere",
            [f"{FIRST}:17: There is no lesson “mouths/nowhere”; write unit/lesson."],
        ),
        (
            FIRST,
            "figure:river.svg",
            "figure:lake.svg",
            [f"{FIRST}:19: There is no figure “lake.svg”."],
        ),
        (
            THIRD,
            "is flat.",
            "is [flat](source:P77).",
            [f"{THIRD}:11: The article has no paragraph “P77”."],
        ),
        (
            "glossary.yaml",
            "@zeb2006",
            "@zeb2007",
            ["glossary.yaml:4: No reference has the key “zeb2007”."],
        ),
        (
            "glossary.yaml",
            "[[spring|",
            "[[spreng|",
            ["glossary.yaml:4: The glossary has no term “spreng”."],
        ),
        # Twice
        (
            FIRST,
            "{#flow ",
            "{#spring ",
            [f"{FIRST}:21: The anchor “spring” stands in line 14 already."],
        ),
        (
            "glossary.yaml",
            "slug: spring",
            "slug: delta",
            [
                "glossary.yaml:6: The slug “delta” stands in line 1 already.",
            ],
        ),
        (
            "glossary.yaml",
            "term: spring",
            "term: Delta",
            ["glossary.yaml:8: “delta” is also a name of the term “delta”."],
        ),
        (
            "paragraphs.yaml",
            "number: P03",
            "number: P02",
            [
                "glossary.yaml:5: There is no paragraph “P03”.",
                f"{THIRD}:9: There is no paragraph “P03”.",
                "paragraphs.yaml:13: The number “P02” stands in line 7 already.",
                "places.yaml:7: There is no paragraph “P03”.",
            ],
        ),
        (
            "references.json",
            '"id": "zeb2006"',
            '"id": "khan1961"',
            [
                "glossary.yaml:4: No reference has the key “zeb2006”.",
                f"{FIRST}:23: No reference has the key “zeb2006”.",
                "paragraphs.yaml:11: There is no reference “zeb2006”.",
                "references.json:29: The id “khan1961” stands in line 2 already.",
            ],
        ),
        # Unfinished
        (THIRD, 'sources="P03"', 'sources=""', ["paragraphs.yaml:13: No section teaches P03."]),
        (
            FIRST,
            'sources="P02 P01"',
            'sources="P02 P01 P02"',
            [f"{FIRST}:21: The section names P02 more than once."],
        ),
        # Alternative text
        (
            "figures.yaml",
            "alt: A blue line.",
            'alt: ""',
            [
                "figures.yaml:2: alt: is empty.",
                f"{FIRST}:19: The figure “river.svg” has no alternative text.",
            ],
        ),
    ],
)
def test_each_fault_is_told_with_its_line(
    folder: Path, edit: Edit, name: str, old: str, new: str, faults: list[str]
) -> None:
    edit(name, old, new)
    assert faults_of(folder) == faults


def test_a_file_that_cannot_be_read_does_not_make_its_readers_faulty(
    folder: Path, edit: Edit
) -> None:
    edit("references.json", '[\n  {\n    "id"', "[\n  {\n    id")
    edit("glossary.yaml", "- slug: delta", "- slug: *delta")
    edit(THIRD, "title:", "titel")
    faults = [fault for fault in check_folder(folder).faults if fault.level != "advice"]
    assert sorted({fault.file for fault in faults}) == ["glossary.yaml", THIRD, "references.json"]


@pytest.mark.parametrize(
    "name",
    [
        *("course.yaml", "references.json", "paragraphs.yaml", "glossary.yaml", "actors.yaml"),
        *("timeline.yaml", "places.yaml", "figures.yaml"),
    ],
)
def test_missing_file_is_a_fault_and_nothing_else_is(folder: Path, name: str) -> None:
    (folder / name).unlink()
    if name == "figures.yaml":
        shutil.rmtree(folder / "figures")
    assert faults_of(folder) == [f"{name}:0: The file is missing."]


def test_stray_files_are_faults(folder: Path) -> None:
    (folder / "notes.txt").write_text("Mine.")
    (folder / "figures/lake.png").write_bytes(b"")
    (folder / "lessons/loose.md").write_text("")
    (folder / "lessons/seas").mkdir()
    (folder / "lessons/seas/01-salt.md").write_text("")
    (folder / "lessons/mouths/2-small.md").write_text("")
    (folder / "places.yaml").rename(folder / "elsewhere.yaml")
    (folder / "places.yaml").symlink_to("elsewhere.yaml")
    (folder / ".hidden").write_text("Not seen.")
    assert faults_of(folder) == [
        "elsewhere.yaml:0: The file is no part of a course.",
        "figures/lake.png:0: figures.yaml does not name this file.",
        "lessons/loose.md:0: The file is no part of a course.",
        "lessons/mouths/2-small.md:0: The file's name is wrong.",
        "lessons/seas/01-salt.md:0: No unit has the address “seas”.",
        "notes.txt:0: The file is no part of a course.",
        "places.yaml:0: The file is missing.",
        "places.yaml:0: This is not a plain file.",
    ]


def test_unit_without_lessons_is_unfinished(folder: Path, edit: Edit) -> None:
    (folder / THIRD).unlink()
    edit(FIRST, "See\n[the delta](lesson:mouths/where-rivers-end#delta).", "")
    edit(SECOND, 'sources=""', 'sources="P03"')
    assert faults_of(folder, "error") == []
    assert faults_of(folder, "unfinished")[-1:] == [
        "course.yaml:24: The unit “mouths” has no lessons."
    ]


def test_lessons_are_numbered_without_gaps(folder: Path) -> None:
    (folder / SECOND).rename(folder / SECOND.replace("02", "03"))
    assert faults_of(folder) == [
        "lessons/springs/03-small-springs.md:2: The lessons of “springs” are not numbered 01 to 02."
    ]


def test_two_lessons_of_one_unit_need_two_addresses(folder: Path) -> None:
    copy = "lessons/springs/03-small-springs.md"
    shutil.copy(folder / SECOND, folder / copy)
    assert faults_of(folder) == [
        f"{copy}:2: The address “springs/small-springs” stands in {SECOND} already."
    ]


def test_section_with_four_paragraphs_and_paragraph_in_four_sections(
    folder: Path, edit: Edit
) -> None:
    edit("paragraphs.yaml", "- number: P03\n", PARAGRAPH_4 + "- number: P03\n")
    edit(SECOND, 'sources=""', 'sources="P01 P02 P03 P04"')
    more = "".join(f'\n## S {{#s{i} sources="P01"}}\n\n[@khan1961]\n' for i in range(2))
    (folder / THIRD).write_text((folder / THIRD).read_text() + more)
    assert [fault for fault in faults_of(folder) if "canonical" not in fault] == [
        f"{THIRD}:13: P01 is named by 5 sections.",
        f"{THIRD}:17: P01 is named by 5 sections.",
        f"{SECOND}:9: The section names 4 paragraphs.",
    ]


PARAGRAPH_4 = """\
- number: P04
  heading: ""
  page: null
  gist: More.
  cites: []
  note: ""
"""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg", "river.svg is not well-formed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "river.svg holds “<script>”"),
        (b" " * 204_801, "river.svg has 200 KB"),
    ],
)
def test_picture_that_is_none_or_could_act_is_a_fault(
    folder: Path, content: bytes, message: str
) -> None:
    (folder / "figures/river.svg").write_bytes(content)
    (fault,) = check_folder(folder).errors
    assert (fault.file, fault.message[: len(message)]) == ("figures/river.svg", message)


def test_missing_picture_is_a_fault(folder: Path) -> None:
    (folder / "figures/river.svg").unlink()
    assert faults_of(folder) == ["figures.yaml:1: figures/river.svg is missing."]


def test_errors_of_a_draft_do_not_stop_it_from_being_loaded(folder: Path, edit: Edit) -> None:
    edit(THIRD, "---\n\n##", "draft: true\n---\n\n##")
    edit(THIRD, "[[river delta]]", "[[river fan]]")
    assert faults_of(folder, "error") == []
    assert faults_of(folder, "unfinished") == [f"{THIRD}:12: The glossary has no term “river fan”."]


def test_what_content_advises_is_advice(folder: Path, edit: Edit) -> None:
    edit(FIRST, " [@khan1961, pp. 2-3]", "")
    assert faults_of(folder) == []
    assert f"{FIRST}:16: P01: this paragraph cites works, and the section cites none of these." in (
        faults_of(folder, "advice")
    )


QUESTION = """\
- slug: what-a-spring-is
  type: essay
  lesson: springs/where-rivers-begin
  anchor: spring
  objectives: [explain-springs]
  sources: [P01]
  tags: []
  difficulty: easy
  bloom: understand
  stem: What is a spring?
  spec:
    min_words: 1
    max_words: 90
    guidance: Say it plainly.
    rubric:
      - id: claim
        title: Claim
        description: Says it.
        levels:
          - text: Not said
            credit: "0"
          - text: Said
            credit: "1"
        weight: "1"
    model_answer: Where water comes out.
    source: P01
  explanation: ""
"""


def test_objectives_are_named_by_keys_and_each_is_tested(folder: Path, edit: Edit) -> None:
    edit(FIRST, "what a spring is.\n", "what a spring is.\n  - Draw one. {#drawing}\n")
    (folder / "questions").mkdir()
    (folder / "questions/springs.yaml").write_text(QUESTION)
    untested = "No question tests this objective."
    assert [text for text in faults_of(folder, "advice") if untested in text] == [
        f"{FIRST}:{line}: {untested}" for line in (4, 5)
    ]
    file = "questions/springs.yaml"
    assert faults_of(folder) == [f"{file}:5: The lesson has no objective “explain-springs”."]
    edit(FIRST, "a spring is.\n", "a spring is. {#explain-springs}\n")
    assert faults_of(folder) == []
    edit(FIRST, "{#drawing}", "{#explain-springs}")
    assert faults_of(folder) == [f"{FIRST}:5: Two objectives have the key “explain-springs”."]
    edit(FIRST, "one. {#explain-springs}", "one.{#drawing}")
    (fault,) = check_folder(folder).errors
    assert (fault.line, fault.message[:11]) == (5, "“Draw one.{")


# Canonical form


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("timeline.yaml", '"1949"', "1949", 2),
        ("glossary.yaml", "aliases: [delta, deltas]", "aliases:\n    - delta\n    - deltas", 3),
        ("course.yaml", "title: A small course", "title: 'A small course'", 2),
        ("references.json", '"type": "book",', '"type":"book",', 30),
        (FIRST, "## How", "\n\n## How", 21),
        (THIRD, "is flat.", "is flat.   ", 11),
        (THIRD, "is flat.\n", "is flat.\r\n", 11),
        (THIRD, "is flat.", "is fla\u0301t.", 11),
        (THIRD, "is flat.\n", "is flat.", 12),
        ("LICENCE.md", "Made for tests.", "Made for all.", 5),
    ],
)
def test_departure_from_canonical_form_is_told_and_fixed(
    folder: Path, edit: Edit, name: str, old: str, new: str, line: int
) -> None:
    original = (folder / name).read_bytes()
    edit(name, old, new)
    checked = check_folder(folder)
    assert [(f.file, f.line, f.level) for f in checked.faults if f.level != "advice"] == [
        (name, line, "unfinished")
    ]
    assert checked.rewrite(folder) == [name]
    if "\u0301" not in new:
        assert (folder / name).read_bytes() == original
    assert faults_of(folder) == []


def test_fix_leaves_a_file_that_could_not_be_read(folder: Path, edit: Edit) -> None:
    edit("glossary.yaml", "term: spring", "trem: spring")
    edit("timeline.yaml", '"1949"', "1949")
    before = (folder / "glossary.yaml").read_bytes()
    assert check_folder(folder).rewrite(folder) == ["timeline.yaml"]
    assert (folder / "glossary.yaml").read_bytes() == before


# Whatever the bytes


@settings(max_examples=settings().max_examples // 4)
@given(
    name=st.sampled_from(sorted(small_files())),
    start=st.floats(0, 1),
    length=st.integers(0, 40),
    middle=st.binary(max_size=8) | st.sampled_from(AWKWARD).map(str.encode),
)
def test_checking_never_raises(
    tmp_path_factory: pytest.TempPathFactory, name: str, start: float, length: int, middle: bytes
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    for other, content in small_files().items():
        (folder / other).parent.mkdir(parents=True, exist_ok=True)
        if other == name:
            cut = round(start * len(content))
            content = content[:cut] + middle + content[cut + length :]  # noqa: PLW2901
        (folder / other).write_bytes(content)
    checked = check_folder(folder)
    # What can be mended is mended; what is canonical then stays so.
    checked.rewrite(folder)
    assert check_folder(folder).rewrite(folder) == []
