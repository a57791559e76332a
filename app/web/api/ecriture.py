"""What partners' own software writes: the use cases and the rights of the form, by a key."""

import re

from flask import Response, request
from marshmallow import ValidationError
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    UnprocessableEntity,
    UnsupportedMediaType,
)

from app.domain.droits import Action
from app.domain.edition import Fiche, FicheRef, Listing, ModifieeEntretemps
from app.domain.errors import OffreIntrouvable
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.web.api.operations import ApiBlueprint, Operation
from app.web.api.parameters import IF_MATCH, IF_NONE_MATCH, OFFRE_ID, STRUCTURE_ID
from app.web.api.preconditions import etag_of, required_base, stale_after
from app.web.api.rendering import dumped, json_response
from app.web.auth.cle import require_cle
from app.web.auth.session import current_acteur, current_espace
from app.web.current import current_catalogue
from app.web.errors import Refusee
from app.web.espace.records import read_record_of
from app.web.espace.saisie import record_of
from schemas.corps import MAX_CORPS_BYTES, CorpsIllisible, check_types, read_corps
from schemas.ecriture import (
    NEW_ID,
    Record,
    changed_record,
    fixed_faults,
    new_record,
    state_faults,
)
from schemas.nouveautes import telephone_faults
from schemas.problem import Erreur, erreurs_of
from schemas.reponses_ecriture import written_fields

ecriture = ApiBlueprint("api-ecriture", "Tenir ses fiches à jour depuis son propre logiciel.")

REFUSALS = (401, 403, 404, 412, 428, 503)
PUT_REFUSALS = (*REFUSALS, 409, 413, 415, 422)
RULES = (
    "La clé agit comme son compte, avec les droits de l’espace partenaires. `If-Match` porte "
    "l’ETag de la fiche lue avec la clé : 428 sans lui, 412 si la fiche a changé depuis, et rien "
    "n’est écrit. "
)
PUT_RULES = (
    f"{RULES}Pour une fiche nouvelle, envoyez `If-None-Match: *` et un identifiant qui commence "
    "par `eventail--`. Le corps est la fiche entière : un champ absent ou null est effacé, un "
    "champ inconnu est refusé par son nom. `source`, `id`, `date_maj`, `lien_source`, "
    "`derniere_confirmation` et `regles` ne s’écrivent pas : absents, ou tels qu’ils ont été lus. "
    "Sans `etat_publication`, l’état ne change pas. Ce que vous changez n’est plus changé par les "
    "flux. "
)


@ecriture.write(
    "PUT",
    "/structures/<identifiant:structure_id>",
    Operation(
        summary="Écrire une structure",
        description=f"{PUT_RULES}Une structure nouvelle est créée par le coordinateur du lieu.",
        answer="FicheStructure",
        answer_description="La fiche, comme elle est maintenant.",
        parameters=(STRUCTURE_ID,),
        headers=(IF_MATCH, IF_NONE_MATCH),
        errors=PUT_REFUSALS,
        body="EcritureStructure",
        creates=True,
    ),
)
def put_structure(structure_id: str) -> Response:
    """Writes a structure."""
    return _put(FicheRef(objet=STRUCTURE, id=structure_id))


@ecriture.write(
    "PUT",
    "/offres/<identifiant:offre_id>",
    Operation(
        summary="Écrire une offre",
        description=f"{PUT_RULES}Une offre ne change pas de structure.",
        answer="FicheOffre",
        answer_description="La fiche, comme elle est maintenant.",
        parameters=(OFFRE_ID,),
        headers=(IF_MATCH, IF_NONE_MATCH),
        errors=PUT_REFUSALS,
        body="EcritureOffre",
        creates=True,
    ),
)
def put_offre(offre_id: str) -> Response:
    """Writes an offer."""
    return _put(FicheRef(objet=OFFRE, id=offre_id))


@ecriture.write(
    "DELETE",
    "/structures/<identifiant:structure_id>",
    Operation(
        summary="Retirer une structure",
        description=f"{RULES}Une fiche retirée reste dans l’historique ; `PUT` avec "
        "`etat_publication` à `publie` la remet en ligne.",
        answer="FicheStructure",
        answer_description="La fiche retirée.",
        parameters=(STRUCTURE_ID,),
        headers=(IF_MATCH,),
        errors=REFUSALS,
    ),
)
def delete_structure(structure_id: str) -> Response:
    """Withdraws a structure."""
    return _withdraw(FicheRef(objet=STRUCTURE, id=structure_id))


@ecriture.write(
    "DELETE",
    "/offres/<identifiant:offre_id>",
    Operation(
        summary="Retirer une offre",
        description=f"{RULES}Une fiche retirée reste dans l’historique ; `PUT` avec "
        "`etat_publication` à `publie` la remet en ligne.",
        answer="FicheOffre",
        answer_description="La fiche retirée.",
        parameters=(OFFRE_ID,),
        headers=(IF_MATCH,),
        errors=REFUSALS,
    ),
)
def delete_offre(offre_id: str) -> Response:
    """Withdraws an offer."""
    return _withdraw(FicheRef(objet=OFFRE, id=offre_id))


