"""The sheet of a call: what one reads aloud of each listing, and what came of the call."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.domain.campagnes import (
    MOIS_PAR_DEFAUT,
    FicheSuivie,
    Participante,
    Resultat,
    is_old,
)
from app.domain.edition import NEVER_HELD, ModifieeEntretemps, Revision
from app.domain.francais import date_fr
from app.domain.offre import OffreId, StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.services.campagnes import echec_of
from app.services.catalogue import Catalogue
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.campagnes import ETATS, RESULTATS
from app.web.espace.champs import champs_of
from app.web.espace.champs_offre import SECTIONS_OFFRE
from app.web.espace.champs_structure import SECTIONS_STRUCTURE
from app.web.espace.historique import ACTIONS, OTHER_FIELDS
from app.web.espace.rappels import ESSAYER, MODES, NOTES
from app.web.public.documents import read_document
from app.web.public.fiche import Fiche, FicheStructure, fiche_of, fiche_structure_of
from app.web.public.search_form import SearchForm
from app.web.public.sheets import reference_of

NOTICES = {
    "oui": "Le résultat de l’appel est noté.",
    "modifiee": (
        "Une fiche vient d’être modifiée : rien n’est noté. Relisez les fiches avec la structure, "
        "puis notez de nouveau l’appel."
    ),
    ESSAYER: NOTES[ESSAYER],
}
NOMS = {
    objet: {champ.nom: champ.libelle for champ in champs_of(sections)} | OTHER_FIELDS
    for objet, sections in ((STRUCTURE, SECTIONS_STRUCTURE), (OFFRE, SECTIONS_OFFRE))
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FicheLue:
    """A listing as it is read aloud: what the public reads of it, and how it came to say so.

    `lue` is None when it was withdrawn a moment ago.
    """

    suivie: FicheSuivie
    lue: Fiche | FicheStructure | None
    changement: str
    corriger: str


def fiches_lues(one: Participante, catalogue: Catalogue) -> Iterator[FicheLue]:
    """Yields the listings of a structure in the words of their public sheets."""
    reference = reference_of(catalogue)
    ids = [OffreId(fiche.ref.id) for fiche in one.fiches if fiche.ref.objet == OFFRE]
    offres = catalogue.repository.get_many(ids)
    structure = catalogue.repository.get_structure(one.id)
    for suivie in one.fiches:
        lue: Fiche | FicheStructure | None = None
        if suivie.ref.objet == STRUCTURE:
            if structure is not None:
                lue = fiche_structure_of(read_document(structure), reference)
        elif (document := offres.get(OffreId(suivie.ref.id))) is not None:
            lue = fiche_of(read_document(document), reference)
        yield FicheLue(
            suivie=suivie,
            lue=lue,
            changement=change_in_words(suivie.ref.objet, suivie.changement),
            corriger=url_for(f"espace.modifier_{suivie.ref.objet}", identifiant=suivie.ref.id),
        )


def change_in_words(objet: str, changement: Revision | None) -> str:
    """Returns what was last done with a listing, and which fields it changed; empty for nothing."""
    if changement is None:
        return ""
    noms = NOMS[objet]
    changed = [noms[nom] for nom in changement.changes if nom in noms and nom not in NEVER_HELD]
    done = ACTIONS.get(changement.action, changement.action)
    fields = f" : {' ; '.join(changed)}" if changed else ""  # some names hold a comma
    return f"{done} le {date_fr(changement.quand.date())}{fields}."


def appel(numero: int, identifiant: str) -> ResponseReturnValue:
    """The sheet of a call: whom, about which listings, and what came of it."""
    espace = current_espace()
    found, suivi = espace.campagnes.suivi(current_acteur(), numero, StructureId(identifiant))
    one, today = suivi.participante, espace.clock.today()
    fiches = list(fiches_lues(one, espace.catalogue))
    return render_template(
        "espace/appel.html",
        campagne=found,
        suivi=suivi,
        fiches=fiches,
        echec=echec_of(one.contact, one.adresse),
        vieilles={f.ref.id for f in one.fiches if is_old(f.a_jour_le, today, MOIS_PAR_DEFAUT)},
        etats=ETATS,
        modes=MODES,
        resultats=RESULTATS,
        date_fr=date_fr,
        notice=NOTICES.get(request.args.get("note", ""), ""),
        form=SearchForm(),
    )


def noter_appel(numero: int, identifiant: str) -> ResponseReturnValue:
    """Keeps what came of a call."""
    chosen = request.form.get("resultat", "")
    if chosen not in set(Resultat):
        raise BadRequest
    ident = StructureId(identifiant)
    try:
        current_espace().campagnes.note_call(
            current_acteur(), numero, ident, Resultat(chosen), request.form.get("vue", "")
        )
        said = "oui"
    except ModifieeEntretemps:
        said = "modifiee"
    address = url_for("espace.appel", numero=numero, identifiant=identifiant, note=said)
    return redirect(address, 303)
