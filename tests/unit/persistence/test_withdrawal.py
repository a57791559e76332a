"""What a source no longer sends is withdrawn, comes back, and never against a person's will."""

import pytest

from app.domain.vocabulaire import EtatPublication
from app.persistence.outbox import SqlCatalogueReader, SqlOutbox
from app.persistence.repositories import SqlOffreRepository
from tests.builders import make_offre, make_structure
from tests.unit.persistence.dumps import dump, history, owed
from tests.unit.persistence.filling import Catalogue

NAMED = {"etat_publication"}


def make_offres(count: int) -> list[object]:
    return [make_offre(id=f"offre-{rank}") for rank in range(count)]


@pytest.fixture
def ten(catalogue: Catalogue) -> Catalogue:
    """Nine offers of one structure; the next import is open."""
    catalogue.put(make_structure())
    catalogue.put(*make_offres(9))  # type: ignore[arg-type]  # offers
    catalogue.next_import()
    return catalogue


def states(catalogue: Catalogue) -> list[object]:
    return [catalogue.state("offres", f"offre-{rank}") for rank in range(9)]


def test_what_was_met_again_stays(ten: Catalogue) -> None:
    ten.meet(make_structure())
    ten.meet(*make_offres(9))  # type: ignore[arg-type]  # offers
    before = dump(ten.engine)

    withdrawal = ten.withdraw_unseen(share=0.2)

    assert (withdrawal.withdrawn, withdrawal.published, withdrawal.refused) == (0, 10, False)
    assert dump(ten.engine) == before


def test_what_was_not_met_is_withdrawn(ten: Catalogue) -> None:
    ten.meet(make_structure())
    ten.meet(*make_offres(8))  # type: ignore[arg-type]  # offers
    before = owed(ten.engine)

    withdrawal = ten.withdraw_unseen(share=0.2)

    assert (withdrawal.withdrawn, withdrawal.published, withdrawal.refused) == (1, 10, False)
    assert states(ten) == ["publie"] * 8 + ["retire"]
    revision = history(ten.engine, "offre-8")[-1]
    assert (revision["action"], revision["auteur"]) == ("retrait", "import:eventail")
    assert owed(ten.engine) == [*before, "offre-8"]


def test_the_limit_is_a_share_that_may_be_reached(ten: Catalogue) -> None:
    ten.meet(make_structure())
    ten.meet(*make_offres(7))  # type: ignore[arg-type]  # offers

    assert not ten.withdraw_unseen(share=0.2).refused
    assert states(ten).count("retire") == 2


def test_beyond_the_limit_nothing_is_withdrawn(ten: Catalogue) -> None:
    ten.meet(make_structure())
    ten.meet(*make_offres(6))  # type: ignore[arg-type]  # offers
    before = dump(ten.engine)

    withdrawal = ten.withdraw_unseen(share=0.2)

    assert (withdrawal.withdrawn, withdrawal.published, withdrawal.refused) == (3, 10, True)
    assert dump(ten.engine) == before


def test_a_source_that_vanishes_may_be_withdrawn_on_purpose(ten: Catalogue) -> None:
    withdrawal = ten.withdraw_unseen(share=1.0)

    assert (withdrawal.withdrawn, withdrawal.refused) == (10, False)
    assert set(states(ten)) == {"retire"}
    assert ten.state("structures", "structure-1") == "retire"


def test_another_source_is_left_alone(ten: Catalogue) -> None:
    ten.put(make_structure(id="autre", source="autre"))
    ten.put(make_offre(id="autre--1", source="autre", structure_id="autre"))
    ten.next_import()

    ten.withdraw_unseen("eventail", share=1.0)

    assert ten.state("offres", "autre--1") == "publie"
    assert ten.state("structures", "autre") == "publie"


def test_a_source_never_seen_withdraws_nothing(ten: Catalogue) -> None:
    before = dump(ten.engine)

    withdrawal = ten.withdraw_unseen("inconnue", share=0.2)

    assert (withdrawal.withdrawn, withdrawal.published, withdrawal.refused) == (0, 0, False)
    assert dump(ten.engine) == before


