"""Criteria by nature of fact, Kleene's trees, publics, zones, and the verdict of an offer."""

import pytest

from app.domain.arbre import JAMAIS, Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.eligibility import Juge, evaluate, judge_critere
from app.domain.lecture_arbre import read_eligibilite
from app.domain.offre import Offre
from app.domain.profil import (
    Choix,
    Connaissance,
    Echelons,
    Ensemble,
    Lieu,
    Nombre,
    Profil,
    SansObjet,
)
from app.domain.verdict import Cause, Jugement, Valeur, Verdict
from tests.builders import (
    AUREL,
    AVIGNON,
    GRAND_AVIGNON,
    PARIS,
    PARIS_1,
    PARIS_11,
    VERDUN,
    WORKED_EXAMPLE,
    ensemble,
    exactly,
    job_seeker_of_24,
    make_eligibilite,
    make_offre,
    make_offre_ouverte,
    one_of,
)
from tests.strategies import GEOGRAPHIE, VOCABULAIRE

NON, INCONNU, OUI = Valeur.NON, Valeur.INCONNU, Valeur.OUI
ASK, CALL = Cause.FAIT_INCONNU, Cause.OFFRE_NON_PRECISEE
FROM_16_TO_25 = Critere(fait="age", min=16.0, max=25.0)
RSA = Critere(fait="allocations", parmi=("rsa",))


def lieu(*refs: str) -> Lieu:
    return Lieu(GEOGRAPHIE.union(refs))


def juge(**faits: Connaissance) -> Juge:
    return Juge(Profil(faits=faits), VOCABULAIRE, GEOGRAPHIE)


def judge(critere: Critere, connu: Connaissance | None) -> Valeur:
    return judge_critere(critere, VOCABULAIRE.faits[critere.fait], connu, GEOGRAPHIE)


# --- numbers ---


@pytest.mark.parametrize(
    ("connu", "expected"),
    [
        pytest.param(exactly(16), OUI, id="lower-bound-included"),
        pytest.param(exactly(25), OUI, id="upper-bound-included"),
        pytest.param(exactly(15), NON, id="below"),
        pytest.param(exactly(26), NON, id="above"),
        pytest.param(Nombre(min=16, max=25), OUI, id="interval-inside"),
        pytest.param(Nombre(min=20, max=26), INCONNU, id="interval-across"),
        pytest.param(Nombre(min=10, max=40), INCONNU, id="interval-around"),
        pytest.param(Nombre(min=26, max=40), NON, id="interval-outside"),
        pytest.param(Nombre(min=26), NON, id="at-least"),
        pytest.param(Nombre(min=16), INCONNU, id="at-least-without-end"),
        pytest.param(Nombre(max=15), NON, id="at-most"),
        pytest.param(Nombre(min=25.2, max=26.7), NON, id="no-whole-number-in-common"),
        pytest.param(Nombre(min=15.2, max=25.9), OUI, id="whole-numbers-all-inside"),
        pytest.param(Nombre(), INCONNU, id="known-to-exist"),
        pytest.param(SansObjet(), NON, id="does-not-apply"),
        pytest.param(None, INCONNU, id="unknown"),
    ],
)
def test_an_age_is_judged_by_inclusive_bounds(connu: Connaissance | None, expected: Valeur) -> None:
    assert judge(FROM_16_TO_25, connu) is expected


@pytest.mark.parametrize(
    ("bounds", "age", "expected"),
    [
        pytest.param({"max_exclu": 26.0}, 25, OUI, id="strict-maximum-below"),
        pytest.param({"max_exclu": 26.0}, 26, NON, id="strict-maximum-at"),
        pytest.param({"max_exclu": 25.5}, 25, OUI, id="strict-maximum-between-whole-numbers"),
        pytest.param({"min_exclu": 18.0}, 18, NON, id="strict-minimum-at"),
        pytest.param({"min_exclu": 18.0}, 19, OUI, id="strict-minimum-above"),
        pytest.param({"min_exclu": 17.5}, 18, OUI, id="strict-minimum-between-whole-numbers"),
        pytest.param({"min": 17.5}, 17, NON, id="minimum-between-whole-numbers"),
        pytest.param({"min_exclu": 17.0, "max_exclu": 19.0}, 18, OUI, id="one-age-left"),
    ],
)
def test_bounds_on_whole_numbers_may_be_strict(
    bounds: dict[str, float], age: int, expected: Valeur
) -> None:
    assert judge(Critere(fait="age", **bounds), exactly(age)) is expected


