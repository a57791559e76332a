"""Refuges and other confidential addresses: their place never leaves the record."""

import json

import pytest

from app.persistence.outbox import SqlCatalogueReader
from tests.builders import AVIGNON, make_offre, make_structure
from tests.unit.persistence.dumps import history, owed, row
from tests.unit.persistence.filling import Catalogue

PLACE = {
    "code_insee": AVIGNON,
    "commune": "Avignon",
    "code_postal": "84140",
    "adresse": "12 rue Secrète",
    "complement_adresse": "Porte dérobée",
    "latitude": 43.91234,
    "longitude": 4.81234,
}
SECRETS = ("84140", "Secrète", "dérobée", "43.91234", "4.81234")
HIDDEN = {"adresse_confidentielle": True}
NAMED = {"adresse_confidentielle"}


def reader_of(catalogue: Catalogue) -> SqlCatalogueReader:
    return SqlCatalogueReader(catalogue.engine)


def exported(catalogue: Catalogue) -> list[str]:
    reader = reader_of(catalogue)
    return [v.id for v in (*reader.exported_structures(), *reader.exported_offres())]


def assert_shielded(catalogue: Catalogue, table: str, ident: str) -> None:
    document = catalogue.document(table, ident)
    text = json.dumps(document, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in text] == []
    assert (document["commune"], document["code_insee"]) == ("Avignon", AVIGNON)
    assert document.get("position") is None
    assert ident not in exported(catalogue)


@pytest.fixture
def open_place(catalogue: Catalogue) -> Catalogue:
    """A structure and its two offers whose address everybody may know."""
    catalogue.put(make_structure(**PLACE))
    catalogue.put(make_offre(**PLACE), make_offre(id="offre-2"))
    return catalogue


def test_an_open_place_is_shown_and_exported(open_place: Catalogue) -> None:
    assert open_place.document("offres", "offre-1")["adresse"] == "12 rue Secrète"
    assert exported(open_place) == ["structure-1", "offre-1", "offre-2"]


def test_a_confidential_offer_shows_its_commune_only(open_place: Catalogue) -> None:
    open_place.put(make_offre(**PLACE, **HIDDEN), given=NAMED)

    assert_shielded(open_place, "offres", "offre-1")
    assert exported(open_place) == ["structure-1", "offre-2"]


def test_the_record_keeps_what_the_document_hides(open_place: Catalogue) -> None:
    open_place.put(make_offre(**PLACE, **HIDDEN), given=NAMED)

    assert row(open_place.engine, "offres", id="offre-1")["adresse"] == "12 rue Secrète"


def test_a_confidential_structure_hides_the_offers_that_come_after(catalogue: Catalogue) -> None:
    catalogue.put(make_structure(**PLACE, **HIDDEN), given=NAMED)
    catalogue.put(make_offre(**PLACE))

    assert_shielded(catalogue, "structures", "structure-1")
    assert_shielded(catalogue, "offres", "offre-1")
    assert exported(catalogue) == []


def test_a_structure_that_becomes_confidential_hides_the_offers_it_has(
    open_place: Catalogue,
) -> None:
    before = owed(open_place.engine)
    open_place.put(make_structure(**PLACE, **HIDDEN), given=NAMED)

    assert_shielded(open_place, "structures", "structure-1")
    assert_shielded(open_place, "offres", "offre-1")
    assert exported(open_place) == []
    assert owed(open_place.engine) == [*before, "offre-1", "offre-2"]


def test_a_structure_that_hides_no_more_shows_the_offers_that_do_not_hide_themselves(
    open_place: Catalogue,
) -> None:
    open_place.put(make_offre(id="refuge", **PLACE, **HIDDEN), given=NAMED)
    open_place.put(make_structure(**PLACE, **HIDDEN), given=NAMED)

    open_place.put(make_structure(**PLACE, adresse_confidentielle=False), given=NAMED)

    assert open_place.document("offres", "offre-1")["adresse"] == "12 rue Secrète"
    assert_shielded(open_place, "offres", "refuge")
    assert exported(open_place) == ["structure-1", "offre-1", "offre-2"]
    assert [r["action"] for r in history(open_place.engine, "offre-1")] == ["creation"]


def test_a_feed_cannot_show_the_offer_of_a_confidential_structure(catalogue: Catalogue) -> None:
    catalogue.put(make_structure(**PLACE, **HIDDEN), given=NAMED)
    catalogue.put(make_offre(**PLACE, adresse_confidentielle=False), given=NAMED)

    assert_shielded(catalogue, "offres", "offre-1")


def test_a_feed_that_does_not_know_confidentiality_does_not_lift_it(catalogue: Catalogue) -> None:
    catalogue.put(make_structure(**PLACE, **HIDDEN), given=NAMED)
    catalogue.put(make_offre(**PLACE))

    catalogue.put(make_structure(**PLACE, nom="Le refuge"))
    catalogue.put(make_offre(**PLACE, nom="Un toit"))

    assert_shielded(catalogue, "structures", "structure-1")
    assert_shielded(catalogue, "offres", "offre-1")


def test_the_index_has_no_point_of_a_confidential_offer(catalogue: Catalogue) -> None:
    catalogue.put(make_structure(**PLACE, **HIDDEN), given=NAMED)
    catalogue.put(make_offre(**PLACE))

    ((indexed,),) = reader_of(catalogue).published()
    assert indexed.offre.point is None


def test_a_contact_is_in_no_document(catalogue: Catalogue) -> None:
    catalogue.put(make_structure())
    catalogue.put(make_offre(contact_nom_prenom="Camille Martin"))

    assert "Camille" not in json.dumps(catalogue.document("offres", "offre-1"))
