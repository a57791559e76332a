"""When a verdict will change by itself: ages and durations grow, other facts fixed."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.arbre import Critere, criteres
from app.domain.durees import DateConnue, reached_on
from app.domain.francais import MOIS, NBSP, date_fr
from app.domain.offre import Offre
from app.domain.profil import Profil
from app.domain.verdict import Valeur
from app.domain.vocabulaire import Vocabulaire

HORIZON_MONTHS = 24  # design section 3: farther, nobody plans


@dataclass(frozen=True, slots=True)
class Horizon:
    """The day, or only the month, of the next change, and the value from then on."""

    quand: DateConnue
    valeur: Valeur

    @property
    def iso(self) -> str:
        """The day as `2028-05-12`, or the month as `2028-05`."""
        day = self.quand.premier
        return day.isoformat() if self.quand.is_exact else f"{day:%Y-%m}"

    @property
    def en_francais(self) -> str:
        """The day, or the month, as it is said."""
        day = self.quand.premier
        if self.quand.is_exact:
            return f"le {date_fr(day)}"
        return f"en {MOIS[day.month - 1]}{NBSP}{day.year}"

    @property
    def jusque(self) -> str:
        """Until when things stay as they are: “jusqu’au 12 mai 2028”, “jusqu’en mai 2028”."""
        when = self.en_francais
        return f"jusqu’au {when.removeprefix('le ')}" if self.quand.is_exact else f"jusqu’{when}"


def leaves_of(offre: Offre, vocabulaire: Vocabulaire) -> Iterator[Critere]:
    """Yields every criterion that an offer's verdict rests on, its publics' included."""
    if offre.eligibilite is not None:
        yield from criteres(offre.eligibilite.racine)
    for valeur in offre.publics or ():
        if (public := vocabulaire.publics.get(valeur)) is not None:
            yield from criteres(public.certain)
            yield from criteres(public.possible)


def next_change(
    leaves: Iterator[Critere], profil: Profil, today: date, judge: Callable[[Profil], Valeur]
) -> Horizon | None:
    """Returns when the value of `judge` next changes, within 24 months; None when it does not.

    A date known to the month gives a month; one known to the year gives nothing.
    """
    now = judge(profil)
    last = _months_later(today, HORIZON_MONTHS)
    for quand in _moments(leaves, profil, today, last):
        later = judge(profil.at(quand.dernier))
        if later != now:
            return Horizon(quand, later)
    return None


def _moments(
    leaves: Iterator[Critere], profil: Profil, today: date, last: date
) -> list[DateConnue]:
    """Lists the days, or months, when a dated fact crosses a bound of some criterion."""
    found = set()
    for leaf in leaves:
        depuis = profil.dates.get(leaf.fait)
        if depuis is None or not (depuis.debut.is_exact or depuis.debut.is_month):
            continue
        for count in _crossings(leaf):
            days = [
                reached_on(day, count, depuis.unite)
                for day in (depuis.debut.premier, depuis.debut.dernier)
            ]
            if days[0] is None or days[1] is None or not today < days[1] <= last:
                continue
            first = days[0] if days[0] == days[1] else max(days[0], today)
            found.add(DateConnue(first, days[1]))
    return sorted(found, key=lambda quand: (quand.dernier, quand.premier))


def _crossings(leaf: Critere) -> Iterator[int]:
    """Yields the counts at which a criterion may change its mind."""
    for bound in (leaf.min, leaf.max_exclu):
        if isinstance(bound, float | int):
            yield max(0, int(-(-bound // 1)))
    for bound in (leaf.max, leaf.min_exclu):
        if isinstance(bound, float | int):
            yield max(0, int(bound // 1) + 1)


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
