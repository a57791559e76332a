"""The form of an offer: built without JavaScript, nothing lost, published at once, never over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.comptes import Acteur, Qualite
from app.domain.edition import FicheRef
from app.domain.offre import Offre, Structure, StructureId
from app.domain.publication import OFFRE, STRUCTURE
from tests.web.espace.conftest import OFFRE_A, OFFRE_B, STRUCTURE_A, Formulaire, Site, form_of

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
SAVE, LOOK = "enregistrer", "apercu"
ADMIN = Acteur(qualite=Qualite.ADMINISTRATEUR)
ALL_SHEET = f"/espace/structures/{STRUCTURE_A}"


def opened(client: FlaskClient) -> Formulaire:
    """Opens the form of the offer of structure A."""
    return form_of(client.get(EDIT), EDIT)


def again(response: TestResponse) -> Formulaire:
    """Returns the form that came back."""
    return form_of(response, EDIT)


def structure(site: Site) -> Structure:
    found = site.espace.edition.store.get(FicheRef(objet=STRUCTURE, id=STRUCTURE_A))
    assert found is not None
    return found.structure


def offre(site: Site) -> Offre:
    found = site.offre(OFFRE_A)
    assert isinstance(found, Offre)
    return found


def test_what_a_member_changes_is_published_and_found_at_once(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("nom", "Conduire à vélo électrique").fill("relu", "oui")

    response = form.send(client, SAVE)

    address = response.headers["Location"]
    assert (response.status_code, address.partition("?")[0]) == (303, ALL_SHEET)
    assert "« Conduire à vélo électrique » est à jour" in client.get(address).text.replace(
        "&nbsp;", " "
    )
    today = site.espace.clock.today()
    assert offre(site).nom == "Conduire à vélo électrique"
    assert offre(site).date_maj == offre(site).derniere_confirmation == today
    found = site.visitor().get("/api/v1/offres?q=electrique").json
    assert OFFRE_A in [o["id"] for o in found["resultats"]]


def test_saving_without_a_change_writes_nothing(site: Site) -> None:
    client = site.person("membre-a")
    before = offre(site)

    opened(client).send(client, SAVE)

    assert offre(site) == before
    assert "Modification" not in client.get(f"/espace/offres/{OFFRE_A}/historique").text


def test_conditions_are_built_by_buttons_alone(site: Site) -> None:
    client = site.person("membre-a")
    form = again(opened(client).send(client, "ajouter:eligibilite"))
    form.fill("eligibilite.1.fait", "allocations")
    form = again(form.send(client, "choisir:eligibilite.1"))
    form.fill("eligibilite.1.parmi", "rsa", "aah")
    form = again(form.send(client, "grouper:eligibilite"))
    form.fill("eligibilite.2.0.fait", "situations").fill("eligibilite.2.1.fait", "residence")
    form = again(form.send(client, "choisir:eligibilite.2.0"))
    form.fill("eligibilite.2.0.parmi", "rqth").fill("eligibilite.2.1.parmi", "Vaucluse\ncarpentras")
    form.fill("eligibilite.2.genre", "aucune")

    assert form.send(client, SAVE).status_code == 303

    tree = site.visitor().get(f"/api/v1/offres/{OFFRE_A}").json["eligibilite"]
    assert tree == {
        "toutes": [
            {"fait": "age", "min": 16, "max": 25},
            {"fait": "allocations", "parmi": ["rsa", "aah"]},
            {
                "sauf": {
                    "une_parmi": [
                        {"fait": "situations", "parmi": ["rqth"]},
                        {"fait": "residence", "parmi": ["departement:84", "84031"]},
                    ]
                }
            },
        ]
    }


def test_a_condition_is_taken_away(site: Site) -> None:
    client = site.person("membre-a")
    form = again(opened(client).send(client, "retirer:eligibilite.0"))

    assert form.send(client, SAVE).status_code == 303

    assert offre(site).eligibilite is None


def test_looking_shows_the_sentence_and_whom_it_lets_in_and_writes_nothing(site: Site) -> None:
    client = site.person("membre-a")
    before = offre(site)

    response = opened(client).fill("eligibilite.0.max", "29").send(client, LOOK)

    assert response.status_code == 200
    assert "Il faut avoir de 16 à 29\xa0ans." in response.text
    assert "Essai sur 40 personnes inventées" in response.text
    assert "Qualité de la fiche" in response.text
    assert offre(site) == before
    assert again(response)["eligibilite.0.max"] == "29"


def test_faults_are_all_told_and_nothing_typed_is_lost(site: Site) -> None:
    client = site.person("membre-a")
    form = again(opened(client).send(client, "ajouter:eligibilite"))
    typed = {
        "nom": "x",
        "latitude": "quarante",
        "lien_mobilisation": "javascript:alert(1)",
        "commune": "Nulle-Part",
        "code_postal": "84000",
        "prochaine_session": "demain",
        "description": "  Des mots,\r\n« entre guillemets » & <b>balises</b>.",
    }
    for name, value in typed.items():
        form.fill(name, value)

    response = form.send(client, SAVE)

    assert response.status_code == 400
    back = again(response)
    for name, value in typed.items():
        assert back[name].replace("\r\n", "\n") == value.replace("\r\n", "\n"), name
    for anchor in ("nom", "latitude", "lien_mobilisation", "commune", "prochaine_session"):
        assert f'href="#{anchor}"' in response.text, anchor
        assert f'id="{anchor}-faute-1"' in response.text, anchor
    assert 'href="#eligibilite.1"' in response.text
    assert "Choisissez sur quoi porte cette condition" in response.text
    assert "<b>balises" not in response.text
    assert offre(site).nom == "Passer le permis"


def test_a_hostile_text_is_shown_as_text(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("nom", "<script>alert(1)</script> {{ 7*7 }}")
    assert form.send(client, SAVE).status_code == 303

    for page in (client.get(ALL_SHEET), client.get(EDIT), site.visitor().get(f"/offres/{OFFRE_A}")):
        assert "<script>alert" not in page.text
        assert "{{ 7*7 }}" in page.text


def test_two_people_at_once_meet_on_a_page_that_settles_it(site: Site) -> None:
    first, second = site.person("membre-a"), site.person("coordinateur")
    mine, theirs = opened(second), opened(first)
    theirs.fill("nom", "Leur nom").fill("telephone", "0411111111").send(first, SAVE)

    response = mine.fill("nom", "Mon nom").fill("courriel", "moi@a.fr").send(second, SAVE)

    assert response.status_code == 409
    assert "Quelqu’un d’autre a modifié cette fiche" in response.text
    settle = again(response)
    assert (settle["nom"], settle["telephone"], settle["courriel"]) == (
        "Mon nom",
        "0411111111",
        "moi@a.fr",
    )
    assert offre(site).nom == "Leur nom"
    assert settle.fill("garder.nom", "leur").send(second, SAVE).status_code == 303
    saved = offre(site)
    assert (saved.nom, saved.telephone, saved.courriel) == ("Leur nom", "0411111111", "moi@a.fr")


def test_a_list_in_another_order_is_no_change_of_mine(site: Site) -> None:
    """Boxes come back in the order of the page: the other one's change stands, unasked."""
    first, second = site.person("membre-a"), site.person("coordinateur")
    backwards = ("telephoner", "envoyer-un-courriel")
    espace = site.espace.edition
    known = espace.read(ADMIN, FicheRef(objet=OFFRE, id=OFFRE_A))
    espace.publish(ADMIN, replace(known.value, modes_mobilisation=backwards), known.revision)
    mine, theirs = opened(second), opened(first)
    theirs.fill("modes_mobilisation", "se-presenter").send(first, SAVE)

    settle = again(mine.fill("nom", "Mon nom").send(second, SAVE))

    assert settle.send(second, SAVE).status_code == 303
    assert offre(site).modes_mobilisation == ("se-presenter",)
    assert offre(site).nom == "Mon nom"


