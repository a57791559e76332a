"""Drafts in the system of record, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.domain.brouillons import Brouillon, Typed
from app.domain.edition import FicheRef
from app.domain.offre import StructureId
from app.domain.publication import OFFRE
from app.persistence.brouillons import SqlBrouillonStore
from app.persistence.propositions import SqlPropositionStore
from tests.unit.persistence.dumps import rows
from tests.unit.persistence.filling import LATER, NOON

L_OFFRE = FicheRef(objet=OFFRE, id="offre-1")
AUTRE = FicheRef(objet=OFFRE, id="offre-2")
STRUCTURE = StructureId("structure-1")
CAMILLE, DOMINIQUE = "compte:1", "compte:2"
TYPED: Typed = [("nom", "x"), ("publics", "jeunes"), ("publics", "familles"), ("nom", "\r\n")]


@pytest.fixture
def store(engine: Engine) -> SqlBrouillonStore:
    return SqlBrouillonStore(engine)


def keep(
    store: SqlBrouillonStore,
    typed: Typed = TYPED,
    *,
    ref: FicheRef = L_OFFRE,
    auteur: str = CAMILLE,
    is_new: bool = False,
) -> Brouillon:
    store.keep(ref, STRUCTURE, auteur, 7, typed, NOON, is_new=is_new)
    found = store.find(auteur, ref)
    assert found is not None
    return found


@pytest.mark.parametrize("is_new", [True, False])
def test_a_draft_is_read_as_it_was_typed(store: SqlBrouillonStore, is_new: bool) -> None:
    found = keep(store, is_new=is_new)

    assert found == Brouillon(
        id=found.id,
        ref=L_OFFRE,
        structure_id=STRUCTURE,
        auteur=CAMILLE,
        base=7,
        typed=TYPED,
        modifie_le=NOON,
        is_new=is_new,
    )


def test_only_a_listing_that_exists_is_named_by_its_row(
    store: SqlBrouillonStore, engine: Engine
) -> None:
    keep(store)
    keep(store, ref=AUTRE, is_new=True)

    assert [row["objet_id"] for row in rows(engine, "propositions")] == ["offre-1", None]


def test_another_press_replaces_the_draft_of_the_same_listing(store: SqlBrouillonStore) -> None:
    first = keep(store, is_new=True)
    store.keep(L_OFFRE, STRUCTURE, CAMILLE, 8, [("nom", "y")], LATER, is_new=False)

    (only,) = store.of(CAMILLE)
    assert (only.id, only.base, only.text("nom"), only.modifie_le) == (first.id, 8, "y", LATER)
    assert not only.is_new


def test_nobody_reads_the_draft_of_another(store: SqlBrouillonStore) -> None:
    keep(store)

    assert store.find(DOMINIQUE, L_OFFRE) is None
    assert store.of(DOMINIQUE) == []
    store.forget(DOMINIQUE, L_OFFRE)
    assert store.find(CAMILLE, L_OFFRE) is not None


def test_drafts_are_listed_the_newest_first(store: SqlBrouillonStore) -> None:
    keep(store)
    store.keep(AUTRE, STRUCTURE, CAMILLE, 0, TYPED, LATER, is_new=True)

    assert [draft.ref for draft in store.of(CAMILLE)] == [AUTRE, L_OFFRE]


def test_one_draft_is_forgotten_and_the_others_stay(store: SqlBrouillonStore) -> None:
    keep(store)
    keep(store, ref=AUTRE)

    store.forget(CAMILLE, L_OFFRE)

    assert [draft.ref for draft in store.of(CAMILLE)] == [AUTRE]


def test_drafts_that_nobody_changes_are_purged(store: SqlBrouillonStore) -> None:
    keep(store)
    store.keep(AUTRE, STRUCTURE, CAMILLE, 0, TYPED, LATER, is_new=True)

    assert store.purge_before(NOON) == 0
    assert store.purge_before(NOON + timedelta(seconds=1)) == 1
    assert [draft.ref for draft in store.of(CAMILLE)] == [AUTRE]


def test_what_waits_for_moderation_is_no_draft(store: SqlBrouillonStore, engine: Engine) -> None:
    propositions = SqlPropositionStore(engine)
    propositions.add(L_OFFRE, STRUCTURE, CAMILLE, 7, {"nom": "x"}, NOON)

    assert store.of(CAMILLE) == []
    keep(store)
    store.forget(CAMILLE, L_OFFRE)
    assert store.purge_before(LATER) == 0
    assert len(propositions.waiting()) == 1
