"""The address of the server, and what its refusals mean."""

import pytest

from app.mail.adresses import AdresseInvalide
from app.mail.sender import (
    AdresseRefusee,
    EnvoiImpossible,
    ServeurIllisible,
    SmtpExpediteur,
    _refusal,
    _Serveur,
    expediteur_of,
)


@pytest.mark.parametrize(
    ("url", "host", "port", "is_tls"),
    [
        pytest.param("smtp://mail.exemple.fr", "mail.exemple.fr", 587, False, id="smtp"),
        pytest.param("smtps://mail.exemple.fr/", "mail.exemple.fr", 465, True, id="smtps"),
        pytest.param("smtp://localhost:2525", "localhost", 2525, False, id="port"),
        pytest.param("smtp://[::1]:25", "::1", 25, False, id="ipv6"),
    ],
)
def test_a_server_is_read_from_its_address(url: str, host: str, port: int, is_tls: bool) -> None:
    assert _Serveur.read(url) == _Serveur(host=host, port=port, is_tls=is_tls)


def test_a_user_and_a_password_are_decoded() -> None:
    serveur = _Serveur.read("smtps://envoi%40exemple.fr:p%3A%2F%23%25@mail.exemple.fr")

    assert (serveur.user, serveur.password) == ("envoi@exemple.fr", "p:/#%")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://hunter2@mail", id="scheme"),
        pytest.param("smtp://", id="no-host"),
        pytest.param("smtp://mail:hunter2", id="port"),
        pytest.param("smtp://user:1#hunter2@mail", id="fragment"),
        pytest.param("smtp://user:1/hunter2@mail", id="path"),
        pytest.param("smtp://user:1?hunter2@mail", id="query"),
        pytest.param("smtp://hunter2@mail", id="no-password"),
        pytest.param("smtp://:hunter2@mail", id="no-user"),
        pytest.param("smtp://user:hunter2%C3%A9@mail", id="accent"),
        pytest.param("smtp://user:hunter2%00@mail", id="nul"),
        pytest.param("smtp://user:hunter2%0A@mail", id="line-feed"),
    ],
)
def test_a_server_that_cannot_be_read_is_not_quoted(url: str) -> None:
    with pytest.raises(ServeurIllisible) as caught:
        expediteur_of(url, "contact@exemple.fr")

    assert "hunter2" not in str(caught.value)


def test_a_sender_that_is_no_address_is_refused() -> None:
    with pytest.raises(AdresseInvalide):
        expediteur_of("smtp://localhost", "contact")
    with pytest.raises(AdresseInvalide):
        expediteur_of(None, "contact")


def test_the_password_is_never_shown() -> None:
    expediteur = expediteur_of("smtp://user:hunter2@localhost", "contact@exemple.fr")

    assert isinstance(expediteur, SmtpExpediteur)
    assert repr(expediteur) == "SmtpExpediteur(smtp://localhost:587)"
    assert "hunter2" not in repr(expediteur._serveur)


@pytest.mark.parametrize(
    ("code", "reply", "of_mailbox", "expected"),
    [
        pytest.param(550, b"5.1.1 unknown", True, "5.1.1", id="unknown"),
        pytest.param(550, b"No such user", True, "550", id="without-detail"),
        pytest.param(552, b"5.2.2 full", True, "5.2.2", id="full"),
        pytest.param(550, b"5.4.1 rejected: access denied", True, "5.4.1", id="exchange-unknown"),
        pytest.param(550, b"5.1.1 unknown", False, "5.1.1", id="unknown-once-read"),
        pytest.param(550, "5.1.10 null MX", False, "5.1.10", id="text"),
    ],
)
def test_a_mailbox_that_takes_nothing_in_is_refused(
    code: int, reply: bytes | str, of_mailbox: bool, expected: str
) -> None:
    failure = _refusal(code, reply, of_mailbox=of_mailbox)

    assert isinstance(failure, AdresseRefusee)
    assert failure.code == expected


@pytest.mark.parametrize(
    ("code", "reply", "of_mailbox"),
    [
        pytest.param(451, b"4.7.1 greylisted", True, id="greylisted"),
        pytest.param(450, b"5.1.1 confused", True, id="passing-code"),
        pytest.param(421, b"too many connections", True, id="busy"),
        pytest.param(554, b"5.7.1 relay access denied", True, id="no-relay"),
        pytest.param(530, b"authentication required", True, id="no-login"),
        pytest.param(550, b"5.1.8 sender domain not found", True, id="sender"),
        pytest.param(550, b"5.1.7 bad sender", False, id="sender-once-read"),
        pytest.param(550, b"5.7.1 looks like spam", False, id="spam"),
        pytest.param(554, b"transaction failed", False, id="content-without-detail"),
        pytest.param(-1, b"", True, id="no-code"),
    ],
)
def test_a_fault_that_is_not_the_mailbox_s_closes_no_address(
    code: int, reply: bytes, of_mailbox: bool
) -> None:
    failure = _refusal(code, reply, of_mailbox=of_mailbox)

    assert isinstance(failure, EnvoiImpossible)
    assert failure.motif == f"smtp_{code}"
