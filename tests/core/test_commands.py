"""manage.py serve and worker as a person meets them: real processes, real signals."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.error import URLError

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.core.models import Heartbeat

MANAGE = str(settings.BASE_DIR / "manage.py")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(tmp_path: Path, *arguments: str, **environment: str) -> Iterator["Process"]:
    """A command with a var/ of its own, on SQLite; stopped when the block ends."""
    with subprocess.Popen(
        [sys.executable, MANAGE, *arguments],
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


Process = subprocess.Popen[str]


def answer(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, response.read().decode()


def wait_until_served(process: Process, port: int) -> None:
    while process.poll() is None:
        try:
            answer(port, "/healthz")
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"It ended: {process.communicate()[0]}")


@pytest.mark.sqlite
def test_serve_from_nothing_to_ctrl_c_and_again(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "serve", "--port", str(port)) as process:
        wait_until_served(process, port)
        assert answer(port, "/healthz") == (200, '{"status": "ok"}')
        assert "Pakistan and Russia" in answer(port, "/")[1]
        process.send_signal(signal.SIGINT)
        first, _err = process.communicate()
    assert process.returncode == 0
    assert f"Majlis is at http://127.0.0.1:{port}/" in first
    assert "Loaded the course pakistan-russia-sco" in first
    assert "ayesha@majlis.example" in first
    assert "Traceback" not in first

    secret = (tmp_path / "var" / "secret-key").read_text()
    collected = (tmp_path / "var" / "static" / ".collected-from").stat().st_mtime_ns
    with running(tmp_path, "serve", "--port", str(port)) as process:
        wait_until_served(process, port)
        process.send_signal(signal.SIGTERM)
        second, _err = process.communicate()
    assert process.returncode == 0
    assert "Loaded the course" not in second
    assert "password as printed before" in second
    assert (tmp_path / "var" / "secret-key").read_text() == secret
    assert (tmp_path / "var" / "static" / ".collected-from").stat().st_mtime_ns == collected


@pytest.mark.sqlite
def test_serve_on_a_port_in_use_says_so_before_it_does_anything(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with running(tmp_path, "serve", "--port", port) as process:
            output, _err = process.communicate()
    assert process.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in output
    assert "make run PORT=" in output
    assert not (tmp_path / "var" / "majlis.sqlite3").exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "majlis.example"])
def test_serve_in_clear_beyond_this_machine_is_refused(tmp_path: Path, host: str) -> None:
    with running(tmp_path, "serve", "--host", host) as process:
        output, _err = process.communicate()
    assert process.returncode == 1
    assert "passwords would travel in clear" in output
    assert "createsuperuser" in output
    assert not (tmp_path / "var" / "majlis.sqlite3").exists()


@pytest.mark.sqlite
def test_worker_stops_when_told(tmp_path: Path) -> None:
    with running(tmp_path, "migrate", "--verbosity", "0") as process:
        assert process.communicate()[0] == ""
    with running(tmp_path, "worker", LOG_LEVEL="INFO") as process:
        assert process.stdout is not None
        assert "worker_started" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        output, _err = process.communicate()
    assert process.returncode == 0
    assert "worker_stopped" in output


@pytest.mark.django_db
def test_worker_runs_what_is_due(settings: Settings) -> None:
    settings.WORKER_SWEEPS = (("apps.core.services.expired_rows_delete", 60),)
    call_command("worker", once=True)
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {
        "worker",
        "apps.core.services.expired_rows_delete",
    }


@pytest.mark.django_db
def test_worker_sweeps_exist_and_run(now: datetime) -> None:
    """Every path in the settings names a service that takes `now`."""
    from django.utils.module_loading import import_string  # noqa: PLC0415

    for path, every_seconds in settings.WORKER_SWEEPS:
        import_string(path)(now=now)
        assert every_seconds > 0


@pytest.mark.django_db(transaction=True)
def test_backup_refusal_is_a_message_and_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", tmp_path / "absent")
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", tmp_path / "no" / "folder")
