"""The conditions of 639 real aids, translated, give everybody the verdict of the neutral form.

The aids are evaluation material that is never shipped: where it is absent, only the translator's
own examples are checked, and the rest is skipped aloud.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest

from app.domain.arbre import Noeud, criteres, node_from_json, node_to_json
from app.domain.eligibility import Juge, judge_critere
from app.domain.lecture_arbre import read_eligibilite
from app.domain.profil import Lieu
from app.domain.verdict import Cause, Valeur
from app.domain.vocabulaire import RESIDENCE, Vocabulaire
from seed.reference import load_geographie, load_vocabulaire
from tests.evaluation import translator as tables
from tests.evaluation.neutral import (
    OFFERS,
    PLACE_FACTS,
    Aid,
    Group,
    Leaf,
    Places,
    decide,
    judge,
    leaves,
    read_aids,
    read_node,
)
from tests.evaluation.profiles import Drawer, Drawn
from tests.evaluation.translator import FAITS, Form, Translator

FULL_LAPS, PARTIAL_LAPS = 2, 3  # people aimed at each aid
VERDICTS = {Valeur.NON: False, Valeur.INCONNU: None, Valeur.OUI: True}

# An aid left out of the translation, and why. None has to be: a former commune is today's, and the
# one postal code is a fact of its own, asked of those who live in its commune.
LEFT_OUT: dict[str, str] = {}

# What everybody is said of every aid is judged once, for all the tests that read it.
pytestmark = pytest.mark.xdist_group("translation")
needs_aids = pytest.mark.skipif(
    not OFFERS.exists(),
    reason=(
        f"NO REAL CONDITION IS JUDGED: {OFFERS} is absent. The 639 translated aids are not compared"
        " with the neutral form, for any profile"
    ),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the two judgements said of everybody and every aid."""

    pairs: Counter[tuple[bool, bool | None]] = field(default_factory=Counter)
    seen: dict[str, set[bool | None]] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)


# --- what is compared ---


@cache
def places() -> Places:
    return Places()


@cache
def vocabulaire() -> Vocabulaire:
    return load_vocabulaire(FAITS, load_geographie())


@cache
def translator() -> Translator:
    communes: dict[str, list[str]] = {}
    for commune in load_geographie().communes.values():
        for code in commune.codes_postaux:
            communes.setdefault(code, []).append(commune.code)
    return Translator(communes)


@cache
def aids() -> tuple[Aid, ...]:
    return tuple(aid for aid in read_aids() if aid.id not in LEFT_OUT)


def tree_of(form: Form) -> Noeud:
    """Reads a translated form as the program reads it in a listing."""
    return read_eligibilite(form, vocabulaire().faits, load_geographie()).racine


def trees() -> list[tuple[Aid, Noeud]]:
    return [(aid, tree_of(translator().node(aid.conditions))) for aid in aids()]


def people(full_laps: int, partial_laps: int) -> Iterator[Drawn]:
    drawer = Drawer(aids(), places(), load_geographie(), vocabulaire())
    for laps, is_full in ((full_laps, True), (partial_laps, False)):
        for rank in range(laps * len(aids())):
            yield drawer.draw(rank, is_full=is_full)


def compare(
    pairs: list[tuple[Aid, Noeud]], drawn_people: Iterable[Drawn]
) -> Iterator[tuple[Drawn, Aid, bool | None, bool | None]]:
    """Yields what the neutral form and the program say of everybody, aid by aid."""
    every_leaf = {leaf for aid, _ in pairs for leaf in leaves(aid.conditions)}
    for drawn in drawn_people:
        value_of = {leaf: decide(leaf, drawn.person, places()) for leaf in every_leaf}
        juge = Juge(drawn.profil, vocabulaire(), load_geographie())
        for aid, tree in pairs:
            jugement = juge.noeud(tree)
            assert (jugement.causes is Cause.FAIT_INCONNU) is (jugement.valeur is Valeur.INCONNU)
            yield drawn, aid, judge(aid.conditions, value_of), VERDICTS[jugement.valeur]


