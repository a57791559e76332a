"""The figures of an evaluation, for a reader and for a program."""

from collections.abc import Callable, Iterable, Sequence
from statistics import mean

from app.domain.verdict import Verdict
from tests.relevance.evaluation import Ecart, Mesure
from tests.relevance.vignettes import USEFUL

_ENTETE = (
    f"{'vignette':<44} {'nDCG@10':>7} {'jugées':>6} {'total':>5} {'access.':>8} {'utiles':>8}"
    f" {'faux acc.':>9} {'faux non':>8} {'prudents':>8}"
)
Counted = tuple[int, int]


def totals(mesures: Sequence[Mesure]) -> dict[str, float]:
    """Returns the figures over all situations."""
    accessibles, utiles = _sum(_accessibles, mesures), _sum(_utiles, mesures)
    return {
        "vignettes": len(mesures),
        "jugements": sum(len(m.vignette.jugements) for m in mesures),
        "ndcg_moyen": mean(m.ndcg for m in mesures),
        "ndcg_minimum": min(m.ndcg for m in mesures),
        "ndcg_juges_moyen": mean(m.ndcg_juges for m in mesures),
        "rappel_accessibles": accessibles[0] / max(accessibles[1], 1),
        "rappel_utiles": utiles[0] / max(utiles[1], 1),
        "faux_accessibles": sum(len(m.faux_accessibles) for m in mesures),
        "faux_non_accessibles": sum(len(m.faux_non_accessibles) for m in mesures),
        "trop_ouverts": sum(len(m.trop_ouverts) for m in mesures),
        "trop_prudents": sum(len(m.trop_prudents) for m in mesures),
    }


def as_text(mesures: Sequence[Mesure]) -> str:
    """Returns the table of situations, the totals, and every disagreement."""
    lines = [_ENTETE, "-" * len(_ENTETE), *map(_line, mesures), "-" * len(_ENTETE)]
    lines += [f"{name:<24} {value:.4g}" for name, value in totals(mesures).items()]
    lines += ["", "Jugements et verdicts qui diffèrent :"]
    lines += [_told(ecart) for m in mesures for ecart in m.ecarts] or ["  aucun"]
    lines += ["", "Offres utiles qui ne sont pas proposées :"]
    lines += [f"  {m.vignette.id} : {cle}" for m in mesures for cle in m.utiles_manquees] or [
        "  aucune"
    ]
    return "\n".join(lines)


def figures(mesures: Sequence[Mesure]) -> dict[str, object]:
    """Returns the same for a program."""
    return {
        "totaux": totals(mesures),
        "vignettes": [
            {
                "id": m.vignette.id,
                "ndcg": m.ndcg,
                "ndcg_juges": m.ndcg_juges,
                "total": m.total,
                "accessibles_manquees": m.accessibles_manquees,
                "utiles_manquees": m.utiles_manquees,
                "ecarts": [
                    {"cle": e.cle, "attendu": e.attendu.mot, "rendu": e.rendu.mot} for e in m.ecarts
                ],
            }
            for m in mesures
        ],
    }


def _line(mesure: Mesure) -> str:
    found, known = _accessibles(mesure)
    useful, useful_known = _utiles(mesure)
    return (
        f"{mesure.vignette.id:<44} {mesure.ndcg:>7.3f} {mesure.ndcg_juges:>6.3f}"
        f" {mesure.total:>5} {f'{found}/{known}':>8} {f'{useful}/{useful_known}':>8}"
        f" {len(mesure.faux_accessibles):>9} {len(mesure.faux_non_accessibles):>8}"
        f" {len(mesure.trop_prudents):>8}"
    )


def _told(ecart: Ecart) -> str:
    return f"  {ecart.vignette} : {ecart.cle}, jugé {ecart.attendu.mot}, rendu {ecart.rendu.mot}"


def _accessibles(mesure: Mesure) -> Counted:
    known = [
        j
        for j in mesure.vignette.jugements
        if j.pertinence >= USEFUL and j.verdict is Verdict.ACCESSIBLE
    ]
    return len(known) - len(mesure.accessibles_manquees), len(known)


def _utiles(mesure: Mesure) -> Counted:
    known = [j for j in mesure.vignette.jugements if j.pertinence >= USEFUL]
    return len(known) - len(mesure.utiles_manquees), len(known)


def _sum(count: Callable[[Mesure], Counted], mesures: Iterable[Mesure]) -> Counted:
    pairs = [count(mesure) for mesure in mesures]
    return sum(found for found, _ in pairs), sum(known for _, known in pairs)
