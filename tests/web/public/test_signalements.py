"""Reporting an error on a sheet: two presses, without JavaScript, and nobody's name."""

import json
import logging
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.edition import FicheRef
from app.domain.signalements import MAX_PRECISION, Motif, Signalement
from app.factory import create_app
from app.web.current import current_catalogue
from app.web.public.emergency import EMERGENCY_NUMBERS
from app.web.rate_limits import LIMITS, REPORTS
from schemas.signalements import MOTIFS
from tests.conftest import Record, settings_of
from tests.unit.persistence.dumps import rows
from tests.web.public.conftest import OFFRE, STRUCTURE
from tests.web.public.markup import Markup, read, visit

SHEET = "/offres/essai--tout"
FORM, THANKS = f"{SHEET}/signaler", f"{SHEET}/signale"
OFFRE_REF = FicheRef(objet="offre", id="essai--tout")
STRUCTURE_REF = FicheRef(objet="structure", id="essai--s")
HOUSE = "/structures/essai--s"
CANARY = "canari-9f8e7d"
TOO_LONG = f"{CANARY} {'é' * MAX_PRECISION}"
ODD_ID = "essai--a//b c?d#é%2F&"


def fill(app: Flask, folder: Path, *records: Record, **options: bool) -> None:
    feed = folder / "flux.json"
    feed.write_text(json.dumps(records), encoding="utf-8")
    words = ["--complet", "essai", "--force"] if options.get("whole") else []
    imported = app.test_cli_runner().invoke(args=["catalogue", "import", str(feed), *words])
    assert imported.exit_code == 0, imported.output


@pytest.fixture
def visitor(empty_app: Flask, tmp_path: Path) -> FlaskClient:
    """A visitor of a site with two sheets."""
    fill(empty_app, tmp_path, STRUCTURE, OFFRE, {**OFFRE, "id": ODD_ID, "nom": "Autre"})
    return empty_app.test_client()


def reports(client: FlaskClient) -> list[Signalement]:
    with client.application.app_context():
        return [listed.signalement for listed in current_catalogue().signalements.list_open()]


def send(client: FlaskClient, address: str = FORM, **form: str) -> TestResponse:
    return client.post(address, data=form)


def page_of(response: TestResponse) -> Markup:
    return read(response.text, response.status_code)


def test_the_sheet_ends_its_source_with_a_folded_form(visitor: FlaskClient) -> None:
    page = visit(visitor, SHEET)

    (fold,) = page.all("details", **{"class": "report"})
    assert "open" not in fold
    assert "Signaler une erreur sur cette fiche" in page.text
    (form,) = page.all("form", action=FORM)
    assert form["method"] == "post"
    tags = [tag for tag, _ in page.elements]
    ids = [attributes.get("id") for _, attributes in page.elements]
    assert ids.index("source") < page.elements.index(("details", fold)) < ids.index("autres")
    # The optional words come first, and Enter in them presses no button.
    assert tags.index("textarea") < ids.index("motif")
    buttons = page.all("button", name="motif", type="submit")
    assert [button["value"] for button in buttons] == list(Motif)


@pytest.mark.parametrize("motif", Motif)
def test_pressing_a_reason_sends_it_and_thanks(visitor: FlaskClient, motif: Motif) -> None:
    (form,) = visit(visitor, SHEET).all("form", action=FORM)

    sent = send(visitor, form["action"] or "", motif=motif.value, precision="")

    assert (sent.status_code, sent.headers["Location"]) == (303, THANKS)
    page = visit(visitor, sent.headers["Location"])
    assert "Merci. La fiche sera vérifiée." in page.text
    assert page.link("Revenir à la fiche") == SHEET
    (kept,) = reports(visitor)
    assert (kept.fiche, kept.motif, kept.precision) == (OFFRE_REF, motif, None)


def test_details_of_a_person_are_not_kept(visitor: FlaskClient) -> None:
    send(visitor, motif="autre", precision="Moi :\r\n06 00 00 00 00, moi@exemple.fr")

    assert [one.precision for one in reports(visitor)] == [
        "Moi : [numéro retiré], [adresse retirée]"
    ]


