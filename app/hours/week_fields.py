"""The hours of a place as the fields of a form: what people type, and what fills it again.

horaires.lundi.0.debut, horaires.lundi.0.fin    up to three spans a day
horaires.feries                                 "fermes", "ouverts", or blank: not said
horaires.commentaire
horaires.exceptions.0.du, .au, .debut, .fin, .commentaire
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from app.hours.exception_fields import PREFIX, Ligne, exception_fields, read_exceptions
from app.hours.opening import MAX_CHARACTERS
from app.hours.plages import MAX_PLAGES, HoraireInvalide, Plage, Plages, hhmm
from app.hours.saisie import Faute, Saisie
from app.hours.week import JOURS, Feries, Horaires, Semaine
from app.hours.week_osm import write_week

_FERIES = "horaires.feries"
_COMMENTAIRE = "horaires.commentaire"


def week_of_fields(fields: Mapping[str, str]) -> tuple[Horaires, list[Faute]]:
    """Returns the hours that a form says, and its faults; what has a fault is left out of them.

    No hours must be kept while there are faults. Other fields of the form are ignored.
    """
    saisie = Saisie(fields)
    semaine = cast(Semaine, tuple(_jour(saisie, jour) for jour in JOURS))
    week = Horaires(semaine=semaine, commentaire=saisie.commentaire(_COMMENTAIRE))
    horaires = _with_exceptions(saisie, _with_feries(saisie, week), read_exceptions(saisie))
    _check_whole(saisie, horaires)
    return horaires, saisie.fautes


def fields_of(horaires: Horaires) -> dict[str, str]:
    """Returns the fields that are not blank in the form of these hours; times are `HH:MM`."""
    fields: dict[str, str] = {}
    for jour, plages in zip(JOURS, horaires.semaine, strict=True):
        for n, plage in enumerate(plages):
            fields[f"horaires.{jour}.{n}.debut"] = hhmm(plage.debut)
            fields[f"horaires.{jour}.{n}.fin"] = hhmm(plage.fin)
    if horaires.feries:
        fields[_FERIES] = horaires.feries.value
    if horaires.commentaire:
        fields[_COMMENTAIRE] = horaires.commentaire
    return fields | dict(exception_fields(horaires.exceptions))


def _jour(saisie: Saisie, jour: str) -> Plages:
    typed: list[tuple[Plage, str]] = []
    for n in range(MAX_PLAGES):
        prefix = f"horaires.{jour}.{n}"
        if plage := saisie.plage(prefix):
            typed.append((plage, prefix))
    kept: list[Plage] = []
    for plage, prefix in sorted(typed):
        if kept and plage.debut < kept[-1].until:
            message = f"Cette plage en chevauche une autre du {jour} : corrigez ses heures."
            saisie.refuse(f"{prefix}.debut", message)
        else:
            kept.append(plage)
    return tuple(kept)


def _with_feries(saisie: Saisie, week: Horaires) -> Horaires:
    said = saisie.text(_FERIES)
    if not said or (said == Feries.OUVERTS and not any(week.semaine)):
        return week  # “open as on other days” says nothing when no day is open
    try:
        return replace(week, feries=Feries(said))
    except HoraireInvalide as refusal:
        saisie.refuse(_FERIES, str(refusal))
    except ValueError:
        saisie.refuse(_FERIES, "Choisissez « fermés », « ouverts » ou « non précisé ».")
    return week


def _with_exceptions(saisie: Saisie, week: Horaires, lignes: Sequence[Ligne]) -> Horaires:
    """Adds the exceptions, without those that cannot stand beside the others."""
    kept = sorted(lignes, key=lambda ligne: (ligne.exception.du, ligne.exception.au))
    while True:
        try:
            return replace(week, exceptions=tuple(ligne.exception for ligne in kept))
        except HoraireInvalide as refusal:
            guilty = [ligne for ligne in kept if ligne.exception.du.isoformat() == refusal.jour]
            saisie.refuse(f"{guilty[-1].prefix}.du", str(refusal))
            kept.remove(guilty[-1])


def _check_whole(saisie: Saisie, horaires: Horaires) -> None:
    if saisie.fautes:
        return
    if horaires.is_blank and horaires.exceptions:
        saisie.refuse(
            "horaires.lundi.0.debut",
            "Indiquez les heures d’au moins un jour, ou un commentaire comme « sur rendez-vous » : "
            "des jours de fermeture ne disent pas quand venir.",
        )
    if len(write_week(horaires) or "") > MAX_CHARACTERS:
        saisie.refuse(
            PREFIX, "Il y a trop d’exceptions : retirez les plus anciennes ou leurs commentaires."
        )