def test_my_own_words_may_win(site: Site) -> None:
    first, second = site.person("membre-a"), site.person("coordinateur")
    mine, theirs = opened(second), opened(first)
    theirs.fill("nom", "Leur nom").send(first, SAVE)

    settle = again(mine.fill("nom", "Mon nom").send(second, SAVE))

    assert settle.send(second, SAVE).status_code == 303
    assert offre(site).nom == "Mon nom"


def test_a_third_change_while_settling_is_not_lost(site: Site) -> None:
    first, second = site.person("membre-a"), site.person("coordinateur")
    mine, theirs = opened(second), opened(first)
    theirs.fill("nom", "Leur nom").send(first, SAVE)
    settle = again(mine.fill("nom", "Mon nom").send(second, SAVE))
    opened(first).fill("telephone", "0422222222").send(first, SAVE)

    response = settle.send(second, SAVE)

    assert response.status_code == 409
    assert again(response).send(second, SAVE).status_code == 303
    assert (offre(site).nom, offre(site).telephone) == ("Mon nom", "0422222222")


def test_pressing_twice_is_no_conflict(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("nom", "Une seule fois")

    assert form.send(client, SAVE).status_code == 303
    assert form.send(client, SAVE).status_code == 303

    history = client.get(f"/espace/offres/{OFFRE_A}/historique").text
    assert history.count("<h2>Modification</h2>") == 1


def test_the_form_of_a_page_gone_back_to_meets_its_own_change(site: Site) -> None:
    client = site.person("membre-a")
    old = opened(client)
    opened(client).fill("telephone", "0433333333").send(client, SAVE)

    response = old.fill("nom", "Depuis une page ancienne").send(client, SAVE)

    assert response.status_code == 409
    assert again(response)["telephone"] == "0433333333"


def test_an_expired_session_loses_nothing(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("nom", "Écrit avant la fin")
    site.espace.connexion.store.close_sessions_of(site.compte_id("membre-a"))

    ended = form.send(client, SAVE)

    assert ended.status_code == 401
    assert "Rien n’est perdu" in ended.text
    kept = form_of(ended, EDIT)
    assert kept["nom"] == "Écrit avant la fin"
    client = site.person("membre-a")
    back = kept.send(client)
    assert back.status_code == 400
    assert "Votre connexion a été renouvelée" in back.text
    assert again(back)["nom"] == "Écrit avant la fin"
    assert offre(site).nom == "Passer le permis"
    assert again(back).send(client, SAVE).status_code == 303
    assert offre(site).nom == "Écrit avant la fin"


def test_the_listing_of_another_structure_is_out_of_reach(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client)
    form.action = f"/espace/offres/{OFFRE_B}/modifier"

    assert form.fill("nom", "Volé").send(client, SAVE).status_code == 403
    moved = opened(client).fill("structure_id", "essai--b").fill("id", OFFRE_B).fill("nom", "Volé")
    moved.send(client, SAVE)

    assert isinstance(other := site.offre(OFFRE_B), Offre)
    assert other.nom == "Réparer son vélo"
    assert offre(site).structure_id == STRUCTURE_A


def test_nothing_that_is_not_typed_can_be_written(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("nom", "Autre nom").fill("source", "pirate")
    form.fill("etat_publication", "retire").fill("date_maj", "2020-01-01")

    form.send(client, SAVE)

    assert (offre(site).source, offre(site).nom) == ("essai", "Autre nom")
    assert offre(site).date_maj == site.espace.clock.today()


@pytest.mark.parametrize("base", ["", "abc", "-1", "99999999999999999999", "²"])
def test_a_base_that_is_no_number_breaks_nothing(site: Site, base: str) -> None:
    client = site.person("membre-a")

    response = opened(client).fill("nom", "Encore un nom").fill("base", base).send(client, SAVE)

    assert response.status_code in (303, 409)


def test_nothing_has_changed_is_one_press(site: Site) -> None:
    for name in ("membre-a", "boite", "coordinateur-bassin"):
        client = site.person(name)
        form = form_of(client.get(ALL_SHEET), f"/{OFFRE_A}/confirmer")
        assert form.send(client).status_code == 303
        assert offre(site).derniere_confirmation == site.espace.clock.today()
        assert offre(site).date_maj < site.espace.clock.today() - timedelta(days=30)


def test_only_what_was_read_is_confirmed(site: Site) -> None:
    reader = site.person("boite")
    page = reader.get(ALL_SHEET)
    one, every = form_of(page, f"/{OFFRE_A}/confirmer"), form_of(page, "/tout-confirmer")
    member = site.person("membre-a")
    opened(member).fill("telephone", "0455555555").send(member, SAVE)
    confirmed = offre(site).derniere_confirmation

    for form in (one, every):
        told = reader.get(form.send(reader).headers["Location"]).text
        assert "« Passer le permis »" in told.replace("\N{NO-BREAK SPACE}", " ")
        assert "a été modifiée depuis que vous avez ouvert cette page" in told
    assert offre(site).derniere_confirmation == confirmed
    assert structure(site).derniere_confirmation is None


def test_a_structure_and_its_offers_are_confirmed_by_one_press(site: Site) -> None:
    reader = site.person("boite")
    every = form_of(reader.get(ALL_SHEET), "/tout-confirmer")

    answers = [every.send(reader) for _ in range(2)]

    today = site.espace.clock.today()
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "fiches sont à jour" in reader.get(answers[1].headers["Location"]).text
    fiches = site.espace.edition.store.offres_of(StructureId(STRUCTURE_A))
    assert {fiche.value.derniere_confirmation for fiche in fiches} == {today}
    assert structure(site).derniere_confirmation == today


def test_a_structure_is_withdrawn_and_comes_back(site: Site) -> None:
    client, visitor = site.person("membre-a"), site.visitor()
    gesture = f"/structures/{STRUCTURE_A}/retirer"
    form_of(client.get(ALL_SHEET), gesture).send(client)

    for address in (f"/structures/{STRUCTURE_A}", f"/offres/{OFFRE_A}"):
        assert visitor.get(address).status_code == 404
    assert "ni ses offres" in client.get(ALL_SHEET).text
    form_of(client.get(ALL_SHEET), gesture).send(client)

    for address in (f"/structures/{STRUCTURE_A}", f"/offres/{OFFRE_A}"):
        assert visitor.get(address).status_code == 200


def test_a_listing_that_changed_is_not_withdrawn_unread(site: Site) -> None:
    client, member = site.person("coordinateur"), site.person("membre-a")
    form = form_of(client.get(ALL_SHEET), f"/{OFFRE_A}/retirer")
    opened(member).fill("telephone", "0455555555").send(member, SAVE)

    told = client.get(form.send(client).headers["Location"]).text

    assert "a été modifiée depuis que vous l’avez ouverte" in told
    assert site.visitor().get(f"/offres/{OFFRE_A}").status_code == 200


def test_a_listing_is_withdrawn_and_comes_back(site: Site) -> None:
    client, visitor = site.person("membre-a"), site.visitor()
    form_of(client.get(ALL_SHEET), f"/{OFFRE_A}/retirer").send(client)

    assert visitor.get(f"/offres/{OFFRE_A}").status_code == 404
    page = client.get(ALL_SHEET).text
    assert "est retirée" in page
    assert "Retirée" in page
    form_of(client.get(ALL_SHEET), f"/{OFFRE_A}/retirer").send(client)

    assert visitor.get(f"/offres/{OFFRE_A}").status_code == 200
    history = client.get(f"/espace/offres/{OFFRE_A}/historique").text
    assert "Retrait" in history
    assert "Remise en ligne" in history


def test_the_history_says_who_changed_what(site: Site) -> None:
    client = site.person("membre-a")
    opened(client).fill("telephone", "0455555555").send(client, SAVE)

    history = client.get(f"/espace/offres/{OFFRE_A}/historique").text

    assert "par membre-a" in history
    assert "Avant\xa0: 0490000000" in history.replace("&nbsp;", "\xa0")
    assert "Après\xa0: 0455555555" in history.replace("&nbsp;", "\xa0")
    assert "membre-a@essai.fr" not in history


def test_without_the_address_service_the_form_says_what_to_do(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("adresse", "1 rue du Vernet").fill("nom", "Gardé")

    assert 'value="situer"' in client.get(EDIT).text
    response = form.send(client, "situer")

    assert response.status_code == 200
    assert "Le service des adresses ne répond pas" in response.text
    assert again(response)["nom"] == "Gardé"


def test_a_week_is_filled_in_and_copied(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("horaires.lundi.0.debut", "9h").fill("horaires.lundi.0.fin", "12h30")
    form = again(form.send(client, "horaires:recopier"))
    assert form["horaires.vendredi.0.fin"] == "12h30"
    form = again(form.fill("horaires.feries", "fermes").send(client, "horaires:exception"))
    form.fill("horaires.exceptions.1.du", "24/12/2026").fill(
        "horaires.exceptions.1.au", "02/01/2027"
    )
    form.fill("horaires.exceptions.1.commentaire", "congés")

    assert form.send(client, SAVE).status_code == 303

    written = offre(site).horaires_accueil or ""
    assert written.startswith("Mo-Fr 09:00-12:30; PH off; ")
    assert "congés" in written
    back = opened(client)
    assert (back["horaires.mardi.0.debut"], back["horaires.mardi.0.fin"]) == ("09:00", "12:30")
    assert back["horaires.exceptions.0.commentaire"] == "congés"


def test_faults_of_hours_stand_beside_their_field(site: Site) -> None:
    client = site.person("membre-a")
    form = opened(client).fill("horaires.mardi.0.debut", "tôt").fill("horaires.mardi.0.fin", "12h")

    response = form.send(client, SAVE)

    assert response.status_code == 400
    assert 'href="#horaires.mardi.0.debut"' in response.text
    assert "n’est pas une heure" in response.text
    assert again(response)["horaires.mardi.0.debut"] == "tôt"
    assert offre(site).horaires_accueil is None


def test_hours_that_no_week_shows_keep_their_text(site: Site) -> None:
    client = site.person("membre-a")
    text = "Mo 09:00-10:00,11:00-12:00,13:00-14:00,15:00-16:00"
    form = opened(client).fill("horaires.mode", "texte").fill("horaires_accueil", text)
    form.send(client, SAVE)
    assert offre(site).horaires_accueil == text

    form = opened(client)
    assert form["horaires_accueil"] == text
    form.fill("nom", "Un autre nom").send(client, SAVE)
    assert offre(site).horaires_accueil == text

    emptied = opened(client).fill("horaires_accueil", "").send(client, LOOK)
    assert again(emptied)["horaires.mode"] == "grille"