def _told(drawn: Drawn, aid: Aid, expected: bool | None, ours: bool | None) -> str:
    read = {leaf.fact for leaf in leaves(aid.conditions)}
    known = {fact: value for fact, value in drawn.person.facts.items() if fact in read}
    return (
        f"{aid.id}, person {drawn.rank} ({'full' if drawn.is_full else 'partial'}):"
        f" {ours} instead of {expected}; {known}, places: {len(drawn.person.places)}"
    )


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Everybody against every aid, once for the tests of this module."""
    found = Comparison(seen={aid.id: set() for aid in aids()})
    for drawn, aid, expected, ours in compare(trees(), people(FULL_LAPS, PARTIAL_LAPS)):
        found.pairs[drawn.is_full, ours] += 1
        found.seen[aid.id].add(ours)
        if ours is not expected:
            found.disagreements.append(_told(drawn, aid, expected, ours))
    return found


# --- the real aids ---


@needs_aids
def test_every_real_aid_is_translated() -> None:
    assert len(read_aids()) == 639
    assert len(LEFT_OUT) == 0

    assert len(trees()) == 639


@needs_aids
def test_everybody_gets_the_verdict_of_the_neutral_form(comparison: Comparison) -> None:
    assert len(comparison.disagreements) == 0, "\n".join(comparison.disagreements[:5])
    assert comparison.pairs.total() == (FULL_LAPS + PARTIAL_LAPS) * 639 * 639


@needs_aids
def test_nothing_stays_undecided_when_everything_is_known(comparison: Comparison) -> None:
    assert comparison.pairs[True, None] == 0
    assert comparison.pairs[False, None] > 100_000


@needs_aids
def test_every_aid_was_seen_open_closed_and_undecided(comparison: Comparison) -> None:
    always_open = {aid.id for aid in aids() if not list(leaves(aid.conditions))}

    one_sided = {aid for aid, seen in comparison.seen.items() if seen != {True, None, False}}

    assert one_sided == always_open
    assert len(always_open) == 1


@needs_aids
def test_a_place_leaf_accepts_the_same_communes() -> None:
    geographie = load_geographie()
    found = {leaf for aid in aids() for leaf in leaves(aid.conditions) if leaf.fact in PLACE_FACTS}

    for leaf in found:
        (critere,) = criteres(tree_of(translator().leaf(leaf)))
        ours = geographie.places_of(geographie.union(critere.parmi or ()))

        assert {place.code for place in ours} == places().accepted(leaf), leaf

    assert len(found) == 281


@needs_aids
def test_nobody_of_a_merged_commune_is_lost() -> None:
    geographie, fait = load_geographie(), vocabulaire().faits[RESIDENCE]
    met: dict[str, set[str]] = {}

    for aid in aids():
        for leaf in leaves(aid.conditions):
            for code in set(map(str, leaf.values)) - geographie.communes.keys():
                if leaf.fact == "commune":
                    met.setdefault(aid.id, set()).add(code)
                    home = Lieu(geographie.zone(geographie.canonical_ref(code)))
                    (critere,) = criteres(tree_of(translator().leaf(leaf)))

                    assert judge_critere(critere, fait, home, geographie) is Valeur.OUI, code

    assert len(met) == 9
    assert len(set().union(*met.values())) == 29


@needs_aids
def test_a_translated_tree_survives_being_stored() -> None:
    for _, tree in trees():
        assert node_from_json(node_to_json(tree)) == tree


# --- a wrong translation is seen ---


@needs_aids
@pytest.mark.parametrize(
    ("table", "key", "wrong"),
    [
        pytest.param("GROUPS", "any", "toutes", id="any-read-as-all"),
        pytest.param("BOUNDS", ">", ("min",), id="strict-minimum-made-inclusive"),
        pytest.param("BOUNDS", "<", ("max",), id="strict-maximum-made-inclusive"),
        pytest.param("BOUNDS", ">=", ("min_exclu",), id="minimum-made-strict"),
        pytest.param("BOUNDS", "<=", ("max_exclu",), id="maximum-made-strict"),
        pytest.param("BOUNDS", "=", ("min",), id="equality-without-maximum"),
        pytest.param("NUMBERS", "taux_incapacite", ("taux_handicap", 1), id="share-as-percentage"),
        pytest.param(
            "NUMBERS", "quotient_familial_annuel", ("quotient_familial", 1), id="year-read-as-month"
        ),
        pytest.param(
            "CHOICES",
            "scolarite",
            (
                "scolarite",
                dict.fromkeys(("college", "lycee", "enseignement_superieur"), ("college",)),
            ),
            id="every-school-read-as-college",
        ),
        pytest.param(
            "CHOICES",
            "statut_logement",
            (
                "statut_logement",
                {"loge_gratuitement": ("loge-gratuitement",), "sans_domicile": ("sans-domicile",)},
            ),
            id="half-of-a-housing-lost",
        ),
        pytest.param("YES_OR_NO", "handicap", ("situations", ("rqth",)), id="half-of-a-set-lost"),
        pytest.param("YES_OR_NO", "interimaire", ("type_contrat", ("cdd",)), id="another-contract"),
    ],
)
def test_a_wrong_translation_is_seen(
    table: str, key: str, wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = trees()
    monkeypatch.setitem(getattr(tables, table), key, wrong)

    changed = [new for old, new in zip(right, trees(), strict=True) if old != new]
    judged = compare(changed, people(FULL_LAPS, PARTIAL_LAPS))

    assert changed
    assert any(ours is not expected for _, _, expected, ours in judged)


# --- the translator, without the aids ---


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param(
            {"id": "g0", "fact": "age", "op": "=", "value": 18},
            {"fait": "age", "min": 18, "max": 18},
            id="equality",
        ),
        pytest.param(
            {"fact": "taux_incapacite", "op": "<", "value": 0.5},
            {"fait": "taux_handicap", "max_exclu": 50},
            id="share-to-percentage",
        ),
        pytest.param(
            {"fact": "epci", "op": "not_in", "values": ["248300543"]},
            {"sauf": {"fait": "residence", "parmi": ["epci:248300543"]}},
            id="not-in",
        ),
        pytest.param(
            {"fact": "stagiaire", "op": "is", "value": False},
            {"sauf": {"fait": "situations", "parmi": ["stage"]}},
            id="is-false",
        ),
        pytest.param(
            {"op": "not", "of": {"fact": "departement", "op": "in", "values": ["2A"]}},
            {"sauf": {"fait": "residence", "parmi": ["departement:2A"]}},
            id="not",
        ),
        pytest.param(
            {"fact": "code_postal", "op": "in", "values": ["67100"]},
            {
                "toutes": [
                    {"fait": "residence", "parmi": ["67482"]},
                    {"fait": "code_postal", "parmi": ["67100"]},
                ]
            },
            id="postal-code",
        ),
    ],
)
def test_a_condition_is_said_in_our_words(form: dict[str, object], expected: Form) -> None:
    said = translator().node(read_node(form))

    assert said == expected
    tree_of(said)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"op": "xor", "of": []}, id="unknown-group"),
        pytest.param({"fact": "age", "op": "~", "value": 18}, id="unknown-comparison"),
        pytest.param({"fact": "age", "op": ">=", "value": 18, "unit": "months"}, id="unknown-key"),
    ],
)
def test_a_form_never_met_is_refused(form: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not the neutral form"):
        read_node(form)


@pytest.mark.parametrize(
    "leaf",
    [
        pytest.param(Leaf("pointure", ">=", (42,)), id="fact"),
        pytest.param(Leaf("activite", "in", ("astronaute",)), id="value"),
    ],
)
def test_a_word_never_met_is_refused(leaf: Leaf) -> None:
    with pytest.raises(KeyError):
        translator().node(Group("all", (leaf,)))
