"""Opening a form and sending it back unchanged loses nothing, for every shipped listing."""

import json
from dataclasses import fields

import pytest
from werkzeug.datastructures import MultiDict

from app.domain.edition import NOT_TYPED
from app.domain.offre import Offre, Structure
from app.web.espace.arbre_saisie import Branche, Genre
from app.web.espace.champs import Section, Sorte, champs_of
from app.web.espace.champs_offre import SECTIONS_OFFRE
from app.web.espace.champs_structure import SECTIONS_STRUCTURE
from app.web.espace.lecteur import current_lecteur
from app.web.espace.records import read_record
from app.web.espace.saisie import Saisie, sections_of
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, form_of

# Written by what is done with a listing, or following from what is typed.
OURS = frozenset(("derniere_confirmation", "etat_publication", "code_insee", "regles"))
WRITTEN = frozenset(Sorte) - {Sorte.CHOIX, Sorte.CASES, Sorte.OUI, Sorte.ARBRE, Sorte.APPORTE}
CHAMPS = (*champs_of(SECTIONS_OFFRE), *champs_of(SECTIONS_STRUCTURE))
OFFRE_EDIT = f"/espace/offres/{OFFRE_A}/modifier"
STRUCTURE_EDIT = f"/espace/structures/{STRUCTURE_A}/modifier"


def sent(saisie: Saisie) -> MultiDict[str, str]:
    """Returns the fields of a form as a browser sends them, trees included."""
    form = MultiDict(saisie.fields)
    for racine in saisie.trees.values():
        for branche in racine.walk():
            _add(form, branche)
    return form


def _add(form: MultiDict[str, str], branche: Branche) -> None:
    form[f"{branche.chemin}.genre"] = branche.genre.value
    if branche.genre is Genre.CRITERE:
        form[f"{branche.chemin}.fait"] = branche.fait
        form.setlist(f"{branche.chemin}.parmi", branche.parmi)
        for borne, value in branche.bornes.items():
            form[f"{branche.chemin}.{borne}"] = value


def listings(site: Site) -> list[Offre | Structure]:
    """Every structure of the shipped catalogue, and every offer."""
    _, documents = site.espace.catalogue.repository.list_structures(0, 10_000)
    found: list[Offre | Structure] = []
    for document in documents:
        offres = site.espace.edition.store.offres_of(json.loads(document)["id"])
        found += [fiche.value for fiche in offres]
        found += [fiche.structure for fiche in offres[:1]]
    return found


def test_a_form_sent_back_unchanged_says_the_same(shared_site: Site) -> None:
    every = listings(shared_site)
    assert len(every) > 1_500
    changed = []
    with shared_site.app.app_context():
        lecteur = current_lecteur()
        for value in every:
            typed = lecteur.typed(sent(lecteur.shown(value)), sections_of(value))
            record, _ = lecteur.record(typed, value)
            if read_record(record, value) != value:
                changed.append(value.id)
    assert changed == []


@pytest.mark.parametrize(
    ("kind", "sections"), [(Offre, SECTIONS_OFFRE), (Structure, SECTIONS_STRUCTURE)]
)
def test_every_field_of_the_schema_can_be_typed(
    kind: type[Offre | Structure], sections: tuple[Section, ...]
) -> None:
    typed = {champ.nom for champ in champs_of(sections)} - {"eligibilite_a_verifier"}

    assert typed == {one.name for one in fields(kind)} - NOT_TYPED - OURS


def test_every_field_has_a_help_in_sentences_with_its_own_apostrophes() -> None:
    for champ in CHAMPS:
        assert champ.aide.endswith("."), champ.nom
        assert "Exemple" not in champ.aide, champ.nom
        assert not champ.exemple.endswith("."), champ.nom  # the page adds it
        assert "'" not in champ.libelle + champ.indication, champ.nom
        assert not champ.libelle.endswith("."), champ.nom


def test_every_field_that_one_writes_has_an_example() -> None:
    assert [champ.nom for champ in CHAMPS if champ.sorte in WRITTEN and not champ.exemple] == []


def test_what_stands_under_a_field_is_its_help_then_its_example(shared_site: Site) -> None:
    page = shared_site.person("membre-a").get(OFFRE_EDIT).text.replace("&nbsp;", "\xa0")

    for said in ("Ses 5 chiffres. Exemple\xa0: 84000.", "Ce que la personne paie, et non"):
        assert said in page, said
    assert 'id="code_postal-aide"' in page
    assert 'id="frais-aide"' in page


@pytest.mark.parametrize("address", [OFFRE_EDIT, STRUCTURE_EDIT])
def test_every_example_can_be_typed_as_it_is(shared_site: Site, address: str) -> None:
    client = shared_site.person("membre-a")
    form = form_of(client.get(address), address)
    sections = SECTIONS_OFFRE if address == OFFRE_EDIT else SECTIONS_STRUCTURE
    for champ in champs_of(sections):
        if champ.sorte in WRITTEN:
            form.fill(champ.nom, champ.exemple)

    response = form.send(client, "apercu")

    assert response.status_code == 200
    assert 'id="apercu-titre"' in response.text
