"""The home page: what the catalogue holds, and where to start."""

from flask import Flask
from flask.testing import FlaskClient

from app.web.public.home import EXAMPLES
from tests.shipped import shipped_services, shipped_structures
from tests.web.public.markup import visit


def test_it_says_how_much_there_is(client: FlaskClient) -> None:
    page = visit(client, "/")

    assert page.status == 200
    assert page.title == "Accueil – Éventail"
    offres, structures = map(len, (shipped_services(), shipped_structures()))
    told = f"{offres:,} offres proposées par {structures:,} structures".replace(",", " ")
    assert told in page.text


def test_the_sixteen_categories_lead_to_their_offers(client: FlaskClient) -> None:
    page = visit(client, "/")

    categories = [href for href in page.hrefs() if href.startswith("/recherche?thematiques=")]
    assert len(categories) == 16
    numerique = sum("numerique" in str(record["thematiques"]) for record in shipped_services())
    assert f"Numérique {numerique} offres" in page.text
    assert "aucune offre" not in page.text
    found = visit(client, "/recherche", thematiques="numerique")
    assert found.title.startswith(f"Numérique : {numerique} offres, page 1 sur ")


def test_territories_give_their_basins_and_say_that_they_are_approximate(
    client: FlaskClient,
) -> None:
    page = visit(client, "/")

    bassins = [href for href in page.hrefs() if href.startswith("/recherche?bassin=")]
    assert len(bassins) == 5
    assert "Les limites des quatre bassins sont une approximation." in page.text


def test_the_two_fields_carry_no_example_as_value(client: FlaskClient) -> None:
    page = visit(client, "/")

    assert page.value_of("q") == page.value_of("lieu") == ""


def test_without_an_engine_the_links_stay_and_no_count_is_made_up(engine_down: Flask) -> None:
    page = visit(engine_down.test_client(), "/")

    assert page.status == 200
    assert "La recherche est momentanément indisponible." in page.text
    assert "aucune offre" not in page.text
    assert sum(href.startswith("/recherche?thematiques=") for href in page.hrefs()) == 16


def test_an_empty_catalogue_says_so(empty_app: Flask) -> None:
    drained = empty_app.test_cli_runner().invoke(args=["index", "drain"])
    assert drained.exit_code == 0, drained.output

    page = visit(empty_app.test_client(), "/")

    assert page.status == 200
    assert "Le catalogue est vide pour l’instant" in page.text


def test_a_site_without_index_is_unavailable_rather_than_empty(empty_app: Flask) -> None:
    client = empty_app.test_client()

    assert visit(client, "/").status == 200
    found = visit(client, "/recherche", q="crèche")
    assert found.status == 503
    assert "momentanément indisponible" in found.text


def test_every_example_is_understood_and_finds_offers(client: FlaskClient) -> None:
    examples = [href for href in visit(client, "/").hrefs() if href.startswith("/recherche?q=")]

    assert len(examples) == len(EXAMPLES)
    for href in examples:
        found = visit(client, href)
        assert "Nous cherchons" in found.text
        assert found.title.split(" : ")[1].split()[0].isdigit(), found.title
