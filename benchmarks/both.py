"""Runs a benchmark on SQLite in a folder of its own, then on PostgreSQL where its programs are."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.prepared import prepare
from tests import postgres

ROOT = Path(__file__).parents[1]


def run_on_both(module: str, arguments: Sequence[str]) -> None:
    """`python -m module arguments` once on each database, each of them empty.

    BENCH_DATABASES=sqlite (or postgresql) leaves the other out.
    """
    wanted = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
    command = [sys.executable, "-m", module, *arguments]
    with tempfile.TemporaryDirectory(prefix="majlis-bench-") as folder:
        common = {
            **os.environ,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
            "DEBUG": "1",
        }
        if "sqlite" in wanted:
            print("SQLite", flush=True)
            prepare(common)
            subprocess.run(command, check=True, cwd=ROOT, env=common)
        programs = postgres.programs()
        if programs is None or "postgresql" not in wanted:
            return
        with postgres.cluster(programs) as url:
            print("\nPostgreSQL, without fsync: what the product adds, not what the disk costs")
            theirs = {"DATABASE_URL": url, "SECRET_KEY": "b" * 50}
            subprocess.run(command, check=True, cwd=ROOT, env={**common, **theirs})
