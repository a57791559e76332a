"""How offers are ranked, told from the very constants that rank them.

No figure is written here: each is read from the domain when the page is made, so that a weight
which changes, in the code or in a territory's file, changes the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from app.domain import ranking, texte
from app.domain.francais import joined
from app.domain.poids import Poids
from app.domain.territoire import Territoire
from app.domain.texte import Champ
from app.web.public.classement_cas import CASES, percent
from app.web.public.folding import FOLD_AFTER
from app.web.public.typographie import NBSP, counted, number_fr

NAMES = {
    "besoin": "Besoin",
    "acces": "Accès",
    "proximite": "Proximité",
    "fraicheur": "Fraîcheur",
    "qualite": "Qualité",
}
QUESTIONS = {
    "besoin": "L’offre répond-elle à ce qui est demandé\u202f?",
    "acces": "La personne peut-elle y avoir droit\u202f?",
    "proximite": "Est-ce loin\u202f?",
    "fraicheur": "L’information est-elle récente\u202f?",
    "qualite": "La fiche est-elle bien remplie\u202f?",
}
FIELDS = {
    Champ.NOM: "Le nom de l’offre",
    Champ.THEMATIQUE: "Les besoins auxquels elle répond",
    Champ.STRUCTURE: "Le nom de la structure",
    Champ.DESCRIPTION: "La description",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One case, and the share of the points that it gets."""

    case: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the five parts; `width` is its weight in hundredths of the whole."""

    slug: str
    name: str
    question: str
    points: str
    width: float
    steps: Sequence[Step]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A row of the table of territories: the weight of each part, in the order of the parts."""

    territory: str
    weights: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingPage:
    """Everything that the page shows, but its example."""

    whole: str
    parts: Sequence[Part]
    text_fields: Sequence[Step]
    text_rule: str
    need_rule: str
    search_whole: str
    rounding: str
    folding: str
    territories: Sequence[Weights]
    served: str


def ranking_page(territoires: Sequence[Territoire], poids: Poids) -> RankingPage:
    """Returns the page of the common weights, and of the territories that have their own."""
    whole = total_of(poids)
    texts = texte.FIELD_WEIGHT
    return RankingPage(
        whole=number_fr(whole),
        parts=[_part(slug, poids, whole) for slug in NAMES],
        text_fields=[Step(case=FIELDS[champ], share=percent(texts[champ])) for champ in texts],
        text_rule=_text_rule(),
        need_rule=(
            "Si vos mots nomment un besoin, le besoin les remplace\u00a0: l’offre qui y répond a "
            f"au moins {percent(texts[Champ.THEMATIQUE])} de leurs points."
        ),
        search_whole=points(total_of(replace(poids, acces=0.0))),
        rounding=(
            "Deux notes sont égales si elles le sont jusqu’à la "
            f"{ranking.SCORE_DECIMALS}e décimale."
        ),
        folding=(
            f"Quand une structure a plus de {counted(FOLD_AFTER, 'offre')} dans une page, les "
            "suivantes se replient sous la dernière montrée, pour laisser voir les autres "
            "structures. Leur note ne change pas."
        ),
        territories=_own_weights(territoires, poids),
        served=joined([territoire.nom for territoire in territoires], "ou"),
    )


def total_of(poids: Poids) -> float:
    """Returns the highest score that weights allow."""
    return sum(float(getattr(poids, part.name)) for part in fields(Poids))


def points(value: float) -> str:
    """Returns a number of points in words."""
    return f"{number_fr(round(value, 1))}{NBSP}{'point' if value < 2 else 'points'}"


def _part(slug: str, poids: Poids, whole: float) -> Part:
    weight: float = getattr(poids, slug)
    steps, notes = CASES[slug]()
    return Part(
        slug=slug,
        name=NAMES[slug],
        question=QUESTIONS[slug],
        points=points(weight),
        width=round(100 * weight / whole, 1),
        steps=[Step(case=case, share=share) for case, share in steps],
        notes=notes,
    )


def _text_rule() -> str:
    few = counted(texte.ALL_GROUPS_UP_TO, "mot")
    return (
        f"Jusqu’à {few}, l’offre doit les avoir tous\u202f; au-delà, elle doit en avoir au moins "
        f"{percent(texte.MIN_SHARE)}. Un mot et ses synonymes comptent pour un seul, et un mot "
        "rare compte plus qu’un mot courant."
    )


def _own_weights(territoires: Iterable[Territoire], common: Poids) -> Sequence[Weights]:
    own = [territoire for territoire in territoires if territoire.poids != common]
    if not own:
        return ()
    rows = [("Ailleurs, ou sans lieu donné", common), *((t.nom, t.poids) for t in own)]
    return [
        Weights(territory=nom, weights=[number_fr(getattr(poids, slug)) for slug in NAMES])
        for nom, poids in rows
    ]
