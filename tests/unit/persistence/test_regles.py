"""The offers whose rules have a source, and what that source has said since."""

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from app.domain.arbre import Critere, Eligibilite
from app.domain.dispositifs import SOURCE, OffreSourcee
from app.domain.edition import FicheRef, ModifieeEntretemps
from app.domain.publication import OFFRE
from app.domain.regles import EtatRegles, Regles
from app.persistence.editions import SqlEditionStore
from app.persistence.regles import SqlReglesStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.filling import LATER, NOON, Catalogue, make_writer

NAMED = {"eligibilite", "regles"}
LOI = Regles(source="Code du travail", lien="https://exemple.fr/loi", lue_le=date(2026, 11, 1))
CONFIRMEES = dataclasses.replace(LOI, etat=EtatRegles.CONFIRMEES, confirmees_par="Vaucluse")
AGE = Eligibilite(racine=Critere(fait="age", min=16.0))
AUTRE_AGE = Eligibilite(racine=Critere(fait="age", min=21.0))
LATEST = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
IDENT = f"{SOURCE}--aide--a"


def offre(ident: str = IDENT, **fields: Any) -> Any:
    given = {"source": SOURCE, "eligibilite": AGE, "regles": LOI, **fields}
    return make_offre(id=ident, **given)


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    catalogue.put(make_structure())
    catalogue.put(offre(), offre("cite", source="ailleurs"), given=NAMED)
    catalogue.put(offre("muette", source="ailleurs", regles=None), given=NAMED)
    catalogue.next_import()
    return catalogue


@pytest.fixture
def edition(engine: Engine) -> SqlEditionStore:
    return SqlEditionStore(engine, make_writer())


def one(engine: Engine) -> OffreSourcee:
    (found,) = [found for found in SqlReglesStore(engine).offres() if found.offre.id == IDENT]
    return found


def change(edition: SqlEditionStore, quand: datetime, **fields: Any) -> None:
    fiche = edition.get(FicheRef(objet=OFFRE, id=IDENT))
    assert fiche is not None
    edition.save_all(
        [(dataclasses.replace(fiche.value, **fields), fiche.revision)],
        "compte:1",
        quand,
        answers_source=True,
    )


def test_offers_of_schemes_and_those_that_cite_a_text_are_found(
    filled: Catalogue, engine: Engine, edition: SqlEditionStore
) -> None:
    found = SqlReglesStore(engine).offres()

    assert [found_.offre.id for found_ in found] == ["cite", IDENT]
    assert one(engine).fiche == edition.get(FicheRef(objet=OFFRE, id=IDENT))
    assert (one(engine).source, set(one(engine).nouveautes)) == ({}, set())


def test_conditions_that_somebody_changed_keep_what_the_source_said(
    filled: Catalogue, engine: Engine, edition: SqlEditionStore
) -> None:
    change(edition, LATER, eligibilite=AUTRE_AGE, regles=None)

    found = one(engine)
    assert found.offre.regles is None
    assert found.source["regles"]["source"] == "Code du travail"
    assert set(found.nouveautes) == set()


def test_what_the_source_says_after_a_confirmation_is_news_until_it_is_answered(
    filled: Catalogue, engine: Engine, edition: SqlEditionStore
) -> None:
    change(edition, NOON, regles=CONFIRMEES)
    filled.put(offre(eligibilite=AUTRE_AGE), given=NAMED, quand=LATER)

    assert set(one(engine).nouveautes) == {"eligibilite"}
    assert one(engine).source["eligibilite"] == {"fait": "age", "min": 21.0}
    assert one(engine).offre.regles == CONFIRMEES

    fiche = edition.get(FicheRef(objet=OFFRE, id=IDENT))
    assert fiche is not None
    edition.save_all([(fiche.value, fiche.revision)], "compte:1", LATEST)  # a file, not an answer
    assert set(one(engine).nouveautes) == {"eligibilite"}

    change(edition, LATEST)  # read, and left as it is
    assert set(one(engine).nouveautes) == set()


def test_several_listings_are_written_together_or_not_at_all(
    filled: Catalogue, edition: SqlEditionStore
) -> None:
    refs = [FicheRef(objet=OFFRE, id=ident) for ident in (IDENT, "cite")]
    first, second = (fiche for ref in refs if (fiche := edition.get(ref)) is not None)
    renamed = [dataclasses.replace(fiche.value, nom="Nouveau") for fiche in (first, second)]

    with pytest.raises(ModifieeEntretemps):
        edition.save_all(
            [(renamed[0], first.revision), (renamed[1], second.revision - 1)], "compte:1", LATER
        )

    assert [edition.get(ref) for ref in refs] == [first, second]
    edition.save_all(
        [(renamed[0], first.revision), (renamed[1], second.revision)], "compte:1", LATER
    )
    assert [edition.get(ref).value.nom for ref in refs] == ["Nouveau", "Nouveau"]  # type: ignore[union-attr]
