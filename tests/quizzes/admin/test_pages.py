"""The bank in the admin: each type by its form, a preview without keys, files both ways."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.asserts import assertContains, assertNotContains
from pytest_django.fixtures import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Course, Lesson
from apps.content.problems import Problem
from apps.content.services import lesson_checks
from apps.quizzes import selectors, services
from apps.quizzes.admin.layouts import LAYOUTS, fields_of
from apps.quizzes.models import Question, Quiz
from tests.browser import PHONE_PX, Tab
from tests.learning.factories import lesson_create
from tests.quizzes.factories import (
    SPECS,
    assignment_create,
    question_create,
    quiz_create,
)

pytestmark = pytest.mark.django_db

KINDS = sorted(set(SPECS) - {"locate", "select_evidence"})  # these need places and lessons
ADD = "/admin/quizzes/question/add/"


@pytest.fixture
def course(classroom: Classroom) -> Course:
    found: Course = Course.objects.get(pk=classroom.course_id)
    return found


@pytest.fixture
def author(instructor: User, client_of: Callable[[Any], Client]) -> Client:
    return client_of(instructor)


def filled(kind: str, course: Course, **changes: Any) -> dict[str, Any]:
    """What the form of a new question sends."""
    spec = {f"spec-{name}": value for name, value in fields_of(LAYOUTS[kind], SPECS[kind]).items()}
    return {
        "course": course.pk,
        "kind": kind,
        "slug": "a-new-one",
        "stem": "Where did he go?",
        "sources": "P01",
        "tag_names": "cold-war",
        "difficulty": "easy",
        "bloom": "apply",
        "hint_lines": "0.25 | Think.",
        "explanation": "The authors say so.",
        **{name: value for name, value in spec.items() if value is not False},
        **changes,
    }


def sent(form: BaseForm) -> dict[str, Any]:
    """What a browser sends of a form that is open."""
    shown: dict[str, Any] = {}
    for each in (form, form.spec_form):  # type: ignore[attr-defined]
        for field in each:
            if field.value() not in {None, False} if not isinstance(field.value(), list) else True:
                shown[field.html_name] = field.value()
    shown["lesson_address"] = ""
    return shown


@pytest.mark.parametrize("kind", KINDS)
def test_question_of_each_type_is_written_and_edited(
    kind: str, course: Course, author: Client
) -> None:
    assert author.get(f"{ADD}?kind={kind}").status_code == 200
    added = author.post(ADD, filled(kind, course))
    assert added.status_code == 302, added.context["adminform"].form.errors
    question = Question.objects.get(slug="a-new-one")
    draft = selectors.question_draft(question)
    assert (draft.kind, draft.tags, draft.hints[0].text) == (kind, ("cold-war",), "Think.")
    change = reverse("admin:quizzes_question_change", args=[question.pk])
    again = sent(author.get(change).context["adminform"].form)
    changed = author.post(change, {**again, "difficulty": "hard"})
    assert changed.status_code == 302, changed.context["errors"]
    question.refresh_from_db()
    assert (question.difficulty, question.versions.count()) == ("hard", 1)
    again = sent(author.get(change).context["adminform"].form)
    assert author.post(change, {**again, "stem": "Where, then?"}).status_code == 302
    assert question.versions.count() == 2


def test_objectives_are_named_by_key_and_lost_ones_are_told_with_the_lesson(
    course: Course, author: Client
) -> None:
    lesson = lesson_create(course, objectives=("Explain it. {#explain}", "Date it."))
    data = {**filled("single_choice", course), "lesson_address": "history/invitation"}
    page = author.post(ADD, {**data, "objective_keys": "explain, date"})
    assert list(page.context["adminform"].form.errors) == ["objective_keys"]
    assert author.post(ADD, {**data, "objective_keys": "explain"}).status_code == 302
    question = Question.objects.get(slug="a-new-one")
    assert selectors.question_draft(question).objectives == ("explain",)
    change = reverse("admin:quizzes_question_change", args=[question.pk])
    assertContains(author.get(change), 'name="objective_keys" value="explain"')
    Lesson.objects.filter(pk=lesson.pk).update(objectives=["Explain it.", "Date it."])
    lesson.refresh_from_db()
    told = [each for each in lesson_checks(lesson=lesson) if each.code == "lost-objective"]
    assert told == [Problem("lost-objective", subject="explain")]


def test_fault_is_shown_at_its_field_and_nothing_is_lost(course: Course, author: Client) -> None:
    data = filled("single_choice", course, **{"spec-options.1.source": "P99", "hint_lines": "x"})
    page = author.post(ADD, data)
    assertContains(page, "Write a number, a bar and the hint")
    page = author.post(ADD, {**data, "hint_lines": ""})
    assertContains(page, "P99")
    assertContains(page, 'value="a-new-one"')
    assert not Question.objects.exists()
    page = author.post(ADD, {**data, "hint_lines": "", "spec-options.1.source": "nothing"})
    spec_form = page.context["adminform"].form.spec_form
    assert "options.1.source" in spec_form.errors
    assertContains(author.get(ADD), "true false")


def test_older_form_does_not_overwrite_a_newer_one(course: Course, author: Client) -> None:
    question = question_create(course)
    change = reverse("admin:quizzes_question_change", args=[question.pk])
    old = sent(author.get(change).context["adminform"].form)
    author.post(change, {**old, "stem": "First."})
    assertContains(author.post(change, {**old, "stem": "Second."}), "Someone saved this question")
    question.refresh_from_db()
    assert selectors.question_draft(Question.objects.get(pk=question.pk)).stem == "First."


def test_preview_is_what_a_student_sees(course: Course, author: Client) -> None:
    question = question_create(course, explanation="The canary explains.")
    address = reverse("admin:quizzes_question_preview", args=[question.pk])
    page = author.get(address)
    assertContains(page, "The United States")
    assertNotContains(page, "canary")
    change = reverse("admin:quizzes_question_change", args=[question.pk])
    form = sent(author.get(change).context["adminform"].form)
    unsaved = author.post(address, {**form, "spec-options.0.text": "Somewhere else"})
    assertContains(unsaved, "Somewhere else")
    alone = author.post(
        address, {**form, "stem": "Whither?"}, headers={"accept": "application/json"}
    )
    assert "Whither?" in alone.json()["html"]
    assert "canary" not in alone.json()["html"]
    wrong = author.post(address, {**form, "spec-options.0.source": "P99"})
    assertContains(wrong, "This cannot be saved yet")
    assert Question.objects.get().versions.count() == 1


def test_question_is_copied_retired_and_deleted_only_unused(
    course: Course, classroom: Classroom, instructor: User, student: User, author: Client
) -> None:
    question = question_create(course)
    assignment = assignment_create(classroom, instructor, quiz_create(course, question))
    services.assignment_start(assignment=assignment, student=student, now=timezone.now())
    author.post(reverse("admin:quizzes_question_duplicate", args=[question.pk]))
    copy = Question.objects.latest("pk")
    assert copy.slug == f"{question.slug}-2"
    author.post(reverse("admin:quizzes_question_retire", args=[question.pk]))
    question.refresh_from_db()
    assert question.retired_at is not None
    delete = "admin:quizzes_question_delete"
    kept = author.post(reverse(delete, args=[question.pk]), {"post": "yes"}, follow=True)
    assertContains(kept, "retire it instead")
    author.post(reverse(delete, args=[copy.pk]), {"post": "yes"})
    assert list(Question.objects.values_list("pk", flat=True)) == [question.pk]


@pytest.mark.parametrize("name", ["moodle_xml", "gift", "table"])
def test_bank_goes_out_and_comes_back(name: str, course: Course, author: Client) -> None:
    kinds = ("single_choice", "short_text", "matching")
    before = [
        selectors.question_draft(question_create(course, kind, slug=f"q-{kind.replace('_', '-')}"))
        for kind in kinds
    ]
    export = reverse("admin:quizzes_question_export")
    asked = {"course": course.pk, "format": name}
    assert author.post(export, {**asked, "look": "1"}).status_code == 200
    file = author.post(export, {**asked, "download": "1"})
    Question.objects.update(current_version=None)
    Question.objects.all().delete()
    upload = SimpleUploadedFile("bank", file.content)
    address = reverse("admin:quizzes_question_import")
    looked = author.post(address, {**asked, "file": upload})
    assert not Question.objects.exists()
    assert (looked.context["plan"].left_out, looked.context["plan"].lacking) == ([], 0)
    assert author.post(address, kept_of(looked)).status_code == 302
    after = [
        selectors.question_draft(row) for row in selectors.questions_of(course).order_by("position")
    ]
    assert after == before


def test_foreign_file_is_taken_without_what_cannot_be_read(course: Course, author: Client) -> None:
    question_create(course, slug="capital")
    question_create(course, "short_text", slug="river")
    address = reverse("admin:quizzes_question_import")
    page = look_at(
        author,
        course,
        "::Capital::Where does the café’s owner vote? {=Islamabad ~Karachi}\n\n"
        "::River::Which? {=Indus ~Ravi}\n\n::Bad::{=}\n\n::Note::Read this.\n\n"
        "::Hill::Which? {=K2 ~K3}".encode("cp1252"),
    )
    plan = page.context["plan"]
    assert [draft.slug for draft in plan.taken] == ["capital", "hill"]
    assert plan.changed == {"capital"}
    assert [place for place, _why in plan.left_out] == [
        "Line 5: Bad",
        "Line 7: Note",
        "river: type",
    ]
    assertContains(page, "2 questions name no paragraph of the article")
    kept = kept_of(page)
    for number, said in (("", "Name the paragraph"), ("P77", "no such paragraph")):
        again = author.post(address, {**kept, "paragraph": number})
        assertContains(again, said)
        assert kept_of(again) == kept
    assert author.post(address, {**kept, "paragraph": "p01"}).status_code == 302
    capital, hill = (
        selectors.question_draft(Question.objects.get(slug=slug)) for slug in ("capital", "hill")
    )
    assert capital.stem == "Where does the café’s owner vote?"
    assert (capital.sources, hill.sources) == (("P01",), ("P01",))


def test_import_believes_nothing_that_it_did_not_read(course: Course, author: Client) -> None:
    kept = kept_of(look_at(author, course, b"Which? {=a ~b}"))
    address = reverse("admin:quizzes_question_import")
    forged = {**kept, "kept": "x" + kept["kept"], "paragraph": "P01"}
    assertContains(author.post(address, forged), "Choose the file once more.")
    assert not Question.objects.exists()


def look_at(author: Client, course: Course, content: bytes) -> Any:
    file = SimpleUploadedFile("bank", content)
    asked = {"course": course.pk, "format": "gift", "file": file}
    return author.post(reverse("admin:quizzes_question_import"), asked)


def kept_of(page: Any) -> dict[str, Any]:
    """What the page's own form would send to confirm."""
    form = page.context["confirm"]
    course = form["course"].value()
    return {"course": str(getattr(course, "pk", course)), "kept": form["kept"].value()}


