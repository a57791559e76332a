"""What a form says, and how it is shown again: its listing, its faults, its conflicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.brouillons import Brouillon
from app.domain.droits import Action, Etendue, etendue, peut
from app.domain.edition import Changes, Fiche, Listing
from app.domain.errors import GeocoderUnavailable
from app.domain.propositions import Proposition, PropositionInconnue
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.apercu import Apercu
from app.web.espace.arbre_fautes import unfinished
from app.web.espace.arbre_saisie import apply
from app.web.espace.champs import champs_of
from app.web.espace.fiche_form import Faute, FicheForm, fautes_of, in_order
from app.web.espace.fusion import Conflit, Fusion, differences, merged
from app.web.espace.historique import changes_in_words, dates_in_words, moment_fr
from app.web.espace.horaires_saisie import CHAMP, apply_hours, hours_faults
from app.web.espace.lecteur import current_lecteur
from app.web.espace.memoire import Memoire, memoire_of
from app.web.espace.point import PointCarte, point_of, tile_headers
from app.web.espace.records import read_record
from app.web.espace.saisie import Saisie, record_of, sections_of
from app.web.espace.semblables import Semblable
from app.web.espace.sommaire import LigneSommaire, sommaire_of
from app.web.public.search_form import SearchForm
from schemas.nouveautes import session_faults, telephone_faults

GARDER, ATTENTE, CONTRE = "garder.", "attente", "contre"
FRAGMENT, APERCU = "fragment", "apercu"
UNKNOWN_COMMUNE = "Aucune commune de ce nom n’a ce code postal : vérifiez les deux."
ELSEWHERE = (
    "Cette commune n’est pas de votre territoire : remettez celle qui a été proposée, ou refusez "
    "la proposition."
)
NO_COMMUNE = "Écrivez la commune : elle dit qui relit cette fiche, et qui la trouvera."
NOT_FOUND = (
    "Cette adresse n’a pas été trouvée : vérifiez-la, ou laissez le point vide. La commune suffit "
    "pour être trouvé."
)
GEOCODER_AWAY = (
    "Le service des adresses ne répond pas : enregistrez sans le point, la commune suffit pour "
    "être trouvé."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One showing of the form, with what is said on top of it."""

    form: FicheForm
    apercu: Apercu | None = None
    notice: str = ""
    situee: str = ""
    """What came of the search of the address, said beside its button."""
    conflits: Sequence[Conflit] = ()
    leurs: Mapping[str, str] = field(default_factory=dict)
    """What others say of each field of `conflits`, in words."""
    reprises: Sequence[str] = ()
    libelles: Mapping[str, str] = field(default_factory=dict)
    proposition: int | None = None
    """The change of somebody else that this form publishes."""
    attente: int | None = None
    """The change of its reader's own that waits, which this form replaces."""
    is_contre_attente: bool = False
    """True when what it says otherwise is in that change, and not in what is published."""
    brouillon: Brouillon | None = None
    """What its reader had typed another day, that this page does not show."""
    semblables: Sequence[Semblable] = ()
    """The structures that a new one may already be."""
    is_saved: bool = False
    """True when the page shows what is kept already, by the listing or by a draft."""

    @property
    def sommaire(self) -> Sequence[LigneSommaire]:
        """The sections and what each needs."""
        form = self.form
        return sommaire_of(form.sections, form.saisie, form.fautes)

    @property
    def may_keep(self) -> bool:
        """True when a draft may be kept: of one's own words, and not of a change to answer."""
        acteur = current_acteur()
        return self.proposition is None and current_espace().brouillons.may_keep(acteur)

    @property
    def brouillon_le(self) -> str:
        """When the draft was kept, in words."""
        return moment_fr(self.brouillon.modifie_le) if self.brouillon else ""

    @property
    def memoire(self) -> Memoire:
        """Where the browser keeps what is typed."""
        fiche = self.form.fiche
        return memoire_of(fiche.ref, fiche.structure.id, is_new=fiche.is_new, sent=self.proposition)

    @property
    def point(self) -> PointCarte:
        """Where the map of the form opens."""
        return point_of(self.form.saisie, self.form.fiche)


