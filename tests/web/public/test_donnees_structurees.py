"""Structured data say what the sheet says, and never where a refuge is."""

import json
import re
from typing import Any

import pytest
from flask import Flask

from app.web.public.donnees_structurees import opening_hours
from tests.conftest import AppWith
from tests.web.public.conftest import OFFRE, STRUCTURE

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def structured(app: Flask, address: str) -> dict[str, Any]:
    (text,) = SCRIPT.findall(app.test_client().get(address).text)
    found: dict[str, Any] = json.loads(text)
    return found


def test_an_offer_is_a_service(full_app: Flask) -> None:
    found = structured(full_app, "/offres/essai--tout")

    assert found["@type"] == "Service"
    assert found["name"] == "Passer le permis zéphyr"
    assert found["url"] == "http://localhost/offres/essai--tout"
    assert found["provider"]["name"] == "L’Atelier du Vernet"
    assert found["availableChannel"]["serviceUrl"] == "https://exemple.fr/demande"
    assert found["availableChannel"]["availableLanguage"] == ["fr", "fsl"]
    assert "offers" not in found


def test_what_is_free_says_so(app_with: AppWith) -> None:
    found = structured(app_with([STRUCTURE, {**OFFRE, "frais": "gratuit"}]), "/offres/essai--tout")

    assert found["offers"] == {"@type": "Offer", "price": 0, "priceCurrency": "EUR"}


def test_a_structure_is_an_organization(full_app: Flask) -> None:
    found = structured(full_app, "/structures/essai--s")

    assert found["@type"] == "Organization"
    assert found["address"]["addressLocality"] == "Avignon"


def test_a_refuge_has_no_place(app_with: AppWith) -> None:
    secret = {
        **OFFRE, "adresse": "9 rue Secrète", "latitude": 43.94, "longitude": 4.81,
        "adresse_confidentielle": True,
    }  # fmt: skip

    text = json.dumps(structured(app_with([STRUCTURE, secret]), "/offres/essai--tout"))

    assert "serviceLocation" not in text
    assert "Secr" not in text
    assert "43.94" not in text


def test_a_name_never_closes_the_script(app_with: AppWith) -> None:
    hostile = {**OFFRE, "nom": "</script><script>alert(1)</script>"}
    app = app_with([STRUCTURE, hostile])

    assert structured(app, "/offres/essai--tout")["name"] == hostile["nom"]
    assert "<script>alert" not in app.test_client().get("/offres/essai--tout").text


@pytest.mark.parametrize("hours", [None, "", "sur rendez-vous", "Mo 09:00-12:00; PH off", "Mo-Fr"])
def test_hours_that_are_not_a_simple_week_are_not_said(hours: str | None) -> None:
    assert opening_hours(hours) == []


@pytest.mark.parametrize(
    "hours",
    ["Mo-We-Fr 09:00-12:00", "Fr 20:00-26:00", "Mo 09:75-12:00", "Mo-We,Tu 09:00-12:00",
     "Mo-Fr 09:00-12:00; We 14:00-17:00"],
)  # fmt: skip
def test_hours_that_could_be_read_two_ways_are_not_said(hours: str) -> None:
    assert opening_hours(hours) == []


def test_days_go_round_the_week_and_each_span_is_said() -> None:
    found = opening_hours("Sa-Mo 09:00-12:00,14:00-17:30")

    days = [day.rpartition("/")[2] for day in found[0]["dayOfWeek"]]
    assert days == ["Saturday", "Sunday", "Monday"]
    assert [(f["opens"], f["closes"]) for f in found] == [("09:00", "12:00"), ("14:00", "17:30")]
