"""Handing messages to a mail server, or to the console while one develops.

Who is written to, and about what, enters no log and no error: only the kind of a failure does.
"""

import re
import smtplib
import ssl
import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, Self, TextIO
from urllib.parse import unquote, urlsplit

import structlog

from app.addresses import LOOPBACK_HOSTS, is_address
from app.clock import ParisClock
from app.domain.errors import CatalogueError
from app.mail.adresses import domain_of, is_breaking
from app.mail.console import framed
from app.mail.message import NOM_EXPEDITEUR, Courriel, Emetteur, message_of
from app.mail.rebonds import retour_address

TIMEOUT_S = 10.0  # a page is waiting; servers answer in less than one second, or are in trouble
DEFAULT_PORTS: Final = {"smtp": 587, "smtps": 465}  # submission (RFC 6409), implicit TLS (RFC 8314)
# Answers about the conversation or our rights, not about the mailbox.
_NOT_THE_RECIPIENT: Final = frozenset({500, 502, 503, 504, 530, 535, 538, 555})
_ENHANCED: Final = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")
# Unknown, moved, closed or full mailboxes; 5.1.7 and 5.1.8 are about the sender (RFC 3463).
_MAILBOX: Final = re.compile(r"5\.(?:1\.(?![78]$)|2\.)\d+")
_POLICY_OR_SENDER: Final = re.compile(r"5\.(?:7\.\d+|1\.[78])")

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class EnvoiImpossible(CatalogueError):
    """The server did not take the message in: it may be sent again later.

    `motif` is a code: `smtp_451`, `TlsAbsent`, `ConnectionRefusedError`… Some need the settings to
    be corrected (`smtp_535`, a wrong password), so a caller bounds how often it tries.
    """

    def __init__(self, motif: str) -> None:
        super().__init__(motif)
        self.motif = motif