@ecriture.write(
    "POST",
    "/structures/<identifiant:structure_id>/confirmation",
    Operation(
        summary="Confirmer une structure",
        description=f"{RULES}Dit que rien n’a changé : la fiche est de nouveau « du jour ».",
        answer="FicheStructure",
        answer_description="La fiche confirmée.",
        parameters=(STRUCTURE_ID,),
        headers=(IF_MATCH,),
        errors=REFUSALS,
    ),
)
def confirm_structure(structure_id: str) -> Response:
    """Confirms a structure."""
    return _confirm(FicheRef(objet=STRUCTURE, id=structure_id))


@ecriture.write(
    "POST",
    "/offres/<identifiant:offre_id>/confirmation",
    Operation(
        summary="Confirmer une offre",
        description=f"{RULES}Dit que rien n’a changé : la fiche est de nouveau « du jour ».",
        answer="FicheOffre",
        answer_description="La fiche confirmée.",
        parameters=(OFFRE_ID,),
        headers=(IF_MATCH,),
        errors=REFUSALS,
    ),
)
def confirm_offre(offre_id: str) -> Response:
    """Confirms an offer."""
    return _confirm(FicheRef(objet=OFFRE, id=offre_id))


def kept_fiche(ref: FicheRef) -> Response:
    """Returns a listing as its keepers write it, with its revision, to who has a key."""
    return _answer(current_espace().edition.read(require_cle(), ref))


def _put(ref: FicheRef) -> Response:
    edition, acteur = current_espace().edition, current_acteur()
    body = _body()
    current = edition.find(acteur, ref)
    if current is not None:
        edition.require(acteur, Action.MODIFIER_FICHE, edition.cible(ref))
    base = required_base(current)
    value = _read(ref, body, current)
    try:
        saved = edition.publish(acteur, value, base)
    except OffreIntrouvable:  # only a new offer can name a structure that does not exist
        fault = Erreur(champ="structure_id", message="Aucune structure n’a cet identifiant.")
        raise Refusee(UnprocessableEntity(), erreurs=(fault,)) from None
    except ModifieeEntretemps as conflict:
        raise stale_after(conflict, edition.read(acteur, ref)) from None
    response = _answer(saved)
    if current is None:
        response.status_code = 201
        response.headers["Location"] = f"/api/v1/{ref.objet}s/{ref.id}"  # a new id is plain ASCII
    return response


def _withdraw(ref: FicheRef) -> Response:
    edition, acteur = current_espace().edition, current_acteur()
    edition.require(acteur, Action.MODIFIER_FICHE, edition.cible(ref))
    base = required_base(edition.read(acteur, ref))
    try:
        return _answer(edition.set_state(acteur, ref, EtatPublication.RETIRE, base))
    except ModifieeEntretemps as conflict:
        raise stale_after(conflict, edition.read(acteur, ref)) from None


def _confirm(ref: FicheRef) -> Response:
    edition, acteur = current_espace().edition, current_acteur()
    edition.require(acteur, Action.CONFIRMER_FICHE, edition.cible(ref))
    base = required_base(edition.read(acteur, ref))
    try:
        return _answer(edition.confirm(acteur, ref, base))
    except ModifieeEntretemps as conflict:
        raise stale_after(conflict, edition.read(acteur, ref)) from None


def _body() -> Record:
    """Returns the object that was sent. Raises 400, 413 or 415."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    request.max_content_length = MAX_CORPS_BYTES
    try:
        return read_corps(request.get_data())
    except CorpsIllisible as fault:
        raise Refusee(BadRequest(), detail=str(fault)) from None


def _read(ref: FicheRef, body: Record, current: Fiche | None) -> Listing:
    """Returns the listing that a body says. Raises 409 or 422, with each field by its name."""
    before = record_of(current.value) if current is not None else None
    if before is None and not re.fullmatch(NEW_ID, ref.id):
        fault = Erreur(
            champ="id",
            message="Une fiche nouvelle s’appelle « eventail-- » suivi de 1 à 64 lettres non "
            "accentuées, chiffres, tirets ou soulignés : changez l’adresse.",
        )
        raise Refusee(UnprocessableEntity(), erreurs=(fault,))
    today = current_espace().clock.today()
    known = before if before is not None else new_record({}, ref.id, today)
    try:
        check_types(body, written_fields(current_catalogue().vocabulaire, ref.objet))
        if faults := fixed_faults(body, known):
            raise Refusee(Conflict(), erreurs=faults)
        if faults := state_faults(body, known):
            raise Refusee(UnprocessableEntity(), erreurs=faults)
        if before is not None:
            record = changed_record(body, before)
        else:
            record = new_record(body, ref.id, today)
        return _newly_right(record, known, ref.objet)
    except ValidationError as error:
        raise Refusee(UnprocessableEntity(), erreurs=erreurs_of(error.messages)) from None


def _newly_right(record: Record, known: Record, objet: str) -> Listing:
    """Returns the listing of a record. Raises `ValidationError`, also of what is newly wrong."""
    newly = telephone_faults(record, known)
    try:
        value = read_record_of(record, objet)
    except ValidationError as error:
        raise ValidationError(newly | error.messages_dict) from None
    if newly:
        raise ValidationError(newly)
    return value


def _answer(fiche: Fiche) -> Response:
    state = {"etat_publication": fiche.value.etat_publication.value}
    response = json_response(dumped({**record_of(fiche.value), **state}))
    response.headers.update(etag_of(fiche))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization"
    return response
