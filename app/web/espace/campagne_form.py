"""The form of a new campaign: what was typed, read; and what to correct, in words."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from werkzeug.datastructures import MultiDict

from app.domain.campagnes import (
    DUREE_PAR_DEFAUT,
    MOIS_PAR_DEFAUT,
    RELANCES_PAR_DEFAUT,
    Campagne,
)
from app.domain.campagnes_regles import (
    AUCUNE_RELANCE,
    ILLISIBLE,
    MAX_MESSAGE,
    MAX_MOIS,
    MAX_NOM,
    MAX_RELANCES,
    TARDIVES,
    CampagneInvalide,
    problemes_of,
)
from app.domain.errors import Probleme
from app.domain.vocabulaire import Vocabulaire
from app.web.espace.reglages import Fautes, fautes_of

LIBELLES = {
    "nom": "Nom",
    "perimetre": "Territoire ou bassin",
    "debut": "Début",
    "fin": "Fin",
    "relances": "Relances",
    "mois": "Fiches sans nouvelles depuis (mois)",
    "reseaux": "Réseaux",
    "thematiques": "Thématiques des offres",
    "message": "Mot aux structures",
}
MESSAGES = {
    "nom": f"Écrivez un nom de {MAX_NOM} caractères au plus.",
    "perimetre": "Choisissez un territoire ou un bassin de la liste.",
    "debut": "Écrivez une date comme 2026-03-31.",
    "fin": "Écrivez une date comme 2026-03-31, après le début et moins d’un an plus tard.",
    "relances": (
        f"Écrivez {MAX_RELANCES} nombres de jours au plus, du plus petit au plus grand : 10, 20."
    ),
    TARDIVES: (
        "La campagne sera finie, et ces relances ne partiraient jamais : {tardives}. "
        "Écrivez des nombres jusqu’à {jours}, ou une fin plus tardive."
    ),
    AUCUNE_RELANCE: (
        "La campagne finit le jour où elle commence : laissez ce champ vide, ou écrivez une fin "
        "plus tardive."
    ),
    "mois": f"Écrivez un nombre de mois, de 1 à {MAX_MOIS}, ou rien pour toutes les structures.",
    "message": f"Écrivez {MAX_MESSAGE} caractères au plus.",
    ILLISIBLE: "Ce texte contient un caractère invisible : tapez-le ici au lieu de le coller.",
    "inconnu": "Un de vos choix n’est plus dans la liste : choisissez de nouveau.",
}
REFERENTIELS = {"reseaux": "reseaux-porteurs", "thematiques": "thematiques"}


def suggested(today: date) -> MultiDict[str, str]:
    """Returns the form before anything is typed."""
    return MultiDict(
        {
            "debut": today.isoformat(),
            "fin": (today + DUREE_PAR_DEFAUT).isoformat(),
            "relances": ", ".join(map(str, RELANCES_PAR_DEFAUT)),
            "mois": str(MOIS_PAR_DEFAUT),
        }
    )


def in_words(problemes: Sequence[Probleme]) -> Fautes:
    """Returns what to correct, each beside its field, in the order of the form."""
    order = list(LIBELLES)
    ordered = sorted(problemes, key=lambda one: order.index(one.chemin))
    return Fautes(fautes=fautes_of(ordered, LIBELLES, MESSAGES))


def read_campagne(
    form: MultiDict[str, str], perimetres: Collection[str], vocabulaire: Vocabulaire
) -> Campagne:
    """Returns the campaign of a form. Raises `CampagneInvalide` with every fault.

    `perimetres` are the slugs that its author may ask.
    """
    chosen = list(_not_listed(form, perimetres, vocabulaire))
    dates = {name: _date(form.get(name, "")) for name in ("debut", "fin")}
    relances, mois = _numbers(form.get("relances", "")), _numbers(form.get("mois", ""))
    unread = [name for name, day in dates.items() if day is None]
    unread += ["relances"] * (relances is None)
    unread += ["mois"] * (mois is None or len(mois) > 1)
    # What cannot be read is replaced by what breaks no rule: the rest is judged all the same.
    debut = dates["debut"] or dates["fin"] or date.max
    campagne = Campagne(
        nom=form.get("nom", "").strip(),
        perimetre=form.get("perimetre", ""),
        debut=debut,
        fin=dates["fin"] or debut,
        reseaux=tuple(form.getlist("reseaux")),
        thematiques=tuple(form.getlist("thematiques")),
        relances=(relances or ()) if all(dates.values()) else (),
        # A browser ends lines with two characters, and counts them as one.
        message=form.get("message", "").replace("\r\n", "\n").strip(),
        mois=next(iter(mois or ()), None),
    )
    problemes = [Probleme(chemin=name, motif=name) for name in unread]
    problemes += (one for one in problemes_of(campagne) if one.chemin not in unread)
    if problemes or chosen:
        raise CampagneInvalide([*problemes, *chosen])
    return campagne


def _not_listed(
    form: MultiDict[str, str], perimetres: Collection[str], vocabulaire: Vocabulaire
) -> Iterator[Probleme]:
    """Yields the choices that no list of the page has."""
    if form.get("perimetre", "") not in perimetres:
        yield Probleme(chemin="perimetre", motif="perimetre")
    for name, referentiel in REFERENTIELS.items():
        if not set(form.getlist(name)) <= set(vocabulaire.referentiels[referentiel]):
            yield Probleme(chemin=name, motif="inconnu")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _numbers(text: str) -> tuple[int, ...] | None:
    """Returns the numbers of a list, None when one of them is none."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not all(word.isdecimal() and len(word) <= 3 for word in words):
        return None
    return tuple(map(int, words))
