"""The rules of shipped schemes as coordinators read, confirm and correct them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.dispositifs import (
    CONDITIONS,
    Dispositif,
    EtatDispositif,
    OffreSourcee,
    origine_of,
)
from app.domain.edition import ModifieeEntretemps
from app.domain.offre import Offre
from app.domain.regles import Regles
from app.domain.vocabulaire import EtatPublication
from app.services.regles import aligned, as_source_says, model_of, others_of
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.apercu import Apercu, apercu_of
from app.web.espace.fusion import differences
from app.web.espace.historique import Change, changes_in_words
from app.web.espace.saisie import record_of
from app.web.public.search_form import SearchForm
from app.web.public.typographie import date_fr

VU, MODELE = "vu", "modele"
TITRES = {
    EtatDispositif.A_RELIRE: "À relire",
    EtatDispositif.A_CONFIRMER: "À confirmer",
    EtatDispositif.CONFIRME: "Confirmés",
    EtatDispositif.ECARTE: "Écartés",
}
CHANGED = (
    "Quelqu’un d’autre vient de changer ce dispositif : rien n’est enregistré. Relisez ce qui "
    "suit, puis recommencez."
)
FAITS = {
    "confirmees": "C’est confirmé : les fiches de ces offres le disent.",
    "ecartees": "Ces offres sont retirées : personne ne les trouve plus.",
    "remises": "Ces offres sont de nouveau en ligne.",
    "alignees": "Toutes les offres ont ces conditions. Il reste à les confirmer.",
    "reprises": "Les conditions sont celles de la source. Il reste à les confirmer.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """One scheme in the list."""

    cle: str
    nom: str
    source: str
    offres: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Groupe:
    """The schemes that await the same thing."""

    etat: EtatDispositif
    titre: str
    lignes: Sequence[Ligne]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Offers that ask the same, and what that is."""

    modele: str
    apercu: Apercu
    offres: Sequence[OffreSourcee]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecart:
    """What would change in an offer."""

    offre: OffreSourcee
    changes: Sequence[Change]


def liste() -> ResponseReturnValue:
    """The schemes of one's perimeter by what they await, then those of wider bodies."""
    espace = current_espace()
    mine, wider = espace.regles.listed(current_acteur())
    today = espace.clock.today()
    groupes = [
        Groupe(
            etat=etat,
            titre=titre,
            lignes=[_ligne(found) for found in mine if found.etat(today) is etat],
        )
        for etat, titre in TITRES.items()
    ]
    return render_template(
        "espace/regles.html",
        groupes=groupes,
        total=len(mine),
        plus_larges=wider,
        form=SearchForm(),
    )


def dispositif(cle: str) -> ResponseReturnValue:
    """One scheme: what it asks, of which text, who would get it, which offers."""
    return _shown(cle, FAITS.get(request.args.get("fait", ""), ""))


def confirmer(cle: str) -> ResponseReturnValue:
    """Says that the rules hold here."""
    try:
        current_espace().regles.confirm(current_acteur(), cle, _vu())
    except ModifieeEntretemps:
        return _shown(cle, CHANGED), 409
    return _done(cle, "confirmees")


def ecarter(cle: str) -> ResponseReturnValue:
    """Withdraws the offers of a scheme, or publishes them again."""
    is_back = request.form.get("etat") == EtatPublication.PUBLIE
    etat = EtatPublication.PUBLIE if is_back else EtatPublication.RETIRE
    try:
        current_espace().regles.set_state(current_acteur(), cle, etat, _vu())
    except ModifieeEntretemps:
        return _shown(cle, CHANGED), 409
    return _done(cle, "remises" if is_back else "ecartees")


def comparer(cle: str) -> ResponseReturnValue:
    """What would change in the other offers if they asked what one of them does."""
    found = current_espace().regles.read(current_acteur(), cle)
    return _compared(found, request.args.get(MODELE, ""))


def aligner(cle: str) -> ResponseReturnValue:
    """Gives the other offers the conditions of one of them."""
    regles, modele = current_espace().regles, request.form.get(MODELE, "")
    try:
        regles.align(current_acteur(), cle, modele, _vu())
    except ModifieeEntretemps:
        return _shown(cle, CHANGED), 409
    return _done(cle, "alignees")


def reprendre(cle: str) -> ResponseReturnValue:
    """Takes what the source says now."""
    try:
        current_espace().regles.take_source(current_acteur(), cle, _vu())
    except ModifieeEntretemps:
        return _shown(cle, CHANGED), 409
    return _done(cle, "reprises")


def _vu() -> str:
    return request.form.get(VU, "")


def _done(cle: str, fait: str) -> ResponseReturnValue:
    return redirect(url_for("espace.dispositif", cle=cle, fait=fait), 303)


def _ligne(found: Dispositif) -> Ligne:
    origine = origine_of(found.offres)
    return Ligne(
        cle=found.cle,
        nom=found.nom,
        source=origine.source if origine else "",
        offres=len(found.offres),
    )


def _shown(cle: str, notice: str) -> str:
    espace = current_espace()
    found = espace.regles.read(current_acteur(), cle)
    origine = origine_of(found.offres)
    return render_template(
        "espace/dispositif.html",
        dispositif=found,
        etat=found.etat(espace.clock.today()),
        titres=TITRES,
        origine=origine,
        lue_le=date_fr(origine.lue_le) if origine else "",
        confirmations=_confirmations(found),
        versions=_versions(found),
        nouveautes=_news(found),
        retirees=[one for one in found.offres if not one.fiche.is_published],
        notice=notice,
        form=SearchForm(),
    )


def _versions(found: Dispositif) -> Sequence[Version]:
    return [
        Version(
            modele=group[0].offre.id,
            apercu=apercu_of(group[0].offre, group[0].fiche.structure),
            offres=group,
        )
        for group in found.versions
    ]


def _confirmations(found: Dispositif) -> Mapping[str, str]:
    """Returns by whom and when offers were confirmed, each said once, by offer."""
    said: dict[str, str] = {}
    for one in found.publiees:
        regles: Regles | None = one.offre.regles
        if regles is not None and regles.confirmees_le is not None:
            par = (
                f"par la coordination « {regles.confirmees_par} » " if regles.confirmees_par else ""
            )
            said[one.offre.id] = f"Confirmées {par}le {date_fr(regles.confirmees_le)}."
    return said


def _news(found: Dispositif) -> Sequence[Ecart]:
    """Returns what the source says now of the offers that it has spoken of since."""
    names = (*CONDITIONS, "regles")
    return [_ecart(one, as_source_says(one), names) for one in found.offres if one.nouveautes]


def _compared(found: Dispositif, modele: str) -> str:
    model = model_of(found, modele)
    others = others_of(found, modele)
    return render_template(
        "espace/comparer_regles.html",
        dispositif=found,
        modele=model,
        apercu=apercu_of(model.offre, model.fiche.structure),
        ecarts=[_ecart(one, aligned(one.offre, model.offre), CONDITIONS) for one in others],
        form=SearchForm(),
    )


def _ecart(one: OffreSourcee, after: Offre, names: Sequence[str]) -> Ecart:
    pairs = differences(record_of(one.offre), record_of(after))
    changes = {name: pair for name, pair in pairs.items() if name in names}
    return Ecart(offre=one, changes=list(changes_in_words(one.fiche, changes)))
