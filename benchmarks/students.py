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
from django.utils import timezone  # noqa: E402

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
        rates.append(bench.rate(bench.save, 1, options.seconds)[0])
        print(f"{f'save with {count} attempts in the table':34}{rates[-1]:10.0f}")
    print(f"{'the last to the first (1.0 is flat)':71}{rates[-1] / rates[0]:8.2f}")


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

    def save(self, place: int) -> None:

        self.sequence += 1
        saves = {
            position: replace(save, sequence=self.sequence)
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
        """Attempts of practice, with their answers, until the table holds `count`."""

        now = timezone.now()
        have = Attempt.objects.count()
        for start in range(have, count, 1000):
            attempts = Attempt.objects.bulk_create(
                Attempt(
                    student=self.people[number % len(self.people)],
                    quiz=self.attempted.quiz,
                    number=1_000_000_000 + number,
                    state="graded",
                    started_at=now,
                    submitted_at=now,
                    max_points=ITEMS,
                )
                for number in range(start, min(count, start + 1000))
            )
            Response.objects.bulk_create(
                self._response(attempt, row) for attempt in attempts for row in self.rows[0]
            )


if __name__ == "__main__":
    main()
