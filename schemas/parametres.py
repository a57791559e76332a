"""The fields of a query string, and the strict schema that knows places and lists of values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from marshmallow import ValidationError

from app.domain.errors import LieuInconnu
from app.domain.geographie import Geographie
from app.domain.moments import MOMENTS
from app.domain.search import Tri
from app.domain.territoire import Bassin, Territoire
from app.domain.vocabulaire import Vocabulaire
from schemas.base import StrictSchema
from schemas.fields import MAX_MESSAGES
from schemas.reading import ReadField, clean_text
from schemas.scalars import Entier
from schemas.suggestions import nearest, quoted, unknown_value

YES, NO = ("true", "1", "oui"), ("false", "0", "non")


class Known(ReadField[str]):
    """One value of a closed list, whose choices the schema gives when it binds the field."""

    choices: Mapping[str, str]

    def __init__(self, liste: str, **options: Any) -> None:
        super().__init__(**options)
        self.liste = liste

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.choices = parent.choices_of(self.liste)

    def read(self, value: object) -> str:
        """Returns the value when the list has it."""
        text = clean_text(value)
        if text not in self.choices:
            raise ValidationError(unknown_value(text, self.choices))
        return text


class KnownList(ReadField[tuple[str, ...]]):
    """Distinct values of a closed list, in the order given: the parameter is repeated."""

    choices: Mapping[str, str]

    def __init__(self, liste: str, **options: Any) -> None:
        super().__init__(**options)
        self.liste = liste

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.choices = parent.choices_of(self.liste)

    def read(self, value: object) -> tuple[str, ...]:
        """Returns the values; every unknown one is a fault of its own."""
        given = dict.fromkeys(clean_text(item) for item in cast("list[str]", value))
        if faults := [item for item in given if item not in self.choices]:
            raise ValidationError(
                [unknown_value(item, self.choices) for item in faults[:MAX_MESSAGES]]
            )
        return tuple(given)


class CodeCommune(ReadField[str]):
    """The commune, or arrondissement, of today for a current or former INSEE code."""

    def read(self, value: object) -> str:
        """Returns today's code."""
        code = clean_text(value).upper()
        try:
            return geographie_of(self).resolve_commune(code)
        except LieuInconnu:
            raise ValidationError(
                f"{quoted(code)} n’est le code d’aucune commune : écrivez les 5 caractères du code "
                "INSEE (ce n’est pas le code postal)."
            ) from None


class Departement(ReadField[str]):
    """The code of a département."""

    def read(self, value: object) -> str:
        """Returns the code as INSEE writes it."""
        code = clean_text(value).upper()
        try:
            ref = geographie_of(self).canonical_ref(f"departement:{code}")
        except LieuInconnu:
            raise ValidationError(
                f"{quoted(code)} n’est le code d’aucun département : écrivez par exemple 84, 2A "
                "ou 974."
            ) from None
        return ref.removeprefix("departement:")


class OuiNon(ReadField[bool]):
    """Yes or no, in the few ways that are documented."""

    def read(self, value: object) -> bool:
        """Returns the answer."""
        word = clean_text(value).lower()
        if word not in YES and word not in NO:
            raise ValidationError(f"{quoted(word)} n’est pas compris : écrivez « oui » ou « non ».")
        return word in YES


class MomentLocal(ReadField[datetime]):
    """A date and time in Paris; one with an offset is read as that instant."""

    def read(self, value: object) -> datetime:
        """Returns the moment, as written."""
        text = clean_text(value)
        try:
            return datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            raise ValidationError(
                f"{quoted(text)} n’est ni une date ni une heure : écrivez par exemple "
                "2026-11-25T14:30 (heure de Paris)."
            ) from None


class SmallEntier(Entier):
    """A whole number between two bounds."""

    def __init__(self, *, low: int, high: int, **options: Any) -> None:
        super().__init__(low=low, **options)
        self.high = high

    def read(self, value: object) -> int:
        """Returns the number."""
        number = super().read(value)
        if number > self.high:
            raise ValidationError(f"{quoted(value)} est refusé : écrivez {self.high} au plus.")
        return number


class ParametersSchema(StrictSchema):
    """A schema of parameters: knows places and lists, and names the parameter nearest to a typo."""

    def __init__(
        self,
        vocabulaire: Vocabulaire,
        geographie: Geographie,
        bassins: Mapping[str, Bassin],
        territoires: Sequence[Territoire] = (),
        **options: Any,
    ) -> None:
        self.vocabulaire, self.geographie = vocabulaire, geographie
        self.bassins, self.territoires = bassins, territoires
        super().__init__(**options)  # binds the fields, which read the above
        self.lists = frozenset(n for n, f in self.fields.items() if isinstance(f, KnownList))

    def choices_of(self, liste: str) -> dict[str, str]:
        """Returns the values of a list with their labels; needs are both levels of thématiques."""
        if liste == "tri":
            return dict.fromkeys(Tri, "")
        if liste == "moments":
            return MOMENTS
        if liste == "bassins":
            return {slug: bassin.nom for slug, bassin in self.bassins.items()}
        if liste == "territoires":
            return {territoire.slug: territoire.nom for territoire in self.territoires}
        names = ("categories", "thematiques") if liste == "besoins" else (liste,)
        lists = self.vocabulaire.referentiels
        return {valeur: t.libelle for name in names for valeur, t in lists[name].items()}

    def handle_error(self, error: ValidationError, data: Any, **_options: Any) -> None:
        """Says of each unknown parameter which known one it looks like."""
        if isinstance(error.messages, dict):
            for name in error.messages.keys() - self.fields.keys():
                error.messages[name] = [self._unknown(str(name))]

    def _unknown(self, name: str) -> str:
        found = nearest(name, list(self.fields))
        if found is not None:
            return f"Ce paramètre n’existe pas. Vouliez-vous dire « {found} » ?"
        return f"Ce paramètre n’existe pas. Paramètres connus : {', '.join(self.fields)}."


def geographie_of(field: ReadField[Any]) -> Geographie:
    """Returns the places that the schema of a bound field reads with."""
    return cast("ParametersSchema", field.root).geographie
