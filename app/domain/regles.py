"""Where the structured rules of an offer come from, and whether somebody vouches for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EtatRegles(StrEnum):
    """Whether a coordinator has compared the rules with the practice of the territory."""

    A_CONFIRMER = "a-confirmer"
    CONFIRMEES = "confirmees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regles:
    """The official text that `eligibilite` was written from, and the day when it was read.

    A law says who is entitled, a territory how it is done: rules stay to be confirmed until a
    coordinator says that they hold here.
    """

    source: str
    lien: str
    lue_le: date
    etat: EtatRegles = EtatRegles.A_CONFIRMER


def regles_to_json(regles: Regles) -> dict[str, str]:
    """Returns the form that API, feeds and database share."""
    return {
        "source": regles.source,
        "lien": regles.lien,
        "lue_le": regles.lue_le.isoformat(),
        "etat": regles.etat.value,
    }


def regles_from_json(form: Mapping[str, str]) -> Regles:
    """Returns the rules' origin from a form that was checked when it was written."""
    return Regles(
        source=form["source"],
        lien=form["lien"],
        lue_le=date.fromisoformat(form["lue_le"]),
        etat=EtatRegles(form["etat"]),
    )
