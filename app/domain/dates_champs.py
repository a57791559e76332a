"""When each field of a listing was last known to be right, told by its revisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.edition import Revision

CONFIRMATION = "derniere_confirmation"
# A tree of conditions is shown in two fields: what is to be verified is a part of it.
SHOWN_IN: Mapping[str, Sequence[str]] = {
    "eligibilite": ("eligibilite", "eligibilite_a_verifier"),
    "code_insee": ("commune",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateChamp:
    """The newest news of a field: changed then, or confirmed as it was (`is_confirmed`)."""

    quand: datetime
    is_confirmed: bool


def dates_of(revisions: Iterable[Revision], champs: Sequence[str]) -> Mapping[str, DateChamp]:
    """Returns the newest news of each field, given the revisions of its listing in any order.

    A change dates the fields that it changes. “Rien n’a changé” confirms every field, and so does
    a change whose author has read the rest again. A creation dates them all. A field of which no
    revision tells anything has no date.
    """
    dates: dict[str, DateChamp] = {}
    for revision in sorted(revisions, key=lambda one: one.id):
        changed = {shown for name in revision.changes for shown in SHOWN_IN.get(name, (name,))}
        is_confirmed = CONFIRMATION in revision.changes
        is_creation = not revision.changes
        for champ in champs:
            if champ in changed or is_creation:
                dates[champ] = DateChamp(quand=revision.quand, is_confirmed=False)
            elif is_confirmed:
                dates[champ] = DateChamp(quand=revision.quand, is_confirmed=True)
    return dates
