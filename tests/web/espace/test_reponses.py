"""Reports answered: by the coordinator or the structure, once, by e-mail when one asked for it."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.domain.comptes import Acteur, Qualite
from app.domain.edition import FicheRef
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.signalements import GARDE_COURRIEL, MAX_REPONSE, Constat, Motif
from app.mail.sender import AdresseRefusee, EnvoiImpossible
from app.web.espace.signalements import PRETES
from tests.unit.persistence.dumps import rows
from tests.web.espace.conftest import OFFRE_A, OFFRE_B, STRUCTURE_A, Formulaire, Site, form_of
from tests.web.espace.test_doublons import BOTH, TWIN, put

LIST = "/espace/signalements"
MOI = "moi@exemple.fr"
REF_A, REF_B = FicheRef(objet=OFFRE, id=OFFRE_A), FicheRef(objet=OFFRE, id=OFFRE_B)
MAISON_A = FicheRef(objet=STRUCTURE, id=STRUCTURE_A)
ADMINISTRATEUR = Acteur(qualite=Qualite.ADMINISTRATEUR)


@pytest.fixture
def reported(site: Site) -> Site:
    """One report of structure A, whose reader waits for an answer, and one of structure B."""
    report = site.espace.catalogue.signalements.report
    report(REF_A, Constat(motif=Motif.HORAIRES, precision="Fermé le lundi"), MOI)
    report(REF_B, Constat(motif=Motif.LIEN_CASSE))
    return site


def addresses(site: Site) -> list[object]:
    engine = site.espace.doublons.store._engine  # type: ignore[attr-defined]  # the real store
    return [one["courriel"] for one in rows(engine, "reponses")]


def closing(site: Site, client: FlaskClient, fiche: FicheRef = REF_A) -> Formulaire:
    """Returns the form that closes the report of a listing."""
    numeros = {
        one.listed.signalement.fiche: one.listed.signalement.id
        for one in site.espace.reponses.open(ADMINISTRATEUR)
    }
    return form_of(client.get(LIST), f"/{numeros[fiche]}/clore")


SEEN = {
    "coordinateur": ["Passer le permis", "Réparer son vélo"],
    "coordinateur-bassin": ["Passer le permis"],
    "coordinateur-ailleurs": [],
    "membre-a": ["Passer le permis"],
    "membre-b": ["Réparer son vélo"],
    "professionnel": [],
    "administrateur": ["Passer le permis", "Réparer son vélo"],
}


@pytest.mark.parametrize("name", SEEN)
def test_each_sees_the_reports_of_their_own(reported: Site, name: str) -> None:
    client = reported.person(name)
    page = client.get(LIST).text

    named = [nom for nom in ("Passer le permis", "Réparer son vélo") if nom in page]
    assert named == SEEN[name]
    assert MOI not in page
    assert f"Erreurs signalées ({len(named)})" in client.get("/espace").text


def test_a_report_leads_to_the_form_of_its_listing(reported: Site) -> None:
    page = reported.person("membre-a").get(LIST).text

    assert "Fermé le lundi" in page
    assert "1 personne attend" in page
    assert f'href="/espace/offres/{OFFRE_A}/modifier"' in page


@pytest.mark.parametrize("name", ["membre-a", "coordinateur"])
def test_an_answer_closes_the_report_and_leaves_by_e_mail(reported: Site, name: str) -> None:
    client = reported.person(name)

    response = closing(reported, client).fill("prete", "corrigee").send(client)

    assert "Le signalement est clos" in client.get(response.headers["Location"]).text
    (sent,) = reported.boite.courriels
    assert (sent.destinataire, "permis" in sent.sujet) == (MOI, False)
    assert PRETES[OFFRE]["corrigee"] in sent.texte
    assert "Passer le permis" in sent.texte
    assert addresses(reported) == []
    assert "Passer le permis" not in client.get(LIST).text
    assert MOI not in response.headers["Location"]


def test_ones_own_words_replace_the_ready_ones(reported: Site) -> None:
    client = reported.person("membre-a")
    form = closing(reported, client).fill("prete", "corrigee")

    form.fill("texte", "Nous sommes\r\nouverts le lundi.").send(client)

    assert "Nous sommes\nouverts le lundi." in reported.boite.courriels[0].texte
    assert PRETES[OFFRE]["corrigee"] not in reported.boite.courriels[0].texte


def test_nobody_is_written_to_who_did_not_ask(reported: Site) -> None:
    client = reported.person("membre-b")

    closing(reported, client, REF_B).fill("prete", "verifiee").send(client)

    assert reported.boite.courriels == []
    assert addresses(reported) == [MOI]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Choisissez une réponse"),
        ({"prete": "inventee"}, "Choisissez une réponse"),
        ({"texte": " \n "}, "Choisissez une réponse"),
        ({"texte": "é" * (MAX_REPONSE + 1)}, "trop longue"),
    ],
)
def test_an_answer_says_something_and_what_was_typed_stays(
    reported: Site, typed: dict[str, str], told: str
) -> None:
    client = reported.person("membre-a")
    form = closing(reported, client)
    for name, said in typed.items():
        form.fill(name, said)

    response = form.send(client)

    assert response.status_code == 400
    assert told in response.text
    assert typed.get("texte", "").strip() in response.text
    assert len(reported.espace.reponses.open(ADMINISTRATEUR)) == 2


def test_an_answer_that_cannot_leave_stays_owed_and_is_sent_again(reported: Site) -> None:
    client = reported.person("membre-a")
    reported.boite.fault = EnvoiImpossible("arret")
    response = closing(reported, client).fill("prete", "corrigee").send(client)

    page = client.get(response.headers["Location"])
    assert "n’a pas pu partir" in page.text
    assert "1 réponse" in page.text
    assert addresses(reported) == [MOI]
    again = form_of(page, "/renvoyer")
    still = client.get(again.send(client).headers["Location"]).text
    assert "réessayez dans quelques minutes" in still
    reported.boite.fault = None
    assert "sont parties" in client.get(again.send(client).headers["Location"]).text
    assert PRETES[OFFRE]["corrigee"] in reported.boite.courriels[0].texte
    assert addresses(reported) == []


def test_a_mailbox_that_does_not_exist_is_given_up(reported: Site) -> None:
    client = reported.person("membre-a")
    reported.boite.fault = AdresseRefusee("5.1.1")

    closing(reported, client).fill("prete", "corrigee").send(client)

    assert addresses(reported) == []


def test_a_report_is_answered_once(reported: Site) -> None:
    first, second = reported.person("membre-a"), reported.person("coordinateur")
    late = closing(reported, second).fill("prete", "retiree")
    closing(reported, first).fill("prete", "corrigee").send(first)

    response = late.send(second)

    assert response.status_code == 404
    assert "Quelqu’un a déjà répondu" in response.text
    assert len(reported.boite.courriels) == 1


def test_elsewhere_nothing_is_answered(reported: Site) -> None:
    form = closing(reported, reported.person("membre-a")).fill("prete", "corrigee")
    other = reported.person("membre-b")
    token = form_of(other.get(LIST), "/clore")["csrf_token"]

    assert form.fill("csrf_token", token).send(other).status_code == 403
    assert reported.boite.courriels == []


def test_an_answer_owed_elsewhere_is_not_sent_by_another(reported: Site) -> None:
    reported.boite.fault = EnvoiImpossible("arret")
    client = reported.person("membre-a")
    closing(reported, client).fill("prete", "corrigee").send(client)
    reported.boite.fault = None
    other = reported.person("membre-b")

    assert reported.espace.reponses.owed(ADMINISTRATEUR) == 1
    assert "Envoyer de nouveau" not in other.get(LIST).text
    form = form_of(client.get(LIST), "/renvoyer")
    token = form_of(other.get(LIST), "/clore")["csrf_token"]
    form.fill("csrf_token", token).send(other)
    assert reported.boite.courriels == []


def test_an_address_is_forgotten_after_a_month_whatever_happens(reported: Site) -> None:
    store = reported.espace.catalogue.signalements.store
    late = reported.espace.clock.now() - GARDE_COURRIEL - timedelta(minutes=1)
    store.add(REF_B, Constat(motif=Motif.AUTRE), late, "vieux@exemple.fr")

    reported.person("coordinateur").get(LIST)

    assert addresses(reported) == [MOI]


@pytest.fixture
def reported_house(site: Site) -> Site:
    """One report of structure A itself, whose reader waits for an answer."""
    constat = Constat(motif=Motif.N_EXISTE_PLUS, precision="Fermée en mai")
    site.espace.catalogue.signalements.report(MAISON_A, constat, MOI)
    return site


@pytest.mark.parametrize("name", SEEN)
def test_a_report_of_a_structure_is_seen_by_its_own(reported_house: Site, name: str) -> None:
    client = reported_house.person(name)
    page = client.get(LIST).text

    is_its_own = "Passer le permis" in SEEN[name]
    assert ("Maison A" in page) is is_its_own
    assert f"Erreurs signalées ({int(is_its_own)})" in client.get("/espace").text
    assert MOI not in page


@pytest.mark.parametrize("name", ["membre-a", "coordinateur"])
def test_a_report_of_a_structure_is_answered_with_its_own_words(
    reported_house: Site, name: str
) -> None:
    client = reported_house.person(name)
    page = client.get(LIST).text
    assert "La structure n’existe plus" in page
    assert "Structure. Reçu le" in page
    assert f'href="/espace/structures/{STRUCTURE_A}/modifier"' in page

    response = closing(reported_house, client, MAISON_A).fill("prete", "retiree").send(client)

    assert "Le signalement est clos" in client.get(response.headers["Location"]).text
    (sent,) = reported_house.boite.courriels
    assert (sent.destinataire, "Maison" in sent.sujet) == (MOI, False)
    assert "cette structure n’existe plus" in sent.texte
    assert "« Maison A »" in sent.texte
    assert addresses(reported_house) == []


def test_elsewhere_a_report_of_a_structure_is_not_answered(reported_house: Site) -> None:
    reported_house.espace.catalogue.signalements.report(REF_B, Constat(motif=Motif.AUTRE))
    form = closing(reported_house, reported_house.person("membre-a"), MAISON_A)
    other = reported_house.person("membre-b")
    token = form_of(other.get(LIST), "/clore")["csrf_token"]

    response = form.fill("prete", "corrigee").fill("csrf_token", token).send(other)

    assert response.status_code == 403
    assert reported_house.boite.courriels == []


def test_what_was_said_of_a_merged_structure_goes_to_who_keeps_it(
    site: Site, tmp_path: Path
) -> None:
    put(site, tmp_path, TWIN)
    twin = FicheRef(objet=STRUCTURE, id=str(TWIN["id"]))
    report = site.espace.catalogue.signalements.report
    report(twin, Constat(motif=Motif.HORAIRES, precision="Fermé le lundi"), MOI)
    assert "Fermé le lundi" not in site.person("membre-a").get(LIST).text
    coordinateur = site.person("coordinateur")
    form_of(coordinateur.get(BOTH), "/reunir").send(coordinateur)
    client = site.person("membre-a")

    page = client.get(LIST).text

    assert "Fermé le lundi" in page
    assert f'href="/espace/structures/{STRUCTURE_A}/modifier"' in page
    closing(site, client, twin).fill("prete", "corrigee").send(client)
    assert [sent.destinataire for sent in site.boite.courriels] == [MOI]
