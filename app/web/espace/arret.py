"""Stopping reminders, without an account: a page with a button, which mail readers press too.

Opening the page changes nothing: scanners of mail open every link (RFC 8058, 1).
"""

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.web.auth.session import current_espace
from app.web.public.search_form import SearchForm


def arret(jeton: str) -> ResponseReturnValue:
    """The page with its button."""
    if not current_espace().campagnes.is_arret(jeton):
        raise NotFound
    return render_template("espace/arret.html", jeton=jeton, is_done=False, form=SearchForm())


def arreter(jeton: str) -> ResponseReturnValue:
    """Stops the reminders; twice is once."""
    if not current_espace().campagnes.stop(jeton):
        raise NotFound
    return render_template("espace/arret.html", jeton=jeton, is_done=True, form=SearchForm())
