"""A running site with its people, for the tests of the form of a listing in a real browser."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.e2e.conftest import TIMEOUT_MS, read_whole
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
    contexts: list[BrowserContext]

    def window(self, name: str = "membre-a", **options: object) -> Page:
        """Opens a window of somebody who is signed in; no other site may be asked anything."""
        context = self.chromium.new_context(
            base_url=self.address,
            locale="fr-FR",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(TIMEOUT_MS)
        self.contexts.append(context)
        cookie = self.site.person(name).get_cookie(COOKIE)
        assert cookie is not None
        context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": self.address}])
        return context.new_page()


@contextmanager
def running(people_dir: Path, folder: Path, chromium: Browser) -> Iterator[Partners]:
    """Runs a site of its own until the test is over."""
    site = site_in(people_dir, folder, TILES_URL="off")
    server = make_server("127.0.0.1", 0, read_whole(site.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    partners = Partners(
        site=site,
        address=f"http://127.0.0.1:{server.server_port}",
        chromium=chromium,
        contexts=[],
    )
    yield partners
    for context in partners.contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()
