"""Campaigns as a coordinator runs them, from form to call, and as a structure stops them."""

from dataclasses import replace

import pytest

from app.domain.campagnes import Campagne, ModeContact
from app.domain.comptes import Acteur
from app.domain.connexion import CourrielNonParti
from app.domain.droits import Action
from app.domain.edition import Fiche, FicheRef
from app.services.campagnes import AdresseEnEchec, Lettre
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, form_of

BOARD = "/espace/campagnes"
CALL = f"{BOARD}/1/structures/{STRUCTURE_A}"
STOP = f"/espace/structures/{STRUCTURE_A}/rappels"


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


def test_a_call_confirms_every_listing(site: Site) -> None:
    opened(site)
    client = site.person("coordinateur")
    form = form_of(client.get(CALL), CALL)

    answer = form.fill("resultat", "confirme").send(client)

    assert answer.status_code == 303
    today = site.espace.clock.today()
    for ref in (FicheRef(objet="offre", id=OFFRE_A), FicheRef(objet="structure", id=STRUCTURE_A)):
        fiche = site.espace.edition.store.get(ref)
        assert fiche is not None
        assert fiche.value.derniere_confirmation == today
    page = client.get(answer.headers["Location"])
    assert "Fait" in page.text
    assert "est noté" in page.text


@pytest.mark.parametrize("is_between", [False, True], ids=["during-the-call", "at-the-same-time"])
def test_a_call_confirms_all_or_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, is_between: bool
) -> None:
    opened(site)
    client = site.person("coordinateur")
    form = form_of(client.get(CALL), CALL)
    edition = site.espace.edition
    allowed = type(edition)._allowed

    def change() -> None:
        """Changes an offer as somebody else does meanwhile."""
        fiche = edition.store.get(FicheRef(objet="offre", id=OFFRE_A))
        assert fiche is not None
        other = replace(fiche.value, nom="Conduire")
        edition.store.save(other, fiche.revision, "compte:9", edition.clock.now())

    def changed_behind(self: object, acteur: Acteur, action: Action, ref: FicheRef) -> Fiche:
        fiche: Fiche = allowed(edition, acteur, action, ref)
        if ref.id == OFFRE_A and action is Action.CONFIRMER_FICHE:
            change()
        return fiche

    if is_between:
        monkeypatch.setattr(type(edition), "_allowed", changed_behind)
    else:
        change()
    answer = form.fill("resultat", "confirme").send(client)

    page = client.get(answer.headers["Location"])
    assert "rien n’est noté" in page.text
    assert "Dernier appel" not in page.text
    for ref in (FicheRef(objet="offre", id=OFFRE_A), FicheRef(objet="structure", id=STRUCTURE_A)):
        fiche = edition.store.get(ref)
        assert fiche is not None
        assert fiche.value.derniere_confirmation is None


def test_a_call_without_answer_confirms_nothing(site: Site) -> None:
    opened(site)
    client = site.person("coordinateur")

    form_of(client.get(CALL), CALL).fill("resultat", "injoignable").send(client)

    fiche = site.espace.edition.store.get(FicheRef(objet="offre", id=OFFRE_A))
    assert fiche is not None
    assert fiche.value.derniere_confirmation is None
    assert "injoignable" in client.get(CALL).text
    assert form_of(client.get(CALL), CALL).fill("resultat", "x").send(client).status_code == 400


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


def test_its_members_choose_how_a_structure_is_asked(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(STOP), STOP)

    wrong = form.fill("mode", "courriel").fill("courriel", "pas une adresse").send(client)
    assert wrong.status_code == 422
    assert "pas une adresse" in wrong.text
    assert form.fill("mode", "x").send(client).status_code == 400
    form.fill("mode", "courriel").fill("courriel", "relances@a.fr").send(client)

    assert form_of(client.get(STOP), STOP)["courriel"] == "relances@a.fr"
    assert "relances@a.fr" not in site.visitor().get(f"/structures/{STRUCTURE_A}").text
    opened(site)
    (letter,) = letters(site)
    assert letter.courriel == "relances@a.fr"


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
