"""French dates, numbers, distances and plurals, with the spaces that must not break."""

import re
from datetime import date

from app.domain.francais import MOIS as MOIS
from app.domain.francais import NBSP as NBSP
from app.domain.francais import THIN as THIN
from app.domain.francais import apostrophes as apostrophes
from app.domain.francais import date_fr as date_fr
from app.domain.francais import day_fr as day_fr
from app.domain.francais import number_fr as number_fr
from app.domain.francais import quoted as quoted

_INVARIABLE = ("s", "x", "z")
_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"


def partial_date_fr(text: str) -> str:
    """Returns a year, a month or a day of the ISO form as it is said; anything else as it is.

    >>> partial_date_fr("2026-09").replace(NBSP, " "), partial_date_fr("2026")
    ('septembre 2026', '2026')
    """
    try:
        if len(text) == len("2026-09"):
            day = date.fromisoformat(f"{text}-01")
            return f"{MOIS[day.month - 1]}{NBSP}{day.year}"
        return date_fr(date.fromisoformat(text))
    except ValueError:
        return text


def parse_date(text: object) -> date | None:
    """Reads the ISO date of a document; None when there is none."""
    return date.fromisoformat(text[:10]) if isinstance(text, str) and text else None


def distance_fr(km: float) -> str:
    """Returns a distance as a walker reads it: metres below one kilometre, else kilometres.

    >>> distance_fr(3.21).replace(NBSP, " "), distance_fr(0.44).replace(NBSP, " ")
    ('3,2 km', '450 m')
    """
    if km < 0.05:
        return f"moins de 50{NBSP}m"
    if km < 0.975:
        return f"{50 * round(km * 20)}{NBSP}m"
    return f"{number_fr(round(km, 1) if km < 10 else round(km))}{NBSP}km"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Returns a count and its noun; zero is singular in French, and so is anything under two.

    >>> counted(0, "offre"), counted(2, "offre").replace(NBSP, " ")
    ('aucune offre', '2 offres')
    """
    if count == 0:
        return f"aucune {singular}"
    noun = singular if count == 1 else plural or plural_of(singular)
    return f"{number_fr(count)}{NBSP}{noun}"


def plural_of(noun: str) -> str:
    """Returns the regular plural, word by word."""
    return " ".join(w if w.endswith(_INVARIABLE) else f"{w}s" for w in noun.split())


def starts_with_vowel(text: str) -> bool:
    """True when « de » must be elided before the text."""
    return text[:1].lower() in _VOWELS


def de(nom: str) -> str:
    """Returns « de » before a proper noun, elided or contracted as its article asks.

    >>> de("Orange"), de("Le Thor"), de("Bollène"), de("Les Islettes"), de("L’Isle")
    ('d’Orange', 'du Thor', 'de Bollène', 'des Islettes', 'de L’Isle')
    """
    if nom.startswith("Le "):
        return f"du {nom[3:]}"
    if nom.startswith("Les "):
        return f"des {nom[4:]}"
    return f"d’{nom}" if starts_with_vowel(nom) else f"de {nom}"


def telephone_fr(number: str) -> str:
    """Returns a French telephone number by pairs of digits; any other is left as it is.

    >>> telephone_fr("+33490335640").replace(NBSP, " ")
    '04 90 33 56 40'
    """
    digits = "".join(char for char in number if char.isdigit())
    if number.strip().startswith("+33") and len(digits) == 11:
        digits = f"0{digits[2:]}"
    if len(digits) != 10 or not digits.startswith("0"):
        return number
    return NBSP.join(digits[first : first + 2] for first in range(0, 10, 2))


_BEFORE_WIDE = re.compile(r" ([:»])")
_BEFORE_THIN = re.compile(r" ([;!?])")


def typo(text: str) -> str:
    """Returns a sentence of ours with the spaces that must not break around its signs.

    >>> typo("« Oui » : non").replace(NBSP, "_")
    '«_Oui_»_: non'
    """
    wide = _BEFORE_WIDE.sub(rf"{NBSP}\1", text.replace("« ", f"«{NBSP}"))
    return _BEFORE_THIN.sub(rf"{THIN}\1", wide)
