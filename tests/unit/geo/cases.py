"""Addresses and small tools that the geocoder's tests share."""

import traceback
from contextlib import closing
from socket import socket

import pytest

from app.domain.errors import GeocoderUnavailable
from app.domain.ports import AdresseTrouvee, Geocoder

ADRESSE = "12 rue de la République 84000 Avignon"
FOUND = AdresseTrouvee(
    libelle="12 Rue de la République 84000 Avignon",
    latitude=43.946153,
    longitude=4.805528,
    code_insee="84007",
    score=1.0,
)
SECRET_ADRESSE = "8 rue Secrete 84000 Avignon"
HASTY_S = 0.3


class FakeClock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def reason_of(geocoder: Geocoder, adresse: str = ADRESSE) -> str:
    with pytest.raises(GeocoderUnavailable) as caught:
        geocoder.locate(adresse)
    return str(caught.value)


def error_of(geocoder: Geocoder, adresse: str) -> GeocoderUnavailable | None:
    try:
        geocoder.locate(adresse)
    except GeocoderUnavailable as error:
        return error
    return None


def is_discreet(error: GeocoderUnavailable) -> bool:
    shown = "".join(traceback.format_exception(error)).lower()
    return "secrete" not in shown and error.__cause__ is None and error.__context__ is None


def refused_port() -> int:
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
