"""A running site with its people and its mail server, and windows where they are signed in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.conftest import settings_of
from tests.e2e.conftest import TIMEOUT_MS, read_whole
from tests.integration.mail_server import HOST, Mailbox, serving
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, site_in

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
SHEET = f"/espace/structures/{STRUCTURE_A}"
COOKIE = "eventail"
Browse = Callable[..., Page]


@dataclass
class Partners:
    """A site, its address, and windows of the people who are signed in to it."""

    site: Site
    address: str
    chromium: Browser
    mailbox: Mailbox
    contexts: list[BrowserContext]
    known: dict[str, FlaskClient] = field(default_factory=dict)

    def person(self, name: str) -> FlaskClient:
        """Signs somebody in once: nobody may have many links in an hour."""
        if name not in self.known:
            self.known[name] = self.site.person(name)
        return self.known[name]

    def window(self, name: str = "membre-a", **options: object) -> Page:
        """Opens a window of somebody who is signed in; no other site may be asked anything."""
        page = self.visitor(**options)
        cookie = self.person(name).get_cookie(COOKIE)
        assert cookie is not None
        page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": self.address}])
        return page

    def visitor(self, **options: object) -> Page:
        """Opens a window of somebody who has never been here."""
        context = self.chromium.new_context(
            base_url=self.address,
            locale="fr-FR",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(TIMEOUT_MS)
        self.contexts.append(context)
        return context.new_page()

    def close_windows(self) -> None:
        """Closes every window that was opened."""
        while self.contexts:
            self.contexts.pop().close()


@contextmanager
def running(people_dir: Path, folder: Path, chromium: Browser) -> Iterator[Partners]:
    """Runs a site of its own until the test is over; its messages go through SMTP."""
    site = site_in(people_dir, folder, TILES_URL="off")
    mailbox = Mailbox()
    with serving(mailbox) as port:
        site.send_by(settings_of(site.data_dir, MAIL_URL=f"smtp://{HOST}:{port}"))
        server = make_server(HOST, 0, read_whole(site.app), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        partners = Partners(
            site=site,
            address=f"http://{HOST}:{server.server_port}",
            chromium=chromium,
            mailbox=mailbox,
            contexts=[],
        )
        yield partners
        partners.close_windows()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def running_partners(
    people_dir: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Partners]:
    """A site of its own for the tests of a file."""
    with running(people_dir, tmp_path_factory.mktemp("partners"), chromium) as served:
        yield served


@pytest.fixture
def shared_partners(running_partners: Partners) -> Iterator[Partners]:
    """The same, without a window: each test leaves the site as the next one expects it."""
    yield running_partners
    running_partners.close_windows()
