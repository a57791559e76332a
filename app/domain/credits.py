"""Who must be named when the site shows open data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What must be said of an open source that the site shows."""

    source: str
    nom: str
    attribution: str
    licence: str
    date: str
