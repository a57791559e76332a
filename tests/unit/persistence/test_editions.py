"""Listings read and written one at a time by those who keep them, on SQLite and PostgreSQL."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.domain.edition import Fiche, FicheRef, ModifieeEntretemps, Revision
from app.domain.errors import CatalogueUnavailable, OffreIntrouvable
from app.domain.offre import StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.persistence.database import writing
from app.persistence.editions import SqlEditionStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.dumps import dump, owed, provenance, rows
from tests.unit.persistence.filling import LATER, NOON, Catalogue, make_writer

L_OFFRE = FicheRef(objet=OFFRE, id="offre-1")
LA_STRUCTURE = FicheRef(objet=STRUCTURE, id="structure-1")
CAMILLE, DOMINIQUE = "compte:1", "compte:2"
ROUNDS = 6  # a fault of order shows at some of them


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    """A structure and its offer, come by an import that is over."""
    catalogue.put(make_structure())
    catalogue.put(make_offre())
    catalogue.next_import()
    return catalogue


@pytest.fixture
def store(engine: Engine) -> SqlEditionStore:
    return SqlEditionStore(engine, make_writer())


def read(store: SqlEditionStore, ref: FicheRef = L_OFFRE) -> Fiche:
    fiche = store.get(ref)
    assert fiche is not None
    return fiche


def change(
    store: SqlEditionStore, ref: FicheRef = L_OFFRE, auteur: str = CAMILLE, **fields: Any
) -> Fiche:
    """Saves a listing as someone does who has just read it."""
    fiche = read(store, ref)
    value = dataclasses.replace(fiche.value, **fields)
    return store.save(value, fiche.revision, auteur, LATER)


def newest(store: SqlEditionStore, ref: FicheRef = L_OFFRE) -> Revision:
    return store.revisions(ref)[0]


def test_a_listing_is_read_with_its_structure_and_its_newest_revision(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    offre, structure = read(store), read(store, LA_STRUCTURE)

    assert (offre.ref, offre.value, offre.structure) == (L_OFFRE, make_offre(), make_structure())
    assert offre.revision == newest(store).id
    assert (structure.value, structure.structure) == (make_structure(), make_structure())
    assert structure.revision == newest(store, LA_STRUCTURE).id
    assert structure.revision != offre.revision


@pytest.mark.parametrize("objet", [OFFRE, STRUCTURE])
def test_what_does_not_exist_is_nothing(
    filled: Catalogue, store: SqlEditionStore, objet: str
) -> None:
    unknown = FicheRef(objet=objet, id="nulle-part")

    assert store.get(unknown) is None
    assert list(store.revisions(unknown)) == []
    assert dict(store.tenues(unknown)) == {}
    assert list(store.offres_of(StructureId("nulle-part"))) == []


def test_a_structure_and_an_offer_of_one_id_are_two_listings(
    catalogue: Catalogue, store: SqlEditionStore
) -> None:
    catalogue.put(make_structure(id="meme"))
    catalogue.put(make_offre(id="meme", structure_id="meme"))
    offre, structure = (FicheRef(objet=objet, id="meme") for objet in (OFFRE, STRUCTURE))

    change(store, offre, nom="Atelier vélo")

    assert [one.action for one in store.revisions(offre)] == ["modification", "creation"]
    assert [one.action for one in store.revisions(structure)] == ["creation"]
    assert set(store.tenues(offre)) == {"nom"}
    assert dict(store.tenues(structure)) == {}
    assert read(store, structure).value == make_structure(id="meme")
    for ref in (offre, structure):
        assert read(store, ref).revision == newest(store, ref).id
    change(store, structure, nom="Maison des possibles")


def test_the_offers_of_a_structure_come_by_name_withdrawn_ones_included(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    filled.put(make_structure(id="autre"))
    filled.put(
        make_offre(id="offre-3", nom="Boutique"),
        make_offre(id="offre-2", nom="Boutique"),
        make_offre(id="offre-5", nom="Éveil musical"),
        make_offre(id="offre-6", nom="Fauteuils"),
        make_offre(id="offre-4", nom="Ailleurs", structure_id="autre"),
    )
    change(store, etat_publication=EtatPublication.RETIRE)

    found = store.offres_of(StructureId("structure-1"))

    assert [fiche.value.id[-1] for fiche in found] == ["1", "2", "3", "5", "6"]
    assert [fiche.is_published for fiche in found] == [False, True, True, True, True]
    assert [store.get(fiche.ref) for fiche in found] == found


def test_a_save_is_read_back_with_its_new_revision(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    before = read(store)

    saved = change(store, nom="Atelier vélo", publics=("jeunes",), date_maj=date(2026, 11, 23))

    assert saved == read(store)
    assert saved.value == make_offre(
        nom="Atelier vélo", publics=("jeunes",), date_maj=date(2026, 11, 23)
    )
    assert saved.revision > before.revision
    revision = newest(store)
    assert revision == Revision(
        id=saved.revision,
        quand=LATER,
        auteur=CAMILLE,
        action="modification",
        changes={
            "nom": ("Atelier mobilité", "Atelier vélo"),
            "publics": (None, ["jeunes"]),
            "date_maj": ("2026-11-22", "2026-11-23"),
        },
    )
    assert revision.quand.tzinfo is UTC


RETIRE, PUBLIE = EtatPublication.RETIRE, EtatPublication.PUBLIE
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("first", "fields", "action"),
    [
        pytest.param({}, {"nom": "Atelier vélo"}, "modification", id="modification"),
        pytest.param({}, {"date_maj": TODAY}, "modification", id="only-its-date"),
        pytest.param({}, {"etat_publication": RETIRE}, "retrait", id="withdrawn"),
        pytest.param(
            {"etat_publication": RETIRE}, {"etat_publication": PUBLIE}, "publication", id="restored"
        ),
        pytest.param({}, {"derniere_confirmation": TODAY}, "confirmation", id="confirmed"),
        pytest.param(
            {},
            {"derniere_confirmation": TODAY, "nom": "Atelier vélo"},
            "modification",
            id="confirmed-and-changed",
        ),
    ],
)
@pytest.mark.parametrize("ref", [L_OFFRE, LA_STRUCTURE], ids=["offre", "structure"])
def test_a_revision_says_what_was_done(
    filled: Catalogue,
    store: SqlEditionStore,
    ref: FicheRef,
    first: dict[str, Any],
    fields: dict[str, Any],
    action: str,
) -> None:
    if first:
        change(store, ref, **first)

    change(store, ref, **fields)

    assert newest(store, ref).action == action
    assert newest(store, ref).changes.keys() == fields.keys()


def test_a_new_offer_begins_with_a_creation(filled: Catalogue, store: SqlEditionStore) -> None:
    made = make_offre(id="eventail--1", nom="Neuve")

    saved = store.save(made, 0, CAMILLE, LATER)

    assert saved.value == made
    (revision,) = store.revisions(saved.ref)
    assert (revision.id, revision.auteur, revision.action) == (saved.revision, CAMILLE, "creation")
    assert revision.changes == {}
    assert filled.document("offres", "eventail--1")["nom"] == "Neuve"
    assert owed(filled.engine) == ["offre-1", "eventail--1"]


def test_a_new_structure_begins_with_a_creation(filled: Catalogue, store: SqlEditionStore) -> None:
    saved = store.save(make_structure(id="eventail--s"), 0, CAMILLE, LATER)

    assert [one.action for one in store.revisions(saved.ref)] == ["creation"]
    assert rows(filled.engine, "provenances", objet_id="eventail--s") == []


def test_an_offer_of_no_structure_is_refused(filled: Catalogue, store: SqlEditionStore) -> None:
    before = dump(filled.engine)

    with pytest.raises(OffreIntrouvable) as told:
        store.save(make_offre(id="neuve", structure_id="nulle-part"), 0, CAMILLE, LATER)

    assert told.value.identifiant == "nulle-part"
    assert dump(filled.engine) == before


def test_who_has_not_seen_the_newest_revision_gets_those_that_came_since(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    seen = read(store)
    change(store, auteur=DOMINIQUE, nom="Atelier vélo")
    change(store, auteur=DOMINIQUE, frais="payant")
    filled.put(make_offre(telephone="3949"))
    before = dump(filled.engine)

    with pytest.raises(ModifieeEntretemps) as conflict:
        store.save(make_offre(nom="Atelier marche"), seen.revision, CAMILLE, LATER)

    newer = conflict.value.revisions
    assert list(newer) == list(store.revisions(L_OFFRE))[2::-1]
    assert [(one.auteur, dict(one.changes)) for one in newer] == [
        (DOMINIQUE, {"nom": ("Atelier mobilité", "Atelier vélo")}),
        (DOMINIQUE, {"frais": (None, "payant")}),
        ("import", {"telephone": (None, "3949")}),
    ]
    assert dump(filled.engine) == before


@pytest.mark.parametrize("base", [0, 2**31 - 1], ids=["never-read", "not-yet"])
def test_a_base_that_is_not_the_newest_is_a_conflict(
    filled: Catalogue, store: SqlEditionStore, base: int
) -> None:
    before = dump(filled.engine)

    with pytest.raises(ModifieeEntretemps) as conflict:
        store.save(make_offre(nom="Atelier vélo"), base, CAMILLE, LATER)

    assert [one.action for one in conflict.value.revisions] == ([] if base else ["creation"])
    assert dump(filled.engine) == before


def test_a_withdrawal_by_the_source_is_a_change_like_another(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    seen = read(store)
    filled.withdraw_unseen()

    with pytest.raises(ModifieeEntretemps) as conflict:
        store.save(make_offre(nom="Atelier vélo"), seen.revision, CAMILLE, LATER)

    assert [one.action for one in conflict.value.revisions] == ["retrait"]


@pytest.mark.parametrize("auteur", [CAMILLE, DOMINIQUE])
def test_the_same_content_twice_is_no_conflict_and_writes_nothing(
    filled: Catalogue, store: SqlEditionStore, auteur: str
) -> None:
    seen, value = read(store), make_offre(nom="Atelier vélo", publics=("jeunes",))
    saved = store.save(value, seen.revision, CAMILLE, LATER)
    before = dump(filled.engine)

    assert store.save(value, seen.revision, auteur, LATER) == saved
    assert dump(filled.engine) == before


def test_every_save_owes_its_offer_to_the_index(filled: Catalogue, store: SqlEditionStore) -> None:
    for fields in (
        {"nom": "Atelier vélo"},
        {"derniere_confirmation": TODAY},
        {"etat_publication": RETIRE},
        {"etat_publication": PUBLIE},
    ):
        before = owed(filled.engine)
        change(store, **fields)
        assert owed(filled.engine) == [*before, "offre-1"]


def test_a_structure_owes_its_offers_which_say_its_new_name(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    filled.put(make_structure(id="autre"))
    filled.put(make_offre(id="offre-2"), make_offre(id="offre-3", structure_id="autre"))
    before = owed(filled.engine)

    change(store, LA_STRUCTURE, nom="Maison des possibles")

    assert owed(filled.engine) == [*before, "offre-1", "offre-2"]
    document = filled.document("offres", "offre-1")
    assert document["structure"]["nom"] == "Maison des possibles"  # type: ignore[index]  # JSON
    assert filled.document("structures", "structure-1")["nom"] == "Maison des possibles"


def test_a_person_leaves_alone_where_a_listing_comes_from(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    before = [provenance(filled.engine, ident) for ident in ("offre-1", "structure-1")]

    change(store, nom="Atelier vélo")
    change(store, LA_STRUCTURE, nom="Maison des possibles")

    assert [provenance(filled.engine, i) for i in ("offre-1", "structure-1")] == before
    assert filled.meet(make_offre()) == {"offre-1"}, "the record is the same: it is skipped"
    assert filled.meet(make_structure()) == {"structure-1"}
    assert read(store).value == make_offre(nom="Atelier vélo")


def test_what_a_person_has_made_is_never_withdrawn_for_a_source(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    """Though it bears the name of a source, no import has ever met it."""
    store.save(make_structure(id="eventail--s"), 0, CAMILLE, LATER)
    made = store.save(make_offre(id="eventail--1", structure_id="eventail--s"), 0, CAMILLE, LATER)
    change(store, made.ref, nom="Corrigée")
    filled.next_import()

    withdrawal = filled.withdraw_unseen("eventail", share=1.0)

    assert withdrawal.withdrawn == 2, "those of the feed"
    assert read(store, made.ref).is_published
    assert filled.state("structures", "eventail--s") == "publie"


def test_of_two_who_save_from_one_base_one_saves_and_nothing_is_lost(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    for rank in range(ROUNDS):
        seen = read(store)
        assert seen.value.nom == ("Atelier mobilité" if rank == 0 else f"Atelier {rank - 1}")
        mine = dataclasses.replace(seen.value, nom=f"Atelier {rank}")
        theirs = dataclasses.replace(seen.value, description=f"Description {rank}")
        count = len(store.revisions(L_OFFRE))

        given = save_together(store, seen.revision, {CAMILLE: mine, DOMINIQUE: theirs})

        (saved,) = [one for one in given if isinstance(one, Fiche)]
        (conflict,) = [one for one in given if isinstance(one, ModifieeEntretemps)]
        assert read(store) == saved
        assert [one.id for one in conflict.revisions] == [saved.revision]
        assert len(store.revisions(L_OFFRE)) == count + 1
        change(store, nom=f"Atelier {rank}", description=f"Description {rank}")
        assert read(store).value.nom == mine.nom
        assert len(store.revisions(L_OFFRE)) == count + 2


def save_together(store: SqlEditionStore, base: int, values: dict[str, object]) -> list[object]:
    """Saves values at once, each by its author; returns what each gave or refused."""
    barrier = Barrier(len(values))

    def save(auteur: str) -> object:
        barrier.wait()
        try:
            return store.save(values[auteur], base, auteur, NOON)  # type: ignore[arg-type]  # offers
        except ModifieeEntretemps as conflict:
            return conflict

    with ThreadPoolExecutor(len(values)) as pool:
        return list(pool.map(save, values))


def test_two_who_make_one_listing_make_it_once(filled: Catalogue, store: SqlEditionStore) -> None:
    for rank in range(ROUNDS):
        names = {CAMILLE: f"a{rank}", DOMINIQUE: f"b{rank}"}
        values = {who: make_offre(id=f"neuve-{rank}", nom=nom) for who, nom in names.items()}

        given = save_together(store, 0, dict(values))

        (saved,) = [one for one in given if isinstance(one, Fiche)]
        (conflict,) = [one for one in given if isinstance(one, ModifieeEntretemps)]
        assert [one.action for one in conflict.revisions] == ["creation"]
        assert store.get(saved.ref) == saved


def test_a_record_that_does_not_answer_is_told(filled: Catalogue, store: SqlEditionStore) -> None:
    seen = read(store)
    with writing(filled.engine) as connection:
        connection.execute(text("DROP TABLE revisions"))

    with pytest.raises(CatalogueUnavailable):
        store.get(L_OFFRE)
    with pytest.raises(CatalogueUnavailable):
        store.save(make_offre(nom="Atelier vélo"), seen.revision, CAMILLE, LATER)


def test_several_listings_are_written_together_or_not_at_all(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    fiche = read(store)
    other = make_offre(id="offre-2")
    renamed = dataclasses.replace(fiche.value, nom="Renommée")

    with pytest.raises(ModifieeEntretemps):
        store.save_all([(other, 0), (renamed, fiche.revision - 1)], CAMILLE, LATER)
    assert store.get(FicheRef(objet=OFFRE, id="offre-2")) is None

    store.save_all([(other, 0), (renamed, fiche.revision)], CAMILLE, LATER)
    assert store.get(FicheRef(objet=OFFRE, id="offre-2")) is not None
    assert read(store).value.nom == "Renommée"
    assert store.tenues(L_OFFRE).keys() == {"nom"}
