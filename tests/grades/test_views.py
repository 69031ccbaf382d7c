"""The gradebook on the site: what is held stays in the room where marking is done."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.asserts import assertContains, assertNotContains
from pytest_django.fixtures import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades import services
from apps.grades.models import CurrentGrade, GradeCategory, GradeItem
from tests.browser import PHONE_PX, Tab
from tests.classrooms.factories import students_add
from tests.factories import NOW
from tests.grades.factories import manual_create, score, source_create

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | AnonymousUser], Client]


def address(name: str, classroom: Classroom, *more: object) -> str:
    return reverse(f"grades:{name}", args=[classroom.public_id, *more])


def test_held_item_is_told_to_no_student(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    shown = source_create(classroom, title="The shown one")
    held = source_create(classroom, title="The canary", is_released=False)
    score(shown, student, "5")
    score(held, student, "9.87", reason="A canary too.")
    services.grade_override(
        item=held,
        student=student,
        points=Decimal("9.76"),
        reason="One more canary.",
        actor=instructor,
        now=NOW,
    )
    learner, staff = client_of(student), client_of(instructor)
    page = learner.get(address("mine", classroom))
    assertContains(page, "The shown one")
    assertContains(page, "<strong>50%</strong>", html=True)
    for secret in ("canary", "9.87 of", "9.76 of", "74%"):
        assertNotContains(page, secret)
    assertContains(staff.get(address("gradebook", classroom)), "shown: 50")
    staff.post(address("item-release", classroom, held.public_id))
    page = learner.get(address("mine", classroom))
    assertContains(page, "The canary")
    assertContains(page, "One more canary.")
    staff.post(address("item-hold", classroom, held.public_id))
    assertNotContains(learner.get(address("mine", classroom)), "canary")


def test_marks_are_entered_and_a_newer_one_is_not_overwritten(
    classroom: Classroom, assistant: User, instructor: User, student: User, client_of: ClientOf
) -> None:
    item = manual_create(classroom, actor=instructor)
    path = address("item", classroom, item.public_id)
    client = client_of(assistant)
    key = classroom.enrolments.get(user=student).public_id
    form = client.get(path).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {f"m.{key}": "8.5"}
    sent = {name: value or 0 if name.startswith("v.") else value for name, value in sent.items()}
    assertContains(client.post(path, {**sent, f"m.{key}": "11"}), "less than or equal to 10")
    assert client.post(path, sent).status_code == 302
    grade = CurrentGrade.objects.get(item=item, student=student)
    assert (grade.points, grade.last_event.actor) == (Decimal("8.5"), assistant)
    assertContains(client.post(path, {**sent, f"m.{key}": "2"}), "Somebody else has changed")
    grade.refresh_from_db()
    assert grade.points == Decimal("8.5")


def test_two_markers_of_different_students_do_not_stop_each_other(
    classroom: Classroom,
    assistant: User,
    instructor: User,
    student: User,
    classmate: User,
    client_of: ClientOf,
) -> None:
    item = manual_create(classroom, actor=instructor)
    path = address("item", classroom, item.public_id)
    keys = {row.user_id: row.public_id for row in classroom.enrolments.all()}
    mine, theirs = keys[student.pk], keys[classmate.pk]
    opened = {f"v.{mine}": 0, f"v.{theirs}": 0, f"initial-m.{mine}": "", f"initial-m.{theirs}": ""}
    first = client_of(instructor).post(path, {**opened, f"m.{mine}": "7", f"m.{theirs}": ""})
    second = client_of(assistant).post(path, {**opened, f"m.{mine}": "", f"m.{theirs}": "8"})
    assert (first.status_code, second.status_code) == (302, 302)
    grades = CurrentGrade.objects.filter(item=item).order_by("points")
    assert [grade.points for grade in grades] == [7, 8]


def test_weights_change_everybody_s_totals_at_once(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    first, second = (source_create(classroom, title=title) for title in ("One", "Two"))
    score(first, student, "10")
    score(second, student, "5")
    client = client_of(instructor)
    client.post(
        address("category-create", classroom), {"title": "Tests", "weight": 1, "drop_lowest": 0}
    )
    category = GradeCategory.objects.get()
    path = address("setup", classroom)
    form = client.get(path).context["form"]
    said = {name: form[name].value() for name in form.fields}
    said |= {f"i.{item.public_id}.category": category.public_id for item in (first, second)}
    said |= {f"c.{category.public_id}.drop_lowest": 1, f"c.{category.public_id}.title": "Tests!"}
    assert client.post(path, said).status_code == 302
    total = CurrentGrade.objects.get(item__kind="total", student=student)
    assert total.points == 100
    assertContains(client_of(student).get(address("mine", classroom)), "dropped")
    assertContains(client.post(path, {**said, f"i.{first.public_id}.weight": "-1"}), "greater than")
    client.post(address("category-delete", classroom, category.public_id))
    total.refresh_from_db()
    assert total.points == 75


def test_list_of_marks_is_looked_at_and_then_recorded(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    item = manual_create(classroom, actor=instructor, title="Essay")
    client = client_of(instructor)
    path = address("import", classroom)
    faulty = client.post(path, {"pasted": f"E-mail,Essay\n{student.email},99\n"})
    assertContains(faulty, "more than the item gives")
    looked = client.post(path, {"pasted": f"E-mail,Essay\n{student.email},9\n"})
    assertContains(looked, "1 mark would change")
    assert not CurrentGrade.objects.filter(item=item).exists()
    confirm = looked.context["confirm"].initial
    assert client.post(path, confirm).status_code == 302
    assert CurrentGrade.objects.get(item=item).points == 9
    again = client.post(path, confirm)
    assertContains(again, "Somebody changed grades meanwhile")


def test_decision_is_recorded_with_its_reason_and_the_student_reads_it(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    item = source_create(classroom)
    score(item, student, "3")
    key = classroom.enrolments.get(user=student).public_id
    path = address("grade", classroom, item.public_id, key)
    client = client_of(instructor)
    assertContains(client.post(path, {"kind": "override", "reason": "x"}), "Say how many points.")
    assertContains(client.post(path, {"kind": "clear"}), "This field is required")
    assertContains(client.post(path, {"kind": "excuse_end", "reason": "x"}), "Select a valid")
    said = {"kind": "override", "points": "7", "reason": "The oral exam."}
    assert client.post(path, said).status_code == 302
    assertContains(client.get(path), "The oral exam.")
    mine = client_of(student).get(address("mine", classroom))
    assertContains(mine, "The oral exam.")
    assertNotContains(mine, instructor.display_name)


@pytest.mark.parametrize("count", [1, 30])
def test_pages_cost_the_same_whatever_the_class(
    count: int,
    classroom: Classroom,
    instructor: User,
    student: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [student, *students_add(classroom, count, actor=instructor)]
    items = [source_create(classroom, title=f"Quiz {number}") for number in range(count // 10 + 1)]
    for item in items:
        scores = {person.pk: services.Score(Decimal(7)) for person in people}
        services.grades_record(item=item, scores=scores, actor=None, now=NOW)
    manual = manual_create(classroom, actor=instructor)
    client = client_of(instructor)
    # session, person, class, and three for the table
    with django_assert_max_num_queries(6):
        client.get(address("gradebook", classroom))
    with django_assert_max_num_queries(18):  # twelve count it against the limit of exports
        client.get(address("export-xlsx", classroom))
    with django_assert_max_num_queries(6):
        client.get(address("item", classroom, manual.public_id))
    learner = client_of(student)
    with django_assert_max_num_queries(6):
        learner.get(address("mine", classroom))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "mode", [{}, {"width": PHONE_PX, "colour_scheme": "dark"}], ids=["desk", "phone"]
)
def test_pages_are_well_made(
    mode: dict[str, object],
    classroom: Classroom,
    instructor: User,
    student: User,
    tab_open: Callable[..., Tab],
) -> None:
    now = timezone.now()
    services.category_save(
        category=GradeCategory(classroom=classroom),
        fields={"title": "Essays", "drop_lowest": 1},
        actor=instructor,
        now=now,
    )
    for number in range(8):
        score(source_create(classroom, title=f"A quiz of the unit number {number}"), student, "7.5")
    manual = manual_create(classroom, actor=instructor)
    quiz = GradeItem.objects.filter(kind="source").earliest("pk")
    services.grade_override(
        item=quiz,
        student=student,
        points=Decimal(9),
        reason="The oral exam.",
        actor=instructor,
        now=now,
    )
    key = classroom.enrolments.get(user=student).public_id
    pages = {
        instructor: [
            address("gradebook", classroom),
            address("item", classroom, manual.public_id),
            address("item", classroom, quiz.public_id),
            address("grade", classroom, quiz.public_id, key),
            address("student", classroom, key),
            address("setup", classroom),
            address("item-create", classroom),
            address("category-create", classroom),
            address("import", classroom),
        ],
        student: [address("mine", classroom)],
    }
    for person, paths in pages.items():
        tab = tab_open(user=person, **mode)
        for path in paths:
            page = tab.visit(path)
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            assert tab.axe() == [], path
            assert tab.overflow_px() == 0, path
