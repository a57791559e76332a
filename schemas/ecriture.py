"""What partners' software sends: the record of the schema v1 with our extensions, as it is kept.

What identifies a listing and what follows from its changes is not written: sent back as it was
read, it is accepted, so that a whole record can be read, changed and sent again.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.edition import NOT_TYPED, SOURCE_LOCALE
from app.domain.vocabulaire import EtatPublication
from schemas.problem import Erreur

# A new listing begins here: the name of another source would be taken for one of its feed.
NEW_ID = rf"{SOURCE_LOCALE}--[A-Za-z0-9_-]{{1,64}}"
# Of a new listing, `structure_id` is written; the dates and the official text of rules never are.
NOT_WRITTEN = (NOT_TYPED | {"derniere_confirmation", "regles"}) - {"structure_id"}
WRITTEN_STATES = (EtatPublication.PUBLIE, EtatPublication.RETIRE)
Record = dict[str, Any]


def new_record(body: Mapping[str, Any], ident: str, today: date) -> Record:
    """Returns the record of a listing that begins, without what nobody may write."""
    own = {"source": SOURCE_LOCALE, "id": ident, "date_maj": today.isoformat()}
    return {name: said for name, said in body.items() if name not in NOT_WRITTEN} | own


def changed_record(body: Mapping[str, Any], before: Mapping[str, Any]) -> Record:
    """Returns the record that replaces another: what is not said is erased, but for its state.

    Rules that are no longer those of the official text no longer say that they come from it.
    """
    fixed = NOT_WRITTEN | {"structure_id"}
    record = {name: said for name, said in body.items() if name not in fixed}
    kept = {name: before[name] for name in fixed if name in before}
    if body.get("eligibilite") != before.get("eligibilite"):
        kept.pop("regles", None)
    if record.get("etat_publication") is None:
        record["etat_publication"] = before.get("etat_publication")
    return record | kept


def fixed_faults(body: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[Erreur, ...]:
    """Returns the fields that are not written, and that say another thing than what is known."""
    names = sorted(NOT_WRITTEN | ({"structure_id"} if "structure_id" in known else set()))
    return tuple(
        Erreur(
            champ=name,
            message="Ce champ ne s’écrit pas : retirez-le, ou renvoyez-le comme il a été lu.",
        )
        for name in names
        if body.get(name) is not None and body[name] != known.get(name)
    )


def state_faults(body: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[Erreur, ...]:
    """Refuses a state that only this site gives."""
    said = body.get("etat_publication")
    if said is None or said in WRITTEN_STATES or said == before.get("etat_publication"):
        return ()
    words = " ou ".join(f"« {state} »" for state in WRITTEN_STATES)
    return (Erreur(champ="etat_publication", message=f"Écrivez {words}."),)
