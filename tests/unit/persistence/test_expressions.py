"""Each distinct eligibility expression has one id for ever, whoever writes it first."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from app.domain.arbre import Critere, Eligibilite
from app.domain.expressions import ARBRE, PUBLICS, ZONE
from app.domain.offre import Apport
from app.domain.publication import Origin, Received
from app.persistence.database import open_database, writing
from app.persistence.expressions import intern_expressions
from app.persistence.outbox import SqlCatalogueReader
from tests.builders import make_offre, make_structure
from tests.unit.persistence.dumps import row, rows
from tests.unit.persistence.filling import Catalogue, digest_of, make_store

ADULTE = Eligibilite(racine=Critere(fait="age", min=18.0))


def expression_ids(catalogue: Catalogue, ident: str) -> tuple[object, ...]:
    found = row(catalogue.engine, "offres", id=ident)
    return found["arbre_expr"], found["publics_expr"], found["zone_expr"]


def test_equal_expressions_are_stored_once(catalogue: Catalogue) -> None:
    catalogue.put(make_structure())
    catalogue.put(
        make_offre(id="a", eligibilite=ADULTE, publics=("jeunes", "actifs")),
        make_offre(id="b", eligibilite=ADULTE, publics=("actifs", "jeunes")),
    )
    catalogue.put(make_offre(id="c", eligibilite=ADULTE, zone_eligibilite=("france",)))

    assert expression_ids(catalogue, "a") == expression_ids(catalogue, "b")
    assert expression_ids(catalogue, "c")[0] == expression_ids(catalogue, "a")[0]
    assert expression_ids(catalogue, "c")[1] is None
    found = {(e["nature"], e["canonique"]) for e in rows(catalogue.engine, "expressions")}
    assert found == {
        (ARBRE, '{"fait":"age","min":18}'),
        (PUBLICS, '["actifs","jeunes"]'),
        (ZONE, '["france"]'),
    }


def test_the_same_text_of_two_natures_is_two_expressions(engine: Engine) -> None:
    with writing(engine) as connection:
        ids = intern_expressions(connection, [(PUBLICS, '["a"]', None), (ZONE, '["a"]', None)])

    assert len(set(ids.values())) == 2


def test_a_tree_has_an_id_for_each_kind_of_offers(catalogue: Catalogue) -> None:
    """A match that asks for some needs names the trees of such offers, and no others."""
    catalogue.put(make_structure())
    needs = ("mobilite--permis", "sante--addictions", "mobilite--velo")
    gift = (Apport(fait="situations", valeur="permis-b"),)
    catalogue.put(
        make_offre(id="a", eligibilite=ADULTE, thematiques=needs, publics=("jeunes",)),
        make_offre(id="b", eligibilite=ADULTE, thematiques=needs[:2], publics=("jeunes",)),
        make_offre(id="c", eligibilite=ADULTE, thematiques=None, publics=("jeunes",)),
        make_offre(id="d", eligibilite=ADULTE, thematiques=needs, apporte=gift),
    )

    trees = {ident: expression_ids(catalogue, ident)[0] for ident in "abcd"}
    assert trees["a"] == trees["b"]
    assert len(set(trees.values())) == 3
    assert len({expression_ids(catalogue, ident)[1] for ident in "abc"}) == 1
    usages = {e["id"]: e["usage"] for e in rows(catalogue.engine, "expressions")}
    assert [usages[trees[i]] for i in "acd"] == ["mobilite sante", "", "+apporte mobilite sante"]

    catalogue.put(make_offre(id="c", eligibilite=ADULTE, thematiques=needs))
    assert expression_ids(catalogue, "c")[0] == trees["a"]


def test_an_expression_outlives_the_offer_that_had_it(catalogue: Catalogue) -> None:
    catalogue.put(make_structure())
    catalogue.put(make_offre(eligibilite=ADULTE), given={"eligibilite"})
    first = expression_ids(catalogue, "offre-1")[0]
    catalogue.put(make_offre(), given={"eligibilite"})
    assert expression_ids(catalogue, "offre-1")[0] is None

    catalogue.put(make_offre(id="offre-2", eligibilite=ADULTE))

    assert expression_ids(catalogue, "offre-2")[0] == first


def test_expressions_are_read_from_where_a_worker_was(catalogue: Catalogue) -> None:
    reader = SqlCatalogueReader(catalogue.engine)
    catalogue.put(make_structure())
    catalogue.put(make_offre(publics=("jeunes",)))
    ((last, nature, text, _),) = reader.expressions_after(0)
    catalogue.put(make_offre(id="offre-2", publics=("actifs",)))

    assert (nature, text) == (PUBLICS, '["jeunes"]')
    assert [e[1:] for e in reader.expressions_after(last)] == [(PUBLICS, '["actifs"]', None)]


def test_nothing_to_intern_is_nothing(engine: Engine) -> None:
    with writing(engine) as connection:
        assert intern_expressions(connection, []) == {}


def test_two_writers_agree_on_an_expression_that_both_add(database: str) -> None:
    """The second one waits for the first, then reads its id."""
    engines = [open_database(database) for _ in range(2)]
    key = (PUBLICS, '["jeunes"]', None)
    started = threading.Event()

    def second() -> int:
        started.set()
        with writing(engines[1]) as connection:
            return intern_expressions(connection, [key])[key]

    try:
        with ThreadPoolExecutor(1) as pool:
            with writing(engines[0]) as connection:
                first = intern_expressions(connection, [key])[key]
                other = pool.submit(second)
                assert started.wait(10)
            assert other.result(20) == first
        assert len(rows(engines[0], "expressions")) == 1
    finally:
        for engine in engines:
            engine.dispose()


@pytest.mark.parametrize("order", [1, -1], ids=["same-order", "opposite-order"])
def test_two_imports_at_once_share_their_expressions(database: str, order: int) -> None:
    """Neither waits for the other for ever, whatever the order of their records."""
    setup = open_database(database)
    catalogue = Catalogue(engine=setup)
    catalogue.put(make_structure())
    trees = [Eligibilite(racine=Critere(fait="age", min=float(age))) for age in range(400)]
    barrier = threading.Barrier(2)
    origin: Origin = catalogue.origin()

    def write(name: str, step: int) -> int:
        engine = open_database(database)
        try:
            offres = [
                make_offre(id=f"{name}-{rank:03}", eligibilite=tree)
                for rank, tree in enumerate(trees[::step])
            ]
            batch = [Received(value=o, digest=digest_of(o), given=frozenset()) for o in offres]
            store = make_store(engine)
            barrier.wait(20)
            return len(store.store_offres(batch, origin).created)
        finally:
            engine.dispose()

    try:
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(write, "a", 1), pool.submit(write, "b", order)]
            assert [one.result(60) for one in both] == [400, 400]
        assert len(rows(setup, "expressions")) == 400
        assert len(rows(setup, "outbox")) == 800
    finally:
        setup.dispose()
