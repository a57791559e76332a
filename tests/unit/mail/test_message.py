"""A message on the wire: readable everywhere, answered by no machine, with no header of others."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage, Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.adresses import CaractereInterdit, EnteteInvalide, JetonInvalide
from app.mail.message import Courriel, Emetteur, message_of
from tests.strategies import PROPERTY

QUAND = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
EMETTEUR = Emetteur(adresse="contact@exemple.fr")
UNSUBSCRIBE = "<https://eventail.exemple.fr/desabonnement/" + "a1B2" * 20 + ">"
# Every sign at which Python cuts lines, then other controls and half a character.
BREAKING = [
    "\r",
    "\n",
    "\r\n",
    "\0",
    "\v",
    "\f",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\x1b",
    "\ud800",
]


def make_courriel(
    sujet: str = "Votre lien",
    texte: str = "Bonjour",
    *,
    destinataire: str = "camille@exemple.fr",
    html: str | None = None,
    retour: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Courriel:
    return Courriel(
        destinataire=destinataire,
        sujet=sujet,
        texte=texte,
        html=html,
        retour=retour,
        headers=headers,
    )


def wire_of(courriel: Courriel, emetteur: Emetteur = EMETTEUR) -> bytes:
    return message_of(courriel, emetteur, QUAND).as_bytes()


def read(wire: bytes) -> EmailMessage:
    return email.message_from_bytes(wire, policy=email.policy.default)


def text_of(part: Message) -> str:
    """Returns a decoded text with the line ends of Python."""
    assert isinstance(part, EmailMessage)
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def raw_header(wire: bytes, name: str) -> str:
    """Returns a header unfolded, with its encoded words read by the library's older reader."""
    value = email.message_from_bytes(wire)[name].replace("\r\n", "")
    return str(make_header(decode_header(value)))


def header_names(wire: bytes) -> list[str]:
    head = wire.partition(b"\r\n\r\n")[0].decode("ascii")
    return [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]


def test_a_message_says_who_writes_to_whom_and_that_no_person_does() -> None:
    wire = wire_of(make_courriel("Votre accès à Éventail", "Bonjour à vous,\nà bientôt.\n"))

    message = read(wire)
    assert message["From"] == "Éventail <contact@exemple.fr>"
    assert message["To"] == "camille@exemple.fr"
    assert message["Subject"] == "Votre accès à Éventail"
    assert message["Date"].datetime == QUAND
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Transfer-Encoding"] == "quoted-printable"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert text_of(message) == "Bonjour à vous,\nà bientôt.\n"


def test_the_number_of_a_message_tells_nothing_of_the_machine_and_serves_once() -> None:
    numbers = {read(wire_of(make_courriel()))["Message-ID"] for _ in range(5)}

    assert len(numbers) == 5
    assert all(re.fullmatch(r"<[0-9a-f]{32}@exemple\.fr>", number) for number in numbers)


def test_every_line_is_ascii_short_and_ended_as_the_standard_says() -> None:
    words = "Rendez-vous d’été à la Maison de la Solidarité, " * 4
    line = "é" * 250 + "x" * 250
    courriel = make_courriel(words, f"{line}\n.\n{words}\nFrom here \n", html=f"<p>{line}</p>")

    wire = wire_of(courriel, Emetteur(adresse="contact@" + "a" * 60 + ".fr", nom="É" * 60))

    assert wire.isascii()
    assert wire.count(b"\n") == wire.count(b"\r\n") == wire.count(b"\r")
    lines = wire.decode("ascii").split("\r\n")
    assert max(len(line) for line in lines if not line.startswith("Message-ID")) <= 78


def test_a_line_of_500_characters_arrives_whole() -> None:
    line = "https://eventail.exemple.fr/connexion?jeton=" + "aé=." * 114

    message = read(wire_of(make_courriel(texte=f"Suivez\n{line} \n\nFin")))

    assert text_of(message) == f"Suivez\n{line} \n\nFin\n"


def test_the_two_forms_of_a_text_travel_together() -> None:
    message = read(wire_of(make_courriel(texte="Été", html="<p>Été</p>")))

    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), text_of(plain)) == ("text/plain", "Été\n")
    assert (html.get_content_type(), text_of(html)) == ("text/html", "<p>Été</p>\n")


def test_an_international_domain_is_written_in_ascii() -> None:
    emetteur = Emetteur(adresse="contact@étoile.fr")

    message = read(wire_of(make_courriel(destinataire="a@forêt.fr"), emetteur))

    assert message["To"] == "a@xn--fort-ipa.fr"
    assert message["From"].addresses[0].addr_spec == "contact@xn--toile-9ra.fr"
    assert message["Message-ID"].endswith("@xn--toile-9ra.fr>")


@pytest.mark.parametrize(
    "nom",
    [
        pytest.param("Éventail", id="accent"),
        pytest.param("Eventail 84", id="plain"),
        pytest.param('Éventail, "site" <a@b.fr>', id="specials"),
        pytest.param("Site: a, b; (c)", id="ascii-specials"),
        pytest.param("=?utf-8?q?=0D=0ABcc=3A_b=40exemple.fr?=", id="encoded-line-end"),
        pytest.param("Éventail " * 12 + "fin", id="long"),
    ],
)
def test_the_name_of_the_site_arrives_as_it_is(nom: str) -> None:
    wire = wire_of(make_courriel(), Emetteur(adresse="contact@exemple.fr", nom=nom))

    written = email.message_from_bytes(wire)["From"].replace("\r\n", "")
    name, _, address = written.rpartition(" ")
    assert str(make_header(decode_header(name))) == nom
    assert address == "<contact@exemple.fr>"
    assert header_names(wire) == header_names(wire_of(make_courriel()))