def test_a_withdrawn_listing_leaves_reading_index_and_export(ten: Catalogue) -> None:
    ten.withdraw_unseen()

    reader = SqlCatalogueReader(ten.engine)
    repository = SqlOffreRepository(ten.engine)
    assert repository.get_many(["offre-1"]) == {}  # type: ignore[list-item]  # opaque text
    assert repository.get_structure("structure-1") is None  # type: ignore[arg-type]  # the same
    assert repository.list_structures(0, 10) == (0, [])
    assert repository.offre_ids_of("structure-1") == []  # type: ignore[arg-type]  # the same
    assert list(reader.published()) == []
    assert list(reader.exported_offres()) == []
    assert list(reader.exported_structures()) == []
    assert reader.count_published() == 0
    assert reader.has_any()
    page = SqlOutbox(ten.engine).oldest()
    assert page is not None
    assert {debt.indexed for debt in page.debts} == {None}


def test_a_listing_that_comes_back_is_published_again(ten: Catalogue) -> None:
    ten.withdraw_unseen()
    ten.next_import()
    before = owed(ten.engine)

    assert ten.meet(make_structure()) == frozenset(), "the record is the same, the listing is not"
    assert ten.meet(make_offre(id="offre-1")) == frozenset()
    assert ten.put(make_structure()).changed == ["structure-1"]
    assert ten.put(make_offre(id="offre-1")).changed == ["offre-1"]

    assert ten.state("offres", "offre-1") == "publie"
    assert ten.state("structures", "structure-1") == "publie"
    assert history(ten.engine, "offre-1")[-1]["champs"] == {
        "etat_publication": ["retire", "publie"]
    }
    assert owed(ten.engine)[len(before) :].count("offre-1") >= 1
    ten.next_import()
    assert ten.meet(make_offre(id="offre-1")) == {"offre-1"}


def test_a_listing_withdrawn_by_a_person_does_not_come_back(ten: Catalogue) -> None:
    retired = make_offre(id="offre-1", etat_publication=EtatPublication.RETIRE)
    ten.put(retired, given=NAMED, auteur="camille")
    ten.next_import()

    ten.put(make_offre(id="offre-1", nom="Atelier vélo"))

    assert ten.state("offres", "offre-1") == "retire"


def test_nor_does_it_after_its_source_has_left_and_come_back(ten: Catalogue) -> None:
    retired = make_offre(id="offre-1", etat_publication=EtatPublication.RETIRE)
    ten.put(retired, given=NAMED, auteur="camille")
    ten.next_import()
    ten.withdraw_unseen()
    ten.next_import()

    ten.put(make_structure())
    ten.put(*make_offres(3))  # type: ignore[arg-type]  # offers

    assert states(ten)[:3] == ["publie", "retire", "publie"]


def test_a_listing_waiting_for_moderation_still_waits(ten: Catalogue) -> None:
    waiting = make_offre(id="offre-1", etat_publication=EtatPublication.A_MODERER)
    ten.put(waiting, given=NAMED, auteur="camille")

    ten.put(make_offre(id="offre-1", nom="Atelier vélo"))

    assert ten.state("offres", "offre-1") == "a-moderer"
    assert [o.id for o in SqlCatalogueReader(ten.engine).exported_offres()].count("offre-1") == 0


def test_a_refused_record_keeps_its_listing(ten: Catalogue) -> None:
    ten.store.mark_seen("offre", ["offre-1"], ten.import_id)
    ten.withdraw_unseen()

    assert states(ten)[:3] == ["retire", "publie", "retire"]


def test_an_offer_whose_new_structure_does_not_exist_keeps_its_listing(ten: Catalogue) -> None:
    """Its record is refused: that is no sign that the source has stopped sending it."""
    written = ten.put(make_offre(id="offre-1", structure_id="nowhere"))
    assert written.orphans == ["offre-1"]
    ten.store.mark_seen("offre", written.orphans, ten.import_id)

    ten.withdraw_unseen()

    assert ten.state("offres", "offre-1") == "publie"
