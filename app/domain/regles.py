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
    confirmees_par: str | None = None
    """The name of the territory whose coordination vouches for them: never a person's."""
    confirmees_le: date | None = None


def regles_to_json(regles: Regles) -> dict[str, str]:
    """Returns the form that API, feeds and database share."""
    form = {
        "source": regles.source,
        "lien": regles.lien,
        "lue_le": regles.lue_le.isoformat(),
        "etat": regles.etat.value,
    }
    if regles.confirmees_par is not None:
        form["confirmees_par"] = regles.confirmees_par
    if regles.confirmees_le is not None:
        form["confirmees_le"] = regles.confirmees_le.isoformat()
    return form


def regles_from_json(form: Mapping[str, str]) -> Regles:
    """Returns the rules' origin from a form that was checked when it was written."""
    confirmed_on = form.get("confirmees_le")
    return Regles(
        source=form["source"],
        lien=form["lien"],
        lue_le=date.fromisoformat(form["lue_le"]),
        etat=EtatRegles(form["etat"]),
        confirmees_par=form.get("confirmees_par"),
        confirmees_le=date.fromisoformat(confirmed_on) if confirmed_on else None,
    )


def is_same_text(one: Regles, other: Regles) -> bool:
    """True when both cite the same text, read on the same day, whoever confirmed it."""
    return (one.source, one.lien, one.lue_le) == (other.source, other.lien, other.lue_le)
