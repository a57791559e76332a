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


def test_the_most_alike_come_first(app_with: AppWith) -> None:
    permis, velo = "mobilite--preparer-un-permis", "mobilite--acceder-a-un-vehicule"
    others = [("loin", [permis, velo, "sante--sante-mentale"]), ("pareille", [permis])]
    records = [STRUCTURE, {**LISTING, "thematiques": [permis]}]
    for name, themes in others:
        structure = {**STRUCTURE, "id": f"essai--s-{name}", "nom": name, "siret": None}
        records.append(structure)
        records.append(
            {
                **LISTING,
                "id": f"essai--a-{name}",
                "nom": f"Offre {name}",
                "structure_id": structure["id"],
                "thematiques": themes,
            }
        )

    page = visit(app_with(records).test_client(), "/offres/essai--tout")

    assert page.text.index("Offre pareille") < page.text.index("Offre loin")
