"""Writers of the embedded database wait for each other outside SQLite."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from config import env
from config.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db  # opens connections of its own


def connect(path: Path, *, timeout: float = 20) -> BaseDatabaseWrapper:
    settings: dict[str, Any] = {
        **env.sqlite(path),
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "TEST": {},
    }
    settings["OPTIONS"] = {**settings["OPTIONS"], "timeout": timeout}
    return DatabaseWrapper(settings, alias="writers")


def begin(connection: BaseDatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: BaseDatabaseWrapper) -> None:
    connection.commit()
    connection.set_autocommit(True)


def test_second_writer_waits_until_the_first_commits(tmp_path: Path) -> None:
    order = []
    first = connect(tmp_path / "a.sqlite3")
    begin(first)
    order.append("first begins")

    def write() -> None:
        second = connect(tmp_path / "a.sqlite3")
        begin(second)
        order.append("second begins")
        end(second)
        second.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(0.2)  # it cannot end while the first one writes
    assert thread.is_alive()
    order.append("first commits")
    end(first)
    thread.join(20)
    first.close()
    assert order == ["first begins", "first commits", "second begins"]


@pytest.mark.parametrize("give_up", ["rollback", "close"])
def test_lock_is_free_after_giving_up(tmp_path: Path, give_up: str) -> None:
    first = connect(tmp_path / "a.sqlite3")
    begin(first)
    getattr(first, give_up)()
    second = connect(tmp_path / "a.sqlite3", timeout=0)
    begin(second)
    end(second)
    for connection in (first, second):
        connection.close()


def test_writer_gives_up_after_its_timeout(tmp_path: Path) -> None:
    first = connect(tmp_path / "a.sqlite3")
    begin(first)
    second = connect(tmp_path / "a.sqlite3", timeout=0.05)
    with pytest.raises(OperationalError, match="another writer"):
        begin(second)
    end(first)
    begin(second)  # and may try again
    end(second)
    for connection in (first, second):
        connection.close()
