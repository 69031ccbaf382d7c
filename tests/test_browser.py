"""The recorder of tests/browser.py sees what it is there to see."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.browser import Tab

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__)]


def naughty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        "<!doctype html><html><title>Naughty</title>"
        "<script>window.ran = true</script>"
        "<img src='http://127.0.0.2:9/pixel.png'>"
        "<p style='color: red; width: 2000px'>inline</p></html>"
    )


urlpatterns = [path("naughty/", naughty)]


def test_tab_records_violations_and_foreign_requests(desktop: Tab) -> None:
    page = desktop.visit("/naughty/")
    assert page.evaluate("window.ran") is None
    assert sorted({violation.split()[0] for violation in desktop.violations}) == [
        "img-src",
        "script-src-elem",
        "style-src-attr",
    ]
    assert desktop.foreign_requests == ["http://127.0.0.2:9/pixel.png"]
    with pytest.raises(AssertionError):
        desktop.assert_clean()
    desktop.forget()


def test_tab_axe_finds_a_picture_without_alternative_text(desktop: Tab) -> None:
    desktop.visit("/naughty/")
    rules = {finding.split()[0] for finding in desktop.axe()}
    assert {"image-alt", "html-has-lang"} <= rules
    desktop.forget()
