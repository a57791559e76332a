"""Messages that came back: the return address that we give, and the reports sent to it (RFC 3464).

Anyone can send a report, about anyone: only a token that we gave out, brought back by the address
that the report was sent to, shows that it answers a message of ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser, HeaderParser
from typing import Final

from app.mail.adresses import MAX_LOCAL_PART, JetonInvalide, ascii_address, domain_of

MAX_BYTES = 1_000_000  # reports weigh some KB, and some bring back the whole message
MAX_PARTS = 10  # a report has three: a text, the report itself, what was sent
MAX_DESTINATAIRES = 100  # our messages have one each
# Values read with the standard library's parser, which is slow or deep on very long ones.
MAX_VALUE = 1_000
PREFIX: Final = "rebonds+"
MAX_TOKEN = MAX_LOCAL_PART - len(PREFIX)
_TOKEN: Final = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_TOKEN}}}")
_RETOUR: Final = re.compile(
    rf"(?<![\w.+-]){re.escape(PREFIX)}([A-Za-z0-9_-]{{1,{MAX_TOKEN}}})@", re.IGNORECASE
)
_PASSING: Final = re.compile(r"5\.(?:2\.2|7\.\d+)")
_CODE: Final = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_REPORTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
# Who the report was handed to. `To` is enough by the standard; the others survive an alias.
_ADDRESSED: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
# What a report says of a message that did not arrive; the other actions are successes.
_FAILED, _DELAYED = "failed", "delayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebond:
    """What a report says of one recipient that was not reached.

    `definitif`: the server gave up and the fault is lasting (see `is_lasting`), as that of an
    unknown address (5.1.1). A message that waits, or that was given up after days of passing faults
    (4.4.7), is not `definitif`.
    """

    destinataire: str = field(repr=False)
    definitif: bool
    code: str
    retour: str | None = field(repr=False)
    """The token of the return address that the report was sent to, if it was one of ours."""


def is_lasting(code: str) -> bool:
    """Tells whether a code is of a fault that another message would meet too.

    RFC 3463 calls every 5.x.x permanent, but two kinds say nothing against the address: a mailbox
    that is full (5.2.2), to be used “as a persistent transient failure” (3.3), and a refusal by
    policy (5.7.x), which is of who sends or of what is sent (3.8). A mailbox is emptied and a
    policy is mended; several in a row are looked at all the same.
    """
    return code.startswith("5") and not _PASSING.fullmatch(code)


def check_token(token: str) -> None:
    """Raises `JetonInvalide` unless a token fits in a return address."""
    if not _TOKEN.fullmatch(token):
        raise JetonInvalide("retour")


def retour_address(sender: str, token: str) -> str:
    """Returns the address that reports about one message are sent to.

    `retour_address("contact@exemple.fr", "a1")` is `rebonds+a1@exemple.fr`. Raises `JetonInvalide`
    or `AdresseInvalide`.
    """
    check_token(token)
    domain = domain_of(ascii_address("expediteur", sender))
    return ascii_address("retour", f"{PREFIX}{token}@{domain}")


def token_of(address: str) -> str | None:
    """Returns the token of a return address, None when there is none in the text."""
    found = _RETOUR.search(address)
    return found[1] if found else None


def read_rebonds(content: bytes) -> tuple[Rebond, ...] | None:
    """Returns what a message received says of each recipient that was not reached.

    None when it is not a report of delivery: an answer of a person or of an answering machine. An
    empty tuple is a report that the message arrived. It never raises, and reads 1 MB at most.
    """
    # The headers alone are given to the standard parser: it would follow, one inside the other,
    # as many messages as a malicious one holds.
    head, body = _opened(content[:MAX_BYTES])
    kind, parameters = _content_type(head)
    if kind != "multipart/report" or parameters.get("report-type") != "delivery-status":
        return None
    for part in _parts(body, parameters.get("boundary", "")):
        part_head, text = _opened(part)
        if _content_type(part_head)[0] in _REPORTS:
            retour = _retour_of(head)
            blocks = re.split(r"\r?\n(?:[ \t]*\r?\n)+", _decoded(part_head, text))
            # The first block is about the message, each other one about a recipient; a server that
            # forgets the line between them makes one of both.
            read = (_rebond(block, retour) for block in blocks[: MAX_DESTINATAIRES + 1])
            return tuple(rebond for rebond in read if rebond)
    return None


def _opened(content: bytes) -> tuple[Message, bytes]:
    """Returns the headers, and what follows them as it came."""
    head, *rest = re.split(rb"\r?\n\r?\n", content, maxsplit=1)
    return BytesHeaderParser().parsebytes(head), rest[0] if rest else b""


def _value(head: Message, name: str) -> str:
    # `str`: a value with foreign bytes is an object of the library's own.
    return str(head.get(name, ""))[:MAX_VALUE]


def _content_type(head: Message) -> tuple[str, dict[str, str]]:
    short = Message()
    short["Content-Type"] = _value(head, "Content-Type")
    try:
        parameters = {name: str(short.get_param(name, "")) for name in ("report-type", "boundary")}
    except (LookupError, TypeError, ValueError):
        return "", {}  # Such faults of the library come and go with its versions.
    parameters["report-type"] = parameters["report-type"].lower()
    return short.get_content_type(), parameters


def _parts(body: bytes, boundary: str) -> Iterator[bytes]:
    if not boundary.strip() or not boundary.isascii():
        return
    line = rb"^--" + re.escape(boundary.encode("ascii")) + rb"(?:--)?[ \t]*\r?(?:\n|\Z)"
    # What comes before the first line is for readers that know no parts.
    yield from re.split(line, body, maxsplit=MAX_PARTS, flags=re.MULTILINE)[1:]


def _decoded(head: Message, text: bytes) -> str:
    # The standard allows no encoding here, and some servers use one all the same.
    head.set_payload(text.decode("ascii", "surrogateescape"))
    decoded = head.get_payload(decode=True)
    return decoded.decode("utf-8", "replace").strip() if isinstance(decoded, bytes) else ""


def _retour_of(head: Message) -> str | None:
    tokens = (
        token_of(str(value)[:MAX_VALUE])
        for name in _ADDRESSED
        for value in head.get_all(name, [])[:MAX_PARTS]
    )
    return next(filter(None, tokens), None)


def _rebond(block: str, retour: str | None) -> Rebond | None:
    fields = HeaderParser().parsestr(block)
    # The original one is whom we wrote to, the final one where it was forwarded.
    destinataire = _address(fields, "Original-Recipient") or _address(fields, "Final-Recipient")
    action = _value(fields, "Action").strip().lower()
    if not destinataire or action not in {_FAILED, _DELAYED}:
        return None
    stated = _CODE.search(_value(fields, "Status")) or _CODE.search(
        _value(fields, "Diagnostic-Code")
    )
    code = stated[1] if stated else ("5.0.0" if action == _FAILED else "4.0.0")
    return Rebond(
        destinataire=destinataire,
        definitif=action == _FAILED and is_lasting(code),
        code=code,
        retour=retour,
    )


def _address(fields: Message, name: str) -> str:
    """Returns the address of a field such as `rfc822; personne@exemple.fr`, or nothing."""
    address = _value(fields, name).rpartition(";")[2].strip().strip("<>")
    return address if re.fullmatch(r"[^\s@]+@[^\s@]+", address) else ""
