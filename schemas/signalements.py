"""Reads the report of an error on a sheet, and gives the French of its reasons."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import EXCLUDE, ValidationError, post_load
from werkzeug.datastructures import MultiDict

from app.domain.signalements import MAX_PRECISION, Constat, Motif
from schemas.base import StrictSchema
from schemas.connexion import read_courriel
from schemas.fields import Texte
from schemas.reading import ReadField, clean_text

# In the order in which they are shown: the most frequent first, as far as one can guess.
MOTIFS: Mapping[Motif, str] = {
    Motif.TELEPHONE_OU_ADRESSE: "Le téléphone ou l’adresse",
    Motif.HORAIRES: "Les horaires",
    Motif.N_EXISTE_PLUS: "L’aide n’existe plus",
    Motif.PLUS_DE_PLACE: "Il n’y a plus de place",
    Motif.CONDITIONS_FAUSSES: "Les conditions",
    Motif.LIEN_CASSE: "Un lien ne marche pas",
    Motif.AUTRE: "Autre chose",
}
UNKNOWN_MOTIF = "Ce qui ne va pas n’a pas été compris\u00a0: appuyez sur un des boutons."


class MotifConnu(ReadField[Motif]):
    """One reason of the list, which the form sends by the button that was pressed."""

    def __init__(self) -> None:
        super().__init__(required=True)
        self.error_messages |= {"required": UNKNOWN_MOTIF}

    def read(self, value: object) -> Motif:
        """Returns the reason."""
        try:
            return Motif(clean_text(value))
        except ValueError:
            raise ValidationError(UNKNOWN_MOTIF) from None


class ConstatSchema(StrictSchema):
    """Reads a report; fields that a browser or an extension adds count for nothing."""

    class Meta:
        unknown = EXCLUDE

    motif = MotifConnu()
    precision = Texte(high=MAX_PRECISION)

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Constat:
        """Returns the domain value."""
        return Constat(**data)


def read_report(form: MultiDict[str, str]) -> tuple[Constat, str | None]:
    """Returns what a reader says is wrong and where to answer, None when they do not ask for it.

    Raises `ValidationError`, by field, with the faults of both.
    """
    faults: dict[str, Any] = {}
    constat, courriel = None, None
    try:
        constat = read_constat(form)
    except ValidationError as error:
        faults |= error.messages_dict
    if typed := form.get("courriel", "").strip():
        try:
            courriel = read_courriel(typed)
        except ValidationError as error:
            faults["courriel"] = error.messages
    if constat is None or faults:
        raise ValidationError(faults)
    return constat, courriel


def read_constat(form: MultiDict[str, str]) -> Constat:
    """Returns what a reader says is wrong. Raises `ValidationError`, by field."""
    said = {name: form.get(name, "") for name in ("motif", "precision")}
    # One line for a list, without invisible marks that would hide a number or reorder a terminal.
    line = " ".join(said["precision"].split())
    precision = "".join(char for char in line if char.isprintable())
    return cast("Constat", ConstatSchema().load({**said, "precision": precision}))
