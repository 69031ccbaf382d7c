"""One database of benchmarks.saves: a class that saves and submits, and bare writes beside it."""

import argparse
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.quizzes import services  # noqa: E402
from apps.quizzes.models import Attempt, Response  # noqa: E402
from tests.classrooms.factories import classroom_create, students_add  # noqa: E402
from tests.factories import instructor_create, school_create  # noqa: E402
from tests.quizzes.factories import (  # noqa: E402
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
)

ITEMS = 10
_UUID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
# Of one student without an assignment, as practice is.
_ATTEMPTS = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size})
    INSERT INTO quizzes_attempt
        (public_id, student_id, quiz_id, number, state, closed_by, started_at, submitted_at,
         max_points, days_late)
    SELECT {uuid}, %s, %s, 1000000000 + %s + n, 'graded', 'student', %s, %s, 10, 0 FROM numbers
"""
# What the first open attempt asks, in each of the new ones.
_ANSWERS = """
    INSERT INTO quizzes_response
        (attempt_id, position, question_id, version_id, seed, max_points, answer, sequence,
         saved_at, seconds, is_flagged, hints_taken, is_checked, needs_marking, is_void,
         rubric_marks, comment)
    SELECT attempt.id, own.position, own.question_id, own.version_id, own.seed, own.max_points,
           own.answer, 1, %s, 1, {false}, 0, {false}, {false}, {false}, own.rubric_marks, ''
    FROM quizzes_attempt attempt
    JOIN quizzes_response own ON attempt.id > %s AND own.attempt_id = %s
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--students", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--attempts", type=int, nargs="+", default=[1_000, 50_000])
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    bench = Bench(max(options.students))
    print(f"{'':34}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'slowest':>9}{'ratio':>8}")
    for students in options.students:
        bench.compare(f"save of {ITEMS} answers, {students} at once", students, options.seconds)
    for students in options.students:
        bench.compare(f"whole attempt, {students} at once", students, options.seconds, "attempt")
    rates = []
    for count in options.attempts:
        bench.grow(count)
        rates.append(bench.rates(options.seconds))
        name = f"save with {count:,} attempts in the table"
        print(f"{name:44}{rates[-1][0]:10.0f}, in {bench.queries()} queries", flush=True)
    (first, first_else), (last, last_else) = rates[0], rates[-1]
    ratio = last / first * first_else / last_else
    print(f"{'the last to the first, drift taken out (1.0 is flat)':71}{ratio:8.2f}")


