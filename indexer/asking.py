"""What to ask a person next, from the expressions of the offers that only they keep undecided."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.matching import Question, ordered
from indexer.arrays import Ids, Masks
from indexer.judged import Judged


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
    bits = np.unpackbits(distinct_masks.view(np.uint8), axis=1, bitorder="little").astype(np.bool_)
    alone = bits.sum(axis=1) == 1
    everywhere = counts @ bits
    settled = (counts * alone) @ bits
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
    packed = np.ascontiguousarray(masks).view(f"V{masks.shape[1] * 8}").ravel()
    distinct, which = np.unique(packed, return_inverse=True)
    rows: Masks = distinct.view(np.uint64).reshape(len(distinct), masks.shape[1])
    return rows, np.bincount(which, weights=counts, minlength=len(distinct)).astype(np.int64)
