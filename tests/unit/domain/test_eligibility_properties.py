"""What holds of every tree and every person, against a two-valued reading written apart."""

from collections.abc import Iterable
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi, criteres
from app.domain.eligibility import Juge, evaluate
from app.domain.offre import Offre
from app.domain.profil import (
    Choix,
    Connaissance,
    Echelons,
    Ensemble,
    Lieu,
    Nombre,
    Profil,
)
from app.domain.ranking import acces_part
from app.domain.verdict import Cause, Valeur
from tests.builders import PLACES, places_in
from tests.strategies import (
    GEOGRAPHIE,
    LOGIC,
    PROPERTY,
    VOCABULAIRE,
    completions_of,
    offres_with_conditions,
    profils,
    profils_of_growing_precision,
    reordered,
    some_of,
    trees,
    trees_without_repetition,
)

PUBLICS = tuple(VOCABULAIRE.publics)


def juge(profil: Profil) -> Juge:
    return Juge(profil, VOCABULAIRE, GEOGRAPHIE)


# --- the two-valued reading ---


def holds(critere: Critere, connu: Connaissance) -> bool:
    """Tells whether somebody wholly known meets a criterion."""
    fait = VOCABULAIRE.faits[critere.fait]
    match connu:
        case Nombre(min=value):
            return _within(value, critere)
        case Choix(possibles):
            return possibles <= set(critere.parmi or ())
        case Ensemble(vrais):
            return any(valeur in vrais for valeur in critere.parmi or ())
        case Lieu(zone):
            code = PLACES[zone.masque.bit_length() - 1]
            return any(code in places_in(ref) for ref in critere.parmi or ())
        case Echelons(rank):
            named = critere.parmi is None or fait.valeurs[rank] in critere.parmi
            ranks = {
                side: fait.valeurs.index(bound)
                for side in ("min", "max", "min_exclu", "max_exclu")
                if (bound := getattr(critere, side)) is not None
            }
            return named and _within(rank, Critere(fait=fait.cle, **ranks))
    return False


def _within(value: float, bounds: Critere) -> bool:
    return (
        (bounds.min is None or value >= bounds.min)
        and (bounds.max is None or value <= bounds.max)
        and (bounds.min_exclu is None or value > bounds.min_exclu)
        and (bounds.max_exclu is None or value < bounds.max_exclu)
    )


def truth(noeud: Noeud, held: dict[Critere, bool]) -> bool:
    match noeud:
        case Toutes(noeuds):
            return all(truth(child, held) for child in noeuds)
        case UneParmi(noeuds):
            return any(truth(child, held) for child in noeuds)
        case Sauf(child):
            return not truth(child, held)
    return held[noeud]


def outcomes(noeud: Noeud, profil: Profil) -> set[bool]:
    """What the tree becomes over every completion of the profile.

    Completions that treat every leaf alike are tried once.
    """
    leaves = list(dict.fromkeys(criteres(noeud)))
    by_fact = []
    for cle in dict.fromkeys(leaf.fait for leaf in leaves):
        asked = [leaf for leaf in leaves if leaf.fait == cle]
        connus = completions_of(VOCABULAIRE.faits[cle], profil.get(cle))
        by_fact.append({tuple((leaf, holds(leaf, connu)) for leaf in asked) for connu in connus})
    return {
        truth(noeud, dict(pair for part in parts for pair in part)) for parts in product(*by_fact)
    }


def consensus(found: Iterable[bool]) -> Valeur:
    values = set(found)
    if len(values) > 1:
        return Valeur.INCONNU
    return Valeur.OUI if values == {True} else Valeur.NON


# --- trees ---


@LOGIC
@given(trees(), profils())
def test_a_settled_verdict_is_never_contradicted_by_a_completion(
    noeud: Noeud, profil: Profil
) -> None:
    valeur = juge(profil).noeud(noeud).valeur

    assert valeur is Valeur.INCONNU or valeur is consensus(outcomes(noeud, profil))


@LOGIC
@given(trees_without_repetition(), profils())
def test_a_tree_without_repeated_fact_says_what_all_completions_agree_on(
    noeud: Noeud, profil: Profil
) -> None:
    assert juge(profil).noeud(noeud).valeur is consensus(outcomes(noeud, profil))


@LOGIC
@given(trees(), profils_of_growing_precision())
def test_a_fact_more_never_unsettles_a_settled_verdict(
    noeud: Noeud, known: tuple[Profil, Profil]
) -> None:
    before, after = (juge(profil).noeud(noeud).valeur for profil in known)

    assert before in (Valeur.INCONNU, after)


@LOGIC
@given(st.data(), trees(), profils())
def test_the_order_of_criteria_and_values_changes_nothing(
    data: st.DataObject, noeud: Noeud, profil: Profil
) -> None:
    other = data.draw(reordered(noeud))

    assert juge(profil).noeud(other) == juge(profil).noeud(noeud)


def pushed_down(noeud: Noeud, *, negated: bool = False) -> Noeud:
    """The same tree with `sauf` on leaves only, by De Morgan's laws."""
    match noeud:
        case Sauf(child):
            return pushed_down(child, negated=not negated)
        case Toutes(noeuds) | UneParmi(noeuds):
            children = tuple(pushed_down(child, negated=negated) for child in noeuds)
            return (
                Toutes(children) if isinstance(noeud, Toutes) is not negated else UneParmi(children)
            )
    return Sauf(noeud) if negated else noeud


@LOGIC
@given(trees(), profils())
def test_pushing_exceptions_down_to_the_leaves_changes_nothing(
    noeud: Noeud, profil: Profil
) -> None:
    judge = juge(profil).critere

    assert evaluate(pushed_down(noeud), judge) is evaluate(noeud, judge)


@LOGIC
@given(trees(), profils())
def test_only_an_undecided_tree_has_a_cause(noeud: Noeud, profil: Profil) -> None:
    jugement = juge(profil).noeud(noeud)

    expected = Cause.FAIT_INCONNU if jugement.valeur is Valeur.INCONNU else Cause.AUCUNE
    assert jugement.causes is expected


# --- publics and offers ---


@PROPERTY
@given(some_of(PUBLICS), profils())
def test_publics_are_the_best_of_each(publics: tuple[str, ...], profil: Profil) -> None:
    alone = [juge(profil).publics((public,)).valeur for public in publics]

    assert juge(profil).publics(publics).valeur is max(alone)


@PROPERTY
@given(offres_with_conditions(), profils_of_growing_precision())
def test_a_fact_more_never_unsettles_an_offer(offre: Offre, known: tuple[Profil, Profil]) -> None:
    before, after = (juge(profil).offre(offre) for profil in known)

    assert before.valeur in (Valeur.INCONNU, after.valeur)
    assert Cause.FAIT_INCONNU not in after.causes or Cause.FAIT_INCONNU in before.causes


@PROPERTY
@given(offres_with_conditions(), profils_of_growing_precision())
def test_learning_a_fact_lowers_only_the_offers_that_it_closes(
    offre: Offre, known: tuple[Profil, Profil]
) -> None:
    before, after = (juge(profil).offre(offre) for profil in known)

    assert after.valeur is Valeur.NON or acces_part(after) >= acces_part(before)


@PROPERTY
@given(offres_with_conditions(), profils())
def test_an_offer_has_causes_exactly_when_it_is_to_be_checked(offre: Offre, profil: Profil) -> None:
    jugement = juge(profil).offre(offre)

    assert bool(jugement.causes) is (jugement.valeur is Valeur.INCONNU)
