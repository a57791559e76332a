"""The figures of the judged searches, for a reader and for a program."""

from collections.abc import Sequence
from statistics import mean
from urllib.parse import unquote_plus, urlencode

from tests.relevance.search_evaluation import WITHIN, MesureRecherche

_ENTETE = (
    f"{'recherche':<40} {'nDCG@10':>7} {'jugées':>6} {'3 prem.':>7} {'rappel':>6} {'total':>5}"
    f" {'inconnues':>9}  demande"
)


def totals(mesures: Sequence[MesureRecherche]) -> dict[str, float]:
    """Returns the means over searches."""
    return {
        "recherches": len(mesures),
        "jugements": sum(len(m.recherche.jugements) for m in mesures),
        "ndcg_moyen": mean(m.ndcg for m in mesures),
        "ndcg_juges_moyen": mean(m.ndcg_juges for m in mesures),
        "succes_moyen": mean(m.succes for m in mesures),
        "rappel_moyen": mean(m.rappel for m in mesures),
        "sans_reponse": sum(m.total == 0 for m in mesures),
        "non_jugees": sum(len(m.non_jugees) for m in mesures),
    }


def worst_first(mesures: Sequence[MesureRecherche]) -> list[MesureRecherche]:
    """Returns the searches, the least well answered first."""
    return sorted(mesures, key=lambda m: (m.ndcg, m.rappel, m.recherche.id))


def as_text(mesures: Sequence[MesureRecherche]) -> str:
    """Returns a table for each theme, the means, and what readers miss or judges have not read."""
    rule = "-" * len(_ENTETE)
    lines = [_ENTETE, rule]
    for theme in dict.fromkeys(m.recherche.theme for m in mesures):
        of_theme = [m for m in mesures if m.recherche.theme == theme]
        lines += [*map(line, worst_first(of_theme)), _means(theme, of_theme), rule]
    lines += [_means("toutes", mesures), ""]
    lines += [f"{name:<24} {value:.4g}" for name, value in totals(mesures).items()]
    lines += ["", f"Offres utiles absentes des {WITHIN} premières réponses :"]
    lines += _listed([(m.recherche.id, m.manquees) for m in worst_first(mesures)])
    lines += ["", "Offres des dix premiers rangs que personne n’a jugées :"]
    lines += _listed([(m.recherche.id, m.non_jugees) for m in mesures])
    return "\n".join(lines)


def figures(mesures: Sequence[MesureRecherche]) -> dict[str, object]:
    """Returns the same for a program."""
    return {
        "totaux": totals(mesures),
        "recherches": [
            {
                "id": m.recherche.id,
                "theme": m.recherche.theme,
                "ndcg": m.ndcg,
                "ndcg_juges": m.ndcg_juges,
                "succes": m.succes,
                "rappel": m.rappel,
                "total": m.total,
                "manquees": m.manquees,
                "non_jugees": m.non_jugees,
            }
            for m in mesures
        ],
    }


def line(mesure: MesureRecherche) -> str:
    """Returns the line of a search."""
    typed = unquote_plus(urlencode([*mesure.recherche.args.items(multi=True)]))
    return (
        f"{mesure.recherche.id:<40} {mesure.ndcg:>7.3f} {mesure.ndcg_juges:>6.3f}"
        f" {'oui' if mesure.succes else 'non':>7} {mesure.rappel:>6.2f} {mesure.total:>5}"
        f" {len(mesure.non_jugees):>9}  {typed}"
    )


def _means(name: str, mesures: Sequence[MesureRecherche]) -> str:
    means = totals(mesures)
    return (
        f"{f'{name} ({len(mesures)})':<40} {means['ndcg_moyen']:>7.3f}"
        f" {means['ndcg_juges_moyen']:>6.3f} {means['succes_moyen']:>7.0%}"
        f" {means['rappel_moyen']:>6.2f}"
    )


def _listed(found: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    lines = [f"  {ident} : {', '.join(cles)}" for ident, cles in found if cles]
    return lines or ["  aucune"]