def test_the_same_report_twice_is_counted(visitor: FlaskClient) -> None:
    for _ in range(3):
        assert send(visitor, motif="horaires").status_code == 303

    assert [one.fois for one in reports(visitor)] == [3]


def test_reading_never_writes(visitor: FlaskClient) -> None:
    for address in (SHEET, FORM, THANKS):
        for method in (visitor.get, visitor.head):
            assert method(f"{address}?motif=horaires&precision=x").status_code == 200

    assert reports(visitor) == []


def test_the_form_also_has_its_own_page(visitor: FlaskClient) -> None:
    page = visit(visitor, FORM)

    assert page.title == "Signaler une erreur, Passer le permis zéphyr – Éventail"
    assert page.link("Passer le permis zéphyr") == SHEET
    assert "Erreur :" not in page.text
    assert len(page.all("button", name="motif")) == len(Motif)


@pytest.mark.parametrize(
    ("form", "champ", "said"),
    [
        pytest.param(
            {"motif": "horaires", "precision": TOO_LONG}, "precision", "300 caractères", id="long"
        ),
        pytest.param({"motif": "zut", "precision": CANARY}, "motif", "boutons", id="unknown"),
        pytest.param({"precision": CANARY}, "motif", "boutons", id="no-reason"),
    ],
)
def test_bad_input_is_explained_and_kept(
    visitor: FlaskClient, form: dict[str, str], champ: str, said: str
) -> None:
    response = send(visitor, **form)
    page = page_of(response)

    assert page.status == 400
    assert page.title.startswith("Erreur : Signaler une erreur")
    assert "Ce signalement n’est pas encore envoyé" in page.text
    assert f"#{champ}" in page.hrefs()
    (field,) = [a for _, a in page.elements if a.get("id") == champ]
    assert f"{champ}-faute-1" in (field["aria-describedby"] or "").split()
    assert said in page.text
    assert f">{form['precision']}</textarea>" in response.text
    assert page.all("form", action=FORM)
    assert reports(visitor) == []


def test_the_page_to_mend_is_like_every_other(visitor: FlaskClient) -> None:
    page = page_of(send(visitor, precision=TOO_LONG))

    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
    assert {number.href for number in EMERGENCY_NUMBERS} <= set(page.hrefs())
    assert all(script["src"] for script in page.all("script"))


def test_what_is_typed_is_never_markup(visitor: FlaskClient) -> None:
    response = send(visitor, motif="zut", precision="</textarea><script>alert(1)</script>")

    assert "<script>" not in response.text
    assert "&lt;/textarea&gt;" in response.text


@pytest.mark.parametrize("form", [{"motif": "autre"}, {"motif": "zut"}], ids=["good", "bad"])
def test_an_unknown_offer_is_not_found(visitor: FlaskClient, form: dict[str, str]) -> None:
    page = page_of(send(visitor, "/offres/nulle-part/signaler", **form))

    assert page.status == 404
    assert "Fiche introuvable" in page.text
    for address in ("/offres/nulle-part/signaler", "/offres/nulle-part/signale"):
        assert visit(visitor, address).status == 404


def test_a_withdrawn_offer_is_not_found(visitor: FlaskClient, tmp_path: Path) -> None:
    fill(visitor.application, tmp_path, STRUCTURE, whole=True)

    assert send(visitor, motif="autre").status_code == 404
    assert [visit(visitor, address).status for address in (FORM, THANKS)] == [404, 404]
    assert reports(visitor) == []


def test_ids_are_opaque(visitor: FlaskClient) -> None:
    page = visit(visitor, "/structures/essai--s")
    address = visit(visitor, page.link("Autre")).all("form", method="post")[0]["action"] or ""

    sent = send(visitor, address, motif="autre")

    assert sent.status_code == 303
    assert visit(visitor, sent.headers["Location"]).link("Revenir") == page.link("Autre")
    assert [one.fiche.id for one in reports(visitor)] == [ODD_ID]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="cross-site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a-neighbour"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, id="in-a-frame"),
        pytest.param({"Origin": "https://ailleurs.exemple"}, id="older-browser"),
        pytest.param({"Origin": "http://localhost.exemple"}, id="a-longer-name"),
    ],
)
def test_another_site_cannot_send_a_report(visitor: FlaskClient, headers: dict[str, str]) -> None:
    response = visitor.post(FORM, data={"motif": "autre"}, headers=headers)

    page = page_of(response)
    assert page.status == 403
    assert "Cet envoi vient d’un autre site : rien n’a été enregistré." in page.text
    assert reports(visitor) == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, id="today"),
        pytest.param({"Sec-Fetch-Site": "none"}, id="opened-again"),
        pytest.param({"Origin": "null"}, id="older-browser-without-referrer"),
        pytest.param({"Origin": "http://localhost"}, id="older-browser"),
        pytest.param({}, id="silent"),
    ],
)
def test_our_own_form_is_taken(visitor: FlaskClient, headers: dict[str, str]) -> None:
    response = visitor.post(FORM, data={"motif": "autre"}, headers=headers)

    assert response.status_code == 303
    assert len(reports(visitor)) == 1


