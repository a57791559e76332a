"""The emergency numbers that every public page shows."""

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
