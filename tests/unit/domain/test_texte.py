"""Groups of a query against the tokens of a listing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.brute_force import Fiche
from app.domain.texte import FIELD_WEIGHT, Champ, Groupe, RequeteTexte, group_part, texte_part
from tests.builders import make_groupe, make_jetons, make_requete
from tests.strategies import FICHES, GROUPES, PROPERTY, requetes

PERMIS = "mobilite--permis"


def test_fields_weigh_as_in_the_design() -> None:
    assert FIELD_WEIGHT == {
        Champ.NOM: 1.0,
        Champ.THEMATIQUE: 0.8,
        Champ.STRUCTURE: 0.6,
        Champ.DESCRIPTION: 0.3,
    }


@pytest.mark.parametrize(
    ("champs", "expected"),
    [
        pytest.param({"nom": "permis"}, 1.0, id="name"),
        pytest.param({"thematique": "permis"}, 0.8, id="thematique"),
        pytest.param({"structure": "permis"}, 0.6, id="structure"),
        pytest.param({"description": "permis"}, 0.3, id="description"),
        pytest.param({"description": "permis", "structure": "permis"}, 0.6, id="best-field"),
        pytest.param({"nom": "velo"}, 0.0, id="nowhere"),
    ],
)
def test_a_group_counts_by_its_best_field(champs: dict[str, str], expected: float) -> None:
    assert group_part(make_groupe("permis"), make_jetons(**champs), None) == expected


def test_a_synonym_is_as_good_as_the_word() -> None:
    groupe = make_groupe("permis", "auto ecole")

    assert group_part(groupe, make_jetons(nom="une auto ecole"), None) == 1.0


@pytest.mark.parametrize(
    ("champs", "expected"),
    [
        pytest.param({"nom": "ecole auto"}, 1.0, id="all-in-one-field"),
        pytest.param({"nom": "auto", "description": "ecole"}, 0.0, id="spread-over-fields"),
        pytest.param({"nom": "auto", "description": "auto ecole"}, 0.3, id="whole-in-one-only"),
    ],
)
def test_a_phrase_is_found_in_a_field_that_has_all_its_words(
    champs: dict[str, str], expected: float
) -> None:
    assert group_part(make_groupe("auto ecole"), make_jetons(**champs), None) == expected


@pytest.mark.parametrize(
    ("champs", "thematiques", "expected"),
    [
        pytest.param({}, (PERMIS,), 0.8, id="thematique-alone"),
        pytest.param({"nom": "permis"}, (PERMIS,), 1.0, id="name-is-better"),
        pytest.param({"description": "permis"}, (PERMIS,), 0.8, id="thematique-is-better"),
        pytest.param({}, ("sante--prevention",), 0.0, id="another-thematique"),
        pytest.param({}, None, 0.0, id="no-thematique"),
    ],
)
def test_a_recognised_need_is_found_in_offers_with_its_thematique(
    champs: dict[str, str], thematiques: tuple[str, ...] | None, expected: float
) -> None:
    groupe = make_groupe("permis", thematiques=frozenset((PERMIS,)))

    assert group_part(groupe, make_jetons(**champs), thematiques) == expected


@pytest.mark.parametrize(
    ("groups", "required"),
    [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 6), (8, 6), (20, 15)],
)
def test_three_quarters_of_long_queries_are_enough(groups: int, required: int) -> None:
    assert make_requete(*map(str, range(groups))).required == required


@pytest.mark.parametrize(
    ("mots", "nom", "is_found"),
    [
        pytest.param("a", "a", True, id="one-of-one"),
        pytest.param("a b", "a", False, id="one-of-two"),
        pytest.param("a b c", "a b", False, id="two-of-three"),
        pytest.param("a b c d", "a b c", True, id="three-of-four"),
        pytest.param("a b c d e", "a b c", False, id="three-of-five"),
        pytest.param("a b c d e", "a b c d", True, id="four-of-five"),
    ],
)
def test_an_offer_is_found_when_enough_groups_are(mots: str, nom: str, is_found: bool) -> None:
    part = texte_part(make_requete(*mots.split()), make_jetons(nom=nom), None)

    assert (part is not None) is is_found


def test_a_text_score_is_the_weighted_mean_over_all_groups() -> None:
    requete = RequeteTexte(
        (
            make_groupe("permis", poids=3.0),
            make_groupe("velo", poids=2.0),
            make_groupe("garde", poids=1.0),
            make_groupe("absent", poids=4.0),
        )
    )
    jetons = make_jetons(nom="permis", structure="velo", description="garde")

    part = texte_part(requete, jetons, None)

    assert part == pytest.approx((3 * 1.0 + 2 * 0.6 + 1 * 0.3) / 10)


def test_an_optional_group_orders_without_choosing() -> None:
    need = make_groupe("logement")
    requete = RequeteTexte((need, make_groupe("etudiant", poids=0.25, facultatif=True)))

    plain = texte_part(requete, make_jetons(nom="logement"), None)
    better = texte_part(requete, make_jetons(nom="logement etudiant"), None)
    beside = texte_part(requete, make_jetons(nom="etudiant"), None)

    assert plain == pytest.approx(0.8)
    assert better == 1
    assert beside is None


def test_a_query_asked_in_part_is_answered_by_any_group() -> None:
    whole = make_requete("velo", "permis")
    loose = replace(whole, en_partie=True)

    assert texte_part(whole, make_jetons(nom="velo"), None) is None
    assert texte_part(loose, make_jetons(nom="velo"), None) == pytest.approx(0.5)
    assert texte_part(loose, make_jetons(nom="garde"), None) is None


def test_groups_that_are_all_optional_choose_like_others() -> None:
    requete = RequeteTexte((make_groupe("velo", facultatif=True),))

    assert texte_part(requete, make_jetons(nom="velo"), None) == 1
    assert texte_part(requete, make_jetons(nom="permis"), None) is None


@PROPERTY
@given(requetes(), st.sampled_from(FICHES))
def test_a_text_score_is_a_share(requete: RequeteTexte, fiche: Fiche) -> None:
    part = texte_part(requete, fiche.jetons, fiche.offre.thematiques)

    assert part is None or 0 < part <= 1


@PROPERTY
@given(st.data(), requetes(), st.sampled_from(FICHES))
def test_the_order_of_groups_changes_nothing(
    data: st.DataObject, requete: RequeteTexte, fiche: Fiche
) -> None:
    other = RequeteTexte(tuple(data.draw(st.permutations(requete.groupes))))

    part = texte_part(requete, fiche.jetons, fiche.offre.thematiques)

    again = texte_part(other, fiche.jetons, fiche.offre.thematiques)
    assert again == (None if part is None else pytest.approx(part))


@PROPERTY
@given(st.sampled_from(GROUPES), st.sampled_from(FICHES))
def test_one_more_word_in_the_name_never_lowers_a_group(groupe: Groupe, fiche: Fiche) -> None:
    richer = {**fiche.jetons, Champ.NOM: fiche.jetons[Champ.NOM] | {"permis"}}
    thematiques = fiche.offre.thematiques

    assert group_part(groupe, richer, thematiques) >= group_part(groupe, fiche.jetons, thematiques)
