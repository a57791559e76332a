"""French dates, numbers and lists in sentences, with the spaces that must not break."""

from collections.abc import Sequence
from datetime import date

NBSP = "\u00a0"  # before « : », inside guillemets, between a number and its unit
THIN = "\u202f"  # between thousands, before « ; ! ? »

MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def date_fr(day: date) -> str:
    """Returns a date as it is said.

    >>> date_fr(date(2024, 8, 1)).replace(NBSP, " ")
    '1er août 2024'
    """
    return f"{day_fr(day)}{NBSP}{day.year}"


def day_fr(day: date) -> str:
    """Returns a day and its month, without the year.

    >>> day_fr(date(2024, 8, 1)).replace(NBSP, " ")
    '1er août'
    """
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MOIS[day.month - 1]}"


def number_fr(value: int | float) -> str:
    """Returns a number with French separators, at most one decimal.

    >>> number_fr(1493).replace(THIN, " "), number_fr(2.5)
    ('1 493', '2,5')
    """
    text = f"{value:,.1f}".removesuffix(".0")
    return text.replace(",", THIN).replace(".", ",")


def apostrophes(text: str) -> str:
    """Returns a text with typographic apostrophes."""
    return text.replace("'", "’")


def quoted(text: str) -> str:
    """Returns a text between guillemets, with typographic apostrophes."""
    return f"«{NBSP}{apostrophes(text)}{NBSP}»"


def joined(parts: Sequence[str], last: str) -> str:
    """Returns an enumeration with its last conjunction.

    >>> joined(["l’ASS", "l’AAH", "le RSA"], "ou")
    'l’ASS, l’AAH ou le RSA'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
