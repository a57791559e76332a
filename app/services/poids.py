"""The weights of the ranking where a person lives."""

from collections.abc import Sequence

from app.domain.geographie import Geographie
from app.domain.poids import Poids
from app.domain.territoire import Territoire, Zone


def poids_at(
    residence: Zone | None, territoires: Sequence[Territoire], geographie: Geographie
) -> Poids:
    """Returns the weights of the territory where the person lives, else the common ones."""
    if residence is not None:
        for territoire in territoires:
            if not (geographie.union(territoire.zone) & residence).is_empty:
                return territoire.poids
    return Poids()
