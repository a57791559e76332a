"""Editing a listing: show its form, do what a button says, publish, confirm, withdraw."""

from dataclasses import replace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.domain.dispositifs import cle_of
from app.domain.droits import Action, peut
from app.domain.edition import (
    Fiche,
    FicheRef,
    Listing,
    ModifieeEntretemps,
    merged_changes,
)
from app.domain.offre import Offre
from app.domain.propositions import (
    MAX_CREATIONS,
    EtatProposition,
    PropositionEnAttente,
    TropDeCreations,
)
from app.domain.publication import STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.web.auth.guard import is_token_stale
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.apercu import apercu_of
from app.web.espace.apercu_public import public_preview
from app.web.espace.arbre_saisie import Genre
from app.web.espace.brouillons import BROUILLON, kept, reopened
from app.web.espace.faits import dire
from app.web.espace.formulaire import (
    ATTENTE,
    CONTRE,
    Page,
    both,
    form_of,
    is_done,
    located,
    proposed,
    resumed,
    settling,
    shown,
    value_of,
    with_fault_elsewhere,
)
from app.web.espace.fusion import merged
from app.web.espace.historique import moment_fr
from app.web.espace.lecteur import current_lecteur
from app.web.espace.memoire import memory_name
from app.web.espace.moderation import answered
from app.web.espace.nombres import asked, posted
from app.web.espace.saisie import record_of, sections_of
from app.web.espace.semblables import unseen
from app.web.espace.versions import to_changed

BASE, RELU, FAIRE, PROPOSITION = "base", "relu", "faire", "proposition"
DISPOSITIF = "dispositif"
ENREGISTRER, SITUER, REPRENDRE, PUBLIC = "enregistrer", "situer", "reprendre", "public"
TOO_MANY = (
    f"{MAX_CREATIONS} structures que vous avez envoyées attendent déjà d’être relues. Gardez "
    "celle-ci comme brouillon, et envoyez-la plus tard."
)
WAITING = (
    "Une proposition envoyée le {quand} attend d’être relue : la voici. Ce que vous enverrez la "
    "remplacera."
)
CHANGED = (
    "« {nom} » a été modifiée depuis que vous avez ouvert cette page, et rien n’est noté. "
    "Relisez-la, puis recommencez."
)
STALE = (
    "Votre connexion a été renouvelée depuis l’ouverture de cette page : relisez, puis enregistrez "
    "de nouveau."
)


def modifier(objet: str, identifiant: str) -> ResponseReturnValue:
    """The form of a listing as it is now; it writes nothing."""
    fiche = _read(objet, identifiant)
    if (numero := asked(PROPOSITION)) is not None:
        return shown(proposed(fiche, numero))
    draft = current_espace().brouillons.find(current_acteur(), fiche.ref)
    if draft is not None and BROUILLON in request.args:
        return shown(reopened(fiche, draft))
    sent = current_espace().moderation.waiting_on(current_acteur(), fiche.ref)
    if sent is not None:
        notice = WAITING.format(quand=moment_fr(sent.envoyee_le))
        return shown(replace(resumed(fiche, sent, notice), brouillon=draft))
    form = form_of(fiche, current_lecteur().shown(fiche.value), fiche.revision)
    return shown(Page(form=form, brouillon=draft, is_saved=True))


def enregistrer(objet: str, identifiant: str) -> ResponseReturnValue:
    """Does what the button that was pressed says; only “enregistrer” writes."""
    return done(_read(objet, identifiant))


def confirmer(objet: str, identifiant: str) -> ResponseReturnValue:
    """Notes that nothing has changed in what its reader saw; when something did, says so first."""
    edition = current_espace().edition
    ref = FicheRef(objet=objet, id=identifiant)
    try:
        fiche = edition.confirm(current_acteur(), ref, posted(BASE) or 0)
    except ModifieeEntretemps:
        fiche = edition.read(current_acteur(), ref)
        dire(CHANGED.format(nom=fiche.value.nom))
    else:
        dire("C’est noté : cette fiche est à jour.")
    return _to_structure(fiche)


def tout_confirmer(identifiant: str) -> ResponseReturnValue:
    """Notes that nothing has changed in a structure and the offers that readers find: all or none.

    Each listing comes with the revision that was read; one that came since is not confirmed.
    """
    espace, acteur = current_espace(), current_acteur()
    ref = FicheRef(objet=STRUCTURE, id=identifiant)
    offres = espace.edition.offres_of(acteur, ref)
    read = [(espace.edition.read(acteur, ref), posted(BASE))]
    read += [(f, posted(f"{BASE}.{f.ref.id}")) for f in offres if f.is_published]
    seen = [(fiche.ref, base) for fiche, base in read if base is not None]
    try:
        espace.edition.confirm_all(acteur, seen)
    except ModifieeEntretemps:
        changed = (fiche for fiche, base in read if base not in (None, fiche.revision))
        dire(CHANGED.format(nom=next(changed, read[0][0]).value.nom))
    else:
        dire(f"C’est noté : {len(seen)} fiches sont à jour.")
    return redirect(url_for("espace.structure", identifiant=identifiant), 303)


def retirer(objet: str, identifiant: str) -> ResponseReturnValue:
    """Withdraws a listing, or publishes it again."""
    is_back = request.form.get("etat") == EtatPublication.PUBLIE
    etat = EtatPublication.PUBLIE if is_back else EtatPublication.RETIRE
    ref = FicheRef(objet=objet, id=identifiant)
    try:
        fiche = current_espace().edition.set_state(current_acteur(), ref, etat, posted(BASE) or 0)
    except ModifieeEntretemps:
        return to_changed(ref)
    said = "est de nouveau en ligne" if is_back else "est retirée : personne ne la trouve plus"
    dire(f"« {fiche.value.nom} » {said}.")
    return _to_structure(fiche)


