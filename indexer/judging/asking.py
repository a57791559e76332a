"""What to ask a person next, from the expressions of the offers that only they keep undecided."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.matching import Question, ordered
from indexer.judging.arrays import Ids, Masks
from indexer.judging.judged import Judged


def questions(
    judged: Judged, arbres: Ids, others: Sequence[Ids], counts: NDArray[np.int64]
) -> list[Question]:
    """Returns the questions of some offers, in order.

    Offers are given by the ids of their tree and of their other expressions, 0 for none; `counts`
    says how many offers each line stands for.
    """
    if not len(arbres) or not judged.asked:
        return []
    masks = np.zeros((len(arbres), judged.masks.shape[1]), dtype=np.uint64)
    for ids in others:
        masks |= judged.questions_of(ids)
    distinct, which = np.unique(arbres, return_inverse=True)
    asked = np.zeros((len(distinct), masks.shape[1]), dtype=np.uint64)
    conditions = distinct > 0
    found = judged.unanswered(distinct[conditions])
    asked[conditions, : found.shape[1]] = found
    masks |= asked[which]
    distinct_masks, counts = _distinct_rows(masks, counts)
    bits = np.unpackbits(distinct_masks.view(np.uint8), axis=1, bitorder="little")
    alone = bits.sum(axis=1) == 1
    # Multiplied as floating numbers, which is far faster, and exact below 2**53 offers.
    as_numbers = bits.astype(np.float64)
    everywhere = (counts @ as_numbers).tolist()
    settled = ((counts * alone) @ as_numbers).tolist()
    return ordered(
        [
            Question(
                fait=fait,
                valeur=valeur,
                offres_tranchees=int(settled[number]),
                occurrences=int(everywhere[number]),
            )
            for number, (fait, valeur) in enumerate(judged.asked)
            if everywhere[number]
        ]
    )


def _distinct_rows(masks: Masks, counts: NDArray[np.int64]) -> tuple[Masks, NDArray[np.int64]]:
    """Returns the distinct rows and how many offers have each; few are asked together."""
    order = np.lexsort(masks.T)
    masks, counts = masks[order], counts[order]
    starts = np.flatnonzero(np.append(True, (masks[1:] != masks[:-1]).any(axis=1)))
    return masks[starts], np.add.reduceat(counts, starts)
