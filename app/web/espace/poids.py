"""The weights of a territory's ranking: what each means, tried on a sample person, then saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.demande import DemandeMatch
from app.domain.errors import EngineUnavailable
from app.domain.exemples import ProfilExemple
from app.domain.poids import Poids
from app.domain.profil import Lieu
from app.domain.reglages import (
    PARTS,
    Nature,
    ReglageInvalide,
    Valeurs,
    read_poids,
)
from app.domain.territoire import Territoire
from app.domain.vocabulaire import RESIDENCE
from app.services.matching import SolutionExpliquee
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.reglages import (
    AWAY,
    ENREGISTRER,
    ESSAYER,
    FAIRE,
    MODIFIED,
    Fautes,
    fautes_of,
    history_of,
    is_settled,
    notice,
    saved,
)
from app.web.public.classement import NAMES, QUESTIONS
from app.web.public.documents import read_document
from app.web.public.search_form import SearchForm
from app.web.public.typographie import number_fr

PERSONNE = "personne"
SHOWN = 10  # the first page of a phone: what a person reads
# The reasons of the common weights, as `app.domain.poids` gives them.
RAISONS = {
    "besoin": "Une offre qui ne répond à aucun besoin n’est pas une solution.",
    "acces": (
        "Une offre ouverte à la personne passe avant une offre à vérifier, qui passe avant les "
        "autres."
    ),
    "proximite": "La distance est la première raison de renoncer.",
    "fraicheur": "Une fiche trop vieille fait perdre un déplacement.",
    "qualite": "Une fiche bien remplie permet d’agir ; elle ne doit pas l’emporter sur le reste.",
}
MESSAGES = {
    "borne": "Écrivez un nombre de points entre 0 et 100.",
    "decimales": "Écrivez un seul chiffre après la virgule.",
    "total": "Les cinq nombres font {total} : ils doivent faire 100 ensemble.",
}
LIBELLES = {**NAMES, "total": "Total"}
COMMON, OWN = "commun à tous les territoires", "réglé dans les fichiers du site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """One weight: as typed, what it asks, why, and what it is by default."""

    slug: str
    nom: str
    question: str
    raison: str
    saisi: str
    en_vigueur: str
    defaut: str
    origine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """An offer of the trial, and where it was before."""

    nom: str
    structure: str
    rang: int
    mouvement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Essai:
    """What a sample person would be shown first."""

    personne: str
    rangs: Sequence[Rang]
    is_same: bool


def montrer(territoire: str) -> ResponseReturnValue:
    """The weights in force."""
    found = current_espace().reglages.read(current_acteur(), territoire)
    return _shown(found, _typed_of(found.poids), said=notice())


def regler(territoire: str) -> ResponseReturnValue:
    """Tries the weights that are typed, or puts them in force."""
    service = current_espace().reglages
    found = service.read(current_acteur(), territoire)
    typed = {name: request.form.get(name, "").strip() for name in PARTS}
    try:
        poids = read_poids({name: _number(text) for name, text in typed.items()}, found.poids)
    except ReglageInvalide as invalid:
        fautes = fautes_of(invalid.problemes, LIBELLES, MESSAGES)
        return _shown(found, typed, Fautes(fautes=fautes)), 400
    if request.form.get(FAIRE) != ENREGISTRER:
        return _tried(found, typed, poids)
    valeurs: Valeurs = {name: getattr(poids, name) for name in PARTS}
    if (done := saved(territoire, Nature.POIDS, valeurs)) is not None:
        return done
    return _shown(service.read(current_acteur(), territoire), typed, said=MODIFIED), 409


def _tried(found: Territoire, typed: Mapping[str, str], poids: Poids) -> ResponseReturnValue:
    try:
        essai = _essai(found, poids)
    except EngineUnavailable:
        return _shown(found, typed, said=AWAY), 503
    return _shown(found, typed, essai=essai)


def _shown(
    found: Territoire,
    typed: Mapping[str, str],
    fautes: Fautes | None = None,
    said: str = "",
    essai: Essai | None = None,
) -> str:
    livre = current_espace().reglages.livre(found.slug)
    lignes = [
        Ligne(
            slug=name,
            nom=NAMES[name],
            question=QUESTIONS[name],
            raison=RAISONS[name],
            saisi=typed[name],
            en_vigueur=number_fr(getattr(found.poids, name)),
            defaut=number_fr(getattr(livre.poids, name)),
            origine=COMMON if livre.poids == Poids() else OWN,
        )
        for name in PARTS
    ]
    return render_template(
        "espace/poids.html",
        territoire=found,
        lignes=lignes,
        fautes=fautes or Fautes(),
        notice=said,
        essai=essai,
        essayer=ESSAYER,
        personnes=_personnes(found),
        personne=request.form.get(PERSONNE, ""),
        historique=history_of(
            found.slug,
            Nature.POIDS,
            lambda values: _said(livre, values),
            is_settled=is_settled(said),
        ),
        form=SearchForm(),
    )


def _said(livre: Territoire, valeurs: Valeurs) -> Mapping[str, str]:
    return {NAMES[n]: number_fr(valeurs.get(n, getattr(livre.poids, n))) for n in PARTS}


def _typed_of(poids: Poids) -> Mapping[str, str]:
    return {name: number_fr(getattr(poids, name)) for name in PARTS}


def _number(text: str) -> object:
    """Returns a number as French writes it; what is none stays a text, which is then told."""
    try:
        return float(text.replace(",", ".")) if len(text) <= 10 else text
    except ValueError:
        return text


def _personnes(found: Territoire) -> Sequence[ProfilExemple]:
    """Returns the sample persons of the territory, else all of them."""
    espace = current_espace()
    zone = espace.catalogue.geographie.union(found.zone)

    def lives_there(exemple: ProfilExemple) -> bool:
        residence = exemple.profil.get(RESIDENCE)
        return isinstance(residence, Lieu) and not (residence.zone & zone).is_empty

    return [one for one in espace.profils if lives_there(one)] or list(espace.profils)


def _essai(found: Territoire, poids: Poids) -> Essai:
    personnes = _personnes(found)
    asked = request.form.get(PERSONNE, "")
    exemple = next((one for one in personnes if one.code == asked), personnes[0])
    matching = current_espace().catalogue.matching
    # Deep enough to tell where an offer that comes to the top was.
    demande = DemandeMatch(profil=exemple.profil, besoins=exemple.besoins, par_page=5 * SHOWN)
    before = [_id(one) for one in matching.match(demande, found.poids).solutions]
    after = matching.match(demande, poids).solutions
    rangs = [
        Rang(
            nom=one.listed.offre.nom,
            structure=_structure(one),
            rang=rank,
            mouvement=_movement(rank, before.index(_id(one)) + 1 if _id(one) in before else None),
        )
        for rank, one in enumerate(after[:SHOWN], 1)
    ]
    is_same = [_id(one) for one in after[:SHOWN]] == before[:SHOWN]
    return Essai(personne=exemple.nom, rangs=rangs, is_same=is_same)


def _id(one: SolutionExpliquee) -> str:
    return one.listed.offre.id


def _structure(one: SolutionExpliquee) -> str:
    return str(read_document(one.listed.document)["structure"]["nom"])


def _movement(rank: int, before: int | None) -> str:
    if before is None:
        return f"n’était pas dans les {5 * SHOWN} premières"
    if before == rank:
        return "même place"
    return f"{'monte' if before > rank else 'descend'}, était {_nth(before)}"


def _nth(rank: int) -> str:
    return "1re" if rank == 1 else f"{rank}e"