def test_a_site_without_a_name_is_an_address() -> None:
    wire = wire_of(make_courriel(), Emetteur(adresse="contact@exemple.fr", nom=""))

    assert b"From: contact@exemple.fr\r\n" in wire


@pytest.mark.parametrize(
    "sujet",
    [
        pytest.param("=?utf-8?q?a=0D=0ABcc=3A_b=40exemple.fr?=", id="encoded-line-end"),
        pytest.param("=?utf-8?b?YQ0KQmNjOiBiQGV4ZW1wbGUuZnI=?= " * 5, id="many"),
        pytest.param("Bcc: b@exemple.fr", id="header-in-text"),
        pytest.param("x" * 300, id="word-that-cannot-be-folded"),
        pytest.param("  deux   espaces ", id="spaces"),
        pytest.param("", id="empty"),
    ],
)
def test_a_subject_is_shown_as_it_was_typed_and_adds_no_header(sujet: str) -> None:
    wire = wire_of(make_courriel(sujet))

    assert raw_header(wire, "Subject") == sujet
    assert header_names(wire) == header_names(wire_of(make_courriel()))


@PROPERTY
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200))
def test_any_subject_arrives_whole_on_short_lines(sujet: str) -> None:
    wire = wire_of(make_courriel(sujet))

    assert raw_header(wire, "Subject") == sujet
    assert max(map(len, wire.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
    assert header_names(wire) == header_names(wire_of(make_courriel()))


@PROPERTY
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=300))
def test_any_text_arrives_whole(texte: str) -> None:
    message = read(wire_of(make_courriel(texte=texte)))

    content = text_of(message)
    assert content == texte if texte.endswith("\n") else content == f"{texte}\n"


@pytest.mark.parametrize("sign", BREAKING, ids=ascii)
def test_no_part_of_the_head_may_end_its_line(sign: str) -> None:
    bad = f"a{sign}Bcc: b@exemple.fr"

    with pytest.raises(CaractereInterdit, match=r"^sujet$"):
        make_courriel(bad)
    with pytest.raises(CaractereInterdit, match=r"^destinataire$"):
        make_courriel(destinataire=f"a@exemple.fr{sign}")
    with pytest.raises(CaractereInterdit, match=r"^nom$"):
        Emetteur(adresse="contact@exemple.fr", nom=bad)
    with pytest.raises(CaractereInterdit, match=r"^expediteur$"):
        Emetteur(adresse=f"contact@exemple.fr{sign}")
    with pytest.raises(CaractereInterdit, match=r"^headers$"):
        make_courriel(headers=(("List-Unsubscribe", bad),))
    with pytest.raises(CaractereInterdit, match=r"^headers$"):
        make_courriel(headers=((f"X-A{sign}", "b"),))
    with pytest.raises(JetonInvalide):
        make_courriel(retour=f"a{sign}")


@pytest.mark.parametrize("sign", ["\0", "\ud800"], ids=ascii)
def test_a_text_that_cannot_be_carried_is_refused(sign: str) -> None:
    with pytest.raises(CaractereInterdit, match=r"^texte$"):
        make_courriel(texte=sign)
    with pytest.raises(CaractereInterdit, match=r"^html$"):
        make_courriel(html=sign)


def test_further_headers_are_written_whole() -> None:
    both = f"{UNSUBSCRIBE}, <mailto:rebonds+a1@exemple.fr?subject=stop>"
    headers = (
        ("List-Unsubscribe", both),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )

    wire = wire_of(make_courriel(headers=headers))

    folded = both.replace(", ", ",\r\n ")
    assert f"\r\nList-Unsubscribe: {folded}\r\n".encode() in wire
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in wire
    assert read(wire)["List-Unsubscribe"] == both


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param((("Bcc", "b@exemple.fr"),), id="recipient"),
        pytest.param((("subject", "Autre"),), id="ours"),
        pytest.param((("Content-Type", "text/html"),), id="body"),
        pytest.param((("Resent-To", "b@exemple.fr"),), id="resent"),
        pytest.param((("X A", "b"),), id="space-in-name"),
        pytest.param((("X-A:", "b"),), id="colon-in-name"),
        pytest.param((("", "b"),), id="no-name"),
        pytest.param((("X-É", "b"),), id="accent-in-name"),
        pytest.param((("X-A", "é"),), id="accent"),
        pytest.param((("X-A", ""),), id="empty"),
        pytest.param((("X-A", " "),), id="space"),
        pytest.param((("X-A", "b "),), id="trailing-space"),
        pytest.param((("X-A", "b" * 901),), id="long"),
        pytest.param((("X-A", "b"), ("x-a", "c")), id="twice"),
    ],
)
def test_a_header_that_is_not_ours_to_add_is_refused(headers: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(EnteteInvalide, match=r"^headers$"):
        make_courriel(headers=headers)


def test_a_message_shown_in_a_log_tells_nothing() -> None:
    shown = repr(make_courriel("Sujet-secret", "Texte-secret", destinataire="secret@exemple.fr"))

    assert "secret" not in shown.lower()
