"""Hangs both questionnaires on the application: the table of their addresses."""

from functools import partial

from flask import Blueprint, Flask

from app.web.match import pages
from app.web.match.flows import FLOWS

BOTH = ("GET", "POST")


def install_match(app: Flask) -> None:
    """Registers the pages of each flow."""
    match = Blueprint("match", "app.web.match")
    for flow in FLOWS:
        for path, name, view, methods in (
            ("", "questions", pages.questions, BOTH),
            ("/solutions", "solutions", pages.solutions, BOTH),
            ("/offre", "offre", pages.offre, BOTH),
            ("/proposition", "proposition", pages.proposition, BOTH),
            ("/effacer", "effacer", pages.effacer, ("GET",)),
        ):
            match.add_url_rule(
                f"/{flow.slug}{path}", f"{flow.name}_{name}", partial(view, flow), methods=methods
            )
    app.register_blueprint(match)
