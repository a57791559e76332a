"""The weights of the ranking; a territory may set its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Poids:
    """The weights of the five parts, in points out of 100 (design section 5)."""

    besoin: float = 40.0  # an offer that answers no need is no solution
    acces: float = 25.0  # open beats “to check”, which beats nothing
    proximite: float = 20.0  # distance is the first reason for giving up
    fraicheur: float = 10.0  # a stale listing is a wasted journey
    qualite: float = 5.0  # a well-filled listing can be acted upon; it must not beat the rest
