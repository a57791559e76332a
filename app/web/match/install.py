"""Hangs both questionnaires on the application: the table of their addresses."""

from functools import partial, update_wrapper

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
            # The limiter and the logs call a view by its name, which a bare partial lacks.
            named = update_wrapper(partial(view, flow), view)
            address, endpoint = f"/{flow.slug}{path}", f"{flow.name}_{name}"
            match.add_url_rule(address, endpoint, named, methods=methods)
    app.register_blueprint(match)
