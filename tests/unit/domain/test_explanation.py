"""Each reason is a French sentence that can be said aloud, to the person or about them."""

from collections.abc import Iterator
from datetime import date

import pytest

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.explanation import CritereExplique, Explainer, Explication, Groupe
from app.domain.lecture_faits import read_profil
from app.domain.offre import OffreId
from app.domain.vocabulaire import Nature
from app.domain.wording import Voix
from seed.reference import load_geographie, load_vocabulaire
from tests.builders import make_eligibilite, make_offre

GEOGRAPHIE = load_geographie()
VOCABULAIRE = load_vocabulaire(None, GEOGRAPHIE)
TODAY = date(2026, 11, 25)
YOUNG = Critere(fait="age", min=16.0, max=25.0)
RSA = Critere(fait="allocations", parmi=("rsa",))
LOCAL = Critere(fait="inscriptions", parmi=("mission-locale",))
LICENCE = Critere(fait="situations", parmi=("permis-b",))
TOLD = {"publics": ("tous-publics",)}


def explained(
    noeud: Noeud | None = None,
    voix: Voix = Voix.VOUS,
    apports: dict[tuple[str, str], list[OffreId]] | None = None,
    offre: dict[str, object] | None = None,
    **faits: object,
) -> Explication:
    profil = read_profil(faits, VOCABULAIRE, GEOGRAPHIE, TODAY)
    tree = make_eligibilite(noeud) if noeud else None
    value = make_offre(eligibilite=tree, **(offre or {}))
    return Explainer(profil, VOCABULAIRE, GEOGRAPHIE, voix, TODAY).explain(value, apports or {})


def phrases(explication: Explication) -> list[str]:
    return [c.phrase.replace("\u00a0", " ").replace("\u202f", " ") for c in explication.criteres]


@pytest.mark.parametrize(
    ("noeud", "faits", "vous", "tiers"),
    [
        (
            YOUNG,
            {"age": 24},
            "Il faut avoir de 16 à 25 ans : vous avez 24 ans.",
            "Il faut avoir de 16 à 25 ans : la personne a 24 ans.",
        ),
        (
            Critere(fait="age", max_exclu=26.0),
            {"age": {"ne_le": "2001-05-12"}},
            "Il faut avoir moins de 26 ans : vous avez 25 ans, jusqu’au 12 mai 2027.",
            "Il faut avoir moins de 26 ans : la personne a 25 ans, jusqu’au 12 mai 2027.",
        ),
        (
            Critere(fait="age", min=26.0),
            {"age": {"ne_le": "2001-05"}},
            "Il faut avoir au moins 26 ans : vous avez 25 ans, ce sera possible en mai 2027.",
            "Il faut avoir au moins 26 ans : la personne a 25 ans, ce sera possible en mai 2027.",
        ),
        (
            LOCAL,
            {},
            "À vérifier : la mission locale vous suit-elle ?",
            "À vérifier : la mission locale suit-elle la personne ?",
        ),
        (
            Sauf(LICENCE),
            {"situations": {"permis-b": False}},
            "Il ne faut pas avoir le permis B : vous n’avez pas le permis B.",
            "Il ne faut pas avoir le permis B : la personne n’a pas le permis B.",
        ),
        (
            Critere(fait="residence", parmi=("84003",)),
            {"residence": "84007"},
            "Il faut habiter à Apt : vous habitez à Avignon.",
            "Il faut habiter à Apt : la personne habite à Avignon.",
        ),
        (
            Critere(fait="nb_enfants", min=1.0),
            {"nb_enfants": 1},
            "Il faut avoir au moins 1 enfant à charge : vous avez 1 enfant à charge.",
            "Il faut avoir au moins 1 enfant à charge : la personne a 1 enfant à charge.",
        ),
    ],
)
def test_a_criterion_is_said_in_two_voices(
    noeud: Noeud, faits: dict[str, object], vous: str, tiers: str
) -> None:
    assert phrases(explained(noeud, Voix.VOUS, **faits))[:1] == [vous]
    assert phrases(explained(noeud, Voix.LA_PERSONNE, **faits))[:1] == [tiers]


def test_conditions_that_must_all_hold_are_said_one_by_one() -> None:
    found = explained(Toutes((YOUNG, Toutes((RSA, Toutes(())))))).criteres

    assert [critere.fait for critere in found] == ["age", "allocations"]


def test_alternatives_are_one_condition_with_its_parts() -> None:
    (critere,) = explained(UneParmi((RSA, YOUNG)), allocations={"rsa": True}).criteres

    assert critere.phrase.replace("\u00a0", " ") == (
        "Il faut toucher le RSA ou avoir de 16 à 25 ans : vous touchez le RSA."
    )
    assert critere.fait is None
    assert [part.jugement.valeur.mot for part in critere.choix] == ["oui", "inconnu"]


