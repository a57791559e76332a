"""The emergency numbers: every public page shows them, an urgent need shows its own first."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """One number to dial, and whom it reaches."""

    number: str
    name: str
    detail: str
    href: str


def _call(number: str, name: str, detail: str) -> EmergencyNumber:
    return EmergencyNumber(number, name, detail, f"tel:{number}")


EMERGENCY_NUMBERS = (
    _call("15", "Samu", "urgence médicale"),
    _call("17", "Police, gendarmerie", "danger immédiat"),
    _call("112", "Toutes les urgences", "partout en Europe"),
    _call("115", "Samu social", "nulle part où dormir"),
    _call("3919", "Violences Femmes Info", "anonyme, jour et nuit"),
    EmergencyNumber("114", "Urgence par SMS", "si vous ne pouvez ni entendre ni parler", "sms:114"),
    _call("3114", "Prévention du suicide", "jour et nuit"),
    _call("119", "Enfance en danger", "jour et nuit"),
)

# Whoever chooses one of these needs by its box may be in danger, as whoever types it.
_BY_NEED = {
    "famille--surmonter-conflits-separation-violence": ("3919", "17", "114"),
    "logement-hebergement--rechercher-une-solution-dhebergement-temporaire": ("115",),
    "sante--sante-mentale": ("3114", "15"),
}


def urgent_numbers(asked: Iterable[str], thematiques: Iterable[str]) -> tuple[EmergencyNumber, ...]:
    """Returns the numbers to show first: those that the words ask, then those of chosen needs."""
    wanted = [*asked, *(number for need in thematiques for number in _BY_NEED.get(need, ()))]
    known = {number.number: number for number in EMERGENCY_NUMBERS}
    return tuple(known[number] for number in dict.fromkeys(wanted))
