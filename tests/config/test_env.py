import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False), ("", False)],
)
def test_flag_reads_its_words(monkeypatch: pytest.MonkeyPatch, raw: str, expected: bool) -> None:
    monkeypatch.setenv("MAYBE", raw)
    assert env.flag("MAYBE") is expected


def test_flag_empty_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAYBE", "")
    assert env.flag("MAYBE", default=True) is True


@pytest.mark.parametrize(
    ("reader", "raw"),
    [
        (env.flag, "maybe"),
        (lambda name: env.whole(name, 1), "1.5"),
        (lambda name: env.origin(name, ""), "majlis.example"),
        (lambda name: env.origin(name, ""), "https://majlis.example/path"),
        (lambda name: env.origin(name, ""), "ftp://majlis.example"),
    ],
)
def test_reader_names_the_variable_it_cannot_read(
    monkeypatch: pytest.MonkeyPatch, reader: object, raw: str
) -> None:
    monkeypatch.setenv("SOME_NAME", raw)
    assert callable(reader)
    with pytest.raises(ImproperlyConfigured, match="SOME_NAME"):
        reader("SOME_NAME")


def test_text_without_default_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_NAME", raising=False)
    with pytest.raises(ImproperlyConfigured, match="Set the environment variable SOME_NAME"):
        env.text("SOME_NAME")


def test_origin_drops_the_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://majlis.example/")
    assert env.origin("SITE_URL", "") == "https://majlis.example"


def test_secret_key_is_made_once_and_private(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    first = env.secret_key(tmp_path / "var", embedded=True)
    assert len(first) > 50
    assert env.secret_key(tmp_path / "var", embedded=True) == first
    mode = (tmp_path / "var" / "secret-key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_secret_key_is_required_in_production(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY"):
        env.secret_key(tmp_path, embedded=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["mysql://host/name", "postgres://user:hunter2@host:port/name"])
def test_database_refuses_without_quoting_the_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as caught:
        env.database(tmp_path)
    assert "hunter2" not in str(caught.value)


def test_database_sqlite_is_never_memory_mapped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    config = env.database(tmp_path)
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "mmap" not in config["OPTIONS"]["init_command"]


def test_database_postgres_has_a_small_pool(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@host:5433/name?sslmode=require")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "3")
    config = env.database(tmp_path)
    assert (config["HOST"], config["PORT"], config["NAME"]) == ("host", 5433, "name")
    assert config["OPTIONS"]["sslmode"] == "require"
    assert config["OPTIONS"]["pool"]["max_size"] == 3


def test_mail_without_a_server_is_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    config = env.mail(tmp_path)
    assert config["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert config["EMAIL_FILE_PATH"] == str(tmp_path / "mail")


@pytest.mark.parametrize(
    ("url", "is_tls", "is_ssl"),
    [
        ("smtp://u:p%40ss@mail.example:25", False, False),
        ("smtp+tls://u:p%40ss@mail.example:25", True, False),
        ("smtp+ssl://u:p%40ss@mail.example:25", False, True),
    ],
)
def test_mail_by_url(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, is_tls: bool, is_ssl: bool
) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    config = env.mail(tmp_path)
    assert config["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (config["EMAIL_HOST"], config["EMAIL_PORT"]) == ("mail.example", 25)
    assert (config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"]) == ("u", "p@ss")
    assert (config["EMAIL_USE_TLS"], config["EMAIL_USE_SSL"]) == (is_tls, is_ssl)


def test_mail_refuses_without_quoting_the_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EMAIL_URL", "pigeon://u:hunter2@mail.example")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as caught:
        env.mail(tmp_path)
    assert "hunter2" not in str(caught.value)


def test_environment_of_the_tests_is_their_own() -> None:
    assert os.environ["SITE_URL"] == "http://testserver"
