"""Two programs side by side under one roof: web and worker. Pure: no Django.

The first child's end is everybody's end, so that whoever started us (a person, systemd) sees it;
any other child is started again, after a growing pause. Once the first can be reached, a greeting
says where. SIGINT and SIGTERM stop all within GRACE_SECONDS; a second one kills at once.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

GRACE_SECONDS = 10
PAUSE_SECONDS = 0.2
# A child that lived this long starts again at once; one that keeps dying waits up to a minute.
STEADY_SECONDS = 60


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    restart_at: float = 0
    failures: int = 0

    def start(self, environment: Mapping[str, str]) -> None:
        # A group of its own: Ctrl-C reaches us alone, and we decide the order.
        self.process = subprocess.Popen(  # noqa: S603 - commands of our own
            self.command, env=dict(environment), process_group=0
        )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running():
            self.process.terminate()

    def kill(self) -> None:
        """End the child and whatever it left behind in its group."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(frozen=True)
class Greeting:
    """What is said once, as soon as somebody listens."""

    text: str
    host: str
    port: int

    def is_due(self) -> bool:
        with suppress(OSError), socket.create_connection((self.host, self.port), PAUSE_SECONDS):
            return True
        return False


class Supervisor:
    """Runs `children` until the first of them ends or a signal comes."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        environment: Mapping[str, str],
        greeting: Greeting | None = None,
        say: Callable[[str], object] = lambda text: sys.stderr.write(f"{text}\n"),
    ) -> None:
        self.children = children
        self.greeting = greeting
        self.environment = environment
        self.say = say
        self.signals = 0

    def run(self) -> int:
        """Returns: the exit status: 0 after a signal, else the first child's, never 0."""
        before = {
            number: signal.signal(number, self._remember)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            for child in self.children:
                child.start(self.environment)
            return self._watch()
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _remember(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1

    def _watch(self) -> int:
        main, *others = self.children
        while not self.signals:
            if main.process is not None and not main.is_running():
                self.say(f"{main.name} ended with status {main.process.returncode}; stopping.")
                return abs(main.process.returncode) or 1
            for child in others:
                self._revive(child)
            if self.greeting is not None and self.greeting.is_due():
                sys.stdout.write(f"{self.greeting.text}\n")
                sys.stdout.flush()
                self.greeting = None
            time.sleep(PAUSE_SECONDS)
        return 0

    def _revive(self, child: Child) -> None:
        if child.is_running():
            return
        now = time.monotonic()
        if child.process is not None:
            is_steady = now - child.started_at >= STEADY_SECONDS
            child.failures = 0 if is_steady else child.failures + 1
            pause = min(2 ** (child.failures - 1), STEADY_SECONDS) if child.failures else 0
            child.restart_at = now + pause
            self.say(
                f"{child.name} ended with status {child.process.returncode};"
                f" starting it again in {pause:.0f} s."
            )
            child.process = None
        if now >= child.restart_at:
            child.start(self.environment)

    def _stop(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + GRACE_SECONDS
        asked = self.signals
        while any(child.is_running() for child in self.children):
            if time.monotonic() > deadline or self.signals > max(asked, 1):
                break
            time.sleep(PAUSE_SECONDS / 4)
        for child in self.children:
            child.kill()


if __name__ == "__main__":
    # {"programs": {name: command}, "greeting": {…}}; the first program is the one that must live.
    asked: dict[str, dict[str, Any]] = json.loads(sys.argv[1])
    family = [Child(name, command) for name, command in asked["programs"].items()]
    sys.exit(
        Supervisor(family, environment=os.environ, greeting=Greeting(**asked["greeting"])).run()
    )
