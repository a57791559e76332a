"""A message to one person, and its form on the wire (RFC 5322, RFC 2045).

The head is written here rather than by the library's header factory. That one reads encoded words
in what it is given, so a subject such as `=?utf-8?q?=0ABcc:…?=` would become a line of its own
(CVE-2024-6923), and it cuts long web addresses into encoded words, which breaks `List-Unsubscribe`.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Final

from app.mail.adresses import (
    CaractereInterdit,
    EnteteInvalide,
    ascii_address,
    check_one_line,
    domain_of,
)
from app.mail.rebonds import check_token

NOM_EXPEDITEUR: Final = "Éventail"
MAX_LINE = 76  # quoted-printable allows no more (RFC 2045, 6.7), headers 78
MAX_PLAIN_WORD = 60  # a longer one does not fit beside `Subject:`, and cannot be folded
MAX_HEADER = 900  # a line holds 998 characters with the header's name (RFC 5322, 2.1.1)
_CRLF: Final = "\r\n"
_ATOMS: Final = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_HEADER_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_HEADER_VALUE: Final = re.compile(rf"[!-~](?:[ -~]{{0,{MAX_HEADER - 2}}}[!-~])?")
# Written by us, or that would add recipients, change who is answered for, or what the body is.
_RESERVED_HEADERS: Final = frozenset(
    {
        "auto-submitted", "bcc", "cc", "date", "dkim-signature", "from", "message-id",
        "mime-version", "received", "return-path", "sender", "subject", "to",
        "x-auto-response-suppress",
    }
)  # fmt: skip


class _AsWritten(EmailPolicy):
    """Keeps each header as it was given, already encoded and folded; the library's own excepted."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name.lower().startswith("content-"):
            return super().header_store_parse(name, value)
        return name, value


_POLICY: Final = _AsWritten(linesep=_CRLF, max_line_length=MAX_LINE, refold_source="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Emetteur:
    """Who the site's messages come from. Raises a `CourrielInvalide`."""

    adresse: str
    nom: str = NOM_EXPEDITEUR

    def __post_init__(self) -> None:
        ascii_address("expediteur", self.adresse)
        check_one_line("nom", self.nom)

    @property
    def adresse_ascii(self) -> str:
        """The address as servers write it."""
        return ascii_address("expediteur", self.adresse)


# No `repr`: a traceback or a log must not tell who is written to, nor show a link that signs in.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Courriel:
    """A message to one person. Raises a `CourrielInvalide` for what could not be sent safely."""

    destinataire: str
    sujet: str
    texte: str
    html: str | None = None
    """The same in HTML, for readers that prefer it."""
    retour: str | None = None
    """A token that a report of failure brings back: see `app.mail.rebonds`."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers in plain ASCII, such as `List-Unsubscribe`."""

    def __post_init__(self) -> None:
        ascii_address("destinataire", self.destinataire)
        check_one_line("sujet", self.sujet)
        _check_body("texte", self.texte)
        _check_body("html", self.html or "")
        if self.retour is not None:
            check_token(self.retour)
        for name, value in self.headers:
            _check_header(name, value)
        if len({name.lower() for name, _ in self.headers}) < len(self.headers):
            raise EnteteInvalide("headers")

    @property
    def destinataire_ascii(self) -> str:
        """The address as servers write it."""
        return ascii_address("destinataire", self.destinataire)


def message_of(courriel: Courriel, emetteur: Emetteur, quand: datetime) -> EmailMessage:
    """Returns the message to hand to a server, with a new `Message-ID` at each call.

    It says that no person wrote it, so that no answering machine replies (RFC 3834). `quand` is
    an aware instant.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox("From", emetteur.nom, emetteur.adresse_ascii)
    message["To"] = courriel.destinataire_ascii
    message["Subject"] = _encoded("Subject", courriel.sujet)
    message["Date"] = format_datetime(quand)
    # `make_msgid` would tell the time, the process and, by default, the machine's name.
    domain = domain_of(emetteur.adresse_ascii)
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    for name, value in courriel.headers:
        message[name] = _folded(name, value)
    message.set_content(courriel.texte, charset="utf-8", cte="quoted-printable")
    if courriel.html is not None:
        message.add_alternative(
            courriel.html, subtype="html", charset="utf-8", cte="quoted-printable"
        )
    return message


def _check_body(champ: str, text: str) -> None:
    # The encoding makes the rest harmless; these two cannot be carried at all.
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise CaractereInterdit(champ)


def _check_header(name: str, value: str) -> None:
    check_one_line("headers", name + value)
    lowered = name.lower()
    if (
        not _HEADER_NAME.fullmatch(name)
        or lowered in _RESERVED_HEADERS
        or lowered.startswith(("content-", "resent-"))
        or not _HEADER_VALUE.fullmatch(value)
    ):
        raise EnteteInvalide("headers")


def _encoded(name: str, text: str) -> str:
    """Returns a text as the value of a header, in encoded words unless it is plain.

    What looks like an encoded word is encoded too: a reader then shows it as it was typed.
    """
    words = text.split()
    is_plain = (
        text.isascii()
        and "=?" not in text
        and text == " ".join(words)
        and all(len(word) <= MAX_PLAIN_WORD for word in words)
    )
    charset = "us-ascii" if is_plain else "utf-8"
    return Header(text, charset, maxlinelen=MAX_LINE, header_name=name).encode(linesep=_CRLF)


def _mailbox(name: str, nom: str, address: str) -> str:
    if not nom:
        return address
    is_plain = _ATOMS.fullmatch(nom) and len(nom) <= MAX_PLAIN_WORD
    charset = "us-ascii" if is_plain else "utf-8"
    shown = Header(nom, charset, maxlinelen=MAX_LINE, header_name=name).encode(linesep=_CRLF)
    last_line = f"{name}: {shown}".rpartition(_CRLF)[2]
    fits = len(last_line) + len(address) + len(" <>") <= MAX_LINE
    return f"{shown} <{address}>" if fits else f"{shown}{_CRLF} <{address}>"


def _folded(name: str, value: str) -> str:
    is_long = len(name) + len(": ") + len(value) > MAX_LINE
    # Between the addresses of a list only: a fold elsewhere would add a space to one of them.
    return value.replace(", ", f",{_CRLF} ") if is_long else value
