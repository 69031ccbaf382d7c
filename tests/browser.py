"""Chromium for tests: tabs that record what a strict page must never do.

A test asks for `desktop` or `phone`, or for `tab_open` to choose width, colour scheme, person,
language or no JavaScript. When the test ends, a tab that met a violation of the content-security
policy, a request to another host or an uncaught error fails it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User

DESKTOP_PX = 1280
PHONE_PX = 320

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_WATCH = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


def chromium_path() -> str | None:
    """The system's Chromium, or the one that CHROMIUM names."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


def until(page: Page, look: Callable[[], bool]) -> None:
    """Wait for what a script and the server do between them.

    Unlike `Page.wait_for_function`, which runs text as a script in the page, it asks nothing of
    the page that a strict policy forbids.
    """
    for _turn in range(200):
        if look():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not happen")


@dataclass
class Tab:
    """One page of a fresh browser profile, and what it did wrong."""

    page: Page
    base_url: str
    violations: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def visit(self, path: str) -> Page:
        """Open a path of the live server and wait until it is loaded."""
        self.page.goto(self.base_url + path, wait_until="load")
        return self.page

    def axe(self, *, exclude: str | None = None) -> list[str]:
        """What axe finds on the open page, WCAG 2.2 AA and best practices: rule, impact, where."""
        context: dict[str, Any] | None = {"exclude": [[exclude]]} if exclude else None
        found: dict[str, Any] = (
            Axe()
            .run(
                # Preloading copies sheets with @import into inline ones, which the policy forbids.
                self.page,
                context=context,
                options={"preload": False},
            )
            .response
        )
        return [
            f"{rule['id']} ({rule['impact']}): {node['target']}: {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def overflow_px(self) -> int:
        """How far the open page scrolls sideways; 0 is right."""
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width

    def watch(self, context: BrowserContext) -> None:
        host = urlsplit(self.base_url).netloc

        def requested(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host:
                self.foreign_requests.append(request.url)

        context.on("request", requested)
        context.expose_binding(
            "reportViolation", lambda _source, text: self.violations.append(text)
        )
        context.add_init_script(_WATCH)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def assert_clean(self) -> None:
        assert (self.violations, self.foreign_requests, self.errors) == ([], [], [])

    def forget(self) -> None:
        """Forgive what was recorded: for tests of the recorder itself."""
        for record in (self.violations, self.foreign_requests, self.errors):
            record.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        message = "no Chromium was found on PATH; CHROMIUM may name one"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def tab_open(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Tab]]:
    """A function that opens a tab on the live server; every tab is checked when the test ends."""
    tabs: list[Tab] = []

    def tab_open(
        *,
        width: int = DESKTOP_PX,
        height: int = 900,
        colour_scheme: Literal["light", "dark"] = "light",
        user: User | None = None,
        has_javascript: bool = True,
        locale: str = "en-GB",
    ) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=colour_scheme,
            java_script_enabled=has_javascript,
            locale=locale,
            reduced_motion="reduce",
        )
        if user is not None:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies(
                [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
            )
        tab = Tab(page=context.new_page(), base_url=live_server.url)
        tab.watch(context)
        tabs.append(tab)
        return tab

    yield tab_open
    for tab in tabs:
        tab.page.context.close()
    for tab in tabs:
        tab.assert_clean()


@pytest.fixture
def desktop(tab_open: Callable[..., Tab]) -> Tab:
    return tab_open()


@pytest.fixture
def phone(tab_open: Callable[..., Tab]) -> Tab:
    return tab_open(width=PHONE_PX, height=640)
