"""What the scripts of the form ask for: its parts, by the same addresses and the same code."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import g, render_template_string
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.domain.arbre import Eligibilite, node_from_json
from app.domain.comptes import Acteur, Qualite
from app.domain.edition import FicheRef
from app.domain.offre import Offre
from app.domain.publication import OFFRE
from app.web.espace.arbre_saisie import Branche
from app.web.espace.champs import Section, champs_of
from app.web.espace.champs_offre import SECTIONS_OFFRE
from app.web.espace.champs_structure import SECTIONS_STRUCTURE
from app.web.espace.fiche_form import Faute
from app.web.espace.formulaire import form_of as fiche_form_of
from app.web.espace.saisie import Saisie
from app.web.espace.sommaire import Etat, LigneSommaire, sommaire_of
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Formulaire, Site, form_of

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
STRUCTURE_EDIT = f"/espace/structures/{STRUCTURE_A}/modifier"
SAVE, LOOK, PUBLIC = "enregistrer", "apercu", "public"
EMPTY_GROUP = {"toutes": [{"fait": "age", "max": 25}, {"toutes": []}]}
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def member(shared_site: Site) -> FlaskClient:
    """A member of structure A: who asks for too many links is refused one."""
    return shared_site.person("membre-a")


def opened(client: FlaskClient, address: str = EDIT) -> Formulaire:
    return form_of(client.get(address), address)


def test_the_result_alone_is_what_the_button_shows(member: FlaskClient) -> None:
    whole = opened(member).fill("nom", "Permis de jour").send(member, LOOK).text

    part = opened(member).fill("nom", "Permis de jour").fill("fragment", "apercu")
    text = part.send(member, LOOK).text

    assert "<html" not in text
    start, end = '<section class="panel preview"', "</section>"
    result = text[text.index(start) : text.index(end)]
    assert (
        result.split() == whole[whole.index(start) : whole.index(end, whole.index(start))].split()
    )
    assert "Permis de jour" in result
    assert "personnes inventées" in result
    assert "Qualité de la fiche" in result


def test_the_result_says_what_it_waits_for(member: FlaskClient) -> None:

    response = opened(member).fill("nom", "x").fill("fragment", "apercu").send(member, LOOK)

    assert response.status_code == 200
    assert "Le résultat attend" in response.text
    assert 'href="#nom"' in response.text
    assert "1\xa0erreur" in response.text


@pytest.mark.parametrize(
    ("faire", "champ", "added"),
    [
        ("ajouter:eligibilite", "eligibilite", "eligibilite.1.fait"),
        ("grouper:suppose", "suppose", "suppose.0.1.fait"),
        ("horaires:exception", "horaires_accueil", "horaires.exceptions.1.du"),
    ],
)
def test_a_button_of_the_form_brings_its_own_field_back(
    member: FlaskClient, faire: str, champ: str, added: str
) -> None:

    text = opened(member).fill("fragment", champ).send(member, faire).text

    assert "<html" not in text
    assert f'id="{champ}"' in text
    assert f'name="{added}"' in text
    assert 'id="nom"' not in text


@pytest.mark.parametrize("fragment", ["", "tout", "apercu.0"])
def test_any_other_part_is_the_whole_page(member: FlaskClient, fragment: str) -> None:

    text = opened(member).fill("fragment", fragment).send(member, LOOK).text

    assert "<html" in text


def test_a_part_is_refused_to_whom_the_page_is(shared_site: Site, member: FlaskClient) -> None:
    form = opened(member).fill("fragment", "apercu")

    assert form.send(shared_site.person("membre-b"), LOOK).status_code == 403
    assert form.send(shared_site.visitor(), LOOK).status_code == 401


def test_the_public_sheet_is_shown_before_anything_is_published(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("nom", "Permis de nuit").fill("a_apporter", "Une lampe")

    page = form.send(client, PUBLIC)

    assert page.status_code == 200
    assert "Rien n’est encore publié" in page.text
    for said in ("Permis de nuit", "Une lampe", "Il faut avoir de 16 à 25", "Quoi apporter"):
        assert said in page.text, said
    # Nothing on it keeps, shares or reports.
    for active in ("data-garder", "data-share", "data-copy", "signalement", "Signaler"):
        assert active not in page.text, active
    found = site.offre(OFFRE_A)
    assert isinstance(found, Offre)
    assert found.nom == "Passer le permis"


def test_one_comes_back_from_the_public_sheet_with_all_that_was_typed(member: FlaskClient) -> None:
    form = opened(member).fill("nom", "Permis de nuit").fill("a_apporter", "Une\r\nlampe")

    again = form_of(form_of(form.send(member, PUBLIC), EDIT).send(member, "reprendre"), EDIT)

    assert (again["nom"], again["base"]) == ("Permis de nuit", form["base"])
    assert again["a_apporter"].split() == ["Une", "lampe"]
    assert again["eligibilite.0.fait"] == "age"


def test_the_public_sheet_of_a_structure_has_no_door_to_its_form(member: FlaskClient) -> None:

    page = opened(member, STRUCTURE_EDIT).fill("nom", "Maison Z").send(member, PUBLIC).text

    assert "<h1>Maison Z</h1>" in page
    assert "Ce qu’elle propose" in page
    assert "Tenir cette fiche à jour" not in page
    assert "Tenir cette fiche à jour" in member.get(f"/structures/{STRUCTURE_A}").text


def test_a_faulty_listing_has_no_public_sheet_yet(member: FlaskClient) -> None:

    response = opened(member).fill("nom", "x").send(member, PUBLIC)

    assert response.status_code == 400
    assert form_of(response, EDIT)["nom"] == "x"


def test_a_form_that_would_lose_conditions_is_refused(site: Site) -> None:
    client = site.person("membre-a")
    before = site.offre(OFFRE_A)

    response = opened(client).fill("eligibilite.genre", "critere").send(client, SAVE)

    assert response.status_code == 400
    assert site.offre(OFFRE_A) == before


def test_an_empty_group_of_a_feed_does_not_stop_who_changes_something_else(site: Site) -> None:
    store = site.espace.edition.store
    fiche = store.get(FicheRef(objet=OFFRE, id=OFFRE_A))
    assert fiche is not None
    assert isinstance(fiche.value, Offre)
    tree = Eligibilite(racine=node_from_json(EMPTY_GROUP))
    store.save(replace(fiche.value, eligibilite=tree), fiche.revision, "essai", NOON)
    client = site.person("membre-a")

    response = opened(client).fill("nom", "Permis de jour").send(client, SAVE)

    assert response.status_code == 303
    saved = site.offre(OFFRE_A)
    assert isinstance(saved, Offre)
    assert (saved.nom, saved.eligibilite) == ("Permis de jour", tree)
    # A group that one adds is still to be filled.
    added = form_of(opened(client).send(client, "grouper:eligibilite"), EDIT)
    assert added.send(client, SAVE).status_code == 400


def test_what_is_wrong_and_not_typed_is_told_without_a_dead_link(shared_site: Site) -> None:
    fiche = shared_site.espace.edition.store.get(FicheRef(objet=OFFRE, id=OFFRE_A))
    assert fiche is not None
    faute = Faute(champ="lien_source", libelle="Fiche d’origine", ancre="x", message="Fausse.")
    page = '{% from "macros/saisie.html" import fault_summary %}{{ fault_summary(form, "F") }}'
    with shared_site.app.test_request_context(EDIT):
        g.acteur = Acteur(qualite=Qualite.ADMINISTRATEUR)
        form = fiche_form_of(fiche, Saisie(fields=MultiDict(), trees={}), 0, [faute])
        shown = render_template_string(page, form=form)

    assert "Fiche d’origine" in shown
    assert "Fausse." in shown
    assert "<a " not in shown


def test_each_field_says_when_it_changed_or_was_confirmed(site: Site) -> None:
    client = site.person("membre-a")
    form_of(client.get(f"/espace/structures/{STRUCTURE_A}"), f"{OFFRE_A}/confirmer").send(client)
    opened(client).fill("nom", "Permis de jour").send(client, SAVE)

    page = client.get(EDIT).text
    history = client.get(f"/espace/offres/{OFFRE_A}/historique").text

    for text in (page, history):
        assert text.count("Modifié le") == 1
        assert text.count("Confirmé le") >= 4
    own = page[page.index('id="nom-aide"') : page.index('id="description-aide"')]
    assert "Modifié le" in own


def typed(**fields: str) -> Saisie:
    trees = {nom: Branche(chemin=nom) for nom in ("eligibilite", "prioritaires", "suppose")}
    return Saisie(fields=MultiDict(fields), trees=trees)


def state_of(slug: str, saisie: Saisie, *fautes: Faute) -> LigneSommaire:
    lignes = sommaire_of(SECTIONS_OFFRE, saisie, fautes)
    return next(ligne for ligne in lignes if ligne.section.slug == slug)


def test_a_section_says_how_far_it_is() -> None:
    assert state_of("contact", typed()).etat is Etat.A_COMPLETER
    assert state_of("contact", typed(courriel="a@b.fr")).etat is Etat.COMPLETE
    # A page to ask at is a contact too, in another section.
    assert state_of("contact", typed(lien_mobilisation="https://a.fr")).etat is Etat.COMPLETE
    assert state_of("places", typed()).etat is Etat.FACULTATIVE
    faute = Faute(champ="courriel", libelle="Courriel", ancre="courriel", message="Faux.")
    wrong = state_of("contact", typed(courriel="a"), faute, faute)
    assert (wrong.etat, wrong.libelle) == (Etat.ERREURS, "2\xa0erreurs")


def test_what_is_rare_is_folded_until_it_says_something_or_something_wrong() -> None:
    faute = Faute(champ="nombre_semaines", libelle="", ancre="nombre_semaines", message="Faux.")
    assert not state_of("places", typed()).is_open
    assert state_of("places", typed(), faute).is_open
    assert state_of("places", typed(langues="fr")).is_open
    assert not state_of("pour-qui", typed()).is_rares_open
    assert state_of("pour-qui", typed(conditions_acces="Être motivé")).is_rares_open
    wrong = Faute(champ="zone_eligibilite", libelle="", ancre="zone_eligibilite", message="Faux.")
    assert state_of("pour-qui", typed(), wrong).is_rares_open


@pytest.mark.parametrize("sections", [SECTIONS_OFFRE, SECTIONS_STRUCTURE])
def test_every_field_is_reached_folded_or_not(sections: tuple[Section, ...]) -> None:
    lignes = sommaire_of(sections, typed(), ())

    shown = [champ for ligne in lignes for champ in (*ligne.usuels, *ligne.rares)]
    assert {champ.nom for champ in shown} == {champ.nom for champ in champs_of(sections)}
    assert len(shown) == len(champs_of(sections))