def shown(page: Page, status: int = 200) -> ResponseReturnValue:
    """Returns the page, or the only part of it that a script of ours asks for."""
    fragment = request.form.get(FRAGMENT, "")
    champ = next(
        (one for one in champs_of(sections_of(page.form.fiche.value)) if one.nom == fragment), None
    )
    if champ is not None or fragment == APERCU:
        # What is wrong is said in the fragment: the script itself has found its answer.
        return render_template("espace/fragments.html", page=page, champ=champ)
    body = render_template("espace/fiche_form.html", page=page, form=SearchForm())
    return body, status, tile_headers()


def form_of(fiche: Fiche, saisie: Saisie, base: int, fautes: Sequence[Faute] = ()) -> FicheForm:
    """Returns the form of a listing with what is typed in it."""
    espace, acteur = current_espace(), current_acteur()
    sections = sections_of(fiche.value)
    names = [champ.nom for champ in champs_of(sections)]
    return FicheForm(
        fiche=fiche,
        sections=sections,
        saisie=saisie,
        vocabulaire=espace.catalogue.vocabulaire,
        base=base,
        fautes=fautes,
        tenues=espace.edition.tenues(acteur, fiche.ref),
        dates=dates_in_words(espace.edition.dates(acteur, fiche.ref, names)),
        historique=_history_of(fiche),
        is_published_at_once=_is_published_at_once(fiche, saisie),
    )


def _history_of(fiche: Fiche) -> str:
    espace, ref = current_espace(), fiche.ref
    cible = espace.edition.cible_of(fiche)
    if fiche.is_new or not peut(current_acteur(), Action.VOIR_HISTORIQUE, cible):
        return ""
    return url_for(f"espace.historique_{ref.objet}", identifiant=ref.id)


def _is_published_at_once(fiche: Fiche, saisie: Saisie) -> bool:
    espace, acteur = current_espace(), current_acteur()
    if not fiche.is_new_structure:
        return peut(acteur, Action.MODIFIER_FICHE, espace.edition.cible_of(fiche))
    typed = (saisie.fields.get(name, "").strip() for name in ("commune", "code_postal"))
    code = current_lecteur().commune_of(*(text or None for text in typed))
    if code is None:  # until it is typed, it may stand where its author publishes
        return etendue(acteur, Action.MODIFIER_FICHE) >= Etendue.PERIMETRE
    return peut(acteur, Action.MODIFIER_FICHE, espace.edition.cible_at(fiche.structure.id, code))


def proposed(fiche: Fiche, numero: int) -> Page:
    """Returns the form filled with a change that waits, for who may answer it."""
    sent, found = current_espace().moderation.read(current_acteur(), numero)
    if found.ref != fiche.ref:
        raise PropositionInconnue
    fusion = merged(sent.record, record_of(fiche.value), since(fiche, sent.base))
    saisie = current_lecteur().shown_record(fusion.record, sections_of(fiche.value))
    _, fautes = value_of(fiche, saisie, fiche.revision)  # what words allow may have changed
    page = settling(fiche, saisie, fusion, fautes)
    return replace(page, proposition=numero)


def resumed(fiche: Fiche, sent: Proposition, notice: str) -> Page:
    """Returns the form filled with a change that waits, for who sent it."""
    fusion = merged(sent.record, record_of(fiche.value), since(fiche, sent.base))
    saisie = current_lecteur().shown_record(fusion.record, sections_of(fiche.value))
    _, fautes = value_of(fiche, saisie, fiche.revision)
    page = settling(fiche, saisie, fusion, fautes)
    return replace(page, attente=sent.id, notice=notice, is_saved=True)


def both(fiche: Fiche, mine: Mapping[str, Any], sent: Proposition) -> Page:
    """Returns the form of a change beside another that waits, of a mailbox that two people read."""
    before = record_of(fiche.value)
    fusion = merged(mine, sent.record, differences(before, sent.record))
    saisie = current_lecteur().shown_record(fusion.record, sections_of(fiche.value))
    page = settling(fiche, saisie, fusion)
    return replace(page, attente=sent.id, is_contre_attente=True)


def is_done(saisie: Saisie, faire: str) -> bool:
    """Does what a button inside the form says; False when it is none of them."""
    is_of_hours = apply_hours(saisie.fields, faire)
    return is_of_hours or any(apply(racine, faire) for racine in saisie.trees.values())


