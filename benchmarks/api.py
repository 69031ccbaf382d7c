"""`make bench`: the API as ratios to a naive one of model serializers, in one run, on one server.

python -m benchmarks.api [--seconds N] [--rounds N] [--lessons N] [--events 1000000]

Both answer from the same rows, with the same authentication and permission; lists give 200 rows.
They take turns, and the median of the turns' ratios counts, so that a busy machine blurs it least.
`same` is the ratio to the naive one of the same thing, `its CPU` the same by the server's own
processor time, `list` the ratio to the naive list of lessons. Last, what a school asks for is
asked of a second database too, which holds so many grade events of the school's other classes.
"""

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from benchmarks.prepared import prepare
from benchmarks.run import SLUG, Page, Result, ask
from benchmarks.server import ROOT, Site, environment, serve
from tests import postgres

CONNECTIONS = 8
LIST, RESULTS, EVERYWHERE, BARE = "lesson list", "results since", "results of a school", "bare page"
PAIRS = [LIST, "lesson detail", RESULTS, "answer save"]
GROWING = [RESULTS, f"naive {RESULTS}", EVERYWHERE, BARE]


@dataclass(frozen=True)
class Compared:
    """Medians of requests a second, and of the turns' ratios of one to the other."""

    one: float
    other: float
    ratio: float
    cpu_ratio: float


def compare(
    one: tuple[Site, Page], other: tuple[Site, Page], options: argparse.Namespace
) -> Compared:
    for site, page in (one, other):
        ask(site, page, 0.5)  # warm-up
    turns: list[tuple[Result, Result]] = [
        (ask(*one, options.seconds), ask(*other, options.seconds))
        for _turn in range(options.rounds)
    ]
    return Compared(
        statistics.median(a.per_second for a, _b in turns),
        statistics.median(b.per_second for _a, b in turns),
        statistics.median(a.per_second / b.per_second for a, b in turns),
        statistics.median(b.cpu_ms / a.cpu_ms for a, b in turns),
    )


def seeded(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.seed_api", SLUG, *arguments]
    done = subprocess.run(command, check=True, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


def twin(env: dict[str, str]) -> dict[str, str]:
    """A copy of the database of `env`, which nobody uses now."""
    folder = Path(env["VAR_DIR"], "twin")
    (folder / "static").mkdir(parents=True)
    if not env["DATABASE_URL"]:
        name = "majlis.sqlite3"
        with (
            closing(sqlite3.connect(Path(env["VAR_DIR"], name))) as source,
            closing(sqlite3.connect(folder / name)) as target,
        ):
            source.backup(target)
        return environment(folder, "")
    own = "/postgres?"  # the database in a cluster of tests.postgres
    with psycopg.connect(env["DATABASE_URL"].replace(own, "/template1?"), autocommit=True) as to:
        to.execute("CREATE DATABASE twin TEMPLATE postgres")
    return environment(folder, env["DATABASE_URL"].replace(own, "/twin?"))


def pages_of(seed: dict[str, str]) -> list[Page]:
    token, personal, key = seed["token"], seed["personal"], seed["classroom"]
    course, since = f"/api/v1/courses/{SLUG}", quote(seed["since"])
    lessons, lesson = f"/bench/api/lessons/{SLUG}/?limit=200", f"{course}/lessons/{seed['lesson']}"
    asked = f"results?page_size=200&changed_since={since}"
    naive = f"/bench/api/results/{key}/?limit=200&since={since}"
    attempt, save = seed["attempt"], '{"answer": {}, "sequence": {n}, "seconds": 1}'

    def page(name: str, path: str) -> Page:
        return Page(name, path, token, connections=CONNECTIONS)

    def put(name: str, path: str) -> Page:
        # One attempt has one student, who sends one thing at a time.
        return Page(name, path, personal, body=save, connections=1)

    return [
        page(LIST, f"{course}/lessons?page_size=200"),
        page(f"naive {LIST}", lessons),
        page("lesson detail", lesson),
        page("naive lesson detail", f"/bench/api/lesson/{seed['lesson_pk']}/"),
        page(RESULTS, f"/api/v1/classrooms/{key}/{asked}"),
        page(f"naive {RESULTS}", naive),
        page(EVERYWHERE, f"/api/v1/{asked}"),
        put("answer save", f"/api/v1/attempts/{attempt}/items/1"),
        put("naive answer save", f"/bench/api/answers/{attempt}/1/"),
        Page(BARE, "/bench/template/", connections=CONNECTIONS),
    ]


def measure(env: dict[str, str], options: argparse.Namespace, aim: str) -> None:
    prepare(env, SLUG)
    pages = {page.name: page for page in pages_of(json.loads(seeded(env, str(options.lessons))))}
    grown_env = twin(env)
    events = int(seeded(grown_env, "--grow", str(options.events)))
    with serve(env) as site, serve(grown_env) as grown:
        print(f"{'':22}{'requests/s':>12}{'naive':>9}{'same':>9}{'its CPU':>9}{'list':>9}  {aim}")
        naive_list = 0.0
        for name in PAIRS:
            found = compare((site, pages[name]), (site, pages[f"naive {name}"]), options)
            naive_list = naive_list or found.other
            print(
                f"{name:22}{found.one:12.0f}{found.other:9.0f}"
                f"{found.ratio:9.2f}{found.cpu_ratio:9.2f}{found.one / naive_list:9.2f}",
                flush=True,
            )
        print(f"{f'with {events:,} grade events (1.0 is flat)':43}{'ratio':>9}{'its CPU':>9}")
        for name in GROWING:
            found = compare((grown, pages[name]), (site, pages[name]), options)
            print(f"{name:43}{found.ratio:9.2f}{found.cpu_ratio:9.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lessons", type=int, default=200)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    options = parser.parse_args()
    if "sqlite" in options.databases:
        with tempfile.TemporaryDirectory(prefix="majlis-bench-") as folder:
            print("SQLite", flush=True)
            measure(environment(Path(folder), ""), options, "aim: at least 2.5")
    programs = postgres.programs()
    if programs is not None and "postgresql" in options.databases:
        with (
            postgres.cluster(programs) as url,
            tempfile.TemporaryDirectory(prefix="majlis-bench-") as folder,
        ):
            print("\nPostgreSQL, without fsync: what the product adds, not what the disk costs")
            measure(environment(Path(folder), url), options, "aim: at least 1.7")


if __name__ == "__main__":
    main()
