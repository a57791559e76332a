"""Which revision of a listing a write was made from: RFC 9110, `If-Match` and `If-None-Match`.

So nobody writes over what they have not read: the entity tag is the number of the revision, and the
store compares it once more inside its transaction.
"""

from flask import request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from app.domain.edition import Fiche, ModifieeEntretemps
from app.web.auth.session import current_acteur, current_espace
from app.web.errors import Refusee
from schemas.problem import Erreur

MAX_DIGITS = 10  # of a revision: a column of 32 bits has no more
NEW = 0  # the revision of what does not exist yet


def required_base(current: Fiche | None) -> int:
    """Returns the revision that the request was made from, `NEW` for a listing that begins.

    Raises 428 when the request names none, 412 when it is not the newest.
    """
    if request.if_none_match.star_tag:
        if current is not None or request.if_match:
            raise Refusee(PreconditionFailed(), headers=etag_of(current))
        return NEW
    tags = sorted(_named_revisions())
    if not request.if_match or request.if_match.star_tag:  # “whatever it is” reads nothing
        raise Refusee(PreconditionRequired(), headers=etag_of(current))
    if current is None:
        raise Refusee(PreconditionFailed())
    if current.revision not in tags:
        raise stale(current, tags[-1] if tags else current.revision)
    return current.revision


def stale(current: Fiche, base: int) -> Refusee:
    """Returns the refusal of a write made from an older revision: it names what has changed."""
    changes = current_espace().edition.changes_since(current_acteur(), current.ref, base)
    erreurs = tuple(Erreur(champ=name, message="Changé entre-temps.") for name in changes)
    return Refusee(PreconditionFailed(), headers=etag_of(current), erreurs=erreurs)


def stale_after(conflict: ModifieeEntretemps, current: Fiche) -> Refusee:
    """Returns the refusal of a write that another one has overtaken."""
    oldest = min((revision.id for revision in conflict.revisions), default=current.revision + 1)
    return stale(current, oldest - 1)


def etag_of(fiche: Fiche | None) -> dict[str, str]:
    """Returns the header that names the revision of a listing."""
    return {} if fiche is None else {"ETag": f'"{fiche.revision}"'}


def _named_revisions() -> list[int]:
    """Returns the strong tags that may be revisions of ours; `If-Match` compares no weak one."""
    tags = request.if_match.as_set()
    return [
        int(tag) for tag in tags if tag.isascii() and tag.isdecimal() and len(tag) <= MAX_DIGITS
    ]