def test_quiz_is_made_of_lines(course: Course, author: Client) -> None:
    first = question_create(course, tags=("chronology",))
    data = {
        "course": course.pk,
        "title": "A unit quiz",
        "slug": "unit-quiz",
        "kind": "other",
        "layout": "one_page",
        "item_lines": f"{first.slug} | 2\nnonsense",
    }
    add = reverse("admin:quizzes_quiz_add")
    assertContains(author.post(add, data), "nonsense")
    data["item_lines"] = f"{first.slug} | 2\ndraw 1 chronology easy | x"
    assertContains(author.post(add, data), "the points are no number")
    data["item_lines"] = f"{first.slug} | 2"
    added = author.post(add, data)
    assert added.status_code == 302, added.context["errors"]
    quiz = Quiz.objects.get()
    change = reverse("admin:quizzes_quiz_change", args=[quiz.pk])
    form = author.get(change).context["adminform"].form
    assert form["item_lines"].value() == f"{first.slug} | 2"
    again = {**data, "expected_revision": form["expected_revision"].value(), "title": "Changed"}
    assert author.post(change, again).status_code == 302
    quiz.refresh_from_db()
    assert quiz.title == "Changed"


def test_nobody_sees_another_school_s_bank(
    course: Course,
    class_cast: dict[str, User | AnonymousUser],
    client_of: Callable[[Any], Client],
) -> None:
    question, quiz = question_create(course), quiz_create(course)
    paths = [
        reverse(f"admin:quizzes_question_{end}", args=[question.pk])
        for end in ("change", "preview", "duplicate", "retire", "history", "delete")
    ]
    paths.append(reverse("admin:quizzes_quiz_change", args=[quiz.pk]))
    lists = [
        reverse(f"admin:quizzes_{name}")
        for name in ("question_changelist", "quiz_changelist", "question_import", "question_export")
    ]
    for role in ("student", "assistant", "outsider", "anonymous"):
        client = client_of(class_cast[role])
        for path in (*paths, *lists, ADD):
            assert client.get(path).status_code in {302, 403}, (role, path)
    stranger = client_of(class_cast["foreign_instructor"])
    for path in paths:
        assert {stranger.get(path).status_code, stranger.post(path).status_code} <= {404}, path
    assertNotContains(stranger.get(lists[0]), question.slug)
    export = stranger.post(lists[3], {"course": course.pk, "format": "gift", "download": "1"})
    assertNotContains(export, "Where did he go instead?")


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_for_any_bank(
    count: int,
    course: Course,
    author: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        question_create(course)
    with django_assert_max_num_queries(9):
        author.get(reverse("admin:quizzes_question_changelist"))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_are_well_made(
    classroom: Classroom, instructor: User, tab_open: Callable[..., Tab]
) -> None:
    course = Course.objects.get(pk=classroom.course_id)
    questions = [question_create(course, kind) for kind in ("single_choice", "gap_fill", "essay")]
    paths = [ADD, f"{ADD}?kind=matching", reverse("admin:quizzes_quiz_add")]
    for question in questions:
        paths += [
            reverse(f"admin:quizzes_question_{end}", args=[question.pk])
            for end in ("change", "preview")
        ]
    paths += [
        reverse(f"admin:quizzes_question_{end}") for end in ("changelist", "import", "export")
    ]
    for mode in ({}, {"width": PHONE_PX, "colour_scheme": "dark"}):
        tab = tab_open(user=instructor, **mode)
        page = tab.visit(reverse("admin:quizzes_question_change", args=[questions[0].pk]))
        live = page.locator("[data-live-question]")
        expect(live).to_contain_text("The United States")
        page.locator("#id_stem").fill("Where was he bound for?")
        expect(live).to_contain_text("Where was he bound for?")
        page.evaluate("document.getElementById('question_form').reset()")
        for path in paths:
            tab.visit(path)
            assert tab.axe() == [], path
