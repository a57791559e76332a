"""What becomes of a report: checked, masked, dated, handled, erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import cast

import pytest

from app.domain.edition import FicheRef
from app.domain.errors import OffreIntrouvable, SignalementInconnu
from app.domain.offre import OffreId, StructureId
from app.domain.ports import OffreRepository
from app.domain.signalements import GARDE_COURRIEL, Constat, Motif, ReponseDue, SignalementListe
from app.services.signalements import SignalementService

PUBLIEE = FicheRef(objet="offre", id="publiee")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class OnePublished:
    """A catalogue of one published offer, and of one published structure."""

    def get_many(self, ids: Sequence[OffreId]) -> dict[OffreId, str]:
        return {ident: "{}" for ident in ids if ident == "publiee"}

    def get_structure(self, structure_id: StructureId) -> str | None:
        return "{}" if structure_id == "ouverte" else None


@dataclass
class MemoryStore:
    """Keeps what it is given."""

    added: list[tuple[FicheRef, Constat, datetime]] = field(default_factory=list)
    handled: list[tuple[int, datetime]] = field(default_factory=list)
    purged: list[datetime] = field(default_factory=list)
    asked_by: list[str | None] = field(default_factory=list)
    forgotten: list[datetime] = field(default_factory=list)

    def add(
        self, fiche: FicheRef, constat: Constat, quand: datetime, courriel: str | None = None
    ) -> None:
        self.added.append((fiche, constat, quand))
        self.asked_by.append(courriel)

    def forget_before(self, quand: datetime) -> int:
        self.forgotten.append(quand)
        return 0

    def get_open(self, ident: int) -> SignalementListe:
        raise SignalementInconnu(ident)

    def answer(self, ident: int, texte: str, par: str, quand: datetime) -> None:
        raise SignalementInconnu(ident)

    def asked(self) -> Mapping[int, int]:
        return {}

    def owed(self) -> Sequence[ReponseDue]:
        return ()

    def forget(self, ident: int) -> None:
        raise SignalementInconnu(ident)

    def list_open(self) -> Sequence[SignalementListe]:
        return []

    def mark_handled(self, ident: int, quand: datetime) -> bool:
        self.handled.append((ident, quand))
        return ident == 1

    def count_open(self) -> int:
        return len(self.added)

    def purge_before(self, quand: datetime) -> int:
        self.purged.append(quand)
        return 3


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def service(store: MemoryStore) -> SignalementService:
    repository = cast("OffreRepository", OnePublished())
    return SignalementService(store=store, repository=repository, now=lambda: NOON)


def test_a_report_of_a_published_offer_is_kept_with_its_instant(
    service: SignalementService, store: MemoryStore
) -> None:
    constat = Constat(motif=Motif.HORAIRES)

    service.report(PUBLIEE, constat)

    assert store.added == [(PUBLIEE, constat, NOON)]
    assert (service.count_open(), service.list_open()) == (1, [])


def test_an_address_is_kept_beside_the_report_and_old_ones_are_erased(
    service: SignalementService, store: MemoryStore
) -> None:
    service.report(PUBLIEE, Constat(motif=Motif.HORAIRES), "moi@exemple.fr")
    service.list_open()

    assert store.asked_by == ["moi@exemple.fr"]
    assert store.forgotten == [NOON - GARDE_COURRIEL] * 2


def test_nobodys_details_are_kept(service: SignalementService, store: MemoryStore) -> None:
    said = "Le bon numéro est le 06 00 00 00 00 ou moi@exemple.fr"

    service.report(PUBLIEE, Constat(motif=Motif.AUTRE, precision=said))

    assert [constat.precision for _, constat, _ in store.added] == [
        "Le bon numéro est le [numéro retiré] ou [adresse retirée]"
    ]


def test_a_structure_is_reported_as_an_offer_is(
    service: SignalementService, store: MemoryStore
) -> None:
    ouverte = FicheRef(objet="structure", id="ouverte")

    service.report(ouverte, Constat(motif=Motif.HORAIRES))

    assert [fiche for fiche, _, _ in store.added] == [ouverte]


@pytest.mark.parametrize(
    ("objet", "ident"), [("offre", "retiree"), ("offre", "ouverte"), ("structure", "publiee")]
)
def test_a_listing_that_is_not_published_cannot_be_reported(
    service: SignalementService, store: MemoryStore, objet: str, ident: str
) -> None:
    with pytest.raises(OffreIntrouvable):
        service.report(FicheRef(objet=objet, id=ident), Constat(motif=Motif.AUTRE))

    assert store.added == []


def test_handling_is_dated(service: SignalementService, store: MemoryStore) -> None:
    service.mark_handled(1)

    assert store.handled == [(1, NOON)]


def test_a_number_that_nobody_has_is_refused(service: SignalementService) -> None:
    with pytest.raises(SignalementInconnu) as refusal:
        service.mark_handled(2)

    assert refusal.value.numero == 2


@pytest.mark.parametrize(
    ("day", "midnight"),
    [
        pytest.param(date(2026, 1, 1), datetime(2025, 12, 31, 23, tzinfo=UTC), id="winter"),
        pytest.param(date(2026, 7, 1), datetime(2026, 6, 30, 22, tzinfo=UTC), id="summer"),
    ],
)
def test_a_day_begins_at_midnight_in_paris(
    service: SignalementService, store: MemoryStore, day: date, midnight: datetime
) -> None:
    assert service.purge_before(day) == 3
    assert store.purged == [midnight]
