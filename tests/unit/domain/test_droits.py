"""Who may do what: the whole table written a second time, case by case."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comptes import VISITEUR, Acteur, Compte, Qualite, Role
from app.domain.droits import Action, Cible, Etendue, etendue, peut
from app.domain.offre import StructureId
from app.domain.territoire import Zone
from tests.builders import (
    AUREL,
    AVIGNON,
    CARPENTRAS,
    GRAND_AVIGNON,
    LE_PONTET,
    VENTOUX_SUD,
    make_geographie,
)
from tests.strategies import PROPERTY, zones

GEOGRAPHIE = make_geographie()
BASSIN, AUTRE_BASSIN = GEOGRAPHIE.zone(GRAND_AVIGNON), GEOGRAPHIE.zone(VENTOUX_SUD)
NULLE_PART = Zone(0)
SIENNE, AUTRE = StructureId("sienne"), StructureId("autre")
CIBLES = {
    "own": Cible(structure_id=SIENNE, lieu=GEOGRAPHIE.zone(CARPENTRAS)),
    "own-of-no-known-commune": Cible(structure_id=SIENNE, lieu=NULLE_PART),
    "in-perimeter": Cible(structure_id=AUTRE, lieu=GEOGRAPHIE.zone(AVIGNON)),
    "elsewhere": Cible(structure_id=AUTRE, lieu=GEOGRAPHIE.zone(CARPENTRAS)),
    "no-known-commune": Cible(structure_id=AUTRE, lieu=NULLE_PART),
}
NOTHING: frozenset[str] = frozenset()
OWN = frozenset(("own", "own-of-no-known-commune"))
NEAR = OWN | {"in-perimeter"}
ALL = frozenset(CIBLES)
# By quality and not by action, as a person would ask: “what may I do?”.
GIVEN = {
    Qualite.VISITEUR: {},
    Qualite.BOITE: {
        Action.VOIR_SON_ESPACE: OWN,
        Action.VOIR_FICHE: OWN,
        Action.PROPOSER_FICHE: OWN,
        Action.CONFIRMER_FICHE: OWN,
    },
    Qualite.PARTENAIRE: {
        Action.VOIR_SON_ESPACE: ALL,
        Action.GERER_SON_COMPTE: ALL,
        Action.DEMANDER_ADHESION: ALL,
        Action.CREER_STRUCTURE: ALL,
        Action.TENIR_CLES: ALL,
        Action.ADMETTRE_MEMBRE: OWN,
        Action.VOIR_FICHE: OWN,
        Action.MODIFIER_FICHE: OWN,
        Action.CONFIRMER_FICHE: OWN,
        Action.VOIR_HISTORIQUE: OWN,
        Action.TRAITER_SIGNALEMENT: OWN,
        Action.DEPOSER_OFFRES: OWN,
        Action.REGLER_RAPPELS: OWN,
    },
    Qualite.PROFESSIONNEL: {
        Action.VOIR_SON_ESPACE: ALL,
        Action.GERER_SON_COMPTE: ALL,
        Action.DEMANDER_ADHESION: ALL,
        Action.CREER_STRUCTURE: ALL,
        Action.TENIR_CLES: ALL,
        Action.ADMETTRE_MEMBRE: OWN,
        Action.VOIR_FICHE: ALL,
        Action.PROPOSER_FICHE: ALL,
        Action.MODIFIER_FICHE: OWN,
        Action.CONFIRMER_FICHE: OWN,
        Action.VOIR_HISTORIQUE: OWN,
        Action.TRAITER_SIGNALEMENT: OWN,
        Action.DEPOSER_OFFRES: OWN,
        Action.REGLER_RAPPELS: OWN,
    },
    Qualite.COORDINATEUR: {
        Action.VOIR_SON_ESPACE: ALL,
        Action.GERER_SON_COMPTE: ALL,
        Action.DEMANDER_ADHESION: ALL,
        Action.CREER_STRUCTURE: ALL,
        Action.TENIR_CLES: ALL,
        Action.ADMETTRE_MEMBRE: NEAR,
        Action.VOIR_FICHE: NEAR,
        Action.MODIFIER_FICHE: NEAR,
        Action.CONFIRMER_FICHE: NEAR,
        Action.VOIR_HISTORIQUE: NEAR,
        Action.MODERER: NEAR,
        Action.CONFIRMER_REGLES: NEAR,
        Action.REGLER_TERRITOIRE: NEAR,
        Action.REUNIR_FICHES: NEAR,
        Action.TRAITER_SIGNALEMENT: NEAR,
        Action.DEPOSER_OFFRES: NEAR,
        Action.MENER_CAMPAGNE: NEAR,
        Action.REGLER_RAPPELS: NEAR,
    },
    Qualite.ADMINISTRATEUR: {
        Action.VOIR_SON_ESPACE: ALL,
        Action.GERER_SON_COMPTE: ALL,
        Action.DEMANDER_ADHESION: ALL,
        Action.CREER_STRUCTURE: ALL,
        Action.TENIR_CLES: ALL,
        Action.ADMETTRE_MEMBRE: ALL,
        Action.VOIR_FICHE: ALL,
        Action.MODIFIER_FICHE: ALL,
        Action.CONFIRMER_FICHE: ALL,
        Action.VOIR_HISTORIQUE: ALL,
        Action.MODERER: ALL,
        Action.CONFIRMER_REGLES: ALL,
        Action.REGLER_TERRITOIRE: ALL,
        Action.DELIMITER_TERRITOIRE: ALL,
        Action.GERER_COMPTES: ALL,
        Action.REUNIR_FICHES: ALL,
        Action.TRAITER_SIGNALEMENT: ALL,
        Action.DEPOSER_OFFRES: ALL,
        Action.VOIR_JOURNAL: ALL,
        Action.MENER_CAMPAGNE: ALL,
        Action.REGLER_RAPPELS: ALL,
    },
}


def make_compte(qualite: Qualite, *, is_actif: bool = True) -> Compte:
    role = Role(qualite.value)
    return Compte(id=1, courriel="camille@exemple.fr", nom="Camille", role=role, is_actif=is_actif)


def make_acteur(qualite: Qualite, zone: Zone = BASSIN, *structures: StructureId) -> Acteur:
    """Someone of a quality who speaks for `SIENNE`; all have a zone, which few may use."""
    has_account = qualite not in {Qualite.VISITEUR, Qualite.BOITE}
    return Acteur(
        qualite=qualite,
        compte=make_compte(qualite) if has_account else None,
        structures=frozenset(structures or (SIENNE,)),
        zone=zone,
    )


def test_every_quality_is_written_here() -> None:
    assert GIVEN.keys() == set(Qualite)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("qualite", Qualite)
def test_a_right_reaches_what_the_table_gives_and_nothing_else(
    qualite: Qualite, action: Action
) -> None:
    acteur = make_acteur(qualite)

    reached = {name for name, cible in CIBLES.items() if peut(acteur, action, cible)}

    assert reached == GIVEN[qualite].get(action, NOTHING)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("qualite", Qualite)
def test_a_way_is_shown_to_whom_it_may_lead_somewhere(qualite: Qualite, action: Action) -> None:
    assert peut(make_acteur(qualite), action) is (action in GIVEN[qualite])


@pytest.mark.parametrize("action", Action)
def test_a_visitor_has_nothing(action: Action) -> None:
    assert etendue(VISITEUR, action) is Etendue.RIEN
    assert not peut(VISITEUR, action)
    assert not any(peut(VISITEUR, action, cible) for cible in CIBLES.values())


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("qualite", [Qualite(role.value) for role in Role])
def test_a_closed_account_has_nothing(qualite: Qualite, action: Action) -> None:
    closed = replace(make_acteur(qualite), compte=make_compte(qualite, is_actif=False))

    assert etendue(closed, action) is Etendue.RIEN
    assert not peut(closed, action)
    assert not any(peut(closed, action, cible) for cible in CIBLES.values())


ON_THE_PERIMETER = [
    action for action, reached in GIVEN[Qualite.COORDINATEUR].items() if reached == NEAR
]


@pytest.mark.parametrize("action", ON_THE_PERIMETER)
@pytest.mark.parametrize(
    ("zone", "lieu", "expected"),
    [
        pytest.param(BASSIN, GEOGRAPHIE.zone(LE_PONTET), True, id="inside"),
        pytest.param(BASSIN, BASSIN, True, id="the-whole-of-it"),
        pytest.param(BASSIN, GEOGRAPHIE.zone(AUREL), False, id="another-basin"),
        pytest.param(AUTRE_BASSIN, GEOGRAPHIE.zone(AVIGNON), False, id="from-another-basin"),
        pytest.param(BASSIN, BASSIN | GEOGRAPHIE.zone(AUREL), False, id="straddling"),
        pytest.param(BASSIN, GEOGRAPHIE.zone("departement:84"), False, id="wider"),
        pytest.param(BASSIN, NULLE_PART, False, id="no-known-commune"),
        pytest.param(NULLE_PART, GEOGRAPHIE.zone(AVIGNON), False, id="no-perimeter"),
        pytest.param(NULLE_PART, NULLE_PART, False, id="nothing-on-both-sides"),
    ],
)
def test_a_coordinator_reaches_what_is_wholly_inside_their_perimeter(
    action: Action, zone: Zone, lieu: Zone, expected: bool
) -> None:
    coordinateur = make_acteur(Qualite.COORDINATEUR, zone)

    assert peut(coordinateur, action, Cible(structure_id=AUTRE, lieu=lieu)) is expected


@pytest.mark.parametrize("qualite", [Qualite.BOITE, Qualite.PARTENAIRE])
def test_who_speaks_for_no_structure_reads_and_writes_none(qualite: Qualite) -> None:
    nobody = replace(make_acteur(qualite), structures=frozenset())

    for action in (Action.VOIR_FICHE, Action.PROPOSER_FICHE, Action.MODIFIER_FICHE):
        assert not any(peut(nobody, action, cible) for cible in CIBLES.values())


names = st.sampled_from([StructureId(name) for name in ("a", "b", "c", "d")])
places = st.one_of(st.just(NULLE_PART), zones())


@PROPERTY
@given(
    st.sampled_from(Qualite),
    st.sampled_from(Action),
    st.frozensets(names),
    names,
    names,
    places,
    places,
)
def test_one_more_structure_never_takes_a_right_away(
    qualite: Qualite,
    action: Action,
    structures: frozenset[StructureId],
    added: StructureId,
    asked: StructureId,
    zone: Zone,
    lieu: Zone,
) -> None:
    before = replace(make_acteur(qualite, zone), structures=structures)
    after = replace(before, structures=structures | {added})
    cible = Cible(structure_id=asked, lieu=lieu)

    assert peut(after, action, cible) >= peut(before, action, cible)
    assert peut(after, action) >= peut(before, action)
    if asked != added:
        assert peut(after, action, cible) is peut(before, action, cible)


@PROPERTY
@given(st.sampled_from(Qualite), st.sampled_from(Action), places, zones(), places)
def test_a_wider_perimeter_never_takes_a_right_away(
    qualite: Qualite, action: Action, zone: Zone, added: Zone, lieu: Zone
) -> None:
    cible = Cible(structure_id=AUTRE, lieu=lieu)

    wide = peut(make_acteur(qualite, zone | added), action, cible)

    assert wide >= peut(make_acteur(qualite, zone), action, cible)