class Bench:
    """A class of students, each with an open attempt at ten questions."""

    def __init__(self, students: int) -> None:

        school = school_create()
        instructor = instructor_create(school)
        self.classroom = classroom_create(school, instructor)
        questions = [question_create(self.classroom.course) for _ in range(ITEMS)]
        quiz = quiz_create(self.classroom.course, *questions)
        given = {"attempt_limit": None}
        self.saved_in = assignment_create(self.classroom, instructor, quiz, **given)
        self.attempted = assignment_create(self.classroom, instructor, quiz, **given)
        self.people = students_add(self.classroom, students, actor=instructor)
        self.attempts = [
            services.assignment_start(assignment=self.saved_in, student=person, now=timezone.now())
            for person in self.people
        ]
        self.saves = [right_saves(attempt) for attempt in self.attempts]
        self.rows = [list(attempt.responses.all()) for attempt in self.attempts]
        self.sequence = 1

    def compare(self, name: str, students: int, seconds: float, what: str = "save") -> None:
        """Product and yardstick in turns, twice; the medians count."""
        product, yardstick = getattr(self, what), getattr(self, f"bare_{what}")
        taken: dict[str, list[tuple[float, float, float, float]]] = {"product": [], "bare": []}
        for _ in range(2):
            taken["product"].append(self.rate(product, students, seconds))
            taken["bare"].append(self.rate(yardstick, students, seconds))
        lines = {
            key: [statistics.median(column) for column in zip(*rows, strict=True)]
            for key, rows in taken.items()
        }
        for key, label in (("product", name), ("bare", "  the bare write")):
            rate, *times = lines[key]
            print(f"{label:34}{rate:10.0f}" + "".join(f"{each:9.1f}" for each in times), end="")
            ratio = lines["product"][0] / lines["bare"][0]
            print(f"{ratio:8.2f}" if key == "product" else "", flush=True)

    def rate(
        self, act: Callable[[int], Any], students: int, seconds: float
    ) -> tuple[float, float, float, float]:
        """(acts a second, p50, p99 and slowest in ms) of so many threads."""

        times: list[list[float]] = [[] for _ in range(students)]
        ready = threading.Barrier(students)

        def once(place: int) -> None:
            act(place)
            if connection.vendor == "postgresql":
                connection.close()  # back to the pool, as after a request

        def work(place: int) -> None:
            once(place)
            ready.wait()
            until = time.perf_counter() + seconds
            while (begun := time.perf_counter()) < until:
                once(place)
                times[place].append(time.perf_counter() - begun)
            connection.close()

        threads = [threading.Thread(target=work, args=(place,)) for place in range(students)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        every = sorted(each * 1000 for own in times for each in own)
        p99 = every[int(len(every) * 0.99)]
        return len(every) / seconds, statistics.median(every), p99, every[-1]

    def rates(self, seconds: float) -> tuple[float, float]:
        """(saves, writes of a row elsewhere) a second: in turns, three times; the medians."""
        taken = [
            (self.rate(self.save, 1, seconds)[0], self.rate(self.write, 1, seconds)[0])
            for _turn in range(3)
        ]
        saves, writes = (statistics.median(column) for column in zip(*taken, strict=True))
        return saves, writes

    def write(self, place: int) -> None:
        """The yardstick of growth: one durable write that knows no attempts."""
        with transaction.atomic():
            User.objects.filter(pk=self.people[place].pk).update(display_name="A student")

    def queries(self) -> int:
        with CaptureQueriesContext(connection) as captured:
            self.save(0)
        return len(captured)

    def save(self, place: int) -> None:

        self.sequence += ITEMS + 1
        # As in life, no two items are alike: what all rows share is cheaper to write.
        saves = {
            position: replace(
                save,
                raw=save.raw if position % 2 else {},
                sequence=self.sequence + position,
                seconds=position,
            )
            for position, save in self.saves[place].items()
        }
        services.answers_save(
            attempt_id=self.attempts[place].public_id,
            student=self.people[place],
            saves=saves,
            now=timezone.now(),
        )

    def bare_save(self, place: int) -> None:

        with transaction.atomic():
            for row in self.rows[place]:
                row.answer, row.saved_at = {"choice": "a"}, timezone.now()
                row.seconds += 1
            fields = ["answer", "sequence", "saved_at", "seconds", "is_flagged", "confidence"]
            Response.objects.bulk_update(self.rows[place], fields)

    def attempt(self, place: int) -> None:
        student, now = self.people[place], timezone.now()
        attempt = services.assignment_start(assignment=self.attempted, student=student, now=now)
        services.attempt_submit(
            attempt_id=attempt.public_id,
            student=student,
            saves=right_saves(attempt),
            now=now,
        )

    def bare_attempt(self, place: int) -> None:
        """The same rows: an attempt and its answers, in and changed."""

        now = timezone.now()
        with transaction.atomic():
            attempt = Attempt.objects.create(
                student=self.people[place],
                quiz=self.attempted.quiz,
                number=1,
                state="graded",
                started_at=now,
                submitted_at=now,
                max_points=ITEMS,
            )
            Attempt.objects.filter(pk=attempt.pk).update(number=attempt.pk)
            rows = [self._response(attempt, row) for row in self.rows[place]]
            Response.objects.bulk_create(rows)
        with transaction.atomic():
            for row in rows:
                row.answer, row.saved_at, row.points = {"choice": "a"}, now, 1
            Response.objects.bulk_update(rows, ["answer", "saved_at", "points", "ratio"])
            Attempt.objects.filter(pk=attempt.pk).update(points=ITEMS)

    def _response(self, attempt: Any, row: Any) -> Any:

        return Response(
            attempt=attempt,
            position=row.position,
            question_id=row.question_id,
            version_id=row.version_id,
            seed=row.seed,
            max_points=1,
        )

    def grow(self, count: int) -> None:
        """Attempts that are over, with their answers, until the table holds `count`."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        words = {
            "uuid": _UUID[connection.vendor],
            "false": "0" if connection.vendor == "sqlite" else "false",
        }
        while (missing := count - Attempt.objects.count()) > 0:
            last = Attempt.objects.latest("pk").pk
            with transaction.atomic(), connection.cursor() as cursor:
                of = [self.people[0].pk, self.attempted.quiz_id, last, now, now]
                size = min(missing, 20_000)
                cursor.execute(_ATTEMPTS.format(**words, size=size), of)
                cursor.execute(_ANSWERS.format(**words), [now, last, self.attempts[0].pk])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as PostgreSQL does in time, and our worker for SQLite


if __name__ == "__main__":
    main()
