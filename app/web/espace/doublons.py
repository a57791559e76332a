"""Likely duplicates: the pairs of a perimeter, two listings side by side, one of both or both."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest, NotFound

from app.domain.doublons import (
    Fusion,
    FusionRefusee,
    FusionSuivie,
    Paire,
    Raison,
    Vraisemblance,
    merged_record,
)
from app.domain.edition import Fiche, FicheRef
from app.domain.journal import Sensible
from app.domain.publication import OFFRE, STRUCTURE
from app.web.auth.session import current_acteur, current_espace, note
from app.web.espace.comparaison import Choix, choix_of, read_choix
from app.web.espace.historique import moment_fr, names_of
from app.web.espace.nombres import asked_page, posted
from app.web.espace.records import read_record
from app.web.espace.saisie import record_of
from app.web.public.search_form import SearchForm
from app.web.public.typographie import date_fr

PER_PAGE = 20
RAISONS = {
    Raison.SIRET: "même SIRET",
    Raison.NOM: "même nom",
    Raison.NOM_PROCHE: "noms proches",
    Raison.TELEPHONE: "même téléphone",
    Raison.COURRIEL: "même courriel",
    Raison.ADRESSE: "même adresse",
    Raison.COMMUNE: "même commune",
    Raison.PROXIMITE: "à moins de 250 mètres",
    Raison.STRUCTURE: "même structure",
}
VRAISEMBLANCES = {
    Vraisemblance.PROBABLE: "Sans doute la même",
    Vraisemblance.POSSIBLE: "Peut-être la même",
}
CHANGED = (
    "Une des deux fiches a changé depuis que vous l’avez ouverte : rien n’a été réuni. "
    "Relisez-les, puis recommencez."
)
INVALID = (
    "Ces choix ne font pas une fiche valable : corrigez d’abord l’une des deux, puis recommencez."
)
NOTICES = {
    "reunies": "Les deux fiches n’en font plus qu’une.",
    "distinctes": "C’est noté : ces deux fiches ne vous seront plus proposées.",
    "separees": "Les deux fiches sont de nouveau séparées.",
    "deja": "Quelqu’un a déjà décidé de ces fiches, ou l’une d’elles a été retirée.",
    "suivie": "La fiche gardée a ensuite été réunie à une autre : séparez d’abord celles-ci.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaireListee:
    """A pair, as it is listed."""

    objet: str
    une: str
    autre: str
    noms: tuple[str, str]
    vraisemblance: str
    raisons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionListee:
    """A merge that may be undone, as it is listed."""

    numero: int
    garde: str
    absorbe: str
    quand: str
    auteur: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cote:
    """One of both listings, above what they say differently."""

    fiche: Fiche
    source: str
    maj: str
    offres: int | None
    membres: int | None


def doublons() -> ResponseReturnValue:
    """The pairs, the likeliest first, and what was merged already."""
    service, acteur = current_espace().doublons, current_acteur()
    pairs = [
        _listed(objet, pair)
        for objet in (STRUCTURE, OFFRE)
        for pair in service.likely(acteur, objet)
    ]
    last = max(1, -(-len(pairs) // PER_PAGE))
    page = asked_page(last)
    return render_template(
        "espace/doublons.html",
        pairs=pairs[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(pairs),
        page=page,
        last=last,
        fusions=_merges(service.merged(acteur)),
        notice=NOTICES.get(request.args.get("fait", ""), ""),
        form=SearchForm(),
    )


def paire() -> ResponseReturnValue:
    """Two listings side by side; one that is looked after is kept, unless one says otherwise."""
    objet = request.args.get("objet", STRUCTURE)
    refs = [_ref(objet, request.args.get(name, "")) for name in ("une", "autre")]
    read = current_espace().doublons.read
    une, autre = (read(current_acteur(), ref) for ref in refs)
    asked = request.args.get("garde", "")
    is_swapped = asked == autre.ref.id or (asked != une.ref.id and _rank(autre) > _rank(une))
    garde, absorbe = (autre, une) if is_swapped else (une, autre)
    if garde.ref == absorbe.ref or not (garde.is_published and absorbe.is_published):
        return _to_list("deja")
    return _shown(garde, absorbe, choix_of(garde, absorbe))


def reunir() -> ResponseReturnValue:
    """Merges two listings, as one has chosen field by field."""
    garde, absorbe = _both("garde", "absorbe")
    choix = read_choix(request.form, garde, absorbe)
    bases = (posted("base_garde") or 0, posted("base_absorbe") or 0)
    chosen = {one.nom: one.qui for one in choix}
    record = merged_record(record_of(garde.value), record_of(absorbe.value), chosen)
    try:
        value = read_record(record, garde.value)
    except ValidationError:
        return _shown(garde, absorbe, choix, INVALID), 400
    try:
        current_espace().doublons.merge(current_acteur(), value, absorbe.ref, bases)
    except FusionRefusee:
        if not (garde.is_published and absorbe.is_published):
            return _to_list("deja")
        return _shown(garde, absorbe, choix, CHANGED), 409
    note(Sensible.FICHES_REUNIES, garde.ref.id)
    return _to_list("reunies")


def distinguer() -> ResponseReturnValue:
    """Notes that two listings are two."""
    une, autre = _both("garde", "absorbe")
    current_espace().doublons.tell_apart(current_acteur(), une.ref, autre.ref)
    return _to_list("distinctes")


def separer() -> ResponseReturnValue:
    """Undoes a merge."""
    numero = posted("numero") or 0
    try:
        current_espace().doublons.undo(current_acteur(), numero)
    except FusionSuivie:
        return _to_list("suivie")
    except FusionRefusee:
        return _to_list("deja")
    note(Sensible.FICHES_SEPAREES, f"fusion:{numero}")
    return _to_list("separees")


def _shown(garde: Fiche, absorbe: Fiche, choix: Sequence[Choix], notice: str = "") -> str:
    hides = [fiche.value.adresse_confidentielle for fiche in (garde, absorbe)]
    return render_template(
        "espace/paire.html",
        garde=_cote(garde),
        absorbe=_cote(absorbe),
        choix=choix,
        notice=notice,
        is_hidden=any(hides) and not all(hides),
        form=SearchForm(),
    )


def _cote(fiche: Fiche) -> Cote:
    espace, acteur = current_espace(), current_acteur()
    is_structure = fiche.ref.objet == STRUCTURE
    offres = espace.edition.offres_of(acteur, fiche.ref) if is_structure else ()
    credits_ = {credit.source: credit.nom for credit in espace.catalogue.credits()}
    return Cote(
        fiche=fiche,
        source=credits_.get(fiche.value.source, fiche.value.source),
        maj=date_fr(fiche.value.date_maj),
        offres=len(offres) if is_structure else None,
        membres=_members(fiche) if is_structure else None,
    )


def _rank(fiche: Fiche) -> tuple[bool, int, str]:
    """Returns what tells which of both is kept: who is looked after, the fuller, the newest."""
    filled, day = len(record_of(fiche.value)), fiche.value.date_maj.isoformat()
    return bool(_members(fiche)), filled, day


def _members(fiche: Fiche) -> int:
    """Returns how many people keep a listing up to date; those who ask to do not yet."""
    members = current_espace().comptes.members_of(fiche.structure.id)
    return sum(listed.adhesion.admise_le is not None for listed in members)


def _listed(objet: str, pair: Paire) -> PaireListee:
    said = [RAISONS[raison] for raison in Raison if raison in pair.raisons]
    return PaireListee(
        objet=objet,
        une=pair.une.id,
        autre=pair.autre.id,
        noms=(pair.une.libelle, pair.autre.libelle),
        vraisemblance=VRAISEMBLANCES[pair.vraisemblance],
        raisons=", ".join(said),
    )


def _merges(fusions: Sequence[Fusion]) -> Sequence[FusionListee]:
    names = names_of([fusion.auteur for fusion in fusions])
    store = current_espace().edition.store
    listed = []
    for fusion in fusions:
        garde, absorbe = store.get(fusion.garde), store.get(fusion.absorbe)
        if garde is None or absorbe is None:
            raise AssertionError(fusion)
        listed.append(
            FusionListee(
                numero=fusion.id,
                garde=garde.value.nom,
                absorbe=absorbe.value.nom,
                quand=moment_fr(fusion.quand),
                auteur=names[fusion.auteur],
            )
        )
    return listed


def _both(*fields: str) -> list[Fiche]:
    objet = request.form.get("objet", STRUCTURE)
    refs = [_ref(objet, request.form.get(name, "")) for name in fields]
    if refs[0] == refs[1]:
        raise BadRequest
    return [current_espace().doublons.read(current_acteur(), ref) for ref in refs]


def _ref(objet: str, ident: str) -> FicheRef:
    if objet not in (STRUCTURE, OFFRE) or not ident:
        raise NotFound
    return FicheRef(objet=objet, id=ident)


def _to_list(fait: str) -> ResponseReturnValue:
    return redirect(url_for("espace.doublons", fait=fait), 303)
