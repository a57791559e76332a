"""Campaigns as a coordinator runs them, from form to call, and as a structure stops them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.cli.campagnes import writing_to
from app.domain.campagnes import Campagne, ModeContact
from app.domain.connexion import CourrielNonParti
from app.domain.edition import FicheRef
from app.mail.sender import AdresseRefusee
from app.services.campagnes import AdresseEnEchec, Lettre
from tests.web.espace.conftest import STRUCTURE_A, STRUCTURE_B, Site, form_of

BOARD = "/espace/campagnes"
CALL = f"{BOARD}/1/structures/{STRUCTURE_A}"


def opened(site: Site, **fields: str) -> str:
    """Creates a campaign as a coordinator and returns its address."""
    client = site.person("coordinateur")
    form = form_of(client.get(BOARD), BOARD)
    values = {"nom": "Hiver", "perimetre": "vaucluse", "mois": "", **fields}
    for name, value in values.items():
        form.fill(name, value)
    return form.send(client).headers["Location"]


def letters(site: Site) -> list[Lettre]:
    """Sends what is due, and returns what was written to structure A."""
    written: list[Lettre] = []
    site.espace.campagnes.send_due(written.append)
    return [one for one in written if one.participante.id == STRUCTURE_A]


def letters_of(site: Site) -> list[Lettre]:
    """Opens a campaign and returns what it writes to structure A."""
    opened(site)
    return letters(site)


def test_a_campaign_is_made_and_shows_its_structures(site: Site) -> None:
    address = opened(site)

    page = site.person("coordinateur").get(f"{address}?nom=maison+a")

    assert "Maison A" in page.text
    assert "À faire" in page.text
    assert page.text.count("<svg viewBox") >= 1
    assert "style=" not in page.text


def test_what_was_typed_is_kept_beside_what_to_correct(site: Site) -> None:
    client = site.person("coordinateur")
    form = form_of(client.get(BOARD), BOARD)
    form.fill("nom", "Hiver").fill("relances", "20, 10").fill("message", "Merci à tous.")

    answer = form.send(client)

    assert answer.status_code == 422
    again = form_of(answer, BOARD)
    assert (again["nom"], again["relances"]) == ("Hiver", "20, 10")
    assert "Merci à tous." in again["message"]
    assert "du plus petit au plus grand" in answer.text
    assert site.espace.campagnes.store.all() == []


@pytest.mark.parametrize(
    ("champ", "typed"), [("debut", "hier"), ("fin", ""), ("mois", "6, 7"), ("relances", "dix")]
)
def test_what_cannot_be_read_is_said(site: Site, champ: str, typed: str) -> None:
    client = site.person("coordinateur")

    answer = form_of(client.get(BOARD), BOARD).fill("nom", "Hiver").fill(champ, typed).send(client)

    assert answer.status_code == 422
    assert f'id="{champ}-faute-1"' in answer.text
    assert f'href="#{champ}"' in answer.text


def test_reminders_that_would_never_leave_are_refused(shared_site: Site) -> None:
    client = shared_site.person("coordinateur")
    form = form_of(client.get(BOARD), BOARD).fill("nom", "Hiver")
    today = shared_site.espace.clock.today()
    form.fill("fin", (today + timedelta(days=5)).isoformat())

    answer = form.send(client)

    assert answer.status_code == 422
    assert "ne partiraient jamais\u00a0: 10, 20" in answer.text
    assert "jusqu’à 5" in answer.text
    assert 'id="relances-faute-1"' in answer.text
    assert form_of(answer, BOARD)["relances"] == "10, 20"


def test_what_cannot_be_asked_is_refused_beside_its_field(shared_site: Site) -> None:
    client = shared_site.person("coordinateur")
    page = client.get(BOARD)
    for champ, typed in (
        ("message", "Merci\0"),
        ("nom", "Hi\u2028ver"),
        ("debut", "0001-01-01"),
        ("reseaux", "inventé\0"),
        ("thematiques", "inventée"),
    ):
        form = form_of(page, BOARD).fill("nom", "Hiver").fill(champ, typed)

        answer = form.send(client)

        assert answer.status_code == 422, champ
        assert f'href="#{champ}"' in answer.text
        assert f'id="{champ}-faute-1"' in answer.text
    assert shared_site.espace.campagnes.store.all() == []


def test_every_fault_is_said_at_once(shared_site: Site) -> None:
    client = shared_site.person("coordinateur")
    form = form_of(client.get(BOARD), BOARD).fill("debut", "hier").fill("mois", "99")

    answer = form.send(client)

    for champ in ("nom", "debut", "mois"):
        assert f'id="{champ}-faute-1"' in answer.text, champ


def test_lines_count_for_one_character_each(site: Site) -> None:
    opened(site, message="a\r\n" * 500)

    assert len(site.espace.campagnes.store.get(1).message) == 999


def test_pressing_twice_makes_one_campaign(site: Site) -> None:
    assert opened(site) == opened(site)
    assert opened(site) != opened(site, message="Merci.")


def test_a_campaign_opened_by_mistake_is_stopped(site: Site) -> None:
    address = opened(site)
    client, other = site.person("coordinateur"), site.person("coordinateur-ailleurs")
    form = form_of(client.get(address), f"{address}/arreter")
    stranger = form_of(other.get(BOARD), BOARD)
    assert (
        other.post(f"{address}/arreter", data={"csrf_token": stranger["csrf_token"]}).status_code
        == 403
    )

    for _ in range(2):
        page = client.get(form.send(client).headers["Location"])
    assert "plus aucun message ne part" in page.text
    assert "Arrêtée</strong> le" in page.text
    assert "Arrêter la campagne" not in page.text
    assert "Arrêtée</strong> le" in client.get(BOARD).text
    assert letters(site) == []
    assert client.get(f"{address}9").status_code == 404


def test_a_run_that_has_begun_stops_with_its_campaign(site: Site) -> None:
    opened(site)
    written: list[Lettre] = []

    def write(letter: Lettre) -> None:
        written.append(letter)
        site.espace.campagnes.store.stop(1, "compte:1", site.espace.clock.today())

    site.espace.campagnes.send_due(write)

    assert len(written) == 1


def test_an_address_that_cannot_be_written_to_stops_nobody_else(site: Site) -> None:
    store = site.espace.campagnes.store
    store.set_contact(STRUCTURE_A, ModeContact.COURRIEL, "é.accueil@a.fr")
    store.set_contact(STRUCTURE_B, ModeContact.COURRIEL, "accueil@b.fr")
    address = opened(site)

    site.espace.campagnes.send_due(writing_to(site.boite, "https://eventail.example"))

    assert "accueil@b.fr" in {sent.destinataire for sent in site.boite.courriels}
    assert store.contact(STRUCTURE_A).is_en_echec("é.accueil@a.fr")
    page = site.person("coordinateur").get(f"{address}?nom=maison+a&etat=courriel_en_echec")
    assert "Maison A" in page.text


def test_a_message_that_cannot_be_written_is_no_fault_of_an_address(site: Site) -> None:
    today = site.espace.clock.today()
    old = Campagne(
        nom="Hiver", perimetre="vaucluse", debut=today, fin=today, mois=None, message="Merci\ud800"
    )
    letter = replace(letters_of(site)[0], campagne=old)

    with pytest.raises(CourrielNonParti):
        writing_to(site.boite, "https://eventail.example")(letter)


@pytest.mark.parametrize(
    ("code", "fault"), [("5.1.1", AdresseEnEchec), ("5.2.2", CourrielNonParti)]
)
def test_a_full_mailbox_is_written_to_again(site: Site, code: str, fault: type[Exception]) -> None:
    (letter,) = letters_of(site)
    site.boite.fault = AdresseRefusee(code)

    with pytest.raises(fault):
        writing_to(site.boite, "https://eventail.example")(letter)


def test_a_structure_without_a_commune_stands_where_its_offers_are_given(site: Site) -> None:
    edition, now = site.espace.edition, site.espace.clock.now()
    for ident, zone in ((STRUCTURE_A, ("84007",)), (STRUCTURE_B, None)):
        fiche = edition.store.get(FicheRef(objet="structure", id=ident))
        assert fiche is not None
        (offre,) = edition.store.offres_of(ident)
        edition.store.save(
            replace(offre.value, zone_eligibilite=zone), offre.revision, "compte:9", now
        )
        edition.store.save(replace(fiche.value, code_insee=None), fiche.revision, "compte:9", now)
    client = site.person("coordinateur")
    address = f"{opened(site)}?nom=maison"

    page = client.get(address)

    assert f"structures/{STRUCTURE_A}" in page.text
    assert f"structures/{STRUCTURE_B}" not in page.text
    there, elsewhere = (
        client.get(f"{address}&bassin={bassin}").text
        for bassin in ("grand-avignon", "sud-vaucluse")
    )
    assert f"structures/{STRUCTURE_A}" in there
    assert f"structures/{STRUCTURE_A}" not in elsewhere
    assert client.get(CALL).status_code == 200


def test_a_coordinator_stays_within_the_perimeter(site: Site) -> None:
    address = opened(site)

    for name in ("coordinateur-bassin", "coordinateur-ailleurs"):
        client = site.person(name)
        assert client.get(address).status_code == 403
        form = form_of(client.get(BOARD), BOARD).fill("nom", "Ici").fill("perimetre", "vaucluse")
        assert form.send(client).status_code == 422


def test_the_list_is_filtered(site: Site) -> None:
    client = site.person("coordinateur")
    address = opened(site)

    address = f"{address}?nom=MAISON"
    assert "Maison A" in client.get(f"{address}&bassin=grand-avignon").text
    assert "Maison B" not in client.get(f"{address}&bassin=grand-avignon").text
    assert "Maison A" not in client.get(f"{address}&etat=fait").text
    assert "Maison A" not in client.get(f"{address}&reseau=ccas-cias").text
    assert "Maison A" not in client.get(f"{address}+inconnue").text


def test_a_structure_that_is_not_in_it_has_no_call_sheet(site: Site) -> None:
    opened(site, perimetre="grand-avignon")

    assert site.person("coordinateur").get(f"{BOARD}/1/structures/essai--b").status_code == 404


def test_a_message_leaves_once_and_its_button_stops_the_next(site: Site) -> None:
    opened(site)
    (letter,) = letters(site)
    assert letters(site) == []
    address = f"/rappels/{letter.arret}"
    visitor = site.visitor()
    store = site.espace.campagnes.store

    assert visitor.get(address).status_code == 200  # a scanner of mail opens every link
    assert visitor.get(f"/lien/{letter.lien}").status_code in (200, 303)
    assert store.contact(STRUCTURE_A).mode is ModeContact.COURRIEL

    data = {"List-Unsubscribe": "One-Click"}
    stopped = visitor.post(address, data=data, headers={"Sec-Fetch-Site": "cross-site"})

    assert stopped.status_code == 200
    assert "Set-Cookie" not in stopped.headers
    assert store.contact(STRUCTURE_A).mode is ModeContact.AUCUNE
    assert visitor.get("/rappels/inconnu").status_code == 404
    assert visitor.post("/rappels/inconnu").status_code == 404


@pytest.mark.parametrize("fault", [CourrielNonParti(), AdresseEnEchec()], ids=["later", "never"])
def test_what_cannot_leave_is_tried_again_unless_refused(site: Site, fault: Exception) -> None:
    opened(site)

    def refuse(_letter: Lettre) -> None:
        raise fault

    site.espace.campagnes.send_due(refuse)

    assert len(letters(site)) == isinstance(fault, CourrielNonParti)


def test_a_campaign_that_is_over_sends_nothing(site: Site) -> None:
    today = site.espace.clock.today()
    one = Campagne(nom="Hiver", perimetre="vaucluse", debut=today, fin=today, mois=None)
    day = today.replace(year=today.year - 1)
    site.espace.campagnes.store.add(
        replace(one, debut=day, fin=day), "compte:1", site.espace.clock.now()
    )

    assert letters(site) == []


def test_a_long_list_is_read_by_pages(site: Site) -> None:
    client = site.person("coordinateur")
    address = opened(site)

    first, second = client.get(address), client.get(f"{address}?page=2&nom=a")

    assert first.text.count(">Fiche d’appel<") == 50
    assert "Page 1 sur" in first.text
    assert "page=3" in second.text
    assert "nom=a" in second.text
    assert client.get(f"{address}?page=999999").text.count("Page suivante") == 0
    assert client.get(f"{address}?page=-1").text.count("Page précédente") == 0
