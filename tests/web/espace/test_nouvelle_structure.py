"""A structure that the catalogue lacks: sent by anyone with an account, read again, published."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.edition import Fiche, FicheRef
from app.domain.errors import CatalogueUnavailable
from app.domain.offre import Structure
from app.domain.propositions import MAX_CREATIONS
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Formulaire, Site, form_of

HOME, NEW, QUEUE = "/espace", "/espace/nouvelle-structure", "/espace/moderation"
NAME = "Le Garage du Rhône"


def filled(client: FlaskClient, address: str = NEW, **typed: str) -> Formulaire:
    """Opens the form of a new structure and types what is needed."""
    form = form_of(client.get(address), NEW)
    said = {"nom": NAME, "commune": "Avignon", "code_postal": "84000", **typed}
    for name, value in said.items():
        form.fill(name, value)
    return form


def made(site: Site, form: Formulaire) -> Fiche | None:
    return site.espace.edition.store.get(FicheRef(objet="structure", id=form["identifiant"]))


def press(client: FlaskClient, gesture: str) -> TestResponse:
    """Opens the first change that waits and presses one of its buttons."""
    page = client.get(QUEUE).text
    address = QUEUE + page.partition(f'href="{QUEUE}')[2].partition('"')[0]
    return form_of(client.get(address), gesture).send(client)


@pytest.mark.parametrize("name", ["coordinateur", "coordinateur-bassin", "administrateur"])
def test_who_may_write_there_publishes_at_once(site: Site, name: str) -> None:
    client = site.person(name)
    form = filled(client)

    answer = form.send(client, "enregistrer")

    assert answer.status_code == 303
    fiche = made(site, form)
    assert fiche is not None
    assert isinstance(fiche.value, Structure)
    assert (fiche.value.nom, fiche.value.code_insee) == (NAME, "84007")
    assert (fiche.value.source, fiche.value.date_maj) == ("eventail", site.espace.clock.today())
    assert "est à jour pour tout le monde" in client.get(answer.headers["Location"]).text
    assert NAME in site.visitor().get(f"/structures/{form['identifiant']}").text
    assert form.send(client, "enregistrer").status_code == 303  # pressed twice
    assert len(site.espace.edition.store.revisions(fiche.ref)) == 1


@pytest.mark.parametrize("name", ["sans-structure", "membre-b", "professionnel"])
def test_what_another_sends_waits_for_the_coordinator_of_the_place(site: Site, name: str) -> None:
    author = site.person(name)
    form = filled(author)

    answer = form.send(author, "enregistrer")

    assert answer.status_code == 303
    assert made(site, form) is None
    home = author.get(answer.headers["Location"]).text
    assert "sera publiée une fois relue" in home
    assert "en attente de relecture" in home
    assert NAME not in site.person("coordinateur-ailleurs").get(QUEUE).text
    assert "Nouvelle structure, Avignon" in site.person("coordinateur-bassin").get(QUEUE).text


def test_the_partner_who_sent_it_speaks_for_it(site: Site) -> None:
    author, moderator = site.person("sans-structure"), site.person("coordinateur")
    form = filled(author)
    form.send(author, "enregistrer")

    assert press(moderator, "/accepter").status_code == 303

    sheet = f"/espace/structures/{form['identifiant']}"
    home = author.get(HOME).text
    assert f'href="{sheet}"' in home
    assert f'href="/structures/{form["identifiant"]}"' in home
    assert author.get(f"{sheet}/offres/nouvelle").status_code == 200
    assert "compte n°" not in moderator.get(f"{sheet}/historique").text
    assert "par sans-structure" in moderator.get(f"{sheet}/historique").text
    told = site.boite.courriels[-1]
    assert told.destinataire == "sans-structure@essai.fr"
    assert NAME not in told.sujet
    assert "http://localhost/espace\n" in told.texte


def test_a_professional_only_told_of_it(site: Site) -> None:
    author, moderator = site.person("professionnel"), site.person("coordinateur")
    form = filled(author)
    form.send(author, "enregistrer")

    press(moderator, "/accepter")

    assert made(site, form) is not None
    home = author.get(HOME).text
    assert f'href="/structures/{form["identifiant"]}"' in home  # what became of it
    assert "Aucune structure pour l’instant" in home


def test_one_that_is_refused_stays_unknown_and_its_author_reads_why(site: Site) -> None:
    author, moderator = site.person("sans-structure"), site.person("coordinateur")
    form = filled(author)
    form.send(author, "enregistrer")
    page = moderator.get(QUEUE).text
    address = QUEUE + page.partition(f'href="{QUEUE}')[2].partition('"')[0]

    form_of(moderator.get(address), "/refuser").fill("motif", "Elle a fermé.").send(moderator)

    assert made(site, form) is None
    assert "Elle a fermé." in author.get(HOME).text
    assert "http://localhost/espace\n" in site.boite.courriels[-1].texte


def test_it_is_corrected_before_it_is_published(site: Site) -> None:
    author, moderator = site.person("sans-structure"), site.person("coordinateur")
    sent = filled(author)
    sent.send(author, "enregistrer")
    numero = moderator.get(QUEUE).text.partition(f'href="{QUEUE}/')[2].partition('"')[0]
    form = form_of(moderator.get(f"{NEW}?proposition={numero}"), NEW)
    assert (form["nom"], form["commune"]) == (NAME, "Avignon")

    form.fill("nom", "Le Garage").send(moderator, "enregistrer")

    fiche = made(site, sent)
    assert fiche is not None
    assert fiche.value.nom == "Le Garage"
    assert "Rien à relire" in moderator.get(QUEUE).text
    assert "Le Garage" in author.get(HOME).text


def test_the_commune_is_asked_for(site: Site) -> None:
    client = site.person("administrateur")

    for typed in ({"commune": "", "code_postal": ""}, {"commune": "Nullepart"}):
        form = filled(client, **typed)
        response = form.send(client, "enregistrer")
        assert response.status_code == 400
        assert 'href="#commune"' in response.text
        assert form_of(response, NEW)["nom"] == NAME
        assert made(site, form) is None


def test_a_coordinator_sends_one_of_elsewhere_to_its_own(site: Site) -> None:
    client = site.person("coordinateur-ailleurs")
    form = filled(client)

    form.send(client, "enregistrer")

    assert made(site, form) is None
    assert NAME in site.person("coordinateur").get(QUEUE).text


def test_one_that_may_be_there_already_is_named_first(site: Site) -> None:
    author = site.person("sans-structure")
    form = filled(author, nom="MAISON A", courriel="ACCUEIL@a.fr")

    told = form.send(author, "enregistrer")

    assert told.status_code == 409
    assert f'href="/structures/{STRUCTURE_A}"' in told.text
    assert site.espace.moderation.store.waiting() == []
    again = form_of(told, NEW)
    assert (again["nom"], again["semblables"]) == ("MAISON A", STRUCTURE_A)
    assert again.send(author, "enregistrer").status_code == 303
    moderator = site.person("coordinateur")
    page = moderator.get(QUEUE).text
    address = QUEUE + page.partition(f'href="{QUEUE}')[2].partition('"')[0]
    assert f'href="/structures/{STRUCTURE_A}"' in moderator.get(address).text


def test_what_is_hidden_is_not_found_by_trying_addresses(site: Site) -> None:
    """A refuge is never told by the place that somebody types."""
    member, author = site.person("membre-a"), site.person("sans-structure")
    edit = f"/espace/structures/{STRUCTURE_A}/modifier"
    hidden = form_of(member.get(edit), edit)
    hidden.fill("adresse", "1 rue du Refuge").fill("adresse_confidentielle", "oui")
    assert hidden.send(member, "enregistrer").status_code == 303

    form = filled(author, nom="Maison des femmes A", adresse="1 rue du Refuge")

    assert form.send(author, "enregistrer").status_code == 303


def test_a_draft_waits_in_ones_space(site: Site) -> None:
    author = site.person("sans-structure")
    form = filled(author, commune="")
    assert "Brouillon enregistré" in form.send(author, "brouillon").text

    home = author.get(HOME).text
    assert NAME in home
    assert NAME not in site.person("membre-a").get(HOME).text
    address = f"{NEW}?brouillon={form['identifiant']}"
    assert address in home
    again = form_of(author.get(address), NEW)
    assert again["nom"] == NAME
    again.fill("commune", "Avignon").send(author, "enregistrer")
    assert "Vos brouillons" not in author.get(HOME).text


def test_a_draft_is_thrown_away(site: Site) -> None:
    author = site.person("sans-structure")
    filled(author).send(author, "brouillon")

    answer = form_of(author.get(HOME), "/abandonner").send(author)

    assert answer.headers["Location"] == HOME
    assert NAME not in author.get(HOME).text


def test_only_ids_of_ours_are_made_and_none_is_taken(site: Site) -> None:
    author = site.person("sans-structure")

    for ident in ("essai--z", "", "eventail--x", STRUCTURE_A, OFFRE_A):
        form = filled(author).fill("identifiant", ident)
        assert form.send(author, "enregistrer").status_code == 400, ident
    owner = site.person("coordinateur")
    theirs = filled(owner)
    theirs.send(owner, "enregistrer")
    stolen = filled(author).fill("identifiant", theirs["identifiant"])
    assert stolen.send(author, "enregistrer").status_code == 403


def test_the_sheet_is_seen_before_it_is_sent(site: Site) -> None:
    author = site.person("sans-structure")

    page = filled(author, description="Réparer sa voiture.").send(author, "public")

    assert page.status_code == 200
    assert "Réparer sa voiture." in page.text
    assert form_of(page, NEW)["nom"] == NAME


def test_a_mailbox_makes_no_structure(site: Site) -> None:
    assert site.person("boite").get(NEW).status_code == 403


def queued(moderator: FlaskClient) -> list[str]:
    """Returns the numbers of the changes that wait, in the order of the page."""
    return re.findall(rf'href="{QUEUE}/(\d+)"', moderator.get(QUEUE).text)


def test_its_author_corrects_what_waits_or_was_refused(site: Site) -> None:
    author, moderator = site.person("sans-structure"), site.person("coordinateur")
    sent = filled(author)
    sent.send(author, "enregistrer")
    (numero,) = queued(moderator)
    address = f"{NEW}?reprise={numero}"
    assert address in author.get(HOME).text

    again = form_of(author.get(address), NEW)
    assert (again["nom"], again["identifiant"]) == (NAME, sent["identifiant"])
    again.fill("nom", "Le Garage").send(author, "enregistrer")

    (numero,) = queued(moderator)
    form_of(moderator.get(f"{QUEUE}/{numero}"), "/refuser").send(moderator)
    once_more = form_of(author.get(f"{NEW}?reprise={numero}"), NEW)
    assert once_more["nom"] == "Le Garage"
    once_more.send(author, "enregistrer")
    press(moderator, "/accepter")
    assert made(site, sent) is not None
    assert "refusée" not in author.get(HOME).text  # the newest answer alone
    assert author.get(f"{NEW}?reprise={numero}").status_code == 404
    assert site.person("membre-a").get(f"{NEW}?reprise={numero}").status_code == 404


def test_a_coordinator_does_not_move_it_where_others_decide(site: Site) -> None:
    author, moderator = site.person("sans-structure"), site.person("coordinateur")
    filled(author).send(author, "enregistrer")
    (numero,) = queued(moderator)
    form = form_of(moderator.get(f"{NEW}?proposition={numero}"), NEW)

    moved = (
        form.fill("commune", "Verdun").fill("code_postal", "55100").send(moderator, "enregistrer")
    )

    assert moved.status_code == 400
    assert "pas de votre territoire" in moved.text
    assert queued(moderator) == [numero]
    assert queued(site.person("coordinateur-ailleurs")) == []


def test_one_change_never_answers_another(site: Site) -> None:
    author, moderator = site.person("sans-structure"), site.person("coordinateur")
    one, other = filled(author), filled(author, nom="Autre garage")
    for form in (one, other):
        form.send(author, "enregistrer")
    first, second = queued(moderator)
    mixed = form_of(moderator.get(f"{NEW}?proposition={second}"), NEW).fill("proposition", first)

    assert mixed.send(moderator, "enregistrer").status_code == 404

    assert queued(moderator) == [first, second]
    assert made(site, one) is made(site, other) is None
    pages = [moderator.get(f"{NEW}?proposition={numero}").text for numero in (first, second)]
    assert all(
        f'data-memoire="proposition:{n}"' in page
        for n, page in zip((first, second), pages, strict=True)
    )


def test_what_one_person_has_waiting_is_bounded(site: Site) -> None:
    author = site.person("sans-structure")
    for rank in range(MAX_CREATIONS):
        assert filled(author, nom=f"Garage {rank}").send(author, "enregistrer").status_code == 303

    refused = filled(author, nom="Un de trop").send(author, "enregistrer")

    assert refused.status_code == 429
    assert form_of(refused, NEW)["nom"] == "Un de trop"
    assert len(site.espace.moderation.store.waiting()) == MAX_CREATIONS


def test_accepting_cut_short_publishes_nothing_and_is_done_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    author, moderator = site.person("sans-structure"), site.person("coordinateur")
    form = filled(author)
    form.send(author, "enregistrer")
    with monkeypatch.context() as patch:
        patch.setattr("app.persistence.editions.join_in", _fail)
        assert press(moderator, "/accepter").status_code == 503
    assert moderator.get(f"/espace/structures/{form['identifiant']}").status_code == 404

    assert press(moderator, "/accepter").status_code == 303

    assert author.get(f"/espace/structures/{form['identifiant']}").status_code == 200


def _fail(*_: object) -> None:
    raise CatalogueUnavailable


def test_the_button_says_what_will_become_of_it(site: Site) -> None:
    client = site.person("coordinateur")
    assert "Envoyer la proposition" not in client.get(NEW).text

    elsewhere = filled(client, commune="Verdun", code_postal="55100").send(client, "apercu").text

    assert "Envoyer la proposition" in elsewhere


def test_a_draft_of_what_was_published_meanwhile_is_not_shown(site: Site) -> None:
    author, moderator = site.person("professionnel"), site.person("coordinateur")
    form = filled(author)
    form.send(author, "enregistrer")
    filled(author).fill("identifiant", form["identifiant"]).send(author, "brouillon")
    press(moderator, "/accepter")

    assert author.get(HOME).status_code == 200
    for address in re.findall(rf'href="({NEW}\?brouillon=[^"]+)"', author.get(HOME).text):
        assert author.get(address).status_code == 200
