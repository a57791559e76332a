"""What a scheme awaits, whose offers ask the same, and which text they all come from."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.arbre import Critere, Eligibilite
from app.domain.dispositifs import (
    SOURCE,
    VALIDITE_CONFIRMATION,
    EtatDispositif,
    OffreSourcee,
    cle_of,
    dispositifs_of,
    origine_of,
)
from app.domain.edition import Fiche, FicheRef
from app.domain.offre import Offre
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.regles import EtatRegles, Regles, is_same_text, regles_from_json, regles_to_json
from app.domain.vocabulaire import EtatPublication
from tests.builders import make_offre, make_structure

TODAY = date(2026, 12, 1)
LOI = Regles(source="Code du travail", lien="https://exemple.fr/loi", lue_le=date(2026, 11, 1))
CONFIRMEES = replace(
    LOI, etat=EtatRegles.CONFIRMEES, confirmees_par="Vaucluse", confirmees_le=TODAY
)
MAJEUR = Eligibilite(racine=Critere(fait="age", min=18.0))


def sourcee(scheme: str = "aide", body: str = "a", **fields: Any) -> OffreSourcee:
    said: dict[str, Any] = {"regles": LOI, **fields}
    source = said.pop("source_dit", {})
    news = said.pop("nouveautes", ())
    offre = make_offre(id=f"{SOURCE}--{scheme}--{body}", source=SOURCE, **said)
    ref = FicheRef(objet=OFFRE, id=offre.id)
    fiche = Fiche(ref=ref, value=offre, structure=make_structure(), revision=1)
    return OffreSourcee(fiche=fiche, source=source, nouveautes=news)


RETIREE: dict[str, Any] = {"etat_publication": EtatPublication.RETIRE}
ANCIENNE = replace(CONFIRMEES, confirmees_le=TODAY - VALIDITE_CONFIRMATION - timedelta(days=1))


@pytest.mark.parametrize(
    ("fields", "etat"),
    [
        pytest.param({}, EtatDispositif.A_CONFIRMER, id="as-shipped"),
        pytest.param({"regles": CONFIRMEES}, EtatDispositif.CONFIRME, id="confirmed"),
        pytest.param(
            {"regles": replace(CONFIRMEES, confirmees_le=TODAY - VALIDITE_CONFIRMATION)},
            EtatDispositif.CONFIRME,
            id="a-year-ago",
        ),
        pytest.param({"regles": ANCIENNE}, EtatDispositif.A_RELIRE, id="more-than-a-year-ago"),
        pytest.param(
            {"regles": replace(CONFIRMEES, confirmees_le=None)},
            EtatDispositif.CONFIRME,
            id="confirmed-by-its-source",
        ),
        pytest.param({"regles": None}, EtatDispositif.A_RELIRE, id="conditions-changed"),
        pytest.param(
            {"regles": CONFIRMEES, "nouveautes": {"regles"}},
            EtatDispositif.A_RELIRE,
            id="its-source-speaks",
        ),
        pytest.param(RETIREE, EtatDispositif.ECARTE, id="withdrawn"),
    ],
)
def test_what_an_offer_awaits(fields: dict[str, Any], etat: EtatDispositif) -> None:
    assert sourcee(**fields).etat(TODAY) is etat


def test_the_most_pressing_offer_decides_for_the_scheme() -> None:
    offres = [
        sourcee(body="a", **RETIREE),
        sourcee(body="b", regles=CONFIRMEES),
        sourcee(body="c"),
        sourcee(body="d", regles=None),
    ]

    etats = [dispositifs_of(offres[: end + 1])[0].etat(TODAY) for end in range(len(offres))]

    assert etats == [
        EtatDispositif.ECARTE,
        EtatDispositif.CONFIRME,
        EtatDispositif.A_CONFIRMER,
        EtatDispositif.A_RELIRE,
    ]


def test_offers_are_of_one_scheme_whatever_the_body() -> None:
    other = make_offre(id="ailleurs--aide--a", source="ailleurs")

    assert cle_of(sourcee("aide", "a").offre) == cle_of(sourcee("aide", "b").offre) == "aide"
    assert cle_of(other) == "ailleurs--aide--a"
    assert cle_of(make_offre(id="sans-forme", source=SOURCE)) == "sans-forme"


def test_schemes_are_sorted_by_the_name_that_most_offers_have() -> None:
    found = dispositifs_of(
        [
            sourcee("z", "a", nom="Bourse"),
            sourcee("a", "a", nom="Prime du lieu"),
            sourcee("a", "b", nom="Prime"),
            sourcee("a", "c", nom="Prime"),
        ]
    )

    assert [(one.cle, one.nom, len(one.offres)) for one in found] == [
        ("z", "Bourse", 1),
        ("a", "Prime", 3),
    ]


def test_offers_that_ask_the_same_are_one_version() -> None:
    (scheme,) = dispositifs_of(
        [
            sourcee(body="a", eligibilite=MAJEUR),
            sourcee(body="b"),
            sourcee(body="c", nom="Autre nom"),
            sourcee(body="d", publics=("jeunes",), **RETIREE),
        ]
    )

    bodies = [[one.offre.id[-1] for one in version] for version in scheme.versions]
    assert bodies == [["b", "c"], ["a"]]


def test_what_was_seen_changes_with_conditions_their_text_and_states_alone() -> None:
    def seen(**fields: Any) -> str:
        return dispositifs_of([sourcee(**fields), sourcee(body="b")])[0].empreinte

    assert seen() == seen(nom="Autre nom") == seen(regles=CONFIRMEES)
    others = (
        seen(eligibilite=MAJEUR),
        seen(**RETIREE),
        seen(regles=replace(LOI, lien="https://autre.exemple.fr")),
        seen(regles=None),
        seen(source_dit={"eligibilite": {"toutes": []}}),
    )
    assert len({seen(), *others}) == 6


def test_the_text_of_a_scheme_outlives_the_correction_of_its_conditions() -> None:
    corrected = sourcee(regles=None, source_dit={"regles": regles_to_json(LOI)})

    assert origine_of([sourcee(body="b", regles=CONFIRMEES), corrected]) == CONFIRMEES
    assert origine_of([sourcee(regles=None), corrected]) == LOI
    assert origine_of([sourcee(regles=None)]) is None


def test_a_structure_has_no_rules() -> None:
    structure = make_structure()
    ref = FicheRef(objet=STRUCTURE, id=structure.id)
    fiche = Fiche(ref=ref, value=structure, structure=structure, revision=1)

    with pytest.raises(TypeError):
        _ = OffreSourcee(fiche=fiche).offre
    assert isinstance(sourcee().offre, Offre)


@pytest.mark.parametrize("regles", [LOI, CONFIRMEES])
def test_rules_come_back_from_their_json(regles: Regles) -> None:
    assert regles_from_json(regles_to_json(regles)) == regles


def test_a_confirmation_is_no_other_text() -> None:
    assert is_same_text(LOI, CONFIRMEES)
    assert not is_same_text(LOI, replace(LOI, lue_le=TODAY))
