"""The way back to a list: to this site only, whatever the browser sends."""

import pytest
from flask.testing import FlaskClient

from app.web.public.retour import back_to
from tests.e2e.pages import OFFRE
from tests.web.public.markup import visit


def test_it_leads_to_the_very_results() -> None:
    back = back_to("https://eventail.fr/recherche?q=permis&page=2", "eventail.fr")

    assert back is not None
    assert (back.label, back.url) == ("Retour aux résultats", "/recherche?q=permis&page=2")


@pytest.mark.parametrize(
    "referrer",
    [
        None,
        "",
        "https://ailleurs.fr/recherche?q=permis",
        "https://eventail.fr.ailleurs.fr/recherche",
        "https://eventail.fr@ailleurs.fr/recherche",
        "//ailleurs.fr/recherche",
        "javascript://eventail.fr/recherche",
        "https://eventail.fr/pour-moi",
        "https://eventail.fr//ailleurs.fr/recherche",
        "https://[eventail.fr/recherche",
    ],
)
def test_it_leads_nowhere_else(referrer: str | None) -> None:
    assert back_to(referrer, "eventail.fr") is None


@pytest.mark.parametrize(
    ("address", "label"),
    [("/recherche?lieu=Orange", "Retour aux résultats"), ("/ma-liste", "Retour à ma liste")],
)
def test_a_sheet_shows_it(client: FlaskClient, address: str, label: str) -> None:
    response = client.get(OFFRE, headers={"Referer": f"http://localhost{address}"})

    assert label in response.text
    assert f'href="{address}"' in response.text
    assert label not in visit(client, OFFRE).text


@pytest.mark.parametrize(
    ("address", "policy"),
    [("/recherche", "same-origin"), ("/", "no-referrer"), ("/pour-moi", "no-referrer")],
)
def test_only_lists_say_where_a_visitor_comes_from(
    client: FlaskClient, address: str, policy: str
) -> None:
    assert client.get(address).headers["Referrer-Policy"] == policy
