"""Imports data·inclusion v1 feeds: valid records in, invalid ones told, nothing lost.

Records are read twice, structures first and then services, since file names and order mean nothing.
Each batch is one transaction: killed at any moment, the catalogue is consistent and running the
import again finishes the work, skipping what has not changed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.feeds import (
    Bilan,
    Feed,
    FeedUnreadable,
    Progress,
    RawRecord,
    RecordReader,
    RecordRefused,
    Refus,
    Rejet,
)
from app.domain.noms import is_encodable
from app.domain.offre import EXTENSIONS, Offre, Structure
from app.domain.publication import OFFRE, STRUCTURE, CatalogueStore, Origin, Received, Written
from app.services.met_ids import MetIds

BATCH_ROWS = 500  # a transaction of a quarter of a second: other writers never wait long
MAX_WITHDRAWN_SHARE = 0.20  # design section 10: more looks like a truncated feed
# Part of each record's digest: records are read again when the rules that read them change.
RULES_VERSION = 2

_FAULTS = {
    "json": "Cette fiche n’est pas du JSON valide. Corrigez-la et recommencez.",
    "colonnes": "Cette ligne n’a pas le même nombre de colonnes que l’en-tête. Vérifiez les "
    "guillemets et les séparateurs.",
    "trop_imbrique": "Cette fiche est trop imbriquée pour être lue. Simplifiez ses listes.",
}
_TWICE = "Cet identifiant est déjà présent plus haut. Gardez un seul enregistrement."
_ORPHAN = (
    "Cette structure n’existe pas dans le catalogue ni dans le flux, ou elle a été rejetée. "
    "Ajoutez-la au flux."
)


@dataclass(slots=True, kw_only=True)
class FeedImport:
    """One import: its collaborators, its options and its counts."""

    store: CatalogueStore
    reader: RecordReader
    reject: Callable[[Rejet], None]
    progress: Progress
    now: datetime
    dry_run: bool = False
    bilan: Bilan = field(default_factory=Bilan)
    _import_id: int = 0
    _met: dict[str, MetIds] = field(default_factory=dict)
    _valid_structures: MetIds = field(init=False)

    def run(self, feeds: Sequence[Feed], complete: Sequence[str], *, force: bool) -> Bilan:
        """Imports feeds; what `complete` sources no longer send is withdrawn at the end.

        Files that cannot be read (further) are told in `Bilan.illisibles` and the rest is imported;
        nothing is then withdrawn, since what a broken feed does not say proves nothing.
        """
        with (
            closing(MetIds()) as structures,
            closing(MetIds()) as offres,
            closing(MetIds()) as self._valid_structures,
        ):
            self._met = {STRUCTURE: structures, OFFRE: offres}
            self._run(feeds, complete, force=force)
        return self.bilan

    def _run(self, feeds: Sequence[Feed], complete: Sequence[str], *, force: bool) -> None:
        if not self.dry_run:
            self._import_id = self.store.start_import([feed.name for feed in feeds])
        for objet in (STRUCTURE, OFFRE):
            for batch in self._batches(feeds):
                self._import_batch(objet, batch)
        if not self.bilan.illisibles:
            self._withdraw(complete, 1.0 if force else MAX_WITHDRAWN_SHARE)
        if not self.dry_run:
            self.store.finish_import(self._import_id, self.bilan.counts())

    def _batches(self, feeds: Sequence[Feed]) -> Iterator[list[RawRecord]]:
        batch: list[RawRecord] = []
        for feed in feeds:
            try:
                for raw in feed.records(self.progress):
                    batch.append(raw)
                    if len(batch) == BATCH_ROWS:
                        yield batch
                        batch = []
            except FeedUnreadable as exc:
                self.bilan.illisibles[feed.name] = exc
        yield batch

    def _import_batch(self, objet: str, batch: list[RawRecord]) -> None:
        by_id: dict[str, RawRecord] = {}
        digests: dict[str, str] = {}
        for raw in batch:
            if self._is_for(objet, raw) and (accepted := self._accept(objet, raw)) is not None:
                ident, digests[ident] = accepted
                by_id[ident] = raw
        import_id = None if self.dry_run else self._import_id
        same = self.store.skip_unchanged(objet, digests, import_id)
        self.bilan.inchanges += len(same)
        received: list[Received[Any]] = []
        refused: list[str] = []
        for ident, raw in by_id.items():
            if ident in same:
                continue
            value = self._read(raw)
            if value is None:
                refused.append(ident)
            else:
                received.append(_received(value, digests[ident], raw.data))
        if objet == STRUCTURE:
            for ident in (*same, *(r.value.id for r in received)):
                self._valid_structures.add(ident)
        self._store(objet, received, refused, by_id)

    def _is_for(self, objet: str, raw: RawRecord) -> bool:
        """Tells which pass reads a record; faulty ones are told once, in the first."""
        is_offre = isinstance(raw.data, dict) and self.reader.is_offre(raw.data)
        return is_offre == (objet == OFFRE)

    def _accept(self, objet: str, raw: RawRecord) -> tuple[str, str] | None:
        """Counts a record and returns its id and digest when it is worth reading."""
        self.bilan.lus += 1
        if raw.fault is not None:
            self._refuse(raw, "", "", _FAULTS[raw.fault])
            return None
        ident = raw.data.get("id") if isinstance(raw.data, dict) else None
        if not isinstance(ident, str) or not _is_storable(ident):
            self._read(raw)  # which says what is wrong with it
            return None
        if not self._met[objet].add(ident):
            self._refuse(raw, ident, "id", _TWICE)
            return None
        try:
            return ident, _digest(raw.data)
        except RecursionError:
            self._refuse(raw, ident, "", _FAULTS["trop_imbrique"])
        return None

    def _read(self, raw: RawRecord) -> Offre | Structure | None:
        try:
            return self.reader.read(raw.data)
        except RecordRefused as exc:
            self._reject(raw, exc.identifiant or "", exc.refus)
            return None

    def _reject(self, raw: RawRecord, identifiant: str, refus: Sequence[Refus]) -> None:
        self.bilan.rejetes += 1
        for fault in refus:
            self.reject(
                Rejet(
                    fichier=raw.fichier,
                    ligne=raw.ligne,
                    identifiant=identifiant,
                    champ=fault.champ,
                    raison=fault.raison,
                )
            )

    def _refuse(self, raw: RawRecord, identifiant: str, champ: str, raison: str) -> None:
        self._reject(raw, identifiant, [Refus(champ=champ, raison=raison)])

    def _store(
        self,
        objet: str,
        received: list[Received[Any]],
        refused: list[str],
        by_id: dict[str, RawRecord],
    ) -> None:
        origin = Origin(auteur="import", quand=self.now, import_id=self._import_id)
        written = Written()
        if received:
            store = self.store.store_structures if objet == STRUCTURE else self.store.store_offres
            written = store(received, origin, rehearse=self.dry_run)
        if self.dry_run:
            self._settle_rehearsal(objet, written, received)
        self.bilan.crees += len(written.created)
        self.bilan.modifies += len(written.changed)
        self.bilan.inchanges += len(written.unchanged)
        for ident in written.orphans:
            self._refuse(by_id[ident], ident, "structure_id", _ORPHAN)
        # A source that sends an invalid record still sends the listing: it is not withdrawn.
        met = refused + written.orphans
        if met and not self.dry_run:
            self.store.mark_seen(objet, met, self._import_id)

    def _settle_rehearsal(
        self, objet: str, written: Written, received: list[Received[Any]]
    ) -> None:
        """Offers whose structure is only in the feed are no orphans: it would be there by then."""
        carriers = {r.value.id: r.value.structure_id for r in received if objet == OFFRE}
        found = [i for i in written.orphans if carriers[i] in self._valid_structures]
        known = self.store.known_ids(objet, found)
        written.orphans = [i for i in written.orphans if i not in found]
        written.changed += [i for i in found if i in known]
        written.created += [i for i in found if i not in known]

    def _withdraw(self, sources: Sequence[str], max_share: float) -> None:
        for source in sources:
            origin = Origin(auteur=f"import:{source}", quand=self.now, import_id=self._import_id)
            met = self._met if self.dry_run else None
            withdrawal = self.store.withdraw_unseen(source, origin, max_share, met=met)
            self.bilan.retraits.append(withdrawal)
            if not withdrawal.refused:
                self.bilan.retires += withdrawal.withdrawn


def _received(value: Offre | Structure, digest: str, data: object) -> Received[Any]:
    keys = data.keys() if isinstance(data, dict) else ()
    return Received(value=value, digest=digest, given=EXTENSIONS.intersection(keys))


def _is_storable(ident: str) -> bool:
    return bool(ident) and "\0" not in ident and is_encodable(ident)


def _digest(data: object) -> str:
    text = json.dumps([RULES_VERSION, data], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
