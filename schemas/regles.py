"""The field that says where the rules of an offer come from."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load

from app.domain.regles import EtatRegles, Regles
from schemas.base import ListingSchema, ReadingContext, context_of
from schemas.fields import DateMaj, Texte, Url
from schemas.reading import ReadField, clean_text, json_of
from schemas.suggestions import quoted, unknown_value

MAX_PAR_LENGTH = 100  # the name of a territory or basin
MAX_SOURCE_LENGTH = 500  # several articles of a code, with the year of each page read


class LienSur(Url):
    """A link to an official text: read in clear, it could be changed on the way."""

    def read(self, value: object) -> str:
        """Returns the link."""
        link = super().read(value)
        if not link.lower().startswith("https://"):
            raise ValidationError(f"{quoted(link)} n’est pas sûr : il doit commencer par https://.")
        return link


class _Etat(ReadField[EtatRegles]):
    json_type: Mapping[str, object] = {"type": "string", "enum": list(EtatRegles)}

    def read(self, value: object) -> EtatRegles:
        """Returns the state."""
        text = clean_text(value)
        try:
            return EtatRegles(text)
        except ValueError:
            raise ValidationError(unknown_value(text, list(EtatRegles))) from None


class _ReglesSchema(ListingSchema):
    source = Texte(required=True, high=MAX_SOURCE_LENGTH)
    lien = LienSur(required=True)
    lue_le = DateMaj(required=True)
    etat = _Etat()
    confirmees_par = Texte(high=MAX_PAR_LENGTH)
    confirmees_le = DateMaj()

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Regles:
        """Returns the domain object; silence on the state means that nobody confirmed."""
        return Regles(**{name: value for name, value in data.items() if value is not None})


class OrigineDesRegles(ReadField[Regles]):
    """An object, or its JSON text: source, lien, lue_le, etat, and who confirmed it and when."""

    json_type: Mapping[str, object] = {"type": "object"}
    context: ReadingContext

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.context = context_of(self)

    def read(self, value: object) -> Regles:
        """Returns the origin of the rules; each fault has its path."""
        form = json_of(value) if isinstance(value, str) else value
        if not isinstance(form, Mapping):
            raise ValidationError(
                "Un objet est attendu : écrivez « source », « lien », « lue_le » et « etat »."
            )
        try:
            regles: Regles = _ReglesSchema(self.context).load(form)
        except ValidationError as error:
            faults = error.messages_dict
            raise ValidationError(
                {f"{self.name}.{key}": said for key, said in faults.items()}
            ) from error
        return regles
