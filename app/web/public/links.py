"""Addresses of the public pages: a search keeps every parameter that its links do not change."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from flask import current_app, url_for

from app.domain.demande import Demande
from app.domain.search import Tri
from app.domain.telephones import dialled
from app.web.current import SITE_URL
from app.web.public.kept import kept_parameters

# In the order of addresses; how many results a page shows is the page's own choice.
_DEFAULTS: Final = {f.name: f.default for f in fields(Demande) if f.name != "par_page"}
_SAFE_SCHEMES: Final = ("http", "https")


def whole_url(endpoint: str, **values: Any) -> str:
    """Returns the whole address of a page, for where it leaves the site.

    A visitor chooses the host that a request names: where the site knows its own, that one counts.
    """
    site = current_app.config[SITE_URL]
    if site is None:
        return url_for(endpoint, _external=True, **values)
    return f"{site}{url_for(endpoint, **values)}"


def search_url(demande: Demande, **changes: Any) -> str:
    """Returns the address of a search with changes; another search starts again at page 1."""
    if changes and "page" not in changes:
        changes["page"] = 1
    asked = replace(demande, **changes)
    query = urlencode([*search_parameters(asked), *kept_parameters()])
    address = url_for("public.results")
    return f"{address}?{query}" if query else address


def search_parameters(demande: Demande) -> Iterator[tuple[str, str]]:
    """Yields the parameters that say something, in a fixed order."""
    for name, default in _DEFAULTS.items():
        value = getattr(demande, name)
        if value != default:
            yield from ((name, text) for text in _texts(value))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(str(item) for item in value)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, float):
        return (f"{value:g}",)
    return (value.value if isinstance(value, Tri) else str(value),)


def safe_link(address: object) -> str | None:
    """Returns an address that a page may link to: http or https only, else None."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme.lower() in _SAFE_SCHEMES and parts.netloc else None


def host_of(address: str) -> str:
    """Returns the site of a link, which is what a reader needs to know before following it."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def telephone_link(number: str) -> str | None:
    """Returns the `tel:` address of a number, None when nobody could dial it."""
    found = dialled(number)
    return f"tel:{found}" if found else None