def done(fiche: Fiche) -> ResponseReturnValue:
    """Does what the button that was pressed says, in the form of a listing, new ones included."""
    saisie = current_lecteur().typed(request.form, sections_of(fiche.value))
    if any(racine.genre is Genre.CRITERE for racine in saisie.trees.values()):
        raise BadRequest  # no page of ours says so, and reading it would lose what is under it
    base = posted(BASE)
    base = fiche.revision if base is None else base
    sent = posted(PROPOSITION)
    page = Page(form=form_of(fiche, saisie, base), proposition=sent, attente=posted(ATTENTE))
    page = replace(page, is_contre_attente=request.form.get(CONTRE) == ATTENTE)
    if is_token_stale():
        return shown(replace(page, notice=STALE), 400)
    faire = request.form.get(FAIRE, "")
    if faire == BROUILLON:
        return kept(page)
    if faire == REPRENDRE or is_done(saisie, faire):
        return shown(replace(page, form=form_of(fiche, saisie, base)))
    if faire == SITUER:
        saisie, said = located(saisie)
        return shown(replace(page, form=form_of(fiche, saisie, base), situee=said))
    value, fautes = value_of(fiche, saisie, base)
    page = replace(page, form=form_of(fiche, saisie, base, fautes))
    if value is None:
        return shown(page, 400)
    if faire == PUBLIC:
        return public_preview(page.form, value)
    if faire != ENREGISTRER:
        return shown(replace(page, apercu=apercu_of(value, fiche.structure)))
    if fiche.is_new_structure and (others := unseen(value)):
        return shown(replace(page, semblables=others), 409)
    return _published(page, value)


def _published(page: Page, value: Listing) -> ResponseReturnValue:
    espace, acteur = current_espace(), current_acteur()
    fiche, base, sent = page.form.fiche, page.form.base, page.proposition
    if request.form.get(RELU):
        value = replace(value, derniere_confirmation=espace.clock.today())
    # A new structure stands where it says.
    said = fiche.saying(value) if fiche.is_new_structure else fiche
    may_publish = peut(acteur, Action.MODIFIER_FICHE, espace.edition.cible_of(said))
    if sent is not None and not may_publish:
        return shown(with_fault_elsewhere(page), 400)
    if not may_publish:
        return _proposed(page, value)
    try:
        if sent is not None:
            proposition, before = espace.moderation.read(acteur, sent)
            espace.moderation.accept(acteur, sent, value, base)
            forgotten = memory_name(fiche.ref, fiche.structure.id, is_new=fiche.is_new, sent=sent)
            return answered(proposition, before, EtatProposition.ACCEPTEE, forgotten=forgotten)
        saved = espace.edition.publish(acteur, value, base)
    except ModifieeEntretemps as conflict:
        return _to_settle(fiche, value, conflict, sent)
    espace.brouillons.forget(acteur, fiche.ref)
    # Corrected from the page of its scheme, its conditions may hold for the others too.
    is_of_scheme = request.form.get(DISPOSITIF) and peut(
        acteur, Action.CONFIRMER_REGLES, espace.edition.cible_of(fiche)
    )
    if is_of_scheme and isinstance(saved.value, Offre):
        cle = cle_of(saved.value)
        return redirect(url_for("espace.comparer_regles", cle=cle, modele=saved.value.id), 303)
    return _told(fiche, is_sent=False)


def _proposed(page: Page, value: Listing) -> ResponseReturnValue:
    """Sends the form to who may publish it."""
    espace, acteur, fiche = current_espace(), current_acteur(), page.form.fiche
    record = record_of(value)
    try:
        espace.moderation.propose(acteur, fiche, record, page.form.base, vue=page.attente)
    except PropositionEnAttente as other:
        met = both(fiche, record, other.proposition)
        if met.conflits or met.reprises:
            return shown(met, 409)
        # All that the other changes is said here too: nothing of it is lost.
        return _proposed(replace(page, attente=other.proposition.id), value)
    except TropDeCreations:
        return shown(replace(page, notice=TOO_MANY), 429)
    espace.brouillons.forget(acteur, fiche.ref)
    return _told(fiche, is_sent=True)


def _told(fiche: Fiche, *, is_sent: bool) -> ResponseReturnValue:
    """Goes back to the structure, whose page says what became of the form."""
    structure = fiche.structure.id
    forgotten = memory_name(fiche.ref, structure, is_new=fiche.is_new)
    if is_sent and fiche.is_new_structure:  # it has no page yet
        return redirect(url_for("espace.accueil", envoyee=1, oublier=forgotten), 303)
    address = url_for(
        "espace.structure",
        identifiant=structure,
        envoyee=1 if is_sent else None,
        publiee=None if is_sent else fiche.ref.id,
        oublier=forgotten,
    )
    return redirect(address, 303)


def _to_settle(
    seen: Fiche, mine: Listing, conflict: ModifieeEntretemps, sent: int | None
) -> ResponseReturnValue:
    """Shows the form with both changes; what both changed is mine until its reader chooses."""
    now = _read(seen.ref.objet, seen.ref.id)
    changes = merged_changes(conflict.revisions)
    fusion = merged(record_of(mine), record_of(now.value), changes)
    saisie = current_lecteur().shown_record(fusion.record, sections_of(now.value))
    return shown(replace(settling(now, saisie, fusion), proposition=sent), 409)


def _to_structure(fiche: Fiche) -> ResponseReturnValue:
    return redirect(url_for("espace.structure", identifiant=fiche.structure.id), 303)


def _read(objet: str, identifiant: str) -> Fiche:
    ref = FicheRef(objet=objet, id=identifiant)
    return current_espace().edition.read(current_acteur(), ref)
