"""Structured logs that name nobody: no address, no password link, no query string."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

_EMAIL = re.compile(r"[\w.+%-]+(@|%40)[\w-]+(?:\.[\w-]+)+")
# What follows in these addresses signs somebody in or confirms an address.
_SECRET_PATH = re.compile(r"(/(?:key|confirm-email|unsubscribe|home/calendar)/)[^/\s]+")
_QUERY = re.compile(r"\?\S*")


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take personal data and secrets out of every text of a log line."""
    for key, value in event.items():
        if isinstance(value, str):
            text = _SECRET_PATH.sub(r"\1…", _EMAIL.sub("…@…", value))
            event[key] = _QUERY.sub("", text) if key == "request" else text
    return event


def drop_health(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Say nothing when a monitor asks every few seconds and all is well."""
    if event.get("request") == "GET /healthz" and event.get("code") == 200:
        raise structlog.DropEvent
    return event


_ENRICH: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
]


def configuration(*, is_json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING, and structlog set up to speak through it.

    is_json: one JSON object a line for a log collector; else text for a person.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            drop_health,
            *_ENRICH[:-1],
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    render: list[Processor] = (
        [structlog.processors.format_exc_info, mask, structlog.processors.JSONRenderer()]
        if is_json
        else [
            structlog.processors.format_exc_info,
            mask,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _ENRICH,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *render,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # RequestMiddleware logs each request once, under its id.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": level, "propagate": True},
        },
    }
