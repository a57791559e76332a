"""Refuses a form that another site makes a reader's browser send.

No page keeps a session, so there is no token to check: the browser itself says where a form comes
from, and no page can make it say otherwise.
"""

from flask import request

OURS = ("same-origin", "none")  # “none” is the reader's own doing, such as a page opened again


class AutreSite(Exception):
    """A form that another site made a reader's browser send."""


def require_same_origin() -> None:
    """Raises `AutreSite` when the form was sent by another site."""
    if not is_same_origin():
        raise AutreSite


def is_same_origin() -> bool:
    """Tells whether the form was sent by a page of ours.

    Browsers do not say `Sec-Fetch-Site` over plain HTTP, nor did Safari before 2023. Their `Origin`
    is then “null” for our own pages, which send no referrer: only another name is refused.
    """
    said = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    if said is None:
        return origin == "null" or origin.partition("://")[2] == request.host
    return said in OURS
