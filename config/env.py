"""Typed readers of the environment; each fails loudly and names the variable."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None or value == "":
        if default is not None:
            return default
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    raw = os.environ.get(name, "").strip().lower()
    if raw in {"", "0", "false", "no", "off"}:
        return default if raw == "" else False
    if raw in {"1", "true", "yes", "on"}:
        return True
    raise ImproperlyConfigured(f"{name}={raw!r} is neither true nor false; write 1 or 0.")


def whole(name: str, default: int) -> int:
    raw = os.environ.get(name, "")
    try:
        return int(raw) if raw else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None


def words(name: str, default: list[str]) -> list[str]:
    raw = os.environ.get(name, "")
    return [part.strip() for part in raw.split(",") if part.strip()] or default


def origin(name: str, default: str) -> str:
    """An absolute http(s) address without a path, such as https://majlis.example."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"{name}={value!r} is not like https://majlis.example.")
    return value


def secret_key(var_dir: Path, *, embedded: bool) -> str:
    """SECRET_KEY from the environment; embedded, a key made once that its owner alone may read."""
    value = os.environ.get("SECRET_KEY", "")
    if value:
        return value
    if not embedded:
        raise ImproperlyConfigured("Set SECRET_KEY: with DATABASE_URL no key is made for you.")
    path = var_dir / "secret-key"
    var_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


def database(var_dir: Path) -> dict[str, Any]:
    """Django's DATABASES entry: PostgreSQL by DATABASE_URL, else SQLite in var/.

    SQLite: write-ahead log, IMMEDIATE transactions (without them most concurrent
    read-then-write transactions fail as "locked"), synchronous=FULL so that an acknowledged
    write survives a power cut. Never mmap_size: it destroyed the file under load.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        var_dir.mkdir(parents=True, exist_ok=True)
        return sqlite(var_dir / "majlis.sqlite3")
    try:
        config: dict[str, Any] = environ.Env.db_url_config(url)
    except (KeyError, ValueError, ImproperlyConfigured) as error:
        # Its words might quote the password.
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be read: {type(error).__name__}."
        ) from None
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return sqlite(Path(config["NAME"]))
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
    config["OPTIONS"] = {
        **config.get("OPTIONS", {}),
        "pool": {
            "min_size": 1,
            "max_size": whole("DATABASE_POOL_SIZE", 4),
            "timeout": 10,
        },
    }
    return config


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "config.sqlite",  # Django's own, with writers in a queue
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                # What is deleted is overwritten: docs/decisions/0017-erasure.md
                "PRAGMA secure_delete=ON;"
            ),
        },
    }


def mail(var_dir: Path) -> dict[str, Any]:
    """Django's EMAIL_ settings by EMAIL_URL; without it, letters are files in var/mail/.

    smtp://user:password@host:25, smtp+tls://… (STARTTLS, 587) or smtp+ssl://… (465).
    """
    defaults: dict[str, Any] = {
        "EMAIL_FILE_PATH": str(var_dir / "mail"),
        "EMAIL_HOST": "localhost",
        "EMAIL_PORT": 25,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
    }
    url = os.environ.get("EMAIL_URL", "")
    if not url:
        return {
            **defaults,
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        }
    try:
        config: dict[str, Any] = environ.Env.email_url_config(url)
    except (KeyError, ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be read: {type(error).__name__}.") from None
    return {**defaults, **{key: value for key, value in config.items() if value is not None}}
