"""A search as it is asked from outside, before its place and its words are read."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.search import Tri


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """The parameters of a search; None and empty ask nothing.

    `thematiques` may hold categories. `lat` and `lon` go together. `bassin` is a slug, `lieu` a
    place as typed (name, postal code or address), which `code_commune` wins over. `ouvert_le` is a
    local date and time, in Paris.
    """

    q: str = ""
    lieu: str = ""
    code_commune: str | None = None
    lat: float | None = None
    lon: float | None = None
    rayon_km: float | None = None
    thematiques: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    frais: tuple[str, ...] = ()
    modes_accueil: tuple[str, ...] = ()
    structure_id: str | None = None
    bassin: str | None = None
    ouvert_le: datetime | None = None
    inclure_non_precises: bool = True
    tri: Tri = Tri.PERTINENCE
    page: int = 1
    par_page: int = 20
