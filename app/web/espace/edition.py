"""The form of an offer: show it, build its conditions, look at it, publish it, settle conflicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.droits import Action, peut
from app.domain.edition import (
    Changes,
    Fiche,
    FicheRef,
    ModifieeEntretemps,
    merged_changes,
)
from app.domain.errors import GeocoderUnavailable
from app.domain.offre import Offre
from app.domain.propositions import PropositionInconnue
from app.domain.publication import OFFRE
from app.domain.vocabulaire import EtatPublication
from app.web.auth.guard import is_token_stale
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.apercu import Apercu, apercu_of
from app.web.espace.arbre_fautes import unfinished
from app.web.espace.arbre_saisie import apply
from app.web.espace.fiche_form import Faute, FicheForm, fautes_of, in_order
from app.web.espace.fusion import Conflit, Fusion, merged
from app.web.espace.horaires_saisie import CHAMP, apply_hours, hours_faults
from app.web.espace.lecteur import current_lecteur
from app.web.espace.records import read_record
from app.web.espace.saisie import Saisie, record_of, sections_of
from app.web.public.search_form import SearchForm

BASE, RELU, FAIRE, GARDER = "base", "relu", "faire", "garder."
PROPOSITION = "proposition"
ENREGISTRER, SITUER = "enregistrer", "situer"
MAX_REVISION = 2**31 - 1
STALE = "Votre connexion a été renouvelée depuis l’ouverture de cette page : relisez, puis "
STALE += "enregistrez de nouveau."
NOT_FOUND = "Cette adresse n’a pas été trouvée : vérifiez-la, ou laissez le point vide. La commune "
NOT_FOUND += "suffit pour être trouvé."
GEOCODER_AWAY = "Le service des adresses ne répond pas : enregistrez sans le point, la commune "
GEOCODER_AWAY += "suffit pour être trouvé."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One showing of the form, with what is said on top of it."""

    form: FicheForm
    apercu: Apercu | None = None
    notice: str = ""
    conflits: Sequence[Conflit] = ()
    reprises: Sequence[str] = ()
    libelles: Mapping[str, str] = field(default_factory=dict)
    proposition: int | None = None
    """The change of somebody else that this form publishes."""


def modifier_offre(identifiant: str) -> ResponseReturnValue:
    """The form of an offer as it is now; it writes nothing."""
    fiche = _read(identifiant)
    asked = request.args.get(PROPOSITION, "")
    if asked.isdecimal() and len(asked) < 10:
        return _shown(_proposed(fiche, int(asked)))
    return _shown(Page(form=_form(fiche, current_lecteur().shown(fiche.value), fiche.revision)))


def _proposed(fiche: Fiche, numero: int) -> Page:
    """Returns the form filled with a change that waits, for who may answer it."""
    sent, found = current_espace().moderation.read(current_acteur(), numero)
    if found.ref != fiche.ref:
        raise PropositionInconnue
    fusion = merged(sent.record, record_of(fiche.value), _since(fiche, sent.base))
    saisie = current_lecteur().shown(read_record(fusion.record))
    page = _settling(fiche, saisie, fusion)
    return replace(page, proposition=numero)


def enregistrer_offre(identifiant: str) -> ResponseReturnValue:
    """Does what the button that was pressed says; only “enregistrer” writes."""
    fiche = _read(identifiant)
    saisie = current_lecteur().typed(request.form, sections_of(fiche.value))
    base = _base(fiche.revision)
    if is_token_stale():
        return _shown(Page(form=_form(fiche, saisie, base), notice=STALE)), 400
    faire = request.form.get(FAIRE, "")
    if _is_done(saisie, faire):
        return _shown(Page(form=_form(fiche, saisie, base)))
    if faire == SITUER:
        saisie, notice = _located(saisie)
        return _shown(Page(form=_form(fiche, saisie, base), notice=notice))
    value, fautes = _value(fiche, saisie)
    form = _form(fiche, saisie, base, fautes)
    if value is None:
        return _shown(Page(form=form)), 400
    if faire != ENREGISTRER:
        return _shown(Page(form=form, apercu=apercu_of(value, fiche.structure)))
    return _published(fiche, value, base)


def _is_done(saisie: Saisie, faire: str) -> bool:
    """Does what a button inside the form says; False when it is none of them."""
    is_of_hours = apply_hours(saisie.fields, faire)
    return is_of_hours or any(apply(racine, faire) for racine in saisie.trees.values())


def confirmer_offre(identifiant: str) -> ResponseReturnValue:
    """Notes that nothing has changed; when something just did, the list shows it first."""
    edition = current_espace().edition
    try:
        fiche = edition.confirm(current_acteur(), _ref(identifiant))
    except ModifieeEntretemps:
        fiche = _read(identifiant)
    return redirect(url_for("espace.structure", identifiant=fiche.structure.id), 303)


def retirer_offre(identifiant: str) -> ResponseReturnValue:
    """Withdraws an offer, or publishes it again."""
    is_back = request.form.get("etat") == EtatPublication.PUBLIE
    etat = EtatPublication.PUBLIE if is_back else EtatPublication.RETIRE
    edition = current_espace().edition
    try:
        fiche = edition.set_state(current_acteur(), _ref(identifiant), etat, _base(0))
    except ModifieeEntretemps:
        return redirect(url_for("espace.historique_offre", identifiant=identifiant), 303)
    return redirect(url_for("espace.structure", identifiant=fiche.structure.id), 303)


