import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, connections
from structlog.testing import capture_logs

from apps.core import services
from apps.core.models import Event, Heartbeat

swept: list[datetime] = []


def sweep_that_works(*, now: datetime) -> None:
    swept.append(now)


def sweep_that_fails(*, now: datetime) -> None:
    raise RuntimeError(f"no luck at {now}")


WORKS = f"{__name__}.sweep_that_works"
FAILS = f"{__name__}.sweep_that_fails"


@pytest.fixture(autouse=True)
def _nothing_swept() -> Iterator[None]:
    swept.clear()
    yield
    swept.clear()


@pytest.mark.django_db
def test_event_append_keeps_ids_and_time(now: datetime) -> None:
    subject, actor = uuid.uuid4(), uuid.uuid4()
    services.event_append(
        kind="lesson.deleted",
        subject_id=subject,
        school_id=None,
        actor_id=actor,
        now=now,
        is_tombstone=True,
    )
    event = Event.objects.get()
    assert (event.kind, event.subject_id, event.school_id, event.actor_id) == (
        "lesson.deleted",
        subject,
        None,
        actor,
    )
    assert (event.happened_at, event.is_tombstone) == (now, True)


@pytest.mark.django_db
def test_heartbeat_write_moves_its_one_row(now: datetime) -> None:
    services.heartbeat_write(name="web", now=now)
    services.heartbeat_write(name="web", now=now + timedelta(seconds=5))
    assert list(Heartbeat.objects.values_list("name", "beat_at")) == [
        ("web", now + timedelta(seconds=5))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("elapsed_seconds", "is_claimed"), [(0, False), (59, False), (60, True), (600, True)]
)
def test_sweep_claim_after_an_earlier_one(
    now: datetime, elapsed_seconds: int, is_claimed: bool
) -> None:
    assert services.sweep_claim(name="daily", every_seconds=60, now=now)
    later = now + timedelta(seconds=elapsed_seconds)
    assert services.sweep_claim(name="daily", every_seconds=60, now=later) is is_claimed


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_first", [True, False], ids=["first ever", "due again"])
def test_sweep_claim_by_workers_at_once(now: datetime, is_first: bool) -> None:
    if not is_first:
        services.sweep_claim(name="daily", every_seconds=60, now=now - timedelta(days=1))
    barrier = threading.Barrier(8)
    claims: list[bool] = []

    def claim(offset: int) -> None:
        barrier.wait()
        moment = now + timedelta(milliseconds=offset)
        claims.append(services.sweep_claim(name="daily", every_seconds=60, now=moment))
        connections.close_all()

    threads = [threading.Thread(target=claim, args=(offset,)) for offset in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims) == [False] * 7 + [True]


@pytest.mark.django_db
def test_sweeps_run_goes_on_after_a_failure(now: datetime) -> None:
    with capture_logs() as logs:
        finished = services.sweeps_run(sweeps=[(FAILS, 5), (WORKS, 5)], now=now)
    assert finished == [WORKS]
    assert swept == [now]
    assert [(line["event"], line["sweep"]) for line in logs] == [("sweep_failed", FAILS)]


@pytest.mark.django_db
def test_sweeps_run_waits_for_the_next_time(now: datetime) -> None:
    sweeps = [(WORKS, 60)]
    services.sweeps_run(sweeps=sweeps, now=now)
    assert services.sweeps_run(sweeps=sweeps, now=now + timedelta(seconds=30)) == []
    assert services.sweeps_run(sweeps=sweeps, now=now + timedelta(seconds=61)) == [WORKS]
    assert swept == [now, now + timedelta(seconds=61)]


@pytest.mark.django_db
def test_expired_rows_delete_keeps_what_is_still_valid(now: datetime) -> None:
    for key, expire_date in (
        ("old", now - timedelta(seconds=1)),
        ("new", now + timedelta(seconds=1)),
    ):
        Session.objects.create(session_key=key, session_data="", expire_date=expire_date)
    cache.set("short", 1, timeout=60)
    cache.set("long", 2, timeout=10_000_000_000)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_cache SET expires = %s WHERE cache_key LIKE %s",
            [
                connection.ops.adapt_datetimefield_value(now - timedelta(seconds=1)),
                "%short",
            ],
        )
    services.expired_rows_delete(now=now)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM core_cache")
        assert cursor.fetchall() == [(":1:long",)]


@pytest.mark.django_db
def test_sqlite_counts_its_rows_and_samples_none(now: datetime) -> None:
    services.heartbeat_write(name="worker", now=now)
    services.tables_analyse(now=now)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT tbl, stat FROM sqlite_stat1 WHERE tbl = 'core_heartbeat'")
            assert cursor.fetchall() == [("core_heartbeat", "1 1")]
            cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat4'")
            if cursor.fetchone():  # SQLite may be built to keep samples
                cursor.execute("SELECT count(*) FROM sqlite_stat4")
                assert cursor.fetchone() == (0,)
