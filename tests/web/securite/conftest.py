"""The same site and people as those of the partners' space."""

from tests.web.espace.conftest import shared_site, site

__all__ = ["shared_site", "site"]
