"""How a structure is asked whether its listings are true: its keepers say, and mend an address."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest

from app.domain.campagnes import ModeContact
from app.domain.francais import date_fr
from app.domain.offre import StructureId
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.nombres import posted
from app.web.public.search_form import SearchForm
from schemas.connexion import read_courriel

MODES = {
    ModeContact.COURRIEL: "Par courriel",
    ModeContact.TELEPHONE: "Par téléphone",
    ModeContact.AUCUNE: "Ne pas nous relancer",
}
ESSAYER = "essayer"
NOTES = {
    "oui": "C’est enregistré.",
    ESSAYER: "C’est noté : le prochain message partira à cette adresse.",
}


def rappels(identifiant: str) -> ResponseReturnValue:
    """How a structure wants to be asked."""
    contact = current_espace().campagnes.contact(current_acteur(), StructureId(identifiant))
    return _contact_page(identifiant, contact.mode, contact.courriel or "", "")


def regler_rappels(identifiant: str) -> ResponseReturnValue:
    """Changes how a structure wants to be asked, or says what to correct."""
    mode, typed = request.form.get("mode", ""), request.form.get("courriel", "").strip()
    if mode not in set(ModeContact):
        raise BadRequest
    try:
        courriel = read_courriel(typed) if typed else None
    except ValidationError as refused:
        fault = str(refused.messages[0])
        return _contact_page(identifiant, ModeContact(mode), typed, fault), 422
    current_espace().campagnes.set_contact(
        current_acteur(), StructureId(identifiant), ModeContact(mode), courriel
    )
    return redirect(url_for("espace.rappels", identifiant=identifiant, note="oui"), 303)


def reessayer_rappels(identifiant: str) -> ResponseReturnValue:
    """Lets the address of a structure be written to again, then leads back to where one was."""
    current_espace().campagnes.retry(current_acteur(), StructureId(identifiant))
    numero = posted("campagne")
    if numero is None:
        return redirect(url_for("espace.rappels", identifiant=identifiant, note=ESSAYER), 303)
    address = url_for("espace.appel", numero=numero, identifiant=identifiant, note=ESSAYER)
    return redirect(address, 303)


def _contact_page(identifiant: str, mode: ModeContact, courriel: str, fault: str) -> str:
    return render_template(
        "espace/rappels.html",
        identifiant=identifiant,
        mode=mode,
        modes=MODES,
        typed=courriel,
        fault=fault,
        notice=NOTES.get(request.args.get("note", ""), ""),
        echec=current_espace().campagnes.echec(current_acteur(), StructureId(identifiant)),
        date_fr=date_fr,
        form=SearchForm(),
    )
