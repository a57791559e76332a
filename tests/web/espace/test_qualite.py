"""Following every advice gives full quality, and full quality gets no advice."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.offre import Offre
from app.domain.ranking import qualite_part
from app.web.espace.qualite import advice_of
from tests.builders import make_offre
from tests.strategies import LOGIC

LENGTHS = (5, 49, 50, 199, 200, 201, 1_999, 2_000, 2_001, 9_000)
MODES = ("se-presenter", "telephoner", "envoyer-un-courriel", "utiliser-lien-mobilisation")
# What a keeper does of each advice.
FOLLOWED: Mapping[str, Mapping[str, Any]] = {
    "Écrivez l’adresse où se rendre.": {"adresse": "12 rue Neuve"},
    "Dites de quelle manière demander l’offre.": {"modes_mobilisation": MODES[:3]},
    "Dites qui peut la demander.": {"mobilisable_par": ("usagers",)},
    "Cochez les publics.": {"publics": ("tous-publics",)},
    "Cochez au moins un besoin auquel l’offre répond.": {"thematiques": ("mobilite--permis",)},
    "Donnez un téléphone, un courriel ou une page de demande.": {
        "lien_mobilisation": "https://structure.fr"
    },
    "Donnez le courriel auquel écrire.": {"courriel": "accueil@structure.fr"},
    "Donnez le téléphone à appeler.": {"telephone": "0490000000"},
    "Dites si l’offre est gratuite ou payante.": {"frais": "payant"},
    "Précisez le montant des frais.": {"frais_precisions": "10 € par an"},
    "Allongez la description : 200 caractères.": {"description": "a" * 200},
    "Raccourcissez la description : moins de 2000 caractères.": {"description": "a" * 1_999},
}


def some_of(*valeurs: str) -> st.SearchStrategy[tuple[str, ...] | None]:
    """Nothing, or some values."""
    chosen = st.lists(st.sampled_from(valeurs), min_size=1, unique=True).map(tuple)
    return st.one_of(st.none(), chosen)


_TEXT = st.sampled_from((None, "un texte"))
OFFRES = st.builds(
    make_offre,
    description=st.sampled_from(LENGTHS).map(lambda length: "a" * length),
    modes_accueil=some_of("en-presentiel", "a-distance"),
    modes_mobilisation=some_of(*MODES),
    mobilisable_par=some_of("usagers", "professionnels"),
    publics=some_of("jeunes", "femmes"),
    thematiques=some_of("mobilite--permis"),
    frais=st.sampled_from((None, "gratuit", "payant")),
    frais_precisions=_TEXT,
    adresse=_TEXT,
    courriel=_TEXT,
    telephone=_TEXT,
    lien_mobilisation=_TEXT,
)


def complete(**fields: Any) -> Offre:
    """An offer of full quality, but for what is said otherwise."""
    offre: Offre = make_offre(description="a" * 500)
    while advice := advice_of(offre):
        for said in advice:
            offre = replace(offre, **FOLLOWED[said])
    return replace(offre, **fields)


@LOGIC
@given(OFFRES)
def test_an_offer_has_full_quality_when_no_advice_is_left(offre: Offre) -> None:
    assert (qualite_part(offre) == 1.0) is (not advice_of(offre))


@LOGIC
@given(OFFRES)
def test_following_every_advice_gives_full_quality(offre: Offre) -> None:
    for _ in range(3):  # a way of asking asks for its own address, a price for its amount
        for said in advice_of(offre):
            offre = replace(offre, **FOLLOWED[said])

    assert list(advice_of(offre)) == []
    assert qualite_part(offre) == 1.0


@LOGIC
@given(OFFRES)
def test_each_advice_raises_the_quality_by_itself(offre: Offre) -> None:
    for said in advice_of(offre):
        asks_nothing_more: dict[str, Any] = {"modes_mobilisation": MODES[3:], "frais": "gratuit"}
        followed = {
            name: asks_nothing_more.get(name, value) for name, value in FOLLOWED[said].items()
        }
        assert qualite_part(replace(offre, **followed)) > qualite_part(offre), said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"adresse": None}, "Écrivez l’adresse où se rendre.", id="address"),
        pytest.param(
            {"modes_mobilisation": None},
            "Dites de quelle manière demander l’offre.",
            id="ways of asking",
        ),
        pytest.param({"mobilisable_par": None}, "Dites qui peut la demander.", id="who asks"),
        pytest.param({"publics": None}, "Cochez les publics.", id="publics"),
        pytest.param(
            {"thematiques": None},
            "Cochez au moins un besoin auquel l’offre répond.",
            id="needs",
        ),
        pytest.param(
            {"courriel": None}, "Donnez le courriel auquel écrire.", id="address to write"
        ),
        pytest.param({"telephone": None}, "Donnez le téléphone à appeler.", id="number to call"),
        pytest.param({"frais": None}, "Dites si l’offre est gratuite ou payante.", id="price"),
        pytest.param({"frais_precisions": None}, "Précisez le montant des frais.", id="amount"),
        pytest.param(
            {"description": "a" * 199},
            "Allongez la description : 200 caractères.",
            id="short",
        ),
        pytest.param(
            {"description": "a" * 2_000},
            "Raccourcissez la description : moins de 2000 caractères.",
            id="long",
        ),
    ],
)
def test_what_is_missing_is_the_only_advice(fields: dict[str, object], said: str) -> None:
    offre = complete(**fields)

    assert list(advice_of(offre)) == [said]
    assert qualite_part(offre) < 1.0


def test_nobody_can_be_reached() -> None:
    silent = complete(
        modes_mobilisation=("se-presenter",), courriel=None, telephone=None, lien_mobilisation=None
    )

    assert list(advice_of(silent)) == ["Donnez un téléphone, un courriel ou une page de demande."]


def test_where_nobody_goes_needs_no_address() -> None:
    distant = complete(
        adresse=None, modes_accueil=("a-distance",), modes_mobilisation=("telephoner",)
    )

    assert list(advice_of(distant)) == []
    assert qualite_part(distant) == 1.0
