"""Opening hours in the form of a listing: a week to fill in, or the text that no week can show."""

import re
from collections.abc import Iterator, Mapping, Sequence

from werkzeug.datastructures import MultiDict

from app.hours.exception_fields import PREFIX
from app.hours.saisie import Faute
from app.hours.week import JOURS, Feries, Horaires
from app.hours.week_fields import fields_of, week_of_fields
from app.hours.week_osm import write_week
from app.hours.week_reading import read_week

CHAMP = "horaires_accueil"
MODE, GRILLE, TEXTE = "horaires.mode", "grille", "texte"
RECOPIER, AJOUTER = "horaires:recopier", "horaires:exception"
FERIES = {
    "": "Non précisé",
    Feries.FERMES: "Fermé les jours fériés",
    Feries.OUVERTS: "Ouvert comme les autres jours",
}
_LINE = re.compile(rf"{re.escape(PREFIX)}\.([0-9]{{1,4}})\.[a-z]+")
MAX_SHOWN_LINES = 60


def hours_fields(text: str | None) -> dict[str, str]:
    """Returns the fields of an expression: a week when one can show all of it, else its text."""
    if not text:
        return {MODE: GRILLE, CHAMP: ""}
    week = read_week(text)
    if week is None:
        return {MODE: TEXTE, CHAMP: text}
    return {MODE: GRILLE, CHAMP: text, **fields_of(week)}


def is_week(fields: MultiDict[str, str]) -> bool:
    """True when the form shows a week: what no week can show is kept until it is erased."""
    return fields.get(MODE) == GRILLE or not fields.get(CHAMP, "").strip()


def hours_of(fields: MultiDict[str, str], before: str | None) -> str | None:
    """Returns the expression that a form says; a week that did not change keeps its own writing."""
    if not is_week(fields):
        return fields.get(CHAMP, "").strip() or None
    week, _ = _week(fields)
    if before and read_week(before) == week:
        return before
    return write_week(week)


def hours_faults(fields: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    """Yields the field and the message of each fault of a week."""
    if is_week(fields):
        for faute in _week(fields)[1]:
            yield faute.champ, faute.message


def _week(fields: MultiDict[str, str]) -> tuple[Horaires, list[Faute]]:
    typed: Mapping[str, str] = {name: fields.get(name, "") for name in fields}
    return week_of_fields(typed)


def apply_hours(fields: MultiDict[str, str], faire: str) -> bool:
    """Does what a button of the week says; False when it is none of them."""
    if faire == RECOPIER:
        for jour in JOURS[1:5]:
            for half in ("0.debut", "0.fin", "1.debut", "1.fin"):
                fields[f"horaires.{jour}.{half}"] = fields.get(f"horaires.{JOURS[0]}.{half}", "")
        return True
    if faire == AJOUTER:
        fields[f"{PREFIX}.{max(exception_lines(fields), default=0) + 1}.du"] = ""
        return True
    return False


def exception_lines(fields: MultiDict[str, str]) -> Sequence[int]:
    """Returns the numbers of the lines of exceptions, in order."""
    numbers = {int(found[1]) for name in fields if (found := _LINE.fullmatch(name))}
    return sorted(numbers)[:MAX_SHOWN_LINES]


def spans_of(fields: MultiDict[str, str], jour: str) -> Sequence[int]:
    """Returns which spans of a day are shown: two, and the third when it is filled."""
    third = any(fields.get(f"horaires.{jour}.2.{half}") for half in ("debut", "fin"))
    return (0, 1, 2) if third else (0, 1)
