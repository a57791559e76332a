"""Conditions as fields of a form: nothing changes on the way, and nothing hostile breaks it."""

import json
from copy import deepcopy

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.arbre import MAX_DEPTH, Critere, Eligibilite, Noeud, node_to_json
from app.domain.eligibility import Juge
from app.domain.profil import Profil
from app.web.espace.arbre_fautes import unfinished
from app.web.espace.arbre_saisie import (
    MAX_BRANCHES,
    Branche,
    Genre,
    apply,
    branche_of,
    number_typed,
    read_branche,
    written,
)
from app.web.espace.champs_offre import SECTIONS_OFFRE
from app.web.espace.lieux_saisie import LieuxSaisis
from schemas.arbre import ArbreEligibilite
from schemas.base import ListingSchema, ReadingContext
from tests.builders import TODAY
from tests.strategies import GEOGRAPHIE, LOGIC, PROPERTY, VOCABULAIRE, profils, trees
from tests.web.espace.browser import sent_tree

Form = dict[str, object]
RACINE = "eligibilite"
LIEU = ("residence",)
NOMS = LieuxSaisis(GEOGRAPHIE, frozenset(("84",)))
CONTEXT = ReadingContext(vocabulaire=VOCABULAIRE, geographie=GEOGRAPHIE, today=TODAY)


class Conditions(ListingSchema):
    """Reads the tree of an offer, and nothing else."""

    eligibilite = ArbreEligibilite()


SCHEMA = Conditions(CONTEXT)


def opened(form: Form | None) -> Branche:
    """Returns the fields of a tree with places by their names, as the page shows them."""
    racine = branche_of(form, RACINE)
    for branche in racine.walk():
        if branche.fait in LIEU:
            branche.parmi = [NOMS.text(branche.parmi)]
    return racine


def sent_back(racine: Branche) -> Branche:
    """Returns the tree that a browser sends of these fields."""
    return read_branche(MultiDict(sent_tree(racine, VOCABULAIRE.faits)), RACINE)


def in_lines(racine: Branche) -> Branche:
    """Returns a tree that was sent, its texts with plain line breaks."""
    for branche in racine.walk():
        branche.parmi = [text.replace("\r\n", "\n") for text in branche.parmi]
    return racine


def json_of(racine: Branche) -> Form | None:
    return written(racine, NOMS.refs, LIEU).form


def read(form: Form | None) -> Noeud | None:
    """Returns the tree that the schema reads."""
    tree: Eligibilite | None = SCHEMA.load({RACINE: form})[RACINE]
    return tree.racine if tree else None


def paths(racine: Branche) -> list[str]:
    return [branche.chemin for branche in racine.walk()]


def positions(racine: Branche, chemin: str = RACINE) -> list[str]:
    """Returns the paths that nodes must have where they stand."""
    found = [chemin]
    for rang, enfant in enumerate(racine.enfants):
        found += positions(enfant, f"{chemin}.{rang}")
    return found


def shape(branche: Branche) -> object:
    """Returns all that a node says but its path."""
    children = [shape(enfant) for enfant in branche.enfants]
    return (branche.genre, branche.fait, branche.bornes, branche.parmi, children)


def in_order(form: Form) -> Form:
    """Returns a tree as the builder writes it: boxes in their order, no needless group."""
    if "fait" in form:
        valeurs = VOCABULAIRE.faits[str(form["fait"])].valeurs
        parmi = form.get("parmi")
        if valeurs and isinstance(parmi, list) and "niveau" not in str(form["fait"]):
            return form | {"parmi": sorted(parmi, key=valeurs.index)}
        return form
    ((key, content),) = form.items()
    if isinstance(content, list):
        return {key: [in_order(child) for child in content]}
    inner = in_order(content)  # type: ignore[arg-type]
    parts = inner.get("une_parmi")
    return {key: parts[0] if isinstance(parts, list) and len(parts) == 1 else inner}


def canonical(form: Form) -> Form | None:
    """The same, without a root that holds one node or none."""
    found = in_order(form)
    while isinstance(parts := found.get("toutes", found.get("une_parmi")), list) and len(parts) < 2:
        if not parts:
            return None
        found = parts[0]
    return found


# --- there and back ---


@LOGIC
@given(trees(), st.lists(profils(), min_size=1, max_size=3))
def test_a_tree_judges_the_same_after_the_form(tree: Noeud, people: list[Profil]) -> None:
    again = read(json_of(sent_back(opened(node_to_json(tree)))))

    for profil in people:
        juge = Juge(profil, VOCABULAIRE, GEOGRAPHIE)
        assert juge.noeud(again) == juge.noeud(tree)


