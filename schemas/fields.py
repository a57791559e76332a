"""The fields of a listing that check a value against a rule, a list or the geography."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError

from app.domain.errors import LieuInconnu
from app.domain.vocabulaire import EtatPublication
from schemas.base import ReadingContext, context_of
from schemas.links import Courriel as Courriel
from schemas.links import Url as Url
from schemas.reading import ReadField, clean_text, has_controls, items_of
from schemas.scalars import Booleen as Booleen
from schemas.scalars import Entier as Entier
from schemas.scalars import Nombre as Nombre
from schemas.suggestions import quoted, unknown_value

FIRST_DATE = date(2000, 1, 1)  # data·inclusion v1: a listing is of this century
MAX_ID_BYTES = 512  # Elasticsearch accepts no longer document id
MAX_MESSAGES = 10  # of one list: enough to mend it, not enough to flood a report

_CODE_POSTAL = re.compile(r"[0-9]{5}")
_SIRET = re.compile(r"[0-9]{14}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
_ETRANGER = re.compile(r"etranger:99[0-9]{3}")


class Texte(ReadField[str]):
    """A text, stripped; lengths count what is left."""

    def __init__(self, *, low: int = 0, high: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.low, self.high = low, high

    def read(self, value: object) -> str | None:
        """Returns the text; one made of invisible characters is silence."""
        text = clean_text(value)
        if text and len(text) < self.low:
            raise ValidationError(f"C’est trop court : écrivez au moins {self.low} caractères.")
        if self.high is not None and len(text) > self.high:
            grouped = f"{self.high:,}".replace(",", " ")
            raise ValidationError(f"C’est trop long : gardez {grouped} caractères au plus.")
        return text or None


class Identifiant(ReadField[str]):
    """An opaque identifier of the source, kept to the letter."""

    def read(self, value: object) -> str:
        """Returns the identifier."""
        if not isinstance(value, str):
            raise ValidationError("Un texte est attendu : écrivez l’identifiant entre guillemets.")
        if has_controls(value):
            raise ValidationError("L’identifiant contient un caractère invisible : retirez-le.")
        if len(value) > MAX_ID_BYTES // 4 and len(value.encode()) > MAX_ID_BYTES:
            raise ValidationError(f"L’identifiant est trop long : {MAX_ID_BYTES} octets au plus.")
        return value


class CodePostal(ReadField[str]):
    """A postal code of five digits."""

    def read(self, value: object) -> str:
        """Returns the code."""
        text = clean_text(value)
        if not _CODE_POSTAL.fullmatch(text):
            raise ValidationError(
                f"{quoted(text)} n’est pas un code postal : écrivez ses 5 chiffres, "
                "avec le zéro du début."
            )
        return text


class CodeInsee(ReadField[str]):
    """The commune, or arrondissement, of today for a current or former INSEE code."""

    context: ReadingContext

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.context = context_of(self)

    def read(self, value: object) -> str:
        """Returns today's code."""
        code = clean_text(value).upper()
        try:
            today = self.context.geographie.resolve_commune(code)
        except LieuInconnu:
            raise ValidationError(
                f"{quoted(code)} n’est le code d’aucune commune : écrivez les 5 caractères du code "
                "INSEE (ce n’est pas le code postal)."
            ) from None
        if today != code:
            self.context.note_resolved(code, today)
        return today


class Siret(ReadField[str]):
    """A SIRET of fourteen digits; spaces are tolerated."""

    def read(self, value: object) -> str:
        """Returns the digits."""
        text = "".join(clean_text(value).split())
        if not _SIRET.fullmatch(text):
            raise ValidationError(f"{quoted(text)} n’est pas un SIRET : écrivez ses 14 chiffres.")
        return text


class Telephone(ReadField[str]):
    """A telephone number as the source writes it: short numbers and extensions are kept."""

    def read(self, value: object) -> str:
        """Returns the text."""
        text = clean_text(value)
        if sum("0" <= c <= "9" for c in text) < 2:
            raise ValidationError(
                f"{quoted(text)} n’est pas un numéro de téléphone : écrivez-le en chiffres."
            )
        return text


class EnumValue(ReadField[str]):
    """One value of a reference list of the vocabulary."""

    def __init__(self, referentiel: str, **options: Any) -> None:
        super().__init__(**options)
        self.referentiel = referentiel
        self.labels: Mapping[str, str] = {}

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.labels = _labels(context_of(self), self.referentiel)
        self.metadata = {**self.metadata, "enum": list(self.labels)}

    def read(self, value: object) -> str:
        """Returns the value when the list has it."""
        text = clean_text(value)
        if text not in self.labels:
            raise ValidationError(unknown_value(text, self.labels))
        return text


