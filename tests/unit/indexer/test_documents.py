"""A listing as an index holds it."""

from datetime import timedelta

import pytest

from app.domain.texte import Champ
from indexer.documents import FIELD_BIT, DocumentBuilder
from tests.builders import AVIGNON, TODAY, make_offre

NONE = {"arbre": None, "publics": None, "zone": None}


def test_silence_and_empty_lists_are_the_same(builder: DocumentBuilder) -> None:
    lists = ("thematiques", "publics", "modes_accueil")

    silent = builder.build(make_offre(**dict.fromkeys(lists)), "x", NONE)
    empty = builder.build(make_offre(**dict.fromkeys(lists, ())), "x", NONE)

    assert silent == empty
    assert silent.values["publics"] == ()
    assert silent.is_on_site
    assert not silent.is_remote


def test_point_wins_over_commune_and_commune_over_nothing(builder: DocumentBuilder) -> None:
    exact = builder.build(make_offre(latitude=43.95, longitude=4.8), "x", NONE)
    centre = builder.build(make_offre(), "x", NONE)
    hidden = builder.build(
        make_offre(latitude=43.95, longitude=4.8, adresse_confidentielle=True), "x", NONE
    )
    nowhere = builder.build(make_offre(code_insee=None), "x", NONE)

    assert exact.point != centre.point == hidden.point
    assert exact.point is not None
    assert nowhere.point is None
    assert (centre.values["commune"], nowhere.values["commune"]) == ((AVIGNON,), ())


def test_arrondissement_reads_as_its_commune(builder: DocumentBuilder) -> None:
    assert builder.build(make_offre(code_insee="75111"), "x", NONE).values["commune"] == ("75056",)


def test_later_of_date_and_confirmation_is_the_freshness(builder: DocumentBuilder) -> None:
    stale = make_offre(date_maj=TODAY - timedelta(days=900), derniere_confirmation=TODAY)

    assert builder.build(stale, "x", NONE).fraicheur == TODAY


def test_tokens_carry_the_fields_that_hold_them(builder: DocumentBuilder) -> None:
    offre = make_offre(
        nom="Permis", description="Le permis pour tous", thematiques=("famille--garde-denfants",)
    )

    champs = builder.build(offre, "Permis et compagnie", NONE).champs

    assert champs["permis"] == (
        FIELD_BIT[Champ.NOM] | FIELD_BIT[Champ.STRUCTURE] | FIELD_BIT[Champ.DESCRIPTION]
    )
    assert champs["enfant"] == FIELD_BIT[Champ.THEMATIQUE]


@pytest.mark.parametrize("nom", ["Crèche Cœur d’Étoile", "مرحبا 🙂", ""])
def test_fields_of_the_reference_are_those_of_the_document(
    builder: DocumentBuilder, nom: str
) -> None:
    offre = make_offre(nom=nom)

    jetons = builder.jetons(offre, nom)

    champs = builder.build(offre, nom, NONE).champs
    for champ, bit in FIELD_BIT.items():
        assert jetons[champ] == {token for token, bits in champs.items() if bits & bit}
