"""A search or a match as it is asked from outside, before its place and its words are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.offre import OffreId
from app.domain.profil import Profil
from app.domain.search import Tri
from app.domain.verdict import Verdict
from app.domain.wording import Voix


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """The parameters of a search; None and empty ask nothing.

    `thematiques` may hold categories. `lat` and `lon` go together. `territoire` and `bassin`
    are slugs, `lieu` a place as typed (name, postal code or address), which `code_commune` wins
    over. `ouvert_le` is a local date and time, in Paris, which wins over `moment`, one of
    `MOMENTS`. `tel_quel` takes the words of `q` literally.
    """

    q: str = ""
    tel_quel: bool = False
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
    territoire: str | None = None
    bassin: str | None = None
    ouvert_le: datetime | None = None
    moment: str | None = None
    inclure_non_precises: bool = True
    tri: Tri = Tri.PERTINENCE
    page: int = 1
    par_page: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandeMatch:
    """A match as it is asked from outside; `mode`, a means of getting about, gives a radius."""

    profil: Profil = field(default_factory=Profil)
    besoins: Mapping[str, int] = field(default_factory=dict)
    mode: str | None = None
    rayon_km: float | None = None
    jour: date | None = None
    offres: Sequence[OffreId] | None = None
    verdicts: Sequence[Verdict] = (Verdict.ACCESSIBLE, Verdict.A_VERIFIER)
    voix: Voix = Voix.LA_PERSONNE
    page: int = 1
    par_page: int = 20
