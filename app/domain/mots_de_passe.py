"""A password, for who wants one: what it must be, how often it may be tried, how it is kept.

A link sent by e-mail stays the way in for everybody: whoever tries passwords on an account can slow
down its password, and never keeps its owner out (ASVS 5.0, 6.1.1 and 6.3.1).
"""

import hashlib
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NewType, Protocol

from app.domain.comptes import Compte
from app.domain.connexion import Empreinte, Session
from app.domain.errors import CatalogueError

Secret = NewType("Secret", str)
"""An Argon2 digest, with its parameters and its salt."""
Cle = NewType("Cle", str)
"""What tries are counted by: the digest of the address that was typed, known or not."""

# A password alone opens the account: 15 is what ASVS 5.0 (6.2.1) strongly recommends, and what NIST
# SP 800-63B-4 (3.1.1.2) asks of a password without a second factor.
MIN_CARACTERES = 15
MAX_CARACTERES = 128  # twice the 64 that ASVS 5.0 (6.2.9) wants allowed; bounds what is hashed
# What is left once all that is easily guessed is taken out keeps to ASVS's own floor (6.2.1).
MIN_IMPREVISIBLE = 8
# Ten wrong tries an hour is a tenth of what ASVS 4.0.3 (2.2.1) allowed to one account.
MAX_ESSAIS = 10
FENETRE_ESSAIS = timedelta(hours=1)
# As long as a link serves: who has just opened one has just shown that the mailbox is theirs.
FRAICHEUR = timedelta(minutes=15)
SITE = (
    "eventail",
    "motdepasse",
)  # words of this site, that a guesser tries first (ASVS 5.0, 6.2.11)
MIN_MOT = 3  # letters: shorter parts of an address are in half of all words


class MotifMotDePasse(StrEnum):
    """Why a password cannot be chosen."""

    COURT = "court"
    LONG = "long"
    PREVISIBLE = "previsible"
    COURANT = "courant"
    PERSONNEL = "personnel"


class MotDePasseRefuse(CatalogueError):
    """A password that cannot be chosen, and why."""

    def __init__(self, motif: MotifMotDePasse) -> None:
        super().__init__(motif)
        self.motif = motif


class MotDePasseFaux(CatalogueError):
    """These do not open an account; nobody is told whether there is one."""


class PreuveManquante(CatalogueError):
    """A password is changed by who knows it, or has just opened a link: neither was shown."""


