"""The public pages: each asks a use case and renders a view model."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.domain.demande import Demande
from app.domain.errors import EngineUnavailable
from app.services.catalogue import Catalogue
from app.services.search import Resultats
from app.web.current import current_catalogue, current_tiles
from app.web.public.carte import headers_of
from app.web.public.home import home_page
from app.web.public.results import FIRST_OF_EACH_NEED, results_page, shows_by_need
from app.web.public.search_form import SearchForm, form_of, form_with_faults, settled
from app.web.public.typographie import partial_date_fr
from app.web.public.way_out import everything_around
from schemas.search import read_page_demande

RETRY_AFTER_S = "30"  # an index is rebuilt, or a search server restarted, in less


def home() -> ResponseReturnValue:
    """What the catalogue holds, and where to start."""
    catalogue = current_catalogue()
    try:
        found = catalogue.search.search(Demande(par_page=1)).page
    except EngineUnavailable:
        found = None
    structures, _ = catalogue.repository.list_structures(0, 0)
    page = home_page(catalogue, found, structures)
    return render_template("public/home.html", page=page, form=SearchForm())


def results() -> ResponseReturnValue:
    """The offers that answer a search, or what to do when few do."""
    catalogue = current_catalogue()
    try:
        asked = read_page_demande(request.args, catalogue)
    except ValidationError as error:
        form = form_with_faults(request.args, error)
        return render_template("public/results_invalid.html", form=form), 400
    demande = settled(asked, request.args, catalogue.lieux)
    try:
        resultats = catalogue.search.completed(catalogue.search.search(demande))
        around = _around(catalogue, demande, resultats)
        by_need = _by_need(catalogue, resultats)
    except EngineUnavailable:
        body = render_template("public/results_unavailable.html", form=form_of(demande, None))
        return body, 503, {"Retry-After": RETRY_AFTER_S}
    page = results_page(resultats, catalogue, around, by_need, current_tiles())
    body = render_template("public/results.html", page=page, form=page.form)
    return body, headers_of(page.carte)


def attributions() -> ResponseReturnValue:
    """Whose data the site shows, and how to reuse it."""
    credits_ = [(c, partial_date_fr(c.date)) for c in current_catalogue().credits()]
    return render_template("public/attributions.html", credits=credits_, form=SearchForm())


def _around(catalogue: Catalogue, demande: Demande, resultats: Resultats) -> Resultats | None:
    wide = everything_around(demande, resultats)
    return catalogue.search.search(wide) if wide is not None else None


def _by_need(catalogue: Catalogue, resultats: Resultats) -> list[Resultats]:
    if not shows_by_need(resultats.demande):
        return []
    return catalogue.search.by_need(resultats, FIRST_OF_EACH_NEED)
