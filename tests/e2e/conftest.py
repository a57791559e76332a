"""A real Chromium on the shipped catalogue: a server in a thread, a window for each test."""

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, sync_playwright
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

NAMES = (
    "chromium-headless-shell",  # the same without its windows: a quarter less work
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ABSENT = (
    "NO BROWSER: the journeys and the accessibility checks do not run. Install the Debian package "
    "“chromium-headless-shell” or “chromium”, or set CHROMIUM to the path of a Chromium."
)
TIMEOUT_MS = 10_000
HEIGHT = 800
TILES = "https://data.geopf.fr/"  # the background of maps, never asked in truth
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder, and keeps those of a file in one process and browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group(f"chromium-{item.path.stem}"))


def chromium_path() -> str | None:
    """Returns where Chromium is, None when there is none."""
    asked = os.environ.get("CHROMIUM")
    return asked or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium; without one the test is skipped, and fails in CI."""
    path = chromium_path()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(catalogue_app: Flask) -> Iterator[str]:
    """The address of the running site."""
    server = make_server("127.0.0.1", 0, read_whole(catalogue_app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def read_whole(app: Flask) -> "WSGIApplication":
    """Returns the site with every file read at once.

    A browser that leaves a page drops its downloads, and this server then forgets to close them.
    """

    def whole(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        with contextlib.closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return whole


@pytest.fixture
def open_page(chromium: Browser, site: str) -> Iterator[OpenPage]:
    """Opens an address of the site in a window of its own; nothing else may be fetched.

    `tiles` answers for the background of maps, which may then be asked.
    """
    contexts = []
    strangers: list[str] = []

    def open_one(
        address: str = "/",
        *,
        width: int = 1280,
        tiles: Callable[[Route], None] | None = None,
        **options: object,
    ) -> Page:
        expected = (site, TILES) if tiles else (site,)
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": HEIGHT},
            locale="fr-FR",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        if tiles:
            context.route(f"{TILES}**", tiles)
        page.on(
            "request", lambda r: strangers.append(r.url) if not r.url.startswith(expected) else None
        )
        page.goto(address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert strangers == []