def since(fiche: Fiche, base: int) -> Changes:
    """Returns what changed after a revision."""
    return current_espace().edition.changes_since(current_acteur(), fiche.ref, base)


def as_seen(fiche: Fiche, base: int) -> Listing:
    """Returns the listing as it was when its form was shown."""
    changes = since(fiche, base)
    if not changes:
        return fiche.value
    seen = {champ: before for champ, (before, _) in changes.items() if champ != "structure_id"}
    # An offer that moved meanwhile is edited where it is now.
    record = record_of(fiche.value) | seen
    try:
        return read_record(record, fiche.value)
    except ValidationError:  # it said what the vocabulary no longer knows
        return fiche.value


def settling(now: Fiche, saisie: Saisie, fusion: Fusion, fautes: Sequence[Faute] = ()) -> Page:
    """Returns the form of a listing that others have changed, with what there is to choose."""
    sections = sections_of(now.value)
    libelles = {champ.nom: champ.libelle for section in sections for champ in section.champs}
    known = [conflit for conflit in fusion.conflits if conflit.champ in libelles]
    reprises = [champ for champ in fusion.reprises if champ in libelles]
    return Page(
        form=form_of(now, saisie, now.revision, fautes),
        conflits=known,
        leurs={one.champ: _leur(now, one) for one in known},
        reprises=reprises,
        libelles=libelles,
    )


def _leur(now: Fiche, conflit: Conflit) -> str:
    (change,) = changes_in_words(now, {conflit.champ: (None, conflit.leur)})
    return change.apres


def value_of(fiche: Fiche, saisie: Saisie, base: int) -> tuple[Listing | None, Sequence[Faute]]:
    """Returns the listing that a form says, or what is wrong with it."""
    sections = sections_of(fiche.value)
    seen = as_seen(fiche, base)
    record, trees = current_lecteur().record(saisie, seen)
    theirs = _theirs(fiche)
    for champ in [c.nom for section in sections for c in section.champs]:
        if request.form.get(f"{GARDER}{champ}") == "leur":
            record[champ] = theirs.get(champ)
    # A feed may say an empty group: a tree that nobody has touched is not its reader's to mend.
    touched = current_lecteur().changed_trees(saisie, seen)
    fautes = [*unfinished(touched, current_espace().catalogue.vocabulaire, sections)]
    fautes += [
        Faute(champ=CHAMP, libelle="Horaires d’accueil", ancre=ancre, message=message)
        for ancre, message in hours_faults(saisie.fields)
    ]
    if record.get("commune") and not record.get("code_insee"):
        fautes.append(_of_commune(UNKNOWN_COMMUNE))
    elif fiche.is_new_structure and not record.get("code_insee"):
        fautes.append(_of_commune(NO_COMMUNE))
    newly = ValidationError(_newly_wrong(record, record_of(seen), theirs))
    fautes += fautes_of(newly, sections, trees)
    try:
        value = read_record(record, fiche.value)
    except ValidationError as error:
        said = {faute.ancre for faute in fautes}
        found = fautes_of(error, sections, trees)
        fautes += [faute for faute in found if faute.ancre not in said]
        return None, in_order(fautes, sections)
    return (None, in_order(fautes, sections)) if fautes else (value, ())


def _theirs(fiche: Fiche) -> Mapping[str, Any]:
    """Returns what the page has shown as said by the other."""
    if request.form.get(CONTRE) == ATTENTE:
        sent = current_espace().moderation.waiting_on(current_acteur(), fiche.ref)
        if sent is not None:
            return sent.record
    return record_of(fiche.value)


def _newly_wrong(record: Mapping[str, Any], *known: Mapping[str, Any]) -> dict[str, list[str]]:
    """Returns the faults of what is typed here: a feed may have said as much before."""
    today = current_espace().clock.today()
    return {**telephone_faults(record, *known), **session_faults(record, today, *known)}


def with_fault_elsewhere(page: Page) -> Page:
    """Returns the form of a new structure that stands where its reader may not publish it."""
    form = replace(page.form, fautes=[_of_commune(ELSEWHERE)])
    return replace(page, form=form)


def _of_commune(message: str) -> Faute:
    return Faute(champ="commune", libelle="Commune", ancre="commune", message=message)


def located(saisie: Saisie) -> tuple[Saisie, str]:
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
