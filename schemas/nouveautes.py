"""What nobody may newly write of a listing, though it may say it already.

A feed says such values too, and is not refused a whole record for one of them: they are kept as
they came. Saved again as it was, a listing keeps them; written by a person, they are a fault.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError

from app.domain.telephones import dialled
from schemas.fields import Jour
from schemas.suggestions import quoted

Record = Mapping[str, Any]
Faults = dict[str, list[str]]
SESSION, TELEPHONE = "prochaine_session", "telephone"
PAST = (
    "Cette date est passée : écrivez le jour de la prochaine session, ou effacez-la si aucune "
    "n’est prévue."
)
NOT_DIALLED = (
    "n’est pas un numéro que l’on peut composer : écrivez ses 10 chiffres, un numéro court comme "
    "3949, ou le signe + et l’indicatif du pays."
)


def telephone_faults(record: Record, *known: Record) -> Faults:
    """Returns the fault of a telephone that nobody can dial, and that no known record says."""
    said = _new(record, TELEPHONE, known)
    if said is None or dialled(said) is not None:
        return {}
    return {TELEPHONE: [f"{quoted(said.strip())} {NOT_DIALLED}"]}


def session_faults(record: Record, today: date, *known: Record) -> Faults:
    """Returns the fault of a session that has begun, and that no known record says."""
    said = _new(record, SESSION, known)
    try:
        day = Jour().read(said) if said is not None else today
    except ValidationError:  # no date at all: the schema says so
        return {}
    return {SESSION: [PAST]} if day < today else {}


def _new(record: Record, name: str, known: tuple[Record, ...]) -> str | None:
    """Returns what a record says of a field, None when it is silence or known already."""
    said = record.get(name)
    if not isinstance(said, str) or not said.strip() or said in [one.get(name) for one in known]:
        return None
    return said