class TropDEssais(CatalogueError):
    """Passwords were tried too often for one address; a link still opens its account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompteSecret:
    """An open account that has a password."""

    compte_id: int
    secret: Secret


class Hachoir(Protocol):
    """Turns passwords into digests, slowly on purpose."""

    @property
    def leurre(self) -> Secret:
        """The digest of a password that nobody knows: checking it costs what a real one does."""
        ...

    def hash(self, mot_de_passe: str) -> Secret:
        """Returns a new digest, with a salt of its own."""
        ...

    def verify(self, secret: Secret, mot_de_passe: str) -> bool:
        """Tells whether a digest is that of a password."""
        ...

    def is_stale(self, secret: Secret) -> bool:
        """Tells whether a digest was made with other parameters than those of today."""
        ...


class MotDePasseStore(Protocol):
    """Keeps digests and counts tries; each call is one transaction."""

    def add_essai(self, cle: Cle, quand: datetime) -> None:
        """Counts a try before it is made. Raises `TropDEssais`, and then counts nothing."""
        ...

    def secret_of(self, courriel: str) -> CompteSecret | None:
        """Returns the password of an account; None: no account, no password, or closed."""
        ...

    def open_with_secret(
        self, found: CompteSecret, cle: Cle, session: Empreinte, quand: datetime
    ) -> Session:
        """Opens a session of an account, and forgets its wrong tries.

        Raises `MotDePasseFaux` when its password was changed, or the account closed, meanwhile.
        """
        ...

    def replace_secret(self, found: CompteSecret, secret: Secret) -> None:
        """Keeps a newer digest of the same password, unless it was changed meanwhile."""
        ...

    def set_secret(self, compte_id: int, secret: Secret | None, garder: Empreinte) -> None:
        """Sets or removes a password, and closes every session of its account but one."""
        ...

    def forget_essais(self, cle: Cle) -> None:
        """Forgets the tries of an address, since the right password was given."""
        ...


def normalized(mot_de_passe: str) -> str:
    """Returns a password as it is hashed: composed (NFC), and nothing else is touched.

    An “é” is one character or two, as keyboards please: without this a password typed on a phone
    would not open on a computer (NIST SP 800-63B-4, 3.1.1.2).
    """
    return unicodedata.normalize("NFC", mot_de_passe)


def cle_of(courriel: str) -> Cle:
    """Returns what the tries of an address are counted by; unknown addresses count alike."""
    return Cle(hashlib.sha256(courriel.encode("utf-8", "replace")).hexdigest())


def check(mot_de_passe: str, compte: Compte, courants: Collection[str]) -> None:
    """Raises `MotDePasseRefuse` for a password that is too short, or that a guesser tries first.

    `courants` are the most common passwords, in small letters. Any characters are fine
    (ASVS 5.0, 6.2.5).
    """
    if len(mot_de_passe) < MIN_CARACTERES:
        raise MotDePasseRefuse(MotifMotDePasse.COURT)
    if len(mot_de_passe) > MAX_CARACTERES:
        raise MotDePasseRefuse(MotifMotDePasse.LONG)
    folded = _folded(mot_de_passe)
    # Folding may spread one sign over many: what is repeated is looked for before and after.
    if min(_surprises(_unit(text)) for text in (mot_de_passe, folded)) < MIN_IMPREVISIBLE:
        raise MotDePasseRefuse(MotifMotDePasse.PREVISIBLE)
    if _is_common(folded, courants):
        raise MotDePasseRefuse(MotifMotDePasse.COURANT)
    left = folded
    for word in _own_words(compte):
        left = left.replace(word, "")
    if left != folded and _surprises(left) < MIN_IMPREVISIBLE:
        raise MotDePasseRefuse(MotifMotDePasse.PERSONNEL)


def _folded(text: str) -> str:
    """Returns a text without capitals nor accents: a guesser tries them all."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in spread if not unicodedata.combining(char))


def _unit(text: str) -> str:
    """Returns the part that a text repeats: `abc` for `abcabcabc`, the text itself otherwise."""
    return text[: (text + text).find(text, 1)] if text else text


def _surprises(text: str) -> int:
    """Counts the characters that neither repeat the one before nor follow it, as in `4321`."""
    follows = sum(1 for before, after in pairwise(text) if abs(ord(after) - ord(before)) <= 1)
    return len(text) - follows


def _is_common(text: str, courants: Collection[str]) -> bool:
    """True for a common password, or one stuck to another, or to a run such as `1234`."""
    if text in courants:
        return True
    return any(
        _is_guessed(text[:cut], courants) and _is_guessed(text[cut:], courants)
        for cut in range(1, len(text))
    )


def _is_guessed(part: str, courants: Collection[str]) -> bool:
    return part in courants or _unit(part) in courants or _surprises(part) == 1


def _own_words(compte: Compte) -> Iterator[str]:
    """Yields what is known of a person and of this site, the longest first."""
    local_part, _, domain = _folded(compte.courriel).partition("@")
    texts = (f"{local_part}@{domain}", local_part, domain, local_part.replace(".", ""))
    pieces = _cut(f"{local_part} {domain} {_folded(compte.nom)}")
    words = {word for word in (*texts, *pieces, *SITE) if len(word) >= MIN_MOT}
    yield from sorted(words, key=lambda word: (-len(word), word))


def _cut(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text).split()
