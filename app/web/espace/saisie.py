"""From a listing to the fields of its form, and from what was typed back to a record of the schema.

A record is the JSON of the API and of the import: what reads it is the schema, here as there. What
was typed is never lost, whatever is wrong with it: the form shows fields, and not records.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.lieux import Lieux
from app.domain.offre import Offre, Structure
from app.domain.vocabulaire import Nature, Vocabulaire
from app.web.espace.arbre_saisie import (
    Branche,
    Ecrit,
    branche_of,
    number_typed,
    read_branche,
    written,
)
from app.web.espace.champs import Champ, Section, Sorte, champs_of
from app.web.espace.champs_offre import SECTIONS_OFFRE
from app.web.espace.champs_structure import SECTIONS_STRUCTURE
from app.web.espace.horaires_saisie import hours_fields, hours_of
from app.web.espace.lieux_saisie import LieuxSaisis
from schemas.export import edited_offre, structure_to_record

A_VERIFIER = "eligibilite_a_verifier"
SEPARATOR = "="  # between a fact and its value, in the boxes of what an offer gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """What is typed in a form: texts by field, and its trees."""

    fields: MultiDict[str, str]
    trees: Mapping[str, Branche]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lecteur:
    """Knows the words and places that forms are read with."""

    vocabulaire: Vocabulaire
    lieux: Lieux
    noms: LieuxSaisis

    @property
    def faits_de_lieu(self) -> Sequence[str]:
        """The facts whose values are places."""
        faits = self.vocabulaire.faits.items()
        return [cle for cle, fait in faits if fait.nature is Nature.LIEU]

    def shown(self, value: Offre | Structure) -> Saisie:
        """Returns the form of a listing as it is now."""
        return self.shown_record(record_of(value), sections_of(value))

    def shown_record(self, record: Mapping[str, Any], sections: tuple[Section, ...]) -> Saisie:
        """Returns the form of a record, also of one that the schema no longer accepts."""
        fields: MultiDict[str, str] = MultiDict()
        trees: dict[str, Branche] = {}
        for champ in champs_of(sections):
            said = record.get(champ.nom)
            match champ.sorte:
                case Sorte.ARBRE:
                    trees[champ.nom] = self._with_names(branche_of(said, champ.nom))
                case Sorte.LIEUX:
                    fields[champ.nom] = self.noms.text(said or ())
                case Sorte.APPORTE:
                    boxes = [f"{a['fait']}{SEPARATOR}{a['valeur']}" for a in said or ()]
                    fields.setlist(champ.nom, boxes)
                case Sorte.CASES:
                    fields.setlist(champ.nom, list(said or ()))
                case Sorte.HORAIRES:
                    fields.update(hours_fields(said))
                case Sorte.LISTE:
                    fields[champ.nom] = "\n".join(said or ())
                case Sorte.OUI:
                    fields[champ.nom] = "oui" if said else ""
                case _:
                    fields[champ.nom] = _text(said)
        fields[A_VERIFIER] = "\n".join(_notes(record))
        return Saisie(fields=fields, trees=trees)

    def typed(self, form: MultiDict[str, str], sections: Sequence[Section]) -> Saisie:
        """Returns what a browser has sent."""
        trees = {
            champ.nom: read_branche(form, champ.nom)
            for champ in champs_of(tuple(sections))
            if champ.sorte is Sorte.ARBRE
        }
        return Saisie(fields=MultiDict(form), trees=trees)

    def record(
        self, saisie: Saisie, value: Offre | Structure
    ) -> tuple[dict[str, Any], Mapping[str, Ecrit]]:
        """Returns the record that a form says, for the schema to read, and how trees were written.

        `value` is the listing as it was when the form was shown. What is not typed comes from it,
        and so does what was sent back as it was shown: a browser says a list in another order, and
        a text with other line breaks, of which nobody has decided anything.
        """
        before, shown = record_of(value), self.shown(value)
        typed = {champ.nom: champ for champ in champs_of(sections_of(value))}
        record = {name: said for name, said in before.items() if name not in typed}
        trees: dict[str, Ecrit] = {}
        for champ in typed.values():
            if champ.sorte is Sorte.ARBRE:
                trees[champ.nom] = ecrit = self._tree(saisie.trees[champ.nom])
                is_same = _unordered(ecrit.form) == _unordered(
                    self._tree(shown.trees[champ.nom]).form
                )
                kept = _without_notes(before.get(champ.nom))
                record[champ.nom] = kept if is_same else ecrit.form
            elif champ.sorte is Sorte.HORAIRES:
                record[champ.nom] = hours_of(saisie.fields, before.get(champ.nom))
            elif champ.nom != A_VERIFIER:
                is_same = _is_same(champ, saisie.fields, shown.fields)
                kept = before.get(champ.nom)
                record[champ.nom] = kept if is_same else self._read(champ, saisie.fields)
        if A_VERIFIER in typed:
            is_same = _is_same(typed[A_VERIFIER], saisie.fields, shown.fields)
            notes = _lines(saisie.fields.get(A_VERIFIER, ""))
            _add_notes(record, list(_notes(before)) if is_same else notes)
            if record.get("eligibilite") != before.get("eligibilite"):
                record.pop("regles", None)  # they told where the replaced conditions came from
        self._place(record, before)
        return record, trees

    def changed_trees(self, saisie: Saisie, value: Offre | Structure) -> Mapping[str, Branche]:
        """Returns the trees that were not sent back as they were shown."""
        shown = self.shown(value).trees
        return {
            nom: racine
            for nom, racine in saisie.trees.items()
            if nom not in shown
            or _unordered(self._tree(racine).form) != _unordered(self._tree(shown[nom]).form)
        }

    def _tree(self, racine: Branche) -> Ecrit:
        return written(racine, self.noms.refs, self.faits_de_lieu)

    def _with_names(self, racine: Branche) -> Branche:
        for branche in racine.walk():
            if branche.fait in self.faits_de_lieu:
                branche.parmi = [self.noms.text(branche.parmi)]
        return racine

    def _read(self, champ: Champ, fields: MultiDict[str, str]) -> object:
        match champ.sorte:
            case Sorte.CASES:
                return fields.getlist(champ.nom) or None
            case Sorte.LISTE:
                return _lines(fields.get(champ.nom, "")) or None
            case Sorte.LIEUX:
                return self.noms.refs(fields.get(champ.nom, "")) or None
            case Sorte.OUI:
                return "oui" if fields.get(champ.nom) else "non"
            case Sorte.APPORTE:
                boxes = (box.partition(SEPARATOR) for box in fields.getlist(champ.nom))
                return [{"fait": fait, "valeur": valeur} for fait, _, valeur in boxes] or None
            case _:
                text = fields.get(champ.nom, "").replace("\r\n", "\n").strip()
                return text or None

    def _place(self, record: dict[str, Any], before: Mapping[str, Any]) -> None:
        """Finds the code of the commune that is typed; one that nobody knows is left to be told."""
        same = all(record.get(name) == before.get(name) for name in ("commune", "code_postal"))
        if same and before.get("code_insee"):
            record["code_insee"] = before["code_insee"]
            return
        commune, code_postal = record.get("commune"), record.get("code_postal")
        found = self.commune_of(commune, code_postal)
        record["code_insee"] = found

    def commune_of(self, commune: str | None, code_postal: str | None) -> str | None:
        """Returns the code of the commune of a name and a postal code, None when none has both."""
        if not commune:
            return self.lieux.by_postal_code(code_postal) if code_postal else None
        (ref,) = self.noms.refs(commune)[:1] or [""]
        communes = self.noms.geographie.communes
        if ref in communes and (not code_postal or code_postal in communes[ref].codes_postaux):
            return ref
        return self.noms.homonym(commune, code_postal) if code_postal else None


def is_filled(saisie: Saisie, champ: Champ) -> bool:
    """True when something is typed in a field."""
    if champ.sorte is Sorte.ARBRE:
        return bool(saisie.trees[champ.nom].enfants)
    if champ.sorte is Sorte.HORAIRES:
        return any(
            saisie.fields.get(name, "").strip()
            for name in saisie.fields
            if name == champ.nom or (name.startswith("horaires.") and name != "horaires.mode")
        )
    return any(value.strip() for value in saisie.fields.getlist(champ.nom))


def sections_of(value: Offre | Structure) -> tuple[Section, ...]:
    """Returns the sections of the form of a listing."""
    return SECTIONS_OFFRE if isinstance(value, Offre) else SECTIONS_STRUCTURE


def record_of(value: Offre | Structure) -> dict[str, Any]:
    """Returns a listing as the API writes it; zones keep their references, regions included."""
    if isinstance(value, Structure):
        return structure_to_record(value, extensions=True)
    return edited_offre(value)


def _is_same(champ: Champ, typed: MultiDict[str, str], shown: MultiDict[str, str]) -> bool:
    """True when a field was sent back as it was shown, as far as a browser can say it."""
    if champ.sorte in (Sorte.CASES, Sorte.APPORTE):
        return set(typed.getlist(champ.nom)) == set(shown.getlist(champ.nom))
    one, other = (_breaks(fields.get(champ.nom, ""), champ) for fields in (typed, shown))
    return one == other


def _breaks(text: str, champ: Champ) -> str:
    """Returns a text with the line breaks that a field keeps: none when it has one line."""
    is_long = champ.sorte in (Sorte.TEXTE, Sorte.LISTE, Sorte.LIEUX)
    return ("\n" if is_long else "").join(re.split(r"\r\n|\r|\n", text)).strip()


def _unordered(form: Any) -> Any:
    """Returns a tree whose answers have no order: boxes are sent in the order of the page."""
    if isinstance(form, Mapping):
        return {
            key: frozenset(said) if key == "parmi" else _unordered(said)
            for key, said in form.items()
        }
    return [_unordered(part) for part in form] if isinstance(form, list) else form


def _notes(record: Mapping[str, Any]) -> Sequence[str]:
    notes: Sequence[str] = (record.get("eligibilite") or {}).get("a_verifier", ())
    return notes


def _without_notes(form: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {key: said for key, said in (form or {}).items() if key != "a_verifier"} or None


def _add_notes(record: dict[str, Any], notes: list[str]) -> None:
    if notes:
        tree = record.get("eligibilite") or {"toutes": []}
        record["eligibilite"] = {**tree, "a_verifier": notes}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _text(said: object) -> str:
    return "" if said is None else number_typed(said)
