"""Likely duplicates: which marks count, which pairs are compared, what a merge says."""

from dataclasses import replace

import pytest

from app.domain.doublons import (
    ABSORBE,
    GARDE,
    MAX_GROUPE,
    Raison,
    Reperes,
    Vraisemblance,
    choices,
    merged_record,
    paires,
    raisons_of,
    reperes_of,
    semblables,
    telephone_key,
    vraisemblance_of,
)
from app.domain.edition import SOURCE_LOCALE
from app.domain.offre import StructureId
from app.domain.territoire import Point
from tests.builders import AVIGNON, CARPENTRAS

PONT, NEAR, FAR = Point(43.9500, 4.8050), Point(43.9510, 4.8060), Point(44.0, 4.9)
PROBABLE, POSSIBLE = Vraisemblance.PROBABLE, Vraisemblance.POSSIBLE


def make(ident: str = "a", **fields: object) -> Reperes:
    defaults: dict[str, object] = {
        "structure_id": StructureId(ident),
        "source": f"source-{ident}",
        "libelle": "Nom",
        "nom": f"nom {ident}",
    }
    return Reperes(id=ident, **(defaults | fields))  # type: ignore[arg-type]  # plain values


def alike(une: str, autre: str) -> float:
    """Names that begin alike are close."""
    return 100.0 if une[:5] == autre[:5] else 0.0


def never(_une: str, _autre: str) -> float:
    return 0.0


def found(*reperes: Reperes) -> list[tuple[str, str]]:
    return [(pair.une.id, pair.autre.id) for pair in paires(reperes, never)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("04 90 00 00 00", "490000000"),
        ("+33 4.90.00.00.00", "490000000"),
        ("3949", None),
        ("115", None),
        ("", None),
        (None, None),
    ],
)
def test_a_telephone_is_told_by_its_digits(text: str | None, key: str | None) -> None:
    assert telephone_key(text) == key


@pytest.mark.parametrize(
    ("one", "other", "raison"),
    [
        ({"siret": "1"}, {"siret": "1"}, Raison.SIRET),
        ({"telephone": "1"}, {"telephone": "1"}, Raison.TELEPHONE),
        ({"courriel": "a@a.fr"}, {"courriel": "a@a.fr"}, Raison.COURRIEL),
        ({"code_insee": AVIGNON}, {"code_insee": AVIGNON}, Raison.COMMUNE),
        ({"groupe": "s"}, {"groupe": "s"}, Raison.STRUCTURE),
        ({"nom": "x"}, {"nom": "x"}, Raison.NOM),
        ({"nom": "maison a"}, {"nom": "maison b"}, Raison.NOM_PROCHE),
        ({"point": PONT}, {"point": NEAR}, Raison.PROXIMITE),
        ({"adresse": "1 rue"}, {"adresse": "1 rue"}, Raison.ADRESSE),
    ],
)
def test_what_both_have_in_common_is_told(
    one: dict[str, object], other: dict[str, object], raison: Raison
) -> None:
    names = {"nom": "un"}, {"nom": "deux"}

    said = raisons_of(make("a", **(names[0] | one)), make("b", **(names[1] | other)), alike)

    assert said == {raison}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"siret": "1"}, {"siret": "2"}),
        ({"point": PONT}, {"point": FAR}),
        ({"point": PONT}, {}),
        ({}, {"point": PONT}),
        (
            {"adresse": "1 rue", "code_insee": AVIGNON},
            {"adresse": "1 rue", "code_insee": CARPENTRAS},
        ),
    ],
)
def test_silence_and_difference_are_no_reason(
    one: dict[str, object], other: dict[str, object]
) -> None:
    assert raisons_of(make("a", **one), make("b", **other), never) == frozenset()


