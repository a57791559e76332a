"""The cases of each part of the ranking, with the share of its points that each gets.

Shares and thresholds are the domain's, read when the page is made.
"""

from collections.abc import Callable, Mapping

from app.domain import portee, ranking
from app.domain.verdict import Cause, Jugement, Valeur
from app.web.match.answers import PRIORITES
from app.web.match.screens import MODES
from app.web.public.typographie import NBSP, counted, number_fr, quoted

Cases = tuple[list[tuple[str, str]], list[str]]  # the cases, and what must be added


def percent(share: float) -> str:
    """Returns a share of the points.

    >>> percent(2 / 3).replace(NBSP, " "), percent(1).replace(NBSP, " ")
    ('66,7 %', '100 %')
    """
    return f"{number_fr(100 * share)}{NBSP}%"


def km(value: float) -> str:
    """Returns a distance of the rules."""
    return f"{number_fr(value)}{NBSP}km"


def _besoin() -> Cases:
    exact = [
        (f"Elle répond exactement à un besoin {word}", percent(int(key) / ranking.PRIORITY_MAX))
        for key, word in reversed(PRIORITES.items())
    ]
    near = f"{percent(ranking.SAME_CATEGORY)} de ce que vaudrait une réponse exacte"
    return (
        [
            *exact,
            ("Elle répond à un autre besoin du même domaine", near),
            ("Elle ne répond à aucun des besoins demandés", "elle n’est pas montrée"),
        ],
        [
            "Si elle répond à plusieurs besoins, seul celui qui donne le plus compte.",
            "Un domaine entier peut être demandé\u00a0: toutes ses offres y répondent exactement.",
        ],
    )


def _acces() -> Cases:
    unsaid = Jugement(Valeur.INCONNU, Cause.OFFRE_NON_PRECISEE)
    unknown = Jugement(Valeur.INCONNU, Cause.FAIT_INCONNU)
    cases = (
        ("Elle semble ouverte à la personne", Jugement(Valeur.OUI)),
        ("À vérifier auprès de la structure, car la fiche ne dit pas tout", unsaid),
        ("À vérifier avec la personne, car une réponse manque", unknown),
        ("Pas pour l’instant", Jugement(Valeur.NON)),
    )
    return (
        [(case, percent(ranking.acces_part(jugement))) for case, jugement in cases],
        [
            (
                f"Celles qui sont {quoted('pas pour l’instant')} ne sont montrées que sur demande, "
                "après toutes les autres."
            ),
        ],
    )


def _proximite() -> Cases:
    plateau = km(ranking.PLATEAU_KM)
    by_mode = ", ".join(
        f"{label[:1].lower()}{label[1:]}{NBSP}: {km(portee.RADIUS_BY_MOBILITY_KM[mode])}"
        for mode, label in MODES.items()
    )
    return (
        [
            (f"Sur place, à {plateau} ou moins", percent(1)),
            (
                "Sur place, plus loin",
                f"de moins en moins, jusqu’à {percent(0)} à la limite du rayon",
            ),
            (
                "Sur place, dans la commune de la personne",
                f"{percent(ranking.OWN_COMMUNE_FLOOR)} au moins",
            ),
            ("À distance, par téléphone ou par Internet", percent(ranking.REMOTE)),
            (
                "On ne sait pas où elle est, ou d’où part la recherche",
                percent(ranking.REACH_UNKNOWN),
            ),
        ],
        [
            (
                f"Le rayon est de {km(portee.RADIUS_DEFAULT_KM)}, sauf si l’on en choisit un "
                f"autre, de {km(portee.RADIUS_MIN_KM)} à {km(portee.RADIUS_MAX_KM)}. Dans les "
                f"questionnaires, il suit la façon de se déplacer ({by_mode})."
            ),
            (
                "Au-delà du rayon, une offre sur place n’est pas montrée, sauf dans la commune de "
                "la personne. Elle est comptée, et la page dit comment la voir."
            ),
            "Une offre possible sur place et à distance garde le meilleur des deux.",
        ],
    )


def _fraicheur() -> Cases:
    fresh, stale = (counted(n, "jour") for n in (ranking.FRESH_DAYS, ranking.STALE_DAYS))
    return (
        [
            (f"Fiche mise à jour ou confirmée depuis {fresh} au plus", percent(1)),
            ("Fiche plus ancienne", "un peu moins chaque jour"),
            (f"Fiche sans nouvelle depuis {stale} ou plus", percent(0)),
        ],
        [
            (
                "La date qui compte est la plus récente des deux\u00a0: la mise à jour par la "
                "source, ou la confirmation par la structure."
            ),
        ],
    )


def _qualite() -> Cases:
    low, good = number_fr(ranking.DESCRIPTION_MIN), number_fr(ranking.DESCRIPTION_GOOD)
    long = number_fr(ranking.DESCRIPTION_LONG)
    full = percent(1)
    present = f"{full} s’il est donné"
    return (
        [
            ("L’adresse, quand on est reçu sur place", f"{full} si elle est donnée"),
            ("Comment demander l’offre, et qui peut la demander", "la moitié pour chacun"),
            ("Le public", present),
            ("Le besoin", present),
            ("Un moyen de contact (téléphone, courriel ou lien)", present),
            ("Le courriel, quand il faut écrire", present),
            ("Le téléphone, quand il faut appeler", present),
            (
                "Le prix",
                f"{present}, {percent(ranking.PRICE_UNSAID)} s’il faut payer sans savoir combien",
            ),
            (
                "La description",
                (
                    f"{percent(0)} sous {low} caractères, {full} de {good} à moins de {long}, "
                    f"sinon {percent(ranking.DESCRIPTION_SO_SO)}"
                ),
            ),
        ],
        [
            (
                "La qualité est la moyenne de ces critères, ceux de data·inclusion sans la date, "
                "qui est dans la fraîcheur. Un critère qui ne concerne pas l’offre ne compte pas."
            ),
        ],
    )


CASES: Mapping[str, Callable[[], Cases]] = {
    "besoin": _besoin,
    "acces": _acces,
    "proximite": _proximite,
    "fraicheur": _fraicheur,
    "qualite": _qualite,
}
