"""What an LMS writes into a class: columns, marks, grants; and what it is told of."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.classrooms.models import Accommodation, Classroom
from apps.core import services as core
from apps.grades import services as grades
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem
from tests.api.conftest import client_create, personal_create
from tests.grades.factories import manual_create, score, source_create

pytestmark = pytest.mark.django_db


def send(client: Client, method: str, address: str, body: Any = None, tag: str = "") -> Any:
    headers: Any = {"If-Match": tag} if tag else {}
    act = getattr(client, method)
    return act(f"/api/v1/{address}", body or {}, content_type="application/json", headers=headers)


def test_program_keeps_a_column_by_its_own_id(lms: Client, classroom: Classroom) -> None:
    place = f"classrooms/{classroom.public_id}/grade-items"
    wish = {"title": "Essay", "max_points": 20, "sis_id": "essay"}
    made = send(lms, "post", place, wish)
    assert (made.status_code, made.json()["kind"], made.json()["max_points"]) == (
        201,
        "manual",
        20,
    )
    taken = send(lms, "post", place, wish)
    assert (taken.status_code, taken.json()["code"]) == (409, "sis_id_taken")
    seen = lms.get(f"/api/v1/{place}/sis:essay")
    assert seen["ETag"] == made["ETag"]
    saved = send(lms, "patch", f"{place}/sis:essay", {"title": "The essay"}, seen["ETag"])
    assert (saved.status_code, saved.json()["title"]) == (200, "The essay")
    assert send(lms, "patch", f"{place}/sis:essay", {"title": "x"}, seen["ETag"]).status_code == 412
    assert send(lms, "delete", f"{place}/sis:essay", tag=saved["ETag"]).status_code == 204
    assert lms.get(f"/api/v1/{place}/sis:essay").status_code == 404


def test_activity_keeps_what_is_its_own(lms: Client, classroom: Classroom) -> None:
    item = source_create(classroom)
    place = f"classrooms/{classroom.public_id}/grade-items/{item.public_id}"
    for name, value in (("title", "x"), ("max_points", 1)):
        refused = send(lms, "patch", place, {name: value}, "*")
        assert refused.json()["errors"][0]["field"] == name
    assert send(lms, "patch", place, {"sis_id": "quiz-3"}, "*").json()["sis_id"] == "quiz-3"
    assert send(lms, "delete", place, tag="*").status_code == 400


def test_marks_come_with_what_became_of_each(
    lms: Client, classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    item = manual_create(classroom, actor=instructor)
    classroom.enrolments.filter(user=student).update(sis_id="1007")
    place = f"classrooms/{classroom.public_id}/grade-items/{item.public_id}/grades"
    most = float(item.max_points)
    marks = [
        {"user": "sis:1007", "points": 3.5},
        {"user": str(classmate.public_id), "points": most + 1},
        {"user": "sis:nobody", "points": 1},
        {"user": str(student.public_id), "points": 1},
        {"user": str(classmate.public_id), "points": 2, "version": 7},
    ]
    first = send(lms, "put", place, {"grades": marks}).json()["results"]
    assert [(row["outcome"], row.get("code")) for row in first] == [
        ("recorded", None),
        ("refused", "invalid_points"),
        ("refused", "not_found"),
        ("refused", "named_twice"),
        ("refused", "grades_changed"),
    ]
    grade = CurrentGrade.objects.get(item=item, student=student)
    assert (grade.points, grade.version, first[0]["version"]) == (Decimal("3.5"), 1, 1)
    again = send(lms, "put", place, {"grades": marks[:1]}).json()["results"]
    assert again == [{"user": "sis:1007", "outcome": "unchanged", "version": 1}]
    assert GradeEvent.objects.filter(item=item, student=student).count() == 1


@pytest.mark.parametrize("is_erased", [False, True])
def test_program_cannot_guess_a_mark_that_is_held(
    lms: Client, classroom: Classroom, instructor: User, student: User, *, is_erased: bool
) -> None:
    """Right or wrong, a guess is recorded; what a program wrote itself may come again.

    Whoever marked may have been erased since: then the ledger names nobody.
    """
    column, activity = manual_create(classroom, actor=instructor), source_create(classroom)
    grades.item_hold(item=activity, actor=None, now=timezone.now())
    mark = grades.Mark(Decimal(7))
    by: dict[str, Any] = {"actor": None if is_erased else instructor, "now": timezone.now()}
    grades.marks_save(item=column, marks={student.pk: mark}, **by)
    grades.grade_override(
        item=activity, student=student, points=Decimal(7), reason="Late bus", **by
    )
    wish = {"user": str(student.public_id), "points": 7, "reason": "A guess"}
    for item in (column, activity):
        place = f"classrooms/{classroom.public_id}/grade-items/{item.public_id}/grades"
        told = [send(lms, "put", place, {"grades": [wish]}).json()["results"][0] for _n in range(2)]
        assert [(row["outcome"], row["version"]) for row in told] == [
            ("recorded", 2),
            ("unchanged", 2),
        ]
        wrong = send(lms, "put", place, {"grades": [{**wish, "points": 6}]}).json()["results"][0]
        assert (wrong["outcome"], wrong["version"]) == ("recorded", 3)
        other = client_create(classroom.school)
        guess = send(other, "put", place, {"grades": [{**wish, "points": 6}]}).json()["results"][0]
        assert (guess["outcome"], guess["version"]) == ("recorded", 4)


def test_column_is_shown_and_hidden_by_its_instructors(
    lms: Client, classroom: Classroom, instructor: User, student: User
) -> None:
    item = manual_create(classroom, actor=instructor)
    place = f"classrooms/{classroom.public_id}/grade-items/{item.public_id}"
    mine, key = personal_create(instructor), {"Idempotency-Key": "once"}
    shown = mine.post(f"/api/v1/{place}/release", headers=key)
    again = mine.post(f"/api/v1/{place}/release", headers=key)
    assert shown.json()["released_at"] == again.json()["released_at"] is not None
    assert again["Idempotency-Replayed"] == "true"
    assert send(mine, "post", f"{place}/hold").json()["released_at"] is None
    # A program that could show it would read what is held.
    assert send(lms, "post", f"{place}/release").json()["code"] == "person_needed"
    kinds = GradeEvent.objects.filter(item=item).values_list("kind", flat=True)
    assert list(kinds) == ["release", "hold"]


def test_somebody_is_excused_with_a_reason_and_counted_again(
    lms: Client, classroom: Classroom, instructor: User, student: User
) -> None:
    item = manual_create(classroom, actor=instructor)
    score(item, student, "4")
    place = f"classrooms/{classroom.public_id}/grade-items/{item.public_id}/grades"
    acts = f"{place}/{student.public_id}/decisions"
    answers = [
        send(lms, "post", acts, {"kind": kind, "reason": "Was ill"})
        for kind in ("excuse", "excuse", "excuse_end", "clear", "clear")
    ]
    assert [answer.status_code for answer in answers] == [200, 409, 200, 200, 409]
    told = [answers[place].json() for place in (0, 2, 3)]
    assert [row["is_excused"] for row in told] == [True, False, False]
    assert [row["points"] for row in told] == [None] * 3  # held, and it is a program that asks
    assert answers[1].json()["code"] == "not_applicable"
    assert send(lms, "post", acts, {"kind": "excuse", "reason": " "}).status_code == 400
    assert CurrentGrade.objects.get(item=item, student=student).points is None


def test_cost_of_marks_does_not_grow(
    lms: Client,
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    item = manual_create(classroom, actor=instructor)
    place = f"classrooms/{classroom.public_id}/grade-items/{item.public_id}/grades"
    marks = [{"user": str(each.public_id), "points": 1} for each in (student, classmate)]
    with django_assert_max_num_queries(32):
        send(lms, "put", place, {"grades": marks[:1]})
    with django_assert_max_num_queries(32):
        send(lms, "put", place, {"grades": marks})


def test_mark_over_an_activity_is_an_override_with_its_reason(
    lms: Client, classroom: Classroom, student: User
) -> None:
    item = source_create(classroom)
    score(item, student, "4")
    grades.item_hold(item=item, actor=None, now=timezone.now())
    place = f"classrooms/{classroom.public_id}/grade-items/{item.public_id}/grades"
    one = f"{place}/{student.public_id}"
    seen = lms.get(f"/api/v1/{one}")
    assert (seen.json()["points"], seen.json()["is_held"]) == (None, True)
    assert send(lms, "put", one, {"points": 6}).json()["code"] == "precondition_required"
    silent = send(lms, "put", one, {"points": 6}, seen["ETag"])
    assert silent.json()["code"] == "reason_required"
    said = send(lms, "put", one, {"points": 6, "reason": "Late bus"}, seen["ETag"])
    assert (said.status_code, said.json()["is_overridden"]) == (200, True)
    stale = send(lms, "put", one, {"points": 7, "reason": "No"}, seen["ETag"])
    assert stale.json()["code"] == "precondition_failed"
    grade = CurrentGrade.objects.get(item=item, student=student)
    assert (grade.points, grade.source_points) == (Decimal(6), Decimal(4))
    ended = send(lms, "put", place, {"grades": [{"user": str(student.public_id), "points": None}]})
    assert ended.json()["results"][0]["code"] == "reason_required"
    wish = {"user": str(student.public_id), "points": None, "reason": "A mistake"}
    assert send(lms, "put", place, {"grades": [wish]}).json()["results"][0]["outcome"] == "recorded"
    grade.refresh_from_db()
    assert (grade.points, grade.is_overridden) == (Decimal(4), False)


def test_ledger_tells_a_program_nothing_of_what_is_held(
    lms: Client,
    classroom: Classroom,
    student: User,
    instructor: User,
    client_of: Callable[[User], Client],
) -> None:
    item = source_create(classroom)
    score(item, student, "4")
    grades.item_hold(item=item, actor=None, now=timezone.now())
    kind = f"item={item.public_id}&kind=score"
    place = f"/api/v1/classrooms/{classroom.public_id}/grade-events?{kind}"
    for client, points in ((lms, None), (client_of(instructor), 4)):
        rows = client.get(place).json()["results"]
        assert [(row["kind"], row["points"], row["is_held"]) for row in rows] == [
            ("score", points, True)
        ]


def test_grant_is_put_and_taken_back(
    lms: Client, classroom: Classroom, student: User, instructor: User
) -> None:
    person = classroom.enrolments.get(user=student).public_id
    place = f"classrooms/{classroom.public_id}/enrolments/{person}/accommodations/class"
    made = send(lms, "put", place, {"time_ratio": 1.5, "note": "Form 12"})
    assert (made.status_code, made.json()["time_ratio"]) == (200, 1.5)
    assert send(lms, "put", place, {"time_ratio": 2}).status_code == 428
    assert send(lms, "put", place, {}, made["ETag"]).json()["code"] == "nothing_granted"
    saved = send(lms, "put", place, {"extra_attempts": 1}, made["ETag"])
    row = Accommodation.objects.get()
    assert (row.time_ratio, row.extra_attempts, row.granted_by) == (None, 1, None)
    assert send(lms, "delete", place, tag=saved["ETag"]).status_code == 204
    assert not Accommodation.objects.exists()
    other = place.removesuffix("class") + str(uuid4())
    assert send(lms, "put", other, {"time_ratio": 2}).status_code == 404


def test_instructor_makes_and_ends_a_class(
    classroom: Classroom, instructor: User, student: User, client_of: Callable[[User], Client]
) -> None:
    wish = {
        "title": "Spring",
        "school": classroom.school.slug,
        "course": classroom.course.slug,
        "sis_id": "IR-9",
    }
    mine = client_of(instructor)
    made = send(mine, "post", "classrooms", wish)
    assert (made.status_code, made.json()["sis_id"]) == (201, "IR-9")
    assert send(mine, "post", "classrooms", wish).json()["code"] == "sis_id_taken"
    assert send(client_of(student), "post", "classrooms", wish).status_code == 404
    ended = send(mine, "patch", "classrooms/sis:IR-9", {"is_archived": True}, made["ETag"])
    assert ended.json()["archived_at"] is not None
    refused = send(mine, "patch", "classrooms/sis:IR-9", {"title": "x"}, ended["ETag"])
    assert refused.json()["code"] == "classroom_archived"
    back = {"is_archived": False, "title": "Again"}
    assert send(mine, "patch", "classrooms/sis:IR-9", back, "*").json()["title"] == "Again"
    wrong = {"starts_on": "2026-09-01", "ends_on": "2026-08-01"}
    assert send(mine, "patch", "classrooms/sis:IR-9", wrong, "*").json()["code"] == "invalid_dates"


def test_person_is_found_by_the_schools_id(
    lms: Client, classroom: Classroom, student: User, classmate: User, other_school: School
) -> None:
    classroom.enrolments.filter(user=student).update(sis_id="1007")
    assert lms.get("/api/v1/users/sis:1007").json()["id"] == str(student.public_id)
    foreign = client_create(other_school)
    for address in ("users/sis:1007", f"users/{student.public_id}", "users/sis:", "users/x"):
        assert foreign.get(f"/api/v1/{address}").status_code == 404
    rows = foreign.get("/api/v1/users").json()["results"]
    assert rows == []


def test_lists_are_sorted_and_expanded_by_what_they_allow(
    lms: Client, classroom: Classroom, student: User
) -> None:
    place = f"/api/v1/classrooms/{classroom.public_id}/enrolments"

    def names(sort: str) -> list[str]:
        rows: list[str] = []
        link = f"{place}?page_size=2&expand=user&fields=id&ordering={sort}"
        while link:
            body = lms.get(link).json()
            rows += [row["user"]["name"] for row in body["results"]]
            assert all(set(row) == {"id", "user"} for row in body["results"])
            link = body["next"]
        return rows

    assert len(names("name")) == 4
    assert names("name") == sorted(names("name"))
    assert names("-name") == names("name")[::-1]
    for query in ("ordering=role", "ordering=user__password", "ordering=--name", "expand=password"):
        assert lms.get(f"{place}?{query}").status_code == 400
    assert lms.get("/api/v1/webhooks?ordering=secret").status_code == 400


def test_filter_without_a_value_is_refused(lms: Client) -> None:
    response = lms.get("/api/v1/jobs?state=")
    assert response.status_code == 400
    (fault,) = response.json()["errors"]
    assert fault == {
        "field": "state",
        "code": "invalid",
        "message": "It is empty: give a value or leave it out.",
    }


def test_results_of_all_classes_come_in_one_list(
    lms: Client, classroom: Classroom, student: User, other_school: School
) -> None:
    score(source_create(classroom), student, "4")
    rows = lms.get("/api/v1/results?expand=item").json()["results"]
    assert {row["classroom_id"] for row in rows} == {str(classroom.public_id)}
    assert {row["item"]["id"] for row in rows} == {row["item_id"] for row in rows}
    for name, mine in (("item", rows[0]["item_id"]), ("user", student.public_id)):
        wanted = [row["id"] for row in rows if row[f"{name}_id"] == str(mine)]
        found = lms.get("/api/v1/results", {name: str(mine)}).json()["results"]
        assert [row["id"] for row in found] == wanted != [], name
        assert lms.get("/api/v1/results", {name: str(uuid4())}).json()["results"] == []
    assert lms.get("/api/v1/results", {"classroom": str(uuid4())}).json()["results"] == []
    assert client_create(other_school).get("/api/v1/results").json()["results"] == []


def test_changes_come_in_order_and_are_the_schools_own(
    lms: Client, school: School, other_school: School
) -> None:
    def tell(kind: str, owner: School | None) -> str:
        event = core.event_append(
            kind=kind,
            subject_id=uuid4(),
            school_id=owner.public_id if owner else None,
            actor_id=None,
            now=timezone.now(),
            is_tombstone=kind.endswith("deleted"),
        )
        return str(event.subject_id)

    start = lms.get("/api/v1/changes").json()["watermark"]
    mine = [tell("grade.changed", school), tell("lesson.deleted", None)]
    tell("grade.changed", other_school)
    tell("attempt.started", None)  # somebody's practice
    tell("person.created", None)
    first = lms.get(f"/api/v1/changes?since={start}&page_size=1").json()
    second = lms.get(first["next"]).json()
    rows = [*first["results"], *second["results"]]
    assert [row["subject_id"] for row in rows] == mine
    assert [row["is_deleted"] for row in rows] == [False, True]
    assert second["next"] is None
    assert lms.get(f"/api/v1/changes?since={first['watermark']}").json()["results"] == []
    for kind, wanted in (("lesson", mine[1:]), ("grade.changed", mine[:1]), ("gra", [])):
        found = lms.get(f"/api/v1/changes?since={start}&kind={kind}").json()["results"]
        assert [row["subject_id"] for row in found] == wanted, kind
    for wrong in ("-1", "x", "1" * 19, "%C2%B2"):
        assert lms.get(f"/api/v1/changes?since={wrong}").status_code == 400


def test_columns_that_are_gone_free_their_ids(
    lms: Client, classroom: Classroom, instructor: User, student: User
) -> None:
    item = manual_create(classroom, actor=instructor)
    GradeItem.objects.filter(pk=item.pk).update(sis_id="essay")
    score(item, student, "1")
    place = f"classrooms/{classroom.public_id}/grade-items"
    assert send(lms, "delete", f"{place}/sis:essay", tag="*").status_code == 204
    again = send(lms, "post", place, {"title": "Essay", "max_points": 5, "sis_id": "essay"})
    assert again.status_code == 201
