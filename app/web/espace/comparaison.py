"""Two listings side by side: what each says of every field, and which of both is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.doublons import ABSORBE, GARDE, LIEU, choices
from app.domain.edition import Fiche
from app.web.espace.champs import champs_of
from app.web.espace.historique import NOTHING, changes_in_words
from app.web.espace.saisie import record_of, sections_of

CHAMP = "champ."
ADRESSE = LIEU[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choix:
    """A field that both say differently, in words, and whose word is kept."""

    nom: str
    libelle: str
    garde: str
    absorbe: str
    qui: str

    @property
    def field(self) -> str:
        """The name of its buttons."""
        return f"{CHAMP}{self.nom}"


def choix_of(garde: Fiche, absorbe: Fiche) -> Sequence[Choix]:
    """Returns the fields that differ, each with the choice made by default."""
    ours, theirs = record_of(garde.value), record_of(absorbe.value)
    chosen = choices(ours, theirs)
    order = [champ.nom for champ in champs_of(sections_of(garde.value))]
    names = sorted(chosen, key=lambda nom: order.index(nom) if nom in order else len(order))
    found = []
    for nom in names:
        if nom == ADRESSE:
            libelle, ours_said, theirs_said = "Adresse", _place(ours), _place(theirs)
        else:
            (change,) = changes_in_words(garde, {nom: (ours.get(nom), theirs.get(nom))})
            libelle, ours_said, theirs_said = change.champ, change.avant, change.apres
        found.append(
            Choix(
                nom=nom,
                libelle=libelle,
                garde=ours_said,
                absorbe=theirs_said,
                qui=chosen[nom],
            )
        )
    return found


def read_choix(form: MultiDict[str, str], garde: Fiche, absorbe: Fiche) -> Sequence[Choix]:
    """Returns the fields that differ, with what a form has chosen of each."""
    return [
        Choix(
            nom=one.nom,
            libelle=one.libelle,
            garde=one.garde,
            absorbe=one.absorbe,
            qui=said if (said := form.get(one.field)) in (GARDE, ABSORBE) else one.qui,
        )
        for one in choix_of(garde, absorbe)
    ]


def _place(record: Mapping[str, Any]) -> str:
    street = [record.get("adresse"), record.get("complement_adresse")]
    town = " ".join(filter(None, (record.get("code_postal"), record.get("commune"))))
    has_point = record.get("latitude") is not None
    parts = [*street, town, "point placé sur la carte" if has_point else None]
    return ", ".join(part for part in parts if part) or NOTHING
