"""The single door for feeds: a record comes in as whatever JSON or CSV gave, a listing comes out.

Unlike forms and the API, feeds carry fields of other tools: these are counted, not refused.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import cast

from marshmallow import EXCLUDE, ValidationError

from app.domain.feeds import RecordRefused as RecordRefused
from app.domain.feeds import Refus as Refus
from app.domain.geographie import Geographie
from app.domain.offre import Offre, Structure
from app.domain.vocabulaire import Vocabulaire
from schemas.base import ReadingContext
from schemas.export import offre_to_record as offre_to_record
from schemas.export import structure_to_record as structure_to_record
from schemas.offre import OffreSchema
from schemas.reading import is_blank
from schemas.structure import StructureSchema

MAX_SHAPES = 256  # sets of fields whose schema is kept: a source has a few dozens
REQUIRED_OF_STRUCTURE = frozenset(("source", "id", "nom", "date_maj"))
REQUIRED_OF_OFFRE = REQUIRED_OF_STRUCTURE | {"structure_id", "description"}
UNNAMED = "(colonne sans nom)"  # what a CSV line has beyond its header


class RecordReader:
    """Reads the records of one feed, and counts what the import report must say.

    `ignored_fields` counts the fields unknown to the catalogue, `resolved_codes` the former
    commune codes of accepted records, each with today's.
    """

    def __init__(self, vocabulaire: Vocabulaire, geographie: Geographie, today: date) -> None:
        """Builds both schemas once; `today` is the date in Europe/Paris."""
        self.ignored_fields: Counter[str] = Counter()
        self.resolved_codes: Counter[tuple[str, str]] = Counter()
        self._resolved: list[tuple[str, str]] = []
        context = ReadingContext(
            vocabulaire=vocabulaire,
            geographie=geographie,
            today=today,
            note_resolved=lambda old, new: self._resolved.append((old, new)),
        )
        self._context = context
        self._whole: dict[bool, OffreSchema | StructureSchema] = {
            True: OffreSchema(context),
            False: StructureSchema(context),
        }
        self._offre_fields = dict.fromkeys(self._whole[True].fields)
        self._structure_fields = dict.fromkeys(self._whole[False].fields)
        self._schemas: dict[tuple[bool, frozenset[str]], OffreSchema | StructureSchema] = {}

    def read(self, record: object) -> Offre | Structure:
        """Returns the listing of a record: one with a `structure_id` is an offer.

        Raises `RecordRefused` with every fault.
        """
        if not isinstance(record, Mapping):
            reason = "Chaque fiche est un objet JSON : écrivez des paires « champ : valeur »."
            raise RecordRefused(None, (Refus(champ="", raison=reason),))
        is_offre = self.is_offre(record)
        known = self._offre_fields if is_offre else self._structure_fields
        unknown = record.keys() - known.keys()
        if unknown:
            self.ignored_fields.update(str(key or UNNAMED) for key in unknown)
        self._resolved.clear()
        said = frozenset(name for name in known if record.get(name) is not None)
        try:
            listing = self._schema_for(is_offre, said).load(record, unknown=EXCLUDE)
        except ValidationError as error:
            identifiant = record.get("id")
            raise RecordRefused(
                identifiant if isinstance(identifiant, str) else None, refusals(error.messages)
            ) from error
        if self._resolved:
            self.resolved_codes.update(self._resolved)
        return cast("Offre | Structure", listing)

    def _schema_for(self, is_offre: bool, said: frozenset[str]) -> OffreSchema | StructureSchema:
        """Returns the schema of the records that say these fields.

        marshmallow spends as much on an absent field as on a present one, and a source fills the
        same third of the fields in all its records. A feed without such habits is read with the
        whole schema: making one costs more than it saves on a few records.
        """
        made = self._schemas.get((is_offre, said))
        if made is None:
            if len(self._schemas) >= MAX_SHAPES:
                return self._whole[is_offre]
            made = self._schemas[is_offre, said] = self._make_schema(is_offre, said)
        return made

    def _make_schema(self, is_offre: bool, said: frozenset[str]) -> OffreSchema | StructureSchema:
        if is_offre:
            read = said | REQUIRED_OF_OFFRE
            return OffreSchema(self._context, only=[n for n in self._offre_fields if n in read])
        read = said | REQUIRED_OF_STRUCTURE
        return StructureSchema(self._context, only=[n for n in self._structure_fields if n in read])

    def is_offre(self, record: Mapping[object, object]) -> bool:
        """Tells an offer; one whose `structure_id` is blank is a fault, not a structure."""
        if "structure_id" not in record:
            return False
        if not is_blank(record["structure_id"]):
            return True
        own = self._offre_fields.keys() - self._structure_fields.keys() - {"structure_id"}
        return any(not is_blank(record.get(name)) for name in own)


def refusals(messages: object, champ: str = "") -> tuple[Refus, ...]:
    """Flattens marshmallow's nested messages; the inner path is the most precise."""
    if isinstance(messages, Mapping):
        return tuple(r for key, inner in messages.items() for r in refusals(inner, str(key)))
    if isinstance(messages, list | tuple):
        return tuple(r for inner in messages for r in refusals(inner, champ))
    return (Refus(champ=champ, raison=str(messages)),)
