"""Imports data·inclusion v1 feeds: valid records in, invalid ones told, nothing lost.

Records are read twice, structures first and then services, since file names and order mean nothing.
Each batch is one transaction: killed at any moment, the catalogue is consistent and running the
import again finishes the work, skipping what has not changed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.feeds import (
    Bilan,
    Feed,
    Progress,
    RawRecord,
    RecordReader,
    RecordRefused,
    Refus,
    Rejet,
)
from app.domain.offre import EXTENSIONS, Offre, Structure
from app.domain.publication import OFFRE, STRUCTURE, CatalogueStore, Origin, Received

BATCH_ROWS = 500  # a transaction of a quarter of a second: other writers never wait long
MAX_WITHDRAWN_SHARE = 0.20  # design section 10: more looks like a truncated feed
# Part of each record's digest: records are read again when the rules that read them change.
RULES_VERSION = 1

_FAULTS = {
    "ligne_json": "Cette ligne n’est pas un objet JSON valide. Corrigez-la et recommencez.",
    "colonnes": "Cette ligne n’a pas le même nombre de colonnes que l’en-tête. Vérifiez les "
    "guillemets et les séparateurs.",
}


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
    _met: dict[str, set[str]] = field(default_factory=lambda: {STRUCTURE: set(), OFFRE: set()})
    _valid_structures: set[str] = field(default_factory=set)

    def run(self, feeds: Sequence[Feed], complete: Sequence[str], *, force: bool) -> Bilan:
        """Imports feeds; what `complete` sources no longer send is withdrawn at the end."""
        if not self.dry_run:
            self._import_id = self.store.start_import([feed.name for feed in feeds])
        for objet in (STRUCTURE, OFFRE):
            for batch in _batches(feeds, self.progress):
                self._import_batch(objet, batch)
        if not self.dry_run:
            self._withdraw(complete, 1.0 if force else MAX_WITHDRAWN_SHARE)
            self.store.finish_import(self._import_id, self.bilan.counts())
        return self.bilan

    def _import_batch(self, objet: str, batch: list[RawRecord]) -> None:
        mine = [raw for raw in batch if self._is_for(objet, raw)]
        by_id: dict[str, RawRecord] = {}
        for raw in mine:
            if (ident := self._accept(objet, raw)) is not None:
                by_id[ident] = raw
        digests = {ident: _digest(raw.data) for ident, raw in by_id.items()}
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
            self._valid_structures.update(r.value.id for r in received)
            self._valid_structures.update(same)
        self._store(objet, received, refused, by_id)

    def _is_for(self, objet: str, raw: RawRecord) -> bool:
        """Faulty records are told once, in the first pass."""
        is_offre = isinstance(raw.data, dict) and bool(raw.data.get("structure_id"))
        return is_offre == (objet == OFFRE)

    def _accept(self, objet: str, raw: RawRecord) -> str | None:
        """Counts a record and returns its id when it is worth reading."""
        self.bilan.lus += 1
        if raw.fault is not None:
            self._reject(raw, "", [Refus(champ="", raison=_FAULTS[raw.fault])])
            return None
        ident = raw.data.get("id") if isinstance(raw.data, dict) else None
        if not isinstance(ident, str) or not ident:
            self._read(raw)
            return None
        if ident in self._met[objet]:
            reason = "Cet identifiant est déjà présent plus haut. Gardez un seul enregistrement."
            self._reject(raw, ident, [Refus(champ="id", raison=reason)])
            return None
        self._met[objet].add(ident)
        return ident

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

    def _store(
        self,
        objet: str,
        received: list[Received[Any]],
        refused: list[str],
        by_id: dict[str, RawRecord],
    ) -> None:
        if self.dry_run:
            self._pretend(objet, received, by_id)
            return
        if refused:
            self.store.mark_seen(objet, refused, self._import_id)
        if not received:
            return
        origin = Origin(auteur="import", quand=self.now, import_id=self._import_id)
        store = self.store.store_structures if objet == STRUCTURE else self.store.store_offres
        written = store(received, origin)
        self.bilan.crees += len(written.created)
        self.bilan.modifies += len(written.changed)
        self.bilan.inchanges += len(written.unchanged)
        for ident in written.orphans:
            self._reject_orphan(by_id[ident], ident)

    def _pretend(
        self, objet: str, received: list[Received[Any]], by_id: dict[str, RawRecord]
    ) -> None:
        """Counts what a real import would do, without telling creations from changes."""
        if objet == OFFRE:
            carriers = {r.value.structure_id for r in received} - self._valid_structures
            known = self.store.known_ids(STRUCTURE, carriers)
            for r in list(received):
                carrier = r.value.structure_id
                if carrier not in self._valid_structures and carrier not in known:
                    self._reject_orphan(by_id[r.value.id], r.value.id)
                    received.remove(r)
        known_ids = self.store.known_ids(objet, [r.value.id for r in received])
        self.bilan.modifies += len(known_ids)
        self.bilan.crees += len(received) - len(known_ids)

    def _reject_orphan(self, raw: RawRecord, identifiant: str) -> None:
        reason = (
            "Cette structure n’existe pas dans le catalogue ni dans le flux, ou elle a été "
            "rejetée. Ajoutez-la au flux."
        )
        self._reject(raw, identifiant, [Refus(champ="structure_id", raison=reason)])

    def _withdraw(self, sources: Sequence[str], max_share: float) -> None:
        for source in sources:
            origin = Origin(auteur=f"import:{source}", quand=self.now, import_id=self._import_id)
            withdrawal = self.store.withdraw_unseen(source, origin, max_share)
            self.bilan.retraits.append(withdrawal)
            if not withdrawal.refused:
                self.bilan.retires += withdrawal.withdrawn


def _batches(feeds: Sequence[Feed], progress: Progress) -> Iterator[list[RawRecord]]:
    batch: list[RawRecord] = []
    for feed in feeds:
        for raw in feed.records(progress):
            batch.append(raw)
            if len(batch) == BATCH_ROWS:
                yield batch
                batch = []
    yield batch


def _received(value: Offre | Structure, digest: str, data: object) -> Received[Any]:
    keys = data.keys() if isinstance(data, dict) else ()
    return Received(value=value, digest=digest, given=EXTENSIONS.intersection(keys))


def _digest(data: object) -> str:
    text = json.dumps([RULES_VERSION, data], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
