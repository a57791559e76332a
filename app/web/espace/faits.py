"""What was just done, said once on the page that comes next."""

from flask import flash

from app.web.public.typographie import typo


def dire(message: str) -> None:
    """Says on the next page of the space that something was done; it names nobody."""
    flash(typo(message))
