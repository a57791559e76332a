"""Likely duplicates as a coordinator meets them: listed, compared, merged, told apart, undone."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.domain.edition import FicheRef
from app.domain.offre import StructureId
from app.domain.publication import OFFRE, STRUCTURE
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, form_of

LIST, PAIR = "/espace/doublons", "/espace/doublons/paire"
TWIN = {
    "source": "autre",
    "id": "autre--a",
    "nom": "La Maison A",
    "date_maj": "2026-02-05",
    "code_insee": "84007",
    "commune": "Avignon",
    "code_postal": "84000",
    "telephone": "0490111111",
    "courriel": "accueil@a.fr",
}
TWIN_OFFRE = {
    "source": "autre",
    "structure_id": "autre--a",
    "id": "autre--a1",
    "nom": "Passer le permis de conduire",
    "description": "La même chose, dite autrement.",
    "date_maj": "2026-02-05",
}
BOTH = f"{PAIR}?une={STRUCTURE_A}&autre=autre--a"


@pytest.fixture
def twins(site: Site, tmp_path: Path) -> Site:
    """A second source lists structure A too, with an offer of its own."""
    put(site, tmp_path, TWIN, TWIN_OFFRE)
    return site


def put(site: Site, folder: Path, *records: dict[str, object]) -> None:
    feed = folder / "jumelles.json"
    feed.write_text(json.dumps(records), encoding="utf-8")
    imported = site.app.test_cli_runner().invoke(args=["catalogue", "import", str(feed)])
    assert imported.exit_code == 0, imported.output


def pages_of(client: FlaskClient) -> str:
    """Returns every page of the list: the shipped catalogue has pairs of its own."""
    texts, page = [], 1
    while True:
        text = client.get(f"{LIST}?page={page}").text
        texts.append(text)
        if "Page suivante" not in text:
            return "\n".join(texts)
        page += 1


def value(site: Site, ident: str, objet: str = STRUCTURE) -> object:
    fiche = site.espace.edition.store.get(FicheRef(objet=objet, id=ident))
    assert fiche is not None
    return fiche.value


def test_a_pair_is_listed_with_its_reasons_to_whom_it_concerns(twins: Site) -> None:
    page = pages_of(twins.person("coordinateur-bassin"))

    assert "La Maison A" in page
    assert "même nom, même courriel, même commune" in page or (
        "même nom" in page and "même courriel" in page
    )
    assert "La Maison A" not in pages_of(twins.person("coordinateur-ailleurs"))
    assert "Fiches en double" in twins.person("coordinateur").get("/espace").text
    assert "Fiches en double" not in twins.person("membre-a").get("/espace").text


def test_both_are_side_by_side_with_what_differs(twins: Site) -> None:
    page = twins.person("coordinateur").get(BOTH)
    text = page.text.replace("&nbsp;", "\xa0")

    assert "Autre fiche\xa0:" in text
    assert "0490111111" in text
    assert "(une seule le dit)" in text
    form = form_of(page, "/reunir")
    assert form["garde"] == STRUCTURE_A  # somebody keeps it up to date
    assert (form["champ.telephone"], form["champ.nom"]) == ("absorbe", "absorbe")
    assert "Tenue par 1 personne" in text
    other = form_of(twins.person("coordinateur").get(f"{BOTH}&garde=autre--a"), "/reunir")
    assert other["garde"] == "autre--a"
    assert (other["champ.telephone"], other["champ.nom"]) == ("garde", "garde")


def test_hours_are_compared_in_words(twins: Site, tmp_path: Path) -> None:
    put(twins, tmp_path, {**TWIN, "horaires_accueil": "Mo-Su 09:00-12:00"})

    page = twins.person("coordinateur").get(BOTH).text.replace("&nbsp;", " ").replace("\xa0", " ")

    assert "Du lundi au dimanche : de 9 h à 12 h" in page
    assert "Mo-Su" not in page


def merged(twins: Site, **chosen: str) -> FlaskClient:
    """Merges the twin into structure A."""
    client = twins.person("coordinateur")
    form = form_of(client.get(f"{BOTH}&garde={STRUCTURE_A}"), "/reunir")
    for name, side in chosen.items():
        form.fill(f"champ.{name}", side)
    response = form.send(client)
    assert response.status_code == 303, response.text
    assert "n’en font plus qu’une" in client.get(response.headers["Location"]).text
    return client


def test_merging_keeps_what_was_chosen_and_leads_there(twins: Site, tmp_path: Path) -> None:
    merged(twins, nom="garde", telephone="absorbe")

    kept = value(twins, STRUCTURE_A)
    assert (kept.nom, kept.telephone) == ("Maison A", "0490111111")  # type: ignore[attr-defined]  # a structure
    visitor = twins.visitor()
    moved = visitor.get("/structures/autre--a")
    assert moved.status_code == 302
    assert moved.headers["Location"].endswith(f"/structures/{STRUCTURE_A}")
    sheet = visitor.get(f"/structures/{STRUCTURE_A}").text
    assert "Passer le permis de conduire" in sheet
    assert visitor.get("/offres/autre--a1").status_code == 200
    put(twins, tmp_path, {**TWIN, "nom": "De retour"}, {**TWIN_OFFRE, "nom": "Neuf"})
    assert visitor.get("/structures/autre--a").status_code == 302
    assert "Neuf" in visitor.get(f"/structures/{STRUCTURE_A}").text
    assert visitor.get("/structures/nulle-part").status_code == 404


def test_the_history_tells_it_and_it_can_be_undone(twins: Site) -> None:
    client = merged(twins, telephone="absorbe")
    history = client.get(f"/espace/structures/{STRUCTURE_A}/historique").text
    assert "Réunie avec une autre fiche" in history
    assert "La Maison A (autre--a)" in history

    response = form_of(client.get(LIST), "/separer").send(client)

    assert "de nouveau séparées" in client.get(response.headers["Location"]).text
    assert value(twins, STRUCTURE_A).telephone is None  # type: ignore[attr-defined]  # a structure
    assert twins.visitor().get("/structures/autre--a").status_code == 200
    assert "La Maison A" in pages_of(client)


def test_software_is_led_to_the_listing_that_is_kept(twins: Site) -> None:
    client = merged(twins)
    visitor = twins.visitor()

    moved = visitor.get("/api/v1/structures/autre--a")

    assert (moved.status_code, moved.data) == (302, b"")
    assert moved.headers["Location"] == f"/api/v1/structures/{STRUCTURE_A}"
    assert moved.headers["Access-Control-Allow-Origin"] == "*"
    assert visitor.get(moved.headers["Location"]).json["id"] == STRUCTURE_A
    assert visitor.get("/api/v1/structures/rien").status_code == 404
    form_of(client.get(LIST), "/separer").send(client)
    assert visitor.get("/api/v1/structures/autre--a").status_code == 200


def test_offers_of_what_was_merged_are_proposed_then_merged(twins: Site) -> None:
    client = merged(twins)
    address = f"{PAIR}?objet=offre&une={OFFRE_A}&autre=autre--a1"
    assert "même structure" in pages_of(client)

    form = form_of(client.get(f"{address}&garde={OFFRE_A}"), "/reunir")
    assert form.send(client).status_code == 303

    assert twins.visitor().get("/offres/autre--a1").headers["Location"].endswith(OFFRE_A)
    assert value(twins, OFFRE_A, OFFRE).eligibilite is not None  # type: ignore[attr-defined]  # an offer
    assert "même structure" not in pages_of(client)


def test_two_told_apart_are_never_proposed_again(twins: Site) -> None:
    client = twins.person("coordinateur")

    response = form_of(client.get(BOTH), "/distinguer").send(client)

    assert "ne vous seront plus proposées" in client.get(response.headers["Location"]).text
    assert "La Maison A" not in pages_of(client)
    assert twins.visitor().get("/structures/autre--a").status_code == 200


def test_a_stale_page_merges_nothing_and_shows_both_again(twins: Site) -> None:
    client = twins.person("coordinateur")
    form = form_of(client.get(f"{BOTH}&garde={STRUCTURE_A}"), "/reunir")
    form.fill("champ.nom", "garde")
    edit = f"/espace/structures/{STRUCTURE_A}/modifier"
    form_of(client.get(edit), edit).fill("telephone", "0466000000").send(client, "enregistrer")

    response = form.send(client)

    assert response.status_code == 409
    assert "rien n’a été réuni" in response.text
    assert twins.visitor().get("/structures/autre--a").status_code == 200
    again = form_of(response, "/reunir")
    assert again["champ.nom"] == "garde"  # what was chosen is kept
    assert again.send(client).status_code == 303


def test_a_page_of_what_was_merged_already_says_so(twins: Site) -> None:
    client = twins.person("coordinateur")
    form = form_of(client.get(BOTH), "/reunir")
    merged(twins)

    said = client.get(form.send(client).headers["Location"]).text
    assert "Quelqu’un a déjà décidé" in said
    assert "Quelqu’un a déjà décidé" in client.get(BOTH, follow_redirects=True).text
    separate = form_of(client.get(LIST), "/separer")
    separate.send(client)
    assert "Quelqu’un a déjà décidé" in client.get(separate.send(client).headers["Location"]).text


def test_a_listing_opened_before_the_merge_is_settled_not_lost(twins: Site) -> None:
    client = twins.person("coordinateur")
    edit = "/espace/offres/autre--a1/modifier"
    form = form_of(client.get(edit), edit).fill("nom", "Corrigé")
    merged(twins)

    response = form.send(client, "enregistrer")

    assert response.status_code == 409
    settled = form_of(response, edit)
    assert settled["nom"] == "Corrigé"
    assert settled.send(client, "enregistrer").status_code == 303
    assert value(twins, "autre--a1", OFFRE).structure_id == STRUCTURE_A  # type: ignore[attr-defined]  # an offer


def test_a_hidden_address_stays_hidden(twins: Site, tmp_path: Path) -> None:
    put(twins, tmp_path, {**TWIN, "adresse": "1 rue du Secret", "adresse_confidentielle": True})
    client = twins.person("coordinateur")
    assert "elle le restera" in client.get(BOTH).text

    merged(twins, adresse="absorbe")

    assert "1 rue du Secret" not in twins.visitor().get(f"/structures/{STRUCTURE_A}").text


def test_members_follow(twins: Site) -> None:
    quand = twins.espace.clock.now()
    twins.espace.comptes.ask(twins.compte_id("sans-structure"), StructureId("autre--a"), quand)
    twins.espace.comptes.admit(
        twins.compte_id("sans-structure"), StructureId("autre--a"), "essai", quand
    )

    merged(twins)

    sheet = f"/espace/structures/{STRUCTURE_A}"
    assert twins.person("sans-structure").get(sheet).status_code == 200


def test_elsewhere_nothing_is_seen_nor_decided(twins: Site) -> None:
    here, elsewhere = twins.person("coordinateur"), twins.person("coordinateur-ailleurs")
    page = here.get(BOTH)
    assert elsewhere.get(BOTH).status_code == 403
    token = form_of(elsewhere.get("/espace/compte"), "/compte/nom")["csrf_token"]
    for gesture in ("/reunir", "/distinguer"):
        form = form_of(page, gesture).fill("csrf_token", token)
        assert form.send(elsewhere).status_code == 403
    merged(twins)
    separate = form_of(here.get(LIST), "/separer").fill("csrf_token", token)
    assert separate.send(elsewhere).status_code == 403
    assert "Déjà réunies" not in elsewhere.get(LIST).text


ODD = {
    f"{PAIR}?une={STRUCTURE_A}": 404,
    f"{PAIR}?une={STRUCTURE_A}&autre=x%00": 400,
    f"{PAIR}?objet=rien&une=a&autre=b": 404,
    f"{PAIR}?une={STRUCTURE_A}&autre={STRUCTURE_A}": 303,
    f"{LIST}?page=999999": 200,
    f"{LIST}?page=%00": 400,
    f"{LIST}?fait=%3Cscript%3E": 200,
}


def test_odd_addresses_are_answered(shared_site: Site) -> None:
    client = shared_site.person("administrateur")
    for address, status in ODD.items():
        response = client.get(address)
        assert response.status_code == status, address
        assert "<script>" not in response.text


@pytest.mark.parametrize(
    "typed",
    [
        {"base_garde": "-1"},
        {"base_garde": "9" * 40},
        {"base_absorbe": "é"},
        {"champ.nom": "tout"},
        {"absorbe": STRUCTURE_A},
        {"objet": "rien"},
    ],
)
def test_a_forged_form_breaks_nothing(twins: Site, typed: dict[str, str]) -> None:
    client = twins.person("coordinateur")
    form = form_of(client.get(f"{BOTH}&garde={STRUCTURE_A}"), "/reunir")
    for name, said in typed.items():
        form.fill(name, said)

    assert form.send(client).status_code in (303, 400, 404, 409)
    assert value(twins, STRUCTURE_A).id == STRUCTURE_A  # type: ignore[attr-defined]  # a structure
