"""Everything that can go wrong in the catalogue's own terms.

An error carries data, never a sentence for the user nor an HTTP status: `schemas.messages` words
it in French and `app.web.errors` gives it a status.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


class CatalogueError(Exception):
    """Any refusal or failure that the catalogue itself knows."""


class EngineUnavailable(CatalogueError):
    """The search engine cannot answer now; this is never “no result”."""


class IndexUnavailable(CatalogueError):
    """The search engine cannot take writes in now: what is owed to it stays owed."""


class IndexRefused(IndexUnavailable):
    """The search engine is there but does not let us in, or we do not trust it.

    Only the settings mend it: `certificate`, `password` or `rights` says which.
    """

    def __init__(self, motif: str) -> None:
        super().__init__(motif)
        self.motif = motif


class IndexIncomplete(CatalogueError):
    """A rebuild that does not hold as many listings as the catalogue; nothing was swapped."""


class CatalogueUnavailable(CatalogueError):
    """The system of record cannot answer now: locked, full, or its server is away."""


class GeocoderUnavailable(CatalogueError):
    """The address service cannot answer now; the caller falls back to the commune."""


class LieuInconnu(CatalogueError):
    """A code that is neither a place nor a zone of France, today or formerly."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OffreIntrouvable(CatalogueError):
    """No published offer, or structure, has this id."""

    def __init__(self, identifiant: str) -> None:
        super().__init__(identifiant)
        self.identifiant = identifiant


class SignalementInconnu(CatalogueError):
    """No report has this number."""

    def __init__(self, numero: int) -> None:
        super().__init__(str(numero))
        self.numero = numero


@dataclass(frozen=True, slots=True, kw_only=True)
class Probleme:
    """One fault of an input: where it is, which kind it is, and what is needed to explain it."""

    chemin: str
    motif: str
    details: dict[str, str] = field(default_factory=dict)


class ArbreInvalide(CatalogueError):
    """An eligibility tree, or a known fact, that breaks the rules; every fault is listed."""

    def __init__(self, problemes: Sequence[Probleme]) -> None:
        super().__init__(", ".join(f"{p.chemin}: {p.motif}" for p in problemes))
        self.problemes = tuple(problemes)
