"""Bulk import and export through the pages: looked at first, then all or nothing."""

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.content.admin.references import ReferenceAdmin
from apps.content.models import (
    Actor,
    Course,
    GlossaryTerm,
    Place,
    Reference,
    SourceParagraph,
    TimelineEvent,
)
from tests.content import factories
from tests.content.admin.objects import course_objects

pytestmark = pytest.mark.django_db

CSV, XLSX, CSL, BIBTEX = "0", "1", "2", "3"


def look(
    author: Client, model: str, course: Course, data: bytes | str, file_format: str = CSV
) -> Any:
    content = data if isinstance(data, bytes) else data.encode()
    return author.post(
        f"/admin/content/{model}/import/",
        {
            "course": course.pk,
            "resource": "0",
            "format": file_format,
            "import_file": SimpleUploadedFile("file", content),
        },
    )


def confirm(author: Client, model: str, looked: Any, **changes: Any) -> Any:
    form = looked.context["confirm_form"]
    data = {name: form[name].value() for name in form.fields}
    data["course"] = getattr(data["course"], "pk", data["course"])
    return author.post(f"/admin/content/{model}/process_import/", {**data, **changes})


def load(
    author: Client, model: str, course: Course, data: bytes | str, file_format: str = CSV
) -> Any:
    return confirm(author, model, look(author, model, course, data, file_format))


def fetch(author: Client, model: str, course: Course, file_format: str = CSV) -> bytes:
    answer = author.post(
        f"/admin/content/{model}/export/",
        {"course": course.pk, "resource": "0", "format": file_format},
    )
    assert "attachment" in answer["Content-Disposition"]
    return answer.content


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


KINDS: dict[str, Any] = {
    "glossaryterm": GlossaryTerm,
    "actor": Actor,
    "timelineevent": TimelineEvent,
    "place": Place,
    "sourceparagraph": SourceParagraph,
    "reference": Reference,
}


@pytest.mark.parametrize("file_format", [CSV, XLSX])
@pytest.mark.parametrize("model", sorted(KINDS))
def test_exported_file_imports_without_a_change(
    author: Client, course: Course, model: str, file_format: str
) -> None:
    course_objects(course)
    looked = look(author, model, course, fetch(author, model, course, file_format), file_format)
    types = {row.import_type for row in looked.context["result"].rows}
    assert types == {"skip"}


@pytest.mark.parametrize("model", sorted(set(KINDS) - {"timelineevent"}))
def test_exported_file_makes_the_same_rows_in_another_course(
    author: Client, course: Course, shared_course: Course, model: str
) -> None:
    course_objects(course)
    data = fetch(author, model, course)
    assert load(author, model, shared_course, data).status_code == 302
    again = rows_of(fetch(author, model, shared_course))
    assert all(row in again for row in rows_of(data))


def test_looking_changes_nothing_and_shows_every_change(author: Client, course: Course) -> None:
    looked = look(
        author,
        "glossaryterm",
        course,
        "slug,term,definition,aliases,sources\n"
        "rats,RATS body,A body.,RATS,P02\n"
        "sco,SCO,An organisation.,,\n",
    )
    rows = looked.context["result"].rows
    assert [row.import_type for row in rows] == ["update", "new"]
    page = looked.content.decode()
    assert "<ins>RATS body</ins>" in page
    assert "<del>Regional Anti-Terrorism Structure</del>" in page
    assert "style=" not in page
    assert GlossaryTerm.objects.get(slug="rats").term == "Regional Anti-Terrorism Structure"
    confirm(author, "glossaryterm", looked)
    term = GlossaryTerm.objects.get(slug="rats")
    assert (term.term, [row.number for row in term.sources.all()]) == ("RATS body", ["P02"])
    assert GlossaryTerm.objects.get(slug="sco").course == course


