"""Addresses are written in ASCII, or refused without being quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.adresses import (
    AdresseInvalide,
    AdresseNonAscii,
    CaractereInterdit,
    CourrielInvalide,
    ascii_address,
    domain_of,
)
from tests.strategies import PROPERTY


@pytest.mark.parametrize(
    ("address", "written"),
    [
        pytest.param("contact@exemple.fr", "contact@exemple.fr", id="plain"),
        pytest.param("Jean.Dupont+pro@Exemple.fr", "Jean.Dupont+pro@Exemple.fr", id="capitals"),
        pytest.param(
            "contact@association-étoile.fr", "contact@xn--association-toile-mtb.fr", id="é"
        ),
        pytest.param("a@ÉTOILE.fr", "a@xn--toile-9ra.fr", id="capital-é"),
        pytest.param("a@e\u0301toile.fr", "a@xn--toile-9ra.fr", id="é-in-two-signs"),
        pytest.param("o'neil@exemple.fr", "o'neil@exemple.fr", id="apostrophe"),
        pytest.param("root@localhost", "root@localhost", id="no-dot"),
        pytest.param("a" * 64 + "@exemple.fr", "a" * 64 + "@exemple.fr", id="longest-local-part"),
    ],
)
def test_an_address_is_written_in_ascii(address: str, written: str) -> None:
    assert ascii_address("destinataire", address) == written


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        pytest.param("", AdresseInvalide, id="empty"),
        pytest.param("exemple.fr", AdresseInvalide, id="no-at"),
        pytest.param("@exemple.fr", AdresseInvalide, id="no-local-part"),
        pytest.param("a@", AdresseInvalide, id="no-domain"),
        pytest.param("a@b@exemple.fr", AdresseInvalide, id="two-ats"),
        pytest.param("a@exemple.fr,b@exemple.fr", AdresseInvalide, id="two-addresses"),
        pytest.param("A <a@exemple.fr>", AdresseInvalide, id="named"),
        pytest.param("a@exemple.fr>", AdresseInvalide, id="closing-bracket"),
        pytest.param("a b@exemple.fr", AdresseInvalide, id="space"),
        pytest.param('"a b"@exemple.fr', AdresseInvalide, id="quoted"),
        pytest.param(".a@exemple.fr", AdresseInvalide, id="leading-dot"),
        pytest.param("a..b@exemple.fr", AdresseInvalide, id="two-dots"),
        pytest.param("a@exemple..fr", AdresseInvalide, id="two-dots-in-domain"),
        pytest.param("a@-exemple.fr", AdresseInvalide, id="leading-hyphen"),
        pytest.param("a@[127.0.0.1]", AdresseInvalide, id="literal"),
        pytest.param("a@" + "b" * 64 + ".fr", AdresseInvalide, id="long-label"),
        pytest.param("a" * 65 + "@exemple.fr", AdresseInvalide, id="long-local-part"),
        pytest.param("a@" + "é" * 100_000, AdresseInvalide, id="endless"),
        pytest.param("a@" + "é." * 120 + "fr", AdresseInvalide, id="long-once-written"),
        pytest.param("a@straße.fr", AdresseInvalide, id="domain-of-somebody-else"),
        pytest.param("andré@exemple.fr", AdresseNonAscii, id="accent"),
        pytest.param("a@exemple.fr\nBcc: b@exemple.fr", CaractereInterdit, id="line-feed"),
        pytest.param("a@exemple.fr\r", CaractereInterdit, id="carriage-return"),
        pytest.param("a\0@exemple.fr", CaractereInterdit, id="nul"),
        pytest.param("a@exemple.fr\u2028", CaractereInterdit, id="unicode-line-end"),
    ],
)
def test_what_is_not_one_mailbox_is_refused(address: str, refusal: type[CourrielInvalide]) -> None:
    with pytest.raises(refusal) as caught:
        ascii_address("destinataire", address)

    assert type(caught.value) is refusal
    assert str(caught.value) == caught.value.champ == "destinataire"


@PROPERTY
@given(st.text(max_size=80) | st.emails())
def test_whatever_is_typed_is_refused_or_safe(typed: str) -> None:
    try:
        written = ascii_address("destinataire", typed)
    except CourrielInvalide:
        return

    assert written.isascii()
    assert written.isprintable()
    assert written.count("@") == 1
    assert not set(' <>,;:"\\()[]') & set(written)


def test_the_domain_follows_the_at_sign() -> None:
    assert domain_of("contact@exemple.fr") == "exemple.fr"
