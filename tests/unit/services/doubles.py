"""A catalogue and a reader of records that hold everything in memory."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.feeds import Progress, RawRecord, RecordRefused, Refus
from app.domain.offre import Offre, Structure
from app.domain.publication import OFFRE, STRUCTURE, Origin, Received, Withdrawal, Written
from tests.builders import make_offre, make_structure


@dataclass
class ListFeed:
    """A feed whose records are given; it can be read several times."""

    name: str
    records_given: Sequence[object]
    breaks_after: Exception | None = None

    def records(self, progress: Progress) -> Iterator[RawRecord]:
        for ligne, data in enumerate(self.records_given, 1):
            progress(1)
            if isinstance(data, str):
                yield RawRecord(fichier=self.name, ligne=ligne, fault=data)
            else:
                yield RawRecord(fichier=self.name, ligne=ligne, data=data)
        if self.breaks_after is not None:
            raise self.breaks_after


class PlainReader:
    """Reads `{"id": …}` as a structure and `{"id": …, "structure_id": …}` as an offer."""

    def __init__(self) -> None:
        self.ignored_fields: Counter[str] = Counter()
        self.resolved_codes: Counter[tuple[str, str]] = Counter()
        self.read_ids: list[object] = []

    def is_offre(self, record: Mapping[object, object]) -> bool:
        return bool(str(record.get("structure_id") or "").strip())

    def read(self, record: object) -> Offre | Structure:
        if not isinstance(record, dict) or "id" not in record or record.get("nom") == "":
            raise RecordRefused(None, (Refus(champ="nom", raison="Le nom manque."),))
        self.read_ids.append(record["id"])
        return make_offre(**record) if "structure_id" in record else make_structure(**record)


@dataclass
class MemoryStore:
    """Keeps what it is given; `calls` tells in which order."""

    calls: list[tuple[str, object]] = field(default_factory=list)
    digests: dict[tuple[str, str], str] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    refuses: bool = False

    def start_import(self, fichiers: Sequence[str]) -> int:
        self.calls.append(("start", list(fichiers)))
        return 7

    def finish_import(self, import_id: int, bilan: Mapping[str, int]) -> None:
        self.calls.append(("finish", dict(bilan)))

    def skip_unchanged(
        self, objet: str, digests: Mapping[str, str], import_id: int | None
    ) -> frozenset[str]:
        same = {i for i, digest in digests.items() if self.digests.get((objet, i)) == digest}
        if import_id is not None:
            self.mark_seen(objet, sorted(same), import_id)
        return frozenset(same)

    def known_ids(self, objet: str, ids: Iterable[str]) -> frozenset[str]:
        return frozenset(ident for ident in ids if (objet, ident) in self.digests)

    def store_structures(
        self, batch: Sequence[Received[Structure]], origin: Origin, *, rehearse: bool = False
    ) -> Written:
        if rehearse:
            return self._rehearse(STRUCTURE, batch)
        return self._store(STRUCTURE, batch, origin)

    def _rehearse(
        self, objet: str, batch: "Sequence[Received[Structure]] | Sequence[Received[Offre]]"
    ) -> Written:
        known = self.known_ids(objet, [r.value.id for r in batch])
        return Written(
            created=[r.value.id for r in batch if r.value.id not in known],
            changed=[r.value.id for r in batch if r.value.id in known],
        )

    def store_offres(
        self, batch: Sequence[Received[Offre]], origin: Origin, *, rehearse: bool = False
    ) -> Written:
        known = self.known_ids(STRUCTURE, [r.value.structure_id for r in batch])
        kept = [r for r in batch if r.value.structure_id in known]
        written = self._rehearse(OFFRE, kept) if rehearse else self._store(OFFRE, kept, origin)
        written.orphans = [r.value.id for r in batch if r.value.structure_id not in known]
        return written

    def _store(
        self, objet: str, batch: "Sequence[Received[Structure]] | Sequence[Received[Offre]]",
        origin: Origin,
    ) -> Written:  # fmt: skip
        self.calls.append((objet, [r.value.id for r in batch]))
        written = Written()
        for received in batch:
            key = (objet, str(received.value.id))
            (written.changed if key in self.digests else written.created).append(key[1])
            self.digests[key] = received.digest
            self.seen[key] = origin.import_id
        return written

    def mark_seen(self, objet: str, ids: Sequence[str], import_id: int) -> None:
        self.seen.update({(objet, ident): import_id for ident in ids})

    def withdraw_unseen(
        self,
        source: str,
        origin: Origin,
        max_share: float,
        *,
        met: Mapping[str, Container[str]] | None = None,
    ) -> Withdrawal:
        if met is None:
            self.calls.append(("withdraw", (source, origin.auteur, max_share)))
        return Withdrawal(source=source, withdrawn=2, published=3, refused=self.refuses)