@pytest.mark.parametrize(
    ("bounds", "connu", "expected"),
    [
        pytest.param({"max_exclu": 600.0}, exactly(600), NON, id="strict-maximum-at"),
        pytest.param({"max_exclu": 600.0}, exactly(599.99), OUI, id="strict-maximum-just-below"),
        pytest.param({"min_exclu": 0.0}, exactly(0), NON, id="known-to-be-nothing"),
        pytest.param({"min_exclu": 0.0}, exactly(0.01), OUI, id="strict-minimum-just-above"),
        pytest.param({"min_exclu": 0.0}, Nombre(min=0, max=9), INCONNU, id="perhaps-nothing"),
        pytest.param({"max": 600.0}, Nombre(max=600), OUI, id="open-below"),
        pytest.param({"min": 600.0}, Nombre(min=600), OUI, id="open-above"),
        pytest.param({"max": 600.0}, Nombre(min=599.5, max=600.5), INCONNU, id="across"),
        pytest.param({"max": 600.0}, SansObjet(), NON, id="does-not-apply"),
        pytest.param({"max": 600.0}, None, INCONNU, id="unknown"),
    ],
)
def test_an_amount_is_judged_to_the_cent(
    bounds: dict[str, float], connu: Connaissance | None, expected: Valeur
) -> None:
    assert judge(Critere(fait="ressources_mensuelles", **bounds), connu) is expected


@pytest.mark.parametrize(
    "critere",
    [
        pytest.param(Critere(fait="age", min=26.0, max=25.0), id="crossed"),
        pytest.param(Critere(fait="age", min_exclu=17.0, max_exclu=18.0), id="no-whole-number"),
        pytest.param(
            Critere(fait="ressources_mensuelles", min_exclu=5.0, max=5.0), id="strict-and-not"
        ),
    ],
)
@pytest.mark.parametrize("connu", [None, Nombre(), exactly(5), SansObjet()])
def test_bounds_that_nothing_meets_are_false_even_when_unknown(
    critere: Critere, connu: Connaissance | None
) -> None:
    assert judge(critere, connu) is NON


def test_the_negation_of_a_bound_holds_for_whom_the_number_does_not_apply() -> None:
    assert juge(age=SansObjet()).noeud(Sauf(FROM_16_TO_25)) == Jugement(OUI)


# --- choices, sets and levels ---


@pytest.mark.parametrize(
    ("connu", "expected"),
    [
        pytest.param(one_of("salarie"), OUI, id="known-inside"),
        pytest.param(one_of("aucune"), NON, id="known-absence"),
        pytest.param(one_of("salarie", "etudiant"), OUI, id="all-possible-inside"),
        pytest.param(one_of("demandeur-emploi", "aucune"), NON, id="none-possible-inside"),
        pytest.param(one_of("salarie", "aucune"), INCONNU, id="some-possible-inside"),
        pytest.param(None, INCONNU, id="unknown"),
    ],
)
def test_a_choice_is_judged_by_what_is_still_possible(
    connu: Choix | None, expected: Valeur
) -> None:
    assert judge(Critere(fait="activite", parmi=("salarie", "etudiant")), connu) is expected


def test_a_choice_that_accepts_every_value_is_true_even_when_unknown() -> None:
    every_value = VOCABULAIRE.faits["activite"].valeurs

    assert judge(Critere(fait="activite", parmi=every_value), None) is OUI


@pytest.mark.parametrize(
    ("connu", "expected"),
    [
        pytest.param(ensemble("rsa"), OUI, id="one-is-enough"),
        pytest.param(ensemble("rsa", faux=("aah",)), OUI, id="one-true-one-false"),
        pytest.param(ensemble(faux=("rsa", "aah")), NON, id="all-false"),
        pytest.param(ensemble("ass", faux=("rsa", "aah")), NON, id="another-one-true"),
        pytest.param(ensemble(faux=("rsa",)), INCONNU, id="one-false-one-unknown"),
        pytest.param(ensemble("ass"), INCONNU, id="only-another-known"),
        pytest.param(None, INCONNU, id="unknown"),
    ],
)
def test_a_set_needs_one_of_the_values(connu: Ensemble | None, expected: Valeur) -> None:
    assert judge(Critere(fait="allocations", parmi=("rsa", "aah")), connu) is expected


def test_a_set_that_accepts_every_value_may_still_be_empty() -> None:
    every_value = VOCABULAIRE.faits["allocations"].valeurs

    assert judge(Critere(fait="allocations", parmi=every_value), None) is INCONNU


AUCUN, A1, A2, B1, B2 = range(5)


