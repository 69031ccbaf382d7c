"""Every route of the admin by every role: what a person may not edit does not exist for them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse

from apps.accounts.models import User
from apps.content.models import Course, Lesson
from tests import factories
from tests.content.admin.objects import course_objects

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | AnonymousUser], Client]

# Pages of one row that answer to POST alone, and what else they ask for in the address.
QUERIES = {"compare": "?old=1", "restore": "?edition=1"}
# What a course's own page has to be found under besides the stock ones.
OWN_PAGES = {
    "course": {"outline", "choices", "changes", "recheck"},
    "lesson": {"preview", "publish", "editions", "compare", "restore"},
}
TRANSFERS = {"import", "export", "process_import"}
TRANSFERRED = {
    "sourceparagraph", "reference", "glossaryterm", "actor", "timelineevent", "place",
}  # fmt: skip


def routes() -> Iterator[tuple[str, str, bool]]:
    """(model's name, end of the URL's name, whether it takes a row) of all content pages."""
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label != "content":
            continue
        for pattern in model_admin.get_urls():
            if isinstance(pattern, URLPattern) and pattern.name:
                end = pattern.name.removeprefix(f"content_{model._meta.model_name}_")
                yield str(model._meta.model_name), end, "object_id" in str(pattern.pattern)


def address(model: str, end: str, row: Any = None) -> str:
    path = reverse(f"admin:content_{model}_{end}", args=[row.pk] if row else [])
    return path + QUERIES.get(end, "")


def test_matrix_knows_every_route() -> None:
    found: dict[str, set[str]] = {}
    for model, end, _takes_row in routes():
        found.setdefault(model, set()).add(end)
    stock = {"changelist", "add", "history", "delete", "change"}
    assert found == {
        model: stock
        | OWN_PAGES.get(model, set())
        | (TRANSFERS if model in TRANSFERRED else set())
        | ({"apa"} if model == "reference" else set())
        for model in {*OWN_PAGES, *TRANSFERRED, "unit", "figure"}
    }


@pytest.mark.parametrize("role", ["anonymous", "student", "outsider", "inactive"])
def test_nobody_without_staff_rights_gets_in(
    role: str,
    cast: dict[str, User | AnonymousUser],
    course: Course,
    client_of: SignIn,
    instructor: User,
) -> None:
    rows = course_objects(course)
    client = client_of(cast.get(role, instructor))
    if role == "inactive":
        User.objects.filter(pk=instructor.pk).update(is_active=False)
    for model, end, takes_row in routes():
        path = address(model, end, rows[model] if takes_row else None)
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/admin/login/"), path
    for path in ("/admin/", "/admin/content/", "/admin/autocomplete/", coverage(course)):
        assert client.get(path).status_code == 302, path


def coverage(course: Course) -> str:
    return reverse("courseware:coverage", args=[course.slug])


@pytest.mark.parametrize("kind", ["foreign", "shared"])
def test_rows_of_other_courses_are_not_found(
    kind: str,
    course: Course,
    foreign_course: Course,
    shared_course: Course,
    local_instructor: User,
    client_of: SignIn,
) -> None:
    other = course_objects(foreign_course if kind == "foreign" else shared_course)
    client = client_of(local_instructor)
    for model, end, takes_row in routes():
        if takes_row:
            path = address(model, end, other[model])
            assert client.get(path).status_code == 404, path
            assert client.post(path, {"_save": "1"}).status_code == 404, path
    assert client.get(coverage(other["course"])).status_code == 404


@pytest.mark.parametrize("model", sorted({*OWN_PAGES, *TRANSFERRED, "unit", "figure"}))
def test_own_rows_are_found_and_no_page_names_a_foreign_one(
    model: str,
    course: Course,
    foreign_course: Course,
    shared_course: Course,
    local_instructor: User,
    client_of: SignIn,
) -> None:
    own = course_objects(course)
    for other in (foreign_course, shared_course):
        course_objects(other)
        Course.objects.filter(pk=other.pk).update(title=f"Course of {other.slug}")
    client = client_of(local_instructor)
    for route_model, end, takes_row in routes():
        if route_model != model or end in {"process_import", "apa"}:
            continue
        path = address(model, end, own[model] if takes_row else None)
        if (model, end) in {("course", "delete"), ("sourceparagraph", "add")}:
            assert client.get(path).status_code == 403, path
            continue
        answer = client.get(path)
        assert answer.status_code == 200, path
        text = answer.content.decode()
        assert "neva-course" not in text, path
        assert "shared" not in text.replace("shared by every school", ""), path


def test_editor_edits_shared_courses_and_foreign_ones_stay_hidden(
    shared_course: Course, foreign_course: Course, instructor: User, client_of: SignIn
) -> None:
    shared, foreign = course_objects(shared_course), course_objects(foreign_course)
    client = client_of(instructor)
    for model in shared:
        assert client.get(address(model, "change", shared[model])).status_code == 200
        assert client.get(address(model, "change", foreign[model])).status_code == 404


def test_staff_of_no_school_sees_empty_lists(course: Course, client_of: SignIn) -> None:
    course_objects(course)
    drifter = factories.person_create(email="drifter@example.org")
    drifter.is_staff = True
    drifter.save()
    client = client_of(drifter)
    for model, end, _takes_row in routes():
        if end == "changelist":
            assert client.get(address(model, end)).context["cl"].result_count == 0, model
    assert "not yet an instructor" in client.get("/admin/").content.decode()


def test_foreign_course_cannot_be_chosen_for_a_new_row(
    course: Course, foreign_course: Course, local_instructor: User, client_of: SignIn
) -> None:
    client = client_of(local_instructor)
    for model, data in {
        "glossaryterm": {"term": "X", "slug": "x", "definition": "X."},
        "unit": {"title": "X", "slug": "x", "summary": ""},
        "figure": {"file": "x.svg", "alt": "X"},
    }.items():
        answer = client.post(address(model, "add"), {**data, "course": foreign_course.pk})
        assert "course" in answer.context["adminform"].form.errors, model
    unit = foreign_course.units.get()
    answer = client.post(address("lesson", "add"), {"title": "X", "slug": "x", "unit": unit.pk})
    assert "unit" in answer.context["adminform"].form.errors
    assert not Lesson.objects.filter(unit=unit).exists()


def test_foreign_keys_cannot_be_named_in_texts_and_pickers(
    course: Course, foreign_course: Course, local_instructor: User, client_of: SignIn
) -> None:
    own = course_objects(course)
    course_objects(foreign_course)
    client = client_of(local_instructor)
    answer = client.post(
        address("timelineevent", "change", own["timelineevent"]),
        {"date": "1949", "title": "X", "actors": "neva-course-actor", "sources": "P99"},
    )
    assert set(answer.context["adminform"].form.errors) == {"actors", "sources"}


@pytest.mark.parametrize("path", ["import", "export"])
def test_foreign_course_cannot_be_imported_into_or_exported(
    path: str, course: Course, foreign_course: Course, local_instructor: User, client_of: SignIn
) -> None:
    client = client_of(local_instructor)
    answer = client.post(
        address("reference", path), {"course": foreign_course.pk, "format": "0", "resource": "0"}
    )
    assert answer.status_code == 200
    assert "course" in answer.context["form"].errors


def test_autocompletion_finds_own_rows_alone(
    course: Course, foreign_course: Course, local_instructor: User, client_of: SignIn
) -> None:
    """No field of ours uses it; the stock endpoint must still not leak."""
    course_objects(course)
    course_objects(foreign_course)
    answer = client_of(local_instructor).get(
        "/admin/autocomplete/",
        {"app_label": "content", "model_name": "lesson", "field_name": "unit", "term": ""},
    )
    found = [row["text"] for row in answer.json()["results"]]
    assert found == ["History"]


def test_stock_pages_for_other_models_are_not_open(instructor: User, client_of: SignIn) -> None:
    """Nobody reaches a page of the content by a name that the matrix does not hold."""
    client = client_of(instructor)
    for name in ("section", "lessonedition", "sectionsource", "furtherreading", "searchentry"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:content_{name}_changelist")
        assert client.get(f"/admin/content/{name}/").status_code == 404