def test_row_is_saved_by_the_service_with_its_author(
    author: Client, instructor: User, course: Course
) -> None:
    load(author, "glossaryterm", course, "slug,term,definition\nx,X,Cites [@khan1961].\n")
    term = GlossaryTerm.objects.get(slug="x")
    assert "Khan, 1961" in term.html
    assert [work.key for work in term.references.all()] == ["khan1961"]
    assert term.history.first().history_user == instructor


def test_columns_that_the_file_does_not_have_are_left(author: Client, course: Course) -> None:
    load(author, "glossaryterm", course, "slug,aliases\nrats,The structure\n")
    term = GlossaryTerm.objects.get(slug="rats")
    assert term.aliases == ["The structure"]
    assert term.definition == "A body of the SCO [@khan1961]."
    assert [row.number for row in term.sources.all()] == ["P01"]


def test_terms_of_one_file_may_name_each_other(author: Client, course: Course) -> None:
    data = "slug,term,definition\nfirst,First,See [[Second]].\nsecond,Second,Text.\n"
    assert load(author, "glossaryterm", course, data).status_code == 302
    assert "glossary/second/" in GlossaryTerm.objects.get(slug="first").html


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("x,X,See [@nobody].,", "definition", "nobody"),
        ("x,X,Text.,P99", "sources", "P99"),
        ("x,,Text.,", "term", "required"),
        ("Not A Slug,X,Text.,", "slug", "slug"),
    ],
)
def test_one_wrong_row_is_named_and_nothing_is_imported(
    author: Client, course: Course, row: str, column: str, message: str
) -> None:
    data = f"slug,term,definition,sources\ngood,Good,Text.,\n{row}\n"
    looked = look(author, "glossaryterm", course, data)
    invalid = looked.context["result"].invalid_rows
    assert [one.number for one in invalid] == [2]
    assert message in str(invalid[0].field_specific_errors[column])
    assert "confirm_form" not in looked.context
    assert f"<code>{column}</code>" in looked.content.decode()
    assert not GlossaryTerm.objects.filter(slug="good").exists()


def test_what_went_wrong_in_between_imports_nothing(author: Client, course: Course) -> None:
    data = "slug,term,definition\na,A,Text.\nb,B,Cites [@hussain-fatima2015].\n"
    looked = look(author, "glossaryterm", course, data)
    Reference.objects.filter(key="hussain-fatima2015").delete()
    answer = confirm(author, "glossaryterm", looked)
    assert answer["Location"] == "/admin/content/glossaryterm/import/"
    assert not GlossaryTerm.objects.filter(slug__in=["a", "b"]).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"import_file_name": "etc-passwd"},
        {"format": "99"},
        {"format": "x"},
        {"course": "0"},
        {"import_file_name": ""},
    ],
)
def test_tampered_confirmation_imports_nothing(
    author: Client, course: Course, changes: dict[str, str]
) -> None:
    looked = look(author, "glossaryterm", course, "slug,term,definition\na,A,Text.\n")
    answer = confirm(author, "glossaryterm", looked, **changes)
    assert answer["Location"] == "/admin/content/glossaryterm/import/"
    assert not GlossaryTerm.objects.filter(slug="a").exists()


def test_foreign_course_cannot_be_slipped_into_the_confirmation(
    author: Client, course: Course, foreign_course: Course
) -> None:
    looked = look(author, "glossaryterm", course, "slug,term,definition\na,A,Text.\n")
    confirm(author, "glossaryterm", looked, course=foreign_course.pk)
    assert not GlossaryTerm.objects.filter(slug="a").exists()


def test_file_without_the_key_column_says_so(author: Client, course: Course) -> None:
    looked = look(author, "glossaryterm", course, "term,definition\nA,Text.\n")
    assert "slug" in str(looked.context["result"].base_errors[0].error)


def test_file_that_is_too_large_is_refused(author: Client, course: Course) -> None:
    looked = look(author, "glossaryterm", course, b"x" * (2 * 1024 * 1024 + 1))
    assert "larger than 2 MB" in str(looked.context["form"].errors["import_file"])


