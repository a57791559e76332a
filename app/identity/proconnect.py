"""Asks ProConnect, or another OpenID Connect provider, who somebody is.

The flow is that of a code with `state`, `nonce` and PKCE; every proof is signed, and its signature,
issuer, audience, time and nonce are checked (OpenID Connect Core 3.1.3.7). Nothing is kept between
two sign-ins: each reads the provider's addresses and keys again, so a new key is never a fault.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from marshmallow import ValidationError

from app.domain.comptes import MAX_NOM
from app.domain.identites import Depart, Identite, IdentiteRefusee, MotifIdentite
from app.settings_auth import ProConnect
from schemas.connexion import read_courriel

# A page is waiting: three seconds to be reached, five for each answer, where a provider takes less
# than one. Four questions are asked in a row, and a worker of the site leaves none of them longer.
TIMEOUT_S: Final = (3.0, 5.0)
# Signatures by a key that only the provider has. HS256 would be signed with our own secret.
ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
LEEWAY_S: Final = 30  # two clocks that are set by the network differ by less
SCOPE: Final = "openid email given_name usual_name"
RANDOM_BYTES: Final = 32  # ProConnect wants 32 characters at least; RFC 7636 wants 43 for PKCE
OAUTH_ERRORS: Final = frozenset(  # RFC 6749 5.2: a log quotes nothing else of an answer
    ("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client")
)
DISCOVERY: Final = "/.well-known/openid-configuration"
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProConnectFournisseur:
    """Implements `app.domain.identites.Fournisseur`; threads may share it."""

    settings: ProConnect

    def start(self, retour: str) -> Depart:
        """Returns where to send a browser."""
        with self._client(retour) as client:
            metadata = self._metadata(client)
            # A provider that does not list it answers an error to what it does not know.
            has_pkce = "S256" in metadata.get("code_challenge_methods_supported", ())
            client.code_challenge_method = "S256" if has_pkce else None
            etat, nonce, verificateur = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3))
            adresse, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=etat,
                nonce=nonce,
                code_verifier=verificateur,
            )
        return Depart(
            adresse=adresse,
            etat=etat,
            nonce=nonce,
            verificateur=verificateur if has_pkce else "",
        )

    def finish(self, depart: Depart, code: str, retour: str) -> Identite:
        """Exchanges the code for proofs, and checks them all."""
        with self._client(retour) as client:
            metadata = self._metadata(client)
            token = self._token(client, metadata, depart, code, retour)
            keys = self._keys(client, metadata)
            claims = self._id_claims(token, keys, depart)
            info = self._userinfo(client, metadata, keys)
        if info.get("sub") != claims["sub"]:
            raise _refused(MotifIdentite.INVALIDE, "userinfo_subject")
        return Identite(
            emetteur=self.settings.issuer,
            sujet=claims["sub"],
            courriel=_courriel(info.get("email")),
            is_verifie=self._is_verified(info),
            nom=_nom(info),
            jeton=token["id_token"],
        )

    def sortie(self, jeton: str, retour: str) -> str | None:
        """Returns the address of the provider that ends its own session."""
        try:
            with self._client(retour) as client:
                address = self._metadata(client).get("end_session_endpoint")
        except IdentiteRefusee:
            return None
        if not isinstance(address, str) or not self._is_own(address):
            return None
        asked = {
            "id_token_hint": jeton,
            "post_logout_redirect_uri": retour,
            "state": secrets.token_urlsafe(RANDOM_BYTES),
        }
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"

    def _client(self, retour: str) -> Any:
        return OAuth2Session(
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 (ProConnect's only one)
            scope=SCOPE,
            redirect_uri=retour,
            default_timeout=TIMEOUT_S,
            # A token of ProConnect lives for a minute, which Authlib's own margin would use up.
            leeway=0,
        )

    def _metadata(self, client: Any) -> Claims:
        metadata = _json(
            client, "discovery", f"{self.settings.issuer}{DISCOVERY}", withhold_token=True
        )
        if metadata.get("issuer") != self.settings.issuer:
            raise _refused(MotifIdentite.INVALIDE, "issuer")
        if not all(self._is_own(metadata.get(name)) for name in _ENDPOINTS):
            raise _refused(MotifIdentite.INVALIDE, "endpoint")
        return metadata

    def _is_own(self, address: object) -> bool:
        """True for an address of the provider itself: no other site is ever called."""
        if not isinstance(address, str):
            return False
        asked, ours = urlsplit(address), urlsplit(self.settings.issuer)
        return (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)

    def _token(
        self, client: Any, metadata: Claims, depart: Depart, code: str, retour: str
    ) -> Claims:
        try:
            token: Claims = client.fetch_token(
                metadata["token_endpoint"],
                code=code,
                grant_type="authorization_code",
                allow_redirects=False,
                redirect_uri=retour,
                **({"code_verifier": depart.verificateur} if depart.verificateur else {}),
            )
        except (requests.RequestException, ValueError) as fault:
            raise _away("token", fault) from None
        except AuthlibBaseError as fault:
            # A code that was used, or is over, is for the person to ask again; the rest is ours.
            is_grant = fault.error == "invalid_grant"
            motif = MotifIdentite.INVALIDE if is_grant else MotifIdentite.INJOIGNABLE
            cause = fault.error if fault.error in OAUTH_ERRORS else "unknown"
            raise _refused(motif, f"token_{cause}") from None
        if not isinstance(token.get("id_token"), str) or not token.get("access_token"):
            raise _refused(MotifIdentite.INVALIDE, "token_without_proof")
        return token

    def _keys(self, client: Any, metadata: Claims) -> KeySet:
        found = _json(client, "jwks", metadata["jwks_uri"], withhold_token=True)
        try:
            return KeySet.import_key_set(found)  # type: ignore[arg-type]  # what is no key raises
        except (JoseError, ValueError, KeyError, TypeError):
            raise _refused(MotifIdentite.INVALIDE, "keys") from None

    def _id_claims(self, token: Claims, keys: KeySet, depart: Depart) -> Claims:
        proof = _decoded(token["id_token"], keys)
        claims = CodeIDToken(
            proof.claims,
            proof.header,
            {
                "iss": {"essential": True, "value": self.settings.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
            },
            {
                "nonce": depart.nonce,
                "client_id": self.settings.client_id,
                "access_token": token["access_token"],
            },
        )
        try:
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, AuthlibBaseError) as fault:
            raise _refused(MotifIdentite.INVALIDE, f"id_token_{fault.error}") from None
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise _refused(MotifIdentite.INVALIDE, "id_token_subject")
        return claims  # type: ignore[no-any-return]  # Authlib is untyped

    def _userinfo(self, client: Any, metadata: Claims, keys: KeySet) -> Claims:
        """Returns what the provider says of the person: signed by ProConnect, plain by others."""
        answer = _answer(client, "userinfo", metadata["userinfo_endpoint"])
        if answer.headers.get("Content-Type", "").partition(";")[0].strip() != "application/jwt":
            return _read_json("userinfo", answer)
        claims: Claims = _decoded(answer.text.strip(), keys).claims
        aud = claims.get("aud", self.settings.client_id)
        is_ours = self.settings.client_id in (aud if isinstance(aud, list) else [aud])
        if not is_ours or claims.get("iss", self.settings.issuer) != self.settings.issuer:
            raise _refused(MotifIdentite.INVALIDE, "userinfo_audience")
        return claims

    def _is_verified(self, info: Claims) -> bool:
        """Tells whether the provider has verified the address; what it does not say is a no.

        ProConnect says it by its rules: it only takes addresses from who has proved that it
        holds their domain (its “prérequis fournisseur d'identité”), and has no such claim.
        """
        said = info.get("email_verified")
        return said is True or (said is None and self.settings.verifies_courriels)


def _answer(client: Any, what: str, address: str, **more: Any) -> requests.Response:
    try:
        answer: requests.Response = client.get(address, allow_redirects=False, **more)
    except (requests.RequestException, AuthlibBaseError) as fault:
        raise _away(what, fault) from None
    if answer.status_code != requests.codes.ok:
        raise _refused(MotifIdentite.INJOIGNABLE, f"{what}_{answer.status_code}")
    return answer


def _json(client: Any, what: str, address: str, **more: Any) -> Claims:
    return _read_json(what, _answer(client, what, address, **more))


def _read_json(what: str, answer: requests.Response) -> Claims:
    try:
        found = answer.json()
    except ValueError as fault:
        raise _away(what, fault) from None
    if not isinstance(found, dict):
        raise _refused(MotifIdentite.INJOIGNABLE, f"{what}_json")
    return found


def _decoded(text: str, keys: KeySet) -> jwt.Token:
    try:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        return jwt.decode(text, keys, registry=registry)
    except (JoseError, ValueError, KeyError, TypeError) as fault:
        raise _refused(MotifIdentite.INVALIDE, type(fault).__name__) from None


def _courriel(said: object) -> str | None:
    try:
        return read_courriel(said) if isinstance(said, str) else None
    except ValidationError:
        return None


def _nom(info: Claims) -> str:
    """Returns the first and last names, as one would type them."""
    parts = (info.get("given_name"), info.get("usual_name") or info.get("family_name"))
    text = " ".join(part for part in parts if isinstance(part, str))
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:MAX_NOM]


def _away(what: str, fault: Exception) -> IdentiteRefusee:
    return _refused(MotifIdentite.INJOIGNABLE, f"{what}_{type(fault).__name__}")


def _refused(motif: MotifIdentite, cause: str) -> IdentiteRefusee:
    """Returns the refusal; the log tells its cause, and nothing of what was answered."""
    log.warning("identite_refusee", motif=motif.value, cause=cause)
    return IdentiteRefusee(motif)