class EtatDePublication(ReadField[EtatPublication]):
    """Where a listing stands; who may set it is for the caller to decide."""

    json_type: Mapping[str, object] = {"type": "string", "enum": list(EtatPublication)}

    def read(self, value: object) -> EtatPublication:
        """Returns the state."""
        text = clean_text(value)
        try:
            return EtatPublication(text)
        except ValueError:
            raise ValidationError(unknown_value(text, list(EtatPublication))) from None


class EnumList(ReadField[tuple[str, ...]]):
    """Distinct values of a reference list, in the order given; an empty list is silence.

    `alone` is the value that cannot stand with others.
    """

    json_type: Mapping[str, object] = {"type": "array"}

    def __init__(self, referentiel: str, *, alone: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.referentiel, self.alone = referentiel, alone
        self.labels: Mapping[str, str] = {}

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.labels = _labels(context_of(self), self.referentiel)
        self.metadata = {**self.metadata, "items": {"type": "string", "enum": list(self.labels)}}

    def read(self, value: object) -> tuple[str, ...] | None:
        """Returns the values; every unknown one is a fault of its own."""
        known = self.labels
        items = [item.strip() if isinstance(item, str) else item for item in items_of(value)]
        faults = [item for item in items if not isinstance(item, str) or item not in known]
        if faults:
            raise ValidationError([unknown_value(item, known) for item in faults[:MAX_MESSAGES]])
        values = tuple(dict.fromkeys(str(item) for item in items))
        if self.alone in values and len(values) > 1:
            raise ValidationError(
                f"« {self.alone} » s’emploie seul : retirez-le ou retirez les autres valeurs."
            )
        return values or None


class ZoneEligibilite(ReadField[tuple[str, ...]]):
    """Canonical references of zones, from the bare codes of a feed or from references."""

    json_type: Mapping[str, object] = {"type": "array", "items": {"type": "string"}}
    context: ReadingContext

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.context = context_of(self)

    def read(self, value: object) -> tuple[str, ...] | None:
        """Returns the distinct references; an empty list is silence."""
        refs: list[str] = []
        faults: list[str] = []
        for item in items_of(value):
            ref = self._ref(item)
            if ref is None:
                faults.append(
                    f"{quoted(item)} n’est pas une zone connue : écrivez un code de commune, de "
                    "département, d’EPCI (9 chiffres) ou « france »."
                )
            else:
                refs.append(ref)
        if faults:
            raise ValidationError(faults[:MAX_MESSAGES])
        return tuple(dict.fromkeys(refs)) or None

    def _ref(self, item: object) -> str | None:
        if not isinstance(item, str):
            return None
        code = item.strip()
        if ":" not in code:
            code = code.upper()
        try:
            ref = self.context.geographie.canonical_ref(code)
        except LieuInconnu:
            return None
        if ref.startswith("etranger:") and not _ETRANGER.fullmatch(ref):
            return None
        if len(ref) == 5 and ref != code:
            self.context.note_resolved(code, ref)
        return ref


class Jour(ReadField[date]):
    """A day, from an ISO date or date-time, not before 2000; the time of day is left out."""

    json_type: Mapping[str, object] = {"type": "string", "format": "date"}

    def read(self, value: object) -> date:
        """Returns the day as written, whatever the time zone."""
        day = _day_of(value)
        if day is None:
            raise ValidationError(
                f"{quoted(value)} n’est pas une date : écrivez-la comme 2026-03-31."
            )
        if day < FIRST_DATE:
            raise ValidationError("Cette date est trop ancienne : elle doit être après 1999.")
        return day


class DateMaj(Jour):
    """A day when something was done: it cannot be after today."""

    context: ReadingContext

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.context = context_of(self)

    def read(self, value: object) -> date:
        """Returns the day."""
        day = super().read(value)
        if day > self.context.today:
            raise ValidationError("Cette date est dans le futur : écrivez une date passée.")
        return day


def _day_of(value: object) -> date | None:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not _DATE.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        return None


def _labels(context: ReadingContext, referentiel: str) -> dict[str, str]:
    termes = context.vocabulaire.referentiels[referentiel]
    return {valeur: terme.libelle for valeur, terme in termes.items()}
