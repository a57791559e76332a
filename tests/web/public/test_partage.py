"""Handing a sheet or a list to someone: right addresses, nothing of who shares."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import segno
from flask import Flask

from app.web.public.partage import MAX_IN_QR, MAX_NAME, liste_a_partager, partage_of, qr_svg
from tests.e2e.pages import OFFRE
from tests.web.public.markup import visit

URL = "https://eventail.fr/offres/essai--1"


def fields(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_an_e_mail_says_what_where_and_whom_to_call() -> None:
    shared = partage_of(
        url=URL, nom="Aide & accueil", structure="L’Été", commune="Apt", telephone="04 90 00 00 00"
    )

    said = fields(shared.mailto)
    assert said["subject"] == ["Aide & accueil"]
    assert said["body"] == [f"Aide & accueil\r\nL’Été, Apt\r\nTéléphone : 04 90 00 00 00\r\n{URL}"]
    assert "+" not in shared.mailto
    assert fields(shared.sms)["body"] == [f"Aide & accueil, L’Été, Apt. 04 90 00 00 00 {URL}"]


def test_a_long_name_is_cut() -> None:
    shared = partage_of(url=URL, nom="x" * 500, structure="S", commune=None, telephone=None)

    assert len(shared.titre) == MAX_NAME
    assert shared.titre.endswith("…")


def test_the_square_to_scan_holds_the_address() -> None:
    drawn = qr_svg(URL)

    expected = segno.make_qr(URL, error="m")
    assert f'viewBox="0 0 {expected.symbol_size()[0]} {expected.symbol_size()[1]}"' in drawn
    assert re.findall(r' d="([^"]+)"', drawn) == re.findall(
        r' d="([^"]+)"', expected.svg_inline(omitsize=True, dark="#000", light="#fff")
    )


@pytest.mark.parametrize(("length", "has_square"), [(100, True), (MAX_IN_QR + 1, False)])
def test_a_list_too_long_to_scan_has_no_square(length: int, has_square: bool) -> None:
    url = "https://e.fr/".ljust(length, "x")

    shared = liste_a_partager(url, [("Permis", "04 90"), ("Crèche", None)])

    assert (shared.qr is not None) is has_square
    assert unquote(shared.mailto).endswith(f"body=Permis : 04 90\r\nCrèche\r\n{url}")


def test_an_address_too_long_to_scan_is_still_shared() -> None:
    url = "https://e.fr/".ljust(5_000, "x")

    shared = partage_of(url=url, nom="Aide", structure="S", commune=None, telephone=None)

    assert shared.qr is None
    assert unquote(shared.mailto).endswith(url)


def test_a_sheet_is_shared_without_javascript(full_app: Flask) -> None:
    page = visit(full_app.test_client(), "/offres/essai--tout")

    (address,) = [field["value"] for field in page.all("input", id="adresse-fiche")]
    assert address == "http://localhost/offres/essai--tout"
    assert page.link("Envoyer par courriel").startswith("mailto:?subject=Passer%20le%20permis")
    for button in page.all("button"):
        if {"data-copy", "data-share", "data-print"} & button.keys():
            assert "hidden" in button


@pytest.mark.parametrize("site", [None, "https://eventail.exemple.fr"])
def test_a_shared_address_is_the_site_s_own_when_it_has_one(
    catalogue_app: Flask, site: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue_app.config, "SITE_URL", site)

    html = catalogue_app.test_client().get(OFFRE, headers={"Host": "ailleurs.test"}).text

    canonical = f'<link rel="canonical" href="{site or "http://ailleurs.test"}{OFFRE}">'
    assert canonical in html
    assert ("ailleurs.test" in html) is (site is None)
