"""One database of benchmarks.progress: a class that reads, and more and more readers beside it."""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.learning import selectors, services  # noqa: E402
from apps.learning.models import LessonProgress  # noqa: E402
from apps.learning.reading import Report  # noqa: E402
from tests.classrooms.factories import classroom_create, students_add  # noqa: E402
from tests.factories import instructor_create, school_create  # noqa: E402
from tests.learning.factories import lesson_create, place_of  # noqa: E402

LESSONS, STUDENTS = 10, 10
# A reader for each person who is in no class, of each lesson; a thousand people at a time.
_FILL = """
    INSERT INTO learning_lessonprogress
        (reader_id, lesson_id, seen, resume_anchor, resume_at, first_opened_at, updated_at)
    SELECT reader.id, lesson.id, '{"one": 1, "two": 1}', 'two', %s, %s, %s
    FROM accounts_user reader CROSS JOIN content_lesson lesson
    WHERE reader.id >= %s AND reader.id <= %s
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    # The environment says DEBUG, so that pages need no collected files; queries are not kept.
    settings.DEBUG = False
    bench = Readers()
    sizes = []
    print(f"{'ms, median':18}" + "".join(f"{name:>18}" for name in bench.acts), flush=True)
    for rows in options.rows:
        held = bench.grow(rows)
        sizes.append(bench.measure(options.rounds))
        print(
            f"{f'{held:,} rows':18}" + "".join(f"{ms:18.2f}" for ms in sizes[-1].values()),
            flush=True,
        )
    print("the last to the first, the yardstick's drift taken out (1.0 is flat)")
    first, last = sizes[0], sizes[-1]
    drift = last["yardstick"] / first["yardstick"]
    ratios = {name: first[name] / last[name] * drift for name in bench.acts}
    print(f"{'':18}" + "".join(f"{ratio:18.2f}" for ratio in ratios.values()), flush=True)


class Readers:
    """A class whose students have read something of every lesson of its course."""

    def __init__(self) -> None:
        school = school_create()
        instructor = instructor_create(school)
        self.classroom = classroom_create(school, instructor)
        lessons = [
            lesson_create(self.classroom.course, f"lesson-{number}") for number in range(LESSONS)
        ]
        self.places = [place_of(lesson) for lesson in lessons]
        self.people = students_add(self.classroom, STUDENTS, actor=instructor)
        for person in self.people:
            reports = [Report(place, frozenset({"one"}), "", None) for place in self.places]
            services.progress_record(reader=person, reports=reports, now=timezone.now())
        self.student, self.sent = self.people[0], 0
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(self.student)
        self.acts: dict[str, Callable[[], Any]] = {
            "yardstick": self.yardstick,
            "home": self.home,
            "progress save": self.save,
            "sections_seen": self.seen,
        }

    def yardstick(self) -> None:
        for _each in range(100):
            User.objects.get(pk=self.student.pk)

    def home(self) -> None:
        answer = self.client.get("/home/")
        if answer.status_code != 200:
            raise SystemExit(f"/home/ answered {answer.status_code}")

    def save(self) -> None:
        """The next student reports a section of the next lesson, and where they stopped."""
        self.sent += 1
        now = timezone.now()
        place = self.places[self.sent % LESSONS]
        report = Report(place, frozenset({"two"}), "two", now)
        person = self.people[self.sent // LESSONS % STUDENTS]
        if not services.progress_record(reader=person, reports=[report], now=now):
            raise SystemExit("A report was not taken.")

    def seen(self) -> None:
        counted = selectors.sections_seen(self.classroom)
        if len(counted) < LESSONS:
            raise SystemExit("The class has read less than it said.")

    def measure(self, rounds: int) -> dict[str, float]:
        """The median of each act in ms; they take turns, and the first round does not count."""
        times: dict[str, list[float]] = {name: [] for name in self.acts}
        for _round in range(rounds + 1):
            for name, act in self.acts.items():
                began = time.perf_counter()
                act()
                times[name].append((time.perf_counter() - began) * 1000)
        return {name: statistics.median(own[1:]) for name, own in times.items()}

    def grow(self, rows: int) -> int:
        """Readers of the same lessons who are in no class, up to `rows`.  Returns: rows held."""
        now = timezone.now()
        missing = (rows - LessonProgress.objects.count()) // LESSONS
        made = User.objects.count()
        for start in range(0, missing, 1_000):
            people = User.objects.bulk_create(
                User(email=f"reader-{made + number}@bench.example", display_name="A reader")
                for number in range(start, min(start + 1_000, missing))
            )
            self._fill(min(each.pk for each in people), max(each.pk for each in people), now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as both do by themselves in time
        return LessonProgress.objects.count()

    @staticmethod
    def _fill(first: int, last: int, now: datetime) -> None:
        moment = connection.ops.adapt_datetimefield_value(now)
        with connection.cursor() as cursor:
            cursor.execute(_FILL, [moment, moment, moment, first, last])


if __name__ == "__main__":
    main()