@pytest.mark.parametrize(
    ("raisons", "vraisemblance"),
    [
        ({Raison.NOM, Raison.COMMUNE, Raison.ADRESSE}, PROBABLE),
        ({Raison.NOM_PROCHE, Raison.COMMUNE, Raison.TELEPHONE}, PROBABLE),
        ({Raison.NOM_PROCHE, Raison.PROXIMITE}, PROBABLE),
        ({Raison.NOM, Raison.SIRET}, PROBABLE),
        ({Raison.NOM, Raison.COMMUNE}, POSSIBLE),
        ({Raison.COMMUNE, Raison.TELEPHONE, Raison.COURRIEL}, POSSIBLE),
        ({Raison.SIRET}, POSSIBLE),
        ({Raison.NOM, Raison.STRUCTURE}, PROBABLE),
        ({Raison.NOM_PROCHE, Raison.STRUCTURE}, POSSIBLE),
        ({Raison.STRUCTURE, Raison.TELEPHONE, Raison.ADRESSE, Raison.COMMUNE}, None),
        ({Raison.NOM_PROCHE, Raison.COMMUNE}, None),
        ({Raison.COMMUNE, Raison.ADRESSE}, None),
        ({Raison.NOM, Raison.TELEPHONE}, None),
        ({Raison.COMMUNE}, None),
        (set(), None),
    ],
)
def test_how_likely_it_is(raisons: set[Raison], vraisemblance: Vraisemblance | None) -> None:
    assert vraisemblance_of(raisons) == vraisemblance


@pytest.mark.parametrize(
    "mark",
    [
        {"siret": "1"},
        {"telephone": "1", "courriel": "a", "code_insee": AVIGNON},
        {"nom": "x", "code_insee": AVIGNON},
        {"adresse": "x", "courriel": "a", "code_insee": AVIGNON},
        {"groupe": "s", "nom": "x"},
    ],
)
def test_a_shared_mark_brings_two_listings_together_once(mark: dict[str, object]) -> None:
    assert found(make("b", **mark), make("a", **mark)) == [("a", "b")]


def test_records_of_one_source_are_its_own_business() -> None:
    assert found(make("a", siret="1", source="s"), make("b", siret="1", source="s")) == []


def test_listings_that_begin_here_are_compared_with_each_other() -> None:
    local = {"siret": "1", "source": SOURCE_LOCALE}

    assert found(make("a", **local), make("b", **local)) == [("a", "b")]


def test_a_mark_that_many_share_is_a_switchboard() -> None:
    many = [
        make(f"{rank:02}", telephone="1", courriel="a", code_insee=AVIGNON)
        for rank in range(MAX_GROUPE + 1)
    ]

    assert found(*many) == []
    assert len(found(*many[1:])) == MAX_GROUPE * (MAX_GROUPE - 1) // 2


def test_what_is_not_worth_a_look_is_left_out_and_the_likeliest_come_first() -> None:
    found_pairs = found(
        make("a", siret="1"),
        make("b", siret="1"),
        make("c", telephone="2", code_insee=AVIGNON),
        make("d", telephone="2", code_insee=AVIGNON),
        make("e", nom="x", siret="3"),
        make("f", nom="x", siret="3"),
    )

    assert found_pairs == [("e", "f"), ("a", "b")]


KEPT = {"id": "a", "source": "s", "nom": "Un", "date_maj": "2026-01-02"}
GONE = {"id": "b", "source": "t", "nom": "Deux", "date_maj": "2026-01-03"}


def test_the_newest_says_what_both_say() -> None:
    assert choices(KEPT, GONE) == {"nom": ABSORBE}
    assert choices(GONE, KEPT) == {"nom": GARDE}
    assert choices(KEPT, {**GONE, "date_maj": KEPT["date_maj"]}) == {"nom": GARDE}


def test_who_says_something_says_it_and_what_is_the_same_is_not_asked() -> None:
    kept, gone = {**KEPT, "telephone": "1"}, {**GONE, "nom": "Un", "siret": "2"}

    assert choices(kept, gone) == {"telephone": GARDE, "siret": ABSORBE}