@pytest.mark.parametrize(
    ("condition", "connu", "expected"),
    [
        pytest.param({"min": "a2"}, Echelons(A2, A2), OUI, id="minimum-at"),
        pytest.param({"min": "a2"}, Echelons(A1, A1), NON, id="minimum-below"),
        pytest.param({"min_exclu": "a2"}, Echelons(A2, A2), NON, id="strict-minimum-at"),
        pytest.param({"min_exclu": "a2"}, Echelons(B1, B2), OUI, id="strict-minimum-above"),
        pytest.param({"max": "a2"}, Echelons(AUCUN, A2), OUI, id="maximum-included"),
        pytest.param({"max_exclu": "a2"}, Echelons(A2, A2), NON, id="strict-maximum-at"),
        pytest.param({"max_exclu": "a2"}, Echelons(A1, B1), INCONNU, id="interval-across"),
        pytest.param({"parmi": ("a1", "b2")}, Echelons(A2, B1), NON, id="named-levels-around"),
        pytest.param({"parmi": ("a1", "a2")}, Echelons(A1, A2), OUI, id="named-levels-all"),
        pytest.param({"min": "a2", "parmi": ("a1", "b1")}, Echelons(B1, B1), OUI, id="both-met"),
        pytest.param({"min": "a2", "parmi": ("a1", "b1")}, Echelons(A1, A1), NON, id="one-met"),
        pytest.param({"min": "a1"}, None, INCONNU, id="unknown"),
        pytest.param({"min": "aucun"}, None, OUI, id="every-level-accepted-though-unknown"),
        pytest.param({"min_exclu": "b2"}, None, NON, id="no-level-accepted-though-unknown"),
        pytest.param({"min": "b1", "max": "a1"}, None, NON, id="crossed-though-unknown"),
    ],
)
def test_a_level_is_judged_by_its_order(
    condition: dict[str, str], connu: Echelons | None, expected: Valeur
) -> None:
    assert judge(Critere(fait="niveau_francais", **condition), connu) is expected


# --- places ---


@pytest.mark.parametrize(
    ("refs", "connu", "expected"),
    [
        pytest.param((PARIS,), lieu(PARIS_11), OUI, id="part-in-its-commune"),
        pytest.param((PARIS_11,), lieu(PARIS), INCONNU, id="commune-known-part-asked"),
        pytest.param((PARIS_1, PARIS_11), lieu(PARIS), OUI, id="union-of-codes-covers-the-commune"),
        pytest.param(("departement:84",), lieu(GRAND_AVIGNON), INCONNU, id="across-departements"),
        pytest.param(
            ("departement:84", "departement:30"), lieu(GRAND_AVIGNON), OUI, id="union-of-codes"
        ),
        pytest.param(("departement:84",), lieu(VERDUN), NON, id="disjoint"),
        pytest.param(("etranger:99137",), lieu(AVIGNON), NON, id="abroad-never-matches"),
        pytest.param(("etranger:99137",), None, NON, id="abroad-though-unknown"),
        pytest.param(("france",), None, OUI, id="residence-is-in-france-even-when-unknown"),
        pytest.param(("departement:84",), None, INCONNU, id="unknown"),
    ],
)
def test_a_place_is_judged_on_the_union_of_its_codes(
    refs: tuple[str, ...], connu: Lieu | None, expected: Valeur
) -> None:
    assert judge(Critere(fait="residence", parmi=refs), connu) is expected


@pytest.mark.parametrize(
    ("refs", "residence", "expected"),
    [
        pytest.param(None, None, Jugement(OUI), id="absent-zone"),
        pytest.param(("france",), None, Jugement(OUI), id="france-though-unknown"),
        pytest.param(("departement:84",), None, Jugement(INCONNU, ASK), id="unknown-residence"),
        pytest.param(("departement:84",), lieu(AVIGNON), Jugement(OUI), id="inside"),
        pytest.param(("departement:84",), lieu(VERDUN), Jugement(NON), id="outside"),
        pytest.param(
            ("departement:84",), lieu(GRAND_AVIGNON), Jugement(INCONNU, ASK), id="straddling"
        ),
        pytest.param(("etranger:99137",), None, Jugement(NON), id="abroad-though-unknown"),
    ],
)
def test_a_zone_of_eligibility_is_judged_by_residence(
    refs: tuple[str, ...] | None, residence: Lieu | None, expected: Jugement
) -> None:
    faits = {} if residence is None else {"residence": residence}

    assert juge(**faits).zone(refs) == expected


# --- trees ---

