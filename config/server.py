"""The web's processes: python -m config.server --host 127.0.0.1 --port 8000.

granian over WSGI (docs/decisions/0002-granian-over-wsgi.md). The site is loaded once, before the
processes are forked, so that they share its memory; none has a database connection by then.
New code therefore needs a restart: a reload would fork the old code again.
"""

import argparse
import gc

from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREAD_IDLE_SECONDS = 600  # a thread that ends closes its database connection
STOP_SECONDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the site.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2, help="of each process")
    options = parser.parse_args()

    import config.wsgi  # noqa: F401, PLC0415 - only now: it loads the whole site

    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()  # the collector would write to, and so copy, what is shared
    Granian(
        "config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.processes,
        blocking_threads=options.threads,
        blocking_threads_idle_timeout=THREAD_IDLE_SECONDS,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
