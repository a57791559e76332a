"""A mail server on this machine: it keeps what it is handed, and refuses what a test asks it to."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
LIMIT_S = 10  # reached only when a test fails: nobody came
NAME = "mail.exemple.fr"
"""What tests call the server when it must not pass for this machine."""
USER, PASSWORD = "envoi@exemple.fr", "p:/#%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message that was taken in, with what was said around it."""

    hello: str
    sender: str
    destinataires: tuple[str, ...]
    content: bytes
    is_encrypted: bool
    user: str | None


@dataclass(kw_only=True)
class Mailbox:
    """Answers like a server; each `on_` is a refusal, empty to accept."""

    on_rcpt: str = ""
    on_data: str = ""
    on_sender: str = ""
    received: list[Received] = field(default_factory=list)
    attempts: list[LoginPassword] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 (the names of aiosmtpd)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _more: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.on_sender or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _more: list[str]
    ) -> str:
        if not self.on_rcpt:
            envelope.rcpt_tos.append(address)
        return self.on_rcpt or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.on_data:
            return self.on_data
        self.received.append(
            Received(
                hello=session.host_name or "",
                sender=envelope.mail_from or "",
                destinataires=tuple(envelope.rcpt_tos),
                content=envelope.original_content or b"",
                is_encrypted=session.ssl is not None,
                user=str(session.auth_data) if session.authenticated else None,
            )
        )
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: object
    ) -> AuthResult:
        """Accepts the one user there is, and keeps every password that it was told."""
        assert isinstance(given, LoginPassword)
        self.attempts.append(given)
        is_right = given == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False, auth_data=USER)


class _OnAFreePort(Controller):
    """Takes the port that the system gives, which the library's own cannot do."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def serving(
    mailbox: Mailbox,
    *,
    starttls: ssl.SSLContext | None = None,
    implicit_tls: ssl.SSLContext | None = None,
    with_login: bool = False,
) -> Iterator[int]:
    """Runs a server, and yields its port."""
    controller = _OnAFreePort(
        mailbox,
        hostname=HOST,
        port=0,
        ssl_context=implicit_tls,
        tls_context=starttls,
        authenticator=mailbox.authenticate if with_login else None,
        # A password told in clear must reach the mailbox for a test to see it.
        auth_require_tls=not with_login,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def saying(answers: Sequence[bytes]) -> Iterator[int]:
    """Runs a server that gives these answers to the first connection, then hangs up."""
    with closing(socket.create_server((HOST, 0))) as listening:

        def converse() -> None:
            talking, _ = listening.accept()
            with talking, talking.makefile("rb") as heard:
                for answer in answers:
                    talking.sendall(answer)
                    is_content = answer.startswith(b"354")
                    while heard.readline() not in {b".\r\n", b""} and is_content:
                        pass

        listening.settimeout(LIMIT_S)
        thread = threading.Thread(target=converse, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(LIMIT_S)


@contextmanager
def silent() -> Iterator[int]:
    """Takes connections in, and says nothing to them."""
    with closing(socket.create_server((HOST, 0))) as listening:
        yield listening.getsockname()[1]


def closed_port() -> int:
    """Returns a port that nothing listens to."""
    with silent() as port:
        return port


def make_certificate(folder: Path) -> Path:
    """Writes a certificate that signs itself, for the server's name and this machine."""
    openssl = shutil.which("openssl")
    assert openssl, "openssl manque. Sous Debian ou Ubuntu : apt-get install openssl"
    request = ["req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    request += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    request += ["-addext", f"subjectAltName=DNS:{NAME},DNS:localhost,IP:{HOST}"]
    request += ["-keyout", "server.key", "-out", "server.pem"]
    subprocess.run([openssl, *request], cwd=folder, capture_output=True, check=True)
    return folder / "server.pem"


def server_tls(certificate: Path) -> ssl.SSLContext:
    """Returns the server's side of encryption."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context
