"""Messages handed to a real mail server, and everything that it may answer."""

import email
import email.policy
import logging
import runpy
import socket
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog

from app.mail.message import Courriel
from app.mail.sender import (
    TIMEOUT_S,
    AdresseRefusee,
    EnvoiImpossible,
    SmtpExpediteur,
    clear_text_fault,
)
from tests.integration.mail_server import (
    HOST,
    NAME,
    PASSWORD,
    USER,
    Mailbox,
    Received,
    closed_port,
    make_certificate,
    saying,
    server_tls,
    serving,
    silent,
)

SENDER = "contact@étoile.fr"
LOGIN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"
SECRET = "Secrete"
COURRIEL = Courriel(
    destinataire=f"{SECRET}@exemple.fr",
    sujet=f"Votre accès, {SECRET}",
    texte=f"Bonjour {SECRET},\n.\n..\n{'é' * 500}\nÀ bientôt",
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of the server, and the authority that clients trust."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    """The server's side of encryption."""
    return server_tls(certificate)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the name of the server lead here, as it would lead to another machine."""
    resolve = socket.getaddrinfo

    def here(host: str, *args: object, **more: object) -> object:
        return resolve(HOST if host == NAME else host, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", here)


def send(url: str, courriel: Courriel = COURRIEL, *, ca: Path | None = None) -> None:
    SmtpExpediteur(url, SENDER, ca=ca).send(courriel)


def motif_of(url: str, *, ca: Path | None = None, timeout_s: float = TIMEOUT_S) -> str:
    expediteur = SmtpExpediteur(url, SENDER, ca=ca, timeout_s=timeout_s)
    with pytest.raises(EnvoiImpossible) as caught:
        expediteur.send(COURRIEL)
    assert caught.value.__context__ is caught.value.__cause__ is None
    return caught.value.motif


def only(mailbox: Mailbox) -> Received:
    (received,) = mailbox.received
    return received


def read(received: Received) -> EmailMessage:
    return email.message_from_bytes(received.content, policy=email.policy.default)


def test_a_message_arrives_as_it_was_written() -> None:
    mailbox = Mailbox()

    with serving(mailbox) as port:
        send(f"smtp://{HOST}:{port}")

    received = only(mailbox)
    assert received.sender == "contact@xn--toile-9ra.fr"
    assert received.destinataires == ("Secrete@exemple.fr",)
    assert not received.is_encrypted
    message = read(received)
    assert message["Subject"] == COURRIEL.sujet
    assert message["From"] == "Éventail <contact@xn--toile-9ra.fr>"
    assert message.get_content().replace("\r\n", "\n") == f"{COURRIEL.texte}\n"
    assert max(map(len, received.content.split(b"\r\n"))) <= 78


def test_the_server_is_not_told_the_name_of_the_machine() -> None:
    mailbox = Mailbox()

    with serving(mailbox) as port:
        send(f"smtp://localhost:{port}")

    received = only(mailbox)
    assert received.hello == "xn--toile-9ra.fr"
    assert socket.gethostname().encode() not in received.content


def test_international_names_are_written_in_ascii() -> None:
    mailbox = Mailbox()
    courriel = Courriel(destinataire="camille@forêt.fr", sujet="Été", texte="b")

    with serving(mailbox) as port:
        send(f"smtp://{HOST}:{port}", courriel)

    assert only(mailbox).destinataires == ("camille@xn--fort-ipa.fr",)
    assert read(only(mailbox))["To"] == "camille@xn--fort-ipa.fr"


def test_failures_are_reported_to_an_address_of_the_message() -> None:
    mailbox = Mailbox()
    courriel = Courriel(destinataire="a@exemple.fr", sujet="b", texte="c", retour="Jeton_1")

    with serving(mailbox) as port:
        send(f"smtp://{HOST}:{port}", courriel)

    assert only(mailbox).sender == "rebonds+Jeton_1@xn--toile-9ra.fr"
    assert read(only(mailbox))["From"].addresses[0].addr_spec == "contact@xn--toile-9ra.fr"


def test_one_sender_sends_several_messages() -> None:
    mailbox = Mailbox()

    with serving(mailbox) as port:
        expediteur = SmtpExpediteur(f"smtp://{HOST}:{port}", SENDER)
        expediteur.send(COURRIEL)
        expediteur.send(COURRIEL)

    first, second = map(read, mailbox.received)
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.parametrize("with_login", [True, False])
def test_encryption_starts_as_soon_as_it_is_offered(
    with_login: bool, certificate: Path, tls: ssl.SSLContext, elsewhere: None
) -> None:
    mailbox = Mailbox()

    with serving(mailbox, starttls=tls, with_login=with_login) as port:
        send(f"smtp://{LOGIN if with_login else ''}{NAME}:{port}", ca=certificate)

    assert only(mailbox).is_encrypted
    assert only(mailbox).user == (USER if with_login else None)


def test_encryption_may_come_first(certificate: Path, tls: ssl.SSLContext, elsewhere: None) -> None:
    mailbox = Mailbox()

    with serving(mailbox, implicit_tls=tls, with_login=True) as port:
        send(f"smtps://{LOGIN}{NAME}:{port}", ca=certificate)

    assert only(mailbox).user == USER


def test_a_password_is_never_told_in_clear_to_another_machine(elsewhere: None) -> None:
    mailbox = Mailbox()

    with serving(mailbox, with_login=True) as port:
        motif = motif_of(f"smtp://{LOGIN}{NAME}:{port}")

    assert motif == "TlsAbsent"
    assert mailbox.attempts == []
    assert mailbox.received == []


def test_a_message_without_a_password_may_leave_in_clear(elsewhere: None) -> None:
    mailbox = Mailbox()

    with serving(mailbox) as port:
        send(f"smtp://{NAME}:{port}")

    assert not only(mailbox).is_encrypted


def test_a_link_never_leaves_in_clear_when_encryption_is_needed(elsewhere: None) -> None:
    mailbox = Mailbox()

    with serving(mailbox) as port, pytest.raises(EnvoiImpossible) as failure:
        SmtpExpediteur(f"smtp://{NAME}:{port}", SENDER, needs_tls=True).send(COURRIEL)

    assert failure.value.motif == "TlsAbsent"
    assert mailbox.received == []


def test_this_machine_may_be_sent_a_link_in_clear() -> None:
    mailbox = Mailbox()

    with serving(mailbox) as port:
        SmtpExpediteur(f"smtp://{HOST}:{port}", SENDER, needs_tls=True).send(COURRIEL)

    assert not only(mailbox).is_encrypted


def test_a_server_in_clear_is_told_at_start(elsewhere: None) -> None:
    with serving(Mailbox()) as port:
        fault = clear_text_fault(f"smtp://{LOGIN}{NAME}:{port}")

    assert fault is not None
    assert NAME in fault
    assert "smtps://" in fault
    assert quote(PASSWORD, safe="") not in fault


@pytest.mark.parametrize(("environment", "is_told"), [("production", True), ("development", False)])
def test_the_server_of_the_site_tells_it_when_it_starts(
    environment: str,
    is_told: bool,
    elsewhere: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/nowhere/chosen")
    configuration = runpy.run_path("gunicorn.conf.py")
    with serving(Mailbox()) as port:
        monkeypatch.setenv("EVENTAIL_ENV", environment)
        monkeypatch.setenv("MAIL_URL", f"smtp://{NAME}:{port}")
        configuration["tell_of_mail_in_clear"]()

    assert ("ne chiffre pas" in capsys.readouterr().err) is is_told


def test_nothing_is_said_of_a_server_that_encrypts_or_is_here_or_away(
    tls: ssl.SSLContext, elsewhere: None
) -> None:
    with serving(Mailbox(), starttls=tls) as port:
        assert clear_text_fault(f"smtp://{NAME}:{port}") is None
    with serving(Mailbox()) as port:
        assert clear_text_fault(f"smtp://{HOST}:{port}") is None
        assert clear_text_fault(f"smtps://{NAME}:{port}") is None
    assert clear_text_fault(f"smtp://{NAME}:{closed_port()}") is None


@pytest.mark.parametrize("host", [HOST, "localhost"])
def test_this_machine_may_be_told_a_password_in_clear(host: str) -> None:
    mailbox = Mailbox()

    with serving(mailbox, with_login=True) as port:
        send(f"smtp://{LOGIN}{host}:{port}")

    assert only(mailbox).user == USER


def test_this_machine_needs_no_certificate(tls: ssl.SSLContext) -> None:
    mailbox = Mailbox()

    with serving(mailbox, starttls=tls) as port:
        send(f"smtp://{HOST}:{port}")

    assert not only(mailbox).is_encrypted


def test_this_machine_is_verified_when_its_authority_is_given(
    certificate: Path, tls: ssl.SSLContext
) -> None:
    mailbox = Mailbox()

    with serving(mailbox, starttls=tls) as port:
        send(f"smtp://{HOST}:{port}", ca=certificate)

    assert only(mailbox).is_encrypted


def test_this_machine_must_encrypt_a_password_when_its_authority_is_given(
    certificate: Path,
) -> None:
    mailbox = Mailbox()

    with serving(mailbox, with_login=True) as port:
        motif = motif_of(f"smtp://{LOGIN}{HOST}:{port}", ca=certificate)

    assert motif == "TlsAbsent"
    assert mailbox.attempts == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_signed_by_nobody_is_refused(
    scheme: str, tls: ssl.SSLContext, elsewhere: None
) -> None:
    mailbox = Mailbox()
    starttls, implicit_tls = (tls, None) if scheme == "smtp" else (None, tls)

    with serving(mailbox, starttls=starttls, implicit_tls=implicit_tls, with_login=True) as port:
        motif = motif_of(f"{scheme}://{LOGIN}{NAME}:{port}")

    assert motif == "SSLCertVerificationError"
    assert mailbox.attempts == []
    assert mailbox.received == []


def test_a_certificate_of_another_name_is_refused(
    certificate: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *args, **more: resolve(HOST, *args, **more)
    )

    with serving(Mailbox(), starttls=tls) as port:
        motif = motif_of(f"smtp://autre.exemple.fr:{port}", ca=certificate)

    assert motif == "SSLCertVerificationError"


def test_a_wrong_password_is_told_by_its_code() -> None:
    mailbox = Mailbox()

    with serving(mailbox, with_login=True) as port:
        motif = motif_of(f"smtp://user:faux@{HOST}:{port}")

    assert motif == "smtp_535"
    assert mailbox.received == []


def test_a_server_that_knows_no_password_is_told() -> None:
    with serving(Mailbox()) as port:
        assert motif_of(f"smtp://{LOGIN}{HOST}:{port}") == "SMTPNotSupportedError"


@pytest.mark.parametrize(
    "mailbox",
    [
        pytest.param(Mailbox(on_rcpt="550 5.1.1 Secrete@exemple.fr unknown"), id="at-recipient"),
        pytest.param(Mailbox(on_data="550 5.1.1 Secrete@exemple.fr unknown"), id="at-content"),
    ],
)
def test_a_mailbox_that_does_not_exist_is_refused(mailbox: Mailbox) -> None:
    with serving(mailbox) as port, pytest.raises(AdresseRefusee) as caught:
        send(f"smtp://{HOST}:{port}")

    assert caught.value.code == "5.1.1"
    assert caught.value.__context__ is caught.value.__cause__ is None
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("mailbox", "motif"),
    [
        pytest.param(Mailbox(on_rcpt="451 4.7.1 Greylisted"), "smtp_451", id="greylisted"),
        pytest.param(Mailbox(on_rcpt="421 4.3.2 Busy"), "smtp_421", id="busy"),
        pytest.param(Mailbox(on_rcpt="554 5.7.1 Relay access denied"), "smtp_554", id="no-relay"),
        pytest.param(Mailbox(on_sender="553 5.1.8 Not yours"), "smtp_553", id="sender"),
        pytest.param(Mailbox(on_sender="421 4.3.2 Busy"), "smtp_421", id="busy-at-once"),
        pytest.param(Mailbox(on_data="452 4.3.1 Full"), "smtp_452", id="full"),
        pytest.param(Mailbox(on_data="554 5.7.1 Spam"), "smtp_554", id="spam"),
    ],
)
def test_what_may_pass_is_to_be_tried_again(mailbox: Mailbox, motif: str) -> None:
    with serving(mailbox) as port:
        assert motif_of(f"smtp://{HOST}:{port}") == motif

    assert mailbox.received == []


def test_a_message_taken_in_is_sent_whatever_follows() -> None:
    ok = b"250 OK\r\n"

    with saying([b"220 a\r\n", ok, ok, ok, b"354 Go on\r\n", ok]) as port:
        send(f"smtp://{HOST}:{port}")  # the server hangs up instead of saying goodbye


@pytest.mark.parametrize("said", range(1, 6))
def test_a_server_that_hangs_up_before_has_taken_nothing_in(said: int) -> None:
    ok = b"250 OK\r\n"

    with saying([b"220 a\r\n", ok, ok, ok, b"354 Go on\r\n"][:said]) as port:
        assert motif_of(f"smtp://{HOST}:{port}") == "SMTPServerDisconnected"


def test_a_server_that_is_down_is_told() -> None:
    assert motif_of(f"smtp://{HOST}:{closed_port()}") == "ConnectionRefusedError"


def test_a_server_that_says_nothing_is_left() -> None:
    with silent() as port:
        assert motif_of(f"smtp://{HOST}:{port}", timeout_s=0.2) == "SMTPServerDisconnected"


def test_a_server_that_never_encrypts_is_left(certificate: Path) -> None:
    with silent() as port:
        assert motif_of(f"smtps://{HOST}:{port}", timeout_s=0.2, ca=certificate) == "TimeoutError"


@pytest.mark.parametrize(
    ("answers", "motif"),
    [
        pytest.param([b"554 5.3.2 Closed\r\n"], "smtp_554", id="closed"),
        pytest.param([b"\xff\xff\r\n"], "smtp_-1", id="garbage"),
        pytest.param([b"220 a\r\n"], "SMTPServerDisconnected", id="hangs-up"),
        pytest.param(
            [b"220 a\r\n", b"250-a\r\n250 AUTH LOGIN\r\n", b"334 abc\r\n"], "Error", id="challenge"
        ),
    ],
)
def test_a_server_that_makes_no_sense_is_left(answers: list[bytes], motif: str) -> None:
    with saying(answers) as port:
        assert motif_of(f"smtp://{LOGIN}{HOST}:{port}") == motif


def test_a_name_that_leads_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_args: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)

    assert motif_of(f"smtp://{NAME}") == "gaierror"


def refuse(mailbox: Mailbox) -> list[structlog.typing.EventDict]:
    with (
        structlog.testing.capture_logs() as logged,
        serving(mailbox) as port,
        pytest.raises((AdresseRefusee, EnvoiImpossible)),
    ):
        send(f"smtp://{HOST}:{port}")
    return logged


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(
            f"550 5.1.1 <{SECRET}@exemple.fr> unknown",
            {"event": "courriel_refuse", "log_level": "info", "code": "5.1.1"},
            id="refused",
        ),
        pytest.param(
            f"451 4.7.1 <{SECRET}@exemple.fr> greylisted",
            {"event": "courriel_non_parti", "log_level": "warning", "motif": "smtp_451"},
            id="later",
        ),
    ],
)
def test_logs_tell_the_kind_of_a_failure_and_name_nobody(
    answer: str, expected: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="app")

    logged = refuse(Mailbox(on_rcpt=answer))

    assert logged == [expected]
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("app")]
    assert SECRET not in " ".join(ours)  # the server of the test says what it likes


def test_an_injection_never_reaches_the_server() -> None:
    mailbox = Mailbox()
    courriel = Courriel(
        destinataire="a@exemple.fr",
        sujet="=?utf-8?q?a=0D=0ABcc=3A_b=40exemple.fr?=",
        texte="b\r\n.\r\nRCPT TO:<b@exemple.fr>\r\n",
    )

    with serving(mailbox) as port:
        send(f"smtp://{HOST}:{port}", courriel)

    message = read(only(mailbox))
    assert "Bcc" not in message
    assert only(mailbox).destinataires == ("a@exemple.fr",)
    assert "RCPT TO:<b@exemple.fr>" in message.get_content()
