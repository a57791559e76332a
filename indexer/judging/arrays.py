"""The arrays that judge a whole catalogue at once, and the domain's values as they hold them.

Compared with a member of an enumeration, an array of bytes is first widened to 64 bits, which takes
sixteen times as long: arrays meet the constants of this module.
"""

import numpy as np
from numpy.typing import NDArray

from app.domain.verdict import Cause, Jugement, Valeur, Verdict

Values = NDArray[np.uint8]
"""A `Valeur` in each cell, or the bits of its `Cause`."""
Ids = NDArray[np.intp]
Masks = NDArray[np.uint64]
"""The bits of questions: a row for each thing that asks, a column for each 64 of them."""
Bools = NDArray[np.bool_]

JUGEMENTS = [[Jugement(valeur, Cause(causes)) for causes in range(4)] for valeur in Valeur]
"""Every judgement by value and causes: making one anew for each offer is far slower."""
NON, INCONNU, OUI = map(np.uint8, (Valeur.NON, Valeur.INCONNU, Valeur.OUI))
NON_ACCESSIBLE = np.uint8(Verdict.NON_ACCESSIBLE)
AUCUNE, FAIT_INCONNU, OFFRE_NON_PRECISEE = map(
    np.uint8, (Cause.AUCUNE, Cause.FAIT_INCONNU, Cause.OFFRE_NON_PRECISEE)
)
