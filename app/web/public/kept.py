"""The shortlist of a visitor: ids of offers that travel in addresses, and nothing about anybody.

A browser with JavaScript keeps the ids by itself (`static/js/liste.js`); without it, the links of a
page carry those that its own address names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import has_request_context, request, url_for

PARAMETER = "liste"
MAX_KEPT = 30  # offers: an address of them still fits what browsers and servers accept
MAX_ID = 200  # characters; the longest id of the open data has 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The link that keeps an offer, or takes it out of the list."""

    id: str
    url: str
    is_kept: bool

    @property
    def label(self) -> str:
        """What the link does."""
        return "Retirer de ma liste" if self.is_kept else "Garder"


def kept_ids() -> tuple[str, ...]:
    """Returns the ids that the address of the page names, each once."""
    if not has_request_context():
        return ()
    given = (value for value in request.args.getlist(PARAMETER) if 0 < len(value) <= MAX_ID)
    return tuple(dict.fromkeys(given))[:MAX_KEPT]


def kept_parameters() -> list[tuple[str, str]]:
    """Returns the parameters that carry the list from page to page."""
    return [(PARAMETER, ident) for ident in kept_ids()]


def with_list(address: str, ids: Sequence[str], **others: str) -> str:
    """Returns an address that carries a list, and perhaps other parameters."""
    query = urlencode([*((PARAMETER, ident) for ident in ids), *others.items()])
    return f"{address}?{query}" if query else address


def list_url(ids: Sequence[str]) -> str:
    """Returns the address of a list."""
    return with_list(url_for("public.ma_liste"), ids)


def toggled(ident: str) -> tuple[str, ...]:
    """Returns the list with an offer more, or less."""
    ids = kept_ids()
    return tuple(i for i in ids if i != ident) if ident in ids else (*ids, ident)
