"""Similar offers on a sheet: the same need, nearby, by others; none while the engine is away."""

from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import AppWith
from tests.e2e.pages import OFFRE
from tests.web.public.conftest import OFFRE as LISTING
from tests.web.public.conftest import STRUCTURE
from tests.web.public.markup import visit

TITLE = "Ailleurs, pour le même besoin"


def test_they_are_of_other_structures_nearby(client: FlaskClient) -> None:
    page = visit(client, OFFRE)

    assert TITLE in page.headings(2)
    everything = page.link("Toutes les offres semblables près de")
    found = visit(client, everything)
    assert found.status == 200
    assert "thematiques=" in everything
    assert "code_commune=" in everything


def test_an_offer_that_names_no_need_has_none(app_with: AppWith) -> None:
    app = app_with([STRUCTURE, {**LISTING, "thematiques": []}])

    page = visit(app.test_client(), "/offres/essai--tout")

    assert page.status == 200
    assert TITLE not in page.headings(2)


def test_a_sheet_stays_while_the_engine_is_away(engine_down: Flask) -> None:
    page = visit(engine_down.test_client(), OFFRE)

    assert page.status == 200
    assert TITLE not in page.headings(2)