def test_reports_have_a_strict_limit_of_their_own(tmp_path: Path, visitor: FlaskClient) -> None:
    client = create_app(settings_of(tmp_path, RATE_LIMITS="on")).test_client()
    allowed = int(LIMITS[REPORTS].split()[0])

    statuses = [send(client, motif="autre").status_code for _ in range(allowed + 1)]

    assert set(statuses[:allowed]) == {303}
    assert statuses[allowed] == 429
    assert [client.get(address).status_code for address in (SHEET, FORM, THANKS)] == [200] * 3
    assert [one.fois for one in reports(client)] == [allowed]


def test_the_limit_is_one_for_all_sheets(tmp_path: Path, visitor: FlaskClient) -> None:
    client = create_app(settings_of(tmp_path, RATE_LIMITS="on")).test_client()
    allowed = int(LIMITS[REPORTS].split()[0])

    for number in range(allowed):
        sheet = (SHEET, HOUSE)[number % 2]
        assert send(client, f"{sheet}/signaler", motif="autre").status_code == 303

    assert send(client, f"{HOUSE}/signaler", motif="autre").status_code == 429
    assert send(client, motif="autre").status_code == 429


def test_nothing_tells_who_reported_nor_what(
    visitor: FlaskClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = send(visitor, motif="horaires", precision=CANARY)
    refused = send(visitor, motif="horaires", precision=TOO_LONG)

    assert CANARY not in sent.headers["Location"]
    for response in (sent, refused):
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
    said = capfd.readouterr()
    assert "public.signaler" in said.err
    logged = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    assert not [line for line in (said.err, said.out, *logged) if CANARY in line]


def test_open_reports_are_measured(visitor: FlaskClient) -> None:
    assert "eventail_signalements_ouverts 0.0" in visitor.get("/metrics").text

    send(visitor, motif="autre")

    assert "eventail_signalements_ouverts 1.0" in visitor.get("/metrics").text


def asked_by(client: FlaskClient) -> list[str]:
    """Returns where answers are asked for."""
    engine = client.application.extensions["eventail_espace"]().doublons.store._engine
    return [str(one["courriel"]) for one in rows(engine, "reponses")]


def test_an_answer_may_be_asked_for(visitor: FlaskClient) -> None:
    response = send(visitor, motif="horaires", courriel=" moi@exemple.fr\r\n")

    assert response.headers["Location"].endswith(THANKS)
    assert asked_by(visitor) == ["moi@exemple.fr"]
    assert "moi@exemple.fr" not in visitor.get(THANKS).text
    listed = visitor.application.test_cli_runner().invoke(args=["catalogue", "signalements"])
    assert "exemple.fr" not in listed.output


def test_a_wrong_address_loses_nothing_and_keeps_nothing(visitor: FlaskClient) -> None:
    response = send(visitor, motif="horaires", precision="Le lundi", courriel="moi chez exemple")

    assert response.status_code == 400
    assert ">Le lundi</textarea>" in response.text
    assert ">moi chez exemple</textarea>" in response.text
    (field,) = page_of(response).all("textarea", id="courriel")
    assert field["aria-invalid"] == "true"
    assert reports(visitor) == []
    assert asked_by(visitor) == []


def test_a_robot_is_thanked_and_nothing_is_kept(visitor: FlaskClient) -> None:
    response = send(visitor, motif="horaires", site_web="https://pub.exemple")

    assert response.headers["Location"].endswith(THANKS)
    assert reports(visitor) == []
    page = visit(visitor, FORM)
    (lure,) = page.all("input", name="site_web")
    assert (lure["tabindex"], lure["autocomplete"]) == ("-1", "off")


def test_no_log_tells_who_asks(visitor: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send(visitor, motif="horaires", courriel=f"{CANARY}@exemple.fr")
        send(visitor, motif="horaires", courriel=f"{CANARY} exemple")

    assert CANARY not in caplog.text


def test_the_sheet_of_a_structure_is_reported_in_two_presses(visitor: FlaskClient) -> None:
    page = visit(visitor, HOUSE)
    (fold,) = page.all("details", **{"class": "report"})
    assert "open" not in fold
    (form,) = page.all("form", method="post")
    reasons = [button["value"] for button in page.all("button", name="motif", type="submit")]
    assert reasons == list(MOTIFS[STRUCTURE_REF.objet])

    sent = send(visitor, form["action"] or "", motif="n-existe-plus", precision="Fermée en mai")

    assert (sent.status_code, sent.headers["Location"]) == (303, f"{HOUSE}/signale")
    thanks = visit(visitor, sent.headers["Location"])
    assert "Merci. La fiche sera vérifiée." in thanks.text
    assert thanks.link("Revenir à la fiche") == HOUSE
    (kept,) = reports(visitor)
    assert (kept.fiche, kept.motif) == (STRUCTURE_REF, Motif.N_EXISTE_PLUS)
    assert kept.precision == "Fermée en mai"


def test_the_report_of_a_structure_also_has_its_own_page(visitor: FlaskClient) -> None:
    page = visit(visitor, f"{HOUSE}/signaler")

    assert page.title == "Signaler une erreur, L’Atelier du Vernet – Éventail"
    assert page.link("L’Atelier du Vernet") == HOUSE
    assert "La structure n’existe plus" in page.text
    assert "Il n’y a plus de place" not in page.text
    assert page.all("form", action=f"{HOUSE}/signaler")


def test_a_structure_has_no_reason_of_offers_and_what_was_typed_stays(
    visitor: FlaskClient,
) -> None:
    typed = {"precision": "Fermée en mai", "courriel": "moi@exemple.fr"}

    response = send(visitor, f"{HOUSE}/signaler", motif="plus-de-place", **typed)

    page = page_of(response)
    assert page.status == 400
    assert "Ce signalement n’est pas encore envoyé" in page.text
    assert "#motif" in page.hrefs()
    for words in typed.values():
        assert f">{words}</textarea>" in response.text
    assert page.all("form", action=f"{HOUSE}/signaler")
    assert (reports(visitor), asked_by(visitor)) == ([], [])


def test_an_offer_and_its_structure_are_reported_apart(visitor: FlaskClient) -> None:
    for address in (FORM, f"{HOUSE}/signaler", f"{HOUSE}/signaler"):
        send(visitor, address, motif="horaires", courriel="moi@exemple.fr")

    assert {one.fiche: one.fois for one in reports(visitor)} == {OFFRE_REF: 1, STRUCTURE_REF: 2}
    assert asked_by(visitor) == ["moi@exemple.fr"] * 2


@pytest.mark.parametrize("ident", ["nulle-part", OFFRE_REF.id])
def test_an_unknown_structure_is_not_found(visitor: FlaskClient, ident: str) -> None:
    sheet = f"/structures/{ident}"

    assert send(visitor, f"{sheet}/signaler", motif="autre").status_code == 404
    assert [visit(visitor, f"{sheet}/{end}").status for end in ("signaler", "signale")] == [404] * 2
    assert reports(visitor) == []


def test_the_report_of_a_structure_is_guarded_alike(visitor: FlaskClient) -> None:
    address = f"{HOUSE}/signaler"
    other = visitor.post(address, data={"motif": "autre"}, headers={"Sec-Fetch-Site": "cross-site"})
    robot = send(visitor, address, motif="horaires", site_web="https://pub.exemple")

    assert other.status_code == 403
    assert robot.headers["Location"].endswith(f"{HOUSE}/signale")
    assert [visitor.get(f"{address}?motif=autre").status_code, reports(visitor)] == [200, []]
