"""Two listings made one, and two again, on SQLite and PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from app.domain.comptes import Role
from app.domain.doublons import FusionRefusee, FusionSuivie
from app.domain.edition import Fiche, FicheRef
from app.domain.offre import OffreId, Structure, StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.persistence.comptes import SqlCompteStore
from app.persistence.doublons import SqlDoublonStore
from app.persistence.editions import SqlEditionStore
from app.persistence.repositories import SqlOffreRepository
from tests.builders import AVIGNON, make_offre, make_structure
from tests.unit.persistence.dumps import dump, row, rows
from tests.unit.persistence.filling import LATER, NOON, Catalogue, make_writer

A, B, C = (FicheRef(objet=STRUCTURE, id=ident) for ident in "abc")
WHO = "compte:1"
ABSENT = (0, 0)


@pytest.fixture
def store(engine: Engine) -> SqlDoublonStore:
    return SqlDoublonStore(engine, make_writer())


@pytest.fixture
def editions(engine: Engine) -> SqlEditionStore:
    return SqlEditionStore(engine, make_writer())


def structure(ident: str, **fields: object) -> Structure:
    return make_structure(**{"id": ident, "source": f"source-{ident}", "nom": ident, **fields})


def offre(ident: str, of: str, **fields: object) -> object:
    return make_offre(**{"id": ident, "structure_id": of, "source": f"source-{of}", **fields})


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    """Three structures of three sources, each with an offer."""
    for ident in "abc":
        catalogue.put(structure(ident, telephone=f"tel-{ident}"))
        catalogue.put(offre(f"{ident}1", ident))
    catalogue.next_import()
    return catalogue


def read(editions: SqlEditionStore, ref: FicheRef) -> Fiche:
    fiche = editions.get(ref)
    assert fiche is not None
    return fiche


Merge = Callable[..., None]


@pytest.fixture
def merge(store: SqlDoublonStore, editions: SqlEditionStore) -> Merge:
    """Merges as someone does who has just read both."""

    def merge_one(garde: FicheRef, absorbe: FicheRef, **fields: object) -> None:
        kept, gone = read(editions, garde), read(editions, absorbe)
        value = replace(kept.value, **fields)  # type: ignore[type-var]  # a listing
        store.merge(value, absorbe, (kept.revision, gone.revision), WHO, LATER)

    return merge_one


def carriers(catalogue: Catalogue) -> dict[object, object]:
    return {one["id"]: one["structure_id"] for one in rows(catalogue.engine, "offres")}


def state(catalogue: Catalogue, ident: str) -> object:
    return catalogue.state("structures", ident)


def test_one_is_kept_the_other_withdrawn_and_its_offers_follow(
    filled: Catalogue, merge: Merge, editions: SqlEditionStore
) -> None:
    merge(A, B, telephone="tel-b")

    assert read(editions, A).value.telephone == "tel-b"
    assert (state(filled, "a"), state(filled, "b")) == ("publie", "retire")
    assert carriers(filled) == {"a1": "a", "b1": "a", "c1": "c"}
    assert filled.document("offres", "b1")["structure"]["nom"] == "a"  # type: ignore[index]  # an object
    assert {one["offre_id"] for one in rows(filled.engine, "outbox")} >= {"a1", "b1"}
    repository = SqlOffreRepository(filled.engine)
    assert repository.kept_instead(STRUCTURE, "b") == "a"
    assert repository.kept_instead(STRUCTURE, "a") is None


def test_both_histories_tell_it(filled: Catalogue, merge: Merge, editions: SqlEditionStore) -> None:
    merge(A, B, telephone="tel-b")

    kept, gone = (editions.revisions(ref)[0] for ref in (A, B))
    assert (kept.action, kept.mention, kept.auteur) == ("fusion", "b (b)", WHO)
    assert (gone.action, gone.mention) == ("fusion", "a (a)")
    assert editions.revisions(A)[1].changes["telephone"] == ("tel-a", "tel-b")


def test_a_feed_no_longer_changes_what_was_chosen_nor_brings_the_other_back(
    filled: Catalogue, merge: Merge, editions: SqlEditionStore
) -> None:
    merge(A, B, telephone="tel-b")
    filled.next_import()
    back = {"etat_publication": EtatPublication.PUBLIE}
    filled.put(structure("b", nom="Encore", **back), given=("etat_publication",))
    filled.put(structure("a", telephone="tel-source", siret="1"))
    filled.put(offre("b1", "b", nom="Neuf"), offre("b2", "b"))

    assert state(filled, "b") == "retire"
    assert (read(editions, A).value.telephone, read(editions, A).value.siret) == ("tel-b", "1")
    assert carriers(filled) == {"a1": "a", "b1": "a", "b2": "a", "c1": "c"}
    assert row(filled.engine, "offres", id="b1")["nom"] == "Neuf"


def test_a_source_that_no_longer_sends_the_other_changes_nothing(
    filled: Catalogue, merge: Merge
) -> None:
    merge(A, B)
    filled.next_import()
    filled.withdraw_unseen("source-b")
    filled.next_import()
    filled.put(structure("b"))

    assert state(filled, "b") == "retire"


def test_what_one_source_no_longer_sends_stays_as_long_as_it_is_merged(
    filled: Catalogue, merge: Merge, store: SqlDoublonStore
) -> None:
    merge(A, B)
    filled.next_import()

    assert filled.withdraw_unseen("source-a").withdrawn == 1  # its offer
    assert (state(filled, "a"), filled.state("offres", "b1")) == ("publie", "publie")
    store.undo(store.fusions()[0].id, WHO, LATER)
    filled.next_import()
    filled.withdraw_unseen("source-a")
    assert state(filled, "a") == "retire"


def test_what_changed_meanwhile_is_not_merged(
    filled: Catalogue, store: SqlDoublonStore, editions: SqlEditionStore
) -> None:
    kept, gone = read(editions, A), read(editions, B)
    editions.save(replace(gone.value, siret="2"), gone.revision, WHO, LATER)  # type: ignore[type-var]  # a structure
    before = dump(filled.engine)

    with pytest.raises(FusionRefusee):
        store.merge(kept.value, B, (kept.revision, gone.revision), WHO, LATER)
    with pytest.raises(FusionRefusee):
        store.merge(gone.value, A, (kept.revision, kept.revision), WHO, LATER)

    assert dump(filled.engine) == before


@pytest.mark.parametrize(("garde", "absorbe"), [(A, B), (B, A), (C, B), (A, A)])
def test_nothing_is_merged_twice_nor_with_itself(
    filled: Catalogue, merge: Merge, garde: FicheRef, absorbe: FicheRef
) -> None:
    merge(A, B)
    before = dump(filled.engine)

    with pytest.raises(FusionRefusee):
        merge(garde, absorbe)

    assert dump(filled.engine) == before


def test_two_coordinators_at_once_merge_once(
    filled: Catalogue, store: SqlDoublonStore, editions: SqlEditionStore
) -> None:
    a, b = read(editions, A), read(editions, B)

    def one_way(kept: Fiche, gone: Fiche) -> bool:
        try:
            store.merge(kept.value, gone.ref, (kept.revision, gone.revision), WHO, LATER)
        except FusionRefusee:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(one_way, (a, b), (b, a)))

    assert sorted(done) == [False, True]
    assert len(store.fusions()) == 1
    assert {state(filled, "a"), state(filled, "b")} == {"publie", "retire"}


def test_what_is_kept_may_be_merged_further(
    filled: Catalogue, merge: Merge, store: SqlDoublonStore
) -> None:
    merge(A, B)
    merge(C, A)
    filled.next_import()
    filled.put(offre("b2", "b"))

    assert carriers(filled) == {"a1": "c", "b1": "c", "c1": "c", "b2": "c"}
    assert SqlOffreRepository(filled.engine).kept_instead(STRUCTURE, "b") == "c"
    further, first = store.fusions()
    with pytest.raises(FusionSuivie):
        store.undo(first.id, WHO, LATER)
    store.undo(further.id, WHO, LATER)
    store.undo(first.id, WHO, LATER)
    assert carriers(filled) == {"a1": "a", "b1": "b", "c1": "c", "b2": "c"}
    filled.next_import()
    assert filled.meet(offre("b2", "b")) == frozenset()  # type: ignore[arg-type]  # an offer
    filled.put(offre("b2", "b"))
    assert carriers(filled)["b2"] == "b"


def test_undoing_gives_back_what_was_not_changed_since(
    filled: Catalogue, merge: Merge, store: SqlDoublonStore, editions: SqlEditionStore
) -> None:
    kept = read(editions, A)
    editions.save(replace(kept.value, siret="9"), kept.revision, "compte:2", NOON)  # type: ignore[type-var]  # a structure
    held = rows(filled.engine, "champs")
    merge(A, B, telephone="tel-b", siret="8", commune="Orange", code_insee=AVIGNON)
    kept = read(editions, A)
    editions.save(replace(kept.value, commune="Apt"), kept.revision, WHO, LATER)  # type: ignore[type-var]  # a structure
    (fusion,) = store.fusions()

    store.undo(fusion.id, WHO, LATER)

    value = read(editions, A).value
    assert (value.telephone, value.commune, value.code_insee) == ("tel-a", "Apt", AVIGNON)
    assert value.siret == "9"  # type: ignore[union-attr]  # a structure
    assert (state(filled, "a"), state(filled, "b")) == ("publie", "publie")
    assert carriers(filled) == {"a1": "a", "b1": "b", "c1": "c"}
    assert store.fusions() == []
    assert editions.revisions(B)[0].action == "separation"
    left = {one["champ"] for one in rows(filled.engine, "champs", objet_id="a")}
    assert left == {"siret", "commune", "code_insee"}
    assert [one for one in rows(filled.engine, "champs") if one["champ"] == "siret"] == held


@pytest.mark.parametrize("numero", [0, -1, 99, 2**40])
def test_what_was_not_merged_is_not_undone(store: SqlDoublonStore, numero: int) -> None:
    with pytest.raises(FusionRefusee):
        store.undo(numero, WHO, LATER)


def test_members_follow_and_go_back(
    filled: Catalogue, merge: Merge, store: SqlDoublonStore
) -> None:
    comptes = SqlCompteStore(filled.engine)
    ids = [
        comptes.save(f"{name}@essai.fr", name, Role.PARTENAIRE, None, NOON).id
        for name in ("de-b", "des-deux", "demande", "renvoye")
    ]
    for rank, compte_id in enumerate(ids):
        comptes.ask(compte_id, StructureId("b"), NOON)
        if rank != 2:
            comptes.admit(compte_id, StructureId("b"), WHO, NOON)
    comptes.ask(ids[1], StructureId("a"), NOON)  # waits on the one that is kept

    merge(A, B)

    def admitted(ident: str) -> dict[int, bool]:
        members = comptes.members_of(StructureId(ident))
        return {m.adhesion.compte.id: m.adhesion.admise_le is not None for m in members}

    assert admitted("a") == {ids[0]: True, ids[1]: True, ids[2]: False, ids[3]: True}
    assert admitted("b") == {}
    comptes.remove(ids[3], StructureId("a"))
    store.undo(store.fusions()[0].id, WHO, LATER)
    assert admitted("a") == {ids[1]: False}
    assert admitted("b") == {ids[0]: True, ids[1]: True, ids[2]: False}


def test_two_offers_are_merged_and_separated(
    filled: Catalogue, merge: Merge, store: SqlDoublonStore
) -> None:
    une, autre = FicheRef(objet=OFFRE, id="a1"), FicheRef(objet=OFFRE, id="b1")
    merge(A, B)
    merge(une, autre, nom="Un nom", eligibilite=None)

    assert filled.state("offres", "b1") == "retire"
    assert SqlOffreRepository(filled.engine).kept_instead(OFFRE, "b1") == "a1"
    filled.next_import()
    filled.put(offre("b1", "b", nom="Encore"))
    assert filled.state("offres", "b1") == "retire"
    store.undo(store.fusions()[0].id, WHO, LATER)
    assert filled.state("offres", "b1") == "publie"
    assert row(filled.engine, "offres", id=OffreId("a1"))["nom"] != "Un nom"


def test_a_pair_told_apart_is_told_once(store: SqlDoublonStore) -> None:
    store.tell_apart(STRUCTURE, ("b", "a"), WHO, NOON)
    store.tell_apart(STRUCTURE, ("a", "b"), "compte:2", LATER)

    assert store.told_apart(STRUCTURE) == {("a", "b")}
    assert store.told_apart(OFFRE) == set()


def test_listings_are_compared_by_what_they_say(filled: Catalogue, store: SqlDoublonStore) -> None:
    place = {
        "latitude": 43.9,
        "longitude": 4.8,
        "adresse": "1, rue de l’Été",
        "code_insee": AVIGNON,
    }
    said = {"nom": "La Médiathèque", "courriel": "Moi@Essai.fr", "telephone": "04 90 00 00 00"}
    filled.put(structure("d", siret="1", **place, **said))
    filled.put(structure("e", etat_publication=EtatPublication.RETIRE), given=("etat_publication",))

    assert store.communes() == {AVIGNON, None}
    assert [one.id for one in store.reperes(STRUCTURE, {AVIGNON})] == ["d"]
    assert store.reperes(OFFRE, {AVIGNON}) == store.reperes(STRUCTURE, set()) == []
    found = {one.id: one for one in store.reperes(STRUCTURE, {AVIGNON, None})}

    assert found.keys() == {"a", "b", "c", "d"}
    one = found["d"]
    assert (one.libelle, one.nom, one.courriel) == ("La Médiathèque", "mediatheque", "moi@essai.fr")
    assert (one.telephone, one.adresse, one.siret) == ("490000000", "1 rue ete", "1")
    assert one.point is not None
    assert (one.groupe, found["a"].point, found["a"].adresse) == (None, None, None)
    assert {o.groupe for o in store.reperes(OFFRE, {None})} == {"a", "b", "c"}
