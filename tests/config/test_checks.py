import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from pytest_django import Settings

from apps.demo import services as demo
from config import checks

PRODUCTION = {
    "DATABASE_URL": "postgres://majlis:secret@127.0.0.1:1/majlis",
    "SECRET_KEY": "Vd3k-uY7q_9sLwT2xZcNbM5pRfGhJ8aEoI6yUtQvWnXz4BmKjD1rSlPqHeFg0CiO",
    "SITE_URL": "https://majlis.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
}


def manage(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, django_settings.BASE_DIR / "manage.py", *arguments],
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_deploy_is_clean_in_production(tmp_path: Path) -> None:
    answer = manage(tmp_path, "check", "--deploy", "--fail-level", "INFO", **PRODUCTION)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "System check identified no issues (0 silenced).\n"


def test_production_makes_no_key_of_its_own(tmp_path: Path) -> None:
    answer = manage(tmp_path, "check", **{**PRODUCTION, "SECRET_KEY": ""})
    assert answer.returncode != 0
    assert "Set SECRET_KEY" in answer.stderr
    assert not (tmp_path / "var" / "secret-key").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SECRET_KEY": "x" * 60}, "majlis.E001"),
        ({"SECRET_KEY": "short-but-various"}, "majlis.E001"),
        ({"SITE_URL": "http://majlis.example"}, "majlis.E002"),
        ({"DEBUG": "1"}, "majlis.E003"),
        ({"ALLOWED_HOSTS": "*"}, "majlis.E004"),
        ({"EMAIL_URL": ""}, "majlis.W001"),
    ],
)
def test_check_deploy_names_what_is_wrong(
    tmp_path: Path, change: dict[str, str], code: str
) -> None:
    answer = manage(
        tmp_path, "check", "--deploy", "--fail-level", "WARNING", **{**PRODUCTION, **change}
    )
    assert answer.returncode != 0
    assert code in answer.stderr


def test_check_is_clean_when_embedded(tmp_path: Path) -> None:
    answer = manage(tmp_path, "check", "--fail-level", "INFO")
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.django_db
def test_check_demo_accounts(settings: Settings, now: datetime) -> None:
    settings.EMBEDDED = True
    demo.demo_accounts_create(is_loopback=True, now=now)
    assert run_checks(databases=["default"]) == []
    settings.IS_HTTPS = True
    assert [message.id for message in run_checks(databases=["default"])] == ["majlis.E005"]
    assert checks.check_demo_accounts(None, databases=None) == []


def test_logs_are_json_in_production(tmp_path: Path) -> None:
    code = (
        "import django, logging; django.setup();"
        "logging.getLogger('majlis').warning('Letter to %s', 'student@quaid.example')"
    )
    answer = manage(tmp_path, "shell", "--no-imports", "-c", code, **PRODUCTION)
    line = json.loads(answer.stderr)
    assert (line["event"], line["level"], line["logger"]) == ("Letter to …@…", "warning", "majlis")