LEAVES = {valeur: Critere(fait=valeur.mot) for valeur in Valeur}
T, U, F = LEAVES[OUI], LEAVES[INCONNU], LEAVES[NON]


@pytest.mark.parametrize(
    ("noeud", "expected"),
    [
        pytest.param(Toutes((T, T)), OUI, id="all-true"),
        pytest.param(Toutes((T, U)), INCONNU, id="all-with-an-unknown"),
        pytest.param(Toutes((U, F)), NON, id="one-false-settles-a-conjunction"),
        pytest.param(UneParmi((U, T)), OUI, id="one-true-settles-a-disjunction"),
        pytest.param(UneParmi((F, U)), INCONNU, id="one-with-an-unknown"),
        pytest.param(UneParmi((F, F)), NON, id="none"),
        pytest.param(Sauf(U), INCONNU, id="negation-of-unknown"),
        pytest.param(Sauf(F), OUI, id="negation-of-false"),
        pytest.param(Toutes(()), OUI, id="empty-conjunction-is-true"),
        pytest.param(UneParmi(()), NON, id="empty-disjunction-is-false"),
        pytest.param(JAMAIS, NON, id="never"),
        pytest.param(Sauf(Toutes((T, UneParmi((F, Sauf(U)))))), INCONNU, id="nested"),
    ],
)
def test_a_tree_follows_kleene(noeud: Noeud, expected: Valeur) -> None:
    assert evaluate(noeud, lambda leaf: Valeur[leaf.fait.upper()]) is expected


def test_criteria_are_never_merged() -> None:
    young_or_not = UneParmi((Critere(fait="age", max=25.0), Critere(fait="age", min=26.0)))

    assert juge(age=Nombre(min=20, max=40)).noeud(young_or_not) == Jugement(INCONNU, ASK)


def test_an_undecided_tree_asks_the_person() -> None:
    assert juge().noeud(RSA) == Jugement(INCONNU, ASK)


def test_an_absent_tree_holds() -> None:
    assert juge().noeud(None) == Jugement(OUI)


@pytest.mark.parametrize(
    ("faits", "expected"),
    [
        pytest.param(job_seeker_of_24(lieu(AVIGNON)), OUI, id="meets-every-condition"),
        pytest.param(job_seeker_of_24(lieu(AUREL)), NON, id="lives-in-the-excepted-epci"),
        pytest.param(job_seeker_of_24(lieu(VERDUN)), NON, id="lives-elsewhere"),
        pytest.param(job_seeker_of_24(lieu("departement:84")), INCONNU, id="zone-too-wide"),
        pytest.param(job_seeker_of_24(lieu(AVIGNON)) | {"age": exactly(26)}, NON, id="too-old"),
        pytest.param(
            {"age": exactly(24), "residence": lieu(AVIGNON)}, INCONNU, id="no-situation-known"
        ),
        pytest.param(
            {
                "age": exactly(24),
                "residence": lieu(AVIGNON),
                "activite": one_of("etudiant"),
                "allocations": ensemble(faux=("rsa",)),
                "situations": ensemble("rqth"),
            },
            OUI,
            id="third-way-in",
        ),
        pytest.param({}, INCONNU, id="nothing-known"),
    ],
)
def test_the_worked_example_is_judged(faits: dict[str, Connaissance], expected: Valeur) -> None:
    tree = read_eligibilite(WORKED_EXAMPLE, VOCABULAIRE.faits, GEOGRAPHIE)

    assert juge(**faits).noeud(tree.racine).valeur is expected


# --- publics ---


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(exactly(16), Jugement(OUI), id="certain-from-16"),
        pytest.param(exactly(25), Jugement(OUI), id="certain-to-25"),
        pytest.param(exactly(11), Jugement(INCONNU, CALL), id="possible-from-11"),
        pytest.param(exactly(30), Jugement(INCONNU, CALL), id="possible-to-30"),
        pytest.param(exactly(10), Jugement(NON), id="surely-too-young"),
        pytest.param(exactly(31), Jugement(NON), id="surely-too-old"),
        pytest.param(Nombre(min=26, max=30), Jugement(INCONNU, CALL), id="interval-all-possible"),
        pytest.param(Nombre(min=20, max=28), Jugement(INCONNU, ASK), id="interval-partly-certain"),
        pytest.param(Nombre(min=28, max=40), Jugement(INCONNU, ASK), id="interval-partly-possible"),
        pytest.param(None, Jugement(INCONNU, ASK), id="unknown"),
    ],
)
def test_a_loose_public_is_judged_between_certain_and_possible(
    age: Connaissance | None, expected: Jugement
) -> None:
    faits = {} if age is None else {"age": age}

    assert juge(**faits).publics(("jeunes",)) == expected


