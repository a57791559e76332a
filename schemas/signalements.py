"""Reads the report of an error on a sheet, and gives the French of its reasons."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from marshmallow import EXCLUDE, ValidationError, post_load
from werkzeug.datastructures import MultiDict

from app.domain.publication import OFFRE, STRUCTURE
from app.domain.signalements import MAX_PRECISION, Constat, Motif
from schemas.base import StrictSchema
from schemas.connexion import read_courriel
from schemas.fields import Texte
from schemas.reading import ReadField, clean_text

# By kind of listing, in the order in which they are shown: the most frequent first, as far as one
# can guess. Places and conditions are those of the offers of a structure.
MOTIFS: Mapping[str, Mapping[Motif, str]] = {
    OFFRE: {
        Motif.TELEPHONE_OU_ADRESSE: "Le téléphone ou l’adresse",
        Motif.HORAIRES: "Les horaires",
        Motif.N_EXISTE_PLUS: "L’aide n’existe plus",
        Motif.PLUS_DE_PLACE: "Il n’y a plus de place",
        Motif.CONDITIONS_FAUSSES: "Les conditions",
        Motif.LIEN_CASSE: "Un lien ne marche pas",
        Motif.AUTRE: "Autre chose",
    },
    STRUCTURE: {
        Motif.TELEPHONE_OU_ADRESSE: "Le téléphone ou l’adresse",
        Motif.HORAIRES: "Les horaires",
        Motif.N_EXISTE_PLUS: "La structure n’existe plus",
        Motif.LIEN_CASSE: "Un lien ne marche pas",
        Motif.AUTRE: "Autre chose",
    },
}
UNKNOWN_MOTIF = "Ce qui ne va pas n’a pas été compris\u00a0: appuyez sur un des boutons."


class MotifConnu(ReadField[Motif]):
    """One reason of the list, which the form sends by the button that was pressed."""

    def __init__(self, known: Collection[Motif]) -> None:
        super().__init__(required=True)
        self._known = known
        self.error_messages |= {"required": UNKNOWN_MOTIF}

    def read(self, value: object) -> Motif:
        """Returns the reason."""
        try:
            motif = Motif(clean_text(value))
        except ValueError:
            raise ValidationError(UNKNOWN_MOTIF) from None
        if motif not in self._known:
            raise ValidationError(UNKNOWN_MOTIF)
        return motif


class ConstatSchema(StrictSchema):
    """Reads an offer's report; fields that a browser or an extension adds count for nothing."""

    class Meta:
        unknown = EXCLUDE

    motif = MotifConnu(MOTIFS[OFFRE])
    precision = Texte(high=MAX_PRECISION)

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Constat:
        """Returns the domain value."""
        return Constat(**data)


class ConstatStructureSchema(ConstatSchema):
    """Reads the report of a structure, which has fewer reasons."""

    motif = MotifConnu(MOTIFS[STRUCTURE])


_SCHEMAS = {OFFRE: ConstatSchema, STRUCTURE: ConstatStructureSchema}


def read_report(form: MultiDict[str, str], objet: str) -> tuple[Constat, str | None]:
    """Returns what a reader says is wrong and where to answer, None when they do not ask for it.

    `objet` is the kind of listing. Raises `ValidationError`, by field, with the faults of both.
    """
    faults: dict[str, Any] = {}
    constat, courriel = None, None
    try:
        constat = read_constat(form, objet)
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


def read_constat(form: MultiDict[str, str], objet: str) -> Constat:
    """Returns what a reader says is wrong with a kind of listing.

    Raises `ValidationError`, by field.
    """
    said = {name: form.get(name, "") for name in ("motif", "precision")}
    # One line for a list, without invisible marks that would hide a number or reorder a terminal.
    line = " ".join(said["precision"].split())
    precision = "".join(char for char in line if char.isprintable())
    return cast("Constat", _SCHEMAS[objet]().load({**said, "precision": precision}))
