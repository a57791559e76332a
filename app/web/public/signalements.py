"""Reporting an error: two presses from the sheet, then a page of thanks."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.domain.errors import OffreIntrouvable
from app.domain.offre import OffreId
from app.web.current import current_catalogue
from app.web.public.documents import read_document
from app.web.public.fiche import offre_link
from app.web.public.report_form import PIEGE, ReportForm, report_with_faults
from app.web.public.search_form import SearchForm
from app.web.public.understanding import Link
from app.web.same_origin import require_same_origin
from schemas.signalements import read_report


def signaler(identifiant: str) -> ResponseReturnValue:
    """Keeps what the reader says is wrong, and where to answer when they ask for it."""
    require_same_origin()
    if request.form.get(PIEGE):  # only a robot fills what nobody sees: it is thanked like others
        return redirect(url_for("public.signale", identifiant=identifiant), 303)
    try:
        constat, courriel = read_report(request.form)
    except ValidationError as error:
        return _form_page(report_with_faults(identifiant, request.form, error)), 400
    current_catalogue().signalements.report(OffreId(identifiant), constat, courriel)
    return redirect(url_for("public.signale", identifiant=identifiant), 303)


def formulaire(identifiant: str) -> ResponseReturnValue:
    """The same form on a page of its own; it writes nothing."""
    return _form_page(ReportForm(identifiant=identifiant))


def signale(identifiant: str) -> ResponseReturnValue:
    """The thanks."""
    fiche = _sheet_link(identifiant)
    return render_template("public/signale.html", fiche=fiche, form=SearchForm())


def _form_page(report: ReportForm) -> str:
    fiche = _sheet_link(report.identifiant)
    return render_template("public/signaler.html", fiche=fiche, report=report, form=SearchForm())


def _sheet_link(identifiant: str) -> Link:
    """Returns the way back to the sheet. Raises `OffreIntrouvable` when it is not published."""
    found = current_catalogue().repository.get_many([OffreId(identifiant)])
    if OffreId(identifiant) not in found:
        raise OffreIntrouvable(identifiant)
    return offre_link(read_document(found[OffreId(identifiant)]))