def test_a_place_is_chosen_as_one_the_fuller_first() -> None:
    kept = {**KEPT, "adresse": "1 rue", "commune": "Avignon", "code_insee": AVIGNON}
    gone = {**GONE, "nom": "Un", "commune": "Carpentras"}

    assert choices(kept, gone) == {"adresse": GARDE}
    assert choices(gone, kept) == {"adresse": ABSORBE}
    moved = merged_record(kept, gone, {"adresse": ABSORBE})
    assert moved["commune"] == "Carpentras"
    assert not {"adresse", "code_insee"} & moved.keys()


def test_conditions_go_with_where_they_come_from() -> None:
    tree, rules = {"fait": "age", "min": 16}, {"source": "texte"}
    gone = {**GONE, "eligibilite": tree, "regles": rules}

    assert choices(KEPT, gone)["eligibilite"] == ABSORBE
    merged = merged_record(KEPT, gone, {"eligibilite": ABSORBE})
    assert (merged["eligibilite"], merged["regles"]) == (tree, rules)


def test_a_merge_keeps_who_it_is_hides_what_is_hidden_and_reads_nothing_again() -> None:
    gone = {**GONE, "adresse_confidentielle": True, "derniere_confirmation": "2026-02-01"}

    merged = merged_record(KEPT, gone, {"nom": ABSORBE})

    assert (merged["id"], merged["source"], merged["nom"]) == ("a", "s", "Deux")
    assert merged["adresse_confidentielle"] is True
    assert (merged["date_maj"], merged["derniere_confirmation"]) == ("2026-01-03", "2026-02-01")
    assert merged_record(KEPT, GONE, {})["adresse_confidentielle"] is False


def test_a_new_listing_is_told_what_it_may_be_the_likeliest_first() -> None:
    one = make("new", nom="maison a", telephone="1", code_insee=AVIGNON)
    same_name = make("b", nom="maison a", code_insee=AVIGNON)
    close_and_telephone = make("c", nom="maison b", telephone="1", code_insee=AVIGNON)
    strangers = (make("d", code_insee=AVIGNON), make("e", nom="maison a", code_insee=CARPENTRAS))

    told = semblables(one, [same_name, *strangers, close_and_telephone], alike)

    assert [autre.id for autre in told] == ["c", "b"]


@pytest.mark.parametrize(
    "tried",
    [
        {"nom": "maison b", "adresse": "1 rue", "point": PONT},
        {"nom": "autre", "siret": "1"},
        {"nom": "autre", "telephone": "1", "adresse": "1 rue"},
    ],
)
def test_trying_what_a_refuge_hides_tells_nothing(tried: dict[str, object]) -> None:
    known = {"adresse": "1 rue", "point": PONT, "siret": "1", "telephone": "1"}
    house = make("a", nom="maison a", code_insee=AVIGNON, **known)
    one = make("new", code_insee=AVIGNON, **tried)
    assert semblables(one, [house], alike) == [house]

    assert semblables(one, [replace(house, is_cache=True)], alike) == []


def test_a_refuge_is_told_by_the_name_that_everyone_reads() -> None:
    refuge = make("a", nom="maison a", adresse="1 rue", code_insee=AVIGNON, is_cache=True)

    assert semblables(make("new", nom="maison a", code_insee=AVIGNON), [refuge], never) == [refuge]


def test_a_listing_is_compared_by_its_folded_fields() -> None:
    said = {
        "id": "x",
        "source": "s",
        "nom": "L’Île",
        "telephone": "04 90 00 00 00",
        "courriel": "A@B.fr",
        "adresse": " ",
        "code_insee": AVIGNON,
        "latitude": None,
        "longitude": 4.8,
    }

    une = reperes_of(said)
    offre = reperes_of({**said, "structure_id": "y", "cle_nom": "ile", "latitude": 43.95})

    assert (une.nom, une.libelle, une.courriel) == ("ile", "L’Île", "a@b.fr")
    assert (une.telephone, une.adresse, une.point, une.groupe) == ("490000000", None, None, None)
    assert une.structure_id == "x"
    assert (offre.nom, offre.groupe, offre.structure_id) == ("ile", "y", "y")
    assert offre.point == Point(43.95, 4.8)