def _published(fiche: Fiche, value: Offre, base: int) -> ResponseReturnValue:
    espace, acteur = current_espace(), current_acteur()
    if request.form.get(RELU):
        value = replace(value, derniere_confirmation=espace.clock.today())
    if not peut(acteur, Action.MODIFIER_FICHE, espace.edition.cible(fiche.ref)):
        espace.moderation.propose(acteur, fiche, record_of(value), base)
        return redirect(url_for("espace.structure", identifiant=fiche.structure.id, envoyee=1), 303)
    sent = request.form.get(PROPOSITION, "")
    try:
        if sent.isdecimal() and len(sent) < 10:
            saved = espace.moderation.accept(acteur, int(sent), value, base)
        else:
            saved = espace.edition.publish(acteur, value, base)
    except ModifieeEntretemps as conflict:
        return _to_settle(fiche, value, conflict), 409
    address = url_for("espace.structure", identifiant=saved.structure.id)
    return redirect(address, 303)


def _to_settle(seen: Fiche, mine: Offre, conflict: ModifieeEntretemps) -> str:
    """Shows the form with both changes; what both changed is mine until its reader chooses."""
    now = _read(seen.ref.id)
    changes = merged_changes(conflict.revisions)
    fusion = merged(record_of(mine), record_of(now.value), changes)
    value = read_record(fusion.record)
    saisie = current_lecteur().shown(value)
    return _shown(_settling(now, saisie, fusion))


def _since(fiche: Fiche, base: int) -> Changes:
    """Returns what changed after a revision."""
    newer = [one for one in current_espace().edition.revisions(fiche.ref) if one.id > base]
    return merged_changes(newer[::-1])


def _settling(now: Fiche, saisie: Saisie, fusion: Fusion) -> Page:
    sections = sections_of(now.value)
    libelles = {champ.nom: champ.libelle for section in sections for champ in section.champs}
    known = [conflit for conflit in fusion.conflits if conflit.champ in libelles]
    reprises = [champ for champ in fusion.reprises if champ in libelles]
    return Page(
        form=_form(now, saisie, now.revision),
        conflits=known,
        reprises=reprises,
        libelles=libelles,
    )


def _value(fiche: Fiche, saisie: Saisie) -> tuple[Offre | None, Sequence[Faute]]:
    """Returns the offer that a form says, or what is wrong with it."""
    sections = sections_of(fiche.value)
    record, trees = current_lecteur().record(saisie, fiche.value)
    theirs = record_of(fiche.value)
    for champ in [c.nom for section in sections for c in section.champs]:
        if request.form.get(f"{GARDER}{champ}") == "leur":
            record[champ] = theirs.get(champ)
    fautes = [*unfinished(saisie.trees, current_espace().catalogue.vocabulaire, sections)]
    fautes += [
        Faute(champ=CHAMP, libelle="Horaires d’accueil", ancre=ancre, message=message)
        for ancre, message in hours_faults(saisie.fields)
    ]
    if record.get("commune") and not record.get("code_insee"):
        fautes.append(_unknown_commune())
    try:
        value = read_record(record)
    except ValidationError as error:
        said = {faute.ancre for faute in fautes}
        found = fautes_of(error, sections, trees)
        fautes += [faute for faute in found if faute.ancre not in said]
        return None, in_order(fautes, sections)
    return (None, in_order(fautes, sections)) if fautes else (value, ())


def _unknown_commune() -> Faute:
    return Faute(
        champ="commune",
        libelle="Commune",
        ancre="commune",
        message="Aucune commune de ce nom n’a ce code postal : vérifiez les deux.",
    )


def _located(saisie: Saisie) -> tuple[Saisie, str]:
    """Returns the form with the point of its address, or what to do without one."""
    asked = " ".join(saisie.fields.get(n, "") for n in ("adresse", "code_postal", "commune"))
    try:
        found = current_espace().geocoder.locate(asked)
    except GeocoderUnavailable:
        return saisie, GEOCODER_AWAY
    if found is None:
        return saisie, NOT_FOUND
    fields: MultiDict[str, str] = MultiDict(saisie.fields)
    fields["latitude"], fields["longitude"] = f"{found.latitude:.6f}", f"{found.longitude:.6f}"
    return replace(saisie, fields=fields), f"Adresse trouvée : {found.libelle}."


def _form(fiche: Fiche, saisie: Saisie, base: int, fautes: Sequence[Faute] = ()) -> FicheForm:
    espace = current_espace()
    return FicheForm(
        fiche=fiche,
        sections=sections_of(fiche.value),
        saisie=saisie,
        vocabulaire=espace.catalogue.vocabulaire,
        base=base,
        fautes=fautes,
        tenues=espace.edition.tenues(fiche.ref),
        is_published_at_once=peut(
            current_acteur(), Action.MODIFIER_FICHE, espace.edition.cible(fiche.ref)
        ),
    )


def _shown(page: Page) -> str:
    return render_template("espace/offre_form.html", page=page, form=SearchForm())


def _read(identifiant: str) -> Fiche:
    return current_espace().edition.read(current_acteur(), _ref(identifiant))


def _ref(identifiant: str) -> FicheRef:
    return FicheRef(objet=OFFRE, id=identifiant)


def _base(default: int) -> int:
    """Returns the revision that the form was made from; one that is no number is not ours."""
    text = request.form.get(BASE, "")
    is_number = text.isdecimal() and text.isascii() and len(text) < 11
    return min(int(text), MAX_REVISION) if is_number else default
