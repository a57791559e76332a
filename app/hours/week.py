"""The opening hours that a form can show: seven days, public holidays and dated exceptions.

These are values only: `week_osm` reads and writes them as OSM expressions, `week_fields` as the
fields of a form. What cannot be written without a wrong answer is refused here, in French, with
the way to mend it.

An exception and a closed holiday begin at midnight: they cut what is left of the night before.
When an exception lies within another one, the shorter is right on its own days.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.hours.opening import HOLIDAYS_KNOWN
from app.hours.plages import MIDNIGHT, HoraireInvalide, Plages, checked_plages

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MAX_COMMENTAIRE = 80  # repeated in seven rules, it still fits in `opening.MAX_CHARACTERS`
ONE_DAY = timedelta(days=1)


class Feries(StrEnum):
    """What happens on public holidays; None, elsewhere, when it is not said."""

    FERMES = "fermes"
    OUVERTS = "ouverts"  # as on the same day of any week


Semaine = tuple[Plages, Plages, Plages, Plages, Plages, Plages, Plages]
SEMAINE_VIDE: Semaine = ((), (), (), (), (), (), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodeExceptionnelle:
    """Days, from `du` to `au` included, closed when there is no span, or open on others.

    The spans are those of every day of the period, Sundays too, and end at 24:00 at the latest.
    Raises `HoraireInvalide` when the
    days are out of order or of years without known holidays, or for what it holds.
    """

    du: date
    au: date
    plages: Plages = ()
    commentaire: str | None = None

    def __post_init__(self) -> None:
        jour = self.du.isoformat()
        if self.au < self.du:
            raise HoraireInvalide(
                jour, "Le dernier jour est avant le premier : corrigez les dates."
            )
        for day in (self.du, self.au):
            if day.year not in HOLIDAYS_KNOWN:
                first, last = HOLIDAYS_KNOWN[0], HOLIDAYS_KNOWN[-1]
                raise HoraireInvalide(jour, f"Écrivez une année entre {first} et {last}.")
        _check_commentaire(jour, self.commentaire)
        if any(plage.is_nuit for plage in self.plages):
            # The week's own hours of the day after would make the library forget them.
            raise HoraireInvalide(
                jour, "Arrêtez ces heures à 24:00, puis ajoutez une exception pour le lendemain."
            )
        _settle(self, "plages", checked_plages(jour, self.plages))

    def covers(self, day: date) -> bool:
        """Tells whether a day is one of the period."""
        return self.du <= day <= self.au


@dataclass(frozen=True, slots=True, kw_only=True)
class Horaires:
    """The hours of a place; spans and exceptions are put in order.

    `commentaire`, such as “sur rendez-vous”, holds for all hours save those of an exception that
    has its own. Raises `HoraireInvalide` for what no expression could say without a wrong answer.
    """

    semaine: Semaine = SEMAINE_VIDE
    feries: Feries | None = None
    exceptions: tuple[PeriodeExceptionnelle, ...] = ()
    commentaire: str | None = None

    def __post_init__(self) -> None:
        jours = zip(JOURS, self.semaine, strict=True)
        _settle(self, "semaine", tuple(checked_plages(jour, plages) for jour, plages in jours))
        _check_commentaire("commentaire", self.commentaire)
        exceptions = sorted(map(self._with_own_comment, self.exceptions), key=_outer_first)
        _settle(self, "exceptions", tuple(exceptions))
        self._check_feries()
        for n, exception in enumerate(self.exceptions):
            self._check_place(exception, self.exceptions[:n])
            self._check_last_night(exception)

    @property
    def is_blank(self) -> bool:
        """Tells whether nothing says when to come: no hours, no comment."""
        has_hours = any(self.semaine) or any(exception.plages for exception in self.exceptions)
        return not has_hours and self.commentaire is None

    @property
    def has_nights(self) -> bool:
        """Tells whether an ordinary day goes on after midnight."""
        return any(plage.is_nuit for plages in self.semaine for plage in plages)

    def exception_on(self, day: date) -> PeriodeExceptionnelle | None:
        """Returns the exception that rules a day: the shortest of those that cover it."""
        return next((found for found in reversed(self.exceptions) if found.covers(day)), None)

    def _with_own_comment(self, exception: PeriodeExceptionnelle) -> PeriodeExceptionnelle:
        """Returns an exception without the comment that all hours have already."""
        is_own = not exception.plages or exception.commentaire != self.commentaire
        return exception if is_own else replace(exception, commentaire=None)

    def _check_feries(self) -> None:
        if self.feries is not Feries.OUVERTS:
            return
        if not any(self.semaine):
            raise HoraireInvalide("feries", "Indiquez d’abord les heures d’au moins un jour.")
        if self.has_nights and len(set(self.semaine)) > 1:
            # OSM has no word for “a holiday as any other day”: the rules that replace one another
            # to say it would cut the nights at midnight.
            raise HoraireInvalide(
                "feries",
                "Avec des heures après minuit, nous ne savons pas encore ouvrir les jours fériés : "
                "laissez « non précisé », ou coupez la nuit à 24:00.",
            )

    def _check_place(
        self, exception: PeriodeExceptionnelle, others: tuple[PeriodeExceptionnelle, ...]
    ) -> None:
        """Refuses an exception that begins in another and does not end in it."""
        for other in others:
            if other.covers(exception.du) and not (
                exception.au <= other.au and (exception.du, exception.au) != (other.du, other.au)
            ):
                raise HoraireInvalide(
                    exception.du.isoformat(),
                    "Ces jours sont en partie ceux d’une autre exception : changez les dates pour "
                    "qu’un jour n’ait qu’une règle.",
                )

    def _check_last_night(self, exception: PeriodeExceptionnelle) -> None:
        """Refuses hours until 24:00 in place of a night, whose end would still be read as open.

        `opening` sees that an evening was closed, not that a night was cut at midnight.
        """
        if not any(plage.fin == MIDNIGHT for plage in exception.plages):
            return
        usual = self.semaine[exception.au.weekday()]
        after = exception.au + ONE_DAY
        if any(plage.is_nuit for plage in usual) and self.exception_on(after) is None:
            raise HoraireInvalide(
                exception.du.isoformat(),
                "Cette fois la nuit s’arrête à 24:00 : ajoutez une exception pour le lendemain "
                f"({after:%d/%m/%Y}), avec ses heures.",
            )


def _check_commentaire(jour: str, commentaire: str | None) -> None:
    if commentaire is None:
        return
    if len(commentaire) > MAX_COMMENTAIRE:
        raise HoraireInvalide(
            jour, f"Ce commentaire est trop long : gardez {MAX_COMMENTAIRE} caractères au plus."
        )
    is_plain = commentaire.isprintable() and " ".join(commentaire.split()) == commentaire
    if not (commentaire and is_plain) or '"' in commentaire:
        raise HoraireInvalide(
            jour, 'Écrivez le commentaire sur une ligne, sans guillemets droits (").'
        )


def _outer_first(exception: PeriodeExceptionnelle) -> tuple[date, timedelta]:
    return exception.du, exception.du - exception.au


def _settle(value: object, name: str, settled: object) -> None:
    """Puts a field of a frozen value in its one order, while it is being made."""
    object.__setattr__(value, name, settled)
