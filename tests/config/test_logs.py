import logging
import re

import pytest
import structlog
from django.test import Client

from config import logs


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET /courses/sco/lessons/history/1949/", "GET /courses/sco/lessons/history/1949/"),
        ("GET /search/?q=my+secret&page=2", "GET /search/"),
        ("GET /accounts/password/reset/key/1a-cq7-99/", "GET /accounts/password/reset/key/…/"),
        ("GET /accounts/confirm-email/MQ:1u:x-y/", "GET /accounts/confirm-email/…/"),
        ("GET /home/calendar/s3cr3t.ics", "GET /home/calendar/…"),
        ("GET /people/student@quaid.example/", "GET /people/…@…/"),
        ("GET /people/student%40quaid.example/", "GET /people/…@…/"),
    ],
)
def test_mask_of_a_request(text: str, masked: str) -> None:
    assert logs.mask(None, "info", {"request": text, "code": 200}) == {
        "request": masked,
        "code": 200,
    }


def test_mask_leaves_other_questions_alone() -> None:
    event = {"event": "Why is ?x slow for a.b+c@d-e.co.uk", "seconds": 1.5}
    assert logs.mask(None, "info", event) == {"event": "Why is ?x slow for …@…", "seconds": 1.5}


def test_mask_finds_secrets_in_what_others_log() -> None:
    """Django logs the path of whatever it refuses, such as a form without its token."""
    said = {"event": "Forbidden (CSRF cookie not set.): /accounts/password/reset/key/1a-cq7-99/"}
    assert logs.mask(None, "warning", said) == {
        "event": "Forbidden (CSRF cookie not set.): /accounts/password/reset/key/…/"
    }


def test_drop_health_only_when_well() -> None:
    ill = {"request": "GET /healthz", "code": 503}
    assert logs.drop_health(None, "info", dict(ill)) == ill
    with pytest.raises(structlog.DropEvent):
        logs.drop_health(None, "info", {"request": "GET /healthz", "code": 200})


@pytest.mark.django_db
def test_request_is_logged_once_under_the_id_that_the_visitor_gets(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        response = client.get("/no-such-page/?token=hunter2", REMOTE_ADDR="203.0.113.9")
    request_id = response["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f-]{36}", request_id)
    assert client.get("/no-such-page/")["X-Request-ID"] != request_id
    ours = [record for record in caplog.records if request_id in str(record.msg)]
    assert [record.levelname for record in ours] == ["WARNING"]
    assert "203.0.113.9" not in str(ours[0].msg)