@pytest.mark.parametrize(
    ("publics", "faits", "expected"),
    [
        pytest.param(None, {}, Jugement(OUI), id="absent"),
        pytest.param(("tous-publics",), {}, Jugement(OUI), id="everybody"),
        pytest.param(("jeunes", "tous-publics"), {"age": exactly(50)}, Jugement(OUI), id="also"),
        pytest.param(
            ("jeunes", "demandeurs-emploi"),
            {"age": exactly(50), "activite": one_of("demandeur-emploi")},
            Jugement(OUI),
            id="one-is-enough",
        ),
        pytest.param(
            ("jeunes", "demandeurs-emploi"),
            {"age": exactly(50), "activite": one_of("salarie")},
            Jugement(NON),
            id="none",
        ),
        pytest.param(
            ("jeunes", "demandeurs-emploi"),
            {"age": exactly(50)},
            Jugement(INCONNU, ASK),
            id="settled-publics-give-no-cause",
        ),
        pytest.param(
            ("jeunes", "demandeurs-emploi"),
            {"age": exactly(28)},
            Jugement(INCONNU, ASK | CALL),
            id="causes-of-all-undecided-publics",
        ),
        pytest.param(
            ("jeunes", "demandeurs-emploi"),
            {"age": exactly(28), "activite": one_of("demandeur-emploi")},
            Jugement(OUI),
            id="a-settled-judgement-has-no-cause",
        ),
    ],
)
def test_belonging_to_one_public_is_enough(
    publics: tuple[str, ...] | None, faits: dict[str, Connaissance], expected: Jugement
) -> None:
    assert juge(**faits).publics(publics) == expected


# --- offers ---


@pytest.mark.parametrize(
    ("offre", "faits", "expected"),
    [
        pytest.param(make_offre_ouverte(), {}, Jugement(OUI), id="open-to-all"),
        pytest.param(make_offre(), {}, Jugement(INCONNU, CALL), id="silent-about-everything"),
        pytest.param(
            make_offre(eligibilite=make_eligibilite(RSA)),
            {"allocations": ensemble("rsa")},
            Jugement(OUI),
            id="tree-without-publics",
        ),
        pytest.param(
            make_offre(eligibilite=make_eligibilite(RSA)), {}, Jugement(INCONNU, ASK), id="tree"
        ),
        pytest.param(
            make_offre(eligibilite=make_eligibilite(RSA, "Projet validé")),
            {"allocations": ensemble("rsa")},
            Jugement(INCONNU, CALL),
            id="something-for-a-human-to-check",
        ),
        pytest.param(
            make_offre(eligibilite=make_eligibilite(RSA, "Projet validé")),
            {},
            Jugement(INCONNU, ASK | CALL),
            id="both-causes",
        ),
        pytest.param(
            make_offre_ouverte(conditions_acces="Sur entretien"),
            {},
            Jugement(INCONNU, CALL),
            id="free-text-never-makes-anything-true",
        ),
        pytest.param(
            make_offre(
                publics=("jeunes",),
                conditions_acces="Sur entretien",
                eligibilite=make_eligibilite(RSA),
            ),
            {"age": exactly(50)},
            Jugement(NON),
            id="one-false-part-settles-and-drops-causes",
        ),
        pytest.param(
            make_offre_ouverte(zone_eligibilite=("departement:84",)),
            {"residence": lieu(VERDUN)},
            Jugement(NON),
            id="zone",
        ),
        pytest.param(
            make_offre(publics=("jeunes",)),
            {"age": exactly(28)},
            Jugement(INCONNU, CALL),
            id="loose",
        ),
    ],
)
def test_an_offer_is_the_lowest_of_its_four_parts(
    offre: Offre, faits: dict[str, Connaissance], expected: Jugement
) -> None:
    assert juge(**faits).offre(offre) == expected


def test_an_obstacle_or_a_priority_never_judges() -> None:
    offre = make_offre_ouverte(suppose=JAMAIS, prioritaires=JAMAIS)

    assert juge().offre(offre).verdict is Verdict.ACCESSIBLE


def test_the_worked_example_stays_to_be_checked_by_a_counsellor() -> None:
    tree = read_eligibilite(WORKED_EXAMPLE, VOCABULAIRE.faits, GEOGRAPHIE)

    jugement = juge(**job_seeker_of_24(lieu(AVIGNON))).offre(make_offre(eligibilite=tree))

    assert jugement.verdict is Verdict.A_VERIFIER
    assert jugement.causes is CALL
