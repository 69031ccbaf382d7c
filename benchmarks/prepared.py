"""A database to begin with. Migrating outlasts most measurements, so SQLite's is kept and copied.

`.cache/` holds a copy, under a fingerprint of what it was made by: the migrations, the course and
the apps that load it. On PostgreSQL, whose cluster is new each time, every run migrates.
"""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.server import ROOT, manage

_LOADERS = ("accounts", "content", "core", "debates", "quizzes")


def prepare(env: dict[str, str], course: str = "") -> None:
    """Migrate the empty database of `env` and load the bundled `course`, if one is named."""
    Path(env["VAR_DIR"], "static").mkdir(exist_ok=True)
    if env.get("DATABASE_URL"):
        _make(env, course)
        return
    name = f"bench-{course or 'empty'}"
    kept = ROOT / ".cache" / f"{name}-{_fingerprint()}.sqlite3"
    own = Path(env["VAR_DIR"]) / "majlis.sqlite3"
    if kept.exists():
        _copy(kept, own)
        return
    _make(env, course)
    kept.parent.mkdir(exist_ok=True)
    for old in kept.parent.glob(f"{name}-*.sqlite3"):
        old.unlink(missing_ok=True)
    partial = kept.with_suffix(".partial")
    _copy(own, partial)
    partial.rename(kept)


def _make(env: dict[str, str], course: str) -> None:
    manage(env, "migrate", "--verbosity=0")
    manage(env, "createcachetable")
    if course:
        manage(env, "course_load", str(ROOT / "courses" / course))


def _copy(one: Path, other: Path) -> None:
    with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(other)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = WAL")


def _fingerprint() -> str:
    files = [ROOT / "requirements.txt", *ROOT.glob("apps/*/migrations/*.py")]
    files += [each for app in _LOADERS for each in (ROOT / "apps" / app).rglob("*.py")]
    files += [each for each in (ROOT / "courses").rglob("*") if each.is_file()]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:24]
