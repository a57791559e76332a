"""Nothing of what is answered stays: no cookie, no address, no cache, no log; and no unit of it."""

import logging

import pytest
from flask.testing import FlaskClient

from app.web.current import current_catalogue
from app.web.match.flows import FLOWS, Flow
from app.web.public.emergency import EMERGENCY_NUMBERS
from app.web.rate_limits import GROUPS, LIMITS, QUESTIONNAIRES
from seed.questionnaire import read_questionnaire
from seed.reference import ReferenceInvalide
from tests.conftest import AppWith
from tests.web.match.browser import Browser
from tests.web.public.markup import read

CANARY = "canari-9f8e7d"
STEPS = ("", "/solutions", "/offre", "/proposition")
ANSWERS = {"f.residence": "Avignon", "f.age": "1987-03-04", "b.mobilite": "3"}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.slug)
def test_no_page_is_kept_nor_leaves_a_trace(visitor: FlaskClient, flow: Flow, step: str) -> None:
    response = visitor.post(f"/{flow.slug}{step}", data={**ANSWERS, "offre": "essai--p1"})

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in response.headers
    assert "Location" not in response.headers


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.slug)
def test_no_address_of_a_page_holds_an_answer(visitor: FlaskClient, flow: Flow, step: str) -> None:
    response = visitor.post(f"/{flow.slug}{step}", data={**ANSWERS, "offre": "essai--p1"})
    page = read(response.text)

    addresses = [*page.hrefs(), *(a["action"] or "" for a in page.all("form"))]
    addresses += [a["formaction"] or "" for a in page.all("button") if "formaction" in a]
    assert not [a for a in addresses if "?" in a and "google" not in a]
    assert not [a for a in addresses if "1987" in a or "essai--" in a]
    assert all(a["method"] == "post" for a in page.all("form"))
    assert not page.all("script")


@pytest.mark.parametrize("step", ["", "/solutions", "/offre", "/effacer"])
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.slug)
def test_help_and_the_ways_out_are_everywhere(visitor: FlaskClient, flow: Flow, step: str) -> None:
    address = f"/{flow.slug}{step}"
    response = (
        visitor.get(address)
        if step == "/effacer"
        else visitor.post(address, data={**ANSWERS, "offre": "essai--p1"})
    )
    page = read(response.text)

    assert {n.href for n in EMERGENCY_NUMBERS} <= set(page.hrefs())
    assert any("google" in href for href in page.hrefs())
    assert step == "/effacer" or f"/{flow.slug}/effacer" in page.hrefs()
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    anchors = {href[1:] for href in page.hrefs() if href.startswith("#")}
    assert anchors <= set(ids)


def test_no_log_tells_an_answer(
    visitor: FlaskClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for flow in FLOWS:
        for step in STEPS:
            for name in ("f.residence", "f.age", "b.mobilite", "offre", "selection", CANARY):
                visitor.post(f"/{flow.slug}{step}", data={**ANSWERS, name: CANARY})

    said = capfd.readouterr()
    logged = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    assert "request_finished" in said.err
    # Whole dates: four digits alone are also found in clocks and identifiers of requests.
    for secret in (CANARY, ANSWERS["f.age"], "04/03/1987", "Avignon"):
        assert secret not in said.err + said.out
        assert not [line for line in logged if secret in line]


def test_questionnaires_have_a_limit_of_their_own(app_with: AppWith) -> None:
    client = app_with(RATE_LIMITS="on").test_client()
    allowed = int(LIMITS[QUESTIONNAIRES].split()[0])

    statuses = [client.post("/pour-moi").status_code for _ in range(allowed + 1)]

    assert set(statuses[:allowed]) == {200}
    assert statuses[allowed] == 429
    assert client.get("/").status_code == 200
    assert sum(group == QUESTIONNAIRES for group in GROUPS.values()) == 10


def test_nothing_sensitive_is_asked_in_public_before_the_last_screen(visitor: FlaskClient) -> None:
    browser = Browser.open(visitor, "/pour-moi")
    while following := browser.page.all("button", name="aller", **{"class": "button"}):
        assert "Questions facultatives" not in browser.page.text
        browser.press("aller", following[0]["value"] or "")
    assert "Questions facultatives" in browser.page.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("ecran = 1 =", "TOML", id="not-toml"),
        pytest.param("", "ecran", id="no-screen"),
        pytest.param("[[ecran]]\ncle='a'", "titre", id="no-title"),
        pytest.param("[[ecran]]\ncle='a'\ntitre='A'\nx=1", "« x »", id="unknown-key"),
        pytest.param("[[ecran]]\ncle='a'\ntitre='A'\nquestions=['zut']", "zut", id="no-fact"),
        pytest.param("[[ecran]]\ncle='a'\ntitre='A'\nquestions=['situations']", "situations",
                     id="no-value"),
        pytest.param("[[ecran]]\ncle='a'\ntitre='A'\nbesoins=['zut']", "zut", id="no-need"),
        pytest.param("[[ecran]]\ncle='a'\ntitre='A'\nquestions=['age','age']", "deux fois",
                     id="twice"),
    ],
)  # fmt: skip
def test_a_faulty_questionnaire_is_refused(visitor: FlaskClient, text: str, said: str) -> None:
    with visitor.application.app_context():
        vocabulaire = current_catalogue().vocabulaire

    with pytest.raises(ReferenceInvalide, match=said):
        read_questionnaire(text, "essai.toml", vocabulaire)
