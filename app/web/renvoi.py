"""What was typed in a form of the partners' space that could not be done: kept to be sent again.

The page that says so is the only place where it stays, in hidden fields. A password, a file and the
token of a form are never in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import request, url_for
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms.validators import ValidationError  # type: ignore[import-untyped]  # it has no stubs

from app.web.same_origin import is_same_origin

CSRF_FIELD = "csrf_token"
BLUEPRINT = "espace"
# What a script asks a part of a page by: sent again by a person, the whole page is wanted.
FRAGMENT = "fragment"
PASSWORDS = frozenset(("mot_de_passe", "actuel", "nouveau"))
READ_FILE = "depot"  # the name of a file that was read, which opens what is in it
# Where the forms that carry one are typed again.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "espace.choisir_mot_de_passe": "espace.compte",
        "espace.retirer_mot_de_passe": "espace.compte",
        "espace.lire_depot": "espace.depot",
        "espace.publier_depot": "espace.depot",
    }
)
# Flask reads 500 kB of text at most, which bounds their size; the largest form of a listing, with a
# hundred conditions, has fewer fields than this.
MAX_CHAMPS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Champ:
    """A field of a form as it was typed, to be sent again."""

    nom: str
    valeur: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renvoi:
    """A form that was not done, and how it may be sent again."""

    action: str
    champs: tuple[Champ, ...] = ()
    has_jeton: bool = False
    """True when the form is of this session: sent again, it is done at once."""
    has_password: bool = False
    has_file: bool = False
    page: str = ""
    """Where the form is filled in again, for one that cannot be kept."""

    @property
    def is_kept(self) -> bool:
        """Tells whether what was typed can be sent again as it is."""
        return not self.page

    @property
    def textes(self) -> tuple[str, ...]:
        """Returns what nobody would like to type again: to be read, and copied from there."""
        return tuple(champ.valeur for champ in self.champs if " " in champ.valeur.strip())


def renvoi_of_request() -> Renvoi | None:
    """Returns the form that was sent, None when no page of the space sent it, or it is too long."""
    if request.method != "POST" or request.blueprint != BLUEPRINT or not is_same_origin():
        return None
    try:
        return renvoi_of_form()
    except RequestEntityTooLarge:
        return None


def renvoi_of_form() -> Renvoi:
    """Returns the form that was sent. Raises `RequestEntityTooLarge`."""
    champs = tuple(
        Champ(nom=nom, valeur=valeur)
        for nom, valeur in request.form.items(multi=True)
        if nom not in (CSRF_FIELD, FRAGMENT)
    )
    action = request.full_path if request.query_string else request.path
    has_password = not PASSWORDS.isdisjoint(request.form)
    has_file = bool(request.files) or READ_FILE in request.form
    if has_file or has_password or len(champs) > MAX_CHAMPS:
        return Renvoi(action=action, has_file=has_file, has_password=has_password, page=_page())
    return Renvoi(action=action, champs=champs, has_jeton=is_token_valid())


def _page() -> str:
    """Returns the page of a form that is filled in again."""
    page = PAGES.get(request.endpoint or "")
    return url_for(page, **(request.view_args or {})) if page else url_for("espace.accueil")


def is_token_valid() -> bool:
    """Tells whether the form that was sent was made for this session."""
    try:
        validate_csrf(request.form.get(CSRF_FIELD))
    except ValidationError:
        return False
    return True
