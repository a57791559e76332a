"""The settings of ProConnect: all of them, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.addresses import LOOPBACK_HOSTS, is_address

ISSUER, CLIENT_ID, CLIENT_SECRET = (
    "PROCONNECT_ISSUER",
    "PROCONNECT_CLIENT_ID",
    "PROCONNECT_CLIENT_SECRET",
)
# The federation takes addresses from who has proved that it holds their domain, and says no more.
VERIFYING_HOSTS = ("proconnect.gouv.fr", "agentconnect.gouv.fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProConnect:
    """A provider of identities, and what this site is called there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)

    @property
    def verifies_courriels(self) -> bool:
        """True when every address that it gives is verified, though it does not say so of each."""
        host = urlsplit(self.issuer).hostname or ""
        return any(host == known or host.endswith(f".{known}") for known in VERIFYING_HOSTS)


def proconnect_of(
    given: Mapping[str, str | None], *, in_production: bool, has_site_url: bool
) -> tuple[ProConnect | None, tuple[str, ...]]:
    """Returns the provider that variables name, None when there is none, and what is wrong."""
    texts = {name: given.get(name) or "" for name in (ISSUER, CLIENT_ID, CLIENT_SECRET)}
    if not any(texts.values()):
        return None, ()
    problems = [
        f"{name} manque : ProConnect demande {ISSUER}, {CLIENT_ID} et {CLIENT_SECRET} ensemble."
        for name, text in texts.items()
        if not text
    ]
    issuer = texts[ISSUER].rstrip("/")
    if issuer and not _is_issuer(issuer, in_production=in_production):
        problems.append(
            f"{ISSUER} doit être l’adresse du fournisseur, en https:// et sans « ? » ni « # » : "
            "https://proconnect.gouv.fr/api/v2."
        )
    if in_production and not has_site_url:
        problems.append(
            f"{ISSUER} demande SITE_URL : en production, ProConnect renvoie les personnes à cette "
            "adresse."
        )
    if problems:
        return None, tuple(problems)
    settings = ProConnect(
        issuer=issuer, client_id=texts[CLIENT_ID], client_secret=texts[CLIENT_SECRET]
    )
    return settings, ()


def _is_issuer(text: str, *, in_production: bool) -> bool:
    if not is_address(text, {"https", "http"}) or any(sign in text for sign in "@?#"):
        return False
    parts = urlsplit(text)
    return parts.scheme == "https" or (not in_production and parts.hostname in LOOPBACK_HOSTS)