def test_what_only_the_structure_knows_is_said_so() -> None:
    silent = explained(offre={"publics": None})
    loose = explained(offre={"publics": ("jeunes",)}, age=28)
    noted = explained(offre={**TOLD, "conditions_acces": "Sur orientation."})

    assert phrases(silent) == ["La structure ne précise pas son public : demandez-lui."]
    assert "sans dire jusqu’où : demandez-lui." in phrases(loose)[0]
    assert phrases(noted) == ["À vérifier avec la structure : Sur orientation."]


def test_an_offer_open_to_all_has_nothing_to_explain() -> None:
    assert explained(offre=TOLD).criteres == []


def test_the_horizon_is_the_offers() -> None:
    horizon = explained(Toutes((YOUNG, RSA)), age={"ne_le": "2001-05-12"}).horizon

    assert horizon is not None
    assert horizon.iso == "2027-05-12"


def test_obstacles_are_told_while_they_stand_and_judge_nobody() -> None:
    without = explained(offre={**TOLD, "suppose": LICENCE}, situations={"permis-b": False})
    lifted = explained(offre={**TOLD, "suppose": LICENCE}, situations={"permis-b": True})

    assert [c.jugement.valeur.mot for c in without.obstacles] == ["non"]
    assert lifted.obstacles == []


GIVEN = {("situations", "permis-b"): [OffreId("auto-ecole"), OffreId("offre-1")]}


@pytest.mark.parametrize(
    ("noeud", "unlocked"),
    [
        (LICENCE, ["auto-ecole"]),
        (Toutes((YOUNG, LICENCE)), ["auto-ecole"]),
        (UneParmi((LICENCE, RSA)), []),  # the RSA is not known: nothing is missing yet
        (Sauf(LICENCE), []),
        (Sauf(Sauf(LICENCE)), []),
        (YOUNG, []),
    ],
)
def test_what_is_missing_is_named_with_who_gives_it(noeud: Noeud, unlocked: list[str]) -> None:
    found = explained(noeud, apports=GIVEN, situations={"permis-b": False}).deblocage

    assert [ident for one in found for ident in one.offres] == unlocked


def every_leaf() -> Iterator[Critere]:
    for fait in VOCABULAIRE.faits.values():
        match fait.nature:
            case Nature.NOMBRE:
                for bounds in ({"min": 1.0}, {"max": 2.0}, {"min": 1.0, "max": 2.0}):
                    yield Critere(fait=fait.cle, **bounds)
            case Nature.LIEU:
                yield Critere(fait=fait.cle, parmi=("84003", "departement:84"))
            case Nature.ECHELON:
                yield from (Critere(fait=fait.cle, min=valeur) for valeur in fait.valeurs)
            case _:
                yield from (Critere(fait=fait.cle, parmi=(valeur,)) for valeur in fait.valeurs)
                yield Critere(fait=fait.cle, parmi=fait.valeurs)


def said(critere: CritereExplique) -> str:
    return critere.phrase


@pytest.mark.parametrize("voix", Voix)
def test_every_fact_and_value_can_be_said(voix: Voix) -> None:
    for leaf in every_leaf():
        for noeud in (leaf, Sauf(leaf)):
            for critere in explained(noeud, voix).criteres:
                text = said(critere)
                assert text.endswith((".", "?")), text
                assert text[0].isupper()
                assert "{" not in text
                assert "  " not in text
                assert "'" not in text, text
                assert (" vous " in text.lower()) <= (voix is Voix.VOUS), text


def test_what_follows_a_title_does_not_say_it_again() -> None:
    asked, noted = explained(RSA, offre={**TOLD, "conditions_acces": "Avoir un projet."}).criteres

    assert asked.suite == "Percevez-vous le RSA (revenu de solidarité active)\u00a0?"
    assert noted.suite == "Avoir un projet."


def test_how_parts_hold_together_is_told() -> None:
    one_of = UneParmi((Toutes((YOUNG, RSA)), Sauf(UneParmi((LOCAL, LICENCE))), LICENCE))

    (critere,) = explained(one_of, offre=TOLD).criteres

    assert critere.groupe is Groupe.UNE_PARMI
    assert [part.groupe for part in critere.choix] == [Groupe.TOUTES, Groupe.SAUF, None]


def test_nothing_is_denied_twice() -> None:
    project = Sauf(Critere(fait="creation_entreprise", parmi=("aucun-projet",)))

    assert phrases(explained(project, offre=TOLD, creation_entreprise="idee"))[0].startswith(
        "Il ne faut pas être dans ce cas : ne pas avoir de projet d’entreprise : "
    )
