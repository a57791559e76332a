"""The lines of a form that say exceptions: days closed, or open at other hours.

Lines with the same dates are one exception with several spans, so that a line needs one only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.hours.opening import HOLIDAYS_KNOWN
from app.hours.plages import MAX_PLAGES, HoraireInvalide, Plage, hhmm, overlapping
from app.hours.saisie import Saisie
from app.hours.typed import date_of, quoted
from app.hours.week import PeriodeExceptionnelle

PREFIX = "horaires.exceptions"
MAX_LINES = 60  # `opening.MAX_CHARACTERS` has no room for more
_FIELD = re.compile(rf"{re.escape(PREFIX)}\.([0-9]{{1,4}})\.(?:du|au|debut|fin|commentaire)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """A line of the form that says something: the name that begins its fields, and an exception."""

    prefix: str
    exception: PeriodeExceptionnelle


def read_exceptions(saisie: Saisie) -> list[Ligne]:
    """Returns the exceptions, each with its first line, without those that have a fault."""
    numbers = sorted({int(found[1]) for name in saisie.fields if (found := _FIELD.fullmatch(name))})
    if len(numbers) > MAX_LINES:
        saisie.refuse(
            PREFIX, f"Gardez {MAX_LINES} exceptions au plus : retirez les plus anciennes."
        )
    lignes: dict[tuple[date, date], Ligne] = {}
    for number in numbers[:MAX_LINES]:
        ligne = _ligne(saisie, f"{PREFIX}.{number}")
        if ligne is None:
            continue
        dates = ligne.exception.du, ligne.exception.au
        lignes[dates] = _joined(saisie, lignes[dates], ligne) if dates in lignes else ligne
    return list(lignes.values())


def exception_fields(exceptions: tuple[PeriodeExceptionnelle, ...]) -> Iterator[tuple[str, str]]:
    """Lists the names and the values of the fields that say these exceptions."""
    lines: list[tuple[PeriodeExceptionnelle, Plage | None]] = [
        (exception, plage) for exception in exceptions for plage in exception.plages or (None,)
    ]
    for n, (exception, plage) in enumerate(lines):
        yield f"{PREFIX}.{n}.du", exception.du.isoformat()
        yield f"{PREFIX}.{n}.au", exception.au.isoformat()
        if plage:
            yield f"{PREFIX}.{n}.debut", hhmm(plage.debut)
            yield f"{PREFIX}.{n}.fin", hhmm(plage.fin)
        if exception.commentaire:
            yield f"{PREFIX}.{n}.commentaire", exception.commentaire


def _ligne(saisie: Saisie, prefix: str) -> Ligne | None:
    """Returns what a line says; None when it is blank or has a fault."""
    known = len(saisie.fautes)
    halves = ("du", "au", "debut", "fin", "commentaire")
    if not any(saisie.text(f"{prefix}.{half}") for half in halves):
        return None
    du = _date(saisie, f"{prefix}.du")
    au = _date(saisie, f"{prefix}.au") if saisie.text(f"{prefix}.au") else du
    plage = saisie.plage(prefix)
    commentaire = saisie.commentaire(f"{prefix}.commentaire")
    if len(saisie.fautes) > known or du is None or au is None:
        return None
    plages = (plage,) if plage else ()
    try:
        exception = PeriodeExceptionnelle(du=du, au=au, plages=plages, commentaire=commentaire)
    except HoraireInvalide as refusal:
        saisie.refuse(f"{prefix}.{_half_at_fault(du, au, plage)}", str(refusal))
        return None
    return Ligne(prefix=prefix, exception=exception)


def _half_at_fault(du: date, au: date, plage: Plage | None) -> str:
    """Tells which field of a line has what its exception refuses: its dates, or else its night."""
    if du.year not in HOLIDAYS_KNOWN:
        return "du"
    is_night_alone = plage and plage.is_nuit and du <= au and au.year in HOLIDAYS_KNOWN
    return "fin" if is_night_alone else "au" if au != du else "du"


def _joined(saisie: Saisie, first: Ligne, other: Ligne) -> Ligne:
    """Returns the first line with what another of the same dates adds to it, or with a fault."""
    ours, theirs = first.exception, other.exception
    plages = tuple(sorted((*ours.plages, *theirs.plages)))
    if bool(ours.plages) != bool(theirs.plages):
        message = (
            "Ces jours sont fermés sur une ligne et ouverts sur l’autre : gardez l’une des deux."
        )
        saisie.refuse(f"{other.prefix}.debut", message)
    elif overlapping(plages):
        message = "Cette plage en chevauche une autre des mêmes jours : corrigez ses heures."
        saisie.refuse(f"{other.prefix}.debut", message)
    elif len(plages) > MAX_PLAGES:
        saisie.refuse(f"{other.prefix}.debut", f"Gardez {MAX_PLAGES} plages par jour au plus.")
    elif ours.commentaire and theirs.commentaire and ours.commentaire != theirs.commentaire:
        message = "Ces jours ont déjà un autre commentaire : écrivez le même ou laissez vide."
        saisie.refuse(f"{other.prefix}.commentaire", message)
    else:
        commentaire = ours.commentaire or theirs.commentaire
        return replace(first, exception=replace(ours, plages=plages, commentaire=commentaire))
    return first


def _date(saisie: Saisie, champ: str) -> date | None:
    text = saisie.text(champ)
    day = date_of(text)
    if not text:
        saisie.refuse(champ, "Indiquez le premier jour, par exemple 24/12/2026.")
    elif day is None:
        saisie.refuse(champ, f"{quoted(text)} n’est pas une date : écrivez par exemple 24/12/2026.")
    return day
