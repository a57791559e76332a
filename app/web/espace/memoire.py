"""Where a browser keeps what is typed until it is published, and the key that it is kept under.

It is kept on the machine, which several people may share: enciphered with a key that only the pages
of its author give, so that nobody else reads it, signed in or not. The scripts are
`static/js/fiche-memoire.js` and `static/js/espace.js`.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from flask import current_app

from app.domain.edition import FicheRef
from app.domain.publication import STRUCTURE
from app.web.auth.session import current_acteur


@dataclass(frozen=True, slots=True)
class Memoire:
    """The name of what is kept, and the key that it is enciphered with (AES-256, in Base64)."""

    nom: str
    cle: str


def memoire_of(
    ref: FicheRef, structure_id: str, *, is_new: bool, sent: int | None = None
) -> Memoire:
    """Returns where the form of a listing is kept; a new one has no name of its own yet."""
    return Memoire(nom=memory_name(ref, structure_id, is_new=is_new, sent=sent), cle=_key())


def memory_name(ref: FicheRef, structure_id: str, *, is_new: bool, sent: int | None = None) -> str:
    """Returns the name under which the form of a listing is kept.

    `sent` is the change of somebody else that it corrects: never mixed with another one.
    """
    if sent is not None:
        return f"proposition:{sent}"
    if is_new:
        return "nouvelle-structure" if ref.objet == STRUCTURE else f"nouvelle:{structure_id}"
    return f"{ref.objet}:{ref.id}"


def _key() -> str:
    """Returns the key of who is signed in: the same each time, and told to nobody else."""
    secret = current_app.config["SECRET_KEY"]
    if isinstance(secret, str):
        secret = secret.encode()
    about = f"saisie:{current_acteur().auteur}".encode()
    return base64.b64encode(hmac.new(secret, about, hashlib.sha256).digest()).decode()
