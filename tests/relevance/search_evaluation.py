"""Runs the judged searches on the shipped catalogue and measures what a reader gets.

For each search, and on average:
  nDCG@10    order of what is shown, counted as for the judged situations: an offer that nobody
             judged takes a rank and gains nothing. `ndcg_juges` is the same without the latter
  success@3  a useful key is among the first three distinct results
  recall     share of the useful keys within the first fifty results
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.brute_force import Fiche
from app.domain.demande import Demande
from app.domain.search import SearchCriteria
from app.domain.territoire import CodeInsee
from indexer.documents import DocumentBuilder
from schemas.search import read_page_demande
from tests.relevance.evaluation import Evaluation
from tests.relevance.ndcg import RANKS, ndcg, ranks
from tests.relevance.recherches import Recherche
from tests.relevance.vignettes import USEFUL

FIRST = 3  # what a telephone shows before anybody scrolls
WITHIN = 50  # nobody reads further


@dataclass(frozen=True, slots=True, kw_only=True)
class MesureRecherche:
    """The figures of one search; `manquees` and `non_jugees` say what to look at."""

    recherche: Recherche
    lieu: CodeInsee | None
    total: int
    ndcg: float
    ndcg_juges: float
    succes: bool
    rappel: float
    manquees: tuple[str, ...]
    non_jugees: tuple[str, ...]


class SearchEvaluation:
    """The judged searches, on the catalogue of an evaluation, as the results page runs them."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._offres = evaluation.offres
        self._parts = evaluation.composition
        self._search = evaluation.composition.catalogue.search

    def demande(self, recherche: Recherche) -> Demande:
        """Returns the search as the page reads it. Raises `ValidationError`, by parameter."""
        asked = read_page_demande(recherche.args, self._parts.catalogue)
        return replace(asked, par_page=WITHIN)

    def measure(self, recherche: Recherche) -> MesureRecherche:
        """Returns the figures of one search."""
        found = self._search.completed(self._search.search(self.demande(recherche)))
        ids = [str(t.hit.offre_id) for t in (*found.trouves, *found.en_partie)]
        lieu = found.lieu.code if found.lieu else None
        return measure(recherche, ids, total=found.page.total, lieu=lieu)

    def idle_keys(self, recherche: Recherche) -> list[str]:
        """Returns the keys that judge no offer of the catalogue, or that an earlier one hides."""
        found = {j.cle for ident in self._offres if (j := recherche.jugement_of(ident))}
        return [j.cle for j in recherche.jugements if j.cle not in found]

    def criteria(self, recherche: Recherche) -> SearchCriteria:
        """Returns what the engine and the reference are asked for a search."""
        asked = self._parts.engine.asked
        asked.clear()
        self._search.search(self.demande(recherche))
        return asked[0]

    def fiches(self) -> list[Fiche]:
        """Returns the catalogue as the reference reads it."""
        builder = DocumentBuilder(self._parts.vocabulaire, self._parts.geographie)
        return [
            Fiche(
                offre=i.offre,
                jetons=builder.jetons(i.offre, i.structure_nom),
                horaires=i.offre.horaires_accueil or i.structure_horaires,
            )
            for batch in self._parts.catalogue_reader.published()
            for i in batch
        ]


def measure(
    recherche: Recherche, ids: Sequence[str], *, total: int, lieu: CodeInsee | None = None
) -> MesureRecherche:
    """Returns the figures of an answer, given its first results."""
    keys = [recherche.jugement_of(ident) for ident in ids]
    shown = ranks(keys)
    reached = {j.cle for j in keys[:WITHIN] if j}
    useful = [j.cle for j in recherche.jugements if j.pertinence >= USEFUL]
    missed = tuple(cle for cle in useful if cle not in reached)
    first = [keys[position] for position in shown[:FIRST]]
    return MesureRecherche(
        recherche=recherche,
        lieu=lieu,
        total=total,
        ndcg=ndcg(keys, recherche.jugements),
        ndcg_juges=ndcg([j for j in keys if j], recherche.jugements),
        succes=any(j is not None and j.pertinence >= USEFUL for j in first),
        rappel=1 - len(missed) / len(useful) if useful else 1.0,
        manquees=missed,
        non_jugees=tuple(ids[position] for position in shown[:RANKS] if keys[position] is None),
    )
