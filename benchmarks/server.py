"""A benchmark's own site: a throw-away database, the product's server, its processes' memory."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 2


@dataclass(frozen=True)
class Site:
    host: str
    port: int
    process: subprocess.Popen[bytes]

    def children(self) -> list[int]:
        """Process ids of the server and its workers."""
        found, queue = [self.process.pid], [self.process.pid]
        while queue:
            parent = queue.pop()
            tasks = Path(f"/proc/{parent}/task/{parent}/children")
            for child in map(int, tasks.read_text().split()) if tasks.exists() else ():
                found.append(child)
                queue.append(child)
        return found

    def memory_mb(self) -> float:
        """Proportional set size of all processes, so that shared pages count once."""
        total = 0
        for pid in self.children():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024

    def cpu_seconds(self) -> float:
        """User and system time that all processes have used."""
        ticks = 0
        for pid in self.children():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def environment(var_dir: Path, database_url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": database_url,
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": "benchmark-" + "0123456789" * 6,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "PYTHONPATH": str(ROOT),
    }


def manage(env: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    subprocess.run(command, check=True, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(env: dict[str, str]) -> Iterator[Site]:
    """The product's server over the benchmark's settings, ready to answer, stopped at the end."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "config.server", "--port", str(port)),
        *("--processes", str(WORKERS), "--threads", str(THREADS)),
    ]
    process = subprocess.Popen(command, env=env, cwd=ROOT)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/template/", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit("The benchmark's server did not answer within 30 seconds.")
        yield Site("127.0.0.1", port, process)
    finally:
        process.terminate()
        process.wait(timeout=30)
