"""Real processes: what matters is who ends when."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.core.supervision import Child, Greeting, Supervisor

FOREVER = "import time; time.sleep(600)"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def supervise(*children: Child) -> tuple[int, list[str]]:
    said: list[str] = []
    status = Supervisor(children, environment=os.environ, say=said.append).run()
    return status, said


def wait_until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.02)


def test_first_child_ends_all() -> None:
    worker = Child("worker", python(FOREVER))
    status, said = supervise(Child("web", python("raise SystemExit(7)")), worker)
    assert status == 7
    assert said == ["web ended with status 7; stopping."]
    assert worker.process is not None
    assert worker.process.returncode == -signal.SIGTERM


def test_first_child_that_ends_well_is_still_a_failure() -> None:
    status, _said = supervise(Child("web", python("")))
    assert status == 1


def test_other_child_is_started_again(tmp_path: Path) -> None:
    """The worker dies twice; its third life lets the web end."""
    lives = tmp_path / "lives"
    worker = f"open({str(lives)!r}, 'a').write('x')"
    web = (
        "import pathlib, time\n"
        f"path = pathlib.Path({str(lives)!r})\n"
        "while not path.exists() or len(path.read_text()) < 3: time.sleep(0.02)\n"
    )
    _status, said = supervise(Child("web", python(web)), Child("worker", python(worker)))
    assert said[:2] == [
        "worker ended with status 0; starting it again in 1 s.",
        "worker ended with status 0; starting it again in 2 s.",
    ]


def test_greeting_comes_once_when_somebody_listens(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    web = f"import socket\nserver = socket.create_server(('127.0.0.1', {port}))\nserver.accept()\n"
    greeting = Greeting("It is open.", "127.0.0.1", port)
    Supervisor([Child("web", python(web))], environment=os.environ, greeting=greeting).run()
    assert capsys.readouterr().out == "It is open.\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_all_and_is_no_failure(number: signal.Signals, tmp_path: Path) -> None:
    """One child stops when asked; the other leaves a grandchild behind that ignores it."""
    started = tmp_path / "started"
    deaf = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(started)!r}).touch()\n"
        "time.sleep(600)\n"
        "sys.stderr.write('survived')\n"
    )
    parent = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {deaf!r}])\n"
        "time.sleep(600)\n"
    )
    program = (
        "import os, sys\n"
        "from apps.core.supervision import Child, Supervisor\n"
        f"children = [Child('web', [sys.executable, '-c', {parent!r}]),"
        f" Child('worker', [sys.executable, '-c', {FOREVER!r}])]\n"
        "sys.exit(Supervisor(children, environment=os.environ).run())\n"
    )
    with subprocess.Popen(python(program), stderr=subprocess.PIPE, text=True) as supervisor:
        wait_until(started.exists)
        supervisor.send_signal(number)
        # Returns when the last of the family has closed its end.
        _out, err = supervisor.communicate()
    assert (supervisor.returncode, err) == (0, "")
