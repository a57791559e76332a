"""Files of offers that a structure sends: told what they would do, then published as shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from app.domain.comptes import Acteur
from app.domain.connexion import empreinte_of, new_jeton
from app.domain.depots import (
    Depot,
    DepotInconnu,
    DepotStore,
    Ligne,
    LigneRefusee,
    Plan,
    Prevision,
    Sorte,
)
from app.domain.doublons import LIEU
from app.domain.droits import Action
from app.domain.edition import (
    Changes,
    Fiche,
    FicheRef,
    ModifieeEntretemps,
    new_id,
    new_offre,
)
from app.domain.feeds import RecordReader, RecordRefused, Refus
from app.domain.offre import Offre, OffreId, Structure, StructureId
from app.domain.publication import STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.services.edition import EditionService

Record = Mapping[str, Any]
CommuneOf = Callable[[str | None, str | None], str | None]
"""The code of the commune of a name and a postal code, None when none has both."""
# A blank cell of these is no decision: an address would be shown, an offer come back.
KEPT_WHEN_BLANK = frozenset(("id", "adresse_confidentielle", "etat_publication"))
# Who it is, or what only the catalogue says: a column of these changes nothing.
NOT_READ = frozenset(
    ("source", "structure_id", "id", "date_maj", "lien_source", "derniere_confirmation")
)
_NOT_YOURS = (
    "Cet identifiant n’est celui d’aucune offre de votre structure : laissez la case vide pour "
    "ajouter une offre."
)
_OTHER_STRUCTURE = (
    "Cette ligne est celle d’une autre structure : retirez-la, ou laissez la case vide."
)
_TWICE = "Cet identifiant est déjà présent plus haut : gardez une seule ligne."
_NO_COMMUNE = "Aucune commune de ce nom n’a ce code postal : vérifiez les deux."
_STATES = "Écrivez « publie » pour que l’offre soit en ligne, « retire » pour la retirer."


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotService:
    """Each method says who acts, and refuses what the table of rights does not give.

    `cells_of` says how a record comes back from a file that nobody has touched, `as_meant` what a
    cell says that was kept from being a formula.
    """

    store: DepotStore
    edition: EditionService
    colonnes: Sequence[str]
    to_record: Callable[[Offre], dict[str, Any]]
    make_reader: Callable[[], RecordReader]
    cells_of: Callable[[Sequence[str], Record], Mapping[str, str]]
    as_meant: Callable[[str], str]

    def model(self, acteur: Acteur, structure_id: StructureId) -> Sequence[Record]:
        """Returns the records of a structure's offers, as they are sent back."""
        return [
            self._in_cells(self._record(fiche))
            for fiche in self._offres(acteur, structure_id).values()
        ]

    def plan(
        self,
        acteur: Acteur,
        structure_id: StructureId,
        colonnes: Sequence[str],
        lignes: Sequence[Ligne],
        commune_of: CommuneOf,
    ) -> Plan:
        """Returns what a file would do; nothing is written."""
        known = self._offres(acteur, structure_id)
        structure = self._structure(structure_id)
        reading = _Reading(
            service=self,
            structure=structure,
            known=known,
            reader=self.make_reader(),
            commune_of=commune_of,
            today=self.edition.clock.today(),
        )
        previsions: list[Prevision] = []
        refusees: list[LigneRefusee] = []
        seen: set[str] = set()
        for ligne in lignes:
            try:
                previsions.append(reading.prevision(ligne, seen))
            except RecordRefused as refused:
                refusees += [
                    LigneRefusee(numero=ligne.numero, champ=one.champ, raison=one.raison)
                    for one in refused.refus
                ]
        ignorees = [c for c in colonnes if c not in self.colonnes and c not in NOT_READ]
        return Plan(previsions=previsions, refusees=refusees, ignorees=ignorees)

    def keep(self, acteur: Acteur, structure_id: StructureId, plan: Plan) -> str:
        """Keeps what a file changes, and returns the token that publishes it."""
        jeton = new_jeton()
        lignes = [
            {
                "numero": one.numero,
                "id": one.fiche.ref.id,
                "base": one.fiche.revision,
                "changes": {name: list(pair) for name, pair in one.changes.items()},
            }
            for one in plan.to_write
        ]
        depot = Depot(structure_id=structure_id, auteur=acteur.auteur, lignes=lignes)
        self.store.keep(empreinte_of(jeton), depot, self.edition.clock.now())
        return jeton

    def publish(self, acteur: Acteur, structure_id: StructureId, jeton: str) -> Plan | None:
        """Publishes what was shown, all or nothing; None when it is done.

        What somebody else has changed meanwhile is not overwritten: the plan that is returned shows
        it, and is published by another token. Raises `DepotInconnu`.
        """
        known = self._offres(acteur, structure_id)
        empreinte = empreinte_of(jeton)
        depot = self.store.get(empreinte, self.edition.clock.now())
        if (depot.structure_id, depot.auteur) != (structure_id, acteur.auteur):
            raise DepotInconnu
        plan = self._again(structure_id, known, depot)
        bases = {ligne["id"]: ligne["base"] for ligne in depot.lignes}
        is_as_shown = not plan.refusees and all(
            one.fiche.revision == bases[one.fiche.ref.id] for one in plan.previsions
        )
        if is_as_shown:
            values = [(one.value, one.fiche.revision) for one in plan.to_write]
            try:
                self.edition.publish_all(acteur, values)
            except ModifieeEntretemps:  # between our reading and our writing
                plan = self._again(structure_id, self._offres(acteur, structure_id), depot)
            else:
                self.store.forget(empreinte)
                return None
        self.store.forget(empreinte)
        return plan

    def _again(self, structure_id: StructureId, known: Mapping[str, Fiche], depot: Depot) -> Plan:
        """Returns what a file that waits would do now."""
        structure, reader = self._structure(structure_id), self.make_reader()
        previsions: list[Prevision] = []
        refusees: list[LigneRefusee] = []
        for ligne in depot.lignes:
            is_creation = ligne["base"] == 0
            fiche = known.get(ligne["id"])
            if fiche is None and not is_creation:
                refusees.append(LigneRefusee(numero=ligne["numero"], champ="id", raison=_NOT_YOURS))
                continue
            fiche = fiche or new_offre(structure, ligne["id"], self.edition.clock.today())
            changes = {name: (old, new) for name, (old, new) in ligne["changes"].items()}
            now = self._record(fiche)
            moved = [
                name
                for name, (old, new) in changes.items()
                if not is_creation and now.get(name) not in (old, new)
            ]
            try:
                said = {name: new for name, (_, new) in changes.items()}
                record = {**now, **said, **_identity(fiche, structure)}
                value = _offre(reader, _without_silence(record))
            except RecordRefused as refused:
                refusees += [
                    LigneRefusee(numero=ligne["numero"], champ=one.champ, raison=one.raison)
                    for one in refused.refus
                ]
                continue
            previsions.append(
                self.prevision(ligne["numero"], fiche, value, entretemps=frozenset(moved))
            )
        return Plan(previsions=previsions, refusees=refusees)

    def prevision(
        self,
        numero: int,
        fiche: Fiche,
        value: Offre,
        entretemps: frozenset[str] = frozenset(),
    ) -> Prevision:
        """Returns what writing an offer would do."""
        changes = _differences(self._record(fiche), self.to_record(value))
        sorte = Sorte.MODIFICATION if changes else Sorte.RIEN
        return Prevision(
            numero=numero,
            sorte=Sorte.CREATION if fiche.is_new else sorte,
            fiche=fiche,
            value=value,
            changes=changes,
            entretemps=entretemps,
        )

    def cells(self, fiche: Fiche) -> Mapping[str, str]:
        """Returns the cells of an offer in a file that nobody has touched."""
        return self.cells_of(self.colonnes, self._in_cells(self._record(fiche)))

    def _record(self, fiche: Fiche) -> dict[str, Any]:
        return {} if fiche.is_new else self.to_record(offre_of(fiche))

    def _in_cells(self, record: Record) -> dict[str, Any]:
        """Returns a record whose state is written out, since a blank cell decides nothing."""
        cells = {name: _listed(said) for name, said in record.items()}
        is_hidden = record.get("adresse_confidentielle", False)
        cells["adresse_confidentielle"] = "oui" if is_hidden else "non"
        cells["etat_publication"] = record.get("etat_publication", EtatPublication.PUBLIE.value)
        return cells

    def _structure(self, structure_id: StructureId) -> Structure:
        fiche = self.edition.store.get(FicheRef(objet=STRUCTURE, id=structure_id))
        if fiche is None:
            raise AssertionError(structure_id)
        return fiche.structure

    def _offres(self, acteur: Acteur, structure_id: StructureId) -> dict[str, Fiche]:
        ref = FicheRef(objet=STRUCTURE, id=structure_id)
        self.edition.require(acteur, Action.DEPOSER_OFFRES, self.edition.cible(ref))
        return {fiche.ref.id: fiche for fiche in self.edition.offres_of(acteur, ref)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One file being read."""

    service: DepotService
    structure: Structure
    known: Mapping[str, Fiche]
    reader: RecordReader
    commune_of: CommuneOf
    today: date

    def prevision(self, ligne: Ligne, seen: set[str]) -> Prevision:
        """Returns what a line would do. Raises `RecordRefused`."""
        fiche = self._fiche(ligne, seen)
        before = {} if fiche.is_new else self.service.to_record(offre_of(fiche))
        record, touched = self._record(fiche, ligne, before)
        _settle(record, before, touched, self.commune_of)
        value = _offre(self.reader, _without_silence(record))
        if value.etat_publication is EtatPublication.A_MODERER:
            raise _refused("etat_publication", _STATES)
        value = replace(value, date_maj=fiche.value.date_maj)
        return self.service.prevision(ligne.numero, fiche, value)

    def _fiche(self, ligne: Ligne, seen: set[str]) -> Fiche:
        ident = self.service.as_meant(ligne.cells.get("id", "")).strip()
        carrier = self.service.as_meant(ligne.cells.get("structure_id", "")).strip()
        if carrier and carrier != self.structure.id:
            raise _refused("structure_id", _OTHER_STRUCTURE)
        if not ident:
            return new_offre(self.structure, OffreId(new_id()), self.today)
        if ident not in self.known:
            raise _refused("id", _NOT_YOURS)
        if ident in seen:
            raise _refused("id", _TWICE)
        seen.add(ident)
        return self.known[ident]

    def _record(
        self, fiche: Fiche, ligne: Ligne, before: Record
    ) -> tuple[dict[str, Any], set[str]]:
        """Returns what a line says, and the fields that it says otherwise than now."""
        record: dict[str, Any] = {
            **before,
            **_identity(fiche, self.structure),
        }
        untouched = {} if fiche.is_new else self.service.cells(fiche)
        touched = set()
        for name, cell in ligne.cells.items():
            if name in NOT_READ or name not in self.service.colonnes:
                continue
            text = self.service.as_meant(cell).strip()
            is_same = name in untouched and _plain(cell) == _plain(untouched[name])
            if is_same or (not text and (name in KEPT_WHEN_BLANK or fiche.is_new)):
                continue
            touched.add(name)
            record[name] = text or None
        return record, touched


def _settle(
    record: dict[str, Any], before: Record, touched: set[str], commune_of: CommuneOf
) -> None:
    """Makes what follows from other fields follow: a commune has its code, a place its point."""
    if "eligibilite" in touched and "regles" not in touched:
        record["regles"] = None  # they told where the conditions that are replaced came from
    if touched & {"commune", "code_postal"} and "code_insee" not in touched:
        record["code_insee"] = None
        if record.get("commune") or record.get("code_postal"):
            record["code_insee"] = commune_of(record.get("commune"), record.get("code_postal"))
            if record["code_insee"] is None:
                raise _refused("commune", _NO_COMMUNE)
    has_moved = touched & (set(LIEU) - {"longitude", "latitude"})
    if before and has_moved and not touched & {"longitude", "latitude"}:
        record["longitude"] = record["latitude"] = None  # the point of the other address


def offre_of(fiche: Fiche) -> Offre:
    """Returns the offer of a listing that is one."""
    return cast("Offre", fiche.value)


def _identity(fiche: Fiche, structure: Structure) -> dict[str, str]:
    """Returns what a file never says of an offer."""
    return {
        "source": fiche.value.source,
        "structure_id": structure.id,
        "id": fiche.ref.id,
        "date_maj": fiche.value.date_maj.isoformat(),
    }


def _offre(reader: RecordReader, record: Record) -> Offre:
    return cast("Offre", reader.read(record))  # a record with a structure is an offer


def _refused(champ: str, raison: str) -> RecordRefused:
    return RecordRefused(None, (Refus(champ=champ, raison=raison),))


def _differences(before: Record, after: Record) -> Changes:
    names = (name for name in dict.fromkeys((*before, *after)) if name not in NOT_READ)
    pairs: Iterator[tuple[str, tuple[Any, Any]]] = (
        (name, (before.get(name), after.get(name))) for name in names
    )
    return {name: pair for name, pair in pairs if pair[0] != pair[1]}


def _without_silence(record: Record) -> dict[str, Any]:
    return {name: said for name, said in record.items() if said is not None}


def _plain(cell: str) -> str:
    """Returns a cell whatever a spreadsheet does to its line breaks."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _listed(said: object) -> object:
    """Returns a list of words as a person writes one in a cell; others stay JSON."""
    if not isinstance(said, list) or not all(isinstance(item, str) for item in said):
        return said
    is_plain = not any(mark in item for item in said for mark in "|,[")
    return "|".join(said) if is_plain else said
