"""The fields that hold trees of criteria, and what an offer gives.

The domain reads the trees; here a JSON text is accepted as well (a CSV cell, a form) and faults are
worded.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from marshmallow import ValidationError

from app.domain.arbre import Eligibilite, Noeud
from app.domain.errors import ArbreInvalide, LieuInconnu, Probleme
from app.domain.lecture_arbre import read_eligibilite
from app.domain.offre import Apport
from app.domain.vocabulaire import Nature
from schemas.base import ReadingContext, context_of
from schemas.fields import MAX_MESSAGES
from schemas.messages import word_problemes
from schemas.reading import ReadField, json_of

T = TypeVar("T")


class _TreeField(ReadField[T]):
    json_type: Mapping[str, object] = {"type": "object"}
    context: ReadingContext

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.context = context_of(self)

    def read_tree(self, value: object) -> Eligibilite:
        """Returns the tree; the former communes in it are told to the context."""
        data = json_of(value) if isinstance(value, str) else value
        faits = self.context.vocabulaire.faits
        try:
            tree = read_eligibilite(
                data, faits, self.context.geographie, chemin=self.name or "eligibilite"
            )
            for code in _written_places(data, self.context):
                self._note(code)
        except ArbreInvalide as refusal:
            raise self.refusal(refusal.problemes) from refusal
        except RecursionError:
            raise self.refusal(
                (Probleme(chemin=self.name or "", motif="trop_profond", details={"limite": "20"}),)
            ) from None
        return tree

    def refusal(self, problemes: tuple[Probleme, ...]) -> ValidationError:
        """Returns the error that carries the worded faults, by path."""
        worded = word_problemes(problemes, self.context.vocabulaire.faits)
        return ValidationError(dict(worded))

    def _note(self, code: str) -> None:
        try:
            today = self.context.geographie.resolve_commune(code)
        except LieuInconnu:  # a wider zone
            return
        if today != code:
            self.context.note_resolved(code, today)


class ArbreEligibilite(_TreeField[Eligibilite]):
    """The eligibility tree of an offer."""

    def read(self, value: object) -> Eligibilite:
        """Returns the tree."""
        return self.read_tree(value)


class Arbre(_TreeField[Noeud]):
    """A tree of the same form that judges nobody, hence without `a_verifier`."""

    def read(self, value: object) -> Noeud:
        """Returns the root of the tree."""
        tree = self.read_tree(value)
        if tree.a_verifier:
            chemin = f"{self.name}.a_verifier"
            raise self.refusal((Probleme(chemin=chemin, motif="a_verifier_hors_racine"),))
        return tree.racine


class Apporte(_TreeField[tuple[Apport, ...]]):
    """The facts that an offer gives: `[{"fait": "situations", "valeur": "permis-b"}]`."""

    json_type: Mapping[str, object] = {"type": "array", "items": {"type": "object"}}

    def read(self, value: object) -> tuple[Apport, ...] | None:
        """Returns the distinct facts; an empty list is silence."""
        data = json_of(value) if isinstance(value, str) else value
        if not isinstance(data, list):
            raise ValidationError(
                'Une liste est attendue, comme [{"fait": "situations", "valeur": "permis-b"}].'
            )
        problemes = [p for rank, item in enumerate(data) for p in self._faults(item, rank)]
        if problemes:
            raise self.refusal(tuple(problemes[:MAX_MESSAGES]))
        return (
            tuple(dict.fromkeys(Apport(fait=i["fait"], valeur=i["valeur"]) for i in data)) or None
        )

    def _faults(self, item: object, rank: int) -> Iterator[Probleme]:
        chemin = f"{self.name}[{rank}]"
        if not isinstance(item, Mapping) or item.keys() != {"fait", "valeur"}:
            yield Probleme(chemin=chemin, motif="apport_invalide")
            return
        cle, valeur = item["fait"], item["valeur"]
        fait = self.context.vocabulaire.faits.get(cle) if isinstance(cle, str) else None
        if fait is None:
            details = {"valeur": cle if isinstance(cle, str) else "…"}
            yield Probleme(chemin=f"{chemin}.fait", motif="fait_inconnu", details=details)
        elif not isinstance(valeur, str) or valeur not in fait.valeurs:
            details = {"valeur": valeur if isinstance(valeur, str) else "…", "fait": fait.cle}
            yield Probleme(chemin=f"{chemin}.valeur", motif="valeur_inconnue", details=details)


def _written_places(data: object, context: ReadingContext) -> Iterator[str]:
    """Yields the codes of the place criteria of a tree already known to be well-formed."""
    if isinstance(data, list):
        for item in data:
            yield from _written_places(item, context)
    elif isinstance(data, Mapping) and "fait" in data:
        if context.vocabulaire.faits[data["fait"]].nature is Nature.LIEU:
            yield from (code.strip() for code in data.get("parmi", ()))
    elif isinstance(data, Mapping):
        for key in ("toutes", "une_parmi", "sauf"):
            yield from _written_places(data.get(key), context)
