"""Reads the body of a match: a person's facts and needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

from marshmallow import ValidationError, post_load, validates_schema

from app.domain.demande import DemandeMatch
from app.domain.errors import ArbreInvalide
from app.domain.lecture_faits import read_profil
from app.domain.matching import PRIORITE_DEFAULT
from app.domain.offre import OffreId
from app.domain.portee import RADIUS_BY_MOBILITY_KM, RADIUS_MAX_KM, RADIUS_MIN_KM
from app.domain.profil import Profil
from app.domain.search import WINDOW
from app.domain.verdict import Verdict
from app.domain.wording import Voix
from schemas.base import ListingSchema, ReadingContext, context_of
from schemas.fields import MAX_ID_BYTES, Jour
from schemas.messages import word_problemes
from schemas.reading import ReadField, is_blank
from schemas.scalars import Entier, Nombre
from schemas.search import MAX_PAR_PAGE, PAR_PAGE, RADIUS_RANGE, TOO_DEEP
from schemas.suggestions import quoted, unknown_value

MAX_OFFRES = 1_000  # design section 7
MAX_BESOINS = 85  # every thématique and every category
VERDICTS = {verdict.mot: verdict for verdict in Verdict}
EMPTY_KEY = "Cette clé est vide : donnez-lui une valeur, ou écrivez null."
PRIORITES = "écrivez une priorité de 1 à 3"


class Faits(ReadField[Profil]):
    """What is known of the person, on the day of the request."""

    json_type: Mapping[str, object] = {"type": "object"}

    def read(self, value: object) -> Profil:
        """Returns the profile; every fault is told with its path inside the facts."""
        context = context_of(self)
        try:
            return read_profil(value, context.vocabulaire, context.geographie, context.today)
        except ArbreInvalide as refusal:
            worded = word_problemes(refusal.problemes, context.vocabulaire.faits)
            inside = {path.removeprefix("faits").lstrip("."): m for path, m in worded.items()}
            raise ValidationError(_nested(inside)) from refusal


def _nested(messages: Mapping[str, list[str]]) -> dict[str, Any]:
    return {path or "_schema": found for path, found in messages.items()}


class Besoins(ReadField[dict[str, int]]):
    """Needs with their priorities, in the order given."""

    json_type: Mapping[str, object] = {"type": "array"}

    def read(self, value: object) -> dict[str, int]:
        """Returns the priority of each thématique or category; asked twice, the higher counts."""
        if not isinstance(value, list):
            raise ValidationError("Une liste de besoins est attendue : écrivez-la entre crochets.")
        if len(value) > MAX_BESOINS:
            raise ValidationError(f"Il y a trop de besoins : {MAX_BESOINS} au plus.")
        needs: dict[str, int] = {}
        faults: dict[int, object] = {}
        for rank, item in enumerate(value):
            try:
                thematique, priorite = self._need(item)
            except ValidationError as error:
                faults[rank] = error.messages
            else:
                needs[thematique] = max(priorite, needs.get(thematique, 0))
        if faults:
            raise ValidationError(cast("dict[str, Any]", {str(k): m for k, m in faults.items()}))
        return needs

    def _need(self, item: object) -> tuple[str, int]:
        if not isinstance(item, Mapping):
            raise ValidationError("Chaque besoin est un objet : donnez « thematique ».")
        if extra := sorted(map(str, item.keys() - {"thematique", "priorite"})):
            raise ValidationError(f"{quoted(extra[0])} n’est pas attendu ici : retirez-le.")
        lists = context_of(self).vocabulaire.referentiels
        known = lists["categories"].keys() | lists["thematiques"].keys()
        labels = {
            valeur: terme.libelle
            for name in ("thematiques", "categories")
            for valeur, terme in lists[name].items()
        }
        thematique = item.get("thematique")
        if not isinstance(thematique, str) or thematique not in known:
            raise ValidationError({"thematique": [unknown_value(thematique, labels)]})
        priorite = item.get("priorite", PRIORITE_DEFAULT)
        if isinstance(priorite, bool) or priorite not in (1, 2, 3):
            raise ValidationError({"priorite": [f"{quoted(priorite)} est refusé : {PRIORITES}."]})
        return thematique, int(priorite)


class Mobilite(ReadField[tuple[str | None, float | None]]):
    """How the person gets about, or how far they can go; the radius wins."""

    json_type: Mapping[str, object] = {"type": "object"}

    def read(self, value: object) -> tuple[str | None, float | None]:
        """Returns the means and the radius in kilometres."""
        if not isinstance(value, Mapping) or value.keys() - {"mode", "rayon_km"}:
            raise ValidationError("Un objet est attendu : donnez « mode » ou « rayon_km ».")
        mode, radius = value.get("mode"), value.get("rayon_km")
        if mode is not None and (not isinstance(mode, str) or mode not in RADIUS_BY_MOBILITY_KM):
            raise ValidationError({"mode": [unknown_value(mode, list(RADIUS_BY_MOBILITY_KM))]})
        if radius is None:
            return mode, None
        reader = JsonNombre(low=RADIUS_MIN_KM, high=RADIUS_MAX_KM, range_text=RADIUS_RANGE)
        try:
            return mode, reader.read(radius)
        except ValidationError as error:
            raise ValidationError({"rayon_km": error.messages}) from error


class Offres(ReadField[list[OffreId]]):
    """The ids of the offers to judge."""

    json_type: Mapping[str, object] = {"type": "array"}

    def read(self, value: object) -> list[OffreId]:
        """Returns the ids, in the order given."""
        if not isinstance(value, list) or not all(isinstance(i, str) and i for i in value):
            raise ValidationError("Une liste d’identifiants d’offres est attendue, entre crochets.")
        if len(value) > MAX_OFFRES or any(len(i) > MAX_ID_BYTES for i in value):
            raise ValidationError(f"La liste est trop longue : {MAX_OFFRES} offres au plus.")
        return [OffreId(ident) for ident in dict.fromkeys(value)]


class Choisis(ReadField[list[str]]):
    """Values of a short closed list."""

    json_type: Mapping[str, object] = {"type": "array"}

    def __init__(self, known: list[str], **options: Any) -> None:
        super().__init__(**options)
        self.known = known

    def read(self, value: object) -> list[str]:
        """Returns the values; an empty list is refused, since it would show nothing."""
        if not isinstance(value, list) or not value:
            raise ValidationError(f"Choisissez parmi : {', '.join(self.known)}.")
        if faults := [item for item in value if item not in self.known]:
            raise ValidationError([unknown_value(item, self.known) for item in faults[:10]])
        return [str(item) for item in dict.fromkeys(value)]


class VoixChoisie(ReadField[Voix]):
    """Who the sentences speak to."""

    def read(self, value: object) -> Voix:
        """Returns the voice."""
        if not isinstance(value, str) or value not in set(Voix):
            raise ValidationError(unknown_value(value, list(Voix)))
        return Voix(value)


class JsonNombre(Nombre):
    """A number of a JSON body: digits between quotes are a text."""

    def read(self, value: object) -> float:
        """Returns the number when it is in range."""
        if isinstance(value, str):
            raise ValidationError(f"{quoted(value)} est un texte : écrivez un nombre.")
        return super().read(value)


class JsonEntier(Entier):
    """A whole number of a JSON body, at most `high`."""

    def __init__(self, *, low: int, high: int, **options: Any) -> None:
        super().__init__(low=low, **options)
        self.high = high

    def read(self, value: object) -> int:
        """Returns the number when it is in range."""
        if isinstance(value, str):
            raise ValidationError(f"{quoted(value)} est un texte : écrivez un nombre.")
        number = super().read(value)
        if number > self.high:
            raise ValidationError(f"{quoted(value)} est trop grand : {self.high} au plus.")
        return number


class JourJson(Jour):
    """A day of a JSON body, written `2026-11-25`."""

    def read(self, value: object) -> date:
        """Returns the day."""
        if not isinstance(value, str) or len(value) != len("2026-11-25"):
            raise ValidationError(
                f"{quoted(value)} n’est pas une date : écrivez-la comme 2026-11-25."
            )
        return super().read(value)


class MatchSchema(ListingSchema):
    """The body of a match; every key is optional, unknown ones are faults."""

    faits = Faits()
    besoins = Besoins()
    mobilite = Mobilite()
    date = JourJson()
    offres = Offres()
    verdicts = Choisis(list(VERDICTS))
    voix = VoixChoisie()
    page = JsonEntier(low=1, high=WINDOW)
    par_page = JsonEntier(low=1, high=MAX_PAR_PAGE)

    @validates_schema(skip_on_field_errors=False)
    def check_window(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuses what lies beyond the window."""
        if (data.get("page") or 1) * (data.get("par_page") or PAR_PAGE) > WINDOW:
            raise ValidationError(TOO_DEEP, "page")

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> DemandeMatch:
        """Returns what the use case asks."""
        said = {name: value for name, value in data.items() if value is not None}
        if "faits" in said:
            said["profil"] = said.pop("faits")
        if "date" in said:
            said["jour"] = said.pop("date")
        if "mobilite" in said:
            said["mode"], said["rayon_km"] = said.pop("mobilite")
        if "verdicts" in said:
            said["verdicts"] = [VERDICTS[mot] for mot in said["verdicts"]]
        return DemandeMatch(**said)


def read_match(body: object, context: ReadingContext) -> DemandeMatch:
    """Returns the match of a JSON body. Raises `ValidationError`, by path."""
    if not isinstance(body, Mapping):
        raise ValidationError("Un objet JSON est attendu : écrivez des paires « clé : valeur ».")
    # In a JSON body silence is null: a blank text is a slip.
    if blank := [
        str(key) for key, value in body.items() if isinstance(value, str) and is_blank(value)
    ]:
        raise ValidationError({key: [EMPTY_KEY] for key in blank})
    context = replace(context, today=_day_of(body, context.today))
    return cast("DemandeMatch", MatchSchema(context).load(body))


def _day_of(body: Mapping[object, object], today: date) -> date:
    """Returns the day that facts are read for; a faulty one is told by its own field."""
    try:
        return JourJson().deserialize(body.get("date")) or today
    except ValidationError:
        return today
