"""Who may ask, by place of residence: codes of a zone in words."""

from collections.abc import Sequence

from app.domain.geographie import Geographie
from app.domain.territoire import Territoire

_FRANCE = frozenset(("99100", "france"))
MAX_NAMED = 6  # beyond, a list of communes is a wall


def zone_in_words(
    codes: Sequence[str], geographie: Geographie, territoires: Sequence[Territoire]
) -> str | None:
    """Returns where one must live, None when it does not matter or nothing is said."""
    if not codes or not _FRANCE.isdisjoint(codes):
        return None
    names = [_name(code, geographie, territoires) for code in codes]
    shown = ", ".join(names[:MAX_NAMED])
    more = len(names) - MAX_NAMED
    return f"{shown} et {more} autres lieux" if more > 1 else ", ".join(names)


def _name(code: str, geographie: Geographie, territoires: Sequence[Territoire]) -> str:
    commune = geographie.communes.get(code)
    if commune is not None:
        return commune.nom
    if len(code) <= 3:
        ref = f"departement:{code}"
        nom = next((t.nom for t in territoires if tuple(t.zone) == (ref,)), None)
        return nom or f"département {code}"
    return f"intercommunalité {code}"
