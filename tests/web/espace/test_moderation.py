"""Changes that wait: what the mailbox or a professional sends is read before it is published."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.edition import Fiche
from app.domain.offre import Offre
from app.mail.sender import EnvoiImpossible
from app.services.edition import EditionService
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Formulaire, Site, form_of

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
SHEET = f"/espace/structures/{STRUCTURE_A}"
QUEUE = "/espace/moderation"


def offre(site: Site) -> Offre:
    found = site.offre(OFFRE_A)
    assert isinstance(found, Offre)
    return found


def propose(client: FlaskClient, **typed: str) -> TestResponse:
    """Sends a change that waits."""
    form = form_of(client.get(EDIT), EDIT)
    for name, value in typed.items():
        form.fill(name, value)
    return form.send(client, "enregistrer")


def opened(client: FlaskClient) -> str:
    """Returns the address of the first change that waits."""
    page = client.get(QUEUE).text
    return QUEUE + page.partition(f'href="{QUEUE}')[2].partition('"')[0]


def press(client: FlaskClient, address: str, gesture: str, **typed: str) -> TestResponse:
    form = form_of(client.get(address), gesture)
    for name, value in typed.items():
        form.fill(name, value)
    return form.send(client)


@pytest.mark.parametrize("name", ["boite", "professionnel"])
def test_what_is_not_verified_waits(site: Site, name: str) -> None:
    client = site.person(name)
    assert "sera relu avant d’être publié" in client.get(EDIT).text

    sent = propose(client, nom="Proposé", telephone="0466666666")

    assert sent.status_code == 303
    assert offre(site).nom == "Passer le permis"
    page = site.person("coordinateur").get(QUEUE).text
    assert "Passer le permis" in page
    assert "Maison A" in page


def test_a_change_is_read_beside_what_is_published_then_published(site: Site) -> None:
    propose(site.person("boite"), nom="Proposé", telephone="0466666666")
    moderator = site.person("coordinateur-bassin")
    address = opened(moderator)
    page = moderator.get(address).text.replace("&nbsp;", "\xa0")
    assert "En ligne\xa0: 0490000000" in page
    assert "Proposé\xa0: 0466666666" in page
    assert "la boîte aux lettres de la structure" in page

    assert press(moderator, address, "/accepter").status_code == 303
    assert "La proposition est publiée." in moderator.get(QUEUE).text

    assert (offre(site).nom, offre(site).telephone) == ("Proposé", "0466666666")
    assert "Rien à relire" in moderator.get(QUEUE).text
    history = moderator.get(f"/espace/offres/{OFFRE_A}/historique").text
    assert "par la boîte aux lettres de la structure" in history


def test_a_change_is_refused_once(site: Site) -> None:
    propose(site.person("boite"), nom="Publicité")
    moderator = site.person("administrateur")
    address = opened(moderator)
    accept = form_of(moderator.get(address), "/accepter")
    press(moderator, address, "/refuser", motif="Ce n’est pas une offre.")

    assert accept.send(moderator).status_code == 404
    assert moderator.get(address).status_code == 404
    assert offre(site).nom == "Passer le permis"


def test_of_two_answers_at_the_same_instant_the_first_counts(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(site.person("boite"), nom="Proposé")
    first, second = site.person("coordinateur"), site.person("administrateur")
    accept = form_of(first.get(opened(first)), "/accepter")
    refuse = form_of(second.get(opened(second)), "/refuser")
    publish, refused = EditionService.publish, []

    def publish_just_after(self: EditionService, *args: Any, **said: Any) -> Fiche:
        refused.append(refuse.send(second).status_code)
        return publish(self, *args, **said)

    monkeypatch.setattr(EditionService, "publish", publish_just_after)
    assert accept.send(first).status_code == 404

    assert refused == [303]
    assert offre(site).nom == "Passer le permis"


def test_a_change_whose_words_are_known_no_more_is_mended_then_published(site: Site) -> None:
    propose(site.person("boite"), nom="Proposé")
    store = site.espace.moderation.store
    (sent,) = store.waiting()
    record = {**sent.record, "thematiques": ["mobilite--mot-disparu"]}
    store.add(sent.ref, sent.structure_id, sent.auteur, sent.base, record, sent.envoyee_le, sent.id)
    moderator = site.person("coordinateur")
    assert moderator.get(opened(moderator)).status_code == 200

    answer = press(moderator, opened(moderator), "/accepter")

    page = moderator.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "Erreur&nbsp;: «\xa0mobilite--mot-disparu\xa0» n’existe pas." in page.text
    form_of(page, EDIT).send(moderator, "enregistrer")
    assert offre(site).nom == "Proposé"
    assert "Rien à relire" in moderator.get(QUEUE).text


def test_a_change_is_corrected_before_it_is_published(site: Site) -> None:
    propose(site.person("boite"), nom="Proposé", telephone="0466666666")
    moderator = site.person("coordinateur")
    numero = opened(moderator).rpartition("/")[2]
    form = form_of(moderator.get(f"{EDIT}?proposition={numero}"), EDIT)
    assert (form["nom"], form["telephone"]) == ("Proposé", "0466666666")

    form.fill("nom", "Corrigé").send(moderator, "enregistrer")

    assert (offre(site).nom, offre(site).telephone) == ("Corrigé", "0466666666")
    assert "Rien à relire" in moderator.get(QUEUE).text


def test_a_change_made_from_an_older_listing_is_settled_in_the_form(site: Site) -> None:
    propose(site.person("boite"), nom="Proposé")
    member = site.person("membre-a")
    form = form_of(member.get(EDIT), EDIT)
    form.fill("nom", "Changé depuis").fill("courriel", "a@a.fr").send(member, "enregistrer")
    moderator = site.person("coordinateur")

    response = press(moderator, opened(moderator), "/accepter")

    assert offre(site).nom == "Changé depuis"
    page = moderator.get(response.headers["Location"])
    assert "vous l’avez changé tous les deux" in page.text
    settle: Formulaire = form_of(page, EDIT)
    assert (settle["nom"], settle["courriel"]) == ("Proposé", "a@a.fr")
    assert settle.send(moderator, "enregistrer").status_code == 303
    assert (offre(site).nom, offre(site).courriel) == ("Proposé", "a@a.fr")
    assert "Rien à relire" in moderator.get(QUEUE).text


def test_a_second_change_of_the_same_author_goes_on_from_the_first(site: Site) -> None:
    client = site.person("boite")
    propose(client, telephone="0411111111")
    page = client.get(EDIT)
    assert "attend d’être relue" in page.text
    propose(client, nom="Second")

    moderator = site.person("administrateur")
    assert moderator.get(QUEUE).text.count('class="panel"') == 1
    press(moderator, opened(moderator), "/accepter")

    assert (offre(site).nom, offre(site).telephone) == ("Second", "0411111111")


def test_two_readers_of_a_mailbox_lose_nothing_of_each_other(site: Site) -> None:
    one, other = site.person("boite"), site.person("boite")
    form = form_of(other.get(EDIT), EDIT)
    propose(one, nom="Celui de l’une", telephone="0411111111")

    met = form.fill("nom", "Celui de l’autre").send(other, "enregistrer")

    assert met.status_code == 409
    text = met.text.replace("&nbsp;", " ")
    assert "Une autre proposition attend déjà d’être relue" in text
    assert "Nom de l’offre : les deux le changent" in text
    settle = form_of(met, EDIT)
    assert (settle["nom"], settle["telephone"]) == ("Celui de l’autre", "0411111111")
    assert settle.fill("garder.nom", "leur").send(other, "enregistrer").status_code == 303
    (waiting,) = site.espace.moderation.store.waiting()
    assert waiting.record["nom"] == "Celui de l’une"
    assert waiting.record["telephone"] == "0411111111"


def test_a_change_published_meanwhile_stands_in_nobodys_way(site: Site) -> None:
    one, other, member = (site.person(name) for name in ("boite", "boite", "membre-a"))
    before = form_of(other.get(EDIT), EDIT)
    propose(one, telephone="0411111111")
    form_of(member.get(EDIT), EDIT).fill("telephone", "0411111111").send(member, "enregistrer")
    form = before.fill("nom", "Celui de l’autre")

    assert form.send(other, "enregistrer").status_code == 303

    (waiting,) = site.espace.moderation.store.waiting()
    assert waiting.record["nom"] == "Celui de l’autre"


def test_a_change_sent_twice_waits_once(site: Site) -> None:
    client = site.person("boite")
    form = form_of(client.get(EDIT), EDIT).fill("nom", "Proposé")

    assert [form.send(client, "enregistrer").status_code for _ in range(2)] == [303, 303]

    assert len(site.espace.moderation.store.waiting()) == 1


def test_elsewhere_nothing_is_seen_nor_answered(site: Site) -> None:
    propose(site.person("boite"), nom="Proposé")
    here, elsewhere = site.person("coordinateur"), site.person("coordinateur-ailleurs")
    address = opened(here)
    form = form_of(here.get(address), "/accepter")
    refuse = form_of(here.get(address), "/refuser")

    assert "Rien à relire" in elsewhere.get(QUEUE).text
    assert elsewhere.get(address).status_code == 403
    token = form_of(elsewhere.get("/espace/compte"), "/espace/compte/nom")["csrf_token"]
    for asked in (form, refuse):
        assert asked.fill("csrf_token", token).send(elsewhere).status_code == 403
    assert offre(site).nom == "Passer le permis"
    numero = address.rpartition("/")[2]
    own = site.person("membre-a").get(f"{EDIT}?proposition={numero}")
    assert own.status_code == 403


def test_the_coordinator_sends_the_link_to_the_mailbox(site: Site) -> None:
    form_of(site.person("coordinateur").get(SHEET), "/inviter").send(
        moderator := site.person("coordinateur")
    )
    form_of(moderator.get(SHEET), "/inviter").send(moderator)
    assert site.boite.courriels[-1].destinataire == "accueil@a.fr"
    reader = site.visitor()
    reader.get(site.boite.link())
    form_of(reader.get("/connexion/confirmer"), "/connexion/confirmer").send(reader)

    assert "Passer le permis" in reader.get(SHEET).text
    assert reader.get("/espace/structures/essai--b").status_code == 403


def test_a_link_that_cannot_leave_is_said(site: Site) -> None:
    site.boite.fault = EnvoiImpossible("arret")
    client = site.person("coordinateur")

    response = form_of(client.get(SHEET), "/inviter").send(client)

    assert "n’a pas pu partir" in client.get(response.headers["Location"]).text


NEW = f"{SHEET}/offres/nouvelle"


def propose_new(client: FlaskClient, nom: str = "Essayer un métier") -> TestResponse:
    form = form_of(client.get(NEW), NEW)
    form.fill("nom", nom).fill("description", "Une semaine dans une entreprise.")
    return form.send(client, "enregistrer")


def offres_of_a(site: Site) -> list[str]:
    return [str(i) for i in site.espace.catalogue.repository.offre_ids_of(STRUCTURE_A)]


@pytest.mark.parametrize("name", ["boite", "professionnel"])
def test_a_new_offer_is_proposed_then_published(site: Site, name: str) -> None:
    client = site.person(name)
    assert "Proposer une offre" in client.get(SHEET).text

    assert propose_new(client).status_code == 303

    assert offres_of_a(site) == [OFFRE_A]
    moderator = site.person("coordinateur")
    page = moderator.get(address := opened(moderator)).text
    assert "Nouvelle offre." in page
    assert "Une semaine dans une entreprise." in page
    assert "En ligne" not in page
    press(moderator, address, "/accepter")
    (ident,) = set(offres_of_a(site)) - {OFFRE_A}
    assert "Essayer un métier" in site.visitor().get(f"/offres/{ident}").text


def test_a_new_offer_is_corrected_before_it_is_published(site: Site) -> None:
    propose_new(site.person("boite"))
    moderator = site.person("coordinateur-bassin")
    numero = opened(moderator).rpartition("/")[2]
    form = form_of(moderator.get(f"{NEW}?proposition={numero}"), NEW)
    assert form["nom"] == "Essayer un métier"

    form.fill("nom", "Essayer un métier du soin").send(moderator, "enregistrer")

    (ident,) = set(offres_of_a(site)) - {OFFRE_A}
    made = site.offre(ident)
    assert isinstance(made, Offre)
    assert made.nom == "Essayer un métier du soin"
    assert "Rien à relire" in moderator.get(QUEUE).text


def test_a_new_offer_elsewhere_is_not_seen(site: Site) -> None:
    propose_new(site.person("boite"))
    here, elsewhere = site.person("coordinateur"), site.person("coordinateur-ailleurs")
    address = opened(here)

    assert "Rien à relire" in elsewhere.get(QUEUE).text
    assert elsewhere.get(address).status_code == 403
    assert elsewhere.get(f"{NEW}?proposition={address.rpartition('/')[2]}").status_code == 403


@pytest.mark.parametrize(
    ("name", "courriel"), [("boite", "accueil@a.fr"), ("professionnel", "professionnel@essai.fr")]
)
def test_its_author_is_told_what_became_of_a_change(site: Site, name: str, courriel: str) -> None:
    client, moderator = site.person(name), site.person("coordinateur")
    propose(client, nom="Publicité")
    assert "en attente de relecture" in client.get(SHEET).text
    press(moderator, opened(moderator), "/refuser", motif="Ce n’est pas une offre.")
    propose(client, nom="Passer le code")
    press(moderator, opened(moderator), "/accepter")

    refused, accepted = site.boite.courriels[-2:]
    assert {refused.destinataire, accepted.destinataire} == {courriel}
    assert "Ce n’est pas une offre." in refused.texte
    assert "est publiée" in accepted.texte
    assert refused.sujet == accepted.sujet == "Votre proposition sur Éventail"
    page = client.get(SHEET).text
    assert page.index("publiée") < page.index("refusée")
    assert "Ce n’est pas une offre." in page
    assert "Ce que vous avez proposé" not in site.person("membre-a").get(SHEET).text


def test_a_corrected_change_is_told_too(site: Site) -> None:
    propose(site.person("boite"), nom="Proposé")
    moderator = site.person("coordinateur")
    numero = opened(moderator).rpartition("/")[2]
    form = form_of(moderator.get(f"{EDIT}?proposition={numero}"), EDIT)

    form.fill("nom", "Corrigé").send(moderator, "enregistrer")

    assert "est publiée" in site.boite.courriels[-1].texte


def test_an_answer_that_cannot_leave_is_said_and_still_read(site: Site) -> None:
    client, moderator = site.person("boite"), site.person("coordinateur")
    propose(client, nom="Publicité")
    site.boite.fault = EnvoiImpossible("arret")

    response = press(moderator, opened(moderator), "/refuser", motif="Ce n’est pas une offre.")

    assert "n’a pas pu partir" in moderator.get(response.headers["Location"]).text
    assert "Ce n’est pas une offre." in client.get(SHEET).text


def test_a_closed_account_is_written_to_no_longer(site: Site) -> None:
    client, moderator = site.person("professionnel"), site.person("coordinateur")
    propose(client, nom="Publicité")
    site.espace.comptes.close(site.compte_id("professionnel"))
    count = len(site.boite.courriels)

    response = press(moderator, opened(moderator), "/refuser")

    assert len(site.boite.courriels) == count
    assert "n’a pas pu partir" in moderator.get(response.headers["Location"]).text
