"""The words of a territory, its own and the synonyms that it turns off, tried before saving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.demande import Demande
from app.domain.errors import EngineUnavailable
from app.domain.geographie import Geographie
from app.domain.mots import (
    ETEINTS,
    MAX_ETEINTS,
    MAX_LIGNES,
    MotLocal,
    MotsLocaux,
    read_eteints,
    read_locaux,
)
from app.domain.noms import name_key
from app.domain.reglages import Nature, ReglageInvalide, Valeurs
from app.domain.territoire import Territoire
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.lecteur import current_lecteur
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
from app.web.espace.synonymes import MAX_CHERCHE, synonymes_of
from app.web.public.documents import read_document
from app.web.public.search_form import SearchForm
from app.web.public.typographie import NBSP, quoted
from app.web.public.understanding import understanding_of

MOTS, RECHERCHE, CHERCHE = "mots", "recherche", "cherche"
CHERCHER = "chercher"
IS = "="  # between names and what they mean
SHOWN = 5  # offers of a trial: enough to recognise the right ones
MAX_RECHERCHE = 200
MESSAGES = {
    "trop": f"Il y a trop de lignes : {MAX_LIGNES} au plus.",
    "forme": "Ligne {ligne} : écrivez un nom, le signe =, puis ce qu’il veut dire.",
    "long": "Ligne {ligne} : « {mot} » est trop long, 100 caractères au plus.",
    "vide": "Ligne {ligne} : « {mot} » n’a aucun mot que la recherche retienne.",
    "pareil": "Ligne {ligne} : « {mot} » veut dire la même chose des deux côtés.",
    "doublon": "Ligne {ligne} : « {mot} » est déjà écrit, ligne {autre}.",
    "lieu": "Ligne {ligne} : « {mot} » n’est pas une commune d’aujourd’hui.",
    "inconnu": "Le groupe « {mot} » ne peut pas être éteint : décochez-le.",
    "nombre": f"Il y a trop de groupes éteints : {MAX_ETEINTS} au plus. Décochez-en.",
}
LIBELLES = {MOTS: "Les mots d’ici", ETEINTS: "Les synonymes éteints"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """What is typed: the words, one a line, and the groups of synonyms ticked to be turned off."""

    mots: str
    eteints: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Essai:
    """What a search understands and finds with the words that are typed."""

    compris: Sequence[str]
    total: int
    avant: int
    """How many offers it finds with the words in force."""
    offres: Sequence[str]


def montrer(territoire: str) -> ResponseReturnValue:
    """The words in force."""
    found = current_espace().reglages.read(current_acteur(), territoire)
    locaux = _in_force(territoire)
    typed = Saisie(mots=_text_of(locaux.mots), eteints=sorted(locaux.eteints))
    return _shown(found, typed, said=notice())


def regler(territoire: str) -> ResponseReturnValue:
    """Tries what is typed, or puts it in force; whatever else is asked keeps it in the page."""
    espace, acteur = current_espace(), current_acteur()
    found = espace.reglages.read(acteur, territoire)
    typed = Saisie(
        mots=request.form.get(MOTS, "").replace("\r\n", "\n"),
        eteints=sorted(set(request.form.getlist(ETEINTS))),
    )
    valeurs = _valeurs(typed, found)
    try:
        locaux = read_locaux(
            valeurs, espace.catalogue.geographie, espace.mots.is_sought, _eteignables(territoire)
        )
    except ReglageInvalide as invalid:
        fautes = fautes_of(invalid.problemes, LIBELLES, MESSAGES)
        return _shown(found, typed, Fautes(fautes=fautes)), 400
    if request.form.get(FAIRE) != ENREGISTRER:
        return _tried(found, typed, locaux)
    if (done := saved(territoire, Nature.MOTS, valeurs)) is not None:
        return done
    return _shown(espace.reglages.read(acteur, territoire), typed, said=MODIFIED), 409


def _tried(found: Territoire, typed: Saisie, locaux: MotsLocaux) -> ResponseReturnValue:
    try:
        essai = _essai(found, locaux)
    except EngineUnavailable:
        return _shown(found, typed, said=AWAY), 503
    return _shown(found, typed, essai=essai)


def _shown(
    found: Territoire,
    typed: Saisie,
    fautes: Fautes | None = None,
    said: str = "",
    essai: Essai | None = None,
) -> str:
    return render_template(
        "espace/mots.html",
        territoire=found,
        typed=typed.mots,
        synonymes=synonymes_of(request.form.get(CHERCHE, ""), typed.eteints),
        max_cherche=MAX_CHERCHE,
        chercher=CHERCHER,
        recherche=request.form.get(RECHERCHE, ""),
        max_recherche=MAX_RECHERCHE,
        max_lignes=MAX_LIGNES,
        fautes=fautes or Fautes(),
        notice=said,
        essai=essai,
        essayer=ESSAYER,
        historique=history_of(found.slug, Nature.MOTS, _said, is_settled=is_settled(said)),
        form=SearchForm(),
    )


def _essai(found: Territoire, locaux: MotsLocaux) -> Essai | None:
    q = " ".join(request.form.get(RECHERCHE, "").split())[:MAX_RECHERCHE]
    if not q:
        return None
    espace = current_espace()
    search = espace.catalogue.search
    demande = Demande(q=q, territoire=found.slug, par_page=SHOWN)
    resultats = search.search(demande, espace.mots.trying(locaux))
    understood = understanding_of(resultats, espace.catalogue.vocabulaire)
    return Essai(
        compris=[_with_meaning(part.label, locaux.mots) for part in understood.parts],
        total=resultats.page.total,
        avant=search.search(demande).page.total,
        offres=[_offer(trouve.document) for trouve in resultats.trouves],
    )


def _with_meaning(label: str, mots: Sequence[MotLocal]) -> str:
    """Returns what was understood, with what it means when it is a local word."""
    key = name_key(label)
    sens = [mot.sens for mot in mots if key in map(name_key, mot.noms)]
    return f"{label}{NBSP}: {' ou '.join(sens)}" if sens else label


def _offer(document: str) -> str:
    read = read_document(document)
    return f"{read['nom']}, {read['structure']['nom']}"


def _in_force(territoire: str) -> MotsLocaux:
    return current_espace().reglages.reglages.mots.get(territoire, MotsLocaux())


def _eteignables(territoire: str) -> frozenset[str]:
    """Returns the keys that may be ticked: of lines that are shipped, or were turned off before."""
    livres = current_espace().mots.livres
    shipped = frozenset(livre.cle for livre in livres if livre.is_eteignable)
    return shipped | _in_force(territoire).eteints


def _valeurs(typed: Saisie, found: Territoire) -> Valeurs:
    """Returns what is typed, one word a line; nothing typed nor ticked is what is shipped."""
    lignes = [_ligne(line, found) for line in typed.mots.splitlines() if line.strip()]
    valeurs = {"lignes": lignes, ETEINTS: list(typed.eteints)}
    return {key: value for key, value in valeurs.items() if value}


def _ligne(line: str, found: Territoire) -> Mapping[str, object]:
    noms, _, sens = line.partition(IS)
    meaning = " ".join(sens.split())
    names = (" ".join(nom.split()) for nom in noms.split(","))
    ligne: dict[str, object] = {"noms": [nom for nom in names if nom], "sens": meaning}
    lieu = _town(meaning, found, current_espace().catalogue.geographie)
    return ligne | ({"lieu": lieu} if lieu else {})


def _town(sens: str, found: Territoire, geographie: Geographie) -> str | None:
    """Returns the commune that a meaning names: one of the territory, or one with its code."""
    (ref,) = current_lecteur().noms.refs(sens) or [""]
    if ref not in geographie.communes:
        return None
    is_here = not (geographie.zone(ref) & geographie.union(found.zone)).is_empty
    return ref if is_here or sens.endswith(")") else None


def _text_of(mots: Sequence[MotLocal]) -> str:
    return "\n".join(f"{', '.join(mot.noms)} {IS} {mot.sens}" for mot in mots)


def _said(valeurs: Valeurs) -> Mapping[str, str]:
    """Says a version line by line: what each name means, then what is turned off."""
    said = {", ".join(ligne["noms"]): ligne["sens"] for ligne in valeurs.get("lignes", ())}
    eteints = ", ".join(quoted(cle) for cle in sorted(read_eteints(valeurs)))
    return said | ({LIBELLES[ETEINTS]: eteints} if eteints else {})
