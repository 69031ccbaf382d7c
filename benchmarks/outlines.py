"""`make bench`: a debate of 1,000 arguments by 200 students, as ratios to a naive template.

The yardstick draws the same tree as it is usually written: two queries for everything, and a
template that includes itself for the answers. The product draws what its page begins with. Both
take turns in one process; SQLite in a folder of its own.
"""

import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from random import Random

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("DEBUG", "1")
_folder = tempfile.TemporaryDirectory(prefix="majlis-bench-")
os.environ["VAR_DIR"] = _folder.name

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test import RequestFactory  # noqa: E402

from apps.debates import selectors, services  # noqa: E402
from apps.debates.enums import Relation  # noqa: E402
from apps.debates.models import Argument, DebateRun, Evidence, Participant  # noqa: E402
from apps.debates.views.outlines import outline_html  # noqa: E402
from tests.classrooms.factories import classroom_create, students_add  # noqa: E402
from tests.debates.factories import WORDS, during, join, run_create  # noqa: E402
from tests.factories import NOW, instructor_create, school_create  # noqa: E402

ROUNDS, ARGUMENTS, STUDENTS = 9, 1_000, 200


def milliseconds(draw: Callable[[], object]) -> float:
    began = time.perf_counter()
    draw()
    return (time.perf_counter() - began) * 1_000


def naive(run: DebateRun) -> str:
    rows = Argument.objects.filter(run=run).select_related("author__user", "side")
    answers: defaultdict[int | None, list[Argument]] = defaultdict(list)
    for row in rows.prefetch_related("evidence"):
        row.answers = answers[row.pk]
        answers[row.parent_id].append(row)
    return render_to_string("bench/debate.html", {"arguments": answers[None], "run": run})


def seeded() -> tuple[DebateRun, list[Participant]]:
    school = school_create()
    teacher = instructor_create(school, email="teacher@bench.example", name="Teacher")
    classroom = classroom_create(school, teacher)
    run = run_create(classroom, teacher)
    people = [join(run, student) for student in students_add(classroom, STUDENTS, actor=teacher)]
    lot, keys = Random(1), list[int]()
    for number in range(ARGUMENTS):
        parent = lot.choice(keys) if keys and number % 5 else None
        row = Argument.objects.create(
            run=run,
            parent_id=parent,
            author=people[number % STUDENTS],
            side=people[number % STUDENTS].side,
            relation=Relation.REBUTTAL if parent else Relation.OPENING,
            text=WORDS,
            html=f"<p>{WORDS}</p>",
            words=16,
            posted_at=NOW,
        )
        keys.append(row.pk)
        link = f"https://example.org/{number}"
        Evidence.objects.create(argument=row, kind="link", url=link, quotation="Words.")
    return run, people


def main() -> None:
    call_command("migrate", verbosity=0)
    run, people = seeded()
    request = RequestFactory().get("/")
    first = Argument.objects.filter(run=run, parent=None).exclude(author=people[0]).earliest("pk")

    def outline() -> float:
        """As the naive one, from a run that has been found."""
        fresh = selectors.run_in(run.classroom, run.public_id)
        now = during("arguing")
        seat = selectors.seat_of(fresh, people[0].user, is_staff=False, now=now)
        return milliseconds(lambda: outline_html(request, seat))

    def after_a_write(strength: int) -> float:
        services.argument_rate(
            argument=first, participant=people[0], strength=strength, now=during("arguing")
        )
        return outline()

    outline()
    naive(run)
    rounds = [
        (milliseconds(lambda: naive(run)), outline(), after_a_write(1 + number % 5))
        for number in range(ROUNDS)
    ]
    slow, unchanged, written = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"A debate of {ARGUMENTS:,} arguments and {STUDENTS} students: ms, and how many times")
    print("as fast as a naive template of the same tree")
    print(f"  naive template        {slow:8.1f}")
    print(f"  nothing changed       {unchanged:8.1f} {slow / unchanged:8.1f}")
    print(f"  right after a write   {written:8.1f} {slow / written:8.1f}")


if __name__ == "__main__":
    main()
