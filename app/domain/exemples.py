"""Invented persons, on whom whoever describes an offer sees at once what its rules do."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.profil import Profil


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilExemple:
    """An invented person: `nom` describes and never names; `besoins` go with their priorities."""

    code: str
    nom: str
    profil: Profil
    besoins: Mapping[str, int]