@LOGIC
@given(trees())
def test_what_the_builder_writes_comes_back_to_the_letter(tree: Noeud) -> None:
    form = canonical(node_to_json(tree))

    again = json_of(sent_back(opened(form)))

    assert json.dumps(again, sort_keys=True) == json.dumps(form, sort_keys=True)


@LOGIC
@given(trees())
def test_what_is_sent_back_is_what_was_shown(tree: Noeud) -> None:
    racine = opened(in_order(node_to_json(tree)))

    assert paths(racine) == positions(racine)
    assert in_lines(sent_back(racine)) == racine


@PROPERTY
@given(trees())
def test_every_fault_of_the_json_leads_to_a_node(tree: Noeud) -> None:
    racine = opened(node_to_json(tree))
    ecrit = written(racine, NOMS.refs, LIEU)

    assert set(ecrit.chemins.values()) | {RACINE} == set(paths(racine))
    for path, chemin in ecrit.chemins.items():
        assert ecrit.chemin_of(path) == chemin
        assert ecrit.chemin_of(f"{path}.parmi[12]") == chemin
    assert ecrit.chemin_of("suppose.toutes[0]") is None
    assert ecrit.chemin_of("eligibilites") is None


@pytest.mark.parametrize("number", [0, 0.1, 17.5, 600.5, 1e-7, 999_999_999_999_999, 1234567.891])
@pytest.mark.parametrize("borne", ["min", "max", "min_exclu", "max_exclu"])
def test_a_bound_keeps_all_its_digits(number: float, borne: str) -> None:
    form: Form = {"fait": "ressources_mensuelles", borne: number}

    assert json_of(sent_back(opened(form))) == form
    critere = read(form)
    assert isinstance(critere, Critere)
    assert getattr(critere, borne) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("26", 26),
        (" 26 ", 26),
        ("600,5", 600.5),
        ("600.5", 600.5),
        ("26,0", 26),
        ("1\u202f200", 1200),
        ("1\xa0200,5", 1200.5),
    ],
)
def test_a_number_is_typed_as_in_french(typed: str, number: float) -> None:
    branche = Branche(chemin="", genre=Genre.CRITERE, fait="ressources_mensuelles")
    branche.bornes = {"max": typed}
    racine = Branche(chemin=RACINE, enfants=[branche]).renumbered(RACINE)

    assert json_of(sent_back(racine)) == {"fait": "ressources_mensuelles", "max": number}
    assert read(json_of(racine)) == Critere(fait="ressources_mensuelles", max=float(number))
    assert list(unfinished({RACINE: racine}, VOCABULAIRE, SECTIONS_OFFRE)) == []


