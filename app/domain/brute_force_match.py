"""The reference match: every offer judged, one by one, straight from the definitions.

It is slow on purpose and is the specification of both engines.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.brute_force import sortable_distance
from app.domain.eligibility import Juge
from app.domain.geographie import Geographie
from app.domain.matching import (
    PREMIERS,
    BesoinCount,
    MatchCriteria,
    MatchPage,
    Question,
    Solution,
    ordered,
)
from app.domain.offre import Offre, OffreId
from app.domain.portee import portee_of
from app.domain.questions import Asked, Questioner
from app.domain.ranking import (
    ScoreDetail,
    acces_part,
    answers_exactly,
    besoin_part,
    fraicheur_part,
    proximite_part,
    qualite_part,
)
from app.domain.search import HorsPortee
from app.domain.verdict import Verdict
from app.domain.vocabulaire import EtatPublication, Vocabulaire


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One offer with all that the criteria say of it."""

    offre: Offre
    solution: Solution

    @property
    def verdict(self) -> Verdict:
        """How open the offer is."""
        return self.solution.jugement.verdict

    @property
    def is_perhaps_open(self) -> bool:
        """True unless it is surely not for this person."""
        return self.verdict is not Verdict.NON_ACCESSIBLE


def match(
    offres: Iterable[Offre],
    criteres: MatchCriteria,
    vocabulaire: Vocabulaire,
    geographie: Geographie,
) -> MatchPage:
    """Returns the page of a match over all published offers."""
    published = {o.id: o for o in offres if o.etat_publication is EtatPublication.PUBLIE}
    asked = _asked(published, criteres)
    juge = Juge(criteres.profil, vocabulaire, geographie)
    judged = [_judge(offre, criteres, juge, geographie) for offre in asked]
    counts_all = criteres.offres is not None
    counted = [j for j in judged if counts_all or j.solution.portee.is_in_reach]
    beyond = [
        j for j in judged if not (counts_all or j.solution.portee.is_in_reach) and j.is_perhaps_open
    ]
    shown = sorted((j for j in counted if j.verdict in criteres.verdicts), key=_sort_key)
    first = (criteres.page - 1) * criteres.par_page
    questioner = Questioner(juge, criteres.profil, vocabulaire)
    return MatchPage(
        total=len(shown),
        par_verdict={v: sum(j.verdict is v for j in counted) for v in Verdict},
        hors_portee=_hors_portee(beyond),
        solutions=[j.solution for j in shown[first : first + criteres.par_page]],
        par_besoin=_par_besoin(counted, criteres),
        questions=_questions([questioner.offre(j.offre) for j in counted]),
        inconnues=[ident for ident in criteres.offres or () if ident not in published],
        apports=_apports(published.values(), criteres, juge, geographie),
    )


def sort_key(solution: Solution, fraicheur: date) -> tuple[bool | float | str, ...]:
    """Returns the key of the total order: what is closed comes last, whatever its score."""
    return (
        solution.jugement.verdict is Verdict.NON_ACCESSIBLE,
        -solution.score,
        sortable_distance(solution.portee),
        -float(fraicheur.toordinal()),
        solution.offre_id,
    )


def _sort_key(judged: Judged) -> tuple[bool | float | str, ...]:
    return sort_key(judged.solution, judged.offre.date_fraicheur)


def _asked(published: dict[OffreId, Offre], criteres: MatchCriteria) -> list[Offre]:
    if criteres.offres is not None:
        return [published[i] for i in dict.fromkeys(criteres.offres) if i in published]
    if not criteres.besoins:
        return list(published.values())
    return [o for o in published.values() if besoin_part(o.thematiques, criteres.besoins) > 0]


def _judge(offre: Offre, criteres: MatchCriteria, juge: Juge, geographie: Geographie) -> Judged:
    jugement = juge.offre(offre)
    portee = portee_of(offre, criteres.origine, criteres.rayon_km, geographie)
    poids = criteres.poids
    near = proximite_part(portee, criteres.rayon_km, is_remote=offre.is_remote)
    detail = ScoreDetail(
        besoin=poids.besoin * besoin_part(offre.thematiques, criteres.besoins),
        acces=poids.acces * acces_part(jugement),
        proximite=poids.proximite * near,
        fraicheur=poids.fraicheur * fraicheur_part(offre.date_fraicheur, criteres.date),
        qualite=poids.qualite * qualite_part(offre),
    )
    solution = Solution(
        offre_id=offre.id,
        score=detail.total,
        detail=detail,
        jugement=jugement,
        portee=portee,
        besoins=tuple(b for b in criteres.besoins if answers_exactly(offre.thematiques, b)),
    )
    return Judged(offre=offre, solution=solution)


def _hors_portee(beyond: Sequence[Judged]) -> HorsPortee:
    distances = [
        j.solution.portee.distance_km for j in beyond if j.solution.portee.distance_km is not None
    ]
    return HorsPortee(total=len(beyond), plus_proche_km=min(distances, default=None))


def _par_besoin(counted: Sequence[Judged], criteres: MatchCriteria) -> list[BesoinCount]:
    found = []
    for besoin in criteres.besoins:
        answering = sorted(
            (j for j in counted if besoin in j.solution.besoins and j.is_perhaps_open),
            key=_sort_key,
        )
        premiers = tuple(j.offre.id for j in answering[:PREMIERS])
        found.append(BesoinCount(besoin=besoin, total=len(answering), premiers=premiers))
    return found


def _questions(asked: Sequence[frozenset[Asked]]) -> list[Question]:
    alone = Counter(next(iter(questions)) for questions in asked if len(questions) == 1)
    everywhere = Counter(question for questions in asked for question in questions)
    return ordered(
        [
            Question(fait=fait, valeur=valeur, offres_tranchees=alone[fait, valeur], occurrences=n)
            for (fait, valeur), n in everywhere.items()
        ]
    )


def _apports(
    published: Iterable[Offre], criteres: MatchCriteria, juge: Juge, geographie: Geographie
) -> dict[tuple[str, str], list[OffreId]]:
    """Returns the best offers that give each fact, in the order of a match without needs."""
    without_needs = MatchCriteria(
        date=criteres.date,
        profil=criteres.profil,
        origine=criteres.origine,
        rayon_km=criteres.rayon_km,
        poids=criteres.poids,
    )
    giving = [_judge(o, without_needs, juge, geographie) for o in published if o.apporte]
    giving = [j for j in giving if j.solution.portee.is_in_reach and j.is_perhaps_open]
    found: dict[tuple[str, str], list[OffreId]] = {}
    for judged in sorted(giving, key=_sort_key):
        for apport in judged.offre.apporte or ():
            found.setdefault((apport.fait, apport.valeur), []).append(judged.offre.id)
    return {key: ids[:PREMIERS] for key, ids in found.items()}
