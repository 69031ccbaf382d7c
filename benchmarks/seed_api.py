"""Rows for benchmarks.api: a class of marks, an attempt that is open, and a ledger that grows.

python -m benchmarks.seed_api SLUG LESSONS        prints addresses and tokens as JSON
python -m benchmarks.seed_api SLUG --grow EVENTS  classes of the same school, ten events a grade
"""

import json
import sys
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.api import services as api  # noqa: E402
from apps.api.enums import Scope  # noqa: E402
from apps.classrooms.models import Classroom, Enrolment  # noqa: E402
from apps.content import services as content  # noqa: E402
from apps.content.models import Course, Lesson  # noqa: E402
from apps.core.services import tables_analyse  # noqa: E402
from apps.grades import services as grades  # noqa: E402
from apps.grades.enums import GradeEventKind  # noqa: E402
from apps.grades.models import GradeEvent, GradeItem  # noqa: E402
from apps.quizzes import services as quizzes  # noqa: E402
from benchmarks.seed import grow  # noqa: E402
from tests.classrooms.factories import classroom_create, students_add  # noqa: E402
from tests.factories import instructor_create, school_create  # noqa: E402
from tests.grades.factories import source_create  # noqa: E402
from tests.quizzes.factories import assignment_create, question_create, quiz_create  # noqa: E402

STUDENTS, COLUMNS, EVENTS_EACH = 16, 20, 10
OTHERS = 30  # students of each other class
TERM_AGO = timedelta(days=120)
_UUID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
_EVENTS = """
    INSERT INTO grades_gradeevent
        (public_id, item_id, student_id, kind, points, max_points, reason, origin_path, happened_at)
    SELECT {uuid}, item.id, enrolment.user_id, 'score', 7, 10, '', '', %s
    FROM grades_gradeitem item
    JOIN classrooms_enrolment enrolment ON enrolment.classroom_id = item.classroom_id
    CROSS JOIN ({numbers}) numbers
    WHERE item.classroom_id >= %s AND item.classroom_id <= %s
"""
_CURRENT = """
    INSERT INTO grades_currentgrade
        (public_id, item_id, student_id, points, source_points, is_overridden, is_excused,
         last_event_id, version, changed_at, touched_at)
    SELECT {uuid}, event.item_id, student_id, 7, 7, {false}, {false},
           max(event.id), count(*), %s, %s
    FROM grades_gradeevent event JOIN grades_gradeitem item ON item.id = event.item_id
    WHERE item.classroom_id >= %s AND item.classroom_id <= %s
    GROUP BY event.item_id, student_id
"""


def seed(slug: str, lessons: int) -> dict[str, object]:
    now = timezone.now()
    with transaction.atomic():
        course = Course.objects.get(slug=slug)
        grow(course, lessons)
        content.course_outline_refresh(course=course)
    lesson = Lesson.objects.published().filter(unit__course=course).select_related("unit")[8]
    school = school_create()
    instructor = instructor_create(school)
    classroom = classroom_create(school, instructor, slug="bench-course")
    people = students_add(classroom, STUDENTS, actor=instructor)
    for _column in range(COLUMNS):
        scores = {person.pk: grades.Score(Decimal(7), "") for person in people}
        grades.grades_record(
            item=source_create(classroom),
            scores=scores,
            kind=GradeEventKind.SCORE,
            actor=None,
            now=now,
        )
    quiz = quiz_create(classroom.course, question_create(classroom.course))
    assignment = assignment_create(classroom, instructor, quiz)
    attempt = quizzes.assignment_start(assignment=assignment, student=people[0], now=now)
    client, _secret = api.client_create(school=school, name="LMS", scopes=Scope.values, now=now)
    token = str(uuid4())
    api.token_create(client=client, consent=None, text=token, scopes=client.scopes, now=now)
    _own, personal = api.personal_token_create(
        user=people[0], name="script", scopes=Scope.values, days=1, now=now
    )
    analyse()
    return {
        "lesson": f"{lesson.unit.slug}/{lesson.slug}",
        "lesson_pk": lesson.pk,
        "classroom": str(classroom.public_id),
        "attempt": str(attempt.public_id),
        "token": f"Authorization: Bearer {token}",
        "personal": f"Authorization: Bearer {personal}",
        "since": (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def ledger_grow(events: int) -> int:
    """Marks of an earlier term in other classes of the school.  Returns: events in the ledger."""
    one = Classroom.objects.select_related("school", "course").get()
    missing = (events - GradeEvent.objects.count()) // (COLUMNS * OTHERS * EVENTS_EACH)
    words = {
        "uuid": _UUID[connection.vendor],
        "false": "0" if connection.vendor == "sqlite" else "false",
        "numbers": " UNION ALL ".join(["SELECT 1"] * EVENTS_EACH),
    }
    for start in range(0, missing, 20):
        _classes_grow(one, range(start, min(start + 20, missing)), words)
    analyse()
    return GradeEvent.objects.count()


@transaction.atomic
def _classes_grow(one: Classroom, numbers: range, words: dict[str, str]) -> None:
    then = timezone.now() - TERM_AGO + timedelta(hours=numbers[0])
    classes = Classroom.objects.bulk_create(
        Classroom(school=one.school, course=one.course, title=f"Class {n}") for n in numbers
    )
    people = User.objects.bulk_create(
        User(email=f"marked-{n}-{seat}@bench.example", display_name="A student")
        for n in numbers
        for seat in range(OTHERS)
    )
    Enrolment.objects.bulk_create(
        Enrolment(classroom=classes[place // OTHERS], user=person, sis_id=f"s{place}")
        for place, person in enumerate(people)
    )
    items = GradeItem.objects.bulk_create(
        GradeItem(classroom=each, title=f"Quiz {column}", max_points=10, released_at=then)
        for each in classes
        for column in range(COLUMNS)
    )
    GradeItem.objects.filter(pk__in=[item.pk for item in items]).update(updated_at=then)
    values = [connection.ops.adapt_datetimefield_value(then), classes[0].pk, classes[-1].pk]
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS.format(**words), values)
        cursor.execute(_CURRENT.format(**words), [values[0], *values])


def analyse() -> None:
    """As PostgreSQL does by itself in time, and our worker for SQLite."""
    tables_analyse(now=timezone.now())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


if __name__ == "__main__":
    if sys.argv[2] == "--grow":
        print(ledger_grow(int(sys.argv[3])))
    else:
        print(json.dumps(seed(sys.argv[1], int(sys.argv[2]))))
