"""Faults stand where they are mended: each anchor is an element of the page."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from app.domain.arbre import Noeud, node_to_json
from app.domain.edition import Fiche, FicheRef
from app.domain.offre import Offre, Structure
from app.domain.publication import OFFRE
from app.domain.vocabulaire import categorie_of
from app.web.auth.session import current_espace
from app.web.espace.arbre_fautes import unfinished
from app.web.espace.arbre_saisie import Branche, Ecrit, Genre, branche_of, written
from app.web.espace.champs import Champ, Section, Sorte, champs_of
from app.web.espace.champs_offre import SECTIONS_OFFRE
from app.web.espace.champs_structure import SECTIONS_STRUCTURE
from app.web.espace.fiche_form import FACTS_OF_ORIGIN, Faute, FicheForm, fautes_of, in_order
from app.web.espace.lecteur import current_lecteur
from app.web.espace.lieux_saisie import LieuxSaisis
from app.web.espace.records import read_record
from app.web.espace.saisie import record_of, sections_of
from schemas.arbre import ArbreEligibilite
from schemas.base import ListingSchema, ReadingContext
from tests.builders import TODAY, make_offre, make_structure
from tests.strategies import GEOGRAPHIE, LOGIC, VOCABULAIRE, trees
from tests.web.espace.browser import page_of
from tests.web.espace.conftest import form_of

Form = dict[str, object]
OFFRE_DE_BASE = make_offre()
UNREADABLE = "\ud800"  # half a character, which no text may hold
WRONG: Mapping[Sorte, object] = {
    Sorte.NOMBRE: "beaucoup",
    Sorte.DATE: "lundi",
    Sorte.CHOIX: "autre",
    Sorte.CASES: ["autre", "jeunes"],
    Sorte.OUI: "peut-être",
    Sorte.LISTE: ["x"],
    Sorte.LIEUX: ["Nulle part"],
    Sorte.ARBRE: {"fait": "taille", "min": 3},
    Sorte.APPORTE: [{"fait": "situations", "valeur": "riche"}],
}


class Conditions(ListingSchema):
    """Reads the tree of an offer, and nothing else."""

    eligibilite = ArbreEligibilite()


ELIGIBILITE = Conditions(
    ReadingContext(vocabulaire=VOCABULAIRE, geographie=GEOGRAPHIE, today=TODAY)
)


@pytest.fixture
def in_request(catalogue_app: Flask) -> Iterator[Flask]:
    """A request, in which forms are made and shown."""
    with catalogue_app.test_request_context():
        yield catalogue_app


def form(
    value: Offre | Structure = OFFRE_DE_BASE,
    fautes: Sequence[Faute] = (),
    **trees_shown: Branche,
) -> FicheForm:
    """The form of a listing, with these conditions."""
    lecteur = current_lecteur()
    saisie = lecteur.shown(value)
    for nom, racine in trees_shown.items():
        assert nom in saisie.trees
        saisie.trees[nom].enfants[:] = racine.enfants
        saisie.trees[nom].genre = racine.genre
        saisie.trees[nom].renumbered(nom)
    return FicheForm(
        fiche=Fiche(
            ref=FicheRef(objet=OFFRE, id=value.id),
            value=value,
            structure=make_structure(),
            revision=1,
        ),
        sections=sections_of(value),
        saisie=saisie,
        vocabulaire=lecteur.vocabulaire,
        base=1,
        fautes=fautes,
    )


def check_shown(form_shown: FicheForm) -> None:
    """Each fault is in the summary, with a link, and beside its field, once."""
    html = page_of(form_shown).text
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', html)) == {f.ancre for f in form_shown.fautes}
    assert {f.ancre for f in form_shown.fautes} <= set(ids)
    beside = {one.rpartition("-faute-")[0] for one in ids if "-faute-" in one}
    assert beside == {f.ancre for f in form_shown.fautes}
    told = {
        name for names in re.findall(r'aria-describedby="([^"]*)"', html) for name in names.split()
    }
    assert told <= set(ids)


def faults(
    record: Form, sections: tuple[Section, ...], trees_written: Mapping[str, Ecrit] | None = None
) -> list[Faute]:
    like = make_offre() if sections is SECTIONS_OFFRE else make_structure()
    with pytest.raises(ValidationError) as refused:
        read_record({**record_of(like), **record}, like)
    return fautes_of(refused.value, sections, trees_written or {})


def wrong_record(champ: Champ) -> Form:
    """Returns what the schema refuses in one field."""
    wrong = WRONG.get(champ.sorte, UNREADABLE)
    if champ.nom == "eligibilite_a_verifier":
        return {"eligibilite": {"toutes": [], "a_verifier": [UNREADABLE]}}
    if champ.nom in ("latitude", "longitude"):
        return {"latitude": 44, "longitude": 5} | {champ.nom: "à Orange"}
    return {champ.nom: wrong}


# --- the faults of the schema ---


@pytest.mark.parametrize(
    ("sections", "champ"),
    [
        pytest.param(sections, champ, id=f"{'offre' if rank == 0 else 'structure'} {champ.nom}")
        for rank, sections in enumerate((SECTIONS_OFFRE, SECTIONS_STRUCTURE))
        for champ in champs_of(sections)
    ],
)
@pytest.mark.usefixtures("in_request")
def test_a_fault_stands_at_its_field(sections: tuple[Section, ...], champ: Champ) -> None:
    found = faults(wrong_record(champ), sections)

    assert found
    assert {(f.champ, f.libelle, f.ancre) for f in found} == {(champ.nom, champ.libelle, champ.nom)}
    assert all(f.message.endswith(".") or f.message.endswith("?") for f in found)
    value = make_offre() if sections is SECTIONS_OFFRE else make_structure()
    check_shown(form(value, found))


@pytest.mark.usefixtures("in_request")
def test_each_unknown_value_is_told_apart() -> None:
    found = faults({"publics": ["autre", "jeunesse"]}, SECTIONS_OFFRE)

    assert len({fault.message for fault in found}) == len(found) == 2


@pytest.mark.parametrize(
    "sections", [SECTIONS_OFFRE, SECTIONS_STRUCTURE], ids=["offre", "structure"]
)
@pytest.mark.usefixtures("in_request")
def test_the_code_of_a_commune_is_mended_at_its_name(sections: tuple[Section, ...]) -> None:
    (fault,) = faults({"code_insee": "84000"}, sections)

    assert (fault.champ, fault.libelle, fault.ancre) == ("commune", "Commune", "commune")
    check_shown(form(fautes=[fault]))


@pytest.mark.parametrize("missing", ["latitude", "longitude"])
@pytest.mark.usefixtures("in_request")
def test_half_a_position_is_mended_where_it_is_missing(missing: str) -> None:
    (fault,) = faults({"latitude": 44, "longitude": 5} | {missing: " "}, SECTIONS_OFFRE)

    assert fault.ancre == missing


@pytest.mark.usefixtures("in_request")
def test_all_faults_are_told_in_the_order_of_the_page() -> None:
    record: Form = {}
    for champ in champs_of(SECTIONS_OFFRE)[::-1]:
        record |= wrong_record(champ)

    found = in_order(faults(record, SECTIONS_OFFRE), SECTIONS_OFFRE)

    ranks = [champ.nom for champ in champs_of(SECTIONS_OFFRE)]
    order = [ranks.index(fault.champ) for fault in found]
    assert order == sorted(order)
    # What is wrong with these two was overwritten by another field of the same part.
    assert set(ranks) - {f.champ for f in found} == {"eligibilite_a_verifier", "longitude"}
    check_shown(form(fautes=found))


# --- the faults of conditions ---


@LOGIC
@given(trees(), st.data())
def test_a_fault_of_a_condition_leads_to_its_node(tree: Noeud, data: st.DataObject) -> None:
    racine = branche_of(node_to_json(tree), "eligibilite")
    criteres = [branche for branche in racine.walk() if branche.genre is Genre.CRITERE]
    assume(criteres)
    broken = data.draw(st.sampled_from(criteres))
    kind = data.draw(st.sampled_from(("fait", "parmi", "min", "rien")))
    broken.bornes = {"min": "beaucoup"} if kind == "min" else {}
    broken.parmi = ["autre"] if kind == "parmi" else []
    broken.fait = "taille" if kind == "fait" else broken.fait
    ecrit = written(racine, LieuxSaisis(GEOGRAPHIE, frozenset()).refs, ())

    with pytest.raises(ValidationError) as refused:
        ELIGIBILITE.load({"eligibilite": ecrit.form})
    found = fautes_of(refused.value, SECTIONS_OFFRE, {"eligibilite": ecrit})

    assert {(f.champ, f.libelle, f.ancre) for f in found} == {
        ("eligibilite", "Conditions à remplir", broken.chemin)
    }


def nested(depth: int) -> Form:
    leaf: Form = {"fait": "age", "min": 16}
    for _ in range(depth):
        leaf = {"toutes": [leaf, leaf]} if depth < 3 else {"sauf": leaf}
    return leaf


@pytest.mark.parametrize(
    ("written_form", "ancre"),
    [
        pytest.param({"fait": "age", "min": 30, "max": 16}, "eligibilite.0", id="lone, swapped"),
        pytest.param({"fait": "taille", "min": 3}, "eligibilite.0", id="lone, unknown"),
        pytest.param(
            {
                "toutes": [
                    {"fait": "age", "min": 3},
                    {"sauf": {"fait": "residence", "parmi": ["?"]}},
                ]
            },
            "eligibilite.1.0",
            id="place that is excluded",
        ),
        pytest.param(
            {"sauf": {"une_parmi": [{"fait": "age", "max": 9}, {"fait": "taille", "max": 3}]}},
            "eligibilite.1",
            id="none of several",
        ),
        pytest.param(
            {"toutes": [{"fait": "age", "min": 3}, {"une_parmi": []}]}, "eligibilite.1", id="empty"
        ),
        pytest.param(
            {"toutes": [{"fait": "age", "min": 3}] * 501}, "eligibilite", id="too many conditions"
        ),
    ],
)
@pytest.mark.usefixtures("in_request")
def test_a_fault_of_a_tree_stands_in_the_page(written_form: Form, ancre: str) -> None:
    racine = branche_of(written_form, "eligibilite")
    ecrit = written(racine, lambda text: [text], ())

    found = faults({"eligibilite": ecrit.form}, SECTIONS_OFFRE, {"eligibilite": ecrit})

    assert {fault.ancre for fault in found} == {ancre}
    check_shown(form(fautes=found[:1], eligibilite=racine))


@pytest.mark.usefixtures("in_request")
def test_too_deep_a_tree_is_told_at_a_node_of_the_page() -> None:
    racine = branche_of(nested(30), "eligibilite")
    ecrit = written(racine, lambda text: [text], ())

    (fault,) = faults({"eligibilite": ecrit.form}, SECTIONS_OFFRE, {"eligibilite": ecrit})

    assert fault.ancre in {branche.chemin for branche in racine.walk()}
    check_shown(form(fautes=[fault], eligibilite=racine))


@pytest.mark.usefixtures("in_request")
def test_each_blank_condition_is_told_beside_it() -> None:
    racine = branche_of(nested(2), "eligibilite")
    for branche in racine.walk():
        branche.fait = ""
    vocabulaire = current_espace().catalogue.vocabulaire

    found = list(unfinished({"eligibilite": racine}, vocabulaire, SECTIONS_OFFRE))

    assert len(found) == 4
    check_shown(form(fautes=found, eligibilite=racine))


def test_a_fault_without_a_field_is_still_told() -> None:
    (fault,) = fautes_of(ValidationError(["Rien ne va."]), SECTIONS_OFFRE, {})

    assert (fault.champ, fault.message) == ("", "Rien ne va.")


# --- what the page shows of conditions ---


@pytest.mark.parametrize(
    "form_of_tree",
    [
        {"sauf": {"fait": "residence", "parmi": ["84007"]}},
        {"sauf": {"une_parmi": [{"fait": "age", "min": 16}, {"fait": "age", "max": 9}]}},
    ],
    ids=["lone", "several"],
)
@pytest.mark.usefixtures("in_request")
def test_a_negation_is_seen(form_of_tree: Form) -> None:
    """Hidden, “none of these” would read as the very opposite of what the offer says."""
    html = page_of(form(eligibilite=branche_of(form_of_tree, "eligibilite"))).text

    (shown,) = re.findall(r'<select id="eligibilite.genre".*?</select>', html, re.DOTALL) or [""]
    assert re.search(r'<option value="aucune"\s+selected', shown)


@pytest.mark.parametrize("fait", ["age", "niveau_francais"])
@pytest.mark.parametrize("parmi", [["salarie", "etudiant"], ["Avignon (84007)"]])
@pytest.mark.usefixtures("in_request")
def test_answers_about_the_former_fact_of_a_condition_are_not_kept_unseen(
    fait: str, parmi: list[str]
) -> None:
    """Who changes what a condition is about could neither see nor take away its old answers."""
    critere = Branche(chemin="", genre=Genre.CRITERE, fait=fait, parmi=parmi)

    sent = form_of(page_of(form(eligibilite=Branche(chemin="", enfants=[critere]))), "/essai")

    assert sent.all("eligibilite.0.parmi") == []


@pytest.mark.usefixtures("in_request")
def test_levels_that_are_listed_are_kept() -> None:
    tree: Form = {"fait": "niveau_francais", "parmi": ["b1", "a2"], "min": "a1"}

    sent = form_of(page_of(form(eligibilite=branche_of(tree, "eligibilite"))), "/essai")

    assert sent.all("eligibilite.0.parmi") == ["b1", "a2"]
    assert (sent["eligibilite.0.min"], sent["eligibilite.0.max"]) == ("a1", "")


# --- what there is to choose ---


@pytest.mark.usefixtures("in_request")
def test_every_fact_is_offered_once_under_a_heading() -> None:
    shown = form()
    offered = [choix.valeur for groupe in shown.faits for choix in groupe.choix]

    assert sorted(offered) == sorted(shown.vocabulaire.faits)
    assert {groupe.titre for groupe in shown.faits} <= set(FACTS_OF_ORIGIN.values())
    assert len({groupe.titre for groupe in shown.faits}) == len(shown.faits)


@pytest.mark.usefixtures("in_request")
def test_needs_are_under_their_category_which_is_open_when_one_is_chosen() -> None:
    known = form().vocabulaire.referentiels["thematiques"]
    chosen = list(known)[len(known) // 2]
    (champ,) = [c for c in champs_of(SECTIONS_OFFRE) if c.nom == "thematiques"]

    groupes = form(make_offre(thematiques=(chosen,))).groupes(champ)

    assert [choix.valeur for groupe in groupes for choix in groupe.choix] == list(known)
    assert len({groupe.titre for groupe in groupes}) == len(groupes)
    for groupe in groupes:
        assert len({categorie_of(choix.valeur) for choix in groupe.choix}) == 1
        assert groupe.is_open is (chosen in {choix.valeur for choix in groupe.choix})


@pytest.mark.usefixtures("in_request")
def test_every_list_has_labels() -> None:
    shown = form()
    for champ in (*champs_of(SECTIONS_OFFRE), *champs_of(SECTIONS_STRUCTURE)):
        if champ.referentiel:
            assert all(choix.libelle for choix in shown.choix(champ)), champ.nom
    assert all(choix.libelle for groupe in shown.apports for choix in groupe.choix)
