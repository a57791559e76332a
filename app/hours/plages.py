"""Spans of a day, in minutes from midnight, and what makes some of them impossible."""

from dataclasses import dataclass
from itertools import pairwise

MIDNIGHT = 24 * 60  # minutes: the end of a day
LATEST_NIGHT = 6 * 60  # an end before the start and later than 06:00 is a slip in real listings
MAX_PLAGES = 3  # of 4,335 distinct real expressions, one has a day with more


class HoraireInvalide(ValueError):
    """Hours that cannot be kept, with a French message that says what to do.

    `jour` is a day of `JOURS`, "feries", "commentaire", or the first day of an exception as an ISO
    date; None when a span alone is at fault.
    """

    def __init__(self, jour: str | None, message: str) -> None:
        super().__init__(message)
        self.jour = jour


@dataclass(frozen=True, slots=True, order=True)
class Plage:
    """A span in minutes of the day; `fin` is at most 24:00, or before `debut` for a night.

    Raises `HoraireInvalide` when it is empty, out of the day, or a night later than 06:00.
    """

    debut: int
    fin: int

    def __post_init__(self) -> None:
        if not (0 <= self.debut < MIDNIGHT and 0 < self.fin <= MIDNIGHT):
            raise HoraireInvalide(None, "Les heures vont de 00:00 à 24:00 : corrigez-les.")
        if self.debut == self.fin:
            raise HoraireInvalide(
                None, "Le début et la fin sont à la même heure : changez l’une des deux."
            )
        if self.is_nuit and self.fin > LATEST_NIGHT:
            raise HoraireInvalide(
                None,
                f"La fin ({hhmm(self.fin)}) est avant le début ({hhmm(self.debut)}) : corrigez "
                "l’une des deux, ou coupez la nuit à 24:00 et reprenez le lendemain à 00:00.",
            )

    @property
    def is_nuit(self) -> bool:
        """Tells whether it ends the day after."""
        return self.fin < self.debut

    @property
    def until(self) -> int:
        """The end in minutes from the midnight before the start, beyond 24:00 for a night."""
        return self.fin + MIDNIGHT * self.is_nuit


Plages = tuple[Plage, ...]


def hhmm(minutes: int) -> str:
    """Returns minutes of the day as OSM and forms write them.

    >>> hhmm(570), hhmm(1440)
    ('09:30', '24:00')
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"


def overlapping(plages: Plages) -> Plage | None:
    """Returns the first of sorted spans that begins before the end of the one before it."""
    return next((later for sooner, later in pairwise(plages) if later.debut < sooner.until), None)


def merged(plages: Plages) -> Plages:
    """Returns the same times without overlaps; real listings have `09:00-17:00,14:00-17:00`.

    Raises `ValueError` when together they last more than a day.
    """
    joined: list[Plage] = []
    for plage in sorted(plages):
        if not joined or plage.debut >= joined[-1].until:
            joined.append(plage)
            continue
        debut, until = joined[-1].debut, max(joined[-1].until, plage.until)
        if until > debut + MIDNIGHT:
            raise ValueError("more than a day")
        joined[-1] = Plage(debut, until - MIDNIGHT * (until > MIDNIGHT))
    return tuple(joined)


def checked_plages(jour: str, plages: Plages) -> Plages:
    """Returns the spans of a day in order; raises `HoraireInvalide` when they cannot all be."""
    plages = tuple(sorted(plages))
    if len(plages) > MAX_PLAGES:
        raise HoraireInvalide(jour, f"Gardez {MAX_PLAGES} plages par jour au plus.")
    if overlapping(plages):
        raise HoraireInvalide(jour, "Deux plages se chevauchent : corrigez leurs heures.")
    return plages
