"""The shortlist: it holds ids of offers and nothing else, and travels without JavaScript."""

from flask.testing import FlaskClient

from app.web.public.kept import MAX_KEPT
from tests.e2e.pages import OFFRE
from tests.web.public.markup import visit

IDENT = OFFRE.removeprefix("/offres/")


def test_an_offer_is_kept_from_the_results_and_stays_kept_from_page_to_page(
    client: FlaskClient,
) -> None:
    page = visit(client, "/recherche", lieu="Orange")
    href = page.link("Garder")

    kept = visit(client, href)

    assert "Ma liste (1)" in kept.text
    assert "Retirer de ma liste" in kept.text
    following = visit(client, kept.link("Page suivante"))
    assert "Ma liste (1)" in following.text
    assert following.all("input", type="hidden", name="liste")
    listed = visit(client, following.link("Ma liste"))
    assert listed.headings(1) == ["Ma liste"]
    assert len(listed.headings(2)) == 2  # the offer, then the emergency numbers


def test_a_list_says_what_to_bring_and_whom_to_call(client: FlaskClient) -> None:
    page = visit(client, "/ma-liste", liste=IDENT)

    for words in ("Où", "Combien", "Quoi apporter", "1 offre"):
        assert words in page.text, words
    assert page.link("Imprimer une page par offre").endswith("&format=fiches")
    assert page.link("Ajouter d’autres offres") == f"/?liste={IDENT}"
    assert page.link("Retirer de ma liste") == "/ma-liste"


def test_a_list_is_shared_by_a_link_that_holds_only_ids(client: FlaskClient) -> None:
    page = visit(client, "/ma-liste", liste=IDENT, q="rsa", utm_source="lettre")

    (address,) = [f["value"] for f in page.all("input", id="adresse-liste")]
    assert address == f"http://localhost/ma-liste?liste={IDENT}"
    assert "rsa" not in page.link("Envoyer par courriel")


def test_offers_that_are_gone_are_told(client: FlaskClient) -> None:
    page = visit(client, f"/ma-liste?liste={IDENT}&liste=partie&liste={IDENT}")

    assert "1 offre de cette liste n’est plus publiée." in page.text
    assert "1 offre, gardée" in page.text


def test_an_empty_list_says_how_to_fill_it(client: FlaskClient) -> None:
    page = visit(client, "/ma-liste")

    assert "Votre liste est vide." in page.text
    assert page.link("Chercher une offre") == "/"


def test_a_list_has_an_end(client: FlaskClient) -> None:
    query = "&".join(f"liste=essai-{rank}" for rank in range(MAX_KEPT + 20))

    page = visit(client, f"/ma-liste?{query}&liste={'x' * 5000}")

    assert f"{MAX_KEPT} offres de cette liste ne sont plus publiées." in page.text


def test_a_sheet_joins_the_list_that_its_reader_brings(client: FlaskClient) -> None:
    page = visit(client, OFFRE, liste="essai-1")

    assert page.link("Garder") == f"/ma-liste?liste=essai-1&liste={IDENT}"
