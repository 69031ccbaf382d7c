"""What will go says so long before, on every answer and in the document."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from apps.api.v1.classrooms import Classrooms
from apps.api.v1.deprecations import NOTICE, Deprecation
from apps.api.v1.schema import document
from apps.classrooms.models import Classroom
from tests.api.breaking import written_out

SINCE = datetime(2027, 1, 1, tzinfo=UTC)
LEAVING = Deprecation(SINCE, datetime(2028, 8, 1, 12, tzinfo=UTC), "/api/v2/classrooms")


@pytest.mark.django_db
def test_what_will_go_says_so_on_every_answer(
    lms: Client, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Classrooms, "deprecations", {"get": LEAVING})
    for address, status in (("/api/v1/classrooms", 200), ("/api/v1/classrooms?page_size=0", 400)):
        answer = lms.get(address)
        assert answer.status_code == status
        assert answer["Deprecation"] == "@1798761600"
        assert answer["Sunset"] == "Tue, 01 Aug 2028 12:00:00 GMT"
        assert answer["Link"] == (
            '</api/v1/docs>; rel="deprecation"; type="text/html", '
            '</api/v2/classrooms>; rel="successor-version"'
        )
    other = lms.post("/api/v1/classrooms", {}, content_type="application/json")
    assert "Deprecation" not in other


@pytest.mark.django_db
def test_links_of_pages_stay_beside_it(
    lms: Client, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    Classroom.objects.create(
        school=classroom.school, course=classroom.course, title="Another", time_zone="UTC"
    )
    monkeypatch.setattr(Classrooms, "deprecations", {"get": LEAVING})
    answer = lms.get("/api/v1/classrooms?page_size=1")
    following = f'<{answer.json()["next"]}>; rel="next"'
    assert answer["Link"] == ", ".join([following, *LEAVING.links])


def test_document_marks_what_will_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Classrooms, "deprecations", {"get": LEAVING})
    whole = written_out(document.__wrapped__())  # drawn anew
    said = {
        (path, method)
        for path, methods in whole["paths"].items()
        for method, operation in methods.items()
        if operation.get("deprecated")
    }
    assert said == {("/api/v1/classrooms", "get")}
    headers = whole["paths"]["/api/v1/classrooms"]["get"]["responses"]["200"]["headers"]
    assert {"Deprecation", "Sunset"} <= set(headers)


def test_notice_is_a_year_at_least() -> None:
    assert Deprecation(SINCE, SINCE + NOTICE).links == [
        '</api/v1/docs>; rel="deprecation"; type="text/html"'
    ]
    with pytest.raises(ValueError, match="a year"):
        Deprecation(SINCE, SINCE + NOTICE - timedelta(seconds=1))
    with pytest.raises(ValueError, match="time zone"):
        Deprecation(SINCE.replace(tzinfo=None), SINCE + NOTICE)
