import hashlib
import json
import os
import socket
import sys
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from apps.core.policies import is_loopback


class Command(BaseCommand):
    help = "Prepares what is missing, then serves the site and runs the worker beside it."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--reload", action="store_true", help="a developer's server, which follows the code"
        )
        parser.add_argument("--processes", type=int, default=2, help="web processes")
        parser.add_argument("--threads", type=int, default=2, help="threads of each")

    def handle(self, *_args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        is_private = is_loopback(host)
        if not is_private and not settings.IS_HTTPS:
            raise CommandError(NO_CLEAR_TEXT.format(host=host))
        check_port_is_free(host, port)
        environment = dict(os.environ)
        if settings.EMBEDDED and not environment.get("SITE_URL"):
            environment["SITE_URL"] = f"http://{bracketed(host)}:{port}"
        # With its checks: they refuse people of the demo where other machines reach the site.
        call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
        call_command("createcachetable", verbosity=0)
        if not options["reload"]:
            collect_static_files()
        call_command("school_ensure_default")
        call_command("courses_load_absent")
        if settings.EMBEDDED and is_private and not settings.IS_HTTPS:
            call_command("demo_accounts", host=host)
        connections.close_all()
        address = environment.get("SITE_URL", settings.SITE_URL)
        greeting = f"\n{settings.SITE_NAME} is at {address}/ and Ctrl-C stops it."
        asked = {
            "programs": programs(options),
            "greeting": {"text": greeting, "host": host, "port": port},
        }
        self.stdout.flush()
        # This process has done its work; what watches over the others need not hold Django.
        os.chdir(settings.BASE_DIR)
        supervise = [sys.executable, "-m", "apps.core.supervision", json.dumps(asked)]
        os.execve(sys.executable, supervise, environment)  # noqa: S606 - no shell is the point


NO_CLEAR_TEXT = """\
{host} can be reached by other machines, and passwords would travel in clear.
Put a TLS proxy in front and say so: SITE_URL=https://your.host make run HOST={host}
docs/deploy.md shows the proxy. On such a host there are no demo accounts; make your own with
  .venv/bin/python manage.py createsuperuser"""


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def check_port_is_free(host: str, port: int) -> None:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"Cannot listen on {host} port {port}: {error}. Another port: make run PORT=8001"
        ) from error


def collect_static_files() -> None:
    """Run collectstatic when a source has come, gone or changed since the last time."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    mark = root / ".collected-from"
    if mark.is_file() and mark.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=root.is_dir())
    mark.write_text(digest.hexdigest())


def programs(options: dict[str, Any]) -> dict[str, list[str]]:
    host, port = options["host"], str(options["port"])
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    development = [*manage, "runserver", f"{bracketed(host)}:{port}"]
    production = [
        *(sys.executable, "-m", "config.server", "--host", host, "--port", port),
        *("--processes", str(options["processes"]), "--threads", str(options["threads"])),
    ]
    return {
        "web": development if options["reload"] else production,
        "worker": [*manage, "worker"],
    }
