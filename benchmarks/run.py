"""`make bench`: the reader's pages as ratios to bare pages, in one run, on one server.

Every page is asked in rounds, A B C A B C, and the median round counts, so that a machine whose
speed drifts does not decide. Beside requests a second stands the server's own processor time for
one answer: the load generator shares the cores, which flatters slow pages in the first figure.
Options: --seconds N each round (2), --rounds N (3), --database-url URL (SQLite without).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.server import ROOT, Site, environment, manage, serve

SLUG = "pakistan-russia-sco"
CONNECTIONS = 16


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    cookie: str = ""  # or an Authorization header
    body: str = ""  # of a PUT
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Result:
    per_second: float
    cpu_ms: float  # processor time of the server for one answer
    p99_ms: float
    size: int  # bytes of the body as sent


def ask(site: Site, page: Page, seconds: float) -> Result:
    before = site.cpu_seconds()
    command = [sys.executable, "-m", "benchmarks.load", site.host, str(site.port), page.path]
    command += [str(seconds), str(page.connections), *([page.cookie] if page.cookie else [])]
    env = {**os.environ, "BENCH_BODY": page.body}
    done = subprocess.run(command, check=True, cwd=ROOT, env=env, capture_output=True, text=True)
    report = json.loads(done.stdout)
    if report["errors"]:
        raise SystemExit(f"{page.name}: {page.path} answered {report['errors']}")
    used = site.cpu_seconds() - before
    return Result(
        report["per_second"], used / report["requests"] * 1000, report["p99_ms"], report["bytes"]
    )


def rounds(site: Site, pages: list[Page], seconds: float, count: int) -> dict[str, Result]:
    for page in pages:
        ask(site, page, 0.5)  # warm-up
    taken: dict[str, list[Result]] = {page.name: [] for page in pages}
    for _ in range(count):
        for page in pages:
            taken[page.name].append(ask(site, page, seconds))
    return {
        name: Result(
            statistics.median(r.per_second for r in results),
            statistics.median(r.cpu_ms for r in results),
            statistics.median(r.p99_ms for r in results),
            results[0].size,
        )
        for name, results in taken.items()
    }


def measure(lessons: int, options: argparse.Namespace) -> tuple[dict[str, Result], float]:
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder), options.database_url)
        manage(env, "migrate", "--verbosity=0")
        manage(env, "createcachetable")
        manage(env, "collectstatic", "--noinput", "--verbosity=0")
        manage(env, "course_load", str(ROOT / "courses" / SLUG))
        seeded = subprocess.run(
            [sys.executable, "-m", "benchmarks.seed", SLUG, str(lessons)],
            check=True,
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
        )
        seed = json.loads(seeded.stdout.splitlines()[-1])
        course = f"/courses/{SLUG}/"
        row, naive = f"/bench/row/{seed['edition_pk']}/", f"/bench/naive/{seed['lesson_pk']}/"
        pages = [
            Page("a bare page by template", "/bench/template/"),
            Page("b bare page, one stored row", row),
            Page("b signed in", row, seed["cookie"]),
            Page("c naive five queries, signed in", naive, seed["cookie"]),
            Page("d naive outline", f"/bench/outline/{SLUG}/"),
            Page("e naive search", "/bench/search/?q=pipeline"),
            Page("lesson, anonymous", seed["lesson_path"]),
            Page("lesson, signed in", seed["lesson_path"], seed["cookie"]),
            Page("outline, anonymous", course),
            Page("search, anonymous", f"{course}search/?q=pipeline"),
        ]
        with serve(env) as site:  # the product's pages alone: yardsticks have a memory too
            rounds(site, [page for page in pages if page.path.startswith("/courses/")], 1, 1)
            memory = site.memory_mb()
        with serve(env) as site:
            return rounds(site, pages, options.seconds, options.rounds), memory


RATIOS = [
    ("lesson, anonymous", "a bare page by template", "aim: at least 4"),
    ("lesson, anonymous", "b bare page, one stored row", ""),
    ("lesson, signed in", "c naive five queries, signed in", "aim: at least 4.5"),
    ("lesson, signed in", "b signed in", "aim: at least 0.7"),
    ("lesson, signed in", "b bare page, one stored row", ""),
    ("outline, anonymous", "a bare page by template", ""),
    ("outline, anonymous", "d naive outline", ""),
    ("search, anonymous", "a bare page by template", ""),
    ("search, anonymous", "e naive search", ""),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--lessons", type=int, nargs="+", default=[30, 1000])
    options = parser.parse_args()
    by_size = {}
    for lessons in options.lessons:
        results, memory = measure(lessons, options)
        by_size[lessons] = results
        print(f"\n{lessons} lessons; two workers use {memory:.0f} MB (aim: at most 150)")
        print(f"{'page':34}{'requests/s':>12}{'CPU ms':>9}{'p99 ms':>9}{'bytes':>9}")
        for name, result in results.items():
            print(
                f"{name:34}{result.per_second:12.0f}{result.cpu_ms:9.2f}"
                f"{result.p99_ms:9.1f}{result.size:9}"
            )
        print(f"\n{'ratio':70}{'requests':>9}{'CPU':>7}")
        for page, yardstick, aim in RATIOS:
            one, other = results[page], results[yardstick]
            print(
                f"{f'{page} / {yardstick}':70}{one.per_second / other.per_second:9.2f}"
                f"{other.cpu_ms / one.cpu_ms:7.2f}  {aim}"
            )
    first, last = by_size[options.lessons[0]], by_size[options.lessons[-1]]
    print(f"\nfrom {options.lessons[0]} to {options.lessons[-1]} lessons (1.0 is flat)")
    for name in ("lesson, anonymous", "lesson, signed in"):
        ratio = last[name].per_second / first[name].per_second
        print(f"{name:70}{ratio:9.2f}")


if __name__ == "__main__":
    main()