@pytest.mark.parametrize(
    "typed", ["vingt", "nan", "inf", "-inf", "1e999", "9" * 400, "1e300", "--1"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    branche = Branche(chemin="", genre=Genre.CRITERE, fait="age", bornes={"max": typed})
    form = json_of(Branche(chemin=RACINE, enfants=[branche]).renumbered(RACINE))

    with pytest.raises(ValidationError):
        read(form)


def test_numbers_are_shown_in_french() -> None:
    assert [number_typed(value) for value in (26, 26.0, 600.5, "b1")] == ["26", "26", "600,5", "b1"]


def test_a_level_keeps_its_name() -> None:
    form: Form = {"fait": "niveau_francais", "min_exclu": "a1", "max": "b2", "parmi": ["b1", "a2"]}

    assert json_of(sent_back(opened(form))) == form


def test_places_are_typed_one_a_line_by_their_names() -> None:
    racine = opened({"fait": "residence", "parmi": ["84007", "france", "etranger:99137"]})
    (critere,) = racine.enfants
    assert critere.parmi == ["Avignon (84007)\nFrance entière\netranger:99137"]

    critere.parmi = ["orange\r\n\r\n LE PONTET \r\nNulle part"]

    assert json_of(racine) == {"fait": "residence", "parmi": ["84087", "84092", "Nulle part"]}


@pytest.mark.parametrize("form", [None, {}, {"toutes": []}, {"a_verifier": ["Un projet"]}])
def test_no_condition_is_an_empty_group(form: Form | None) -> None:
    assert opened(form) == Branche(chemin=RACINE)
    assert json_of(sent_back(opened(form))) is None


def test_notes_are_no_condition() -> None:
    racine = opened({"fait": "age", "min": 16, "a_verifier": ["Un projet"]})

    assert json_of(racine) == {"fait": "age", "min": 16}


# --- hostile forms ---

_SEGMENTS = st.sampled_from(
    ("0", "1", "2", "00", "000", "999", "1000", "-1", "a", "", "٣", "0\n", "genre", "parmi")
)
_NAMES = st.builds(
    lambda racine, segments, rest: ".".join((racine, *segments, rest)),
    st.sampled_from((RACINE, RACINE, RACINE, "prioritaires", "eligibilites", "")),
    st.lists(_SEGMENTS, max_size=4),
    st.sampled_from(("genre", "genre", "genre", "fait", "parmi", "min", "max_exclu", "")),
)
_VALUES = st.sampled_from(
    (*Genre, "CRITERE", "", " ", "age", "residence", "activite", "inconnu", "rsa", "16", "\x00")
)


def check_is_bounded(fields: MultiDict[str, str]) -> Branche:
    """Reads a form whatever it holds: a small tree comes out, that the schema takes or refuses."""
    racine = read_branche(fields, RACINE)
    nodes = list(racine.walk())
    assert paths(racine) == positions(racine)
    assert len(nodes) <= len(fields) + 1
    assert max(chemin.count(".") for chemin in paths(racine)) <= MAX_DEPTH
    assert all(not node.enfants for node in nodes if node.genre is Genre.CRITERE)
    list(unfinished({RACINE: racine}, VOCABULAIRE, SECTIONS_OFFRE))
    try:
        read(json_of(racine))
    except ValidationError:
        return racine
    return racine


@LOGIC
@given(st.lists(st.tuples(_NAMES, _VALUES), max_size=40), st.data())
def test_any_fields_make_a_tree(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    racine = check_is_bounded(MultiDict(pairs))

    geste = data.draw(st.sampled_from(("ajouter", "grouper", "retirer", "choisir", "")))
    apply(racine, f"{geste}:{data.draw(st.sampled_from(paths(racine)))}")
    assert paths(racine) == positions(racine)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([f"{RACINE}.{rang}.genre" for rang in range(5_000)], id="wide"),
        pytest.param([f"{RACINE}" + ".0" * n + ".genre" for n in range(50)], id="deep"),
        pytest.param([f"{RACINE}" + ".0" * n + ".genre" for n in range(900)], id="very deep"),
        pytest.param([f"{RACINE}.{n % 99}.{n // 99}.genre" for n in range(1_100)], id="bushy"),
        pytest.param([f"{RACINE}.{n % 999}.{n // 999}.genre" for n in range(20_000)], id="huge"),
        pytest.param([f"{RACINE}.{n}" for n in range(5_000)], id="no genre"),
        pytest.param([f"{RACINE}.{'0' * n}.genre" for n in range(9)], id="same rank"),
    ],
)
@pytest.mark.parametrize("genre", [Genre.TOUTES, Genre.AUCUNE, Genre.CRITERE, "?"])
def test_many_names_make_a_small_tree(names: list[str], genre: str) -> None:
    parents = {name.removesuffix(".genre").rpartition(".")[0] for name in names}
    groups = [(f"{parent}.genre", Genre.TOUTES.value) for parent in sorted(parents)]

    check_is_bounded(MultiDict([*groups, *((name, str(genre)) for name in names)]))


def test_a_form_full_of_groups_is_cut() -> None:
    """Each node costs a part of the page: what no person types must not be shown back."""
    names = [f"{RACINE}.{group}.genre" for group in range(20)]
    names += [f"{RACINE}.{group}.{rang}.genre" for group in range(20) for rang in range(900)]

    racine = read_branche(MultiDict((name, "toutes") for name in names), RACINE)

    assert len(list(racine.walk())) <= MAX_BRANCHES + 1


def test_a_criterion_has_no_children() -> None:
    fields = MultiDict([(f"{RACINE}.0.genre", "critere"), (f"{RACINE}.0.1.genre", "critere")])

    (critere,) = check_is_bounded(fields).enfants

    assert critere.enfants == []


def test_the_same_rank_twice_is_one_node() -> None:
    fields = MultiDict((f"{RACINE}.{rank}.genre", "critere") for rank in ("7", "07", "007", "8"))
    fields.add(f"{RACINE}.7.genre", "toutes")

    assert [shape(enfant) for enfant in check_is_bounded(fields).enfants] == [shape(blank())] * 2


def test_ranks_are_numbers_that_close_up() -> None:
    ranks = {"999": "age", "07": "activite", "3": "residence", "1000": "allocations"}
    fields = MultiDict((f"{RACINE}.{rank}.genre", "critere") for rank in ranks)
    for rank, fait in ranks.items():
        fields[f"{RACINE}.{rank}.fait"] = fait

    racine = check_is_bounded(fields)

    assert [enfant.fait for enfant in racine.enfants if enfant.fait] == ["residence", "age"]


@pytest.mark.parametrize("name", ["fait", "parmi", "min"])
def test_enormous_texts_are_refused_by_the_schema(name: str) -> None:
    fields = MultiDict([(f"{RACINE}.0.genre", "critere"), (f"{RACINE}.0.fait", "age")])
    fields[f"{RACINE}.0.{name}"] = "9" * 400_000

    racine = check_is_bounded(fields)

    with pytest.raises(ValidationError) as refused:
        read(json_of(racine) or {"toutes": 0})
    assert len(str(refused.value.messages)) < 5_000


# --- buttons ---


@PROPERTY
@given(trees(depth=3))
def test_a_condition_is_added_at_every_group(tree: Noeud) -> None:
    before = opened(node_to_json(tree))
    for chemin in paths(before):
        racine = deepcopy(before)
        (group,) = [b for b in racine.walk() if b.chemin == chemin]
        is_group = group.genre is not Genre.CRITERE
        count = len(group.enfants)

        assert apply(racine, f"ajouter:{chemin}") is is_group

        assert paths(racine) == positions(racine)
        if is_group:
            added = group.enfants.pop()
            assert added == Branche(chemin=f"{chemin}.{count}", genre=Genre.CRITERE)
        assert racine == before


@PROPERTY
@given(trees(depth=3))
def test_a_choice_is_added_at_every_group(tree: Noeud) -> None:
    before = opened(node_to_json(tree))
    for chemin in paths(before):
        racine = deepcopy(before)
        (group,) = [b for b in racine.walk() if b.chemin == chemin]
        is_group = group.genre is not Genre.CRITERE

        assert apply(racine, f"grouper:{chemin}") is is_group

        assert paths(racine) == positions(racine)
        if is_group:
            added = group.enfants.pop()
            assert added.genre is Genre.UNE_PARMI
            assert [shape(b) for b in added.enfants] == [shape(blank())] * 2
            assert added.enfants[0] is not added.enfants[1]
        assert racine == before


def blank() -> Branche:
    return Branche(chemin="", genre=Genre.CRITERE)


@PROPERTY
@given(trees(depth=3))
def test_every_node_can_be_taken_away_alone(tree: Noeud) -> None:
    before = opened(node_to_json(tree))
    for chemin in paths(before)[1:]:
        racine = deepcopy(before)
        parent, _, rang = chemin.rpartition(".")
        (held,) = [b for b in before.walk() if b.chemin == parent]
        expected = [shape(b) for n, b in enumerate(held.enfants) if n != int(rang)]

        assert apply(racine, f"retirer:{chemin}")

        (left,) = [b for b in racine.walk() if b.chemin == parent]
        assert [shape(b) for b in left.enfants] == expected
        assert paths(racine) == positions(racine)
        elsewhere = [p for p in paths(before) if not p.startswith(parent) or p == parent]
        assert [p for p in paths(racine) if not p.startswith(parent) or p == parent] == elsewhere


@PROPERTY
@given(trees(depth=3))
def test_taking_the_root_away_leaves_nothing(tree: Noeud) -> None:
    racine = opened(node_to_json(tree))

    assert apply(racine, f"retirer:{RACINE}")

    assert racine.enfants == []
    assert json_of(sent_back(racine)) is None


@PROPERTY
@given(trees(depth=3), st.sampled_from(("ajouter", "grouper")), st.data())
def test_what_a_button_adds_is_sent_back(tree: Noeud, geste: str, data: st.DataObject) -> None:
    racine = opened(in_order(node_to_json(tree)))
    chemin = data.draw(st.sampled_from(paths(racine)))
    assume(apply(racine, f"{geste}:{chemin}"))

    assert in_lines(sent_back(racine)) == racine


@pytest.mark.parametrize(
    "faire",
    [
        "",
        ":",
        "ajouter",
        "ajouter:",
        f":{RACINE}",
        f"effacer:{RACINE}",
        f"AJOUTER:{RACINE}",
        f"ajouter:{RACINE}.0",
        f"grouper:{RACINE}.0",
        f"choisir:{RACINE}",
        f"choisir:{RACINE}.1",
        f"retirer:{RACINE}.2",
        f"retirer:{RACINE}.00",
        f"retirer:{RACINE}.0.0",
        f"retirer:{RACINE}s",
        "retirer:prioritaires",
        "enregistrer",
        "retirer:" + "0." * 10_000,
    ],
)
def test_what_is_no_button_of_the_tree_changes_nothing(faire: str) -> None:
    form: Form = {
        "toutes": [{"fait": "age", "min": 16}, {"une_parmi": [{"fait": "age", "max": 9}]}]
    }
    racine = opened(form)
    before = deepcopy(racine)

    assert apply(racine, faire) is False
    assert racine == before


def test_choosing_a_fact_changes_nothing_else() -> None:
    racine = opened({"fait": "age", "min": 16})
    before = deepcopy(racine)

    assert apply(racine, f"choisir:{RACINE}.0") is True
    assert racine == before
