"""What an address of a setting must look like: a server, the origin of a site, a mailbox."""

import re
from urllib.parse import urlsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# A host as a browser sends it, accents in their `xn--` form: nothing in it can end a header.
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
# Narrower than what mail allows: nothing in it can add to the `mailto:` link that it makes.
_EMAIL = re.compile(r"[a-z0-9._+-]+@[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)


def is_address(text: str, schemes: set[str]) -> bool:
    """True for one of these schemes, a host, and a port that can exist if there is one."""
    try:
        parts = urlsplit(text)
        # Reading the port is what checks it.
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def is_origin(text: str, *, with_loopback: bool) -> bool:
    """True for `https://`, a host and perhaps a port; `http://` for this machine only, if asked."""
    if not is_address(text, {"https", "http"}):
        return False
    parts = urlsplit(text)
    host = parts.hostname or ""
    is_bare = text == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    is_safe = parts.scheme == "https" or (with_loopback and host in LOOPBACK_HOSTS)
    return is_bare and is_safe and bool(_HOST.fullmatch(host))


def is_email(text: str) -> bool:
    """True for one plain mailbox."""
    return bool(_EMAIL.fullmatch(text))
