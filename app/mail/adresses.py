"""What may stand in the head of a message: addresses in ASCII, and texts that cannot end a line.

An error says which part is wrong and never quotes it: it is somebody's address.
"""

import re
import unicodedata
from typing import Final

MAX_ADDRESS = 254  # what a server takes between “<” and “>” (RFC 5321, 4.5.3.1)
MAX_LOCAL_PART = 64
# Quoted local parts ("jean dupont"@…) are in no use, and would let in spaces and brackets.
_LOCAL_PART: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
)
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# Since 2008 these name a domain of their own (.fr sells “ß”), where Python's codec writes “ss”: the
# message, and the link in it, would go to somebody else (RFC 5894, 7.2).
_DEVIATIONS: Final = frozenset("ßẞς\u200c\u200d")
# Control characters, halves of characters, and the two line ends that only Unicode knows: Python's
# own `splitlines`, which the standard library uses on headers, cuts at all of them.
_BREAKING_CATEGORIES: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


class CourrielInvalide(ValueError):
    """A message that must not be sent as it is; `champ` is the part to correct."""

    def __init__(self, champ: str) -> None:
        super().__init__(champ)
        self.champ = champ


class CaractereInterdit(CourrielInvalide):
    """A line end, a NUL or another control character, which could add a header of its own."""


class EnteteInvalide(CourrielInvalide):
    """A further header that is written by us already, is not plain ASCII, or is too long."""


class JetonInvalide(CourrielInvalide):
    """A token that does not fit in an address."""


class AdresseInvalide(CourrielInvalide):
    """Something else than one mailbox."""


class AdresseNonAscii(AdresseInvalide):
    """An address whose part before “@” has an accent: few servers could carry it (SMTPUTF8)."""


def is_breaking(character: str) -> bool:
    """True for a character that ends a line or commands a terminal, tabulation included."""
    return unicodedata.category(character) in _BREAKING_CATEGORIES


def check_one_line(champ: str, text: str) -> None:
    """Raises `CaractereInterdit` when a text could end the line that it is written on."""
    if any(map(is_breaking, text)):
        raise CaractereInterdit(champ)


def ascii_address(champ: str, address: str) -> str:
    """Returns an address as servers write it: accents of the domain in their `xn--` form.

    Raises `CaractereInterdit`, `AdresseNonAscii` or `AdresseInvalide`.
    """
    check_one_line(champ, address)
    # Before the codec, whose time grows with the square of the length of a label.
    if len(address) > MAX_ADDRESS:
        raise AdresseInvalide(champ)
    local_part, at, domain = address.rpartition("@")
    if not local_part.isascii():
        raise AdresseNonAscii(champ)
    written = f"{local_part}@{_ascii_domain(champ, domain)}"
    if (
        not at
        or len(local_part) > MAX_LOCAL_PART
        or not _LOCAL_PART.fullmatch(local_part)
        or len(written) > MAX_ADDRESS
    ):
        raise AdresseInvalide(champ)
    return written


def domain_of(address: str) -> str:
    """Returns what follows “@”, of an address that `ascii_address` returned."""
    return address.rpartition("@")[2]


def _ascii_domain(champ: str, domain: str) -> str:
    try:
        written = domain.encode("idna").decode("ascii")
    except UnicodeError:
        written = ""
    if not _DEVIATIONS.isdisjoint(domain) or not all(map(_LABEL.fullmatch, written.split("."))):
        raise AdresseInvalide(champ)
    return written
