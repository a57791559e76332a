"""Reporting an error: two presses from the sheet, then a page of thanks."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.domain.edition import FicheRef
from app.domain.publication import STRUCTURE
from app.web.current import current_catalogue
from app.web.public.documents import read_document
from app.web.public.fiche import offre_link, structure_link
from app.web.public.report_form import PIEGE, ReportForm, report_with_faults
from app.web.public.search_form import SearchForm
from app.web.public.understanding import Link
from app.web.same_origin import require_same_origin
from schemas.signalements import read_report


def signaler(objet: str, identifiant: str) -> ResponseReturnValue:
    """Keeps what the reader says is wrong, and where to answer when they ask for it."""
    require_same_origin()
    fiche = FicheRef(objet=objet, id=identifiant)
    if request.form.get(PIEGE):  # only a robot fills what nobody sees: it is thanked like others
        return _thanked(fiche)
    try:
        constat, courriel = read_report(request.form, objet)
    except ValidationError as error:
        return _form_page(report_with_faults(fiche, request.form, error)), 400
    current_catalogue().signalements.report(fiche, constat, courriel)
    return _thanked(fiche)


def formulaire(objet: str, identifiant: str) -> ResponseReturnValue:
    """The same form on a page of its own; it writes nothing."""
    return _form_page(ReportForm(fiche=FicheRef(objet=objet, id=identifiant)))


def signale(objet: str, identifiant: str) -> ResponseReturnValue:
    """The thanks."""
    fiche = _sheet_link(FicheRef(objet=objet, id=identifiant))
    return render_template("public/signale.html", fiche=fiche, form=SearchForm())


def _thanked(fiche: FicheRef) -> ResponseReturnValue:
    return redirect(url_for(f"public.signale_{fiche.objet}", identifiant=fiche.id), 303)


def _form_page(report: ReportForm) -> str:
    fiche = _sheet_link(report.fiche)
    return render_template("public/signaler.html", fiche=fiche, report=report, form=SearchForm())


def _sheet_link(fiche: FicheRef) -> Link:
    """Returns the way back to the sheet. Raises `OffreIntrouvable` when it is not published."""
    document = read_document(current_catalogue().signalements.document(fiche))
    return structure_link(document) if fiche.objet == STRUCTURE else offre_link(document)
