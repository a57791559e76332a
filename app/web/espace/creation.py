"""Listings that do not exist yet: an offer, a copy of another, a structure."""

from collections.abc import Callable
from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.domain.brouillons import BrouillonInconnu
from app.domain.edition import OWN_ID, SOURCE_LOCALE, Fiche, FicheRef, new_id
from app.domain.offre import Offre, OffreId, StructureId
from app.domain.propositions import EtatProposition
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.brouillons import BROUILLON, reopened
from app.web.espace.edition import PROPOSITION, done
from app.web.espace.formulaire import Page, form_of, proposed, shown, value_of
from app.web.espace.lecteur import current_lecteur
from app.web.espace.nombres import asked
from app.web.espace.saisie import sections_of

IDENT, REPRISE = "identifiant", "reprise"
AGAIN = "C’est ce que vous avez envoyé : corrigez, puis envoyez de nouveau."
Begin = Callable[[str], Fiche]
"""Returns the listing of an id, empty when it does not exist yet."""


def nouvelle_offre(identifiant: str) -> ResponseReturnValue:
    """An empty form for one more offer of a structure, or a copy of another of its offers."""
    begin = _offres_of(identifiant)
    if (page := _begun(begin)) is not None:
        return shown(page)
    fiche = begin(new_id())
    model = request.args.get("modele")
    if model is not None:
        ref = FicheRef(objet=OFFRE, id=model)
        copied = current_espace().edition.read(current_acteur(), ref)
        if not isinstance(copied.value, Offre) or copied.structure.id != fiche.structure.id:
            raise BadRequest
        fiche = replace(fiche, value=_copy(copied.value, fiche.ref.id))
    form = form_of(fiche, current_lecteur().shown(fiche.value), 0)
    return shown(Page(form=form, is_saved=model is None))


def creer_offre(identifiant: str) -> ResponseReturnValue:
    """Does what a button of the form of a new offer says."""
    return done(_sent(_offres_of(identifiant)))


def nouvelle_structure() -> ResponseReturnValue:
    """An empty form for a structure that the catalogue lacks."""
    if (numero := asked(REPRISE)) is not None:
        return shown(_again(numero))
    if (page := _begun(_structure)) is not None:
        return shown(page)
    fiche = _structure(new_id())
    form = form_of(fiche, current_lecteur().shown(fiche.value), 0)
    return shown(Page(form=form, is_saved=True))


def creer_structure() -> ResponseReturnValue:
    """Does what a button of the form of a new structure says."""
    return done(_sent(_structure))


def _again(numero: int) -> Page:
    """Returns the form of a structure that its author has sent, to send it again."""
    sent = current_espace().moderation.begun(current_acteur(), numero)
    fiche = _structure(sent.ref.id)
    saisie = current_lecteur().shown_record(sent.record, sections_of(fiche.value))
    _, fautes = value_of(fiche, saisie, 0)  # what words allow may have changed
    attente = sent.id if sent.etat is EtatProposition.A_MODERER else None
    form = form_of(fiche, saisie, 0, fautes)
    return Page(form=form, attente=attente, notice=AGAIN, is_saved=True)


def _begun(begin: Begin) -> Page | None:
    """Returns the form of a change that waits, or of a draft, when the address names one."""
    espace, acteur = current_espace(), current_acteur()
    numero = asked(PROPOSITION)
    if numero is not None:
        sent, _ = espace.moderation.read(acteur, numero)
        return proposed(begin(sent.ref.id), numero)
    kept = request.args.get(BROUILLON, "")
    if not OWN_ID.fullmatch(kept):
        return None
    fiche = begin(kept)
    draft = espace.brouillons.find(acteur, fiche.ref)
    if draft is None:
        raise BrouillonInconnu
    return reopened(fiche, draft)


def _sent(begin: Begin) -> Fiche:
    """Returns the listing that a form of a new one is about.

    Once it is sent, its page is one like the others: back, or pressed again.
    """
    ident = request.form.get(IDENT, "")
    if not OWN_ID.fullmatch(ident):
        raise BadRequest
    return begin(ident)


def _offres_of(structure_id: str) -> Begin:
    def begin(ident: str) -> Fiche:
        ref = FicheRef(objet=OFFRE, id=ident)
        edition = current_espace().edition
        return edition.find_or_new(current_acteur(), ref, StructureId(structure_id))

    return begin


def _structure(ident: str) -> Fiche:
    ref = FicheRef(objet=STRUCTURE, id=ident)
    return current_espace().edition.find_or_new(current_acteur(), ref, StructureId(ident))


def _copy(model: Offre, ident: str) -> Offre:
    """Returns an offer that begins like another one, and is published when it is sent."""
    return replace(
        model,
        source=SOURCE_LOCALE,
        id=OffreId(ident),
        nom=f"{model.nom} (copie)",
        date_maj=current_espace().clock.today(),
        derniere_confirmation=None,
        lien_source=None,
        etat_publication=EtatPublication.PUBLIE,
    )
