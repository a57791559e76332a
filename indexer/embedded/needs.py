"""Which lists of thématiques answer a need: said once for each distinct list of the catalogue."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.domain.ranking import answers_exactly, besoin_part
from app.domain.vocabulaire import categorie_of
from indexer.embedded.columns import Snapshot

NOT, NEAR, EXACTLY = range(3)
Answers = NDArray[np.uint8]


def answers_to(snapshot: Snapshot, besoin: str) -> Answers:
    """Returns NOT, NEAR or EXACTLY for each number of the thématiques' repertoire.

    A list answers as well as its best thématique does.
    """
    key = f"answers to {besoin}"
    if key not in snapshot.prepared:
        repertoire = snapshot.repertoires["thematiques"]
        answers = np.full(len(repertoire), NOT, dtype=np.uint8)
        near = [t for t in repertoire.said if besoin_part((t,), {besoin: 1})]
        answers[repertoire.saying_any(near, absent=False)] = NEAR
        exact = [t for t in near if answers_exactly((t,), besoin)]
        answers[repertoire.saying_any(exact, absent=False)] = EXACTLY
        snapshot.prepared[key] = answers
    found: Answers = snapshot.prepared[key]
    return found


def besoin_by_number(snapshot: Snapshot, besoins: Mapping[str, int]) -> NDArray[np.float64]:
    """Returns the need part of the score for each number of the thématiques' repertoire."""
    best = np.zeros(len(snapshot.repertoires["thematiques"]))
    for besoin, priorite in besoins.items():
        np.maximum(best, np.take(_parts(besoin, priorite), answers_to(snapshot, besoin)), out=best)
    return best


def _parts(besoin: str, priorite: int) -> NDArray[np.float64]:
    """Returns the part of NOT, NEAR and EXACTLY; the domain's own function tells them."""
    another = f"{categorie_of(besoin)}--"
    return np.array([0.0, *(besoin_part((t,), {besoin: priorite}) for t in (another, besoin))])
