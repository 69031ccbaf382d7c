import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from apps.core import services

logger = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Does what is due (settings.WORKER_SWEEPS) until it is told to stop; run any number."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pause", type=float, default=2.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="look once, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            look_once()
            return
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: stop.set())
        logger.info("worker_started", sweeps=[path for path, _every in settings.WORKER_SWEEPS])
        while not stop.is_set():
            close_old_connections()
            look_once()
            stop.wait(options["pause"])
        logger.info("worker_stopped")


def look_once() -> None:
    """Run what is due now; a database that is away for a while ends nothing."""
    now = timezone.now()
    try:
        services.heartbeat_write(name="worker", now=now)
    except DatabaseError:
        logger.exception("heartbeat_failed")
        return
    finished = services.sweeps_run(sweeps=settings.WORKER_SWEEPS, now=now)
    logger.debug("worker_looked", finished=finished)
