"""The fields that a page turns into links: a wrong one could run a script in a visitor's page."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from marshmallow import ValidationError

from schemas.reading import ReadField, clean_text
from schemas.suggestions import quoted

MAX_URL_LENGTH = 2083  # the limit of the data·inclusion schema v1
MAX_EMAIL_LENGTH = 254  # RFC 5321, path
_MAX_LOCAL_LENGTH = 64  # RFC 5321, local part

_URL = re.compile(r"https?://(?P<host>\[[^\]]*\]|[^\s/?#:\[\]]+)(?::(?P<port>[0-9]{1,5}))?", re.I)
_FORBIDDEN_IN_HOST = re.compile(r"""[\s"'<>\\^`{|}%@,;!$&()*+=~\x7f]""")
_LABEL = re.compile(r"(?!-)(?!(?!xn)[^-]{2}--)[\w-]{1,63}(?<!-)", re.I)
_NAMED = re.compile(r"[^<>@]*<([^<>]+)>")
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_RESERVED = frozenset(("arpa", "invalid", "local", "localhost", "onion", "test"))  # RFC 6761, 6762


class Url(ReadField[str]):
    """A link that starts with http:// or https://, and nothing else."""

    def read(self, value: object) -> str:
        """Returns the link, its spaces encoded."""
        text = clean_text(value)
        if not is_web_link(text):
            raise ValidationError(
                f"{quoted(text)} n’est pas un lien : il commence par https:// ou http://."
            )
        if len(text) > MAX_URL_LENGTH:
            raise ValidationError(f"Ce lien est trop long : {MAX_URL_LENGTH} caractères au plus.")
        return text.replace(" ", "%20")


class Courriel(ReadField[str]):
    """An e-mail address; `Accueil <accueil@exemple.fr>` gives the address alone."""

    def read(self, value: object) -> str:
        """Returns the address."""
        text = clean_text(value)
        named = _NAMED.fullmatch(text)
        address = named.group(1).strip() if named else text
        if not is_email(address):
            raise ValidationError(
                f"{quoted(text)} n’est pas un courriel : écrivez-le comme contact@exemple.fr."
            )
        return address


def is_web_link(text: str) -> bool:
    """Tells whether a text is an http(s) link with a plausible host and no password."""
    found = _URL.match(text)
    if found is None or "\n" in text or "\r" in text or "\t" in text:
        return False
    rest = text[found.end() :]
    if rest and rest[0] not in "/?#":
        return False
    return int(found["port"] or 0) < 65536 and _is_host(found["host"])


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_ip(host[1:-1], IPv6Address)
    if _FORBIDDEN_IN_HOST.search(host) or not any(c.isalnum() for c in host):
        return False
    if host.removesuffix(".").rpartition(".")[2].isdigit():
        return _is_ip(host, IPv4Address)
    return all(0 < len(label) <= 63 for label in host.removesuffix(".").split("."))


def _is_ip(text: str, kind: type[IPv4Address] | type[IPv6Address]) -> bool:
    try:
        kind(text)
    except AddressValueError:
        return False
    return True


def is_email(text: str) -> bool:
    """Tells whether a text is one address on a domain that can exist on the Internet."""
    local, _, domain = text.rpartition("@")
    labels = domain.split(".")
    return (
        len(text) <= MAX_EMAIL_LENGTH
        and 0 < len(local) <= _MAX_LOCAL_LENGTH
        and _LOCAL.fullmatch(local) is not None
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) and "_" not in label for label in labels)
        and not labels[-1].isdigit()
        and labels[-1].lower() not in _RESERVED
    )
