import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.core.models import Heartbeat


@pytest.mark.django_db
def test_healthz_ready(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    # Does the table of migrations exist, which have run, the heartbeat.
    with django_assert_num_queries(3):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert Heartbeat.objects.filter(name="web").exists()


@pytest.mark.django_db
def test_healthz_is_never_cached_and_sets_no_cookie(client: Client) -> None:
    response = client.get("/healthz")
    assert "no-store" in response["Cache-Control"]
    assert response.cookies == {}


@pytest.mark.django_db
def test_healthz_migration_missing(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="core", name="0001_initial").delete()
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (
        503,
        {
            "status": "unavailable",
            "reason": "migrations_missing",
            "missing": ["core.0001_initial"],
        },
    )


@pytest.mark.django_db(transaction=True)
def test_healthz_database_read_only(client: Client) -> None:
    """Reads still work; only a write shows it."""
    read_only, writable = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": (
            "SET default_transaction_read_only = on",
            "SET default_transaction_read_only = off",
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(read_only)
    try:
        response = client.get("/healthz")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(writable)
    assert (response.status_code, response.json()) == (
        503,
        {"status": "unavailable", "reason": "database_not_writable"},
    )


@pytest.mark.django_db
def test_healthz_refuses_a_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
