"""`make bench`: the API as ratios to a naive one of model serializers, in one run, on one server.

python -m benchmarks.api [--seconds N] [--rounds N] [--lessons N] [--events 1000000]

Both answer from the same rows, with the same authentication and permission; lists give 200 rows.
Pages take turns, as in benchmarks.run, and the median counts. `same` is the ratio to the naive
one of the same thing, `list` to the naive list of lessons by offset. Last, the results of a class
and of its school are asked again with so many grade events of other classes in the ledger, a bare
page beside them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from benchmarks.prepared import prepare
from benchmarks.run import SLUG, Page, rounds
from benchmarks.server import ROOT, environment, serve
from tests import postgres

CONNECTIONS = 8
LIST, RESULTS, EVERYWHERE, BARE = "lesson list", "results since", "results of a school", "bare page"
PAIRS = [LIST, "lesson detail", RESULTS, "answer save"]


def seeded(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.seed_api", SLUG, *arguments]
    done = subprocess.run(command, check=True, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


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
    pages = pages_of(json.loads(seeded(env, str(options.lessons))))
    with serve(env) as site:
        found = rounds(site, pages, options.seconds, options.rounds)
    print(f"{'':22}{'requests/s':>12}{'naive':>9}{'same':>9}{'its CPU':>9}{'list':>9}  {aim}")
    naive_list = found[f"naive {LIST}"].per_second
    for name in PAIRS:
        ours, naive = found[name], found[f"naive {name}"]
        print(
            f"{name:22}{ours.per_second:12.0f}{naive.per_second:9.0f}"
            f"{ours.per_second / naive.per_second:9.2f}{naive.cpu_ms / ours.cpu_ms:9.2f}"
            f"{ours.per_second / naive_list:9.2f}",
            flush=True,
        )
    events = int(seeded(env, "--grow", str(options.events)))
    names = (RESULTS, f"naive {RESULTS}", EVERYWHERE)
    with serve(env) as site:
        asked = [page for page in pages if page.name in {*names, BARE}]
        grown = rounds(site, asked, options.seconds, options.rounds)
    drift = grown[BARE].per_second / found[BARE].per_second
    for name in names:
        ratio = grown[name].per_second / found[name].per_second / drift
        print(f"{f'{name}, {events:,} events (1.0 is flat)':52}{ratio:9.2f}", flush=True)


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
