"""Exporting: nothing is lost, nothing foreign is touched, and no folder is half written."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content import models
from apps.courseware import selectors, services
from apps.courseware.errors import FolderInUse, NotExportable
from apps.courseware.format import CourseFiles, parse_folder, read_folder, records, write_folder
from apps.courseware.format.plaintext import clean_body
from tests.bundled import BUNDLED
from tests.courseware import strategies as awkward
from tests.courseware.folders import small_files
from tests.courseware.loads import load, site


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_export_of_an_untouched_course_is_its_folder(
    loaded: models.Course, folder: Path, tmp_path: Path
) -> None:
    report = services.course_export(loaded, tmp_path / "new" / "out")
    assert report.files == len(small_files())
    assert contents(tmp_path / "new" / "out") == contents(folder)


def test_export_of_the_untouched_bundled_course_is_its_folder(
    bundled: models.Course, tmp_path: Path
) -> None:
    services.course_export(bundled, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(BUNDLED)


def test_export_reads_in_a_fixed_number_of_queries(
    loaded: models.Course, bundled: models.Course
) -> None:
    counts = []
    for course in (loaded, bundled):
        with CaptureQueriesContext(connection) as queries:
            selectors.course_files(course)
        counts.append(len(queries))
    # course's units, article; references; paragraphs and their works; four nouns and their
    # paragraphs; the events' actors; figures; lessons, sections, sources, paragraphs, readings,
    # references; questions and quizzes, and where there are any the questions' tags and the
    # quizzes' items; debates, and where there are any their sides, actors, sources and works.
    assert counts == [24, 30]


def course_texts() -> st.SearchStrategy[CourseFiles]:
    """The small course with awkward text wherever text may stand freely."""
    small = parse_folder(small_files()).files
    text = awkward.texts().map(awkward.filled)
    line = awkward.lines().map(lambda value: awkward.filled(value[:120]))

    def build(texts: list[str], lines: list[str], body: str) -> CourseFiles:
        course = small.course
        article = course.article
        return CourseFiles(
            course=records.Course(
                slug=course.slug,
                title=lines[0],
                summary=texts[0],
                language="ur",
                licence=records.Licence(name="CC", url="", notice=texts[1]),
                article=records.Article(
                    title=lines[1],
                    authors=(lines[2], lines[3]),
                    journal=lines[4],
                    year=article.year,
                    volume="",
                    issue="",
                    pages="",
                    doi="",
                    published=None,
                    licence="",
                ),
                units=course.units[:1],
            ),
            references=small.references,
            paragraphs=tuple(
                records.Paragraph(
                    number=item.number, heading=lines[5], gist=texts[2], note=texts[3]
                )
                for item in small.paragraphs
            ),
            lessons=(
                records.Lesson(
                    unit="springs",
                    position=1,
                    slug="a",
                    title=lines[6],
                    objectives=tuple(lines),
                    summary=(lines[7],),
                    further_reading=(records.FurtherReading(key="khan1961", note=texts[4]),),
                    draft=True,
                    sections=(
                        records.Section(
                            anchor="a",
                            heading=lines[8],
                            sources=("P02", "P01"),
                            body=clean_body(f"{body}\n\nThe end."),
                        ),
                    ),
                ),
            ),
        ).in_order()

    return st.builds(
        build,
        st.lists(text, min_size=5, max_size=5),
        st.lists(line, min_size=9, max_size=9),
        st.lists(st.sampled_from(awkward.PROSE), max_size=6).map("\n".join),
    )


@pytest.mark.django_db
@settings(max_examples=settings().max_examples // 12)  # each is a whole load
@given(files=course_texts())
def test_awkward_text_survives_the_site(
    files: CourseFiles, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("awkward")
    written = write_folder(files)
    for name, content in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert read_folder(folder).files == files
    with transaction.atomic():
        load(folder)
        assert site(models.Course.objects.get(slug="small")) == written
        transaction.set_rollback(True)


# Where it is written


def test_earlier_export_is_replaced_whole(loaded: models.Course, tmp_path: Path) -> None:
    out = tmp_path / "out"
    services.course_export(loaded, out)
    (out / "lessons/mouths/09-gone.md").write_text("An old lesson.")
    loaded.title = "Another title"
    loaded.save()
    services.course_export(loaded, out)
    assert contents(out) == site(loaded)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_empty_folder_is_filled(loaded: models.Course, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    services.course_export(loaded, tmp_path / "out")
    assert contents(tmp_path / "out") == small_files()


@pytest.mark.parametrize("name", ["notes.txt", ".git/config", "lessons/springs/.draft.md", "a/b"])
def test_folder_with_something_else_is_refused(
    loaded: models.Course, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    services.course_export(loaded, out)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("Mine.")
    before = contents(out)
    with pytest.raises(FolderInUse):
        services.course_export(loaded, out)
    assert contents(out) == before


def test_folder_of_another_course_is_refused(loaded: models.Course, tmp_path: Path) -> None:
    services.course_export(loaded, tmp_path / "out")
    loaded.slug = "other"
    with pytest.raises(FolderInUse):
        services.course_export(loaded, tmp_path / "out")


def test_file_and_link_are_refused(loaded: models.Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("Mine.")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    for name in ("file", "link"):
        with pytest.raises(FolderInUse):
            services.course_export(loaded, tmp_path / name)


def test_text_that_no_file_may_hold_is_named_and_nothing_is_written(
    loaded: models.Course, tmp_path: Path
) -> None:
    models.Section.objects.filter(anchor="only").update(body="```\nnever closed")
    section = models.Section.objects.get(anchor="only")
    models.Section.objects.create(
        lesson=section.lesson, anchor="next", heading="Next", body="Text.", position=9
    )
    with pytest.raises(NotExportable, match="springs/small-springs#only"):
        services.course_export(loaded, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_text_from_a_browser_is_written_with_line_feeds(loaded: models.Course) -> None:
    models.Section.objects.filter(anchor="only").update(body="\r\nOne  \r\n\r\nTwo\r\n")
    lesson = site(loaded)["lessons/springs/02-small-springs.md"].decode()
    assert lesson.endswith('{#only sources=""}\n\nOne  \n\nTwo\n')


def test_course_without_an_article_can_be_exported(db: None) -> None:
    course = models.Course.objects.create(slug="bare", title="Bare")
    assert "title: Bare" in site(course)["course.yaml"].decode()
