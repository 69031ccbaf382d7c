"""Error pages: in the site's own frame, and the last one without a request or a database."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import include, path


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


def forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspicious(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def form(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("sent")


urlpatterns = [
    path("broken/", broken),
    path("forbidden/", forbidden),
    path("suspicious/", suspicious),
    path("form/", form),
    path("", include("config.urls")),
]

pytestmark = pytest.mark.urls(__name__)


def heading(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    text = response.content.decode()
    return text.partition("<h1>")[2].partition("</h1>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/suspicious/", 400, "This request could not be read"),
        ("/forbidden/", 403, "You may not do this"),
        ("/no/such/page/", 404, "There is no such page"),
    ],
)
def test_error_page_in_the_site_s_frame(
    client: Client, address: str, status: int, title: str
) -> None:
    response = client.get(address)
    assert (response.status_code, heading(response)) == (status, title)
    assert "masthead" in response.content.decode()


@pytest.mark.django_db
def test_error_page_of_a_stale_form() -> None:
    response = Client(enforce_csrf_checks=True).post("/form/")
    assert (response.status_code, heading(response)) == (403, "This form has gone stale")


def test_error_page_500_needs_no_database(client: Client) -> None:
    """No mark asks for the database here, so a query would fail this test."""
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert (response.status_code, heading(response)) == (500, "Something broke on our side")
    assert "a secret detail" not in response.content.decode()