class AdresseRefusee(CatalogueError):
    """The server says that this mailbox will never take it in; `code` is 5.1.1, or else 550."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ServeurIllisible(ValueError):
    """The address of the server cannot be used; it is not quoted, since it holds a password."""


class TlsAbsent(smtplib.SMTPException):
    """The server offers no encryption, and a password or a link was about to be sent."""


class Expediteur(Protocol):
    """Sends messages, one at a time; threads may share it."""

    def send(self, courriel: Courriel) -> None:
        """Hands one message over. Raises `EnvoiImpossible` or `AdresseRefusee`."""
        ...


def expediteur_of(
    mail_url: str | None, sender: str, *, nom: str = NOM_EXPEDITEUR, needs_tls: bool = False
) -> Expediteur:
    """Returns the way to send that the settings ask for: None prints to the console.

    Raises `ServeurIllisible`, or a `CourrielInvalide` for the sender.
    """
    if mail_url is None:
        return ConsoleExpediteur(sys.stdout, sender, nom=nom)
    return SmtpExpediteur(mail_url, sender, nom=nom, needs_tls=needs_tls)


def clear_text_fault(mail_url: str) -> str | None:
    """Asks a server whether it encrypts, and returns in French what to do when it does not.

    Nothing is said of a server that does not answer: it may do so in a moment.
    """
    serveur = _Serveur.read(mail_url)
    if serveur.is_tls or serveur.is_here:
        return None
    try:
        with smtplib.SMTP(serveur.host, serveur.port, "localhost", timeout=TIMEOUT_S) as smtp:
            smtp.ehlo_or_helo_if_needed()
            offered = smtp.has_extn("starttls")
    except (OSError, ValueError):
        return None
    if offered:
        return None
    return (
        f"MAIL_URL : le serveur {serveur.host} ne chiffre pas (pas de STARTTLS). Aucun courriel ne "
        "partira, pour que personne ne lise les liens de connexion en chemin : choisissez un "
        "serveur qui chiffre, ou smtps://."
    )


def server_fault(mail_url: str) -> str | None:
    """Returns in French what an address of a mail server must be, None when it is one."""
    try:
        _Serveur.read(mail_url)
    except ServeurIllisible:
        return (
            "doit être de la forme smtp://serveur:587 ou smtps://serveur:465, avec "
            "utilisateur:motdepasse@ s’il en faut un (« # », « ? », « / » s’y écrivent %23, %3F, "
            "%2F)."
        )
    return None


class ConsoleExpediteur:
    """Shows each message in a frame, links included: for development."""

    def __init__(self, stream: TextIO, sender: str, *, nom: str = NOM_EXPEDITEUR) -> None:
        self._stream, self._emetteur = stream, Emetteur(adresse=sender, nom=nom)

    def send(self, courriel: Courriel) -> None:
        """Prints one message; nobody receives it."""
        message = message_of(courriel, self._emetteur, ParisClock().now())
        shown = framed(courriel, self._emetteur, message)
        # A terminal that knows no accent shows “?” in their place, rather than stopping the page.
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(shown.encode(encoding, "replace").decode(encoding))
        self._stream.flush()


class SmtpExpediteur:
    """Hands each message to a server, in a connection of its own.

    `smtps://` is encrypted from the start; `smtp://` as soon as the server offers it, which it must
    when the address holds a password, or when `needs_tls` asks so: a link that signs in is as good
    as one. This machine is the exception: nothing leaves it, and its certificate is often signed by
    nobody, so that the conversation stays in clear unless `ca`, the file of the authority to trust,
    is given. `timeout_s` bounds each wait for the server.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        nom: str = NOM_EXPEDITEUR,
        timeout_s: float = TIMEOUT_S,
        ca: Path | None = None,
        needs_tls: bool = False,
    ) -> None:
        self._serveur = _Serveur.read(url)
        self._emetteur = Emetteur(adresse=sender, nom=nom)
        self._timeout_s, self._needs_tls = timeout_s, needs_tls
        self._tls: ssl.SSLContext | None = None
        if self._serveur.is_tls or not self._serveur.is_here or ca:
            self._tls = ssl.create_default_context(cafile=ca)

    def __repr__(self) -> str:
        return f"SmtpExpediteur({self._serveur})"

    def send(self, courriel: Courriel) -> None:
        """Hands one message over. Raises `EnvoiImpossible` or `AdresseRefusee`."""
        message = message_of(courriel, self._emetteur, ParisClock().now())
        sender = self._emetteur.adresse_ascii
        if courriel.retour is not None:
            sender = retour_address(sender, courriel.retour)
        failure = self._failure_of(sender, courriel.destinataire_ascii, message.as_bytes())
        # Outside the handlers: a chained error would show the address in the traceback.
        if failure is not None:
            raise failure

    def _failure_of(
        self, sender: str, destinataire: str, content: bytes
    ) -> EnvoiImpossible | AdresseRefusee | None:
        try:
            with closing(self._open()) as smtp:
                self._enter(smtp)
                smtp.sendmail(sender, [destinataire], content)
                # The message is theirs: failing now would send it twice.
                with suppress(OSError):
                    smtp.quit()
        except smtplib.SMTPRecipientsRefused as error:
            return _refusal(*error.recipients[destinataire], of_mailbox=True)
        except smtplib.SMTPDataError as error:
            return _refusal(error.smtp_code, error.smtp_error, of_mailbox=False)
        except smtplib.SMTPResponseException as error:
            return _impossible(f"smtp_{error.smtp_code}")
        except (OSError, ValueError) as error:  # smtplib decodes what a server says unchecked
            return _impossible(type(error).__name__)
        return None

    def _open(self) -> smtplib.SMTP:
        # By default the server would be told this machine's name.
        name = domain_of(self._emetteur.adresse_ascii)
        host, port, timeout_s = self._serveur.host, self._serveur.port, self._timeout_s
        if self._serveur.is_tls:
            return smtplib.SMTP_SSL(host, port, name, timeout=timeout_s, context=self._tls)
        return smtplib.SMTP(host, port, name, timeout=timeout_s)

    def _enter(self, smtp: smtplib.SMTP) -> None:
        serveur = self._serveur
        smtp.ehlo_or_helo_if_needed()
        if not serveur.is_tls and self._tls is not None:
            if smtp.has_extn("starttls"):
                smtp.starttls(context=self._tls)
            elif serveur.user is not None or self._needs_tls:
                raise TlsAbsent
        if serveur.user is not None:
            smtp.login(serveur.user, serveur.password)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Serveur:
    host: str
    port: int
    is_tls: bool
    user: str | None = None
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{'smtps' if self.is_tls else 'smtp'}://{self.host}:{self.port}"

    @property
    def is_here(self) -> bool:
        return self.host in LOOPBACK_HOSTS

    @classmethod
    def read(cls, url: str) -> Self:
        if not is_address(url, set(DEFAULT_PORTS)):
            raise ServeurIllisible("expected smtp:// or smtps://, a host and perhaps a port")
        parts = urlsplit(url)
        # A “#”, “?” or “/” of a password, left as it is, would make a host of what precedes it.
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ServeurIllisible("nothing may follow the host; write %23, %3F, %2F in a password")
        user, password = (unquote(text or "") for text in (parts.username, parts.password))
        if bool(user) != bool(password):
            raise ServeurIllisible("a user and a password go together")
        if not (user + password).isascii() or any(map(is_breaking, user + password)):
            raise ServeurIllisible("a user and a password are plain ASCII")
        return cls(
            host=parts.hostname or "",
            port=parts.port or DEFAULT_PORTS[parts.scheme],
            is_tls=parts.scheme == "smtps",
            user=user or None,
            password=password,
        )


def _refusal(
    code: int, reply: bytes | str, *, of_mailbox: bool
) -> EnvoiImpossible | AdresseRefusee:
    """Tells a refused mailbox from a refused message, sender or relay.

    The detailed code decides (RFC 3463); without one, a refusal of the recipient's own command is
    about the mailbox, and a refusal of the content is not. Mistaking our own fault for theirs
    would close every address that we write to.
    """
    raw = reply if isinstance(reply, bytes) else reply.encode("utf-8", "replace")
    found = _ENHANCED.match(raw)
    detailed = found[1].decode("ascii") if found else ""
    if of_mailbox:
        is_refused = code not in _NOT_THE_RECIPIENT and not _POLICY_OR_SENDER.fullmatch(detailed)
    else:
        is_refused = bool(_MAILBOX.fullmatch(detailed))
    if not (500 <= code < 600 and is_refused):
        return _impossible(f"smtp_{code}")
    log.info("courriel_refuse", code=detailed or str(code))
    return AdresseRefusee(detailed or str(code))


def _impossible(motif: str) -> EnvoiImpossible:
    log.warning("courriel_non_parti", motif=motif)
    return EnvoiImpossible(motif)