def test_truth_is_read_in_words(author: Client, course: Course) -> None:
    rows = course_objects(course)
    slug = rows["timelineevent"].slug
    load(author, "timelineevent", course, f"slug,is_external\n{slug},yes\n")
    assert TimelineEvent.objects.get(slug=slug).is_external
    load(author, "timelineevent", course, f"slug,is_external\n{slug},no\n")
    assert not TimelineEvent.objects.get(slug=slug).is_external
    looked = look(author, "timelineevent", course, f"slug,is_external\n{slug},perhaps\n")
    assert looked.context["result"].has_validation_errors()


def test_workbook_gives_its_numbers_as_they_are_read(author: Client, course: Course) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["key", "type", "title", "author", "issued", "volume"])
    sheet.append(["new2021", "book", "A book", "Khan, H.", 2021, 14.0])
    packed = io.BytesIO()
    book.save(packed)
    load(author, "reference", course, packed.getvalue(), XLSX)
    work = Reference.objects.get(key="new2021")
    assert work.csl["issued"] == {"date-parts": [[2021]]}
    assert work.csl["volume"] == "14"
    assert (work.kind, work.is_listed) == ("book", False)


def test_formulas_leave_neutral_and_come_back(author: Client, course: Course) -> None:
    factories.term_create(
        course, slug="evil", term="=1+1", definition="@khan1961 says.", aliases=[]
    )
    data = fetch(author, "glossaryterm", course)
    row = next(row for row in rows_of(data) if row["slug"] == "evil")
    assert (row["term"], row["definition"]) == ("'=1+1", "'@khan1961 says.")
    looked = look(author, "glossaryterm", course, data)
    assert {one.import_type for one in looked.context["result"].rows} == {"skip"}


def test_export_follows_the_filters_of_the_list(author: Client, course: Course) -> None:
    answer = author.post(
        "/admin/content/reference/export/?q=hussain",
        {"course": course.pk, "resource": "0", "format": CSV},
    )
    assert [row["key"] for row in rows_of(answer.content)] == ["hussain-fatima2015"]


# Works


def test_works_go_out_as_csl_json_and_come_back(author: Client, course: Course) -> None:
    data = fetch(author, "reference", course, CSL)
    assert not data.startswith(b"\xef\xbb\xbf")
    items = json.loads(data)
    assert [item["id"] for item in items] == ["hussain-fatima2015", "khan1961"]
    assert {**factories.KHAN, "id": "khan1961"}.items() <= items[1].items()
    assert items[1]["custom"] == {
        "kind": "peer_reviewed", "listed": True, "note": "", "status": "current",
    }  # fmt: skip
    looked = look(author, "reference", course, data, CSL)
    assert {row.import_type for row in looked.context["result"].rows} == {"skip"}


def test_works_come_from_bibtex_with_a_likely_kind(author: Client, course: Course) -> None:
    text = """@book{kasuri2015, author = {Kasuri, K. M.}, title = {Neither a Hawk}, year = {2015}}
@article{khan1961, author = {Khan, H. U. R.}, title = {A corrected title}, year = {1961}}"""
    looked = look(author, "reference", course, text, BIBTEX)
    assert [row.import_type for row in looked.context["result"].rows] == ["new", "update"]
    confirm(author, "reference", looked)
    book, article = Reference.objects.get(key="kasuri2015"), Reference.objects.get(key="khan1961")
    assert (book.kind, book.apa_html.startswith("Kasuri, K. M. (2015)")) == ("book", True)
    assert article.title == "A corrected title"
    assert article.kind == "peer_reviewed"
    assert b"kasuri2015" in fetch(author, "reference", course, BIBTEX)


def test_unreadable_work_is_named(author: Client, course: Course) -> None:
    looked = look(author, "reference", course, '[{"id": "x", "type": "book"}]', CSL)
    assert "x: A reference has a title." in str(looked.context["form"].errors["import_file"])


def test_columns_of_works_are_named_as_in_csl() -> None:
    assert ReferenceAdmin.transfer_fields[:4] == ("key", "type", "title", "container-title")
